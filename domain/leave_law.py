"""Leave law (aturan cuti): who may ask what, how long, with which papers; by effective date.

`check` gives remarks to the people who decide; it never refuses anything by itself. Sources stand
beside each rule. Where a regulation could not be read in full its rule is what practice quotes
from it, and BKD confirms it before it is relied on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.cases import CaseKind, HalfDay
from domain.day_facts import half_on
from domain.people import Employment
from domain.work_calendar import DayKind, DayPlan

PNS = frozenset({Employment.PNS, Employment.CPNS})
PPPK = frozenset({Employment.PPPK, Employment.PPPK_PART_TIME})
EVERYBODY = PNS | PPPK


class CountedIn(StrEnum):
    """In what a length is counted."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"  # calendar months


class Paper(StrEnum):
    """What must lie in the file (berkas)."""

    LEAVE_FORM = "leave_form"  # Formulir Permintaan dan Pemberian Cuti
    DOCTOR = "doctor"  # surat keterangan dokter
    GOVERNMENT_DOCTOR = "government_doctor"
    BIRTH = "birth"  # HPL or birth letter
    PROOF_OF_REASON = "proof_of_reason"  # rawat inap, RT letter
    PPK_DECISION = "ppk_decision"  # decision of the PPK after Kepala BKN
    SUPERVISOR_LETTER = "supervisor_letter"  # surat izin atasan
    DUTY_LETTER = "duty_letter"  # surat tugas, SPT


class RemarkCode(StrEnum):
    """What the decider should know before deciding (catatan)."""

    NOT_FOR_EMPLOYMENT = "not_for_employment"
    SERVICE_TOO_SHORT = "service_too_short"
    FIRST_YEAR_REASONS_ONLY = "first_year_reasons_only"
    NEEDS_CARRY_OVER = "needs_carry_over"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    NO_WORKING_DAY = "no_working_day"
    SHORT_NOTICE = "short_notice"
    PAPER_NEEDED = "paper_needed"
    NO_RULE_KNOWN = "no_rule_known"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark: its code, the number or paper it speaks of, and the source of the rule."""

    code: RemarkCode
    amount: int | None = None
    counted_in: CountedIn | None = None
    paper: Paper | None = None
    source: str = ""


@dataclass(frozen=True)
class Papers:
    """Papers asked for from a number of calendar days on."""

    papers: tuple[Paper, ...]
    from_days: int = 1


@dataclass(frozen=True)
class LeaveRule:
    """One kind of leave for some forms of employment, from a date on.

    `longest` in `counted_in`; `carried` is what carry-over can make of it. `service_years` are
    full years of unbroken service; `first_year_days` what those below may have instead.
    """

    kind: CaseKind
    employment: frozenset[Employment]
    first_day: date
    source: str
    longest: int | None = None
    counted_in: CountedIn = CountedIn.CALENDAR_DAYS
    carried: int | None = None
    service_years: int = 0
    first_year_days: int | None = None
    whole_days_only: bool = False
    papers: tuple[Papers, ...] = ()


_PNS_LAW = date(2021, 7, 26)  # Peraturan BKN 7/2021 in force
_PPPK_LAW = date(2022, 1, 1)  # Peraturan BKN 7/2022; the day in that year is to be confirmed
_FORM = Papers((Paper.LEAVE_FORM,))
_PP11 = "PP 11/2017 jo PP 17/2020; Peraturan BKN 24/2017 jo 7/2021"
_PP49 = "PP 49/2018 ps. 77-93; Peraturan BKN 7/2022"
_PRACTICE = "praktik setempat, dikonfirmasi BKD"
_ILLNESS = (
    Papers((Paper.DOCTOR,)),
    Papers((Paper.LEAVE_FORM,), from_days=2),
    Papers((Paper.GOVERNMENT_DOCTOR,), from_days=15),
)

RULES: tuple[LeaveRule, ...] = (
    LeaveRule(
        CaseKind.ANNUAL,
        PNS,
        _PNS_LAW,
        f"{_PP11} (tahunan, ps. 311-315)",
        longest=12,
        counted_in=CountedIn.WORKING_DAYS,
        carried=24,
        service_years=1,
        whole_days_only=True,
        papers=(_FORM,),
    ),
    LeaveRule(
        CaseKind.ANNUAL,
        PPPK,
        _PPPK_LAW,
        _PP49,
        longest=12,
        counted_in=CountedIn.WORKING_DAYS,
        carried=24,
        service_years=1,
        first_year_days=6,  # illness or death of close family, first marriage; later deducted
        whole_days_only=True,
        papers=(_FORM,),
    ),
    LeaveRule(
        CaseKind.SICK,
        PNS,
        _PNS_LAW,
        f"{_PP11} (sakit: 1 tahun, dapat ditambah 6 bulan oleh tim penguji kesehatan)",
        longest=12,
        counted_in=CountedIn.MONTHS,
        papers=_ILLNESS,
    ),
    LeaveRule(
        CaseKind.SICK,
        PPPK,
        _PPPK_LAW,
        f"{_PP49} (sakit: 1 bulan)",
        longest=1,
        counted_in=CountedIn.MONTHS,
        papers=_ILLNESS,
    ),
    LeaveRule(
        CaseKind.MATERNITY,
        PNS,
        _PNS_LAW,
        f"{_PP11} (melahirkan: anak ke-1 sampai ke-3; berikutnya cuti besar)",
        longest=3,
        counted_in=CountedIn.MONTHS,
        papers=(Papers((Paper.LEAVE_FORM, Paper.BIRTH)),),
    ),
    LeaveRule(
        CaseKind.MATERNITY,
        PPPK,
        _PPPK_LAW,
        _PP49,
        longest=3,
        counted_in=CountedIn.MONTHS,
        papers=(Papers((Paper.LEAVE_FORM, Paper.BIRTH)),),
    ),
    LeaveRule(
        CaseKind.IMPORTANT,
        PNS,
        _PNS_LAW,
        f"{_PP11} (alasan penting: paling lama 1 bulan, ditetapkan PyBMC)",
        longest=1,
        counted_in=CountedIn.MONTHS,
        papers=(Papers((Paper.LEAVE_FORM, Paper.PROOF_OF_REASON)),),
    ),
    LeaveRule(
        CaseKind.LONG,
        PNS,
        _PNS_LAW,
        f"{_PP11} (besar: 5 tahun terus-menerus; tidak berlaku untuk haji pertama, anak ke-4)",
        longest=3,
        counted_in=CountedIn.MONTHS,
        service_years=5,
        papers=(_FORM,),
    ),
    LeaveRule(
        CaseKind.UNPAID,
        PNS,
        _PNS_LAW,
        f"{_PP11} (CLTN: 3 tahun, diperpanjang 1 tahun)",
        longest=48,
        counted_in=CountedIn.MONTHS,
        service_years=5,
        papers=(Papers((Paper.LEAVE_FORM, Paper.PPK_DECISION)),),
    ),
    LeaveRule(
        CaseKind.PERMISSION,
        EVERYBODY,
        date.min,
        _PRACTICE,
        papers=(Papers((Paper.SUPERVISOR_LETTER,)),),
    ),
    LeaveRule(
        CaseKind.DUTY,
        EVERYBODY,
        date.min,
        _PRACTICE,
        papers=(Papers((Paper.DUTY_LETTER,)),),
    ),
)

NOT_LEAVE = frozenset({CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT, CaseKind.CORRECTION})
"""Kinds no law of leave speaks of."""

PLANNED = frozenset({CaseKind.ANNUAL, CaseKind.LONG, CaseKind.UNPAID})
"""Kinds one can ask for in time."""


def rule_for(
    kind: CaseKind, employment: Employment, day: date, rules: Iterable[LeaveRule] = RULES
) -> LeaveRule | None:
    """The newest rule in force on `day` for this kind and employment."""
    in_force = [
        rule
        for rule in rules
        if rule.kind is kind and employment in rule.employment and rule.first_day <= day
    ]
    return max(in_force, key=lambda rule: rule.first_day, default=None)


def check(
    kind: CaseKind,
    employment: Employment,
    start: date,
    end: date,
    *,
    working_half_days: int | None = None,
    service_from: date | None = None,
    notice_working_days: int | None = None,
    notice_wanted: int = 7,
    rules: Iterable[LeaveRule] = RULES,
) -> list[Remark]:
    """Remarks to the decider about a request from `start` to `end`, both included.

    What is not handed in is not remarked on: `working_half_days` needs a calendar (see
    `count_half_days`), `service_from` the roster, `notice_working_days` how many working days lie
    before the start (practice: 7). Never raises for a strange request.
    """
    if kind in NOT_LEAVE:
        return []
    rules = tuple(rules)
    rule = rule_for(kind, employment, start, rules)
    if rule is None:
        return [_without_rule(kind, start, rules)]
    remarks = _about_service(rule, start, service_from, working_half_days)
    remarks += _about_length(rule, start, end, working_half_days)
    if kind in PLANNED and notice_working_days is not None and notice_working_days < notice_wanted:
        remarks.append(
            Remark(RemarkCode.SHORT_NOTICE, notice_wanted, CountedIn.WORKING_DAYS, source=_PRACTICE)
        )
    return remarks + _about_papers(rule, (end - start).days + 1)


def _without_rule(kind: CaseKind, day: date, rules: tuple[LeaveRule, ...]) -> Remark:
    """Others have this kind of leave, but not this form of employment; or no rule is that old."""
    others = [rule for rule in rules if rule.kind is kind and rule.first_day <= day]
    if others:
        return Remark(RemarkCode.NOT_FOR_EMPLOYMENT, source=_PP49)
    return Remark(RemarkCode.NO_RULE_KNOWN)


def _about_service(
    rule: LeaveRule, start: date, service_from: date | None, half_days: int | None
) -> list[Remark]:
    if service_from is None or full_years(service_from, start) >= rule.service_years:
        return []
    if rule.first_year_days is None:
        return [Remark(RemarkCode.SERVICE_TOO_SHORT, rule.service_years, source=rule.source)]
    allowed = rule.first_year_days
    remark = Remark(
        RemarkCode.FIRST_YEAR_REASONS_ONLY, allowed, CountedIn.WORKING_DAYS, source=rule.source
    )
    if half_days is not None and half_days > 2 * allowed:
        return [remark, _too_long(rule, allowed)]
    return [remark]


def _about_length(rule: LeaveRule, start: date, end: date, half_days: int | None) -> list[Remark]:
    remarks = []
    if half_days == 0:
        remarks.append(Remark(RemarkCode.NO_WORKING_DAY))
    if rule.whole_days_only and half_days is not None and half_days % 2:
        remarks.append(Remark(RemarkCode.TOO_SHORT, 1, CountedIn.WORKING_DAYS, source=rule.source))
    if rule.longest is None:
        return remarks
    if rule.counted_in is CountedIn.MONTHS:
        if end >= months_after(start, rule.longest):
            remarks.append(_too_long(rule, rule.longest))
    elif half_days is not None and half_days > 2 * (rule.carried or rule.longest):
        remarks.append(_too_long(rule, rule.carried or rule.longest))
    elif half_days is not None and half_days > 2 * rule.longest:
        remarks.append(
            Remark(RemarkCode.NEEDS_CARRY_OVER, rule.longest, rule.counted_in, source=rule.source)
        )
    return remarks


def _too_long(rule: LeaveRule, longest: int) -> Remark:
    return Remark(RemarkCode.TOO_LONG, longest, rule.counted_in, source=rule.source)


def _about_papers(rule: LeaveRule, calendar_days: int) -> list[Remark]:
    return [
        Remark(RemarkCode.PAPER_NEEDED, paper=paper, source=rule.source)
        for each in rule.papers
        if calendar_days >= each.from_days
        for paper in each.papers
    ]


def full_years(since: date, day: date) -> int:
    """Full years from a date to another."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def months_after(start: date, months: int) -> date:
    """The first day after a leave of whole calendar months: 31 Jan + 1 month = 1 Mar."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:  # no such day in that month: the leave reaches its end
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


def count_half_days(
    plans: Iterable[DayPlan], start: date, start_half: HalfDay, end: date, end_half: HalfDay
) -> int:
    """Length of a leave in half working days of that person: holidays and days off cost nothing."""
    halves = 0
    for plan in plans:
        half = half_on(plan.day, start, start_half, end, end_half)
        if half is not None and plan.kind in (DayKind.WORK, DayKind.WFA):
            halves += 2 if half is HalfDay.FULL else 1
    return halves
