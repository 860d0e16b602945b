"""What terminals brought on some dates: unknown IDs, undated records, and traffic beside habit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from domain.terminals import is_nearly_silent
from domain.work_calendar import DayPlan
from store.people import Unit
from store.punches import CORRECTED, Punch, QuarantinedRow, Terminal, TerminalContact
from store.terminal_care import ClockCorrection
from store.unresolved_queries import is_unknown

ONE_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
HABIT_WEEKS = (1, 2, 3, 4)
"""A terminal's own habit: the same weekday of the last four weeks, mornings and afternoons apart.

A sensor that dies at noon shows in the afternoon only."""
NOON = time(12)
EARLIEST_YEAR = 2020
LONG_AGO = datetime.min.replace(tzinfo=UTC)

Half = tuple[int, date, bool]  # terminal, local date, before noon


@dataclass(frozen=True, slots=True)
class _Undated:
    """A quarantined row: its date where its time may be true, else between which instants it was
    made."""

    day: date | None
    since: datetime
    found_at: datetime

    def may_lie_in(self, plan: DayPlan, days: Sequence[date]) -> bool:
        """Whether it may be of the window of a day, which lies on these local dates."""
        if self.day is not None:
            return self.day in days
        return self.since < plan.window_to and plan.window_from <= self.found_at


class TerminalTraffic:
    """Counts for some terminals around some dates; four queries for any number of either."""

    def __init__(self, session: Session, terminal_ids: Sequence[int], dates: Iterable[date]):
        self._scans: dict[Half, int] = defaultdict(int)
        self._unknown: dict[tuple[int, date], int] = defaultdict(int)
        self._undated: dict[int, list[_Undated]] = defaultdict(list)
        if terminal_ids:
            self._count(session, terminal_ids, sorted(set(dates)))
            self._load_undated(session, terminal_ids)

    def _count(self, session: Session, ids: Sequence[int], dates: Sequence[date]) -> None:
        wanted = {day - week * A_WEEK for day in dates for week in (0, *HABIT_WEEKS)}
        corrections = session.scalars(
            select(ClockCorrection).where(ClockCorrection.terminal_id.in_(ids))
        ).all()
        as_written: list[ColumnElement[bool]] = [
            Punch.local_date.in_(sorted(wanted)),
            Punch.terminal_id.in_(ids),
        ]
        if corrections:  # few terminals ever are
            as_written.append(Punch.doubtful.is_distinct_from(CORRECTED))
            self._count_corrected(session, corrections)
        before_noon = func.substr(Punch.local, 12, 2) < f"{NOON:%H}"
        for terminal_id, day, is_morning, scans, unknown in session.execute(
            select(
                Punch.terminal_id,
                Punch.local_date,
                before_noon,
                func.count(),
                func.sum(case((is_unknown(), 1), else_=0)),
            )
            .where(*as_written)
            .group_by(Punch.terminal_id, Punch.local_date, before_noon)
        ):
            self._scans[terminal_id, day, bool(is_morning)] += scans
            self._unknown[terminal_id, day] += int(unknown or 0)

    def _count_corrected(self, session: Session, corrections: Sequence[ClockCorrection]) -> None:
        """Scans whose instant people corrected: they were made when they say now, not when the
        clock said."""
        of_them = or_(
            *(
                and_(
                    Punch.terminal_id == each.terminal_id,
                    Punch.local.between(each.local_from, each.local_to),
                )
                for each in corrections
            )
        )
        for terminal_id, at, unknown, zone in session.execute(
            select(Punch.terminal_id, Punch.at, is_unknown(), Unit.time_zone)
            .join(Terminal, Terminal.id == Punch.terminal_id)
            .join(Unit, Unit.id == Terminal.unit_id)
            .where(Punch.doubtful == CORRECTED, of_them)
        ):
            made = at.astimezone(ZoneInfo(zone))
            self._scans[terminal_id, made.date(), made.time() < NOON] += 1
            self._unknown[terminal_id, made.date()] += bool(unknown)

    def _load_undated(self, session: Session, ids: Sequence[int]) -> None:
        """Quarantined rows, and since when those of an impossible time may have been made: since
        the last complete read before they were found."""
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
            day = date_of(local, found_at.date() + ONE_DAY)
            self._undated[terminal_id].append(_Undated(day, since or LONG_AGO, found_at))

    def unresolved(self, terminal_id: int, plan: DayPlan) -> int:
        """Scans of unknown IDs and undated records that may lie in the window of a day."""
        days = list(_dates_of(plan))
        unknown = sum(self._unknown[terminal_id, day] for day in days)
        return unknown + sum(row.may_lie_in(plan, days) for row in self._undated[terminal_id])

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
            yield local.date(), local.time() < NOON


def date_of(local: str | None, until: date) -> date | None:
    """The date of a record whose time may be true; None when it can be any day's."""
    try:
        day = datetime.fromisoformat(local or "").date()
    except ValueError:
        return None
    return day if day.year >= EARLIEST_YEAR and day <= until else None
