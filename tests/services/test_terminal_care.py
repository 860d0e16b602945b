"""A terminal's life over a socket: its clock, its successor, the emptying of its log."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from devices import zk_acts
from devices.zk_attlog import read_terminal
from domain.access import Viewer, system
from domain.people import Role
from services import clearing, clocks, imports, pins, replacement, terminals
from services.terminals import NewTerminal, TerminalProblem
from simulators.zk_terminal import ZkTerminal
from store import clock_queries
from store.day_facts import FactBook
from store.db import Database
from store.log import LogEntry
from store.punches import Punch, QuarantinedRow, Terminal, TerminalId
from tests.cast import Cast, build_cast
from tests.push_room import id_of, listening, pushing
from tests.services.terminal_room import (
    MORNING,
    contacts,
    dirty_days,
    forget_dirty_days,
    now,
    pull,
    row_of,
    simulated,
    stored,
)

TONO, TINI = Viewer(91, Role.TECHNICIAN, None), Viewer(92, Role.BKD, None)
TESTER = system("test")


# --- the clock -------------------------------------------------------------------------------


def scans_of(db: Database, cast: Cast, day: date) -> list[tuple[str, str | None]]:
    """What the day's derivation sees of Budi's date: instant and doubt."""
    with db.read() as session:
        facts = FactBook(session, [(cast.budi, day)]).facts(cast.budi, day)
    return [(f"{punch.at:%Y-%m-%d %H:%M}", punch.doubtful) for punch in facts.punches]


def test_scans_of_a_wrong_clock_are_in_doubt_until_people_correct_them(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        terminal.set_clock_offset(timedelta(hours=1))
        terminal.punch("101", MORNING)
        pull(db, cast)
        assert scans_of(db, cast, MORNING.date()) == [("2026-11-19 23:21", "clock")]
        with db.read() as session:
            (doubtful,) = clock_queries.doubtful_days(session, cast.terminal)
        assert (doubtful.punches, doubtful.first) == (1, "2026-11-20 07:21:05")
        forget_dirty_days(db)
        moved = clocks.correct(
            db, now(), TONO, "UPT1-A", "2026-11-20 00:00:00", "2026-11-20 23:59:59", 3600, "NTP"
        )
        assert moved == 1
        assert (cast.budi, "2026-11-20") in dirty_days(db)
        assert scans_of(db, cast, MORNING.date()) == [("2026-11-19 22:21", None)]
        terminal.punch("101", MORNING + timedelta(hours=9))
        pull(db, cast)  # what comes later is of that period, too
        assert ("2026-11-20 07:21", None) in scans_of(db, cast, MORNING.date())
    with db.read() as session:
        entry = session.scalars(select(LogEntry).where(LogEntry.action == "clock_corrected")).one()
    assert (entry.why, entry.data["ahead"], entry.data["scans"]) == ("NTP", 3600, 1)


def test_a_scan_of_the_year_2000_finds_its_day(db: Database) -> None:
    """A battery ran empty: the clock began at 2000 and every record waits in quarantine."""
    cast = build_cast(db)
    began = datetime(2000, 1, 1, 0, 10)  # noqa: DTZ001 - a terminal's wall clock
    true_local = datetime(2026, 11, 20, 7, 25)  # noqa: DTZ001
    with simulated(db, cast.terminal) as terminal:
        terminal.punch("101", MORNING - timedelta(days=30))
        pull(db, cast)  # so that its layout is known
        for pin in ("101", "999"):
            terminal.punch(pin, began)
        pull(db, cast)
        ahead = round((began - true_local).total_seconds())
        freed = clocks.correct(
            db, now(), TONO, "UPT1-A", "2000-01-01 00:00:00", "2000-01-01 23:59:59", ahead, "CCTV"
        )
        assert freed == 2
        assert scans_of(db, cast, date(2026, 11, 20)) == [("2026-11-19 23:25", None)]
        assert pull(db, cast, full=True).new == 0
    with db.read() as session:
        rows = session.scalars(select(QuarantinedRow)).all()
    assert [row.resolved_by for row in rows] == [str(TONO.actor)] * 2


def test_only_some_may_correct_a_clock_and_only_with_a_reason(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    period = ("2026-11-20 00:00:00", "2026-11-20 23:59:59")
    for viewer, begins, ends, why in (
        (cast.viewer("dewi"), *period, "x"),
        (TONO, *period, " "),
        (TONO, "kemarin", "hari ini", "x"),
        (TONO, period[1], period[0], "x"),
    ):
        with pytest.raises(TerminalProblem):
            clocks.correct(sqlite_db, now(), viewer, "UPT1-A", begins, ends, 60, why)


def test_a_clock_is_set_only_when_it_is_off_and_both_readings_are_on_record(
    sqlite_db: Database,
) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        terminal.set_clock_offset(timedelta(minutes=7))
        pull(sqlite_db, cast)
        done = clocks.set_clock(sqlite_db, now, zk_acts.set_clock, TONO, "UPT1-A")
        assert done.before.offset_seconds == pytest.approx(420, abs=2)
        assert done.after.offset_seconds == pytest.approx(0, abs=2)
        assert abs(terminal.clock_offset) < timedelta(seconds=3)
        with pytest.raises(TerminalProblem) as caught:
            clocks.set_clock(sqlite_db, now, zk_acts.set_clock, TONO, "UPT1-A")
        assert caught.value.code == "clock_good"
    offsets = [each.clock_offset for each in contacts(sqlite_db, cast.terminal)]
    assert [round((each or 0) / 60) for each in offsets] == [7, 7, 0]


# --- the successor ---------------------------------------------------------------------------


def new_one(name: str, terminal: ZkTerminal) -> NewTerminal:
    return NewTerminal(name, "UPT1", host=terminal.host, port=terminal.port)


def test_a_pulled_successor_knows_the_people_and_the_old_ones_rest_comes_by_stick(
    db: Database,
) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as old:
        old.punch("101", MORNING)
        pull(db, cast)
    pins.map_id(db, now(), TESTER, "UPT1-A", "103", "199204042018042004", date(2026, 11, 25))
    successor = ZkTerminal("NEW00001")
    successor.start()
    at = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    replacement.replace(db, at, TESTER, "UPT1-A", new_one("UPT1-B", successor), "terendam banjir")
    written = replacement.write_people(db, now, zk_acts.write_people, TESTER, "UPT1-B")
    successor.stop()
    assert written == replacement.PeopleWritten(4, asked=False)
    names = {pin.decode(): user.name.decode() for pin, user in successor.users.items()}
    assert names == {
        "101": "Budi Santoso",
        "102": "Sri Wahyuni",
        "103": "Dewi Lestari",
        "104": "Dewi Lestari",
    }
    with db.read() as session:
        new_id = terminals.named(session, "UPT1-B").id
        days = set(
            session.scalars(select(TerminalId.first_day).where(TerminalId.terminal_id == new_id))
        )
    assert days == {date(2026, 11, 26)}
    stick = b"103\t2026-11-24 07:30:00\t1\t0\t1\t0\n103\t2026-11-25 07:30:00\t1\t0\t1\t0\n"
    imports.import_usb(db, now(), TESTER, "UPT1-A", stick, "1_attlog.dat")
    with db.read() as session:
        owners = dict(
            session.execute(
                select(Punch.local, Punch.employee_id).where(
                    Punch.terminal_id == cast.terminal, Punch.pin == "103"
                )
            ).all()  # type: ignore[arg-type]
        )
    assert owners == {"2026-11-24 07:30:00": cast.rahmat, "2026-11-25 07:30:00": cast.dewi}


def test_a_pushing_successor_hears_of_the_people_at_its_poll(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    with listening(sqlite_db) as address:
        terminal = pushing(sqlite_db, address)
        for pin, nip in (("101", "199001012015011001"), ("7", "198002022005022002")):
            pins.map_id(sqlite_db, now(), TESTER, "UPT1-PUSH0001", pin, nip)
        written = replacement.write_people(
            sqlite_db, now, zk_acts.write_people, TESTER, "UPT1-PUSH0001"
        )
        assert written == replacement.PeopleWritten(2, asked=True)
        assert terminal.step() and terminal.step()
    assert terminal.users == {"101": "Budi Santoso", "7": "Sri Wahyuni"}
    assert row_of(sqlite_db, id_of(sqlite_db)).last_contact_at is not None


def test_a_replacement_that_cannot_be_leaves_the_old_one_in_service(sqlite_db: Database) -> None:
    build_cast(sqlite_db)
    bad = NewTerminal("UPT1-B", "UPT1", host="terminal.example")
    with pytest.raises(TerminalProblem):
        replacement.replace(sqlite_db, now(), TESTER, "UPT1-A", bad, "rusak")
    with sqlite_db.read() as session:
        assert terminals.named(session, "UPT1-A").retired_at is None


def test_a_retired_terminal_read_once_more_proves_the_days_it_was_in_service(
    sqlite_db: Database,
) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        terminal.punch("101", MORNING)
        with sqlite_db.begin() as tx:
            tx.get_one(Terminal, cast.terminal).retired_at = datetime(2026, 11, 20, 4, tzinfo=UTC)
        assert pull(sqlite_db, cast).new == 1
    with sqlite_db.read() as session:
        facts = FactBook(session, [(cast.budi, MORNING.date())]).facts(cast.budi, MORNING.date())
    (fact,) = facts.terminals
    assert fact.complete_up_to is not None and fact.complete_up_to >= facts.plan.window_to


# --- emptying a log --------------------------------------------------------------------------


def ask(db: Database, viewer: Viewer = TONO) -> int:
    return clearing.ask(db, now, read_terminal, viewer, "UPT1-A", "memori 95 %")


def do(db: Database, clearing_id: int, viewer: Viewer = TINI) -> str | None:
    done = clearing.do(db, now, read_terminal, zk_acts.empty_log, viewer, clearing_id)
    return done.outcome


def filled(terminal: ZkTerminal, count: int = 40) -> None:
    for minute in range(count):
        terminal.punch("101", MORNING + timedelta(minutes=minute))


def test_two_people_empty_a_log_after_three_equal_reads(db: Database) -> None:
    cast = build_cast(db)
    with simulated(db, cast.terminal) as terminal:
        filled(terminal)
        asked = ask(db)
        with pytest.raises(TerminalProblem) as caught:
            do(db, asked, TONO)
        assert caught.value.code == "same_person"
        assert len(terminal.records) == 40
        assert do(db, asked) == "cleared"
        assert terminal.records == []
        terminal.punch("102", MORNING + timedelta(hours=9))
        outcome = pull(db, cast)
        assert (outcome.ok, outcome.code, outcome.new) == (True, None, 1)
    assert len(stored(db, cast.terminal)) == 41
    with pytest.raises(TerminalProblem):
        do(db, asked)  # never twice


def test_a_finger_between_the_last_read_and_the_emptying_stops_it(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        filled(terminal)
        asked = ask(sqlite_db)

        def meanwhile(address: object, records: int) -> zk_acts.Emptied:
            terminal.punch("102", MORNING + timedelta(hours=9))
            return zk_acts.empty_log(address, records)  # type: ignore[arg-type]

        done = clearing.do(sqlite_db, now, read_terminal, meanwhile, TINI, asked)
        assert done.outcome == "changed"
        assert len(terminal.records) == 41
        assert pull(sqlite_db, cast).new == 1


def test_a_clearing_whose_answer_is_lost_is_unknown(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        filled(terminal)
        asked = ask(sqlite_db)
        terminal.faults.clear_reply_lost = True
        assert do(sqlite_db, asked) == "unknown"
        terminal.faults.clear_reply_lost = False
        assert pull(sqlite_db, cast).code == "count_fell"  # and a person says what happened


def test_nothing_is_emptied_that_was_not_proven_read(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    with simulated(sqlite_db, cast.terminal) as terminal:
        filled(terminal)
        terminal.faults.count_error = 1  # it counts one more than it gives
        with pytest.raises(TerminalProblem):
            ask(sqlite_db)
        terminal.faults.count_error = 0
        with pytest.raises(TerminalProblem):
            ask(sqlite_db, cast.viewer("dewi"))
        asked = ask(sqlite_db)
        terminal.faults.short_chunk = 40
        with pytest.raises(TerminalProblem):
            do(sqlite_db, asked)
        assert len(terminal.records) == 40
