"""The doctor finds nothing in a healthy house, and names each thing that was broken on purpose."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from domain.cases import CaseKind, CaseStatus
from domain.days import DayStatus
from domain.messages import MessageClass, OutState
from domain.people import Capacity
from services import days, doctor, outbox
from store.cases import Case, CodePurpose, ReplyCode
from store.closings import MonthClosing
from store.days import AttendanceDay, DirtyDay
from store.db import Database, Transaction
from store.log import Install, LogEntry
from store.messages import InboundSms, Notice
from store.people import Assignment, PostHolder
from store.punches import RawRead, Terminal, TerminalId
from tests.servers import PYTHON
from tests.services.day_world import MONDAY, TUESDAY, WEDNESDAY, World, at

NOW = at(WEDNESDAY, "10:00")
TWO_HOURS, A_DAY = timedelta(hours=2), timedelta(days=1)


@pytest.fixture
def house(db: Database) -> World:
    """Three days with everything derived: presence, absence, leave."""
    world = World(db)
    world.now = NOW
    world.read_up_to(NOW)
    with db.begin() as tx:
        tx.get_one(Install, 1).first_day = MONDAY
    world.scan("budi", MONDAY, "07:20", "16:05")
    world.case("budi", CaseKind.ANNUAL, TUESDAY)
    days.merge(db, lambda: NOW, MONDAY, WEDNESDAY)
    return world


def broken(world: World) -> dict[str, list[str]]:
    found = doctor.examine(world.db, NOW)
    return {finding.invariant: finding.breaches for finding in found if finding.breaches}


def test_a_healthy_house_has_no_finding(house: World) -> None:
    assert house.stored("sri", TUESDAY).status == "absent"
    assert broken(house) == {}


Harm = Callable[[Transaction, World], object]


def _absent(tx: Transaction, world: World) -> None:
    tx.execute(
        update(AttendanceDay)
        .where(AttendanceDay.employee_id == world.cast.budi, AttendanceDay.day == MONDAY)
        .values(status=DayStatus.ABSENT)
    )


def _second_day_of_work(tx: Transaction, world: World) -> None:
    tx.add(Assignment(employee_id=world.cast.budi, unit_id=world.cast.province, first_day=TUESDAY))


def _second_head(tx: Transaction, world: World) -> None:
    held = tx.query(PostHolder).filter_by(employee_id=world.cast.sri).one()
    tx.add(
        PostHolder(
            post_id=held.post_id, employee_id=world.cast.dewi, capacity=Capacity.DEFINITIVE,
            first_day=MONDAY,
        )
    )  # fmt: skip


def _inbound(**more: object) -> InboundSms:
    return InboundSms(
        route="sim:1", sender="+62811", text="x", sent_at=NOW - A_DAY, received_at=NOW - A_DAY,
        **more,
    )  # fmt: skip


def _outbound(tx: Transaction, world: World, state: OutState, **more: object) -> None:
    message = outbox.queue(tx, NOW - A_DAY, MessageClass.OUTCOME, "x", employee_id=world.cast.budi)
    assert message is not None
    message.state = state
    for name, value in more.items():
        setattr(message, name, value)


def _wrong_alert(tx: Transaction, world: World) -> None:
    tx.add(
        Notice(
            kind=MessageClass.ABSENCE_ALERT, employee_id=world.cast.budi, day=MONDAY,
            recipient_id=world.cast.sri, raised_at=NOW - TWO_HOURS, said="absent",
        )
    )  # fmt: skip
    tx.execute(update(AttendanceDay).values(as_of=NOW - TWO_HOURS))


def _own_case(tx: Transaction, world: World) -> None:
    tx.execute(update(Case).values(decided_by=f"employee:{world.cast.budi}"))


def _code(tx: Transaction, world: World) -> None:
    case = tx.query(Case).filter_by(status=CaseStatus.CONFIRMED).one()
    tx.add(
        ReplyCode(
            employee_id=world.cast.sri, code="27", case_id=case.id, purpose=CodePurpose.DECIDE,
            opened_at=NOW,
        )
    )  # fmt: skip


def _log(tx: Transaction, position: int | None) -> None:
    tx.add(
        LogEntry(
            at=NOW, actor="system:test", action="x", subject="x", subject_id="1", data={},
            seal="s", seal_position=position,
        )
    )  # fmt: skip


def _moved_punch(tx: Transaction, world: World) -> None:
    tx.execute(text("UPDATE punch SET local_date = '2026-11-20' WHERE local LIKE '% 07:20:00'"))


HARMS: dict[str, tuple[Harm, str, str]] = {
    "a lost day": (
        lambda tx, w: tx.query(AttendanceDay).filter_by(day=TUESDAY).delete(),
        "one day for each employee and date",
        "Budi Santoso has no day on 2026-11-24",
    ),
    "a false absence": (
        _absent,
        "no absence without proof",
        "Budi Santoso, 2026-11-23: is present (the facts say so)",
    ),
    "an absence nobody proves any more": (
        lambda tx, w: tx.execute(update(Terminal).values(complete_up_to=None)),
        "no absence without proof",
        "not_read_to_the_end",
    ),
    "a day of nobody": (
        lambda tx, w: tx.execute(
            update(Assignment)
            .where(Assignment.employee_id == w.cast.budi)
            .values(last_day=MONDAY)
        ),
        "no day without service",
        "Budi Santoso was not in service on 2026-11-24",
    ),
    "a person nowhere": (
        lambda tx, w: tx.query(Assignment).filter_by(employee_id=w.cast.dewi).delete(),
        "everybody works somewhere",
        "Dewi Lestari is in service and in no unit today",
    ),
    "an old dirty day": (
        lambda tx, w: tx.add(
            DirtyDay(
                employee_id=w.cast.budi, day=MONDAY, reason="x", marked_at=NOW - A_DAY,
                claimed_until=NOW - TWO_HOURS,
            )
        ),
        "no day left dirty",
        "1 days have waited to be derived since 2026-11-24 02:00",
    ),
    "two units at once": (_second_day_of_work, "no overlapping assignments", "Budi Santoso"),
    "two holders": (_second_head, "no overlapping holders of a post", "supervisor:sri"),
    "two owners of an ID": (
        lambda tx, w: tx.add(
            TerminalId(
                terminal_id=w.cast.terminal, pin="101", employee_id=w.cast.sri, first_day=MONDAY
            )
        ),
        "no ID with two owners",
        "terminal UPT1-A: ID 101 belongs to two people at once",
    ),
    "a judge in the own case": (_own_case, "nobody decides their own case", "case 1"),
    "a code of a closed case": (_code, "codes ask about open cases", "code 27"),
    "a message nobody answered": (
        lambda tx, w: tx.add(_inbound()), "no message in left waiting", "over an hour",
    ),
    "a message without an outcome": (
        lambda tx, w: tx.add(_inbound(processed_at=NOW)),
        "no message in left waiting",
        "without an outcome",
    ),
    "a dead sender": (
        lambda tx, w: _outbound(tx, w, OutState.SUBMITTING, claimed_until=NOW - TWO_HOURS),
        "no message out left behind",
        "dead sender",
    ),
    "sent, but when?": (
        lambda tx, w: _outbound(tx, w, OutState.SENT), "no message out left behind", "knows when",
    ),
    "outlived": (
        lambda tx, w: _outbound(tx, w, OutState.QUEUED, dies_at=NOW - TWO_HOURS),
        "no message out left behind",
        "should have died",
    ),
    "a wrong word": (_wrong_alert, "no wrong word uncorrected", "was not absent on 2026-11-23"),
    "an unread read": (
        lambda tx, w: tx.add(
            RawRead(
                terminal_id=w.cast.terminal, source="pull", layout="40", received_at=NOW - A_DAY,
                sha256="0", payload=b"",
            )
        ),
        "no read left unparsed",
        "never taken in",
    ),
    "a moved punch": (_moved_punch, "punches under their own date", "2026-11-23 07:20:00"),
    "the future": (
        lambda tx, w: tx.execute(update(Terminal).values(complete_up_to=NOW + A_DAY)),
        "no terminal ahead of time",
        "UPT1-A",
    ),
    "a gap in the seals": (
        lambda tx, w: (_log(tx, 1), _log(tx, 3)), "seals in order", "from 1 to 3",
    ),
    "a seal without a place": (lambda tx, w: _log(tx, None), "seals in order", "without a place"),
    "an empty closing": (
        lambda tx, w: tx.add(MonthClosing(unit_id=w.cast.unit, month="2026-10", closed_at=NOW)),
        "closings whole and by two",
        "holds no day",
    ),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_each_harm_is_named(house: World, harm: str) -> None:
    do, invariant, words = HARMS[harm]
    with house.db.begin() as tx:
        do(tx, house)
    found = broken(house)
    assert invariant in found, found
    assert any(words in breach for breach in found[invariant]), found[invariant]


def test_the_command_ends_with_one_when_something_is_broken(
    db: Database, database_url: str
) -> None:
    environ = {"HADIR_MODE": "training", "DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"}

    def examine() -> subprocess.CompletedProcess[str]:
        command = [PYTHON, "-m", "flask", "--app", "wsgi", "doctor"]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300)

    healthy = examine()
    assert healthy.returncode == 0, healthy.stdout + healthy.stderr
    assert healthy.stdout.splitlines()[-1] == "19 of 19 invariants hold."
    with db.begin() as tx:
        tx.add(_inbound(processed_at=NOW))
    sick = examine()
    assert sick.returncode == 1
    assert "BROKEN (1)     no message in left waiting" in sick.stdout
