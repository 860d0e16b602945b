"""A fault becomes one ticket, tells the technician once, and closes itself or by a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.access import Viewer
from domain.people import Role
from services import conversation, inbox, tickets
from services.terminals import TerminalProblem
from sms.gateway import RawPart
from store.calendars import CalendarEntry, CalendarKind
from store.days import AttendanceDay
from store.db import Database
from store.log import LogEntry
from store.messages import OutboundSms
from store.people import Account
from store.punches import Punch, Terminal, TerminalContact
from store.terminal_care import TerminalTicket
from tests.cast import BUDI_PHONE, Cast, build_cast

TUESDAY = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 10.30 WITA
TECHNICIAN_PHONE = "+628115000001"


@pytest.fixture
def cast(sqlite_db: Database) -> Cast:
    """The cast, with a technician and a terminal that is well."""
    made = build_cast(sqlite_db)
    with sqlite_db.begin() as tx:
        tx.add(
            Account(
                login="tono",
                password_hash="-",
                role=Role.TECHNICIAN,
                phone=TECHNICIAN_PHONE,
                created_at=TUESDAY,
            )
        )
    change(sqlite_db, made, last_contact_at=TUESDAY, clock_offset=2)
    return made


def change(db: Database, cast: Cast, **values: Any) -> None:
    with db.begin() as tx:
        terminal = tx.get_one(Terminal, cast.terminal)
        for name, value in values.items():
            setattr(terminal, name, value)


def contact(db: Database, cast: Cast, code: str | None, at: datetime = TUESDAY) -> None:
    with db.begin() as tx:
        tx.add(
            TerminalContact(
                terminal_id=cast.terminal, at=at, source="pull", ok=code is None, problem_code=code
            )
        )


def open_kinds(db: Database) -> list[str]:
    with db.read() as session:
        query = select(TerminalTicket.kind).where(TerminalTicket.closed_at.is_(None))
        return sorted(session.scalars(query))


def texts_to_the_technician(db: Database) -> list[str]:
    with db.read() as session:
        query = select(OutboundSms.text).where(OutboundSms.number == TECHNICIAN_PHONE)
        return list(session.scalars(query.order_by(OutboundSms.id)))


def scans(db: Database, cast: Cast, day: datetime, count: int) -> None:
    with db.begin() as tx:
        for number in range(count):
            local = f"{day:%Y-%m-%d} 07:{number:02d}:00"
            tx.add(
                Punch(
                    local_date=day.date(),
                    terminal_id=cast.terminal,
                    pin="101",
                    local=local,
                    at=day,
                    status=1,
                    punch=255,
                    source="pull",
                )
            )


def dead_sensor(db: Database, cast: Cast) -> None:
    for weeks in (1, 2, 3):
        scans(db, cast, TUESDAY - timedelta(days=1, weeks=weeks), 20)
    scans(db, cast, TUESDAY - timedelta(days=1), 2)


FAULTS: dict[str, Callable[[Database, Cast], None]] = {
    "silent": lambda db, cast: change(db, cast, last_contact_at=TUESDAY - timedelta(hours=3)),
    "clock": lambda db, cast: change(db, cast, clock_offset=-600),
    "nearly_full": lambda db, cast: change(
        db, cast, records_on_device=80_000, record_capacity=100_000
    ),
    "count_fell": lambda db, cast: contact(db, cast, "count_fell"),
    "two_addresses": lambda db, cast: contact(db, cast, "two_addresses"),
    "dead_sensor": dead_sensor,
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_becomes_one_ticket_and_one_message(
    sqlite_db: Database, cast: Cast, kind: str
) -> None:
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == []
    FAULTS[kind](sqlite_db, cast)
    for minute in range(3):
        tickets.watch(sqlite_db, TUESDAY + timedelta(minutes=minute))
    assert open_kinds(sqlite_db) == [kind]
    (text,) = texts_to_the_technician(sqlite_db)
    assert text.startswith("Mesin absensi: UPT1-A ")
    assert len(text) <= 160


def test_short_reads_are_a_fault_after_the_third(sqlite_db: Database, cast: Cast) -> None:
    contact(sqlite_db, cast, "short_read")
    change(sqlite_db, cast, failures=2)
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == []
    change(sqlite_db, cast, failures=3)
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == ["unreadable"]


def test_nobody_is_woken_at_night_or_on_sunday(sqlite_db: Database, cast: Cast) -> None:
    change(sqlite_db, cast, last_contact_at=TUESDAY - timedelta(days=3))
    for at in (TUESDAY.replace(hour=18), TUESDAY + timedelta(days=5)):
        tickets.watch(sqlite_db, at)
    assert open_kinds(sqlite_db) == []


def test_a_ticket_closes_itself_and_one_that_flaps_is_told_once(
    sqlite_db: Database, cast: Cast
) -> None:
    for hour in range(3):
        change(sqlite_db, cast, clock_offset=600)
        tickets.watch(sqlite_db, TUESDAY + timedelta(hours=hour))
        change(sqlite_db, cast, clock_offset=1, last_contact_at=TUESDAY + timedelta(hours=hour))
        tickets.watch(sqlite_db, TUESDAY + timedelta(hours=hour, minutes=30))
    assert open_kinds(sqlite_db) == []
    assert len(texts_to_the_technician(sqlite_db)) == 1
    with sqlite_db.read() as session:
        actions = list(session.scalars(select(LogEntry.action).order_by(LogEntry.id)))
    assert actions == ["ticket_opened", "ticket_closed"] * 3


def test_many_faults_at_once_are_one_message(sqlite_db: Database, cast: Cast) -> None:
    with sqlite_db.begin() as tx:
        for number in range(40):
            tx.add(
                Terminal(
                    name=f"UPT1-LANTAI-{number}",
                    unit_id=cast.unit,
                    host="127.0.0.1",
                    port=5000 + number,
                    registered_at=TUESDAY - timedelta(days=9),
                )
            )
    tickets.watch(sqlite_db, TUESDAY)
    assert len(open_kinds(sqlite_db)) == 40
    (text,) = texts_to_the_technician(sqlite_db)
    assert "lainnya" in text and len(text) <= 160


def test_a_report_by_a_person_is_closed_by_a_person_only(sqlite_db: Database, cast: Cast) -> None:
    dewi = cast.viewer("dewi")
    tickets.report_on_panel(sqlite_db, TUESDAY, dewi, "UPT1-A", "layar mati")
    tickets.report_on_panel(sqlite_db, TUESDAY, dewi, "UPT1-A", "masih mati")
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == ["reported"]
    assert len(texts_to_the_technician(sqlite_db)) == 1
    with sqlite_db.read() as session:
        ticket_id = session.scalars(select(TerminalTicket.id)).one()
    tono = Viewer(99, Role.TECHNICIAN, None)
    with pytest.raises(TerminalProblem):
        tickets.close(sqlite_db, TUESDAY, tono, ticket_id, " ")
    tickets.close(sqlite_db, TUESDAY, tono, ticket_id, "adaptor diganti")
    assert open_kinds(sqlite_db) == []
    with pytest.raises(TerminalProblem):
        tickets.close(sqlite_db, TUESDAY, tono, ticket_id, "lagi")


def test_an_sms_mesin_rusak_opens_one_ticket_for_the_unit(sqlite_db: Database, cast: Cast) -> None:
    for number in range(2):
        part = RawPart("sim:1", BUDI_PHONE, f"mesin absen rusak {number}", TUESDAY, f"key-{number}")
        inbox.take_in(sqlite_db, TUESDAY, part)
        conversation.answer_waiting(sqlite_db, lambda: TUESDAY)
    tickets.watch(sqlite_db, TUESDAY)
    with sqlite_db.read() as session:
        (ticket,) = session.scalars(select(TerminalTicket))
    assert (ticket.kind, ticket.unit_id) == ("reported", cast.unit)
    assert ticket.data["words"].startswith("mesin absen rusak")
    assert ticket.told_at is not None  # the conversation told the technician
    assert all("melaporkan mesin" in text for text in texts_to_the_technician(sqlite_db))


def test_a_ticket_of_another_unit_cannot_be_closed(sqlite_db: Database, cast: Cast) -> None:
    tickets.report_on_panel(sqlite_db, TUESDAY, cast.viewer("dewi"), "UPT1-A", "layar mati")
    stranger = Viewer(98, Role.OPERATOR, "/1/3/")
    with pytest.raises(TerminalProblem):
        tickets.close(sqlite_db, TUESDAY, stranger, 1, "bukan urusan saya")
    with pytest.raises(TerminalProblem):
        tickets.report_on_panel(sqlite_db, TUESDAY, stranger, "UPT1-A", "x")


def test_a_closed_ticket_whose_fault_stays_opens_again(sqlite_db: Database, cast: Cast) -> None:
    change(sqlite_db, cast, clock_offset=600)
    tickets.watch(sqlite_db, TUESDAY)
    tickets.close(sqlite_db, TUESDAY, Viewer(99, Role.TECHNICIAN, None), 1, "sudah disetel")
    tickets.watch(sqlite_db, TUESDAY + timedelta(minutes=1))
    assert open_kinds(sqlite_db) == ["clock"]


def test_days_that_wait_longer_than_a_working_day_become_a_ticket(
    sqlite_db: Database, cast: Cast
) -> None:
    def waiting(day: datetime) -> AttendanceDay:
        return AttendanceDay(
            day=day.date(),
            employee_id=cast.budi,
            unit_id=cast.unit,
            status="awaiting_data",
            reasons=["not_read_to_the_end"],
            why=[],
            as_of=day,
        )

    with sqlite_db.begin() as tx:
        tx.add(waiting(TUESDAY - timedelta(days=1)))  # Monday: may still come in today
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == []
    with sqlite_db.begin() as tx:
        tx.add(waiting(TUESDAY - timedelta(days=4)))  # Friday
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == ["awaiting_data"]
    with sqlite_db.begin() as tx:
        for day in tx.scalars(select(AttendanceDay)):
            day.status = "present"
    tickets.watch(sqlite_db, TUESDAY + timedelta(minutes=1))
    assert open_kinds(sqlite_db) == []


def test_few_scans_on_a_holiday_are_no_dead_sensor(sqlite_db: Database, cast: Cast) -> None:
    dead_sensor(sqlite_db, cast)
    monday = TUESDAY.date() - timedelta(days=1)
    with sqlite_db.begin() as tx:
        tx.add(
            CalendarEntry(
                kind=CalendarKind.HOLIDAY,
                first_day=monday,
                last_day=monday,
                unit_id=cast.province,
                name="Libur",
                source="SKB",
                known_at=TUESDAY,
            )
        )
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == []


def test_a_terminal_that_lives_by_its_stick_is_not_called_silent(
    sqlite_db: Database, cast: Cast
) -> None:
    change(sqlite_db, cast, host=None, last_contact_at=TUESDAY - timedelta(days=3))
    tickets.watch(sqlite_db, TUESDAY)
    assert open_kinds(sqlite_db) == []
