"""What holds for any facts: order means nothing, nothing raises, absence is always proven."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from domain.day_facts import CaseFact, Correction, DayFacts, PunchFact, TerminalFact
from domain.days import WAITING, DayStatus, derive
from domain.excuses import AWAY_KINDS, excuse_of
from domain.presence import scans_of
from domain.proof import NO_WORD_GIVEN, TERMINALS_TELL_ALL, doubts
from domain.work_calendar import CalendarKind, DayKind, expected
from tests.domain.world import FRIDAY, SATURDAY, TUESDAY, entry, office, rules, ward

STUDYING, PATTERNLESS = rules(on_study=True), rules(None)
PLANS = [
    office(),
    office(FRIDAY),
    office(SATURDAY),
    office(TUESDAY, entry(CalendarKind.HOLIDAY, TUESDAY)),
    office(FRIDAY, entry(CalendarKind.WFA, FRIDAY)),
    ward(TUESDAY, {TUESDAY: "M"}),
    ward(TUESDAY, {TUESDAY: "P", TUESDAY + timedelta(days=1): "M"}),
    ward(TUESDAY, {TUESDAY: "M", TUESDAY + timedelta(days=1): "P"}),
    ward(TUESDAY, {}),
    expected(TUESDAY, lambda _: None),
    expected(TUESDAY, lambda _: STUDYING),
    expected(TUESDAY, lambda _: PATTERNLESS),
]
WORKING = [plan for plan in PLANS if plan.kind is DayKind.WORK]

FIRST = datetime(2026, 11, 23, tzinfo=UTC)
instants = st.timedeltas(timedelta(0), timedelta(days=6)).map(lambda since: FIRST + since)
punches = st.builds(
    PunchFact,
    at=instants,
    terminal_id=st.integers(1, 3),
    terminal=st.just("Mesin"),
    local=st.sampled_from(["2026-11-24 07:20:00", "2030-01-01 00:00:00"]),
    source=st.sampled_from(["pull", "push", "usb", "csv"]),
    key=st.sampled_from([0, 1, 4, 255]),
    doubtful=st.sampled_from([None, "clock"]),
)
clocks = st.none() | st.times().map(lambda t: time(t.hour, t.minute))


@st.composite
def case_facts(draw, kinds=tuple(CaseKind), statuses=tuple(CaseStatus)):
    status = draw(st.sampled_from(statuses))
    kind = draw(st.sampled_from(kinds))
    return CaseFact(
        case_id=draw(st.integers(1, 10**6)),
        kind=kind,
        status=status,
        half=draw(st.sampled_from(list(HalfDay))),
        waiting_for=WaitingFor.SUPERVISOR if status is CaseStatus.OPEN else None,
        time_from=draw(clocks),
        time_to=draw(clocks),
        provisional=draw(st.booleans()),
        correction=draw(st.sampled_from([None, *Correction])),
    )


terminal_facts = st.builds(
    TerminalFact,
    terminal_id=st.integers(1, 99),
    name=st.just("Mesin"),
    is_mapped=st.booleans(),
    complete_up_to=st.none() | instants,
    clock_known=st.booleans(),
    unresolved=st.integers(0, 2),
    traffic_low=st.booleans(),
    outage=st.booleans(),
)
good_terminals = st.just((TerminalFact(1, "Mesin 1", True, datetime(2027, 1, 1, tzinfo=UTC)),))
ids = st.lists(st.integers(1, 9), max_size=2, unique=True).map(tuple)


def any_facts(plans=PLANS):
    return st.builds(
        DayFacts,
        employee_id=st.just(7),
        plan=st.sampled_from(plans),
        punches=st.lists(punches, max_size=5).map(tuple),
        cases=st.lists(case_facts(), max_size=3, unique_by=lambda c: c.case_id).map(tuple),
        terminals=st.lists(terminal_facts, max_size=3, unique_by=lambda t: t.terminal_id).map(tuple)
        | good_terminals,
        drafts=st.just(()) | ids,
        messages=st.just(()) | ids,
    )


def likely_absent():
    """Facts near an absence, so that the interesting edge is met often."""
    return st.builds(
        DayFacts,
        employee_id=st.just(7),
        plan=st.sampled_from(WORKING),
        punches=st.just(()),
        cases=st.just(()) | st.tuples(case_facts()),
        terminals=good_terminals | st.tuples(terminal_facts),
        drafts=st.just(()),
        messages=st.just(()),
    )


moments = instants | st.just(datetime(2026, 12, 24, tzinfo=UTC))


@settings(max_examples=300)
@given(any_facts(), moments)
def test_derive_never_raises_and_its_day_can_always_be_stored(known, as_of):
    day = derive(known, as_of)
    orjson.dumps(day.why)
    assert day.day == known.plan.day
    assert day.late_minutes >= 0 and day.early_minutes >= 0
    assert not (day.missing_in and day.first_in) and not (day.missing_out and day.last_out)
    if day.final:
        assert day.status not in WAITING
    if day.status in WAITING:
        assert day.reasons


def test_scans_of_one_instant_stand_in_one_order_whatever_else_differs():
    """Two rows of one second, one of them doubtful: once they stood as they came."""
    plan = WORKING[0]
    at = plan.window_from + (plan.window_to - plan.window_from) / 2
    rows = [
        PunchFact(at, 1, "Mesin", "2026-11-24 07:20:00", source, key, doubtful)
        for source in ("pull", "push")
        for key in (None, 0, 1)
        for doubtful in (None, "clock")
    ]
    known = DayFacts(7, plan, punches=tuple(rows))
    mixed = known._replace(punches=tuple(reversed(rows)))
    assert scans_of(known) == scans_of(mixed)


@given(any_facts(), moments, st.randoms(use_true_random=False))
def test_whatever_the_order_of_the_facts_the_day_is_the_same(known, as_of, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    mixed = known._replace(
        punches=shuffled(known.punches),
        cases=shuffled(known.cases),
        terminals=shuffled(known.terminals),
        drafts=shuffled(known.drafts),
        messages=shuffled(known.messages),
    )
    assert derive(mixed, as_of) == derive(known, as_of)


@settings(max_examples=300)
@given(any_facts() | likely_absent(), moments)
def test_absent_means_that_every_need_of_truth_six_holds(known, as_of):
    day = derive(known, as_of)
    if day.status is not DayStatus.ABSENT:
        return
    plan = known.plan
    assert plan.kind is DayKind.WORK and as_of >= plan.closes_at
    assert scans_of(known) == [] and excuse_of(known).half is None
    assert doubts(known, NO_WORD_GIVEN, as_of) == ()
    assert doubts(known, TERMINALS_TELL_ALL, plan.window_to) == ()
    usable = [terminal for terminal in known.terminals if terminal.is_mapped]
    assert usable
    assert all(terminal.complete_up_to >= plan.window_to for terminal in usable)
    assert day.final and day.reasons == ()


@given(likely_absent(), moments, st.integers(0, 999_999))
def test_a_scan_inside_the_window_never_leaves_anybody_absent(known, as_of, millionths):
    plan = known.plan
    instant = plan.window_from + (plan.window_to - plan.window_from) * millionths / 1_000_000
    scanned = known._replace(punches=(PunchFact(instant, 1, "Mesin 1", "", "pull"),))
    assert derive(scanned, as_of).status is not DayStatus.ABSENT


@given(
    likely_absent(),
    moments,
    case_facts(AWAY_KINDS, (CaseStatus.CONFIRMED, CaseStatus.OPEN, CaseStatus.LAPSED)),
)
def test_leave_confirmed_or_undecided_never_leaves_anybody_absent(known, as_of, leave):
    with_leave = known._replace(cases=(*known.cases, leave))
    assert derive(with_leave, as_of).status is not DayStatus.ABSENT


@given(likely_absent(), moments, terminal_facts)
def test_one_more_terminal_never_turns_waiting_into_absence(known, as_of, more):
    """Except the first one the person is mapped on: before it there was nothing to scan at."""
    before = derive(known, as_of)
    after = derive(known._replace(terminals=(*known.terminals, more)), as_of)
    if any(terminal.is_mapped for terminal in known.terminals):
        assert before.status is DayStatus.ABSENT or after.status is not DayStatus.ABSENT


@given(any_facts(WORKING), moments, moments)
def test_time_alone_never_unsays_a_final_day(known, one, other):
    earlier, later = sorted((one, other))
    day = derive(known, earlier)
    if day.final:
        assert derive(known, later) == day


def test_the_generators_do_reach_absence():
    """A property nobody ever meets proves nothing."""
    terminals = (TerminalFact(1, "Mesin 1", True, datetime(2027, 1, 1, tzinfo=UTC)),)
    for plan in WORKING:
        known = DayFacts(7, plan, terminals=terminals)
        assert derive(known, datetime(2026, 12, 24, tzinfo=UTC)).status is DayStatus.ABSENT
