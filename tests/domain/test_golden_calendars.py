"""Golden calendars 2026 and 2027: working days by month, counted by hand from the decrees."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from domain.patterns import BUILT_IN
from domain.work_calendar import CalendarKind, DayKind, plan_days
from tests.domain.holidays_of import holidays_of
from tests.domain.world import entry, rules

GOLDEN = {
    (2026, "5D"): [20, 18, 17, 21, 16, 20, 23, 19, 22, 22, 21, 21],
    (2026, "6D"): [25, 22, 20, 25, 21, 24, 27, 24, 26, 27, 25, 25],
    (2027, "5D"): [19, 19, 15, 22, 16, 21, 22, 21, 22, 21, 22, 22],
    (2027, "6D"): [24, 22, 19, 26, 20, 25, 27, 25, 26, 26, 26, 25],
}


def plans_of(year, pattern, *more):
    here = rules(BUILT_IN[pattern], *holidays_of(year), *more)
    return plan_days(date(year, 1, 1), date(year, 12, 31), lambda _: here)


@pytest.mark.parametrize(("year", "pattern"), GOLDEN)
def test_each_month_has_the_working_days_of_its_decree(year, pattern):
    counted = Counter(p.day.month for p in plans_of(year, pattern) if p.kind is DayKind.WORK)
    assert [counted[month] for month in range(1, 13)] == GOLDEN[year, pattern]


@pytest.mark.parametrize("year", [2026, 2027])
def test_every_date_of_a_year_has_exactly_one_plan(year):
    plans = plans_of(year, "5D")
    assert len({plan.day for plan in plans}) == len(plans) == 365


def test_the_lebaran_week_of_2026_is_free_and_the_wfa_days_after_it_are_wfa():
    """SKB 2026: 18 to 24 March; SE 000.8.3/1276/B.ORG-III/2026: WFA on 16-17 and 25-27 March."""
    wfa = [
        entry(CalendarKind.WFA, date(2026, 3, 16), date(2026, 3, 17)),
        entry(CalendarKind.WFA, date(2026, 3, 25), date(2026, 3, 27)),
    ]
    march = [p for p in plans_of(2026, "5D", *wfa) if p.day.month == 3]
    kinds = {p.day.day: p.kind for p in march}
    assert [kinds[day] for day in (16, 17)] == [DayKind.WFA] * 2
    assert [kinds[day] for day in (18, 19, 20, 23, 24)] == [DayKind.HOLIDAY] * 5
    assert [kinds[day] for day in (25, 26, 27)] == [DayKind.WFA] * 3
    assert kinds[30] is DayKind.WORK


def test_fridays_since_13_february_2026_are_wfa_unless_they_are_free():
    """SE Gubernur 100.3.4/739/B.ORG-III/2026."""
    fridays = entry(CalendarKind.WFA, date(2026, 2, 13), date(2026, 12, 31), weekdays="5")
    plans = [p for p in plans_of(2026, "5D", fridays) if p.day.isoweekday() == 5]
    by_kind = Counter(p.kind for p in plans)
    assert by_kind == {DayKind.WFA: 41, DayKind.WORK: 5, DayKind.HOLIDAY: 6}
