"""The month in numbers (rekap): what a day's cell says, what is counted, and the two rates.

No law gives a formula for attendance; so both usual ones are printed with their words. Waiting
days are working days of which nothing is said yet: they count neither as presence nor as absence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from domain.cases import CaseKind, HalfDay
from domain.days import WAITING, DayStatus
from domain.tiers import early_tier, late_tier, table_on

MINUTES_OF_A_DAY = 450
"""7.5 hours late and early weigh as a day (PP 53/2010); shown apart from whole days."""


class DerivedDay(Protocol):
    """A day as it is stored; words are those of the domain's enums."""

    @property
    def day(self) -> date: ...
    @property
    def status(self) -> str: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def late_minutes(self) -> int: ...
    @property
    def early_minutes(self) -> int: ...
    @property
    def missing_in(self) -> bool: ...
    @property
    def missing_out(self) -> bool: ...
    @property
    def excuse(self) -> str | None: ...
    @property
    def provisional(self) -> bool: ...


LEAVE_CODES = {
    CaseKind.ANNUAL: "CT",
    CaseKind.LONG: "CB",
    CaseKind.SICK: "CS",
    CaseKind.MATERNITY: "CM",
    CaseKind.IMPORTANT: "CAP",
    CaseKind.UNPAID: "CLTN",
    CaseKind.DUTY: "DL",
    CaseKind.PERMISSION: "I",
    CaseKind.LATE: "I",
    CaseKind.EARLY: "I",
    CaseKind.OUT: "I",
}
"""What a day away is in a recap, by the kind of its leading case."""

CODES = {
    DayStatus.WFA: "WFA",
    DayStatus.STUDY: "TB",
    DayStatus.DAY_OFF: "L",
    DayStatus.AWAITING_DATA: "?",
    DayStatus.AWAITING_DECISION: "?",
    DayStatus.ABSENT: "TK",
}
OUT_OF_THE_COUNT = frozenset({"TB", "L", "CLTN"})
"""Neither a working day nor a day of presence."""

LEAVES = ("CT", "CB", "CS", "CM", "CAP")
AT_WORK = frozenset({DayStatus.PRESENT, DayStatus.INCOMPLETE})


def away_code(day: DerivedDay) -> str:
    """'CT', 'DL', 'I': the kind of absence that explains the day or a half of it."""
    return LEAVE_CODES.get(CaseKind(day.kind), "I") if day.kind else "I"


def tiers_of(day: DerivedDay) -> tuple[str | None, str | None]:
    """('TL2', 'PSW4'): lateness and early leaving; a missing scan is the last tier."""
    table = table_on(day.day)
    if table is None or day.status not in AT_WORK:
        return None, None
    return (
        late_tier(table, day.late_minutes, day.missing_in),
        early_tier(table, day.early_minutes, day.missing_out),
    )


def cell(day: DerivedDay) -> str:
    """What the grid shows of a day: 'H', 'TL1', 'TL1 PSW4', 'CT', 'H CT' (half and half), '?'."""
    if day.status in CODES:
        return CODES[DayStatus(day.status)]
    if day.status not in AT_WORK:
        return away_code(day) + ("*" if day.provisional else "")
    words = [tier for tier in tiers_of(day) if tier] or ["H"]
    return " ".join([*words, away_code(day)] if _is_halved(day) else words)


def _is_halved(day: DerivedDay) -> bool:
    return day.excuse in (HalfDay.AM, HalfDay.PM)


@dataclass
class Tally:
    """One person's days counted, in half days where a day can be halved."""

    halves: Counter[str] = field(default_factory=Counter)  # by code; H is presence by scan
    workdays: int = 0
    waiting: int = 0
    absent: int = 0
    late: Counter[str] = field(default_factory=Counter)  # TL1..TL4
    early: Counter[str] = field(default_factory=Counter)
    late_minutes: int = 0
    early_minutes: int = 0

    def days(self, *codes: str) -> float:
        """How many days of these codes: 3, 2.5"""
        half = sum(self.halves[code] for code in codes) / 2
        return int(half) if half == int(half) else half

    @property
    def rate_a(self) -> float | None:
        """Hadir kerja: presence, duty and WFA of all working days, in per cent."""
        return _share(self.days("H", "DL", "WFA"), self.workdays)

    @property
    def rate_b(self) -> float | None:
        """Tanpa mangkir: working days less those without word, in per cent."""
        return _share(self.workdays - self.absent, self.workdays)

    @property
    def minutes_as_days(self) -> float:
        """Lateness and early leaving as days of 7.5 hours; never added to whole days."""
        return round((self.late_minutes + self.early_minutes) / MINUTES_OF_A_DAY, 2)

    def add(self, other: Tally) -> None:
        """Count another person's days in."""
        for mine, theirs in (
            (self.halves, other.halves),
            (self.late, other.late),
            (self.early, other.early),
        ):
            mine.update(theirs)
        self.workdays += other.workdays
        self.waiting += other.waiting
        self.absent += other.absent
        self.late_minutes += other.late_minutes
        self.early_minutes += other.early_minutes


def _share(part: float, of: float) -> float | None:
    return round(100 * part / of, 2) if of else None


def tally(days: Iterable[DerivedDay]) -> Tally:
    """Count a person's days."""
    count = Tally()
    for day in days:
        _count(count, day)
    return count


def _count(count: Tally, day: DerivedDay) -> None:
    code = CODES.get(DayStatus(day.status)) or ("H" if day.status in AT_WORK else away_code(day))
    if code == "H" and _is_halved(day):
        count.halves["H"] += 1
        count.halves[away_code(day)] += 1
    else:
        count.halves[code] += 2
    if code in OUT_OF_THE_COUNT:
        return
    count.workdays += 1
    count.waiting += day.status in WAITING
    count.absent += day.status == DayStatus.ABSENT
    late, early = tiers_of(day)
    count.late.update([late] if late else [])
    count.early.update([early] if early else [])
    count.late_minutes += day.late_minutes
    count.early_minutes += day.early_minutes


FORMULA_A = "A hadir kerja = (hadir + dinas luar + WFA) / hari kerja"
FORMULA_B = "B tanpa mangkir = (hari kerja - TK) / hari kerja"


def month_span(month: str) -> tuple[date, date]:
    """'2026-11' as its first and last date. Raises ValueError with a sentence."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as fault:
        raise ValueError(f"{month!r} is no month; write it like 2026-11.") from fault
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
