"""Is the imagined year one that could have happened, and does it hold enough to fail a proof?"""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from tests.soak.imagined_people import make_people
from tests.soak.imagined_units import DAY, HOUR, YEAR
from tests.soak.imagined_year import imagine
from tests.soak.truth import (
    DayTruth,
    Decision,
    FaultKind,
    Scan,
    Verdict,
    Why,
    World,
    counts,
)


@pytest.fixture(scope="module")
def world() -> World:
    return imagine(7)


def _of_person(world: World) -> list[list[DayTruth]]:
    return [[world.days[nip, day] for day in YEAR] for nip in world.people]


def _scans(world: World) -> list[Scan]:
    return [scan for day in world.days.values() for scan in day.scans]


def test_the_year_holds_enough_of_everything(world: World) -> None:
    found = counts(world)
    least = {
        Verdict.ABSENT: 400,
        "days in faults": 300,
        "leave days decided late": 200,
        "half days": 50,
        "swaps": 30,
        "transfers": 20,
        "one scan of two": 100,
    }
    assert {name: found[name] for name in least if found[name] < least[name]} == {}
    never_final = {Why.NOT_OVER, Why.DATA_NOT_YET, Why.UNKNOWN_ID}
    assert {why for why in Why if not found[why.name]} <= never_final | {Why.ROW_IN_DOUBT}


def test_the_same_seed_gives_the_same_year(world: World) -> None:
    assert imagine(7) == world
    assert set(world.people) != {person.nip for person in make_people(Random("8 people"))}


def test_every_employee_has_every_date_once(world: World) -> None:
    assert len(world.people) == 300
    assert set(world.days) == {(nip, day) for nip in world.people for day in YEAR}


def test_nobody_is_asked_for_or_works_in_two_places_at_once(world: World) -> None:
    for days in _of_person(world):
        for spans in ([day.span for day in days], [day.there for day in days]):
            for earlier, later in pairwise(filter(None, spans)):
                assert earlier[0] < earlier[1] <= later[0]


def test_who_was_there_is_never_called_absent(world: World) -> None:
    for day in world.days.values():
        if day.there:
            verdicts = {world.why(day, day.there[1] + DAY * n).verdict for n in (0, 1, 3, 30)}
            assert Verdict.ABSENT not in verdicts | {world.why(day).verdict}, day


def test_whoever_is_absent_was_asked_to_come_and_has_no_word_but_a_refusal(world: World) -> None:
    for day in world.days.values():
        if world.why(day).verdict is Verdict.ABSENT:
            assert day.span and not day.there and not day.calendar
            assert all(word.decision is Decision.REFUSED for word in day.words)


def test_a_day_once_settled_stays_settled_unless_something_new_was_heard(world: World) -> None:
    for day in world.days.values():
        if day.span and world.why(day).verdict is Verdict.ABSENT:
            assert world.why(day, day.span[1]) is not Why.NOBODY_CAME  # nothing is read so soon
            news = [word.heard_at for word in day.words] + [word.decided_at for word in day.words]
            reasons = [world.why(day, day.span[1] + HOUR * 12 * n) for n in range(1, 40)]
            first = next((n for n, why in enumerate(reasons) if why is Why.NOBODY_CAME), None)
            if first is not None and not news:
                # a row of impossible time may still come with the next read
                assert set(reasons[first:]) <= {Why.NOBODY_CAME, Why.ODD_ROW_NEARBY}


def test_a_dead_sensor_keeps_nothing_and_lost_data_never_comes(world: World) -> None:
    for scan in _scans(world):
        terminal = world.terminals[scan.terminal]
        fault = terminal.fault_at(scan.at)
        kind = fault.kind if fault else None
        assert kind is not FaultKind.DEAD_SENSOR
        assert (scan.arrives_at is None) == (kind is FaultKind.DATA_LOST)
        if scan.arrives_at:
            assert scan.at < scan.arrives_at and scan.arrives_at in terminal.reads


def test_faults_of_a_terminal_do_not_meet(world: World) -> None:
    for terminal in world.terminals.values():
        faults = sorted(terminal.faults, key=lambda fault: fault.start)
        assert all(earlier.end + DAY < later.start for earlier, later in pairwise(faults))


def test_a_decision_follows_the_word_and_is_missing_only_if_undecided(world: World) -> None:
    for word in world.words:
        assert word.said_at <= word.heard_at
        assert (word.decided_at is None) == (word.decision is Decision.UNDECIDED)
        assert word.decided_at is None or word.heard_at <= word.decided_at


def test_a_swap_is_agreed_before_both_shifts_and_after_the_roster(world: World) -> None:
    published = {(roster.unit, roster.month): roster.published_at for roster in world.rosters}
    for swap in world.swaps:
        one, other = (world.days[nip, swap.day] for nip in (swap.one, swap.other))
        roster_at = published[swap.unit, swap.day.replace(day=1)]
        assert roster_at and roster_at < swap.agreed_at
        assert one.letter != other.letter
        assert all(swap.agreed_at < day.span[0] for day in (one, other) if day.span)
