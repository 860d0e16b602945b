"""Attendance days on their way into the table: whole batches, and only what says something new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, NamedTuple

import orjson
from sqlalchemy import delete, exists, select, tuple_, update

from domain.days import WAITING, Day, DayStatus
from store.days import DAY_KEY, AttendanceDay, Key
from store.db import Database, Transaction
from store.messages import Notice
from store.sets import one_of, one_of_dates, one_of_rows, parts


class DayRow(NamedTuple):
    """An attendance day as the driver takes it: instants in UTC and evidence as text."""

    day: str
    employee_id: int
    unit_id: int
    status: str
    kind: str | None
    first_in: str | None
    last_out: str | None
    late_minutes: int
    early_minutes: int
    missing_in: bool
    missing_out: bool
    excuse: str | None
    provisional: bool
    final: bool
    reasons: str
    why: str
    next_look_at: str | None
    notices_at: str | None
    as_of: str


NOT_COMPARED = ("day", "employee_id", "notices_at", "as_of")
COMPARED = tuple(name for name in DayRow._fields if name not in NOT_COMPARED)
"""The columns that make a day another one when they change."""

_COLUMNS = ", ".join(DayRow._fields)
_STAGING = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS new_day (LIKE attendance_day) ON COMMIT DELETE ROWS"
)
_COPY = f"COPY new_day ({_COLUMNS}) FROM STDIN"
_UPSERT = (
    f"INSERT INTO attendance_day ({_COLUMNS}) %s"
    " ON CONFLICT (day, employee_id) DO UPDATE SET"
    f" {', '.join(f'{name} = excluded.{name}' for name in (*COMPARED, 'notices_at', 'as_of'))}"
    f" WHERE ({', '.join(f'attendance_day.{name}' for name in COMPARED)})"
    f" IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in COMPARED)})"
)
_ONE_ROW = f"({', '.join('?' * len(DayRow._fields))})"
ROWS_AT_ONCE = 1_000  # SQLite takes 32,766 values


def _with_zone(utc: datetime) -> str:
    """'2026-11-24T00:20:00+00:00', as orjson writes it; isoformat takes six times as long."""
    return orjson.dumps(utc)[1:-1].decode()


def _without_zone(utc: datetime) -> str:
    """'2026-11-24 00:20:00.000000', as SQLAlchemy keeps an instant in SQLite."""
    text = orjson.dumps(utc).decode()
    return f"{text[1:11]} {text[12:20]}.{utc.microsecond:06}"


class RowMaker:
    """Makes rows of days that were derived at `as_of`, for one database."""

    def __init__(self, db: Database, as_of: datetime) -> None:
        self._instant = _with_zone if db.is_postgresql else _without_zone
        self._as_of = self._instant(as_of)
        self._reasons: dict[tuple[str, ...], str] = {}
        self._dates: dict[date, str] = {}

    def row(
        self,
        day: Day,
        unit_id: int,
        *,
        next_look_at: datetime | None,
        notices_at: datetime | None,
    ) -> DayRow:
        """The row of a day as it was derived."""
        reasons = self._reasons.get(day.reasons)
        if reasons is None:
            reasons = self._reasons[day.reasons] = orjson.dumps(day.reasons).decode()
        text = self._instant
        return DayRow(
            self._dates.get(day.day) or self._dates.setdefault(day.day, str(day.day)),
            day.employee_id,
            unit_id,
            day.status._value_,
            day.kind and day.kind._value_,
            text(day.first_in) if day.first_in else None,
            text(day.last_out) if day.last_out else None,
            day.late_minutes,
            day.early_minutes,
            day.missing_in,
            day.missing_out,
            day.excuse and day.excuse._value_,
            day.provisional,
            day.final,
            reasons,
            orjson.dumps(day.why).decode(),
            text(next_look_at) if next_look_at else None,
            text(notices_at) if notices_at else None,
            self._as_of,
        )


def write_days(tx: Transaction, rows: Sequence[DayRow]) -> int:
    """Insert or change attendance days, all derived at one moment; returns how many.

    They come ordered by date and employee: two writers with days in common then wait for each
    other and never deadlock. Rows that say the same as before are left alone, with the moment at
    which they were first said.
    """
    if not rows:
        return 0
    changed = _upsert(tx, rows)
    if changed:
        _look_where_spoken(tx, rows)
    return changed


def _upsert(tx: Transaction, rows: Sequence[DayRow]) -> int:
    connection = tx.connection()
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor()
    if connection.dialect.name == "sqlite":
        return sum(_insert_values(cursor, part) for part in parts(rows, ROWS_AT_ONCE))
    return _copy_and_insert(cursor, rows)


def _insert_values(cursor: Any, rows: Sequence[DayRow]) -> int:
    """Many rows a statement: row by row SQLite would open a statement journal for each."""
    values = f"VALUES {', '.join([_ONE_ROW] * len(rows))}"
    return int(cursor.execute(_UPSERT % values, list(chain.from_iterable(rows))).rowcount)


def _copy_and_insert(cursor: Any, rows: Sequence[DayRow]) -> int:
    """Through a table of this connection alone, so that one statement does the rest of the work."""
    cursor.execute(_STAGING)
    with cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)
    changed = int(cursor.execute(_UPSERT % f"SELECT {_COLUMNS} FROM new_day").rowcount)
    cursor.execute("DELETE FROM new_day")
    return changed


def _look_where_spoken(tx: Transaction, rows: Sequence[DayRow]) -> None:
    """Notices look at those of the changed days that no longer are what people were told."""
    as_of = datetime.fromisoformat(rows[0].as_of).replace(tzinfo=UTC)
    people = sorted({row.employee_id for row in rows})
    days = sorted(date.fromisoformat(day) for day in {row.day for row in rows})
    spoken_of = select(Notice.employee_id, Notice.day).where(
        one_of(tx, Notice.employee_id, people), one_of_dates(Notice.day, days)
    )
    told_otherwise = exists().where(
        Notice.employee_id == AttendanceDay.employee_id,
        Notice.day == AttendanceDay.day,
        Notice.said != AttendanceDay.status,
    )
    tx.execute(
        update(AttendanceDay)
        .where(
            tuple_(*DAY_KEY).in_(spoken_of),
            AttendanceDay.as_of == as_of,
            AttendanceDay.status.not_in((*WAITING, DayStatus.ABSENT)),
            told_otherwise,
        )
        .values(notices_at=as_of)
        .execution_options(synchronize_session=False)
    )


def drop_days(tx: Transaction, keys: Sequence[Key]) -> int:
    """Take away days on which these people turn out not to have worked here at all."""
    dropped = 0
    for part in parts(keys):
        result = tx.execute(
            delete(AttendanceDay)
            .where(one_of_rows(tx, DAY_KEY, part))
            .execution_options(synchronize_session=False)
        )
        dropped += result.rowcount  # type: ignore[attr-defined]  # a DELETE has one
    return dropped
