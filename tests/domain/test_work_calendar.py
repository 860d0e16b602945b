"""What a date asks of a person, and which instants belong to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.patterns import (
    BUILT_IN,
    FIVE_DAYS,
    SHIFT,
    SIX_DAYS,
    PatternVersion,
    ShiftHours,
    Span,
    WorkPattern,
    read_spans,
    store_spans,
)
from domain.work_calendar import (
    CalendarKind,
    DayKind,
    DaySettings,
    UnitCalendar,
    WorkRules,
    expected,
    plan_days,
)
from tests.domain.world import (
    FRIDAY,
    SATURDAY,
    SHIFTS,
    TUESDAY,
    WIB,
    WIT,
    WITA,
    at,
    entry,
    office,
    rules,
    ward,
)

NOVEMBER = date(2026, 11, 1)


def hours_of(plan):
    """('07:30', '16:00') local, or None."""
    if plan.starts is None:
        return None
    return tuple(f"{t.astimezone(plan.zone):%H:%M}" for t in (plan.starts, plan.ends))


# SE Gubernur Kaltim 000.8/3/1288/B.ORG-TU/2025; Ramadan: SE 003/4565/B.org-III
@pytest.mark.parametrize(
    ("pattern", "weekday", "ordinary", "ramadan"),
    [
        (FIVE_DAYS, 1, ("07:30", "16:00"), ("08:00", "15:30")),
        (FIVE_DAYS, 4, ("07:30", "16:00"), ("08:00", "15:30")),
        (FIVE_DAYS, 5, ("07:30", "11:00"), ("08:00", "11:00")),
        (FIVE_DAYS, 6, None, None),
        (FIVE_DAYS, 7, None, None),
        (SIX_DAYS, 1, ("07:30", "15:00"), ("08:00", "14:00")),
        (SIX_DAYS, 5, ("07:30", "11:30"), ("08:00", "11:25")),
        (SIX_DAYS, 6, ("07:30", "11:00"), ("08:00", "13:25")),
        (SIX_DAYS, 7, None, None),
    ],
)
def test_the_built_in_patterns_keep_the_governors_hours(pattern, weekday, ordinary, ramadan):
    day = date(2026, 11, 22) + timedelta(days=weekday)
    fasting = entry(CalendarKind.RAMADAN, day)
    for entries, hours in (((), ordinary), ((fasting,), ramadan)):
        here = rules(pattern, *entries)
        assert hours_of(expected(day, lambda _, here=here: here)) == hours


def test_the_week_has_the_hours_of_perpres_21_of_2023_with_the_break_inside():
    for pattern in (FIVE_DAYS, SIX_DAYS):
        spans = pattern.version_on(TUESDAY, in_ramadan=False).spans.values()
        minutes = sum(
            (s.ends.hour - s.starts.hour) * 60 + s.ends.minute - s.starts.minute for s in spans
        )
        saturday = 210 if pattern is SIX_DAYS else 0
        assert minutes in (37.5 * 60, 7.5 * 4 * 60 + 240 + saturday)


def test_before_the_first_decree_no_pattern_is_known_and_nobody_is_expected_or_accused():
    assert office(date(2024, 5, 7)).kind is DayKind.NO_PATTERN


def test_a_new_version_holds_from_its_date_on():
    changed = PatternVersion(date(2026, 11, 25), read_spans({"3": ["08:00", "15:00"]}), "SE baru")
    here = rules(WorkPattern("5D", (*FIVE_DAYS.versions, changed)))
    before, since = plan_days(TUESDAY, date(2026, 11, 25), lambda _: here)
    assert hours_of(before) == ("07:30", "16:00")
    assert hours_of(since) == ("08:00", "15:00")


def test_the_cutoff_of_an_office_is_nine_o_clock():
    assert office().cutoff == at(TUESDAY, "09:00")


def test_holidays_collective_leave_and_school_breaks_are_free_and_named():
    for kind in (CalendarKind.HOLIDAY, CalendarKind.COLLECTIVE_LEAVE, CalendarKind.SCHOOL_BREAK):
        plan = office(TUESDAY, entry(kind, TUESDAY))
        assert plan.kind is DayKind.HOLIDAY
        assert plan.because[0]["code"] == str(kind)


def test_every_friday_is_wfa_by_the_decree_of_2026_and_other_days_are_not():
    windows = (Span(time(6, 30), time(7, 30)), Span(time(11), time(13)))
    fridays = entry(
        CalendarKind.WFA, date(2026, 2, 13), date(2027, 12, 31), weekdays="5", windows=windows
    )
    assert office(FRIDAY, fridays).kind is DayKind.WFA
    assert office(FRIDAY, fridays).because[1]["windows"] == ["06:30-07:30", "11:00-13:00"]
    assert office(TUESDAY, fridays).kind is DayKind.WORK


def test_a_holiday_on_a_wfa_friday_is_a_holiday():
    wfa = entry(CalendarKind.WFA, FRIDAY)
    assert office(FRIDAY, wfa, entry(CalendarKind.HOLIDAY, FRIDAY)).kind is DayKind.HOLIDAY


def test_the_saturday_of_a_five_day_week_is_off_and_no_wfa():
    wfa = entry(CalendarKind.WFA, FRIDAY, SATURDAY)
    assert office(SATURDAY, wfa).kind is DayKind.OFF


def test_a_roster_wins_over_holiday_and_wfa():
    for kind in (CalendarKind.HOLIDAY, CalendarKind.WFA):
        here = rules(SHIFT, entry(kind, TUESDAY))
        assert expected(TUESDAY, lambda _, here=here: here, {TUESDAY: "P"}).kind is DayKind.WORK


def test_the_letters_of_a_roster_are_the_units_hours():
    assert hours_of(ward(TUESDAY, {TUESDAY: "P"})) == ("07:00", "14:00")
    assert hours_of(ward(TUESDAY, {TUESDAY: "S"})) == ("14:00", "21:00")
    assert ward(TUESDAY, {TUESDAY: "L"}).kind is DayKind.OFF


def test_a_letter_means_what_it_meant_on_that_date():
    later = ShiftHours("P", Span(time(8), time(15)), date(2026, 12, 1))
    here = WorkRules(WITA, SHIFT, UnitCalendar(), (*SHIFTS, later))
    roster = {date(2026, 11, 30): "P", date(2026, 12, 1): "P"}
    old, new = plan_days(date(2026, 11, 30), date(2026, 12, 1), lambda _: here, roster)
    assert hours_of(old) == ("07:00", "14:00")
    assert hours_of(new) == ("08:00", "15:00")


@pytest.mark.parametrize("roster", [{}, {TUESDAY: "X"}])
def test_without_a_published_letter_or_with_an_unknown_one_there_is_no_roster(roster):
    assert ward(TUESDAY, roster).kind is DayKind.NO_ROSTER


def test_out_of_service_and_on_study_nothing_is_expected():
    assert expected(TUESDAY, lambda _: None).kind is DayKind.NOT_IN_SERVICE
    studying = rules(on_study=True)
    assert expected(TUESDAY, lambda _: studying).kind is DayKind.STUDY


def test_a_night_shift_runs_over_midnight_and_over_the_months_end():
    last = date(2026, 11, 30)
    plan = ward(last, {last: "M"})
    assert (plan.starts, plan.ends) == (at(last, "21:00"), at(date(2026, 12, 1), "07:00"))
    assert plan.window_from <= plan.starts and plan.ends < plan.window_to


def test_each_zone_has_its_own_midnight():
    for zone, hour in ((WIB, 17), (WITA, 16), (WIT, 15)):
        plan = office(TUESDAY, zone=zone)
        assert plan.window_from == datetime(2026, 11, 23, hour, tzinfo=UTC)


def test_between_shifts_too_near_for_both_margins_the_nearest_takes_the_punch():
    """Sore until 21.00, Pagi from 07.00: half way is 02.00."""
    next_day = TUESDAY + timedelta(days=1)
    roster = {TUESDAY: "S", next_day: "P"}
    assert ward(TUESDAY, roster).window_to == at(next_day, "02:00")
    assert ward(next_day, roster).window_from == at(next_day, "02:00")


def test_shifts_that_follow_at_once_are_joined_and_others_are_not():
    next_day = TUESDAY + timedelta(days=1)
    roster = {TUESDAY: "M", next_day: "P"}
    assert ward(TUESDAY, roster).joined_after and ward(next_day, roster).joined_before
    assert not ward(TUESDAY, {TUESDAY: "S", next_day: "P"}).joined_after


def test_a_transfer_to_another_zone_gives_each_unit_its_own_part():
    jakarta, samarinda = rules(zone=WIB), rules(zone=WITA)
    monday = TUESDAY - timedelta(days=1)
    plans = plan_days(monday, TUESDAY, lambda day: jakarta if day < TUESDAY else samarinda)
    assert [plan.zone for plan in plans] == [WIB, WITA]
    assert plans[0].window_to == plans[1].window_from
    assert hours_of(plans[0]) == hours_of(plans[1]) == ("07:30", "16:00")


def test_people_with_the_same_rules_share_their_plans():
    here = rules()
    assert expected(TUESDAY, lambda _: here) is expected(TUESDAY, lambda _: here)
    personal = expected(TUESDAY, lambda _: here, {TUESDAY + timedelta(days=1): "P"})
    assert personal is not expected(TUESDAY, lambda _: here)


letters = st.sampled_from(["P", "S", "M", "L", "X", None])


@given(st.lists(letters, min_size=3, max_size=12), st.sampled_from(["5D", "6D", "SHIFT"]))
def test_every_instant_belongs_to_exactly_one_date_of_a_person(row, pattern):
    here = rules(BUILT_IN[pattern])
    roster = {NOVEMBER + timedelta(days=n): letter for n, letter in enumerate(row) if letter}
    plans = plan_days(NOVEMBER, NOVEMBER + timedelta(days=len(row) - 1), lambda _: here, roster)
    for plan, following in pairwise(plans):
        assert plan.window_from < plan.window_to == following.window_from
        if plan.starts is not None:
            assert plan.window_from <= plan.starts < plan.ends <= plan.window_to
            assert plan.starts <= plan.cutoff <= plan.ends


clock_times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(
    st.lists(st.tuples(clock_times, clock_times), min_size=2, max_size=6),
    st.integers(0, 720),
    st.integers(0, 900),
)
def test_windows_never_cross_however_odd_the_shifts_are(shifts, before, after):
    kinds = tuple(ShiftHours(str(n), Span(*span)) for n, span in enumerate(shifts))
    settings = DaySettings(window_before_minutes=before, window_after_minutes=after)
    here = WorkRules(WITA, SHIFT, UnitCalendar(), kinds, settings)
    roster = {NOVEMBER + timedelta(days=n): str(n) for n in range(len(shifts))}
    last = NOVEMBER + timedelta(days=len(shifts) - 1)
    plans = plan_days(NOVEMBER, last, lambda _: here, roster)
    for plan, following in pairwise(plans):
        assert plan.window_from <= plan.window_to == following.window_from


def test_spans_are_read_and_stored_without_a_change():
    for pattern in (FIVE_DAYS, SIX_DAYS):
        for version in pattern.versions:
            assert read_spans(store_spans(version.spans)) == version.spans


@pytest.mark.parametrize(
    ("stored", "named"),
    [
        ({"1": ["07:30"]}, "weekday 1"),
        ({"2": ["07:30", "25:00"]}, "weekday 2"),
        ({"8": ["07:30", "16:00"]}, "weekday 8"),
        ({"senin": ["07:30", "16:00"]}, "weekday senin"),
    ],
)
def test_bad_stored_spans_are_named(stored, named):
    with pytest.raises(ValueError, match=named):
        read_spans(stored)
