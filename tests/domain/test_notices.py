"""Who is asked, told, corrected and alerted, when, and who is left in peace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.cases import CaseKind, CaseStatus
from domain.days import DayStatus
from domain.messages import MessageClass
from domain.notices import (
    Audience,
    Ladder,
    Told,
    Watched,
    absences_in_a_row,
    alerts_due,
    corrections_due,
    heard_by,
    ladder_due,
    morning_lists,
    question_dies_at,
    questions_due,
    tell_at,
    ticket_due_at,
)
from domain.patterns import FIVE_DAYS
from domain.people import Stage
from domain.work_calendar import CalendarKind, days_between, plan_days
from tests.domain.world import (
    BUDI,
    FRIDAY,
    SATURDAY,
    TUESDAY,
    at,
    case,
    day_of,
    entry,
    office,
    rules,
    scan,
    scans,
    terminal,
    ward,
)

SRI = 20
WEDNESDAY = TUESDAY + timedelta(days=1)
TEN = at(TUESDAY, "10:00")


def watched(plan=None, *punches, as_of=TEN, stage=Stage.LIVE, told=(), employee=BUDI, **known):
    plan = plan or office()
    day = day_of(plan, *punches, as_of=as_of, **known)._replace(employee_id=employee)
    return Watched(day, plan, stage, SRI, told)


def asked(*people, now=TEN):
    return [due.employee_id for due in questions_due(people, now)]


# --- the cut-off question --------------------------------------------------------------------


def test_who_is_not_seen_by_the_cutoff_is_asked_once():
    due = questions_due([watched()], TEN)
    assert [(d.message_class, d.audience, d.employee_id) for d in due] == [
        (MessageClass.CUTOFF_QUESTION, Audience.EMPLOYEE, BUDI)
    ]
    said = Told(MessageClass.CUTOFF_QUESTION, Audience.EMPLOYEE, BUDI, DayStatus.AWAITING_DATA)
    assert asked(watched(told=(said,))) == []


def test_before_the_cutoff_and_after_the_hours_nobody_is_asked():
    for clock in ("08:59", "16:01"):
        now = at(TUESDAY, clock)
        assert asked(watched(as_of=now), now=now) == []


@pytest.mark.parametrize(
    "known",
    [
        {"cases": (case(CaseKind.SICK, CaseStatus.OPEN),)},
        {"cases": (case(CaseKind.ANNUAL),)},
        {"cases": (case(CaseKind.LATE, until="11:00"),)},
        {"cases": (case(CaseKind.DUTY, provisional=True),)},
        {"drafts": (1,)},
        {"messages": (1,)},
        {"terminals": (terminal(outage=True),)},
        {"terminals": (terminal(up_to=at(TUESDAY, "08:30")),)},
        {"terminals": (terminal(mapped=False),)},
        {"terminals": (terminal(traffic_low=True),)},
        {"terminals": ()},
    ],
)
def test_nobody_is_asked_who_gave_word_or_whose_terminal_cannot_tell(known):
    assert asked(watched(**known)) == []


def test_nobody_is_asked_on_wfa_a_holiday_a_day_off_or_without_a_roster():
    morning = at(FRIDAY, "10:00")
    for plan in (
        office(FRIDAY, entry(CalendarKind.WFA, FRIDAY)),
        office(FRIDAY, entry(CalendarKind.HOLIDAY, FRIDAY)),
    ):
        assert asked(watched(plan, as_of=morning), now=morning) == []
    saturday = at(SATURDAY, "10:00")
    assert asked(watched(office(SATURDAY), as_of=saturday), now=saturday) == []
    assert asked(watched(ward(TUESDAY, {}))) == []


def test_who_scanned_is_not_asked():
    assert asked(watched(None, scan(TUESDAY, "07:20"))) == []


def test_a_unit_being_watched_hears_nothing_and_one_on_trial_only_through_its_operator():
    assert asked(watched(stage=Stage.WATCH)) == []
    on_trial = questions_due([watched(stage=Stage.TRIAL)], TEN)
    assert [due.audience for due in on_trial] == [Audience.OPERATOR]
    assert heard_by(Stage.WATCH, *Audience) == ()


def test_a_night_nurse_is_asked_in_the_night_of_the_shift_and_not_in_the_morning_before():
    plan = ward(TUESDAY, {TUESDAY: "M"})
    morning, night = at(TUESDAY, "10:00"), at(TUESDAY, "22:45")
    assert asked(watched(plan, as_of=morning), now=morning) == []
    assert asked(watched(plan, as_of=night), now=night) == [BUDI]


def test_a_question_dies_before_the_hours_end():
    assert question_dies_at(office()) == at(TUESDAY, "15:30")


# --- the morning list ------------------------------------------------------------------------


def test_each_supervisor_gets_one_list_that_is_whole_in_itself():
    team = [
        watched(employee=3),
        watched(employee=1),
        watched(None, scan(TUESDAY, "07:20"), employee=4),
        watched(employee=5, cases=(case(CaseKind.SICK, CaseStatus.OPEN),)),
        watched(employee=6, cases=(case(CaseKind.ANNUAL),)),
    ]
    (one,) = morning_lists(team, TEN)
    assert (one.supervisor_id, one.audience) == (SRI, Audience.SUPERVISOR)
    assert one.not_seen == (1, 3)


def test_who_stands_on_a_list_is_not_listed_again_but_who_is_new_is():
    (second,) = morning_lists(
        [replace(watched(employee=1), is_listed=True), watched(employee=3)], TEN
    )
    assert second.not_seen == (3,)


def test_a_supervisor_whose_people_are_all_there_gets_no_list():
    assert morning_lists([watched(None, scan(TUESDAY, "07:20"))], TEN) == []


def test_no_list_for_a_unit_being_watched_and_the_operators_for_one_on_trial():
    assert morning_lists([watched(stage=Stage.WATCH)], TEN) == []
    assert morning_lists([watched(stage=Stage.TRIAL)], TEN)[0].audience is Audience.OPERATOR


# --- after the day closed --------------------------------------------------------------------


def test_people_are_told_the_next_morning():
    assert tell_at(office()) == at(WEDNESDAY, "07:00")


def test_the_day_of_a_night_shift_closes_in_the_afternoon_and_is_told_the_morning_after():
    plan = ward(TUESDAY, {TUESDAY: "M", WEDNESDAY: "L"})
    assert plan.closes_at == at(WEDNESDAY, "15:00")
    assert tell_at(plan) == at(WEDNESDAY + timedelta(days=1), "07:00")


def test_a_proven_absence_is_told_to_the_employee_and_the_supervisor():
    morning = at(WEDNESDAY, "07:00")
    due = alerts_due([watched(as_of=morning)], morning)
    assert [d.audience for d in due] == [Audience.EMPLOYEE, Audience.SUPERVISOR]
    assert due[1].recipient_id == SRI
    assert alerts_due([watched(as_of=morning)], morning - timedelta(seconds=1)) == []


def test_waiting_is_told_to_nobody():
    morning = at(WEDNESDAY, "07:00")
    unread = watched(as_of=morning, terminals=(terminal(up_to=None),))
    assert alerts_due([unread], morning) == []


def told_absent(*recipients):
    return tuple(
        Told(MessageClass.ABSENCE_ALERT, audience, number, DayStatus.ABSENT)
        for audience, number in recipients
    )


BOTH = told_absent((Audience.EMPLOYEE, BUDI), (Audience.SUPERVISOR, SRI))


def test_an_alert_is_said_once():
    morning = at(WEDNESDAY, "07:00")
    assert alerts_due([watched(as_of=morning, told=BOTH)], morning) == []


# --- corrections -----------------------------------------------------------------------------


def test_a_flip_is_corrected_to_everybody_who_heard_the_wrong_word():
    evening = at(WEDNESDAY, "18:00")
    flipped = watched(None, *scans(TUESDAY, "07:20", "16:05"), as_of=evening, told=BOTH)
    due = corrections_due(flipped)
    assert [(d.message_class, d.recipient_id, d.said, d.revision) for d in due] == [
        (MessageClass.CORRECTION, BUDI, DayStatus.PRESENT, 1),
        (MessageClass.CORRECTION, SRI, DayStatus.PRESENT, 1),
    ]


def test_a_correction_is_said_once_and_an_absence_that_comes_back_is_told_again():
    morning = at(WEDNESDAY, "07:00")
    corrected = tuple(
        Told(MessageClass.CORRECTION, told.audience, told.recipient_id, DayStatus.ON_LEAVE, 1)
        for told in BOTH
    )
    on_leave = watched(as_of=morning, cases=(case(CaseKind.ANNUAL),), told=BOTH + corrected)
    assert corrections_due(on_leave) == []
    again = alerts_due([watched(as_of=morning, told=BOTH + corrected)], morning)
    assert [(due.audience, due.revision) for due in again] == [
        (Audience.EMPLOYEE, 1),
        (Audience.SUPERVISOR, 1),
    ]


def test_while_the_day_waits_nothing_is_corrected_yet():
    asked_for = (case(CaseKind.SICK, CaseStatus.OPEN),)
    assert corrections_due(watched(as_of=at(WEDNESDAY, "18:00"), cases=asked_for, told=BOTH)) == []


@pytest.mark.parametrize(("came", "wrong"), [("07:20", True), ("09:40", False)])
def test_not_seen_yet_is_corrected_only_if_the_person_had_been_there_by_the_cutoff(came, wrong):
    """The scan of 07.20 came late from the terminal; the one of 09.40 was not there yet."""
    told = (Told(MessageClass.MORNING_LIST, Audience.SUPERVISOR, SRI, DayStatus.AWAITING_DATA),)
    noon = at(TUESDAY, "12:00")
    seen = watched(None, scan(TUESDAY, came), as_of=noon, told=told)
    assert [due.recipient_id for due in corrections_due(seen)] == ([SRI] if wrong else [])


# --- the ladder ------------------------------------------------------------------------------


def november(**statuses):
    """Budi's days from Monday 9 November on, absent unless `d12='present'` says otherwise."""
    here = rules(FIVE_DAYS)
    first = TUESDAY - timedelta(days=15)
    days = []
    for plan in plan_days(first, first + timedelta(days=13), lambda _: here):
        day = day_of(plan)
        named = statuses.get(f"d{plan.day.day}")
        days.append(day._replace(status=DayStatus(named)) if named else day)
    return days


def test_the_third_working_day_in_a_row_goes_to_kasubag_and_the_tenth_to_bkd():
    due = ladder_due(november(), Stage.LIVE, Ladder())
    assert [(d.audience, d.day.day) for d in due] == [(Audience.KASUBAG, 11), (Audience.BKD, 20)]


def test_days_off_and_leave_neither_count_nor_break_the_run():
    run = absences_in_a_row(november(d11="on_leave", d12="sick"))
    assert [day.day for day in run] == [9, 10, 13, 16, 17, 18, 19, 20]


@pytest.mark.parametrize("status", ["present", "incomplete", "on_duty", "wfa", "awaiting_data"])
def test_presence_breaks_the_run_and_so_does_what_is_not_proven(status):
    run = absences_in_a_row(november(d18=status))
    assert [day.day for day in run] == [19, 20]
    assert ladder_due(november(d18=status), Stage.LIVE, Ladder()) == []


def test_the_steps_of_the_ladder_are_settings_and_a_watched_unit_has_none():
    steps = Ladder(kasubag_after=2, bkd_after=5)
    assert [d.day.day for d in ladder_due(november(), Stage.LIVE, steps)] == [10, 13]
    assert ladder_due(november(), Stage.WATCH, steps) == []


# --- waiting is not a way out ----------------------------------------------------------------


def test_a_day_that_waits_becomes_a_ticket_when_the_next_working_day_has_closed():
    here = rules(FIVE_DAYS)
    after_friday = plan_days(SATURDAY, SATURDAY + timedelta(days=3), lambda _: here)
    monday = SATURDAY + timedelta(days=2)
    assert ticket_due_at(after_friday) == at(monday + timedelta(days=1), "00:00")
    assert ticket_due_at(after_friday[:2]) is None


def test_dates_between_include_both_ends():
    assert list(days_between(TUESDAY, WEDNESDAY)) == [TUESDAY, WEDNESDAY]
    assert list(days_between(WEDNESDAY, TUESDAY)) == []
