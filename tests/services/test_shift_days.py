"""What a change of the shift roster does to days: those beside it too, and none that is to come."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from domain.access import Actor
from services import days
from services.roster import swaps
from services.roster.shifts import publish, set_letter
from store import invariants
from store.days import AttendanceDay
from store.db import Database
from store.log import Install
from tests.services.day_world import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, World, after, at

NOBODY = Actor("account", 1)
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def world(sqlite_db: Database) -> World:
    """The cast's office with the letters P, S and M; Thursday morning."""
    world = World(sqlite_db)
    world.now = after(WEDNESDAY)
    with sqlite_db.begin() as tx:
        tx.get_one(Install, 1).first_day = MONDAY
    for letter, starts, ends in (("P", 7, 14), ("S", 14, 21), ("M", 21, 7)):
        set_letter(
            sqlite_db,
            world.now,
            NOBODY,
            world.cast.unit,
            letter,
            time(starts),
            time(ends),
            NOVEMBER,
        )
    return world


def roster(world: World, month: date = NOVEMBER, **letters: dict[date, str]) -> None:
    grid = {getattr(world.cast, who): row for who, row in letters.items()}
    assert not publish(world.db, world.now, NOBODY, world.cast.unit, month, grid).bad


def test_a_night_taken_out_gives_its_morning_scan_to_the_next_date(world: World) -> None:
    """Wednesday's own letter does not change, yet what belongs to it does."""
    roster(world, budi={TUESDAY: "M", WEDNESDAY: "L"})
    world.scan("budi", TUESDAY, "20:50")
    world.scan("budi", WEDNESDAY, "07:05")
    world.derive()
    night_out, morning = world.stored("budi", TUESDAY), world.stored("budi", WEDNESDAY)
    assert night_out.last_out == at(WEDNESDAY, "07:05") and morning.first_in is None
    roster(world, budi={TUESDAY: "L", WEDNESDAY: "L"})
    world.derive()
    assert world.stored("budi", WEDNESDAY).first_in == at(WEDNESDAY, "07:05")


def test_a_shift_put_in_takes_a_scan_back_from_the_evening_before(world: World) -> None:
    """Tuesday's own letter does not change: its window ends earlier before a morning shift."""
    roster(world, budi={TUESDAY: "S", WEDNESDAY: "L"})
    world.scan("budi", TUESDAY, "13:50")
    world.scan("budi", WEDNESDAY, "04:00")
    world.derive()
    assert world.stored("budi", TUESDAY).last_out == at(WEDNESDAY, "04:00")
    roster(world, budi={TUESDAY: "S", WEDNESDAY: "P"})
    world.derive()
    assert world.stored("budi", TUESDAY).last_out is None
    assert world.stored("budi", WEDNESDAY).first_in == at(WEDNESDAY, "04:00")


def test_a_swap_moves_the_days_beside_it_too(world: World) -> None:
    roster(world, budi={TUESDAY: "M", WEDNESDAY: "L"}, sri={TUESDAY: "L", WEDNESDAY: "L"})
    world.scan("budi", TUESDAY, "20:50")
    world.scan("budi", WEDNESDAY, "07:05")
    world.derive()
    dewi, rahmat = world.cast.viewer("dewi"), world.cast.viewer("rahmat")
    swap = swaps.propose(
        world.db, world.now, dewi, world.cast.unit, world.cast.budi, world.cast.sri, [TUESDAY],
        "tukar jaga",
    )  # fmt: skip
    swaps.confirm(world.db, world.now, rahmat, swap)
    world.derive()
    assert world.stored("budi", WEDNESDAY).first_in == at(WEDNESDAY, "07:05")


def test_a_letter_with_other_hours_moves_the_days_beside_it_too(world: World) -> None:
    roster(world, budi={TUESDAY: "S", WEDNESDAY: "P"})
    world.scan("budi", TUESDAY, "13:50")
    world.scan("budi", WEDNESDAY, "04:00")
    world.derive()
    assert world.stored("budi", TUESDAY).last_out is None
    set_letter(world.db, world.now, NOBODY, world.cast.unit, "P", time(12), time(19), WEDNESDAY)
    world.derive()
    assert world.stored("budi", TUESDAY).last_out == at(WEDNESDAY, "04:00")


def test_a_month_published_ahead_makes_no_day_before_its_time(world: World) -> None:
    days.mark_passing_time(world.db, world.now)
    world.derive()
    ahead = [THURSDAY + timedelta(days=n) for n in range(5)]
    december = [date(2026, 12, 1) + timedelta(days=n) for n in range(31)]
    roster(world, budi={day: "P" for day in ahead if day.month == 11})
    roster(world, december[0], budi=dict.fromkeys(december, "P"))
    world.derive()
    with world.db.read() as session:
        assert session.scalar(select(func.max(AttendanceDay.day))) == THURSDAY
    days.mark_passing_time(world.db, at(FRIDAY, "00:30"))
    world.derive(at(FRIDAY, "00:30"))
    friday = world.stored("budi", FRIDAY)
    assert friday.reasons == ["not_due"] and friday.next_look_at == at(FRIDAY, "08:30")
    with world.db.read() as session:
        assert invariants.days_missing(session, world.now, FRIDAY) == []


def test_a_scan_in_the_evening_makes_no_day_of_tomorrow_but_counts_when_it_begins(
    world: World,
) -> None:
    """The night nurse comes before midnight for a shift that begins at midnight."""
    set_letter(world.db, world.now, NOBODY, world.cast.unit, "N", time(0), time(7), NOVEMBER)
    roster(world, budi={THURSDAY: "L", FRIDAY: "N"})
    world.now = at(THURSDAY, "22:00")
    world.scan("budi", THURSDAY, "21:50")
    world.derive()
    with world.db.read() as session:
        assert session.scalar(select(func.max(AttendanceDay.day))) == THURSDAY
    days.mark_passing_time(world.db, at(FRIDAY, "00:10"))
    world.derive(at(FRIDAY, "00:10"))
    assert world.stored("budi", FRIDAY).first_in == at(THURSDAY, "21:50")


def test_a_day_that_stands_already_follows_its_roster_even_before_it_begins(world: World) -> None:
    roster(world, budi={FRIDAY: "P"})
    days.rebuild(world.db, world.now, FRIDAY, FRIDAY)
    assert world.stored("budi", FRIDAY).status == "awaiting_data"
    roster(world, budi={FRIDAY: "L"})
    world.derive()
    assert world.stored("budi", FRIDAY).status == "day_off"
