"""What terminals brought on some dates: unknown IDs, undated records, and traffic beside habit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain.terminals import is_nearly_silent
from domain.work_calendar import DayPlan
from store.punches import Punch, QuarantinedRow, TerminalContact

ONE_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
HABIT_WEEKS = (1, 2, 3, 4)
"""A terminal's own habit: the same weekday of the last four weeks, mornings and afternoons apart.

A sensor that dies at noon shows in the afternoon only."""
NOON = "12"
EARLIEST_YEAR = 2020

Half = tuple[int, date, bool]  # terminal, local date, before noon


class TerminalTraffic:
    """Counts for some terminals around some dates; three queries for any number of either."""

    def __init__(self, session: Session, terminal_ids: Sequence[int], dates: Iterable[date]):
        self._scans: dict[Half, int] = defaultdict(int)
        self._unknown: dict[tuple[int, date], int] = defaultdict(int)
        self._undated: dict[int, list[tuple[date, date]]] = defaultdict(list)
        if terminal_ids:
            self._count(session, terminal_ids, sorted(set(dates)))
            self._load_undated(session, terminal_ids)

    def _count(self, session: Session, ids: Sequence[int], dates: Sequence[date]) -> None:
        wanted = {day - week * A_WEEK for day in dates for week in (0, *HABIT_WEEKS)}
        before_noon = func.substr(Punch.local, 12, 2) < NOON
        for terminal_id, day, is_morning, scans, unknown in session.execute(
            select(
                Punch.terminal_id,
                Punch.local_date,
                before_noon,
                func.count(),
                func.sum(case((Punch.employee_id.is_(None), 1), else_=0)),
            )
            .where(Punch.local_date.in_(sorted(wanted)), Punch.terminal_id.in_(ids))
            .group_by(Punch.terminal_id, Punch.local_date, before_noon)
        ):
            self._scans[terminal_id, day, bool(is_morning)] = scans
            self._unknown[terminal_id, day] += int(unknown or 0)

    def _load_undated(self, session: Session, ids: Sequence[int]) -> None:
        """Quarantined rows and the dates they may be of.

        One whose time is impossible was made after the last complete read before it was found.
        """
        proven = (
            select(TerminalContact.complete_up_to)
            .where(
                TerminalContact.terminal_id == QuarantinedRow.terminal_id,
                TerminalContact.at < QuarantinedRow.found_at,
                TerminalContact.complete_up_to.is_not(None),
            )
            .order_by(TerminalContact.at.desc())
            .limit(1)
            .scalar_subquery()
        )
        for terminal_id, local, found_at, since in session.execute(
            select(
                QuarantinedRow.terminal_id, QuarantinedRow.local, QuarantinedRow.found_at, proven
            ).where(QuarantinedRow.terminal_id.in_(ids), QuarantinedRow.resolved_at.is_(None))
        ):
            until = found_at.date() + ONE_DAY
            day = _date_of(local, until)
            earliest = since.date() - ONE_DAY if since else date.min
            self._undated[terminal_id].append((day, day) if day else (earliest, until))

    def unresolved(self, terminal_id: int, plan: DayPlan) -> int:
        """Scans of unknown IDs and undated records that may lie in the window of a day."""
        days = list(_dates_of(plan))
        unknown = sum(self._unknown[terminal_id, day] for day in days)
        return unknown + sum(
            first <= days[-1] and last >= days[0] for first, last in self._undated[terminal_id]
        )

    def is_nearly_silent(self, terminal_id: int, plan: DayPlan, read_to: datetime | None) -> bool:
        """Whether a half of a date on which the person's hours lie brought far too few scans.

        Only halves that the terminal was read into count: an afternoon that has not come yet
        says nothing of its sensor.
        """
        return any(
            is_nearly_silent(
                self._scans[terminal_id, day, morning],
                [self._scans[terminal_id, day - week * A_WEEK, morning] for week in HABIT_WEEKS],
            )
            for day, morning in set(_halves_of(plan, read_to))
        )


def _dates_of(plan: DayPlan) -> Iterator[date]:
    """The local dates on which the window of a day lies."""
    day = plan.window_from.astimezone(plan.zone).date()
    last = (plan.window_to - timedelta(microseconds=1)).astimezone(plan.zone).date()
    while day <= last:
        yield day
        day += ONE_DAY


def _halves_of(plan: DayPlan, read_to: datetime | None) -> Iterator[tuple[date, bool]]:
    """The mornings and afternoons in which somebody was due to come or to go by then."""
    for edge in (plan.starts, plan.ends):
        if edge is not None and read_to is not None and edge <= read_to:
            local = edge.astimezone(plan.zone)
            yield local.date(), local.time() < time(12)


def _date_of(local: str | None, until: date) -> date | None:
    """The date of a record whose time may be true; None when it can be any day's."""
    try:
        day = datetime.fromisoformat(local or "").date()
    except ValueError:
        return None
    return day if day.year >= EARLIEST_YEAR and day <= until else None
