"""Pulls that go wrong: nothing wrong is stored, the ledger says why, the next read has it all."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from devices.errors import Trouble
from devices.zk_attlog import read_terminal
from domain.access import system
from services import pull_times, pulls, terminals
from services.terminals import NewTerminal
from simulators.zk_faults import Faults
from simulators.zk_terminal import fill
from store import terminal_queries
from store.db import Database
from store.punches import RawRead, Terminal
from tests.cast import build_cast
from tests.services.terminal_room import (
    MORNING,
    contacts,
    count_of,
    now,
    pull,
    row_of,
    simulated,
    stored,
    truth,
)

WITA = ZoneInfo("Asia/Makassar")
TESTER = system("test")
BROKEN = {
    "closed": Faults(cut="fin"),
    "short_read": Faults(short_chunk=40),
    "checksum": Faults(altered=True),
    "shifted_answer": Faults(wrong_reply_number={1504}),
    "not_zk": Faults(babble=True),
    "unexpected_answer": Faults(garbled={50: (2000, b"")}),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_read_stores_nothing_and_the_next_good_one_everything(
    db: Database, code: str
) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        fill(terminal, 300, 20)
        terminal.faults = BROKEN[code]
        outcome = pull(db, cast)
        assert (outcome.ok, outcome.code) == (False, code)
        assert outcome.sentence and len(outcome.sentence.split()) > 4
        assert stored(db, cast.terminal) == []
        row = row_of(db, cast.terminal)
        assert (row.failures, row.locked_by, row.complete_up_to) == (1, None, None)
        terminal.faults = Faults()
        assert pull(db, cast).new == len(truth(terminal))
        assert stored(db, cast.terminal) == truth(terminal)
    assert [contact.ok for contact in contacts(db, cast.terminal)] == [False, True]


def test_a_terminal_that_says_nothing_ends_at_the_deadline(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        terminal.faults = Faults(silent=True)
        started = time.monotonic()
        outcome = pull(sqlite_db, cast, deadline_s=1.0)
        assert time.monotonic() - started < 30
    assert outcome.code in ("deadline", "silent")
    assert row_of(sqlite_db, cast.terminal).locked_by is None


def test_one_caller_at_a_time(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        terminal.punch("101", MORNING)
        inside, go_on = threading.Event(), threading.Event()

        def slow(*address: object, **how: object) -> object:
            inside.set()
            go_on.wait(30)
            return read_terminal(*address, **how)  # type: ignore[arg-type]

        first = threading.Thread(
            target=pulls.pull, args=(sqlite_db, now, slow, cast.terminal), daemon=True
        )
        first.start()
        assert inside.wait(30)
        assert pulls.due_terminals(sqlite_db, now()) == []
        assert pull(sqlite_db, cast).code == "busy"
        go_on.set()
        first.join(30)
        assert pull(sqlite_db, cast).ok


def test_the_lock_of_a_dead_caller_ends_with_its_lease(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    at = now()
    with sqlite_db.begin() as tx:
        assert terminal_queries.lock(tx, cast.terminal, "dead", at, at + timedelta(minutes=8))
    assert pulls.due_terminals(sqlite_db, at) == []
    assert pulls.due_terminals(sqlite_db, at + timedelta(minutes=9)) == [cast.terminal]


def test_a_reader_that_dies_of_something_unforeseen_is_a_line_in_the_ledger(
    sqlite_db: Database,
) -> None:
    cast = build_cast(sqlite_db)

    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError

    outcome = pulls.pull(sqlite_db, now, broken, cast.terminal)  # type: ignore[arg-type]
    assert (outcome.ok, outcome.code) == (False, "unexpected_answer")
    assert row_of(sqlite_db, cast.terminal).locked_by is None


def test_fewer_records_than_held_are_refused_kept_and_confirmed_by_a_person(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        for minute in range(5):
            terminal.punch("101", MORNING + timedelta(minutes=minute))
        pull(db, cast)
        before = row_of(db, cast.terminal).complete_up_to
        terminal.clear()
        terminal.punch("101", MORNING + timedelta(hours=9))
        refused = pull(db, cast)
        assert (refused.ok, refused.code, refused.new) == (False, "count_fell", 0)
        assert count_of(db, RawRead) == 2  # the refused bytes are kept
        terminals.confirm_clear(db, now(), TESTER, "UPT1-A", "dikosongkan teknisi")
        taken = pull(db, cast)
        assert (taken.ok, taken.code, taken.new) == (True, None, 1)
    assert row_of(db, cast.terminal).complete_up_to != before
    assert len(stored(db, cast.terminal)) == 6


def test_a_log_cleared_and_filled_again_is_stored_but_proves_nothing(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        for minute in range(3):
            terminal.punch("101", MORNING + timedelta(minutes=minute))
        pull(db, cast)
        before = row_of(db, cast.terminal).complete_up_to
        terminal.clear()
        for minute in range(8):
            terminal.punch("102", MORNING + timedelta(hours=9, minutes=minute))
        for _ in range(2):
            outcome = pull(db, cast)
            assert (outcome.ok, outcome.code, outcome.complete_up_to) == (
                True,
                "not_contiguous",
                None,
            )
        assert row_of(db, cast.terminal).complete_up_to == before
        assert len(stored(db, cast.terminal)) == 11
        terminals.confirm_clear(db, now(), TESTER, "UPT1-A", "dikosongkan teknisi")
        assert pull(db, cast).complete_up_to is not None


def test_another_terminal_at_the_same_address_is_refused(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    terminals.register(
        sqlite_db, now(), TESTER, NewTerminal("UPT1-B", "UPT1", serial="OTHER001", is_push=True)
    )
    with simulated(sqlite_db, cast.terminal, serial="OTHER001") as terminal:
        terminal.punch("101", MORNING)
        assert pull(sqlite_db, cast).code == "other_terminal"
    assert stored(sqlite_db, cast.terminal) == []


def test_a_clock_of_the_next_century_does_not_break_the_ledger(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        terminal.punch("101", MORNING)
        terminal.set_clock_offset(timedelta(days=366 * 100))
        outcome = pull(db, cast)
    assert outcome.ok
    assert (row_of(db, cast.terminal).clock_offset or 0) > 1_000_000_000


# --- when a terminal is called -----------------------------------------------------------------


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=WITA).astimezone(UTC)


def waits(moment: datetime, ids: range = range(1, 161)) -> list[float]:
    """Minutes to the next call of 160 terminals."""
    return [
        (pull_times.after_success(each, moment, WITA) - moment).total_seconds() / 60 for each in ids
    ]


def test_terminals_are_called_often_when_people_come_and_go_and_spread_out() -> None:
    busy, quiet = waits(at(7, 15)), waits(at(10))
    assert 8 <= min(busy) <= max(busy) <= 12
    assert 48 <= min(quiet) <= max(quiet) <= 72
    assert len({round(wait, 1) for wait in busy}) > 20  # not in step


def test_the_opening_hour_is_not_slept_over() -> None:
    assert max(waits(at(5, 30))) <= 40 + 10


def test_a_failing_terminal_is_called_less_and_less_but_at_least_each_half_hour() -> None:
    gaps = [
        (pull_times.after_failure(1, at(7), failures, Trouble.CLOSED) - at(7)).total_seconds() / 60
        for failures in range(1, 12)
    ]
    assert gaps[0] < 2
    assert gaps[-1] <= 36
    assert gaps[3] > gaps[1]


def test_everything_is_read_once_a_night_and_after_a_missed_one() -> None:
    night = at(1)
    assert pull_times.wants_full_read(at(13) - timedelta(days=1), night, WITA)
    assert not pull_times.wants_full_read(night, night + timedelta(minutes=10), WITA)
    assert not pull_times.wants_full_read(at(1), at(10), WITA)
    assert pull_times.wants_full_read(at(10) - timedelta(hours=37), at(10), WITA)
    assert pull_times.wants_full_read(None, at(10), WITA)


def test_what_was_due_during_an_outage_of_ours_is_due_at_once_and_once(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with sqlite_db.begin() as tx:
        tx.get_one(Terminal, cast.terminal).next_pull_at = at(7) - timedelta(hours=5)
    assert pulls.due_terminals(sqlite_db, at(7)) == [cast.terminal]
