"""The day as a table: what was known, what the day is. Hours are 07.30-16.00 unless said."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest

from domain.cases import CaseKind, CaseStatus, HalfDay
from domain.day_facts import Correction, half_on
from domain.days import DayStatus
from domain.evidence import Reason
from domain.work_calendar import CalendarKind, DaySettings, expected
from tests.domain.world import (
    FRIDAY,
    SATURDAY,
    TUESDAY,
    at,
    case,
    closed,
    day_of,
    entry,
    office,
    rules,
    scan,
    scans,
    terminal,
    ward,
)

LEAVE = (
    (CaseKind.ANNUAL, DayStatus.ON_LEAVE),
    (CaseKind.MATERNITY, DayStatus.ON_LEAVE),
    (CaseKind.IMPORTANT, DayStatus.ON_LEAVE),
    (CaseKind.LONG, DayStatus.ON_LEAVE),
    (CaseKind.UNPAID, DayStatus.ON_LEAVE),
    (CaseKind.SICK, DayStatus.SICK),
    (CaseKind.PERMISSION, DayStatus.PERMISSION),
    (CaseKind.DUTY, DayStatus.ON_DUTY),
)


# --- scans -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clocks", "first", "last", "late", "early"),
    [
        (("07:20", "16:05"), "07:20", "16:05", 0, 0),
        (("07:30:59", "16:00"), "07:30:59", "16:00", 0, 0),  # whole minutes, in favour
        (("07:31", "16:00"), "07:31", "16:00", 1, 0),
        (("08:15", "15:10"), "08:15", "15:10", 45, 50),
        (("07:20", "11:55", "13:05", "16:20"), "07:20", "16:20", 0, 0),  # midday scans stay inside
        (("07:25", "11:00"), "07:25", "11:00", 0, 300),  # seen in the morning, gone at midday
        (("13:00", "16:00"), "13:00", "16:00", 330, 0),
        (("05:10", "21:30"), "05:10", "21:30", 0, 0),
        (("16:30", "20:00"), "16:30", "20:00", 510, 0),  # only after the hours: all of it missed
        (("05:00", "06:30"), "05:00", "06:30", 0, 510),
    ],
)
def test_first_in_and_last_out_follow_from_the_hours(clocks, first, last, late, early):
    day = day_of(office(), *scans(TUESDAY, *clocks))
    assert day.status is DayStatus.PRESENT and day.final
    assert (day.first_in, day.last_out) == (at(TUESDAY, first), at(TUESDAY, last))
    assert (day.late_minutes, day.early_minutes) == (late, early)


@pytest.mark.parametrize(
    ("clocks", "missing_in", "missing_out"),
    [
        (("07:20",), False, True),
        (("09:00",), False, True),
        (("15:40",), True, False),
        (("16:20",), True, False),
        (("07:20:00", "07:20:40"), False, True),  # one finger, twice
        (("07:20", "07:26"), False, True),  # two doors, one arrival
        (("15:58", "16:03"), True, False),
    ],
)
def test_one_scan_only_is_incomplete_on_the_side_it_is_not(clocks, missing_in, missing_out):
    day = day_of(office(), *scans(TUESDAY, *clocks))
    assert day.status is DayStatus.INCOMPLETE and day.final
    assert (day.missing_in, day.missing_out) == (missing_in, missing_out)
    assert (day.first_in is None, day.last_out is None) == (missing_in, missing_out)


@pytest.mark.parametrize("keys", [(0, 1), (255, 255), (1, 1), (1, 0), (4, 5)])
def test_the_key_pressed_is_never_trusted(keys):
    """One peer system loses both days of key 255 and of out/out altogether."""
    coming, going = keys
    day = day_of(office(), scan(TUESDAY, "07:20", key=coming), scan(TUESDAY, "16:05", key=going))
    assert day.status is DayStatus.PRESENT
    assert (day.first_in, day.last_out) == (at(TUESDAY, "07:20"), at(TUESDAY, "16:05"))


def test_graces_are_settings_and_beyond_them_every_minute_counts():
    lenient = DaySettings(late_grace_minutes=10, early_grace_minutes=5)
    plan = office(settings=lenient)
    within = day_of(plan, *scans(TUESDAY, "07:40", "15:55"))
    beyond = day_of(plan, *scans(TUESDAY, "07:41", "15:54"))
    assert (within.late_minutes, within.early_minutes) == (0, 0)
    assert (beyond.late_minutes, beyond.early_minutes) == (11, 6)


def test_a_friday_is_three_and_a_half_hours():
    day = day_of(office(FRIDAY), *scans(FRIDAY, "07:30", "11:00"))
    assert day.status is DayStatus.PRESENT and day.early_minutes == 0


# --- nobody seen -----------------------------------------------------------------------------


def test_absent_when_everything_is_proven():
    day = day_of(office())
    assert day.status is DayStatus.ABSENT
    assert day.final and day.reasons == ()


@pytest.mark.parametrize(
    ("known", "status", "reason"),
    [
        ({"terminals": ()}, DayStatus.AWAITING_DATA, Reason.NO_TERMINAL),
        (
            {"terminals": (terminal(mapped=False),)},
            DayStatus.AWAITING_DATA,
            Reason.NO_MAPPED_ID,
        ),
        ({"terminals": (terminal(outage=True),)}, DayStatus.AWAITING_DATA, Reason.OUTAGE),
        (
            {"terminals": (terminal(up_to=None),)},
            DayStatus.AWAITING_DATA,
            Reason.NOT_READ_TO_THE_END,
        ),
        (
            {"terminals": (terminal(up_to=office().closes_at - timedelta(seconds=1)),)},
            DayStatus.AWAITING_DATA,
            Reason.NOT_READ_TO_THE_END,
        ),
        (
            {"terminals": (terminal(1), terminal(2, up_to=at(TUESDAY, "10:00")))},
            DayStatus.AWAITING_DATA,
            Reason.NOT_READ_TO_THE_END,
        ),
        (
            {"terminals": (terminal(clock_known=False),)},
            DayStatus.AWAITING_DATA,
            Reason.CLOCK_UNKNOWN,
        ),
        (
            {"terminals": (terminal(unresolved=1),)},
            DayStatus.AWAITING_DATA,
            Reason.UNRESOLVED_RECORDS,
        ),
        (
            {"terminals": (terminal(1), terminal(2, mapped=False, unresolved=3))},
            DayStatus.AWAITING_DATA,
            Reason.UNRESOLVED_RECORDS,
        ),
        (
            {"terminals": (terminal(traffic_low=True),)},
            DayStatus.AWAITING_DATA,
            Reason.LOW_TRAFFIC,
        ),
        (
            {"cases": (case(CaseKind.SICK, CaseStatus.OPEN),)},
            DayStatus.AWAITING_DECISION,
            Reason.OPEN_CASE,
        ),
        (
            {"cases": (case(CaseKind.ANNUAL, CaseStatus.LAPSED),)},
            DayStatus.AWAITING_DECISION,
            Reason.LAPSED_CASE,
        ),
        ({"drafts": (4,)}, DayStatus.AWAITING_DECISION, Reason.OPEN_DRAFT),
        ({"messages": (9,)}, DayStatus.AWAITING_DECISION, Reason.UNREAD_MESSAGE),
    ],
)
def test_any_doubt_is_waiting_with_its_name(known, status, reason):
    day = day_of(office(), **known)
    assert day.status is status
    assert day.reasons == (reason,) and not day.final


def test_another_units_silent_terminal_on_which_nobody_mapped_me_is_no_doubt():
    day = day_of(office(), terminals=(terminal(1), terminal(2, mapped=False, up_to=None)))
    assert day.status is DayStatus.ABSENT


def test_all_doubts_are_named_at_once_and_news_comes_first():
    day = day_of(
        office(),
        cases=(case(CaseKind.SICK, CaseStatus.OPEN),),
        terminals=(terminal(clock_known=False, traffic_low=True),),
    )
    assert day.status is DayStatus.AWAITING_DECISION
    assert day.reasons == (Reason.OPEN_CASE, Reason.CLOCK_UNKNOWN, Reason.LOW_TRAFFIC)


@pytest.mark.parametrize("status", [CaseStatus.REFUSED, CaseStatus.POSTPONED, CaseStatus.WITHDRAWN])
def test_a_case_that_ended_without_a_yes_explains_nothing(status):
    assert day_of(office(), cases=(case(CaseKind.ANNUAL, status),)).status is DayStatus.ABSENT


# --- two windows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "reasons"),
    [
        ("05:00", (Reason.NOT_DUE,)),
        ("08:59", (Reason.NOT_DUE,)),
        ("09:00", (Reason.NOT_CLOSED_YET,)),
        ("23:59", (Reason.NOT_CLOSED_YET,)),
    ],
)
def test_before_the_day_closes_nobody_is_absent(clock, reasons):
    day = day_of(office(), as_of=at(TUESDAY, clock))
    assert day.status is DayStatus.AWAITING_DATA
    assert day.reasons == reasons and not day.final


def test_after_the_cutoff_a_terminal_that_was_not_read_up_to_it_is_named():
    """So that its people are not asked why they are not recorded."""
    stale = terminal(up_to=at(TUESDAY, "08:00"))
    day = day_of(office(), as_of=at(TUESDAY, "09:30"), terminals=(stale,))
    assert day.reasons == (Reason.NOT_CLOSED_YET, Reason.NOT_READ_TO_THE_END)


def test_somebody_at_work_is_present_and_not_final_and_nothing_is_missing_yet():
    day = day_of(office(), scan(TUESDAY, "07:50"), as_of=at(TUESDAY, "14:00"))
    assert day.status is DayStatus.PRESENT and not day.final
    assert day.late_minutes == 20
    assert (day.missing_out, day.early_minutes) == (False, 0)
    assert day.reasons == (Reason.NOT_CLOSED_YET,)


def test_going_out_at_noon_is_not_leaving_early_while_the_day_runs():
    day = day_of(office(), *scans(TUESDAY, "07:20", "12:01"), as_of=at(TUESDAY, "12:30"))
    assert day.early_minutes == 0


# --- what is missing needs the same proof ----------------------------------------------------


def test_a_missing_scan_is_not_said_while_a_terminal_is_unread():
    unread = terminal(up_to=at(TUESDAY, "12:00"))
    day = day_of(office(), scan(TUESDAY, "07:20"), terminals=(unread,))
    assert day.status is DayStatus.AWAITING_DATA
    assert (day.first_in, day.missing_out) == (at(TUESDAY, "07:20"), False)
    assert day.reasons == (Reason.NOT_READ_TO_THE_END,)


def test_minutes_stand_but_are_not_final_while_a_terminal_is_unread():
    day = day_of(office(), *scans(TUESDAY, "08:00", "16:00"), terminals=(terminal(up_to=None),))
    assert day.status is DayStatus.PRESENT
    assert day.late_minutes == 30 and not day.final
    assert day.reasons == (Reason.NOT_READ_TO_THE_END,)


def test_a_full_day_needs_no_proof_from_terminals():
    day = day_of(office(), *scans(TUESDAY, "07:20", "16:00"), terminals=(terminal(up_to=None),))
    assert day.status is DayStatus.PRESENT and day.final


def test_a_scan_of_a_doubtful_clock_proves_presence_but_no_minutes():
    day = day_of(office(), *scans(TUESDAY, "08:00", "16:00", doubtful="clock"))
    assert day.status is DayStatus.PRESENT and not day.final
    assert day.reasons == (Reason.DOUBTFUL_SCAN,)


def test_a_missing_scan_with_a_forgotten_scan_case_open_waits_for_the_decision():
    asked = case(CaseKind.CORRECTION, CaseStatus.OPEN, correction=Correction.FORGOT_SCAN)
    day = day_of(office(), scan(TUESDAY, "07:20"), cases=(asked,))
    assert day.status is DayStatus.AWAITING_DECISION and not day.missing_out


# --- cases -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status"), LEAVE)
def test_a_confirmed_whole_day_away_names_the_day(kind, status):
    day = day_of(office(), cases=(case(kind),), terminals=())
    assert day.status is status and day.final
    assert (day.kind, day.excuse) == (kind, HalfDay.FULL)


def test_leave_wins_over_scans_and_the_scans_deserve_a_look():
    day = day_of(office(), scan(TUESDAY, "09:00"), cases=(case(CaseKind.ANNUAL),))
    assert day.status is DayStatus.ON_LEAVE and day.final
    assert day.reasons == (Reason.SCAN_DURING_LEAVE,)


def test_duty_counts_at_once_and_is_provisional_without_its_letter():
    typed = case(CaseKind.DUTY, provisional=True)
    day = day_of(office(), cases=(typed,))
    assert day.status is DayStatus.ON_DUTY
    assert day.provisional and not day.final and day.reasons == (Reason.PROVISIONAL,)


def test_a_traveller_who_scans_on_the_way_is_on_duty_and_not_late():
    day = day_of(office(), scan(TUESDAY, "10:00"), cases=(case(CaseKind.DUTY),))
    assert day.status is DayStatus.ON_DUTY and day.late_minutes == 0 and day.reasons == ()


def test_where_two_cases_meet_duty_comes_before_illness_before_leave():
    kinds = (CaseKind.ANNUAL, CaseKind.SICK, CaseKind.DUTY)
    cases = [case(kind) for kind in kinds]
    assert day_of(office(), cases=cases).status is DayStatus.ON_DUTY
    assert day_of(office(), cases=cases[:2]).status is DayStatus.SICK


@pytest.mark.parametrize(
    ("half", "clocks", "late", "early"),
    [
        (HalfDay.AM, ("12:50", "16:00"), 0, 0),
        (HalfDay.AM, ("13:20", "16:00"), 20, 0),
        (HalfDay.PM, ("07:25", "12:05"), 0, 0),
        (HalfDay.PM, ("07:45", "11:30"), 15, 30),
    ],
)
@pytest.mark.parametrize("kind", [CaseKind.ANNUAL, CaseKind.SICK, CaseKind.DUTY])
def test_half_a_day_away_and_half_a_day_there_make_a_day(kind, half, clocks, late, early):
    day = day_of(office(), *scans(TUESDAY, *clocks), cases=(case(kind, half=half),))
    assert day.status is DayStatus.PRESENT and day.final
    assert (day.kind, day.excuse) == (kind, half)
    assert (day.late_minutes, day.early_minutes) == (late, early)


def test_half_a_day_away_and_nobody_seen_in_the_other_half_is_incomplete_and_not_absent():
    day = day_of(office(), cases=(case(CaseKind.ANNUAL, half=HalfDay.AM),))
    assert day.status is DayStatus.INCOMPLETE
    assert (day.missing_in, day.missing_out, day.excuse) == (True, True, HalfDay.AM)


def test_one_scan_at_one_o_clock_after_a_morning_of_leave_is_an_arrival():
    leave = case(CaseKind.ANNUAL, half=HalfDay.AM)
    day = day_of(office(), scan(TUESDAY, "12:55"), cases=(leave,))
    assert (day.missing_in, day.missing_out) == (False, True)


def test_two_halves_of_different_kinds_make_a_whole_day():
    halves = (case(CaseKind.ANNUAL, half=HalfDay.PM), case(CaseKind.SICK, half=HalfDay.AM))
    day = day_of(office(), cases=halves)
    assert (day.status, day.excuse) == (DayStatus.SICK, HalfDay.FULL)


@pytest.mark.parametrize(
    ("permission", "clocks", "late", "early"),
    [
        (case(CaseKind.LATE, until="10:00"), ("09:50", "16:00"), 0, 0),
        (case(CaseKind.LATE, until="10:00"), ("10:20", "16:00"), 20, 0),
        (case(CaseKind.LATE), ("11:00", "16:00"), 0, 0),
        (case(CaseKind.EARLY, begins="14:00"), ("07:30", "14:05"), 0, 0),
        (case(CaseKind.EARLY, begins="14:00"), ("07:30", "13:30"), 0, 30),
        (case(CaseKind.EARLY), ("07:30", "12:00"), 0, 0),
        (case(CaseKind.OUT, begins="14:00", until="16:00"), ("07:30", "14:00"), 0, 0),
        (case(CaseKind.OUT, begins="07:30", until="09:00"), ("09:10", "16:00"), 10, 0),
        (case(CaseKind.OUT, begins="10:00", until="12:00"), ("07:30", "16:00"), 0, 0),
        (case(CaseKind.OUT, begins="14:00"), ("07:30", "14:00"), 0, 0),
        (case(CaseKind.LATE, until="10:00"), ("10:00", "15:00"), 0, 60),
    ],
)
def test_permissions_waive_the_minutes_they_name(permission, clocks, late, early):
    day = day_of(office(), *scans(TUESDAY, *clocks), cases=(permission,))
    assert (day.late_minutes, day.early_minutes) == (late, early)
    assert day.status is DayStatus.PRESENT and day.kind is permission.kind


def test_half_a_day_of_leave_and_the_rest_out_with_permission_is_a_day_away():
    cases = (
        case(CaseKind.ANNUAL, half=HalfDay.AM),
        case(CaseKind.OUT, begins="12:30", until="16:00"),
    )
    day = day_of(office(), cases=cases)
    assert (day.status, day.excuse) == (DayStatus.ON_LEAVE, HalfDay.FULL)


def test_out_all_day_with_permission_is_permission():
    day = day_of(office(), cases=(case(CaseKind.OUT, begins="07:30", until="16:00"),))
    assert day.status is DayStatus.PERMISSION


def test_an_hour_at_work_before_a_permission_to_leave_is_an_arrival_and_a_departure():
    leaving = case(CaseKind.EARLY, begins="08:15")
    day = day_of(office(), *scans(TUESDAY, "07:30", "08:15"), cases=(leaving,))
    assert day.status is DayStatus.PRESENT and day.early_minutes == 0


def test_permission_to_be_late_is_no_leave_of_absence():
    assert day_of(office(), cases=(case(CaseKind.LATE, until="10:00"),)).status is DayStatus.ABSENT


# --- corrections -----------------------------------------------------------------------------


def test_a_forgotten_scan_told_with_its_time_is_a_scan():
    told = case(CaseKind.CORRECTION, until="16:10", correction=Correction.FORGOT_SCAN)
    day = day_of(office(), scan(TUESDAY, "07:20"), cases=(told,))
    assert day.status is DayStatus.PRESENT
    assert day.last_out == at(TUESDAY, "16:10")


def test_a_forgotten_scan_without_a_time_is_no_longer_missing():
    told = case(CaseKind.CORRECTION, correction=Correction.FORGOT_SCAN)
    day = day_of(office(), scan(TUESDAY, "07:20"), cases=(told,))
    assert day.status is DayStatus.PRESENT and not day.missing_out and day.last_out is None


@pytest.mark.parametrize("correction", [Correction.PRESENT, Correction.WRONG, None])
def test_an_objection_upheld_makes_the_person_present(correction):
    upheld = case(CaseKind.CORRECTION, correction=correction)
    assert day_of(office(), cases=(upheld,)).status is DayStatus.PRESENT
    late = day_of(office(), scan(TUESDAY, "09:00"), cases=(upheld,))
    assert late.status is DayStatus.PRESENT and late.late_minutes == 0


def test_an_objection_still_open_is_waiting():
    asked = case(CaseKind.CORRECTION, CaseStatus.OPEN, correction=Correction.PRESENT)
    assert day_of(office(), cases=(asked,)).status is DayStatus.AWAITING_DECISION


# --- days on which nothing can be missed -----------------------------------------------------


def test_a_day_off_is_a_day_off_with_or_without_scans():
    plan = office(SATURDAY)
    assert day_of(plan).status is DayStatus.DAY_OFF
    worked = day_of(plan, *scans(SATURDAY, "08:00", "12:00"))
    assert worked.status is DayStatus.DAY_OFF and worked.first_in == at(SATURDAY, "08:00")


def test_a_holiday_inside_leave_is_a_day_off():
    plan = office(TUESDAY, entry(CalendarKind.HOLIDAY, TUESDAY))
    day = day_of(plan, cases=(case(CaseKind.ANNUAL),))
    assert day.status is DayStatus.DAY_OFF and day.final


def test_wfa_is_wfa_without_a_fingerprint():
    plan = office(FRIDAY, entry(CalendarKind.WFA, FRIDAY))
    assert day_of(plan, terminals=()).status is DayStatus.WFA
    assert day_of(plan, scan(FRIDAY, "09:30")).late_minutes == 0


def test_leave_on_a_wfa_day_is_leave():
    plan = office(FRIDAY, entry(CalendarKind.WFA, FRIDAY))
    assert day_of(plan, cases=(case(CaseKind.SICK),)).status is DayStatus.SICK


def test_a_shift_person_without_a_roster_waits_whatever_the_scans_say():
    plan = ward(TUESDAY, {})
    for punches in ((), scans(TUESDAY, "07:00", "14:00")):
        day = day_of(plan, *punches)
        assert day.status is DayStatus.AWAITING_DATA and day.reasons == (Reason.NO_ROSTER,)


def test_leave_needs_no_roster():
    assert day_of(ward(TUESDAY, {}), cases=(case(CaseKind.ANNUAL),)).status is DayStatus.ON_LEAVE


def test_study_and_no_longer_in_service():
    studying = rules(on_study=True)
    assert day_of(expected(TUESDAY, lambda _: studying)).status is DayStatus.STUDY
    gone = day_of(expected(TUESDAY, lambda _: None))
    assert gone.status is DayStatus.DAY_OFF and gone.reasons == (Reason.NOT_IN_SERVICE,)


# --- why -------------------------------------------------------------------------------------


def test_the_why_carries_every_fact_and_can_be_written_as_json():
    day = day_of(
        office(),
        scan(TUESDAY, "08:00", key=255, doubtful="clock"),
        cases=(
            case(CaseKind.OUT, begins="10:00", until="11:00"),
            case(CaseKind.CORRECTION, CaseStatus.OPEN, correction=Correction.FORGOT_SCAN),
        ),
        drafts=(3,),
        messages=(5,),
        terminals=(terminal(up_to=None),),
    )
    codes = [each["code"] for each in orjson.loads(orjson.dumps(day.why))]
    assert codes == [
        "pattern",
        "hours",
        "scan",
        "case",
        "case",
        "draft",
        "message",
        "terminal",
        "reasons",
    ]


def test_the_why_of_an_absence_shows_what_each_terminal_was_proven_to():
    plan = office()
    shown = [each for each in day_of(plan).why if each["code"] == "terminal"]
    assert shown[0]["terminal"] == "Mesin 1"
    assert shown[0]["complete_up_to"] >= plan.closes_at


def test_the_why_of_an_illness_says_sick_and_nothing_more():
    shown = [e for e in day_of(office(), cases=(case(CaseKind.SICK),)).why if e["code"] == "case"]
    assert set(shown[0]) == {"code", "case", "kind", "status", "half"}


@pytest.mark.parametrize(
    ("start_half", "end_half", "days", "halves"),
    [
        (HalfDay.FULL, HalfDay.FULL, 3, ["full", "full", "full"]),
        (HalfDay.PM, HalfDay.FULL, 3, ["pm", "full", "full"]),
        (HalfDay.FULL, HalfDay.AM, 3, ["full", "full", "am"]),
        (HalfDay.PM, HalfDay.AM, 2, ["pm", "am"]),
        (HalfDay.PM, HalfDay.FULL, 1, ["pm"]),
        (HalfDay.FULL, HalfDay.AM, 1, ["am"]),
        (HalfDay.AM, HalfDay.AM, 1, ["am"]),
    ],
)
def test_the_halves_of_a_case_by_date(start_half, end_half, days, halves):
    end = TUESDAY + timedelta(days=days - 1)
    found = [
        half_on(TUESDAY + timedelta(days=n), TUESDAY, start_half, end, end_half)
        for n in range(-1, days + 1)
    ]
    assert found == [None, *halves, None]


def test_a_case_without_an_end_goes_on():
    later = TUESDAY + timedelta(days=80)
    assert half_on(later, TUESDAY, HalfDay.FULL, None, HalfDay.FULL) is HalfDay.FULL


def test_closing_is_well_after_the_hours():
    assert closed(office()) > office().closes_at >= office().ends
