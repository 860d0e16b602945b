"""What confirmed cases excuse on one date (pengecualian): halves, clock times, forgotten scans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.cases import CaseKind, CaseStatus, HalfDay
from domain.day_facts import CaseFact, Correction, DayFacts
from domain.work_calendar import ONE_DAY, DayPlan, at_local

Interval = tuple[datetime, datetime]

AWAY_KINDS = (
    CaseKind.DUTY,
    CaseKind.SICK,
    CaseKind.MATERNITY,
    CaseKind.IMPORTANT,
    CaseKind.LONG,
    CaseKind.UNPAID,
    CaseKind.ANNUAL,
    CaseKind.PERMISSION,
)
"""Kinds that explain a whole or half day away; where two meet the earlier one names the day."""

CLOCK_KINDS = (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT)


@dataclass(frozen=True, slots=True)
class Excuse:
    """What is excused on a date.

    `half` FULL, AM or PM is the part away on leave, duty or permission; `waived` the intervals
    whose minutes nobody counts; `any_late` and `any_early` waive them all (a permission without a
    clock time, an objection upheld). `told_scans` are the instants of forgotten scans; `vouched`
    says that the person was there whatever scan is missing. `kind` names the leading case.
    """

    kind: CaseKind | None = None
    half: HalfDay | None = None
    waived: tuple[Interval, ...] = ()
    any_late: bool = False
    any_early: bool = False
    told_scans: tuple[datetime, ...] = ()
    vouched: bool = False
    provisional: bool = False


NOTHING = Excuse()


def excuse_of(facts: DayFacts) -> Excuse:
    """What the confirmed cases of these facts excuse, whatever their order."""
    if not facts.cases:
        return NOTHING
    confirmed = sorted(
        (case for case in facts.cases if case.status is CaseStatus.CONFIRMED), key=_rank
    )
    if not confirmed:
        return NOTHING
    plan = facts.plan
    away = [case for case in confirmed if case.kind in AWAY_KINDS]
    half = _half_of(away)
    waived = _waived(plan, confirmed, half)
    corrections = [case for case in confirmed if case.kind is CaseKind.CORRECTION]
    upheld = any(case.correction is not Correction.FORGOT_SCAN for case in corrections)
    return Excuse(
        kind=confirmed[0].kind,
        half=HalfDay.FULL if _covers_all(plan, waived) else half,
        waived=waived,
        any_late=upheld or _whenever(CaseKind.LATE, confirmed),
        any_early=upheld or _whenever(CaseKind.EARLY, confirmed),
        told_scans=_told_scans(plan, corrections),
        vouched=upheld or any(not _has_clock(case) for case in corrections),
        provisional=any(case.provisional for case in away),
    )


def _covers_all(plan: DayPlan, waived: tuple[Interval, ...]) -> bool:
    """Half a day of leave and the rest out with permission is a whole day away."""
    if not waived or plan.starts is None or plan.ends is None:
        return False
    return minutes_not_waived(plan.starts, plan.ends, waived) == 0


def _whenever(kind: CaseKind, confirmed: list[CaseFact]) -> bool:
    """A permission without a clock time: whenever the person came or went."""
    return any(case.kind is kind and not _has_clock(case) for case in confirmed)


_ORDER = {kind: rank for rank, kind in enumerate((*AWAY_KINDS, *CLOCK_KINDS, CaseKind.CORRECTION))}


def _rank(case: CaseFact) -> tuple[bool, bool, bool, int, int]:
    """Away before clock times, whole before half, firm before provisional, then by kind."""
    return (
        case.kind not in AWAY_KINDS,
        case.half is not HalfDay.FULL,
        case.provisional,
        _ORDER[case.kind],
        case.case_id,
    )


def _half_of(away: list[CaseFact]) -> HalfDay | None:
    halves = {case.half for case in away}
    if HalfDay.FULL in halves or {HalfDay.AM, HalfDay.PM} <= halves:
        return HalfDay.FULL
    return halves.pop() if halves else None


def _waived(plan: DayPlan, confirmed: list[CaseFact], half: HalfDay | None) -> tuple[Interval, ...]:
    if plan.starts is None or plan.ends is None:
        return ()
    waived = [] if half in (None, HalfDay.FULL) else [_half_interval(plan, half)]
    for case in confirmed:
        if case.kind in CLOCK_KINDS and _has_clock(case):
            begins = instant_in(plan, case.time_from) if case.time_from else plan.starts
            until = instant_in(plan, case.time_to) if case.time_to else plan.ends
            if case.kind is CaseKind.LATE:
                begins, until = plan.starts, until if case.time_to else begins
            elif case.kind is CaseKind.EARLY:
                begins, until = begins if case.time_from else until, plan.ends
            if begins < until:
                waived.append((begins, until))
    return tuple(sorted(waived))


def _half_interval(plan: DayPlan, half: HalfDay | None) -> Interval:
    """The part away on a half day. An office's halves meet in the noon break, which belongs to
    either; a shift's, and a short Friday's, at the middle."""
    assert plan.starts is not None and plan.ends is not None
    middle = plan.starts + (plan.ends - plan.starts) / 2
    meets = (middle, middle)
    if not plan.is_shift:
        noon = (
            at_local(plan.day, plan.settings.noon_from, plan.zone),
            at_local(plan.day, plan.settings.noon_to, plan.zone),
        )
        if plan.starts < noon[0] and noon[1] < plan.ends:
            meets = noon
    return (plan.starts, meets[1]) if half is HalfDay.AM else (meets[0], plan.ends)


def instant_in(plan: DayPlan, local: time) -> datetime:
    """The instant of a clock time said about a working date; for a night shift the one of the two
    dates that lies nearer its hours."""
    same_day = at_local(plan.day, local, plan.zone)
    if plan.starts is None or plan.ends is None:
        return same_day
    next_day = same_day + ONE_DAY
    too_early, too_late = plan.starts - same_day, next_day - plan.ends
    return next_day if too_late < too_early else same_day


def _has_clock(case: CaseFact) -> bool:
    return case.time_from is not None or case.time_to is not None


def _told_scans(plan: DayPlan, corrections: list[CaseFact]) -> tuple[datetime, ...]:
    told = (t for case in corrections for t in (case.time_from, case.time_to) if t is not None)
    return tuple(sorted(instant_in(plan, local) for local in told))


def minutes_not_waived(begins: datetime, until: datetime, waived: tuple[Interval, ...]) -> int:
    """Whole minutes of an interval that no waiver covers."""
    left = until - begins
    reached = begins
    for waived_from, waived_to in waived:
        overlap = min(until, waived_to) - max(reached, waived_from)
        if overlap > timedelta(0):
            left -= overlap
        reached = max(reached, waived_to)
    return max(0, int(left.total_seconds()) // 60)
