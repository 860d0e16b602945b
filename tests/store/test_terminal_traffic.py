"""A terminal's traffic beside its habit: what has not come yet is no silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from domain.work_calendar import DayPlan
from store.calendar_queries import RuleBook
from store.db import Database
from store.punches import Punch
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
