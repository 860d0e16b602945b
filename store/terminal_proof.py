"""What terminals prove for one date: read to the end, with a clock that was right, in order.

The row of a terminal says how it stands now. A date in the past may lie in a span whose records
were cleared away unread, or in one whose clock was wrong although it is right today.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from domain.terminals import CLOCK_OFF_S
from domain.work_calendar import DayPlan
from store import terminal_queries
from store.punches import Terminal, TerminalContact
from store.terminal_care import ClockCorrection, TerminalOutage
from store.terminal_queries import Gap

ONE_DAY = timedelta(days=1)
EVER, FOR_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
FORGOTTEN = timedelta(days=62)  # a terminal silent for longer proves nothing about these dates


class TerminalProof:
    """The history of these terminals around a span of dates; four queries in all."""

    def __init__(
        self, session: Session, terminals: Sequence[Terminal], first: date, last: date
    ) -> None:
        ids = [terminal.id for terminal in terminals]
        self._gaps: dict[int, list[Gap]] = defaultdict(list)
        self._wrong_clock: dict[int, list[datetime]] = defaultdict(list)
        self._right_clock: dict[int, list[datetime]] = defaultdict(list)
        self._outages: dict[int, list[TerminalOutage]] = defaultdict(list)
        if not ids:
            return
        since = datetime.combine(first - ONE_DAY, time(), UTC)
        for gap in terminal_queries.gaps(session, ids, since):
            self._gaps[gap.terminal_id].append(gap)
        until = since + (last - first) + FORGOTTEN
        self._load_wrong_clocks(session, terminals, since, until)
        self._load_right_clocks(session, since, until)
        for outage in session.scalars(
            select(TerminalOutage).where(
                TerminalOutage.unit_id.in_({terminal.unit_id for terminal in terminals}),
                TerminalOutage.first_day <= last,
                TerminalOutage.last_day >= first,
            )
        ):
            self._outages[outage.unit_id].append(outage)

    def _load_wrong_clocks(
        self, session: Session, terminals: Sequence[Terminal], since: datetime, until: datetime
    ) -> None:
        """When each clock was found wrong, unless people have corrected that span since."""
        ids = [terminal.id for terminal in terminals]
        zones = {each.id: ZoneInfo(each.unit.time_zone) for each in terminals}
        corrected: dict[int, list[ClockCorrection]] = defaultdict(list)
        for correction in session.scalars(
            select(ClockCorrection).where(ClockCorrection.terminal_id.in_(ids))
        ):
            corrected[correction.terminal_id].append(correction)
        is_wrong = or_(
            func.abs(TerminalContact.clock_offset) > CLOCK_OFF_S,
            TerminalContact.problem_code == terminal_queries.CLOCK_UNKNOWN,
        )
        for contact in session.scalars(
            select(TerminalContact).where(
                is_wrong,
                or_(
                    TerminalContact.terminal_id.in_(ids) & TerminalContact.at.between(since, until),
                    TerminalContact.id.in_(_last_measured_before(since, ids)),
                ),
            )
        ):
            shown = contact.at + timedelta(seconds=contact.clock_offset or 0)
            local = f"{shown.astimezone(zones[contact.terminal_id]):%Y-%m-%d %H:%M:%S}"
            if not any(
                each.local_from <= local <= each.local_to for each in corrected[contact.terminal_id]
            ):
                self._wrong_clock[contact.terminal_id].append(contact.at)

    def _load_right_clocks(self, session: Session, since: datetime, until: datetime) -> None:
        """When the clocks that were ever found wrong were found right."""
        for terminal_id in self._wrong_clock:
            self._right_clock[terminal_id] += session.scalars(
                select(TerminalContact.at)
                .where(
                    TerminalContact.terminal_id == terminal_id,
                    TerminalContact.at.between(since, until),
                    func.abs(TerminalContact.clock_offset) <= CLOCK_OFF_S,
                )
                .order_by(TerminalContact.at)
            )

    def complete_up_to(self, terminal: Terminal, plan: DayPlan) -> datetime | None:
        """Up to when this terminal is proven read, as far as the day's window is concerned.

        Records that a clearing destroyed unread are not read, however far later reads got.
        """
        for gap in self._gaps.get(terminal.id, ()):
            begins_before_the_end = gap.since is None or gap.since < plan.window_to
            if begins_before_the_end and gap.until > plan.window_from:
                return gap.since
        complete, retired = terminal.complete_up_to, terminal.retired_at
        if complete and retired and retired <= plan.window_to and complete >= retired:
            return plan.window_to  # nobody could scan there any more
        return complete

    def is_clock_known(self, terminal: Terminal, plan: DayPlan) -> bool:
        """Whether the clock was never found wrong from the last time it was found right before the
        window to the first time after it: in between nobody knows when it went wrong, or was set.
        What it shows later says nothing about this day."""
        if terminal.clock_offset is None:
            return False
        right = self._right_clock.get(terminal.id, [])
        before = bisect_right(right, plan.window_from)
        since = right[before - 1] if before else EVER
        settled = bisect_left(right, plan.window_to)
        until = right[settled] if settled < len(right) else FOR_EVER
        return not any(since <= at <= until for at in self._wrong_clock.get(terminal.id, ()))

    def is_declared_out(self, terminal: Terminal, day: date) -> bool:
        """Whether people declared the terminal, or all of its unit, out of order on a date."""
        return any(
            outage.first_day <= day <= outage.last_day and outage.terminal_id in (None, terminal.id)
            for outage in self._outages.get(terminal.unit_id, ())
        )


def _last_measured_before(moment: datetime, terminal_ids: Sequence[int]) -> Select[tuple[int]]:
    """The contact of each of these terminals that showed its clock last before a moment."""
    last = (
        select(TerminalContact.id)
        .where(
            TerminalContact.terminal_id == Terminal.id,
            TerminalContact.at < moment,
            or_(
                TerminalContact.clock_offset.is_not(None),
                TerminalContact.problem_code == terminal_queries.CLOCK_UNKNOWN,
            ),
        )
        .order_by(TerminalContact.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return select(last).where(Terminal.id.in_(terminal_ids))
