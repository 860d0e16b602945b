"""Who lives through the imagined year: people who come, go and move, their rosters and swaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import count, islice
from random import Random

from tests.soak.imagined_units import DAY, HOUR, LONG_AGO, UNITS, WARDS, YEAR
from tests.soak.truth import Person, Roster, Stint, Swap, Unit

# People ---------------------------------------------------------------------------------------

GIVEN = (
    "Ahmad Siti Muhammad Nur Dewi Agus Sri Rina Budi Hendra Yuliana Fitri Rahmat Yusuf Lestari Joko"
    " Aminah Bambang Kartika Wahyu Dian Eko Ratna Taufik Mega"
).split()
FAMILY = (
    "Hidayat Rahman Saputra Wulandari Noor Fauzi Pratama Handayani Syahputra Maulida Santoso"
    " Effendi Anggraini Ramadhan Kusuma Permata Hakim Susanti Arifin Halimah"
).split()


def make_people(rng: Random) -> list[Person]:
    """Everybody with a place, then in three groups: who comes, goes, or moves within the year."""
    serials = count(1)
    people = [
        _veteran(unit, next(serials), rng) for unit in UNITS.values() for _ in range(unit.headcount)
    ]
    chosen = iter(rng.sample(range(len(people)), 12 + 10 + 27 + 8))
    for index in islice(chosen, 12):
        people[index] = _joined(people[index], rng)
    for index in islice(chosen, 10):
        people[index] = _left(people[index], rng)
    for index in islice(chosen, 27):
        people[index] = _transferred(people[index], next(serials), rng)
    for index in chosen:
        people[index] = replace(people[index], own_pattern=(_any_date(rng), "PARUH"))
    return people


def _any_date(rng: Random) -> date:
    """Somewhere in the middle of a month from February on."""
    return date(2026, rng.randint(2, 12), rng.randint(5, 25))


def _veteran(unit: Unit, serial: int, rng: Random) -> Person:
    born = date(rng.randint(1970, 1992), rng.randint(1, 12), rng.randint(1, 28))
    appointed = f"{born.year + rng.randint(23, 27)}{rng.randint(1, 12):02d}"
    nip = f"{born:%Y%m%d}{appointed}{rng.randint(1, 2)}{serial:03d}"
    name = f"{rng.choice(GIVEN)} {rng.choice(FAMILY)} {rng.choice(FAMILY)}"
    stint = Stint(unit.code, LONG_AGO.date(), None, str(1000 + serial), LONG_AGO)
    return Person(nip, name, (stint,))


def _joined(person: Person, rng: Random) -> Person:
    """Comes within the year; the operator maps the ID some days later, or at once."""
    (stint,) = person.stints
    first = _any_date(rng)
    return replace(person, stints=(replace(stint, first=first, pin_known_at=_mapped(first, rng)),))


def _left(person: Person, rng: Random) -> Person:
    (stint,) = person.stints
    return replace(person, stints=(replace(stint, last=_any_date(rng)),))


def _transferred(person: Person, serial: int, rng: Random) -> Person:
    (old,) = person.stints
    first = _any_date(rng)
    unit = rng.choice([code for code in UNITS if code != old.unit])
    new = Stint(unit, first, None, str(1000 + serial), _mapped(first, rng))
    return replace(person, stints=(replace(old, last=first - DAY), new))


def _mapped(first: date, rng: Random) -> datetime:
    midnight = datetime.combine(first, time(), UTC) - HOUR * 12
    return midnight if rng.random() < 0.5 else midnight + DAY * rng.uniform(1, 12)


# Rosters and swaps ----------------------------------------------------------------------------

LATE = {("RS-ANGGREK", 5): date(2026, 5, 4)}
"""(ward, month) published only when the month had begun."""
NEVER = {("RS-ANGGREK", 10)}
CYCLE = "PPSSMMLL"


def make_rosters(people: list[Person]) -> list[Roster]:
    return [_roster(ward, month, people) for ward in WARDS for month in range(1, 13)]


def _roster(ward: Unit, month: int, people: list[Person]) -> Roster:
    """Everybody walks through the cycle; nobody is on nights on the last day in the ward."""
    letters: dict[str, dict[date, str]] = {}
    for index, person in enumerate(people):
        for stint in person.stints:
            if stint.unit == ward.code:
                row = {
                    day: "L" if day == stint.last else CYCLE[(day.toordinal() + index) % 8]
                    for day in YEAR
                    if day.month == month and within(stint, day)
                }
                letters |= {person.nip: row} if row else {}
    return Roster(ward.code, date(2026, month, 1), letters, _publication(ward, month))


def _publication(ward: Unit, month: int) -> datetime | None:
    if (ward.code, month) in NEVER:
        return None
    usual = date(2026, month, 1) - DAY * 6
    return ward.utc(LATE.get((ward.code, month), usual), time(9))


def within(stint: Stint, day: date) -> bool:
    return stint.first <= day and (stint.last is None or day <= stint.last)


def entries(roster: Roster) -> list[tuple[tuple[str, date], str]]:
    return [
        ((nip, day), letter) for nip, row in roster.letters.items() for day, letter in row.items()
    ]


def swap_shifts(
    letters: dict[tuple[str, date], str], rosters: list[Roster], rng: Random
) -> list[Swap]:
    """Exchange letters in `letters`; nobody twice on a date, or works on after a night."""
    swaps: list[Swap] = []
    swapped: set[tuple[str, date]] = set()
    for roster in rosters:
        if (roster.unit, roster.month.month) in LATE.keys() | NEVER:
            continue
        for _ in range(6):
            day = roster.month + DAY * rng.randint(2, 26)
            present = sorted(nip for nip, row in roster.letters.items() if day in row)
            one, other = rng.sample(present, 2)
            mine, yours = (one, day), (other, day)
            if swapped.isdisjoint((mine, yours)) and _may_swap(letters, one, other, day):
                letters[mine], letters[yours] = letters[yours], letters[mine]
                swapped |= {mine, yours}
                agreed_at = UNITS[roster.unit].utc(day - DAY, time(rng.randint(8, 19), 30))
                swaps.append(Swap(roster.unit, day, one, other, agreed_at))
    return swaps


def _may_swap(letters: dict[tuple[str, date], str], one: str, other: str, day: date) -> bool:
    mine, yours = letters[one, day], letters[other, day]
    return mine != yours and all(
        _rests(letters.get((nip, day - DAY), "L"), new)
        and _rests(new, letters.get((nip, day + DAY), ""))
        for nip, new in ((one, yours), (other, mine))
    )


def _rests(letter: str, following: str) -> bool:
    """After a night only another night or a day off may follow; "" is a day in another unit."""
    return letter != "M" or following in ("M", "L")
