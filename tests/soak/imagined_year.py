"""300 employees live through 2026: hours, rosters, faulty terminals, people and their words.

Every part draws from its own seeded source, so that a change in one leaves the others as they were.
What the outcome means is told by `truth`; figures here are how often things happen, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from tests.soak.imagined_people import entries, make_people, make_rosters, swap_shifts, within
from tests.soak.imagined_units import (
    DAY,
    HOUR,
    LONG_AGO,
    PATTERNS,
    UNITS,
    YEAR,
    make_calendar,
    make_terminals,
)
from tests.soak.truth import (
    FIRST,
    LAST,
    SHIFT_HOURS,
    CalendarDay,
    DayTruth,
    Decision,
    FaultKind,
    Person,
    Roster,
    Scan,
    Span,
    Terminal,
    Unit,
    Word,
    WordKind,
    World,
)


def imagine(seed: int) -> World:
    """The whole year; the same seed gives the same world."""
    people = make_people(Random(f"{seed} people"))
    terminals = make_terminals(Random(f"{seed} terminals"))
    calendar = make_calendar()
    rosters = make_rosters(people)
    letters = {key: letter for roster in rosters for key, letter in entries(roster)}
    swaps = swap_shifts(letters, rosters, Random(f"{seed} swaps"))
    year = _Year(letters, rosters, calendar, terminals)
    words: list[Word] = []
    days: dict[tuple[str, date], DayTruth] = {}
    for person in people:
        rng = Random(f"{seed} {person.nip}")
        plans = [year.plan(person, day) for day in YEAR]
        told = _tell(person, plans, rng)
        words += [word for word, _ in told]
        days |= {(day.nip, day.day): day for day in year.live(person, plans, told, rng)}
    return World(
        units=dict(UNITS),
        patterns=list(PATTERNS),
        calendar=calendar,
        terminals={terminal.name: terminal for terminal in terminals},
        people={person.nip: person for person in people},
        rosters=rosters,
        swaps=swaps,
        words=words,
        days=days,
    )


# What people say ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """A way of saying something. Hours: `said` counts from the start of the first shift; `decided`
    from when it was said, or, `late`, from the start of the last day's shift (None: never)."""

    weight: float
    kinds: tuple[WordKind, ...]
    said: tuple[float, float]
    decided: tuple[float, float] | None
    decision: Decision = Decision.APPROVED
    late: bool = False
    days: tuple[int, int] = (1, 1)
    stays_away: float = 1.0
    half: bool = False
    by: str = "employee"
    on_its_way: float = 0.01


_LEAVE = (WordKind.ANNUAL, WordKind.IMPORTANT, WordKind.PERMISSION)
_ILL, _SUDDEN = (WordKind.SICK,), (WordKind.SICK, WordKind.PERMISSION)
_DUTY, _FORGOT = (WordKind.DUTY,), (WordKind.FORGOT_SCANS,)
_REFUSED, _UNDECIDED = Decision.REFUSED, Decision.UNDECIDED
STORIES = [
    Story(30, _LEAVE, (-336, -60), (2, 48), days=(1, 5), stays_away=0.97),  # planned
    Story(14, _LEAVE, (-72, -14), (12, 150), late=True, days=(1, 3)),  # the decider was slow
    Story(14, _ILL, (-1.5, -0.3), (0.3, 6), days=(1, 3)),  # this morning
    Story(0.6, _ILL, (-1.5, -0.3), (2, 30), days=(14, 30)),  # a long illness
    Story(10, _SUDDEN, (2, 2.9), (12, 120), late=True),  # answers the question
    Story(8, _SUDDEN, (26, 60), (64, 150), late=True),  # objects to the alert
    Story(3, _SUDDEN, (26, 60), (64, 150), _REFUSED, late=True),
    Story(2, _SUDDEN, (26, 60), None, _UNDECIDED),
    Story(4, _LEAVE, (-100, -40), (2, 24), _REFUSED, days=(1, 2), stays_away=0.5),
    Story(5, _LEAVE, (-20, -3), (12, 120), _REFUSED, late=True, stays_away=0.8),
    Story(5, _SUDDEN, (-60, 2.5), None, _UNDECIDED, days=(1, 2)),  # the decider stays silent
    Story(3, _ILL, (-2, -0.5), (12, 60), late=True, on_its_way=9),  # the network was slow
    Story(5, _SUDDEN, (0.2, 2.5), (0, 0), by="supervisor"),  # the boss reports
    Story(8, _DUTY, (-72, -2), (0, 0), days=(1, 4), by="operator"),
    Story(12, _DUTY, (30, 150), (0, 0), days=(1, 2), by="operator"),  # typed afterwards
    Story(8, _LEAVE, (-48, -2), (0.2, 1.5), half=True, stays_away=0.1),
    Story(6, _LEAVE, (-24, -1), (12, 100), late=True, half=True, stays_away=0.1),
    Story(1, _LEAVE, (-24, -1), (12, 100), _REFUSED, late=True, half=True, stays_away=0.2),
    Story(1, _LEAVE, (-24, -1), None, _UNDECIDED, half=True, stays_away=0.2),
    Story(4, _FORGOT, (1.5, 2.4), (12, 100), late=True, stays_away=0),
    Story(1, _FORGOT, (1.5, 2.4), None, _UNDECIDED, stays_away=0),
]
WEIGHTS = [story.weight for story in STORIES]
SAYS_SOMETHING = 0.02


def _tell(person: Person, plans: list[DayTruth], rng: Random) -> list[tuple[Word, bool]]:
    """A person's words of the year, each about dates of its own, and whether they stay away."""
    told: list[tuple[Word, bool]] = []
    for plan in plans:
        taken = bool(told) and plan.day <= told[-1][0].last
        if not taken and _expected(plan) and rng.random() < SAYS_SOMETHING:
            (story,) = rng.choices(STORIES, WEIGHTS)
            word = _word(story, person, plan, rng)
            if _can_be_said(word, person, plan):
                told.append((word, rng.random() < story.stays_away))
    return told


def _word(story: Story, person: Person, plan: DayTruth, rng: Random) -> Word:
    assert plan.span
    start, days = plan.span[0], rng.randint(*story.days)
    said_at = start + HOUR * rng.uniform(*story.said)
    heard_at = said_at + HOUR * story.on_its_way
    decided_at = None
    if story.decided:
        since = start + DAY * (days - 1) if story.late else heard_at
        decided_at = max(heard_at, since + HOUR * rng.uniform(*story.decided))
    return Word(
        nip=person.nip,
        kind=rng.choice(story.kinds),
        first=plan.day,
        last=min(plan.day + DAY * (days - 1), person.stints[-1].last or LAST),
        half=rng.choice(("am", "pm")) if story.half else None,
        by=story.by,
        said_at=said_at,
        heard_at=heard_at,
        decision=story.decision,
        decided_at=decided_at,
    )


def _can_be_said(word: Word, person: Person, plan: DayTruth) -> bool:
    """Only in service, and half a day only of a day that has a morning and an afternoon."""
    assert plan.unit and plan.span
    unit, (start, end) = UNITS[plan.unit], plan.span
    halves = unit.pattern != "SHIFT" and end - start >= HOUR * 6
    employed = word.said_at >= unit.utc(person.stints[0].first, time())
    return employed and (word.half is None or halves)


def _expected(plan: DayTruth) -> bool:
    """Was this person asked to come, as far as anybody knew that morning?"""
    if plan.span is None:
        return False
    return plan.calendar is None or plan.calendar.known_at > plan.span[1]


# How the days are lived -----------------------------------------------------------------------

STREAKS = (1,) * 20 + (2,) * 5 + (3, 4, 12)
"""How many dates somebody stays away who stays away without a word."""


class _Year:
    """What is the same for everybody while the days are lived."""

    def __init__(
        self,
        letters: dict[tuple[str, date], str],
        rosters: list[Roster],
        calendar: list[CalendarDay],
        terminals: list[Terminal],
    ) -> None:
        self.letters = letters
        self.published = {(roster.unit, roster.month): roster.published_at for roster in rosters}
        self.calendar = {(unit, entry.day): entry for entry in calendar for unit in entry.units}
        self.terminals: dict[str, list[Terminal]] = {}
        for terminal in terminals:
            self.terminals.setdefault(terminal.unit, []).append(terminal)

    def plan(self, person: Person, day: date) -> DayTruth:
        """The day before anybody lived it."""
        stint = next((stint for stint in person.stints if within(stint, day)), None)
        if stint is None:
            return DayTruth(person.nip, day)
        unit = UNITS[stint.unit]
        if unit.pattern == "SHIFT":
            letter, calendar = self.letters[person.nip, day], None
            clocks = SHIFT_HOURS.get(letter)
            known_at = self.published[unit.code, day.replace(day=1)]
        else:
            letter, calendar = None, self.calendar.get((unit.code, day))
            clocks, known_at = _hours(_pattern(person, unit, day), day), LONG_AGO
        return DayTruth(
            nip=person.nip,
            day=day,
            unit=unit.code,
            letter=letter,
            span=_span(unit, day, clocks) if clocks else None,
            span_known_at=known_at,
            calendar=calendar,
            pin_known_at=stint.pin_known_at,
        )

    def live(
        self, person: Person, plans: list[DayTruth], told: list[tuple[Word, bool]], rng: Random
    ) -> list[DayTruth]:
        """The same days, lived: where the person was and what the terminals kept of it."""
        said = {
            word.first + DAY * n: (word, away)
            for word, away in told
            for n in range((word.last - word.first).days + 1)
        }
        lived, missing_until = [], FIRST
        for plan in plans:
            word, away = said.get(plan.day, (None, False))
            if word is None and _expected(plan) and rng.random() < 0.008:
                missing_until = max(missing_until, plan.day + DAY * rng.choice(STREAKS))
            missing = away if word else plan.day < missing_until
            there = _presence(plan, word, missing, rng)
            silent = word is not None and word.kind is WordKind.FORGOT_SCANS
            scans = () if there is None or silent else self._scans(person, plan, there, rng)
            words = (word,) if word else ()
            lived.append(replace(plan, there=there, scans=scans, words=words))
        return lived

    def _scans(self, person: Person, plan: DayTruth, there: Span, rng: Random) -> tuple[Scan, ...]:
        """In and out, now and then one forgotten, pressed twice, or with a wrong key."""
        presses = [(there[0], 0), (there[1], 1)]
        forgets = rng.random()
        if forgets < 0.015:
            presses.pop(1 if forgets < 0.01 else 0)
        presses += [
            (at + timedelta(seconds=rng.randint(2, 25)), key)
            for at, key in presses
            if rng.random() < 0.02
        ]
        kept = [self._press(person, plan, at, key, rng) for at, key in sorted(presses)]
        return tuple(scan for scan in kept if scan)

    def _press(
        self, person: Person, plan: DayTruth, at: datetime, key: int, rng: Random
    ) -> Scan | None:
        """The row that one finger leaves in a terminal's memory, if the sensor takes it."""
        assert plan.unit and plan.pin_known_at
        terminal = self._chosen(person, plan.unit, at, rng)
        fault = terminal.fault_at(at)
        if fault and fault.kind is FaultKind.DEAD_SENSOR:
            return None
        stint = next(stint for stint in person.stints if within(stint, plan.day))
        lost = fault is not None and fault.kind is FaultKind.DATA_LOST
        arrives_at = None if lost else terminal.first_read_after(at)
        stamp = UNITS[plan.unit].local(at)
        righted_at: datetime | None = LONG_AGO
        if fault and fault.kind is FaultKind.WRONG_CLOCK:
            stamp, righted_at = stamp + fault.offset, fault.offset_known_at
        elif arrives_at and rng.random() < ODD_STAMP:
            stamp = stamp.replace(year=2030)
            righted_at = arrives_at + DAY * rng.uniform(1, 6) if rng.random() < 0.6 else None
        return Scan(
            terminal=terminal.name,
            pin=stint.pin,
            at=at,
            stamp=stamp,
            key=rng.choice((0, 1, 255)) if rng.random() < 0.03 else key,
            arrives_at=arrives_at,
            believed_at=max(arrives_at, righted_at, plan.pin_known_at)
            if arrives_at and righted_at
            else None,
        )

    def _chosen(self, person: Person, unit: str, at: datetime, rng: Random) -> Terminal:
        """Mostly the own door; at a dead sensor most walk to another."""
        terminals = self.terminals[unit]
        chosen = terminals[int(person.nip[-3:]) % len(terminals)]
        if rng.random() < 0.15:
            chosen = rng.choice(terminals)
        fault = chosen.fault_at(at)
        if fault and fault.kind is FaultKind.DEAD_SENSOR and rng.random() < 0.7:
            return rng.choice(terminals)
        return chosen


ODD_STAMP = 1 / 6000
"""How often one single row is stamped 2030."""


def _pattern(person: Person, unit: Unit, day: date) -> str:
    if person.own_pattern and day >= person.own_pattern[0]:
        return person.own_pattern[1]
    return unit.pattern


def _hours(pattern: str, day: date) -> tuple[time, time] | None:
    versions = [v for v in PATTERNS if v.pattern == pattern and v.valid_from <= day]
    return max(versions, key=lambda version: version.valid_from).hours.get(day.weekday())


def _span(unit: Unit, day: date, clocks: tuple[time, time]) -> Span:
    start, end = clocks
    return unit.utc(day, start), unit.utc(day + DAY if end < start else day, end)


def _presence(plan: DayTruth, word: Word | None, missing: bool, rng: Random) -> Span | None:
    """From when to when this person is at work."""
    if plan.span is None or not _comes(plan, word, missing, rng):
        return None
    start, end = plan.span
    if word and word.half:
        assert plan.unit
        noon = UNITS[plan.unit].utc(plan.day, time(12))
        start, end = (noon, end) if word.half == "am" else (start, noon)
    length = (end - start).total_seconds()
    late = rng.uniform(0, 0.4) * length if rng.random() < 0.1 else -rng.uniform(0, 2100)
    early = rng.uniform(0, 0.3) * length if rng.random() < 0.07 else -rng.uniform(0, 3000)
    return start + timedelta(seconds=int(late)), end - timedelta(seconds=int(early))


def _comes(plan: DayTruth, word: Word | None, missing: bool, rng: Random) -> bool:
    if not _expected(plan):
        return rng.random() < 0.02  # some work on a free day, or do not hear of the WFA in time
    if word and missing and word.decision is Decision.APPROVED:
        return rng.random() < 0.02  # the illness was over sooner
    return not missing
