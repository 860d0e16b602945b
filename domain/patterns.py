"""Work patterns (pola kerja): hours by weekday and date as decreed, and what shift letters mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from domain.evidence import clock


@dataclass(frozen=True, slots=True)
class Span:
    """Working hours of one date, local clock (jam kerja); an end at or before the start is on the
    next day. Stored as decreed, never computed from a number of hours."""

    starts: time
    ends: time


@dataclass(frozen=True)
class PatternVersion:
    """A pattern's hours from a date on: ISO weekday (1 Monday) -> span; the others are off."""

    first_day: date
    spans: Mapping[int, Span]
    source: str
    in_ramadan: bool = False


@dataclass(frozen=True)
class WorkPattern:
    """A named pattern (pola kerja). A shift pattern has no versions: its hours come by roster."""

    code: str
    versions: tuple[PatternVersion, ...] = ()
    is_shift: bool = False

    def version_on(self, day: date, in_ramadan: bool) -> PatternVersion | None:
        """The newest version in force; in Ramadan its Ramadan version where there is one."""
        in_force = [v for v in self.versions if v.first_day <= day]
        ramadan = [v for v in in_force if v.in_ramadan] if in_ramadan else []
        ordinary = [v for v in in_force if not v.in_ramadan]
        return max(ramadan or ordinary, key=lambda v: v.first_day, default=None)


@dataclass(frozen=True, slots=True)
class ShiftHours:
    """What a roster letter means at a unit from a date on (P, S, M)."""

    letter: str
    span: Span
    first_day: date = date.min


OFF_LETTERS = frozenset({"L", "LD", "OFF"})  # libur, lepas dinas


def hours_on(shifts: Iterable[ShiftHours], letter: str, day: date) -> Span | None:
    """The hours of a roster letter on that date: the newest that are in force."""
    known = [s for s in shifts if s.letter == letter and s.first_day <= day]
    return max(known, key=lambda s: s.first_day).span if known else None


def read_spans(stored: Mapping[str, Iterable[str]]) -> dict[int, Span]:
    """Spans as stored in JSON, {'1': ['07:30', '16:00']}. Raises ValueError naming the weekday."""
    spans = {}
    for weekday, hours in stored.items():
        try:
            starts, ends = (time.fromisoformat(hour) for hour in hours)
            number = int(weekday)
        except ValueError as fault:
            raise ValueError(f"weekday {weekday}: hours must be two clock times") from fault
        if not 1 <= number <= 7:
            raise ValueError(f"weekday {weekday}: must be 1 (Monday) to 7 (Sunday)")
        spans[number] = Span(starts, ends)
    return spans


def store_spans(spans: Mapping[int, Span]) -> dict[str, list[str]]:
    """The same spans as JSON keeps them."""
    return {str(day): [clock(span.starts), clock(span.ends)] for day, span in spans.items()}


def _week(monday_to_thursday: str, friday: str, saturday: str | None = None) -> dict[int, Span]:
    hours = {str(day): monday_to_thursday.split("-") for day in (1, 2, 3, 4)}
    hours["5"] = friday.split("-")
    if saturday:
        hours["6"] = saturday.split("-")
    return read_spans(hours)


_ORDINARY = "SE Gubernur Kaltim 000.8/3/1288/B.ORG-TU/2025"
_RAMADAN = "SE Gubernur Kaltim 003/4565/B.org-III"

FIVE_DAYS = WorkPattern(
    "5D",
    (
        PatternVersion(date(2025, 6, 1), _week("07:30-16:00", "07:30-11:00"), _ORDINARY),
        PatternVersion(date(2025, 3, 1), _week("08:00-15:30", "08:00-11:00"), _RAMADAN, True),
    ),
)
SIX_DAYS = WorkPattern(
    "6D",
    (
        PatternVersion(
            date(2025, 6, 1), _week("07:30-15:00", "07:30-11:30", "07:30-11:00"), _ORDINARY
        ),
        PatternVersion(
            date(2025, 3, 1), _week("08:00-14:00", "08:00-11:25", "08:00-13:25"), _RAMADAN, True
        ),
    ),
)
SHIFT = WorkPattern("SHIFT", is_shift=True)
STUDY = WorkPattern("TB")  # tugas belajar: nothing is expected, out of the count
BUILT_IN = {pattern.code: pattern for pattern in (FIVE_DAYS, SIX_DAYS, SHIFT, STUDY)}
