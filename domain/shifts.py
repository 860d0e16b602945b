"""Shift rosters (jadwal jaga): a month of letters per person, and what cannot stand in it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.patterns import OFF_LETTERS, ShiftHours, hours_on

ONE_DAY = timedelta(days=1)
LONGEST_LETTER = 4

Grid = Mapping[int, Mapping[date, str]]
"""Letters by employee id and date; a date without a letter is not rostered."""


class CellFault(StrEnum):
    """Why a letter cannot stand where it stands."""

    UNKNOWN_LETTER = "unknown_letter"  # no hours are known for it on that date
    NOT_HERE = "not_here"  # the person does not work in the unit on that date
    OVERLAP = "overlap"  # the shift lasts into the next day's


@dataclass(frozen=True, order=True)
class BadCell:
    """A letter that cannot stand: whose, when, why."""

    employee_id: int
    day: date
    fault: CellFault
    letter: str


@dataclass(frozen=True)
class Change:
    """A date's letter that becomes another; '' is none."""

    employee_id: int
    day: date
    before: str
    after: str


@dataclass(frozen=True)
class RosterAsking:
    """When a roster that nobody published is asked for (pengaturan).

    Settings of these names may say otherwise for a unit from a date on.
    """

    roster_asked_from: int = 25  # the day of the month before, 1 to 28
    roster_asked_again_days: int = 3


def next_month(day: date) -> date:
    """The first day of the month after the one `day` lies in."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def is_asked_for(month: date, today: date, asking: RosterAsking) -> bool:
    """Whether the roster of a month (its first day) should be there by now."""
    return month <= today or today.day >= asking.roster_asked_from


def days_of_month(first: date) -> list[date]:
    """Every date of the month that `first` begins."""
    count = monthrange(first.year, first.month)[1]
    return [first + timedelta(days=n) for n in range(count)]


def bad_cells(
    grid: Grid,
    here: Mapping[int, Collection[date]],
    shifts: Sequence[ShiftHours],
    around: Grid,
) -> list[BadCell]:
    """Every letter that cannot stand. `here`: the dates on which each works in the unit;
    `around`: the published letters, of which those beside the grid's dates count."""
    found = []
    for employee_id, letters in grid.items():
        beside = {**around.get(employee_id, {}), **letters}
        for day, letter in letters.items():
            fault = None
            if not letter:
                continue
            if day not in here.get(employee_id, ()):
                fault = CellFault.NOT_HERE
            elif letter not in OFF_LETTERS and hours_on(shifts, letter, day) is None:
                fault = CellFault.UNKNOWN_LETTER
            elif _lasts_into_next(day, beside, shifts):
                fault = CellFault.OVERLAP
            if fault is not None:
                found.append(BadCell(employee_id, day, fault, letter))
    return sorted(found)


def _lasts_into_next(day: date, letters: Mapping[date, str], shifts: Sequence[ShiftHours]) -> bool:
    """True when this date's shift ends after the next date's has begun."""
    span = hours_on(shifts, letters[day], day)
    next_span = hours_on(shifts, letters.get(day + ONE_DAY, ""), day + ONE_DAY)
    if span is None or next_span is None or span.ends > span.starts:
        return False
    return datetime.combine(day, span.ends) > datetime.combine(day, next_span.starts)


def changes(before: Grid, after: Grid, days: Collection[date]) -> Iterator[Change]:
    """What differs on these dates for everybody in `after`."""
    for employee_id, letters in after.items():
        stored = before.get(employee_id, {})
        for day in days:
            old, new = stored.get(day, ""), letters.get(day, "")
            if old != new:
                yield Change(employee_id, day, old, new)


def swapped(grid: Grid, one: int, other: int, days: Collection[date]) -> dict[int, dict[date, str]]:
    """The letters of two people on these dates, each with the other's (tukar jaga)."""
    return {
        one: {day: grid.get(other, {}).get(day, "") for day in days},
        other: {day: grid.get(one, {}).get(day, "") for day in days},
    }


def from_four_weeks_before(
    published: Grid, people: Collection[int], days: Collection[date]
) -> Grid:
    """Each date's letter of four weeks before: the same weekday, the same place in the turn."""
    back = timedelta(weeks=4)
    return {
        employee_id: {
            day: published[employee_id][day - back]
            for day in days
            if day - back in published.get(employee_id, {})
        }
        for employee_id in people
    }


def letter_problem(letter: str, starts: time, ends: time) -> str | None:
    """Why a letter cannot be defined so, as a code; None when it can."""
    if not (1 <= len(letter) <= LONGEST_LETTER and letter.isalnum()):
        return "letter"
    if letter in OFF_LETTERS:
        return "off_letter"
    if starts == ends:
        return "no_hours"
    return None
