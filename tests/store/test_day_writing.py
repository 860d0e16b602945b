"""Writing days in sets: what says the same stays as it is, what changed is written once."""

from __future__ import annotations

from datetime import timedelta

from domain.days import derive
from services import days
from store import day_writing
from store.day_facts import FactBook
from store.day_writing import DayRow, RowMaker
from store.db import Database
from tests.services.day_world import MONDAY, TUESDAY, World, after, at


def row_of(world: World, who: str, later: timedelta = timedelta()) -> DayRow:
    employee, as_of = world.cast.__dict__[who], after(TUESDAY) + later
    with world.db.read() as session:
        book = FactBook(session, [(employee, TUESDAY)])
        day = derive(book.facts(employee, TUESDAY), as_of)
    return RowMaker(world.db, as_of).row(day, world.cast.unit, next_look_at=None, notices_at=None)


def test_a_day_that_says_the_same_again_is_left_alone(db: Database) -> None:
    world = World(db)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    first, again = (row_of(world, "budi", timedelta(hours=n)) for n in (0, 1))
    with db.begin() as tx:
        assert day_writing.write_days(tx, [first]) == 1
    with db.begin() as tx:
        assert day_writing.write_days(tx, [again]) == 0
    stored = world.stored("budi", TUESDAY)
    assert stored.as_of == after(TUESDAY), "when it was first said"
    assert [each["code"] for each in stored.why] == ["pattern", "hours", "scan", "scan"]


def test_instants_are_kept_to_the_microsecond_and_shown_with_their_offset(db: Database) -> None:
    world = World(db)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    late = timedelta(microseconds=70)
    with db.begin() as tx:
        day_writing.write_days(tx, [row_of(world, "budi", late)])
    stored = world.stored("budi", TUESDAY)
    assert stored.as_of == after(TUESDAY) + late
    assert stored.first_in == at(TUESDAY, "07:20")
    shown = [each["at"] for each in stored.why if each["code"] == "scan"]
    assert shown == [at(TUESDAY, clock).isoformat() for clock in ("07:20", "16:05")]


def test_only_the_days_that_changed_are_counted(db: Database) -> None:
    world = World(db)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    rows = [row_of(world, "budi"), row_of(world, "sri")]
    with db.begin() as tx:
        assert day_writing.write_days(tx, rows) == 2
    world.scan("sri", TUESDAY, "07:25", "16:02")
    with db.begin() as tx:
        assert day_writing.write_days(tx, [rows[0], row_of(world, "sri")]) == 1
    assert world.stored("sri", TUESDAY).status == "present"
    assert world.stored("sri", TUESDAY).first_in is not None


def test_people_who_are_alike_get_days_of_their_own(db: Database) -> None:
    """The frame of a date is shared; scans, cases and a person's own changes are not."""
    world = World(db)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    world.scan("sri", TUESDAY, "08:10", "16:05")
    days.rebuild(db, after(TUESDAY), MONDAY, TUESDAY)
    assert world.stored("budi", TUESDAY).late_minutes == 0
    assert world.stored("sri", TUESDAY).late_minutes == 40
    assert world.stored("rahmat", TUESDAY).first_in is None
