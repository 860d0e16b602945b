"""Pulling a terminal over a socket: once each, given to people, with a ledger of what is proven."""

from __future__ import annotations

from datetime import timedelta

from services import punches
from store import day_queries
from store.db import Database
from store.punches import Punch, RawRead
from tests.cast import build_cast
from tests.services.terminal_room import (
    MORNING,
    contacts,
    count_of,
    dirty_days,
    forget_dirty_days,
    now,
    pull,
    row_of,
    simulated,
    stored,
    truth,
)


def test_a_pull_stores_every_record_once_and_a_second_pull_changes_nothing(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        for minute in range(50):
            terminal.punch("101", MORNING + timedelta(minutes=minute))
        first = pull(db, cast)
        assert (first.ok, first.new, first.read, first.full) == (True, 50, 50, True)
        forget_dirty_days(db)
        second = pull(db, cast)
        assert (second.ok, second.new, second.full) == (True, 0, False)
        assert stored(db, cast.terminal) == truth(terminal)
        assert dirty_days(db) == set()


def test_a_new_finger_is_found_by_the_tail_and_marks_its_days(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        terminal.punch("101", MORNING)
        pull(db, cast)
        forget_dirty_days(db)
        terminal.punch("102", MORNING.replace(hour=16, minute=5))
        terminal.punch("999", MORNING.replace(hour=16, minute=6))
        outcome = pull(db, cast)
        assert (outcome.new, outcome.full) == (2, False)
    assert dirty_days(db) == {(cast.sri, "2026-11-20"), (cast.sri, "2026-11-21")}


def test_a_morning_finger_may_end_the_shift_of_the_night_before(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        terminal.punch("101", MORNING)
        pull(db, cast)
    assert dirty_days(db) == {(cast.budi, "2026-11-19"), (cast.budi, "2026-11-20")}


def test_a_day_under_derivation_while_a_terminal_is_read_is_derived_again(db: Database) -> None:
    """Its facts were fetched before the read, and it is not written yet: once it stayed so."""
    cast = build_cast(db)
    today = now().date()
    with db.begin() as tx:
        day_queries.mark_dirty(tx, [(cast.dewi, today)], "new_day", now())
    with db.begin() as tx:
        claimed = day_queries.claim(tx, now(), now() + timedelta(minutes=3), 10)
    with simulated(db, cast.terminal) as terminal:
        terminal.punch("101", MORNING)
        pull(db, cast)
    with db.begin() as tx:
        day_queries.finish(tx, claimed)
    assert (cast.dewi, today.isoformat()) in dirty_days(db)


def test_the_instant_is_the_local_time_in_the_units_zone(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        terminal.punch("101", MORNING, status=15, punch_key=1)
        pull(sqlite_db, cast)
    with sqlite_db.read() as session:
        (punch,) = session.query(Punch).all()
    assert punch.at.isoformat() == "2026-11-19T23:21:05+00:00"  # 07:21:05 WITA
    assert (punch.local, punch.status, punch.punch) == ("2026-11-20 07:21:05", 15, 1)
    assert (punch.employee_id, punch.source, punch.doubtful) == (cast.budi, "pull", None)


def test_a_good_read_proves_everything_up_to_its_start(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal, serial="BLJ001") as terminal:
        terminal.punch("101", MORNING)
        began = now()
        outcome = pull(sqlite_db, cast)
        row = row_of(sqlite_db, cast.terminal)
    assert row.complete_up_to is not None
    assert outcome.complete_up_to == row.complete_up_to
    assert began - timedelta(seconds=2) <= row.complete_up_to <= now()
    assert (row.serial, row.layout, row.records_on_device) == ("BLJ001", "40", 1)
    assert (row.record_capacity, row.firmware) == (100_000, "Ver 6.60 Apr 28 2017")
    assert row.last_full_read_at is not None
    assert row.locked_by is None
    (contact,) = contacts(sqlite_db, cast.terminal)
    assert (contact.ok, contact.source, contact.new_punches) == (True, "pull", 1)
    assert contact.complete_up_to == row.complete_up_to


def test_a_crash_between_the_bytes_and_their_parsing_loses_nothing(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        terminal.punch("101", MORNING)
        pull(db, cast)
        body = b"101\t2026-11-20 16:01:02\t255\t1\t0\t0\t0\n"
        punches.keep(db, cast.terminal, "push", body, received_at=now(), layout="attlog")
        assert punches.parse_waiting(db, now()) == 0  # its keeper may still be at it
        assert punches.parse_waiting(db, now() + timedelta(minutes=1)) == 1
        assert punches.parse_waiting(db, now() + timedelta(minutes=1)) == 0
    assert ("101", "2026-11-20 16:01:02") in stored(db, cast.terminal)
    assert count_of(db, RawRead) == 2
