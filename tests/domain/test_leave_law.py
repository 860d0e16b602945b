"""Leave law as remarks to the decider; the source stands beside each rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.cases import CaseKind, HalfDay
from domain.leave_law import (
    RULES,
    CountedIn,
    LeaveRule,
    Paper,
    RemarkCode,
    check,
    count_half_days,
    full_years,
    months_after,
    rule_for,
)
from domain.patterns import BUILT_IN
from domain.people import Employment
from domain.work_calendar import CalendarKind, plan_days
from tests.domain.holidays_of import holidays_of
from tests.domain.world import entry, rules

MONDAY = date(2026, 12, 7)
SINCE_2015 = date(2015, 3, 1)


def days(count):
    """A span of that many calendar days from a Monday."""
    return MONDAY, MONDAY + timedelta(days=count - 1)


def codes(kind, employment, span, **known):
    return [remark.code for remark in check(kind, employment, *span, **known)]


def papers(kind, employment, span):
    return [r.paper for r in check(kind, employment, *span) if r.paper is not None]


# PP 49/2018 ps. 77-93: tahunan, sakit, melahirkan, bersama only
@pytest.mark.parametrize("kind", [CaseKind.IMPORTANT, CaseKind.LONG, CaseKind.UNPAID])
@pytest.mark.parametrize("employment", [Employment.PPPK, Employment.PPPK_PART_TIME])
def test_a_pppk_has_no_long_important_or_unpaid_leave(kind, employment):
    assert codes(kind, employment, days(3)) == [RemarkCode.NOT_FOR_EMPLOYMENT]
    assert RemarkCode.NOT_FOR_EMPLOYMENT not in codes(kind, Employment.PNS, days(3))


@pytest.mark.parametrize(
    ("working_days", "code"),
    [
        (1, None),
        (12, None),  # PP 11/2017: 12 working days
        (13, RemarkCode.NEEDS_CARRY_OVER),  # 18 with the rest of last year
        (24, RemarkCode.NEEDS_CARRY_OVER),  # 24 after two unused years
        (25, RemarkCode.TOO_LONG),
    ],
)
@pytest.mark.parametrize("employment", [Employment.PNS, Employment.PPPK])
def test_annual_leave_is_twelve_working_days_and_more_only_by_carry_over(
    employment, working_days, code
):
    found = codes(
        CaseKind.ANNUAL,
        employment,
        days(working_days),
        working_half_days=2 * working_days,
        service_from=SINCE_2015,
    )
    assert [c for c in found if c is not RemarkCode.PAPER_NEEDED] == ([code] if code else [])


def test_annual_leave_needs_a_year_of_service_of_a_cpns():
    known = {"service_from": date(2026, 3, 1)}
    assert RemarkCode.SERVICE_TOO_SHORT in codes(CaseKind.ANNUAL, Employment.CPNS, days(1), **known)


def test_a_pppk_in_the_first_year_has_six_days_for_family_or_marriage():
    known = {"service_from": date(2026, 3, 1), "working_half_days": 14}
    found = codes(CaseKind.ANNUAL, Employment.PPPK, days(7), **known)
    assert RemarkCode.FIRST_YEAR_REASONS_ONLY in found and RemarkCode.TOO_LONG in found
    shorter = codes(
        CaseKind.ANNUAL,
        Employment.PPPK,
        days(6),
        service_from=date(2026, 3, 1),
        working_half_days=12,
    )
    assert RemarkCode.TOO_LONG not in shorter


# PP 11/2017, Peraturan BKN 24/2017: one day a doctor's letter, up to 14 the request too, then a
# government doctor
@pytest.mark.parametrize(
    ("length", "wanted"),
    [
        (1, [Paper.DOCTOR]),
        (2, [Paper.DOCTOR, Paper.LEAVE_FORM]),
        (14, [Paper.DOCTOR, Paper.LEAVE_FORM]),
        (15, [Paper.DOCTOR, Paper.LEAVE_FORM, Paper.GOVERNMENT_DOCTOR]),
    ],
)
@pytest.mark.parametrize("employment", [Employment.PNS, Employment.PPPK])
def test_the_papers_of_an_illness_grow_with_its_length(employment, length, wanted):
    assert papers(CaseKind.SICK, employment, days(length)) == wanted


@pytest.mark.parametrize(
    ("kind", "employment", "last_day", "too_long"),
    [
        (CaseKind.SICK, Employment.PNS, date(2027, 12, 6), False),  # one year
        (CaseKind.SICK, Employment.PNS, date(2027, 12, 7), True),
        (CaseKind.SICK, Employment.PPPK, date(2027, 1, 6), False),  # one month
        (CaseKind.SICK, Employment.PPPK, date(2027, 1, 7), True),
        (CaseKind.MATERNITY, Employment.PNS, date(2027, 3, 6), False),  # three months
        (CaseKind.MATERNITY, Employment.PPPK, date(2027, 3, 7), True),
        (CaseKind.IMPORTANT, Employment.PNS, date(2027, 1, 6), False),  # one month
        (CaseKind.IMPORTANT, Employment.PNS, date(2027, 1, 7), True),
        (CaseKind.LONG, Employment.PNS, date(2027, 3, 6), False),  # three months
        (CaseKind.LONG, Employment.PNS, date(2027, 3, 7), True),
        (CaseKind.UNPAID, Employment.PNS, date(2030, 12, 6), False),  # three years and one
        (CaseKind.UNPAID, Employment.PNS, date(2030, 12, 7), True),
    ],
)
def test_leave_counted_in_months_ends_the_day_before_its_date(kind, employment, last_day, too_long):
    found = codes(kind, employment, (MONDAY, last_day))
    assert (RemarkCode.TOO_LONG in found) is too_long


@pytest.mark.parametrize("kind", [CaseKind.LONG, CaseKind.UNPAID])
@pytest.mark.parametrize(
    ("since", "short"), [(date(2021, 12, 8), True), (date(2021, 12, 7), False)]
)
def test_long_and_unpaid_leave_need_five_years_of_service(kind, since, short):
    found = codes(kind, Employment.PNS, days(30), service_from=since)
    assert (RemarkCode.SERVICE_TOO_SHORT in found) is short


def test_planned_leave_wants_seven_working_days_of_notice_and_illness_does_not():
    late = {"notice_working_days": 2}
    assert RemarkCode.SHORT_NOTICE in codes(CaseKind.ANNUAL, Employment.PNS, days(1), **late)
    assert RemarkCode.SHORT_NOTICE not in codes(CaseKind.SICK, Employment.PNS, days(1), **late)
    wanted = {"notice_working_days": 2, "notice_wanted": 2}
    assert RemarkCode.SHORT_NOTICE not in codes(CaseKind.ANNUAL, Employment.PNS, days(1), **wanted)


def test_half_a_day_of_annual_leave_is_below_its_smallest_day():
    found = codes(CaseKind.ANNUAL, Employment.PNS, days(1), working_half_days=1)
    assert RemarkCode.TOO_SHORT in found


def test_leave_over_free_days_only_has_no_working_day():
    found = codes(CaseKind.ANNUAL, Employment.PNS, days(1), working_half_days=0)
    assert RemarkCode.NO_WORKING_DAY in found


def test_duty_and_permission_ask_for_their_letters_of_everybody():
    for employment in Employment:
        assert papers(CaseKind.DUTY, employment, days(1)) == [Paper.DUTY_LETTER]
        assert papers(CaseKind.PERMISSION, employment, days(1)) == [Paper.SUPERVISOR_LETTER]


@pytest.mark.parametrize("kind", [CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT, CaseKind.CORRECTION])
def test_no_law_of_leave_speaks_of_clock_times_and_corrections(kind):
    assert check(kind, Employment.PNS, *days(1)) == []


def test_before_the_first_rule_nothing_is_claimed():
    old = date(2019, 5, 6)
    assert codes(CaseKind.ANNUAL, Employment.PNS, (old, old)) == [RemarkCode.NO_RULE_KNOWN]


def test_a_newer_rule_holds_from_its_date_on():
    newer = LeaveRule(
        CaseKind.ANNUAL,
        frozenset({Employment.PNS}),
        date(2027, 1, 1),
        "RPP",
        longest=15,
        counted_in=CountedIn.WORKING_DAYS,
    )
    both = (*RULES, newer)
    assert rule_for(CaseKind.ANNUAL, Employment.PNS, date(2026, 12, 31), both).longest == 12
    assert rule_for(CaseKind.ANNUAL, Employment.PNS, date(2027, 1, 1), both).longest == 15


def test_every_rule_names_its_source_and_every_kind_of_leave_has_one():
    assert all(rule.source for rule in RULES)
    for kind in (CaseKind.ANNUAL, CaseKind.SICK, CaseKind.MATERNITY):
        for employment in Employment:
            assert rule_for(kind, employment, MONDAY) is not None


@pytest.mark.parametrize("kind", list(CaseKind))
@pytest.mark.parametrize("employment", list(Employment))
def test_a_strange_request_gets_remarks_and_no_error(kind, employment):
    check(kind, employment, MONDAY, MONDAY - timedelta(days=400), working_half_days=0)
    check(kind, employment, MONDAY, date(2090, 1, 1), working_half_days=99999)


@pytest.mark.parametrize(
    ("start", "months", "after"),
    [
        (date(2027, 1, 31), 1, date(2027, 3, 1)),
        (date(2026, 12, 7), 1, date(2027, 1, 7)),
        (date(2026, 11, 30), 3, date(2027, 3, 1)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2027, 10, 31), 1, date(2027, 12, 1)),
        (date(2028, 2, 29), 12, date(2029, 3, 1)),
    ],
)
def test_months_after_a_date(start, months, after):
    assert months_after(start, months) == after


def test_full_years_turn_on_the_day_itself():
    assert full_years(date(2025, 12, 7), date(2026, 12, 6)) == 0
    assert full_years(date(2025, 12, 7), date(2026, 12, 7)) == 1


@pytest.mark.parametrize(("pattern", "halves"), [("5D", 12), ("6D", 14)])
def test_the_length_of_a_leave_skips_holidays_and_days_off(pattern, halves):
    """21 to 30 December 2026: the 24th is collective leave, the 25th Christmas."""
    fridays = entry(CalendarKind.WFA, date(2026, 12, 1), date(2026, 12, 31), weekdays="5")
    here = rules(BUILT_IN[pattern], *holidays_of(2026), fridays)
    start, end = date(2026, 12, 21), date(2026, 12, 30)
    plans = plan_days(start, end, lambda _: here)
    full = count_half_days(plans, start, HalfDay.FULL, end, HalfDay.FULL)
    assert full == halves
    assert count_half_days(plans, start, HalfDay.PM, end, HalfDay.AM) == full - 2


def test_a_wfa_friday_is_a_working_day_of_leave():
    friday = date(2026, 12, 11)
    here = rules(BUILT_IN["5D"], entry(CalendarKind.WFA, friday))
    plans = plan_days(friday, friday, lambda _: here)
    assert count_half_days(plans, friday, HalfDay.FULL, friday, HalfDay.FULL) == 2
