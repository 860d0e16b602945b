"""Who is asked, told, corrected and alerted (pertanyaan, kabar, ralat, peringatan), and when.

Pure rules: they say what is due. The caller finds the recipients' numbers, keeps what was said as
proof and never says it twice (a notice's key is its class, employee, day, recipient, revision).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.days import WAITING, Day, DayStatus
from domain.evidence import Reason
from domain.messages import MessageClass
from domain.people import Stage
from domain.work_calendar import ONE_DAY, DayKind, DayPlan, at_local


class Audience(StrEnum):
    """Who is spoken to."""

    EMPLOYEE = "employee"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"
    KASUBAG = "kasubag"
    BKD = "bkd"


ALERTED_FOR = timedelta(days=7)


def heard_by(stage: Stage, *wanted: Audience) -> tuple[Audience, ...]:
    """Who hears it in a unit of that stage: nobody in *pantau*, only the operator in *uji*."""
    if stage is Stage.WATCH:
        return ()
    return (Audience.OPERATOR,) if stage is Stage.TRIAL else wanted


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that went out about this employee and date, as it was kept."""

    message_class: MessageClass
    audience: Audience
    recipient_id: int
    said: DayStatus
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """One employee's day as notices see it: who supervises them, what was said about it so far."""

    day: Day
    plan: DayPlan
    stage: Stage
    supervisor_id: int | None = None
    told: tuple[Told, ...] = ()
    is_listed: bool = False  # on a morning list of this supervisor


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to say about an employee's date to an audience; `said` is what they will believe.

    `recipient_id` is set where the recipient is known already (a correction, a supervisor).
    """

    message_class: MessageClass
    audience: Audience
    employee_id: int
    day: date
    said: DayStatus
    recipient_id: int | None = None
    revision: int = 0


# --- the same day: not seen by the cut-off ---------------------------------------------------


def is_not_seen_yet(day: Day, plan: DayPlan, now: datetime) -> bool:
    """Not seen by the cut-off (belum terekam), though every terminal was read up to it.

    Only who was scheduled and gave no word: no case, no draft, no message, no confirmed permission
    for the date. Any doubt about terminals stands in the reasons and silences the question.
    """
    return (
        plan.kind is DayKind.WORK
        and plan.cutoff is not None
        and plan.ends is not None
        and plan.cutoff <= now < plan.ends
        and day.status is DayStatus.AWAITING_DATA
        and day.reasons == (Reason.NOT_CLOSED_YET,)
        and day.kind is None
        and day.first_in is None
        and day.last_out is None
    )


def questions_due(watched: Iterable[Watched], now: datetime) -> list[Due]:
    """The polite cut-off question, once, to each who is not seen yet."""
    return [
        _due(MessageClass.CUTOFF_QUESTION, audience, each)
        for each in watched
        if is_not_seen_yet(each.day, each.plan, now)
        and not any(t.message_class is MessageClass.CUTOFF_QUESTION for t in each.told)
        for audience in heard_by(each.stage, Audience.EMPLOYEE)
    ]


@dataclass(frozen=True, slots=True)
class MorningList:
    """Daftar pagi of one supervisor: who of theirs is not seen."""

    supervisor_id: int
    day: date
    audience: Audience  # the operator while the unit is tried
    not_seen: tuple[int, ...]


def morning_lists(watched: Iterable[Watched], now: datetime) -> list[MorningList]:
    """One list for each supervisor with somebody not seen, in order of ids.

    Who stands on a list already is left out: a terminal that was read late gives a second list of
    those only who are new.
    """
    teams: dict[tuple[int, date, Stage], set[int]] = defaultdict(set)
    for each in watched:
        is_new = not each.is_listed and is_not_seen_yet(each.day, each.plan, now)
        if each.supervisor_id is not None and is_new:
            teams[each.supervisor_id, each.day.day, each.stage].add(each.day.employee_id)
    return [
        MorningList(supervisor_id, day, audience, tuple(sorted(not_seen)))
        for (supervisor_id, day, stage), not_seen in sorted(teams.items())
        for audience in heard_by(stage, Audience.SUPERVISOR)
    ]


# --- after the day closed --------------------------------------------------------------------


def tell_at(plan: DayPlan) -> datetime:
    """When people are told about a day: the first morning hour at or after it closed, UTC."""
    closed = plan.closes_at.astimezone(plan.zone).date()
    morning = at_local(closed, plan.settings.tell_from, plan.zone)
    return morning if morning >= plan.closes_at else morning + ONE_DAY


def alerts_due(watched: Iterable[Watched], now: datetime) -> list[Due]:
    """The next morning's alert about each proven absence, to the employee and the supervisor.

    Whoever heard it already is left out; whoever heard a correction since then hears it again.
    """
    return [
        _due(MessageClass.ABSENCE_ALERT, audience, each)
        for each in watched
        if each.day.status is DayStatus.ABSENT
        and is_alerted(each.day.day, now)
        and now >= tell_at(each.plan)
        for audience in heard_by(each.stage, Audience.EMPLOYEE, Audience.SUPERVISOR)
        if not _believes_absent(each, audience)
    ]


def _believes_absent(watched: Watched, audience: Audience) -> bool:
    heard = [told for told in watched.told if told.audience is audience]
    return bool(heard) and max(heard, key=_turn).said is DayStatus.ABSENT


def _turn(told: Told) -> tuple[int, bool]:
    """In which order things were said: question, alert, correction (a revision), alert again."""
    return told.revision, told.said is DayStatus.ABSENT


def _due(message_class: MessageClass, audience: Audience, watched: Watched) -> Due:
    heard = [told.revision for told in watched.told if told.audience is audience]
    return Due(
        message_class,
        audience,
        watched.day.employee_id,
        watched.day.day,
        watched.day.status,
        watched.supervisor_id if audience is Audience.SUPERVISOR else None,
        max(heard, default=0),
    )


# --- what was said and no longer holds -------------------------------------------------------


def corrections_due(watched: Watched) -> list[Due]:
    """The correction (ralat) for everybody whose last word from us about this day is wrong.

    Wrong is "absent" once the day is something else, and "not seen yet" once it shows that the
    person had been there by the cut-off. While the day waits nothing is said: it would only be the
    next guess.
    """
    day = watched.day
    if day.status in WAITING:
        return []
    last: dict[int, Told] = {}
    for each in sorted(watched.told, key=_turn):
        last[each.recipient_id] = each
    return [
        Due(
            MessageClass.CORRECTION,
            each.audience,
            day.employee_id,
            day.day,
            day.status,
            each.recipient_id,
            each.revision + 1,
        )
        for _, each in sorted(last.items())
        if _was_wrong(each, day, watched.plan)
    ]


def _was_wrong(told: Told, day: Day, plan: DayPlan) -> bool:
    if told.said is DayStatus.ABSENT:
        return day.status is not DayStatus.ABSENT
    return (
        told.said is DayStatus.AWAITING_DATA
        and plan.cutoff is not None
        and day.first_in is not None
        and day.first_in <= plan.cutoff
    )


# --- the ladder ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ladder:
    """After how many absent working days in a row who hears of it (tangga peringatan)."""

    kasubag_after: int = 3
    bkd_after: int = 10


_NEITHER_COUNTS_NOR_BREAKS = frozenset(
    {
        DayStatus.ON_LEAVE,
        DayStatus.SICK,
        DayStatus.PERMISSION,
        DayStatus.DAY_OFF,
        DayStatus.STUDY,
    }
)


def absences_in_a_row(days: Sequence[Day]) -> list[date]:
    """The dates of the unbroken run of absences that ends the given days (oldest first).

    Leave and days off in between neither count nor break the run. A day that waits breaks it: what
    is not proven is not counted, and the run is counted again when it is.
    """
    run: list[date] = []
    for day in reversed(days):
        if day.status is DayStatus.ABSENT:
            run.append(day.day)
        elif day.status not in _NEITHER_COUNTS_NOR_BREAKS:
            break
    return run[::-1]


def ladder_due(days: Sequence[Day], stage: Stage, ladder: Ladder) -> list[Due]:
    """What the run of absences that ends `days` (one employee, oldest first) asks to be said.

    Each step names the date that reached it, so that it is said once.
    """
    run = absences_in_a_row(days)
    steps = ((ladder.kasubag_after, Audience.KASUBAG), (ladder.bkd_after, Audience.BKD))
    return [
        Due(
            MessageClass.ABSENCE_ALERT,
            heard,
            days[-1].employee_id,
            run[after - 1],
            DayStatus.ABSENT,
        )
        for after, audience in steps
        if len(run) >= after
        for heard in heard_by(stage, audience)
    ]


# --- when to look ----------------------------------------------------------------------------


def look_at(day: Day, plan: DayPlan, as_of: datetime) -> datetime | None:
    """When a day derived at `as_of` may have something to say by itself; None when it has not.

    A correction is not foreseen here: it follows from what people were told.
    """
    if day.status is DayStatus.ABSENT:
        return max(as_of, tell_at(plan))
    return as_of if is_not_seen_yet(day, plan, as_of) else None


def look_again_at(watched: Watched, now: datetime) -> datetime | None:
    """After a look at `now`: when to look once more though no fact has touched the day.

    An absence is looked at each day for a week: a supervisor named later hears of it, and a
    day that turns into leave may close the gap in a run of absences.
    """
    if watched.day.status is not DayStatus.ABSENT or not is_alerted(watched.day.day, now):
        return None
    told_from = tell_at(watched.plan)
    return told_from if now < told_from else now + ONE_DAY


def is_alerted(day: date, now: datetime) -> bool:
    """True while an absence of that date is news; later only what was said is corrected."""
    return now.date() - day <= ALERTED_FOR


# --- waiting is not a way out ----------------------------------------------------------------


def ticket_due_at(plans_after: Iterable[DayPlan]) -> datetime | None:
    """When a day that still waits becomes a ticket and stands on the paper list: once the person's
    next working day has closed. None when no such day is among the plans that follow."""
    return next(
        (plan.closes_at for plan in plans_after if plan.kind in (DayKind.WORK, DayKind.WFA)), None
    )


def question_dies_at(plan: DayPlan) -> datetime:
    """After this a cut-off question makes no sense any more: half an hour before the end."""
    assert plan.ends is not None and plan.cutoff is not None
    return max(plan.cutoff, plan.ends - timedelta(minutes=30))
