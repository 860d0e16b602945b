"""The attendance day (hari kehadiran): one pure function of what is known about one person's date.

`derive(facts, as_of)` gives the same day whatever order the facts came in. ABSENT is said only
when every need of `proof` holds; otherwise the day waits and says for what.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from domain.cases import CaseKind, HalfDay
from domain.day_facts import DayFacts, PunchFact
from domain.evidence import Evidence, Reason
from domain.excuses import NOTHING, Excuse, excuse_of
from domain.presence import Presence, presence_of, scans_of
from domain.proof import TERMINALS_TELL_ALL, doubts, news
from domain.why import why_of
from domain.work_calendar import DayKind


class DayStatus(StrEnum):
    """Main status of a day (keadaan hari); lateness and early leaving are minutes beside it."""

    PRESENT = "present"
    INCOMPLETE = "incomplete"  # a scan is missing
    ON_LEAVE = "on_leave"
    SICK = "sick"
    PERMISSION = "permission"
    ON_DUTY = "on_duty"
    WFA = "wfa"
    STUDY = "study"
    DAY_OFF = "day_off"
    AWAITING_DATA = "awaiting_data"
    AWAITING_DECISION = "awaiting_decision"
    ABSENT = "absent"


WAITING = frozenset({DayStatus.AWAITING_DATA, DayStatus.AWAITING_DECISION})


class Day(NamedTuple):
    """One person's date as derived. Instants are UTC, minutes whole.

    `kind` is the leading confirmed case, `excuse` the part of the date it explains. `final` means
    that neither time nor a known open question can change it: only a new fact. `reasons` name what
    it waits for or what deserves a look, `why` carries every fact that decided it.
    """

    employee_id: int
    day: date
    status: DayStatus
    kind: CaseKind | None
    first_in: datetime | None
    last_out: datetime | None
    late_minutes: int
    early_minutes: int
    missing_in: bool
    missing_out: bool
    excuse: HalfDay | None
    provisional: bool
    final: bool
    reasons: tuple[Reason, ...]
    why: list[Evidence]


AWAY_STATUS = {
    CaseKind.DUTY: DayStatus.ON_DUTY,
    CaseKind.SICK: DayStatus.SICK,
    CaseKind.PERMISSION: DayStatus.PERMISSION,
    CaseKind.LATE: DayStatus.PERMISSION,
    CaseKind.EARLY: DayStatus.PERMISSION,
    CaseKind.OUT: DayStatus.PERMISSION,
}
"""Any other kind of absence with a confirmed case is leave."""

FREE_STATUS = {
    DayKind.OFF: DayStatus.DAY_OFF,
    DayKind.HOLIDAY: DayStatus.DAY_OFF,
    DayKind.NOT_IN_SERVICE: DayStatus.DAY_OFF,
    DayKind.STUDY: DayStatus.STUDY,
}
"""Days on which nothing is expected and nothing can be missed."""

UNPLANNED = {DayKind.NO_ROSTER: Reason.NO_ROSTER, DayKind.NO_PATTERN: Reason.NO_PATTERN}

NO_PRESENCE = Presence()


def derive(facts: DayFacts, as_of: datetime) -> Day:
    """The day these facts amount to at `as_of`. Never raises on any facts; reads no clock."""
    kind = facts.plan.kind
    scans = scans_of(facts)
    excuse = excuse_of(facts) if facts.cases else NOTHING
    if kind is not DayKind.WORK and kind in FREE_STATUS:
        return _free_day(facts, as_of, scans, excuse)
    if excuse.half is HalfDay.FULL:
        return _day_away(facts, as_of, scans, excuse)
    if kind is DayKind.WORK:
        return _working_day(facts, as_of, scans, excuse)
    if kind is DayKind.WFA:
        return _settled(facts, as_of, scans, excuse, DayStatus.WFA)
    return _unplanned_day(facts, as_of, scans, excuse)


def _working_day(facts: DayFacts, as_of: datetime, scans: list[PunchFact], excuse: Excuse) -> Day:
    """A day with hours, of which at least a part is to be worked."""
    times = [scan.at for scan in scans]
    if excuse.told_scans:
        times = sorted({*times, *excuse.told_scans})
    if times or excuse.vouched:
        return _day_seen(facts, as_of, scans, excuse, presence_of(facts.plan, times, excuse))
    return _day_unseen(facts, as_of, excuse)


def _free_day(facts: DayFacts, as_of: datetime, scans: list[PunchFact], excuse: Excuse) -> Day:
    """A day off, or out of service. An open case about it takes nothing from it."""
    plan = facts.plan
    reasons: tuple[Reason, ...] = ()
    if plan.kind is DayKind.NOT_IN_SERVICE:
        reasons = (Reason.NOT_IN_SERVICE,)
    closed = as_of >= plan.window_to
    if not closed:
        reasons += (Reason.NOT_CLOSED_YET,)
    return _day(
        facts, scans, excuse, FREE_STATUS[plan.kind], _span_of(scans), reasons, final=closed
    )


def _day_away(facts: DayFacts, as_of: datetime, scans: list[PunchFact], excuse: Excuse) -> Day:
    """A whole day of leave, duty or permission; a scan does not undo it but deserves a look."""
    assert excuse.kind is not None
    status = AWAY_STATUS.get(excuse.kind, DayStatus.ON_LEAVE)
    look = (Reason.SCAN_DURING_LEAVE,) if scans and status is not DayStatus.ON_DUTY else ()
    return _settled(facts, as_of, scans, excuse, status, look)


def _settled(
    facts: DayFacts,
    as_of: datetime,
    scans: list[PunchFact],
    excuse: Excuse,
    status: DayStatus,
    look: tuple[Reason, ...] = (),
) -> Day:
    """A day whose status needs no scan; final unless time, a decision or a paper is missing."""
    waits = news(facts, as_of) + _paper_missing(excuse)
    if as_of < facts.plan.window_to:
        waits += (Reason.NOT_CLOSED_YET,)
    return _day(facts, scans, excuse, status, _span_of(scans), waits + look, final=not waits)


def _unplanned_day(facts: DayFacts, as_of: datetime, scans: list[PunchFact], excuse: Excuse) -> Day:
    """No roster or pattern tells what was expected: waiting, whatever the scans say."""
    word = news(facts, as_of)
    status = DayStatus.AWAITING_DECISION if word else DayStatus.AWAITING_DATA
    reasons = (*word, UNPLANNED[facts.plan.kind])
    return _day(facts, scans, excuse, status, _span_of(scans), reasons, final=False)


def _day_seen(
    facts: DayFacts,
    as_of: datetime,
    scans: list[PunchFact],
    excuse: Excuse,
    presence: Presence,
) -> Day:
    """Somebody was there. What is missing or short needs the same proof as an absence."""
    word = news(facts, as_of)
    waits = word + _paper_missing(excuse)
    if as_of < facts.plan.window_to:
        so_far = Presence(presence.first_in, presence.last_out, presence.late_minutes)
        waits += (Reason.NOT_CLOSED_YET,)
        return _day(facts, scans, excuse, DayStatus.PRESENT, so_far, waits, final=False)
    if not presence.is_blemished:
        return _day(facts, scans, excuse, DayStatus.PRESENT, presence, waits, final=not waits)
    data = doubts(facts, TERMINALS_TELL_ALL, facts.plan.window_to)
    if any(scan.doubtful for scan in scans):
        data += (Reason.DOUBTFUL_SCAN,)
    status = DayStatus.PRESENT
    if presence.is_incomplete:
        status = _judged(word, data, DayStatus.INCOMPLETE)
    if status in WAITING:
        presence = presence._replace(missing_in=False, missing_out=False)
    waits += data
    return _day(facts, scans, excuse, status, presence, waits, final=not waits, with_terminals=True)


def _judged(word: tuple[Reason, ...], data: tuple[Reason, ...], proven: DayStatus) -> DayStatus:
    """`proven` only when nothing is open: news waits for people, gaps wait for terminals."""
    if word:
        return DayStatus.AWAITING_DECISION
    return DayStatus.AWAITING_DATA if data else proven


def _day_unseen(facts: DayFacts, as_of: datetime, excuse: Excuse) -> Day:
    """No scan at all: before the day closes a question at most, afterwards absent if proven."""
    word = news(facts, as_of)
    data = _data_doubts(facts, as_of)
    # Half a day explained and the other half not is no absence: its two scans are missing.
    proven = DayStatus.ABSENT if excuse.half is None else DayStatus.INCOMPLETE
    status = _judged(word, data, proven)
    halved = status is DayStatus.INCOMPLETE
    waits = word + _paper_missing(excuse) + data
    return _day(
        facts,
        [],
        excuse,
        status,
        Presence(missing_in=halved, missing_out=halved),
        waits,
        final=not waits,
        with_terminals=Reason.NOT_DUE not in data,
    )


def _paper_missing(excuse: Excuse) -> tuple[Reason, ...]:
    return (Reason.PROVISIONAL,) if excuse.provisional else ()


def _data_doubts(facts: DayFacts, as_of: datetime) -> tuple[Reason, ...]:
    """What the clock and the terminals leave open about a person nobody saw."""
    plan = facts.plan
    assert plan.cutoff is not None
    if as_of < plan.cutoff:
        return (Reason.NOT_DUE,)
    if as_of < plan.window_to:
        return (Reason.NOT_CLOSED_YET, *doubts(facts, TERMINALS_TELL_ALL, plan.cutoff))
    return doubts(facts, TERMINALS_TELL_ALL, plan.window_to)


def _span_of(scans: list[PunchFact]) -> Presence:
    """First and last scan of a day without hours to compare them with."""
    if not scans:
        return NO_PRESENCE
    return Presence(scans[0].at, scans[-1].at if len(scans) > 1 else None)


def _day(
    facts: DayFacts,
    scans: list[PunchFact],
    excuse: Excuse,
    status: DayStatus,
    presence: Presence,
    reasons: tuple[Reason, ...],
    *,
    final: bool,
    with_terminals: bool = False,
) -> Day:
    return Day(
        facts.employee_id,
        facts.plan.day,
        status,
        excuse.kind,
        *presence,
        excuse.half,
        excuse.provisional,
        final,
        reasons,
        why_of(facts, scans, reasons, with_terminals=with_terminals),
    )
