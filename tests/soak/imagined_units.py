"""Where the imagined year takes place: units, hours, calendar, and terminals that fail.

Hours as the province's circulars give them for 5 and 6 days, and shorter ones in Ramadan; holidays
and collective leave as the joint decree for 2026. Every terminal has its faults in different
months, so that none hides another.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random

from tests.soak.truth import (
    FIRST,
    LAST,
    CalendarDay,
    Fault,
    FaultKind,
    Free,
    PatternVersion,
    Terminal,
    Unit,
)

WITA, WIB = "Asia/Makassar", "Asia/Jakarta"
UNITS = {
    unit.code: unit
    for unit in (
        Unit("DISHUB", "Dinas Perhubungan", WITA, "5D", 60, 3),
        Unit("BAPENDA", "Badan Pendapatan Daerah", WITA, "5D", 45, 2),
        Unit("UPT-LAB", "UPT Laboratorium Lingkungan", WITA, "5D", 30, 1),
        Unit("PENGHUBUNG", "Kantor Penghubung Jakarta", WIB, "5D", 22, 1),
        Unit("SMAN-1", "SMA Negeri 1", WITA, "6D", 40, 1),
        Unit("SMKN-2", "SMK Negeri 2", WITA, "6D", 38, 2),
        Unit("RS-MELATI", "RSUD ruang Melati", WITA, "SHIFT", 35, 1),
        Unit("RS-ANGGREK", "RSUD ruang Anggrek", WITA, "SHIFT", 30, 2),
    )
}
WARDS = [unit for unit in UNITS.values() if unit.pattern == "SHIFT"]
BY_PATTERN = frozenset(code for code, unit in UNITS.items() if unit.pattern != "SHIFT")
OFFICES = frozenset(code for code, unit in UNITS.items() if unit.pattern == "5D")
SCHOOLS = BY_PATTERN - OFFICES

LONG_AGO = datetime(2025, 6, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YEAR = [FIRST + DAY * n for n in range((LAST - FIRST).days + 1)]


# Hours and calendar ---------------------------------------------------------------------------


def _week(monday_to_thursday: str, friday: str, saturday: str = "") -> dict[int, tuple[time, time]]:
    """Hours by weekday from texts such as "07:30-16:00"."""
    texts = dict(enumerate([monday_to_thursday] * 4 + [friday] + [saturday] * bool(saturday)))
    return {day: _clock_times(text) for day, text in texts.items()}


def _clock_times(text: str) -> tuple[time, time]:
    start, end = map(time.fromisoformat, text.split("-"))
    return start, end


RAMADAN, AFTER_RAMADAN = date(2026, 2, 18), date(2026, 3, 20)
_USUAL = {
    "5D": _week("07:30-16:00", "07:30-11:00"),
    "6D": _week("07:30-15:00", "07:30-11:30", "07:30-11:00"),
    "PARUH": _week("08:00-12:00", "08:00-11:00"),  # part-time contract
}
_FASTING = {
    "5D": _week("08:00-15:30", "08:00-11:00"),
    "6D": _week("08:00-14:00", "08:00-11:25", "08:00-13:25"),
    "PARUH": _week("08:30-12:00", "08:30-11:00"),
}
PATTERNS = [
    PatternVersion(pattern, valid_from, hours[pattern])
    for valid_from, hours in (
        (date(2025, 6, 1), _USUAL),
        (RAMADAN, _FASTING),
        (AFTER_RAMADAN, _USUAL),
    )
    for pattern in _USUAL
]

HOLIDAYS = (
    "01-01 01-16 02-17 03-19 03-21 03-22 04-03 04-05 05-01 05-14 05-27 05-31 06-01 06-16 08-17"
    " 08-25 12-25"
)
COLLECTIVE = "02-16 03-18 03-20 03-23 03-24 05-15 05-28 12-24"
AROUND_LEBARAN = "03-16 03-17 03-25 03-26 03-27"
SCHOOL_BREAK = [date(2026, 6, 22) + DAY * n for n in range(13)]
FRIDAYS = [date(2026, 2, 13) + DAY * 7 * n for n in range(46)]
SUMMER = date(2026, 7, 1)


def make_calendar() -> list[CalendarDay]:
    """What frees whom; the earlier entry keeps a date that two would free."""
    wished = [
        *_freeing(_dates(HOLIDAYS), Free.HOLIDAY, "Libur nasional", BY_PATTERN),
        *_freeing(_dates(COLLECTIVE), Free.COLLECTIVE, "Cuti bersama", BY_PATTERN),
        *_freeing(_dates(AROUND_LEBARAN), Free.WFA, "WFA Nyepi dan Lebaran", OFFICES),
        *_freeing(SCHOOL_BREAK, Free.HOLIDAY, "Libur sekolah", SCHOOLS),
        *_freeing(FRIDAYS, Free.WFA, "WFA Jumat", frozenset({"BAPENDA"})),
        *_freeing(
            [day for day in FRIDAYS if day < SUMMER], Free.WFA, "WFA Jumat", frozenset({"DISHUB"})
        ),
        # a flood: the circular comes while people are asked where they are
        CalendarDay(
            date(2026, 11, 10),
            Free.WFA,
            "WFA banjir",
            frozenset({"UPT-LAB"}),
            datetime(2026, 11, 10, 2, 15, tzinfo=UTC),
        ),
        # an election: the decree that frees the day comes two days after it
        CalendarDay(
            date(2026, 9, 9),
            Free.HOLIDAY,
            "Libur susulan",
            BY_PATTERN,
            datetime(2026, 9, 11, 3, 0, tzinfo=UTC),
        ),
    ]
    taken: set[tuple[date, str]] = set()
    kept = []
    for entry in wished:
        units = frozenset(unit for unit in entry.units if (entry.day, unit) not in taken)
        taken |= {(entry.day, unit) for unit in units}
        if units:
            kept.append(replace(entry, units=units))
    return kept


def _dates(text: str) -> list[date]:
    return [date.fromisoformat(f"2026-{part}") for part in text.split()]


def _freeing(days: list[date], free: Free, name: str, units: frozenset[str]) -> list[CalendarDay]:
    return [CalendarDay(day, free, name, units, LONG_AGO) for day in days]


# Terminals ------------------------------------------------------------------------------------

DESTROYED = {"DISHUB-2", "SMAN-1-1", "RS-ANGGREK-2"}


def make_terminals(rng: Random) -> list[Terminal]:
    return [
        _terminal(unit, f"{unit.code}-{number}", rng)
        for unit in UNITS.values()
        for number in range(1, unit.terminals + 1)
    ]


def _terminal(unit: Unit, name: str, rng: Random) -> Terminal:
    """A terminal, read twice a day in full, with its faults in different months."""
    kinds = [FaultKind.OFFLINE] * 3 + [FaultKind.DEAD_SENSOR] + [FaultKind.WRONG_CLOCK] * 2
    if name in DESTROYED:
        kinds.append(FaultKind.DATA_LOST)
    months = rng.sample(range(2, 13), len(kinds))
    faults = tuple(map(partial(_imagined_fault, unit, rng), kinds, months))
    silent = [f for f in faults if f.kind in (FaultKind.OFFLINE, FaultKind.DATA_LOST)]
    reads = {
        read_at
        for day in [*YEAR, *(LAST + DAY * n for n in range(1, 11))]
        for read_at in (unit.utc(day, MORNING_READ), unit.utc(day, NIGHT_READ))
        if not any(fault.start < read_at < fault.end for fault in silent)
    }
    reads |= {fault.end for fault in silent}
    return Terminal(name, unit.code, tuple(sorted(reads)), faults)


MORNING_READ, NIGHT_READ = time(9, 40), time(22, 10)


def _imagined_fault(unit: Unit, rng: Random, kind: FaultKind, month: int) -> Fault:
    """One fault that lies wholly in its month. What cannot be mended begins and ends at night."""
    day = date(2026, month, rng.randint(3, 18))
    midnight = unit.utc(day, time())
    if kind is FaultKind.OFFLINE:
        start = midnight + timedelta(minutes=rng.randint(0, 1439))
        return Fault(kind, start, start + DAY * rng.uniform(1, 7))
    if kind is FaultKind.DATA_LOST:
        start = unit.utc(day - DAY, NIGHT_READ)  # what came after the last read is gone
        return Fault(kind, start, midnight + DAY * rng.randint(2, 5))
    end = midnight + DAY * rng.randint(1, 4)
    if kind is FaultKind.DEAD_SENSOR:
        return Fault(kind, midnight, end)
    hours = rng.choice((-5, -3, -2, 1, 2, 4, 5, 24 * 1461))  # the last one: a clock in 2030
    found_at = end + HOUR * rng.uniform(10, 120) if rng.random() < 0.6 else None
    return Fault(kind, midnight, end, HOUR * hours, found_at)
