"""The scans of many people around many dates, read as plain rows."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select
from sqlalchemy.orm import Session

from domain.day_facts import PunchFact
from domain.work_calendar import ONE_DAY
from store.plain_rows import plain_rows, readers
from store.punches import CORRECTED, Punch, Terminal
from store.sets import one_of, one_of_dates


def punches_of(
    session: Session, people: Sequence[int], days: Sequence[date], terminals: Mapping[int, Terminal]
) -> dict[int, list[PunchFact]]:
    """The scans of each of these people on these sorted dates, in order of time; two queries."""
    found: dict[int, list[PunchFact]] = defaultdict(list)
    names = {terminal.id: terminal.name for terminal in terminals.values()}
    as_written = one_of_dates(Punch.local_date, days) & Punch.doubtful.is_distinct_from(CORRECTED)
    instant, _ = readers(session)
    for where in ([as_written], _moved_here(days)):
        for employee_id, at, terminal_id, local, source, key, doubt in _rows(
            session, people, *where
        ):
            name = names[terminal_id]
            doubt = None if doubt == CORRECTED else doubt
            punch = PunchFact(instant(at), terminal_id, name, local, source, key, doubt)
            found[employee_id].append(punch)
    for scans in found.values():
        scans.sort(key=_instant)
    return found


_instant = itemgetter(0)


def within(scans: list[PunchFact], begins: datetime, until: datetime) -> tuple[PunchFact, ...]:
    """Those of a person's scans that lie in a window."""
    return tuple(scans[bisect_left(scans, (begins,)) : bisect_left(scans, (until,))])


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
            Punch.employee_id, Punch.at, Punch.terminal_id, Punch.local,
            Punch.source, Punch.punch, Punch.doubtful,
        ).where(one_of(session, Punch.employee_id, people), *where),
    )  # fmt: skip
