"""What a terminal proves for a date in the past: not what was cleared away, nor a wrong clock's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from domain.day_facts import TerminalFact
from store.day_facts import FactBook
from store.db import Database
from store.punches import Terminal, TerminalContact
from store.terminal_care import ClockCorrection, TerminalOutage
from store.terminal_queries import CLEAR_CONFIRMED
from tests.cast import Cast, build_cast

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12.00 WITA
LATER = NOON + timedelta(days=3)
END = datetime.combine(DAY, time(16), UTC)
"""Midnight in WITA: where the window of DAY ends. What was read later proves no more."""


def fact_of(db: Database, cast: Cast, day: date = DAY) -> TerminalFact:
    with db.read() as session:
        (fact,) = FactBook(session, [(cast.budi, day)]).facts(cast.budi, day).terminals
    return fact


def read_well(db: Database, cast: Cast) -> None:
    with db.begin() as tx:
        terminal = tx.get_one(Terminal, cast.terminal)
        terminal.complete_up_to, terminal.clock_offset = LATER, 1


def note(db: Database, cast: Cast, at: datetime, **what: object) -> None:
    with db.begin() as tx:
        tx.add(TerminalContact(terminal_id=cast.terminal, at=at, source="pull", ok=True, **what))


def test_a_good_read_proves_the_day(db: Database) -> None:
    cast = build_cast(db)
    read_well(db, cast)
    fact = fact_of(db, cast)
    assert (fact.complete_up_to, fact.clock_known, fact.outage) == (END, True, False)


def test_a_day_whose_records_were_cleared_away_unread_stays_unproven(db: Database) -> None:
    cast = build_cast(db)
    read_well(db, cast)
    last_proof = NOON - timedelta(days=1)
    cleared = NOON + timedelta(hours=2)
    note(db, cast, cleared, problem_code=CLEAR_CONFIRMED, complete_up_to=last_proof)
    assert fact_of(db, cast).complete_up_to == last_proof
    assert fact_of(db, cast, DAY + timedelta(days=1)).complete_up_to == END + timedelta(days=1)


def test_a_day_before_the_first_proof_stays_unproven_after_a_clearing(db: Database) -> None:
    cast = build_cast(db)
    read_well(db, cast)
    note(db, cast, NOON, problem_code=CLEAR_CONFIRMED, complete_up_to=None)
    assert fact_of(db, cast).complete_up_to is None


def test_a_clock_that_was_wrong_that_day_is_not_known_though_it_is_right_today(
    db: Database,
) -> None:
    cast = build_cast(db)
    read_well(db, cast)
    note(db, cast, NOON, clock_offset=-86_400)
    note(db, cast, NOON + timedelta(days=2), clock_offset=1)
    assert fact_of(db, cast).clock_known is False
    assert fact_of(db, cast, DAY + timedelta(days=3)).clock_known is True


def test_until_a_wrong_clock_is_found_right_again_nobody_knows_when_it_was_set(
    db: Database,
) -> None:
    """It may have been wrong all through the next morning, before somebody set it at noon."""
    cast = build_cast(db)
    read_well(db, cast)
    note(db, cast, NOON - timedelta(hours=10), clock_offset=1)
    note(db, cast, NOON, clock_offset=-8 * 3600)
    note(db, cast, NOON + timedelta(days=2), clock_offset=1)
    days = [DAY + timedelta(days=n) for n in range(-1, 4)]
    assert [fact_of(db, cast, day).clock_known for day in days] == [True, False, False, False, True]
    with db.read() as session:
        together = FactBook(session, [(cast.budi, day) for day in days])
        known = [together.facts(cast.budi, day).terminals[0].clock_known for day in days]
    assert known == [True, False, False, False, True]


def test_a_clock_without_a_real_day_is_not_known_either(db: Database) -> None:
    cast = build_cast(db)
    read_well(db, cast)
    note(db, cast, NOON, problem_code="clock_unknown")
    assert fact_of(db, cast).clock_known is False


def test_a_corrected_period_is_known_again(db: Database) -> None:
    cast = build_cast(db)
    read_well(db, cast)
    note(db, cast, NOON, clock_offset=3600)
    with db.begin() as tx:
        tx.add(
            ClockCorrection(
                terminal_id=cast.terminal,
                local_from="2026-11-20 00:00:00",
                local_to="2026-11-20 23:59:59",
                seconds_ahead=3600,
                why="jam maju",
                corrected_by="account:1",
                corrected_at=LATER,
            )
        )
    assert fact_of(db, cast).clock_known is True


def test_a_declared_outage_covers_its_days_and_its_terminal(db: Database) -> None:
    cast = build_cast(db)
    read_well(db, cast)
    with db.begin() as tx:
        tx.add(
            TerminalOutage(
                unit_id=cast.unit,
                terminal_id=None,
                first_day=DAY,
                last_day=DAY,
                why="petir",
                declared_by="account:1",
                declared_at=NOON,
            )
        )
    assert fact_of(db, cast).outage is True
    assert fact_of(db, cast, DAY + timedelta(days=3)).outage is False
