"""The scans of many people around many dates, read as plain rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from domain.day_facts import PunchFact
from domain.work_calendar import ONE_DAY
from store.plain_rows import plain_rows, readers
from store.punches import CORRECTED, Punch, Terminal
from store.sets import one_of, one_of_dates

PunchesByDay = dict[int, dict[date, list[PunchFact]]]
"""The scans of each person under the local date on which they count."""


def punches_by_day(
    session: Session, people: Sequence[int], days: Sequence[date], terminals: Mapping[int, Terminal]
) -> PunchesByDay:
    """The scans of these people on these sorted dates, in two queries."""
    found: PunchesByDay = defaultdict(lambda: defaultdict(list))
    names = {terminal.id: terminal.name for terminal in terminals.values()}
    as_written = one_of_dates(Punch.local_date, days) & Punch.doubtful.is_distinct_from(CORRECTED)
    instant, day_of = readers(session)
    for employee_id, day, at, terminal_id, local, source, key, doubtful in _rows(
        session, people, as_written
    ):
        name = names[terminal_id]
        punch = PunchFact(instant(at), terminal_id, name, local, source, key, doubtful)
        found[employee_id][day_of(day)].append(punch)
    for employee_id, _, at, terminal_id, local, source, key, _ in _rows(
        session, people, *_moved_here(days)
    ):
        zone = ZoneInfo(terminals[terminal_id].unit.time_zone)
        punch = PunchFact(instant(at), terminal_id, names[terminal_id], local, source, key)
        found[employee_id][punch.at.astimezone(zone).date()].append(punch)
    return found


def _moved_here(days: Sequence[date]) -> list[ColumnElement[bool]]:
    """A corrected scan may stand under a date that a wrong clock wrote.

    The mark is written out: only then does SQLite use the index of such scans.
    """
    begins = datetime.combine(days[0] - ONE_DAY, time(), tzinfo=UTC)
    ends = datetime.combine(days[-1] + 2 * ONE_DAY, time(), tzinfo=UTC)
    return [Punch.doubtful == literal_column(f"'{CORRECTED}'"), Punch.at.between(begins, ends)]


def _rows(
    session: Session, people: Sequence[int], *where: ColumnElement[bool]
) -> list[tuple[Any, ...]]:
    return plain_rows(
        session,
        select(
            Punch.employee_id, Punch.local_date, Punch.at, Punch.terminal_id,
            Punch.local, Punch.source, Punch.punch, Punch.doubtful,
        ).where(one_of(session, Punch.employee_id, people), *where),
    )  # fmt: skip
