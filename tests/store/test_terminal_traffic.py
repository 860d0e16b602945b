"""A terminal's traffic beside its habit: what has not come yet is no silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.work_calendar import DayPlan
from services import clocks
from store.calendar_queries import RuleBook
from store.db import Database
from store.punch_queries import keep_raw
from store.punches import Punch, QuarantinedRow, TerminalContact
from store.terminal_traffic import TerminalTraffic
from tests.cast import Cast, build_cast

TODAY = date(2026, 11, 24)  # a Tuesday
NINE, FIVE = datetime(2026, 11, 24, 1, 15, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)


def _scans(db: Database, cast: Cast, day: date, hour: int) -> None:
    """Twelve scans in one hour of a local date."""
    with db.begin() as tx:
        for minute in range(12):
            local = f"{day} {hour:02d}:{minute:02d}:00"
            at = datetime.fromisoformat(local).replace(tzinfo=UTC) - timedelta(hours=8)
            tx.add(
                Punch(
                    terminal_id=cast.terminal,
                    pin="101",
                    local=local,
                    local_date=day,
                    at=at,
                    status=1,
                    punch=255,
                    employee_id=cast.budi,
                    source="pull",
                )
            )


def _is_silent(db: Database, cast: Cast, read_to: datetime) -> bool:
    with db.read() as session:
        plan: DayPlan = RuleBook(session, [cast.budi], TODAY, TODAY).plan(cast.budi, TODAY)
        traffic = TerminalTraffic(session, [cast.terminal], [TODAY])
        return traffic.is_nearly_silent(cast.terminal, plan, read_to)


def test_in_the_morning_an_afternoon_without_scans_is_no_dead_sensor(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    for week in (1, 2, 3, 4):
        for hour in (7, 16):
            _scans(sqlite_db, cast, TODAY - timedelta(weeks=week), hour)
    _scans(sqlite_db, cast, TODAY, 7)
    assert not _is_silent(sqlite_db, cast, NINE)
    assert _is_silent(sqlite_db, cast, FIVE), "by then people should have gone home"


def test_scans_of_a_corrected_clock_count_when_they_were_made(sqlite_db: Database) -> None:
    """A clock five hours ahead wrote the morning's scans into the afternoon."""
    cast = build_cast(sqlite_db)
    for week in (1, 2):
        _scans(sqlite_db, cast, TODAY - timedelta(weeks=week), 7)
    _scans(sqlite_db, cast, TODAY, 12)
    assert _is_silent(sqlite_db, cast, NINE)
    clocks.correct(
        sqlite_db, FIVE, cast.viewer("yusuf"), "UPT1-A", f"{TODAY} 10:00:00", f"{TODAY} 23:00:00",
        5 * 3600, "jam ponsel",
    )  # fmt: skip
    assert not _is_silent(sqlite_db, cast, NINE)


def test_a_record_without_a_time_is_of_no_day_after_it_was_found(sqlite_db: Database) -> None:
    cast = build_cast(sqlite_db)
    read_at = datetime(2026, 11, 23, 14, tzinfo=UTC)  # Monday, 22.00 WITA
    with sqlite_db.begin() as tx:
        kept = keep_raw(
            tx, b"-", terminal_id=cast.terminal, source="pull", layout="40", received_at=NINE
        )
        tx.add_all(
            [
                TerminalContact(
                    terminal_id=cast.terminal, at=read_at, source="pull", ok=True,
                    complete_up_to=read_at,
                ),
                QuarantinedRow(
                    terminal_id=cast.terminal, raw_read_id=kept, digest="-", record=b"-",
                    pin="101", local="2030-11-24 07:20:00", reason="year_out_of_range",
                    found_at=NINE,
                ),
            ]
        )  # fmt: skip
    days = [TODAY + timedelta(days=n) for n in (-2, -1, 0, 1)]
    with sqlite_db.read() as session:
        traffic = TerminalTraffic(session, [cast.terminal], days)
        book = RuleBook(session, [cast.budi], days[0], days[-1])
        found = [traffic.unresolved(cast.terminal, book.plan(cast.budi, day)) for day in days]
    assert found == [0, 1, 1, 0]  # Monday evening and Tuesday morning
