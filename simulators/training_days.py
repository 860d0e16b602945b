"""When the people of the training house come and go: the same for the same person and date."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from simulators.training_people import SHIFT_CYCLE, UNITS, Person

HOURS = {
    "5D": {**dict.fromkeys((1, 2, 3, 4), ("07:30", "16:00")), 5: ("07:30", "11:00")},
    "6D": {
        **dict.fromkeys((1, 2, 3, 4), ("07:30", "15:00")),
        5: ("07:30", "11:30"),
        6: ("07:30", "11:00"),
    },
}
SHIFTS = {"P": ("07:30", "14:00"), "S": ("14:00", "21:00"), "M": ("21:00", "07:30")}
LATE, FORGETS, STAYS_AWAY = 0.05, 0.01, 0.006  # how often, a day
PATTERN_OF = {unit.code: unit.pattern for unit in UNITS}


@dataclass(frozen=True)
class Scan:
    """One finger on one terminal, local clock."""

    terminal: str
    pin: str
    at: datetime


@dataclass(frozen=True)
class Away:
    """Days on which somebody does not come, both included."""

    nip: str
    first: date
    last: date

    def covers(self, person: Person, day: date) -> bool:
        return self.nip == person.nip and self.first <= day <= self.last


def letter_of(person: Person, day: date) -> str | None:
    """The rota's letter of a shift worker."""
    if person.shift_offset is None:
        return None
    return SHIFT_CYCLE[(day.toordinal() + person.shift_offset) % len(SHIFT_CYCLE)]


def hours_of(person: Person, day: date) -> tuple[datetime, datetime] | None:
    """When somebody is to work on a date, local clock; None when off."""
    letter = letter_of(person, day)
    if letter is not None:
        span = SHIFTS.get(letter)
    elif day in _free_days(day.year):
        return None
    else:
        pattern = person.pattern or PATTERN_OF[person.unit] or "5D"
        span = HOURS[pattern].get(day.isoweekday())
    if span is None:
        return None
    starts, ends = (datetime.combine(day, time.fromisoformat(hour)) for hour in span)
    return starts, ends if ends > starts else ends + timedelta(days=1)


@lru_cache(maxsize=8)
def _free_days(year: int) -> frozenset[date]:
    kinds = ("public", "government")
    return frozenset(holidays.country_holidays("ID", years=year, categories=kinds))


def scans_of(
    person: Person,
    day: date,
    terminals: Sequence[str],
    away: Sequence[Away],
    seed: int,
    *,
    everybody_comes: bool = False,
) -> Iterator[Scan]:
    """The scans of one person for the work that begins on `day`, local clock.

    Now and then somebody stays away without a word, but for `everybody_comes`.
    """
    hours = hours_of(person, day)
    if hours is None or any(each.covers(person, day) for each in away):
        return
    chance = random.Random(f"{seed} {person.nip} {day}")
    if chance.random() < STAYS_AWAY and not everybody_comes:
        return
    starts, ends = hours
    late = chance.random() < LATE
    comes = starts + _minutes(chance.uniform(3, 35) if late else -abs(chance.gauss(14, 9)))
    goes = ends + _minutes(abs(chance.gauss(8, 9)))
    terminal = chance.choice(terminals)
    yield Scan(terminal, person.pin, comes)
    if chance.random() >= FORGETS:
        yield Scan(terminal, person.pin, goes)


def _minutes(minutes: float) -> timedelta:
    return timedelta(seconds=round(minutes * 60))
