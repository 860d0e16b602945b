"""What keeps everybody at a terminal waiting ends by a person's act: outsiders, useless records."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from services import pins, punches, replacement, unresolved
from services.terminals import NewTerminal, TerminalProblem
from store import unresolved_queries
from store.db import Database
from store.log import LogEntry
from store.punches import Punch, QuarantinedRow
from tests.services.day_world import MONDAY, TUESDAY, World, after

SRI_NIP = "198002022005022002"


@pytest.fixture
def world(db: Database) -> World:
    """Tuesday is over; the guard laid down a finger that nobody is known by."""
    world = World(db)
    world.stick(world.cast.terminal, ("999", TUESDAY, "07:31", 0))
    return world


def name_the_guard(world: World, who: str = "yusuf", why: str = "satpam") -> int:
    return unresolved.name_outsider(
        world.db, world.now, world.cast.viewer(who), "UPT1-A", "999", why
    )


def waiting_ids(world: World) -> list[str]:
    with world.db.read() as session:
        return [each.pin for each in unresolved_queries.unknown_ids(session, world.cast.terminal)]


def test_the_guards_finger_keeps_nobody_waiting_once_it_is_named(world: World) -> None:
    assert world.day("budi", TUESDAY).reasons == ["unresolved_records"]
    assert name_the_guard(world) == 1
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"
    assert waiting_ids(world) == []
    with world.db.read() as session:
        assert session.scalars(select(Punch.pin).where(Punch.pin == "999")).all() == ["999"]
        entry = session.scalars(select(LogEntry).where(LogEntry.action == "outsider_named")).one()
    assert (entry.why, entry.data["pin"]) == ("satpam", "999")


def test_when_it_may_be_an_employees_after_all_everybody_waits_again(world: World) -> None:
    name_the_guard(world)
    assert world.day("budi", TUESDAY).status == "absent"
    unresolved.doubt_outsider(world.db, world.now, world.cast.viewer("yusuf"), "UPT1-A", "999")
    world.derive()
    assert world.stored("budi", TUESDAY).reasons == ["unresolved_records"]
    assert waiting_ids(world) == ["999"]


def test_an_outsiders_id_that_is_given_to_an_employee_is_theirs(world: World) -> None:
    name_the_guard(world)
    bkd = world.cast.viewer("yusuf").actor
    pins.map_id(world.db, world.now, bkd, "UPT1-A", "999", SRI_NIP)
    assert world.day("sri", TUESDAY).first_in is not None
    with world.db.read() as session:
        assert unresolved_queries.outsiders(session, world.cast.terminal) == []


def test_the_successor_of_a_terminal_knows_the_outsiders(world: World) -> None:
    name_the_guard(world)
    bkd = world.cast.viewer("yusuf").actor
    new = replacement.replace(
        world.db, world.now, bkd, "UPT1-A", NewTerminal("UPT1-B", "UPT1", "10.0.0.9"), "banjir"
    )
    with world.db.read() as session:
        assert [each.pin for each in unresolved_queries.outsiders(session, new)] == ["999"]


@pytest.mark.parametrize(
    ("who", "pin", "why", "code"),
    [
        ("rahmat", "999", "satpam", "not_yours"),
        ("yusuf", "999", "  ", "no_reason"),
        ("yusuf", "101", "satpam", "id_known"),  # Budi's own
        ("yusuf", "777", "satpam", "id_known"),  # never seen
    ],
)
def test_only_an_id_that_waits_is_named_by_whom_it_concerns_and_with_a_reason(
    world: World, who: str, pin: str, why: str, code: str
) -> None:
    with pytest.raises(TerminalProblem) as caught:
        unresolved.name_outsider(world.db, world.now, world.cast.viewer(who), "UPT1-A", pin, why)
    assert caught.value.code == code
    assert waiting_ids(world) == ["999"]


# --- records that can be no scan -------------------------------------------------------------


def set_aside(world: World, newest: int, who: str = "yusuf", why: str = "kartu uji") -> int:
    return unresolved.set_aside(
        world.db, world.now, world.cast.viewer(who), "UPT1-A", "impossible_date", newest, why
    )


def newest_row(world: World) -> int:
    with world.db.read() as session:
        (kind,) = unresolved_queries.waiting_rows(session, world.cast.terminal, 5)
    assert kind.reason == "impossible_date"
    return kind.newest


@pytest.fixture
def garbled(db: Database) -> World:
    """Found on Tuesday: a record of the 31st of February, which may be of any day before."""
    world = World(db)
    keep_impossible(world, "101")
    return world


def keep_impossible(world: World, pin: str) -> None:
    kept = punches.keep(
        world.db, world.cast.terminal, punches.USB,
        f"{pin}\t2026-02-31 07:30:00\t1\t0\t1\t0\n".encode(),
        received_at=world.now, layout="text",
    )  # fmt: skip
    punches.take_in(world.db, world.now, kept.raw_read_id)


def test_a_record_of_no_date_keeps_people_waiting_until_it_is_set_aside(garbled: World) -> None:
    world = garbled
    for day in (MONDAY, TUESDAY):
        assert world.day("budi", day, after(TUESDAY)).reasons == ["unresolved_records"]
    assert set_aside(world, newest_row(world)) == 1
    world.derive()
    assert {world.stored("budi", day).status for day in (MONDAY, TUESDAY)} == {"absent"}
    with world.db.read() as session:
        (row,) = session.scalars(select(QuarantinedRow))
        assert row.resolved_by == str(world.cast.viewer("yusuf").actor)
        entry = session.scalars(
            select(LogEntry).where(LogEntry.action == "records_set_aside")
        ).one()
    assert (entry.why, entry.data) == ("kartu uji", {"reason": "impossible_date", "rows": 1})


def test_a_record_that_came_after_the_page_was_shown_still_waits(garbled: World) -> None:
    world = garbled
    seen = newest_row(world)
    world.now += timedelta(minutes=1)
    keep_impossible(world, "102")
    assert set_aside(world, seen) == 1
    assert newest_row(world) > seen


@pytest.mark.parametrize(("who", "why"), [("dewi", "kartu uji"), ("yusuf", " ")])
def test_records_are_set_aside_by_bkd_or_the_technician_and_with_a_reason(
    garbled: World, who: str, why: str
) -> None:
    with pytest.raises(TerminalProblem):
        set_aside(garbled, newest_row(garbled), who, why)
    assert newest_row(garbled)
