"""What happened in real offices and hospitals, one test each, with days of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.cases import CaseKind, CaseStatus, HalfDay
from domain.day_facts import Correction
from domain.days import DayStatus, derive
from domain.evidence import Reason
from domain.patterns import FIVE_DAYS, SHIFT, SIX_DAYS
from domain.work_calendar import CalendarKind, plan_days
from tests.domain.world import (
    TUESDAY,
    WIB,
    WIT,
    WITA,
    at,
    case,
    closed,
    day_of,
    entry,
    facts,
    office,
    rules,
    scan,
    scans,
    terminal,
    ward,
)

MONDAY = TUESDAY - timedelta(days=1)
WEDNESDAY = TUESDAY + timedelta(days=1)
THURSDAY = TUESDAY + timedelta(days=2)


def week_of(punches, *, terminals=None, as_of=None):
    """Monday to Thursday of one office worker, every day given all punches."""
    here = rules(FIVE_DAYS)
    plans = plan_days(MONDAY, THURSDAY, lambda _: here)
    return [
        derive(facts(plan, punches, terminals=terminals), as_of or closed(plans[-1]))
        for plan in plans
    ]


def test_a_terminal_offline_and_then_late_changes_its_day_and_leaves_the_others_untouched():
    """A peer wrote the late scans over the newest day instead (hr peers, S1)."""
    usual = [p for day in (MONDAY, WEDNESDAY, THURSDAY) for p in scans(day, "07:20", "16:05")]
    late = scans(TUESDAY, "07:25", "16:10")
    waiting = week_of(usual, terminals=(terminal(up_to=at(TUESDAY, "03:00")),))
    settled = week_of([*usual, *late])
    assert [day.status for day in waiting] == [
        DayStatus.PRESENT,
        DayStatus.AWAITING_DATA,
        DayStatus.PRESENT,
        DayStatus.PRESENT,
    ]
    assert settled[1].status is DayStatus.PRESENT
    assert settled[1].last_out == at(TUESDAY, "16:10")
    for before, after in zip(waiting, settled, strict=True):
        if before.day != TUESDAY:
            assert before == after


def test_one_stamp_of_2030_belongs_to_no_day_of_this_week_and_stops_nothing():
    """At a peer everything after such a stamp was ignored for ever (S2)."""
    stamp = scan(date(2030, 1, 1), "07:20")
    usual = [p for day in (MONDAY, TUESDAY) for p in scans(day, "07:20", "16:05")]
    with_stamp, without = week_of([stamp, *usual]), week_of(usual)
    assert with_stamp == without
    assert with_stamp[1].status is DayStatus.PRESENT


def test_the_same_punches_twice_are_the_same_day():
    once = list(scans(TUESDAY, "07:20", "16:05"))
    plan = office()
    assert day_of(plan, *once).last_out == day_of(plan, *once, *once).last_out
    assert day_of(plan, *once, *once).status is DayStatus.PRESENT


def test_a_forgotten_check_out_does_not_turn_the_next_mornings_arrival_into_a_departure():
    days = week_of([scan(MONDAY, "07:20"), *scans(TUESDAY, "07:22", "16:05")])
    assert (days[0].status, days[0].missing_out) == (DayStatus.INCOMPLETE, True)
    assert (days[1].status, days[1].first_in) == (DayStatus.PRESENT, at(TUESDAY, "07:22"))


def test_a_holiday_added_later_takes_the_absence_away():
    assert day_of(office()).status is DayStatus.ABSENT
    added = office(TUESDAY, entry(CalendarKind.HOLIDAY, TUESDAY))
    assert day_of(added).status is DayStatus.DAY_OFF


def test_leave_decided_later_takes_the_absence_away():
    asked = case(CaseKind.ANNUAL, CaseStatus.OPEN)
    agreed = case(CaseKind.ANNUAL, CaseStatus.CONFIRMED)
    statuses = [day_of(office(), cases=cases).status for cases in ((), (asked,), (agreed,))]
    assert statuses == [DayStatus.ABSENT, DayStatus.AWAITING_DECISION, DayStatus.ON_LEAVE]


def test_a_night_shift_over_midnight_is_one_day():
    """Peers book the morning scan to the next date and the night as absent."""
    punches = [scan(TUESDAY, "20:50"), scan(WEDNESDAY, "07:10")]
    roster = {TUESDAY: "M", WEDNESDAY: "L"}
    night = day_of(ward(TUESDAY, roster), *punches)
    free = day_of(ward(WEDNESDAY, roster), *punches)
    assert (night.status, night.late_minutes, night.early_minutes) == (DayStatus.PRESENT, 0, 0)
    assert (night.first_in, night.last_out) == (at(TUESDAY, "20:50"), at(WEDNESDAY, "07:10"))
    assert (free.status, free.first_in) == (DayStatus.DAY_OFF, None)


def test_a_night_shift_over_the_months_end_belongs_to_the_old_month():
    last, first = date(2026, 11, 30), date(2026, 12, 1)
    punches = [scan(last, "20:55"), scan(first, "07:05"), scan(first, "20:58")]
    roster = {last: "M", first: "M"}
    old = day_of(ward(last, roster), *punches)
    new = day_of(ward(first, roster), *punches)
    assert (old.status, old.last_out) == (DayStatus.PRESENT, at(first, "07:05"))
    assert (new.status, new.first_in) == (DayStatus.INCOMPLETE, at(first, "20:58"))


def test_an_evening_shift_with_overtime_past_midnight_keeps_its_scan():
    """A peer marked 15.00-23.30 with margin past midnight as absent."""
    punches = [scan(TUESDAY, "13:55"), scan(WEDNESDAY, "00:40")]
    day = day_of(ward(TUESDAY, {TUESDAY: "S", WEDNESDAY: "L"}), *punches)
    assert (day.status, day.last_out) == (DayStatus.PRESENT, at(WEDNESDAY, "00:40"))


def test_night_and_morning_without_a_scan_in_between_is_no_missing_scan():
    roster = {TUESDAY: "M", WEDNESDAY: "P"}
    punches = [scan(TUESDAY, "20:55"), scan(WEDNESDAY, "14:03")]
    night = day_of(ward(TUESDAY, roster), *punches)
    morning = day_of(ward(WEDNESDAY, roster), *punches)
    assert (night.status, night.first_in) == (DayStatus.PRESENT, at(TUESDAY, "20:55"))
    assert (morning.status, morning.last_out) == (DayStatus.PRESENT, at(WEDNESDAY, "14:03"))


def test_a_swapped_shift_is_judged_by_the_new_letter():
    punches = scans(TUESDAY, "13:50", "21:05")
    assert day_of(ward(TUESDAY, {TUESDAY: "P"}), *punches).late_minutes > 0
    swapped = day_of(ward(TUESDAY, {TUESDAY: "S"}), *punches)
    assert (swapped.late_minutes, swapped.early_minutes) == (0, 0)


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_scans_around_midnight_fall_on_their_local_date_in_every_zone(zone):
    """A peer put absences on the wrong date by midnight in UTC."""
    here = rules(zone=zone)
    plans = plan_days(TUESDAY, WEDNESDAY, lambda _: here)
    punches = [
        scan(TUESDAY, "00:20", zone=zone),
        scan(TUESDAY, "23:50", zone=zone),
        scan(WEDNESDAY, "00:10", zone=zone),
        scan(WEDNESDAY, "23:40", zone=zone),
    ]
    for plan, coming, going in zip(plans, ("00:20", "00:10"), ("23:50", "23:40"), strict=True):
        day = day_of(plan, *punches)
        assert day.status is DayStatus.PRESENT
        assert (day.first_in, day.last_out) == (
            at(plan.day, coming, zone),
            at(plan.day, going, zone),
        )


def test_unit_pattern_and_zone_changed_in_the_middle_of_a_month():
    jakarta, samarinda = rules(FIVE_DAYS, zone=WIB), rules(SIX_DAYS, zone=WITA)
    plans = plan_days(MONDAY, WEDNESDAY, lambda d: jakarta if d < TUESDAY else samarinda)
    punches = [
        *scans(MONDAY, "07:30", "16:00", zone=WIB),
        *scans(TUESDAY, "07:30", "15:00", zone=WITA, terminal=2),
        *scans(WEDNESDAY, "07:30", "15:00", zone=WITA, terminal=2),
    ]
    for plan in plans:
        day = day_of(plan, *punches)
        assert (day.status, day.late_minutes, day.early_minutes) == (DayStatus.PRESENT, 0, 0)


def test_a_new_employee_without_an_id_waits_and_is_not_absent():
    day = day_of(office(), terminals=(terminal(mapped=False),))
    assert (day.status, day.reasons) == (DayStatus.AWAITING_DATA, (Reason.NO_MAPPED_ID,))


def test_a_dead_sensor_looks_like_absence_and_is_waiting():
    dead = terminal(traffic_low=True)
    day = day_of(office(), terminals=(dead,))
    assert (day.status, day.reasons) == (DayStatus.AWAITING_DATA, (Reason.LOW_TRAFFIC,))


def test_a_cable_pulled_for_a_week_is_a_week_of_waiting_and_no_absence():
    pulled = terminal(up_to=at(MONDAY, "06:00"))
    days = week_of([], terminals=(pulled,))
    assert {day.status for day in days} == {DayStatus.AWAITING_DATA}
    assert {day.reasons for day in days} == {(Reason.NOT_READ_TO_THE_END,)}


def test_a_cable_plugged_in_again_is_no_free_pass():
    days = week_of(scans(WEDNESDAY, "07:20", "16:05"))
    assert [day.status for day in days] == [
        DayStatus.ABSENT,
        DayStatus.ABSENT,
        DayStatus.PRESENT,
        DayStatus.ABSENT,
    ]


def test_an_outage_declared_by_a_person_never_becomes_absence():
    assert day_of(office(), terminals=(terminal(outage=True),)).status is DayStatus.AWAITING_DATA


def test_a_wrong_clock_is_waiting_until_the_offset_is_known():
    unknown = day_of(office(), terminals=(terminal(clock_known=False),))
    assert unknown.reasons == (Reason.CLOCK_UNKNOWN,)
    assert day_of(office(), terminals=(terminal(),)).status is DayStatus.ABSENT


def test_an_sms_that_arrives_nine_hours_late_turns_the_absence_into_news():
    assert day_of(office()).status is DayStatus.ABSENT
    arrived = day_of(office(), messages=(41,))
    assert (arrived.status, arrived.reasons) == (
        DayStatus.AWAITING_DECISION,
        (Reason.UNREAD_MESSAGE,),
    )


def test_a_silent_supervisor_never_turns_the_day_against_the_employee():
    for status in (CaseStatus.OPEN, CaseStatus.LAPSED):
        day = day_of(office(), cases=(case(CaseKind.SICK, status),))
        assert day.status is DayStatus.AWAITING_DECISION


def test_the_boss_reports_by_sms_and_the_day_is_explained():
    """'Rina sakit hari ini, sudah saya izinkan', then recorded."""
    assert day_of(office(), cases=(case(CaseKind.SICK),)).status is DayStatus.SICK


def test_the_first_day_after_lebaran_as_wfa_is_nobodys_absence():
    """SE 000.8.3/1276/B.ORG-III/2026: 25 to 27 March."""
    first = date(2026, 3, 25)
    plan = office(first, entry(CalendarKind.WFA, first, date(2026, 3, 27)))
    assert day_of(plan, terminals=()).status is DayStatus.WFA


def test_a_forgotten_scan_of_a_night_shift_told_by_its_clock_lies_after_midnight():
    told = case(CaseKind.CORRECTION, until="07:05", correction=Correction.FORGOT_SCAN)
    plan = ward(TUESDAY, {TUESDAY: "M", WEDNESDAY: "L"})
    day = day_of(plan, scan(TUESDAY, "20:55"), cases=(told,))
    assert (day.status, day.last_out) == (DayStatus.PRESENT, at(WEDNESDAY, "07:05"))


def test_a_nurse_may_come_to_the_night_shift_at_one_with_permission():
    permission = case(CaseKind.LATE, until="01:00")
    plan = ward(TUESDAY, {TUESDAY: "M", WEDNESDAY: "L"})
    day = day_of(plan, *scans(WEDNESDAY, "01:10", "07:02"), cases=(permission,))
    assert (day.status, day.late_minutes) == (DayStatus.PRESENT, 10)


def test_half_a_shift_of_leave_meets_in_the_middle_of_the_shift():
    leave = case(CaseKind.ANNUAL, half=HalfDay.PM)
    plan = ward(TUESDAY, {TUESDAY: "P"})
    day = day_of(plan, *scans(TUESDAY, "06:55", "10:30"), cases=(leave,))
    assert (day.late_minutes, day.early_minutes) == (0, 0)


def test_days_merged_again_later_at_the_same_as_of_are_the_same():
    as_of = datetime(2026, 12, 1, tzinfo=UTC)
    known = facts(office(), scans(TUESDAY, "07:45", "15:30"), (case(CaseKind.LATE, until="07:40"),))
    assert derive(known, as_of) == derive(known, as_of)


def test_a_ward_on_a_holiday_works_by_its_roster():
    here = rules(SHIFT, entry(CalendarKind.HOLIDAY, TUESDAY))
    plan = plan_days(TUESDAY, TUESDAY, lambda _: here, {TUESDAY: "P"})[0]
    assert day_of(plan).status is DayStatus.ABSENT
    assert day_of(plan, *scans(TUESDAY, "06:58", "14:01")).status is DayStatus.PRESENT
