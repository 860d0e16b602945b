"""A simulated year: what the house says of 300 employees, held against the truth of their days.

The truth (`truth.py`) was written from the facts alone; `feed.py` puts its world into a real house
in the order in which facts arrived. Only what the doors marked is derived: the hourly look at days
that wait, which would hide a forgotten mark, is put off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from domain.messages import MessageClass
from services import days, doctor
from store.db import Database
from tests.soak import truth
from tests.soak.feed import midnight
from tests.soak.imagined_year import imagine
from tests.soak.lived_year import LivedYear
from tests.soak.truth import Verdict, World

SEED = 20260101
ONE_DAY = timedelta(days=1)
FROM_NEAR = (date(2026, 2, 9), date(2026, 3, 9), date(2026, 5, 4), date(2026, 7, 6),
             date(2026, 9, 7), date(2026, 11, 9))  # fmt: skip
"""Mondays of the weeks in which questions, lists and alerts go out."""


@pytest.fixture
def year_db(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A SQLite that need not survive a power cut, and a house without its hourly second look."""
    event.listen(sqlite_db.engine, "connect", _in_no_fear_of_power_cuts)
    monkeypatch.setattr(days, "LOOK_AGAIN", timedelta(days=1000))
    return sqlite_db


def _in_no_fear_of_power_cuts(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]


def moments_until(last: date) -> Iterator[tuple[datetime, bool]]:
    """When the house derives, and whether it speaks: each Monday at six, and thrice a day in the
    weeks that are watched from near."""
    day = truth.FIRST
    while day <= last:
        if any(monday <= day < monday + 8 * ONE_DAY for monday in FROM_NEAR):
            for hours in (7.5, 10, 15):
                yield midnight(day) + timedelta(hours=hours), True
        elif day.weekday() == 0:
            yield midnight(day) + timedelta(hours=6), False
        day += ONE_DAY


def live_through(db: Database, world: World, until: datetime, checks: int) -> LivedYear:
    """The world from its eve to `until`; `checks` times the days are judged on the way."""
    year = LivedYear(db, world)
    moments = list(moments_until(until.date()))
    judged = {moments[len(moments) * n // (checks + 1)][0] for n in range(1, checks + 1)}
    month = 0
    for now, speaks in moments:
        year.live_until(now, speaks=speaks)
        if now in judged:
            year.judge(now)
        if now.month != month:
            month = now.month
            year.report(now)
    year.live_until(until, speaks=True)
    year.judge(until)
    return year


def assert_told_as_it_was(year: LivedYear, until: datetime) -> None:
    """No disagreement, every invariant holds, and a rebuild says the same."""
    wrong = year.wrong
    assert not wrong, f"{len(wrong)} disagreements:\n" + "\n".join(wrong[:60])
    breaches = {f.invariant: f.breaches for f in doctor.examine(year.db, until) if f.breaches}
    assert breaches == {}
    by_facts = year.stored()
    days.rebuild(year.db, until, truth.FIRST, min(truth.LAST, until.date()))
    rebuilt = year.stored()
    assert by_facts.keys() == rebuilt.keys()
    assert [(k, by_facts[k], rebuilt[k]) for k in by_facts if by_facts[k] != rebuilt[k]] == []


def only(world: World, *units: str) -> World:
    """The part of a world that plays in these units alone."""
    people = {
        nip: person
        for nip, person in world.people.items()
        if all(stint.unit in units for stint in person.stints)
    }
    here = frozenset(units)
    return replace(
        world,
        units={code: unit for code, unit in world.units.items() if code in here},
        calendar=[replace(d, units=d.units & here) for d in world.calendar if d.units & here],
        terminals={name: t for name, t in world.terminals.items() if t.unit in here},
        people=people,
        rosters=[
            replace(r, letters={nip: row for nip, row in r.letters.items() if nip in people})
            for r in world.rosters
            if r.unit in here
        ],
        swaps=[s for s in world.swaps if {s.one, s.other} <= people.keys()],
        words=[word for word in world.words if word.nip in people],
        days={key: day for key, day in world.days.items() if day.nip in people},
    )


def test_two_months_of_an_office_and_a_ward_are_told_as_they_were(year_db: Database) -> None:
    until = midnight(date(2026, 3, 2)) + timedelta(hours=6)
    world = only(imagine(SEED), "UPT-LAB", "RS-MELATI")
    year = live_through(year_db, world, until, checks=2)
    assert_told_as_it_was(year, until)
    assert year.verdicts[Verdict.ABSENT] > 40
    assert year.raised[MessageClass.CUTOFF_QUESTION] > 2


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_simulated_year_is_told_as_it_was(year_db: Database) -> None:
    year = live_through(year_db, imagine(SEED), truth.FINAL, checks=6)
    for (why, status), number in sorted(year.said.items()):
        print(f"{why:16} {status:18} {number:7}")
    print(dict(year.raised))
    assert_told_as_it_was(year, truth.FINAL)
    assert year.at_the_end[Verdict.ABSENT] >= 400
    assert year.at_the_end[Verdict.WAITING] >= 400
    assert year.raised[MessageClass.CUTOFF_QUESTION] >= 100
    assert year.raised[MessageClass.ABSENCE_ALERT] >= 100
    assert year.raised[MessageClass.CORRECTION] >= 20
    assert year.reasons["low_traffic"] >= 100, "dead sensors that the house found by itself"
