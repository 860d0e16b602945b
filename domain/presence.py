"""What scans say of one day (kehadiran): first in, last out, what is missing, minutes lost.

The key a person pressed is never asked: in and out follow from where a scan lies in the hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from domain.day_facts import DayFacts, PunchFact
from domain.excuses import Excuse, Interval, minutes_not_waived
from domain.work_calendar import DayPlan


class Presence(NamedTuple):
    """What the scans of a working day amount to, in the order in which a day has it; minutes are
    whole and never negative."""

    first_in: datetime | None = None
    last_out: datetime | None = None
    late_minutes: int = 0
    early_minutes: int = 0
    missing_in: bool = False
    missing_out: bool = False

    @property
    def is_incomplete(self) -> bool:
        return self.missing_in or self.missing_out

    @property
    def is_blemished(self) -> bool:
        return any(self[2:])  # minutes lost, scans missing


def scans_of(facts: DayFacts) -> list[PunchFact]:
    """The scans that belong to this date, in order of time, whatever order they came in."""
    begins, until = facts.plan.window_from, facts.plan.window_to
    scans = [punch for punch in facts.punches if begins <= punch.at < until]
    if any(one.at >= other.at for one, other in pairwise(scans)):
        scans.sort(key=_in_order)
    return scans


def _in_order(punch: PunchFact) -> tuple[datetime, int, str, str, int, str]:
    """By time first; all other fields too, so that equal instants always stand alike in `why`."""
    key = -1 if punch.key is None else punch.key
    return punch.at, punch.terminal_id, punch.local, punch.source, key, punch.doubtful or ""


def presence_of(plan: DayPlan, times: list[datetime], excuse: Excuse) -> Presence:
    """Read the sorted instants of a working day's scans, forgotten ones that were told included."""
    assert plan.starts is not None and plan.ends is not None
    if not times:
        return Presence()
    begins, until = hours_left(plan.starts, plan.ends, excuse.waived)
    first_in, last_out = _in_and_out(plan, times, begins, until)
    late = early = 0
    if first_in is not None and not excuse.any_late and first_in > plan.starts:
        late = minutes_not_waived(plan.starts, min(first_in, plan.ends), excuse.waived)
    if last_out is not None and not excuse.any_early and last_out < plan.ends:
        early = minutes_not_waived(max(last_out, plan.starts), plan.ends, excuse.waived)
    settings = plan.settings
    return Presence(
        first_in,
        last_out,
        late if late > settings.late_grace_minutes else 0,
        early if early > settings.early_grace_minutes else 0,
        first_in is None and not excuse.vouched and not plan.joined_before,
        last_out is None and not excuse.vouched and not plan.joined_after,
    )


def hours_left(starts: datetime, ends: datetime, waived: tuple[Interval, ...]) -> Interval:
    """The hours a person is still expected: without what is waived at their two edges.

    A day waived wholly keeps its hours, so that its scans can still be read.
    """
    if not waived:
        return starts, ends
    begins, until = starts, ends
    for waived_from, waived_to in waived:
        if waived_from <= begins < waived_to:
            begins = waived_to
    for waived_from, waived_to in reversed(waived):
        if waived_from < until <= waived_to:
            until = waived_from
    return (begins, until) if begins < until else (starts, ends)


def _in_and_out(
    plan: DayPlan, times: list[datetime], begins: datetime, until: datetime
) -> tuple[datetime | None, datetime | None]:
    """First in and last out. Scans close together are one arrival or one departure, whichever edge
    of the hours is nearer: so a finger laid twice is no departure after five minutes."""
    first, last = times[0], times[-1]
    if _is_a_stay(plan, last - first, begins, until):
        return first, last
    if abs(first - begins) <= abs(until - last):
        return first, None
    return None, last


def _is_a_stay(plan: DayPlan, stay: timedelta, begins: datetime, until: datetime) -> bool:
    """Two scans are an arrival and a departure when an hour lies between them, or half of what the
    person had to stay, so that a short presence beside a permission still counts."""
    seconds = stay.total_seconds()
    if seconds < plan.settings.collapse_seconds:
        return False
    return seconds >= plan.settings.shortest_stay_minutes * 60 or stay >= (until - begins) / 2
