"""Whatever order facts come in, and however often days are derived in between, the days are those
that a rebuild makes of the same facts at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from sqlalchemy import select

from domain.cases import CaseKind, CaseStatus, HalfDay
from services import days, pins, pulls
from store import day_queries, day_writing
from store.calendars import CalendarEntry, CalendarKind
from store.days import AttendanceDay
from store.db import Database
from store.log import Install
from store.punches import Terminal, TerminalContact
from tests.cast import BUDI_PHONE
from tests.services.day_world import (
    FRIDAY,
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    World,
    after,
    at,
)
from tests.services.test_day_cases import on_shift, text

ONE_DAY = timedelta(days=1)
Fact = Callable[[World], object]
COLUMNS = [name for name in day_writing.COMPARED if name != "next_look_at"]


def holiday(world: World) -> None:
    with world.db.begin() as tx:
        tx.add(
            CalendarEntry(
                kind=CalendarKind.HOLIDAY, first_day=WEDNESDAY, last_day=WEDNESDAY,
                unit_id=world.cast.province, name="Libur", source="uji", known_at=world.now,
            )
        )  # fmt: skip
        tx.flush()
        day_queries.mark_unit_dirty(
            tx, [world.cast.unit], WEDNESDAY, WEDNESDAY, "calendar", world.now
        )


def read(world: World, *, offset: int = 0) -> None:
    """The terminal is read to its end now, by the door that pulls."""
    with world.db.begin() as tx:
        terminal = tx.get_one(Terminal, world.cast.terminal)
        terminal.clock_offset = offset
        tx.add(
            TerminalContact(
                terminal_id=terminal.id, at=world.now, source="pull", ok=True,
                clock_offset=offset, complete_up_to=world.now,
            )
        )  # fmt: skip
        tx.flush()
        pulls.advance(tx, terminal, world.now, world.now)


def map_999(world: World) -> None:
    bkd = world.cast.viewer("yusuf").actor
    pins.map_id(world.db, world.now, bkd, "UPT1-A", "999", "198002022005022002")


def leave(world: World) -> None:
    case_id = world.case("budi", CaseKind.ANNUAL, TUESDAY, WEDNESDAY, status=CaseStatus.OPEN)
    world.derive()
    world.decide(case_id, CaseStatus.CONFIRMED)


FACTS: dict[str, Fact] = {
    "monday": lambda w: w.scan("budi", MONDAY, "07:20", "16:05"),
    "late tuesday": lambda w: w.scan("budi", TUESDAY, "09:40", "16:05"),
    "only in": lambda w: w.scan("sri", WEDNESDAY, "07:20", key=255),
    "everybody thursday": lambda w: [
        w.scan(who, THURSDAY, "07:20", "16:05") for who in ("budi", "sri", "rahmat", "dewi")
    ],
    "unknown": lambda w: w.stick(w.cast.terminal, ("999", TUESDAY, "07:31", 0)),
    "stamp of 2030": lambda w: w.stick(w.cast.terminal, ("102", date(2030, 1, 1), "07:31", 0)),
    "mapped": map_999,
    "leave": leave,
    "half a day": lambda w: w.case(
        "sri", CaseKind.PERMISSION, THURSDAY, start_half=HalfDay.PM, end_half=HalfDay.PM
    ),
    "holiday": holiday,
    "sms": lambda w: text(w, BUDI_PHONE, "SAKIT HARI INI", at(THURSDAY, "07:00")),
    "noise": lambda w: text(w, BUDI_PHONE, "xyzzy blorb", at(FRIDAY, "07:00")),
    "read": read,
    "wrong clock": lambda w: read(w, offset=900),
    "read again": read,
    "nights": lambda w: (
        on_shift(w, "dewi", {MONDAY: "M", TUESDAY: "L", THURSDAY: "M"}),
        w.touch("dewi", MONDAY - ONE_DAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY),
    ),
    "night scans": lambda w: (
        w.scan("dewi", MONDAY, "20:55"),
        w.scan("dewi", TUESDAY, "07:02"),
    ),
}


def told(world: World) -> dict[tuple[int, date], dict[str, object]]:
    with world.db.read() as session:
        rows = session.scalars(
            select(AttendanceDay).where(AttendanceDay.day.between(MONDAY, FRIDAY))
        )
        return {
            (row.employee_id, row.day): {name: getattr(row, name) for name in COLUMNS}
            for row in rows
        }


@pytest.mark.parametrize("seed", range(24))
def test_any_order_of_facts_gives_the_days_of_a_rebuild(
    sqlite_template: Path, tmp_path: Path, seed: int
) -> None:
    dice = Random(seed)
    order = dice.sample(sorted(FACTS), dice.randint(6, len(FACTS)))
    path = tmp_path / "hadir.db"
    path.write_bytes(sqlite_template.read_bytes())
    world = World(Database(f"sqlite:///{path}"))
    world.read_up_to(at(MONDAY, "06:00"))
    with world.db.begin() as tx:
        tx.get_one(Install, 1).first_day = MONDAY
    world.now = after(THURSDAY)
    for name in order:
        world.now += timedelta(hours=3)
        FACTS[name](world)
        if dice.random() < 0.4:
            days.mark_passing_time(world.db, world.now)
            world.derive()
    world.now += timedelta(days=2)
    days.merge(world.db, lambda: world.now, MONDAY, FRIDAY)
    by_facts = told(world)
    days.rebuild(world.db, world.now, MONDAY, FRIDAY)
    assert by_facts == told(world), order
    assert len(by_facts) == 5 * 5
    world.db.engine.dispose()


def test_only_dirty_days_are_derived(db: Database) -> None:
    world = World(db)
    world.now = after(FRIDAY)
    days.merge(db, lambda: world.now, MONDAY, FRIDAY)
    world.now += timedelta(minutes=1)
    world.scan("budi", TUESDAY, "16:05")
    assert world.derive() == 2  # the next day too: a night shift may begin with it
    with db.read() as session:
        newest = session.scalars(
            select(AttendanceDay).where(AttendanceDay.as_of == world.now)
        ).all()
    assert [(row.employee_id, row.day) for row in newest] == [(world.cast.budi, TUESDAY)]


def backlog(world: World) -> list[tuple[int, date]]:
    """Sixty dates of five people, all dirty."""
    world.now = after(FRIDAY)
    span = [MONDAY - timedelta(days=n) for n in range(60)]
    pairs = [(person, day) for person in range(1, 6) for day in span]
    with world.db.begin() as tx:
        day_queries.mark_dirty(tx, pairs, "test", world.now)
    return pairs


@pytest.mark.parametrize("workers", [4])
@pytest.mark.parametrize("batch", [days.BATCH, 40])
def test_workers_side_by_side_do_each_day_once(
    db: Database, workers: int, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "BATCH", batch)
    world = World(db)
    pairs = backlog(world)
    done: list[int] = []
    threads = [
        Thread(target=lambda: done.append(days.derive_dirty(db, lambda: world.now)))
        for _ in range(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sum(done) == len(pairs)
    with db.read() as session:
        assert not day_queries.anything_dirty(session, world.now)
        assert len(session.scalars(select(AttendanceDay)).all()) == len(pairs)


def test_a_worker_that_ends_between_batches_keeps_what_it_derived_and_loses_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch that was claimed ahead waits for the lease to end, as those of a killed worker."""
    monkeypatch.setattr(days, "BATCH", 40)
    world = World(db)
    pairs = backlog(world)
    ticks = iter([world.now, world.now])  # two batches are claimed, then the clock is gone
    with pytest.raises(StopIteration):
        days.derive_dirty(db, lambda: next(ticks))
    assert world.derive() == len(pairs) - 2 * 40
    assert world.derive(world.now + days.LEASE + timedelta(seconds=1)) == 40
    with db.read() as session:
        assert len(session.scalars(select(AttendanceDay)).all()) == len(pairs)


def test_a_limit_is_kept_over_several_batches(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "BATCH", 40)
    world = World(db)
    pairs = backlog(world)
    assert days.derive_dirty(db, lambda: world.now, limit=100) == 100
    assert world.derive() == len(pairs) - 100


def test_many_rows_reach_the_table_in_several_statements(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_writing, "ROWS_AT_ONCE", 7)
    world = World(db)
    pairs = backlog(world)
    assert world.derive() == len(pairs)
    with db.read() as session:
        stored = session.execute(select(AttendanceDay.employee_id, AttendanceDay.day)).all()
    assert sorted((row[0], row[1]) for row in stored) == sorted(pairs)
