"""Calendars and plans (kalender, rencana hari): what a date asks of one person.

`expected` and `plan_days` answer what is expected of one person on one local date and which
instants belong to that date, so that a punch belongs to exactly one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from domain.evidence import Evidence, clocks, stamp
from domain.patterns import OFF_LETTERS, ShiftHours, Span, WorkPattern, hours_on

ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)


# --- calendars -------------------------------------------------------------------------------


class CalendarKind(StrEnum):
    """What a calendar entry makes of a date."""

    HOLIDAY = "holiday"  # libur nasional
    COLLECTIVE_LEAVE = "collective_leave"  # cuti bersama
    WFA = "wfa"
    SCHOOL_BREAK = "school_break"
    RAMADAN = "ramadan"


FREE_KINDS = (CalendarKind.HOLIDAY, CalendarKind.COLLECTIVE_LEAVE, CalendarKind.SCHOOL_BREAK)


@dataclass(frozen=True)
class CalendarEntry:
    """A span of dates with a meaning (kalender), both ends included.

    `weekdays` are ISO digits ('5': Fridays only), None for all; `windows` are the hours of online
    presence on a WFA day.
    """

    kind: CalendarKind
    first_day: date
    last_day: date
    name: str
    source: str = ""
    weekdays: str | None = None
    windows: tuple[Span, ...] = ()

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day and (
            self.weekdays is None or str(day.isoweekday()) in self.weekdays
        )


@dataclass(frozen=True, slots=True)
class DayMarks:
    """What the calendar says of one date."""

    free: CalendarEntry | None
    wfa: CalendarEntry | None
    in_ramadan: bool


class UnitCalendar:
    """The entries that hold for one unit: its own and those of every unit above it."""

    def __init__(self, entries: Iterable[CalendarEntry] = ()) -> None:
        self._entries = sorted(entries, key=lambda e: (e.first_day, e.last_day, e.kind, e.name))
        self._marks: dict[date, DayMarks] = {}

    def on(self, day: date) -> DayMarks:
        """What the calendar says of `day`; a holiday wins over collective leave over a break."""
        marks = self._marks.get(day)
        if marks is None:
            here = [entry for entry in self._entries if entry.covers(day)]
            free = [entry for kind in FREE_KINDS for entry in here if entry.kind is kind]
            wfa = [entry for entry in here if entry.kind is CalendarKind.WFA]
            ramadan = any(entry.kind is CalendarKind.RAMADAN for entry in here)
            marks = DayMarks(free[0] if free else None, wfa[0] if wfa else None, ramadan)
            self._marks[day] = marks
        return marks


# --- what rules one person's time ------------------------------------------------------------


@dataclass(frozen=True)
class DaySettings:
    """The numbers of attendance (pengaturan): minutes, unless the name says otherwise."""

    cutoff_minutes: int = 90  # after the start: 09.00 for an office
    late_grace_minutes: int = 0  # up to this late is not late
    early_grace_minutes: int = 0
    window_before_minutes: int = 240  # how long before the start a scan may belong to the shift
    window_after_minutes: int = 480  # how long after the end; then the day closes
    collapse_seconds: int = 60  # scans this near each other are one
    shortest_stay_minutes: int = 60  # scans within this are one arrival or one departure
    joined_within_minutes: int = 30  # shifts this near each other need no scan in between
    noon_from: time = time(12)  # the halves of an office day meet in this break
    noon_to: time = time(13)
    tell_from: time = time(7)  # when people are told about a day that closed


@dataclass(frozen=True, eq=False)
class WorkRules:
    """Everything that rules one person's time at one posting: picked by date by the caller.

    Use one object for everybody to whom the same holds: their plans are then shared.
    """

    zone: tzinfo
    pattern: WorkPattern | None
    calendar: UnitCalendar = field(default_factory=UnitCalendar)
    shifts: tuple[ShiftHours, ...] = ()
    settings: DaySettings = DaySettings()
    on_study: bool = False  # tugas belajar: out of the count
    _plans: dict[_Shape, DayPlan] = field(default_factory=dict, repr=False)

    def shift_span(self, letter: str, day: date) -> Span | None:
        """The hours of a roster letter on that date."""
        return hours_on(self.shifts, letter, day)


class DayKind(StrEnum):
    """What a date asks of a person."""

    WORK = "work"
    OFF = "off"  # by pattern or roster
    HOLIDAY = "holiday"  # libur nasional, cuti bersama, libur sekolah
    WFA = "wfa"
    STUDY = "study"
    NO_ROSTER = "no_roster"  # works by shift, no published letter for the date
    NO_PATTERN = "no_pattern"  # no pattern known for the date
    NOT_IN_SERVICE = "not_in_service"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What is expected of one person on one local date, all instants in UTC.

    `starts`, `ends`, `cutoff` stand on WORK days only. The windows of a person's days follow each
    other without gap or overlap: a punch with window_from <= at < window_to belongs to this date.
    The day closes when its window does. `because` is evidence for the day's why.
    """

    day: date
    kind: DayKind
    zone: tzinfo
    window_from: datetime
    window_to: datetime
    starts: datetime | None = None
    ends: datetime | None = None
    cutoff: datetime | None = None
    is_shift: bool = False
    joined_before: bool = False  # the shift before ends where this one starts
    joined_after: bool = False
    settings: DaySettings = DaySettings()
    because: tuple[Evidence, ...] = ()

    @property
    def closes_at(self) -> datetime:
        """When the day may be judged (tutup hari)."""
        return self.window_to


RulesOn = Callable[[date], WorkRules | None]
"""The rules of one person by date; None while not in service."""

_Shape = tuple[date, WorkRules | None, WorkRules | None, str | None, str | None, str | None]
"""All that shapes a date's plan beside its own rules: the rules of the dates around it, and the
letters of the three."""

NO_ROSTER: Mapping[date, str] = {}


def expected(day: date, rules_on: RulesOn, roster: Mapping[date, str] = NO_ROSTER) -> DayPlan:
    """What is expected of one person on `day`. `roster`: their published letters, the days around
    included."""
    return plan_days(day, day, rules_on, roster)[0]


def plan_days(
    first: date, last: date, rules_on: RulesOn, roster: Mapping[date, str] = NO_ROSTER
) -> list[DayPlan]:
    """The plans of one person for every date of the span, both ends included."""
    return [_plan_of(day, rules_on, roster) for day in days_between(first, last)]


def _plan_of(day: date, rules_on: RulesOn, roster: Mapping[date, str]) -> DayPlan:
    """The plan of one date: made once for everybody whose three dates have the same shape."""
    eve, morrow = day - ONE_DAY, day + ONE_DAY
    before, here, after = rules_on(eve), rules_on(day), rules_on(morrow)
    letters = (roster.get(eve), roster.get(day), roster.get(morrow))
    shape = (day, before, after, *letters)
    plan = here._plans.get(shape) if here else None
    if plan is None:
        plan = _plan(
            _sketch(eve, before, letters[0]),
            _sketch(day, here, letters[1]),
            _sketch(morrow, after, letters[2]),
        )
        if here:
            here._plans[shape] = plan
    return plan


def days_between(first: date, last: date) -> Iterator[date]:
    """Every date from `first` to `last`, both included."""
    while first <= last:
        yield first
        first += ONE_DAY


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A date before its window is known."""

    day: date
    kind: DayKind
    rules: WorkRules | None
    starts: datetime | None = None
    ends: datetime | None = None
    is_shift: bool = False
    because: tuple[Evidence, ...] = ()


def _sketch(day: date, rules: WorkRules | None, letter: str | None) -> _Sketch:
    if rules is None:
        return _Sketch(day, DayKind.NOT_IN_SERVICE, None)
    if rules.on_study:
        return _Sketch(day, DayKind.STUDY, rules)
    if letter is not None:  # a roster wins over pattern, holiday and WFA
        return _by_roster(day, rules, letter)
    if rules.pattern is None:
        return _Sketch(day, DayKind.NO_PATTERN, rules)
    if rules.pattern.is_shift:
        return _Sketch(day, DayKind.NO_ROSTER, rules)
    return _by_pattern(day, rules, rules.pattern)


def _by_roster(day: date, rules: WorkRules, letter: str) -> _Sketch:
    because: Evidence = {"code": "roster", "letter": letter}
    if letter in OFF_LETTERS:
        return _Sketch(day, DayKind.OFF, rules, is_shift=True, because=(because,))
    span = rules.shift_span(letter, day)
    if span is None:
        return _Sketch(day, DayKind.NO_ROSTER, rules, is_shift=True, because=(because,))
    return _working(day, rules, span, because, is_shift=True)


def _by_pattern(day: date, rules: WorkRules, pattern: WorkPattern) -> _Sketch:
    marks = rules.calendar.on(day)
    if marks.free is not None:
        return _Sketch(day, DayKind.HOLIDAY, rules, because=(_entry_evidence(marks.free),))
    version = pattern.version_on(day, marks.in_ramadan)
    if version is None:
        return _Sketch(day, DayKind.NO_PATTERN, rules)
    because: Evidence = {"code": "pattern", "pattern": pattern.code, "source": version.source}
    span = version.spans.get(day.isoweekday())
    if span is None:
        return _Sketch(day, DayKind.OFF, rules, because=(because,))
    if marks.wfa is not None:
        return _Sketch(day, DayKind.WFA, rules, because=(because, _entry_evidence(marks.wfa)))
    return _working(day, rules, span, because)


def _working(
    day: date, rules: WorkRules, span: Span, because: Evidence, *, is_shift: bool = False
) -> _Sketch:
    starts = at_local(day, span.starts, rules.zone)
    ends_on = day if span.ends > span.starts else day + ONE_DAY
    ends = at_local(ends_on, span.ends, rules.zone)
    hours: Evidence = {
        "code": "hours",
        "starts": stamp(starts, rules.zone),
        "ends": stamp(ends, rules.zone),
    }
    return _Sketch(day, DayKind.WORK, rules, starts, ends, is_shift, (because, hours))


def at_local(day: date, local: time, zone: tzinfo) -> datetime:
    """The instant of a local clock time, in UTC."""
    return datetime.combine(day, local, zone).astimezone(UTC)


def _entry_evidence(entry: CalendarEntry) -> Evidence:
    evidence: Evidence = {"code": str(entry.kind), "name": entry.name, "source": entry.source}
    if entry.windows:
        evidence["windows"] = [clocks(span.starts, span.ends) for span in entry.windows]
    return evidence


# --- which instants belong to a date ---------------------------------------------------------


def _plan(before: _Sketch, here: _Sketch, after: _Sketch) -> DayPlan:
    rules = here.rules
    settings = rules.settings if rules else DaySettings()
    cutoff = None
    if here.starts is not None and here.ends is not None:
        cutoff = min(here.starts + timedelta(minutes=settings.cutoff_minutes), here.ends)
    return DayPlan(
        day=here.day,
        kind=here.kind,
        zone=_zone_of(here, before, after),
        window_from=_edge(before, here),
        window_to=_edge(here, after),
        starts=here.starts,
        ends=here.ends,
        cutoff=cutoff,
        is_shift=here.is_shift,
        joined_before=_is_joined(before, here, settings),
        joined_after=_is_joined(here, after, settings),
        settings=settings,
        because=here.because,
    )


def _zone_of(*sketches: _Sketch) -> tzinfo:
    return next((sketch.rules.zone for sketch in sketches if sketch.rules), UTC)


def _edge(before: _Sketch, after: _Sketch) -> datetime:
    """Where one date's punches end and the next one's begin.

    Midnight, moved out of the way of a shift's margins; between shifts too near for both margins,
    half way (the nearest shift takes the punch).
    """
    midnight = at_local(after.day, MIDNIGHT, _zone_of(after, before))
    settings = next((s.rules.settings for s in (before, after) if s.rules), DaySettings())
    edge = midnight
    tail = before.ends and before.ends + timedelta(minutes=settings.window_after_minutes)
    if tail is not None:
        edge = max(edge, tail)
    if after.starts is not None:
        head = after.starts - timedelta(minutes=settings.window_before_minutes)
        if edge > head:
            if before.ends is None or (tail is not None and tail <= head):
                edge = head
            else:
                edge = before.ends + (after.starts - before.ends) / 2
    # 8 + 16 hours: however odd a roster is, the windows of two dates never cross.
    return min(max(edge, midnight - timedelta(hours=8)), midnight + timedelta(hours=16))


def _is_joined(before: _Sketch, after: _Sketch, settings: DaySettings) -> bool:
    if before.ends is None or after.starts is None:
        return False
    return after.starts - before.ends <= timedelta(minutes=settings.joined_within_minutes)
