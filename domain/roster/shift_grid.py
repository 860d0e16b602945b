"""A shift roster as wards keep it: names down, days across, the unit and the month above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.people import BadNip, parse_nip
from domain.roster.faults import Fault, FaultCode
from domain.roster.sheets import Sheet, plain, read_date

FEWEST_DAYS = 3  # so many day columns make a row the heading
UNIT_WORDS = frozenset({"unit", "unitkerja", "kodeunit", "ruang", "ruangan"})
MONTH_WORDS = frozenset({"bulan", "month", "periode"})
NAME_WORDS = frozenset({"nama", "name", "namapegawai", "namalengkap"})
NIP_WORDS = frozenset({"nip", "nippppk", "nipnippppk"})
_MONTHS = ("jan", "peb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_OTHER_MONTHS = {"feb": 2, "ags": 8, "agt": 8, "aug": 8, "may": 5, "oct": 10, "nop": 11, "dec": 12}


@dataclass(frozen=True)
class GridRow:
    """One person's line: letters by day of the month."""

    line: int
    nip: str
    name: str
    letters: Mapping[int, str]


@dataclass
class GridSheet:
    """One unit's month as read; what is wrong stands in the faults."""

    name: str
    unit_code: str = ""
    month: date | None = None  # its first day
    day_columns: frozenset[int] = frozenset()
    rows: list[GridRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(
        self, line: int, column: str, code: FaultCode, written: str = "", detail: str = ""
    ) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(Fault(self.name, line, column, code, written, detail))


def read_grid(sheet: Sheet, unit_code: str = "", month: date | None = None) -> GridSheet:
    """Read a sheet. Unit and month stand above the heading ('Unit: RS1', 'Bulan: Desember 2026')
    unless they are given."""
    grid = GridSheet(sheet.name, unit_code, month)
    heading: dict[int, int] | None = None
    name_at = nip_at = -1
    for line, cells in sheet.lines:
        if heading is not None:
            _read_row(grid, line, cells, heading, name_at, nip_at)
            continue
        days = _days_of_heading(cells)
        if len(days) >= FEWEST_DAYS:
            heading, grid.day_columns = days, frozenset(days.values())
            name_at, nip_at = _place(cells, NAME_WORDS), _place(cells, NIP_WORDS)
            _check_heading(grid, line, days, name_at, nip_at)
        else:
            _read_above(grid, cells)
    if heading is None:
        grid.fault(1, "1..31", FaultCode.NO_GRID)
    return grid


def read_month(written: str) -> date | None:
    """'2026-12', '12/2026', 'Desember 2026' or a date of it -> the month's first day."""
    text = " ".join(written.lower().split())
    whole = read_date(text)
    if whole is not None:
        return whole.replace(day=1)
    found = re.fullmatch(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})", text) or re.fullmatch(
        r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})", text
    )
    if found is not None:
        number = int(found["month"])
    else:
        found = re.fullmatch(r"(?P<name>[a-z]{3,})\.? (?P<year>\d{4})", text)
        number = _month_number(found["name"][:3]) if found else 0
    if found is None or not 1 <= number <= 12:
        return None
    return date(int(found["year"]), number, 1)


def _month_number(name: str) -> int:
    return _MONTHS.index(name) + 1 if name in _MONTHS else _OTHER_MONTHS.get(name, 0)


def _days_of_heading(cells: Sequence[str]) -> dict[int, int]:
    """Which column is which day of the month: numbers 1 to 31, or dates."""
    days = {}
    for place, cell in enumerate(cells):
        text = cell.strip()
        whole = read_date(text)
        if whole is not None:
            days[place] = whole.day
        elif text.isascii() and text.isdigit() and 1 <= int(text) <= 31:
            days[place] = int(text)
    return days


def _place(cells: Sequence[str], words: frozenset[str]) -> int:
    return next((place for place, cell in enumerate(cells) if plain(cell) in words), -1)


def _read_above(grid: GridSheet, cells: Iterable[str]) -> None:
    """'Unit', 'RS1' in two cells or 'Unit: RS1' in one; a given unit or month wins."""
    words = [cell.strip() for cell in cells if cell.strip()]
    for place, word in enumerate(words):
        label, _, rest = word.partition(":")
        value = rest.strip() or (words[place + 1].lstrip(": ") if place + 1 < len(words) else "")
        if plain(label) in UNIT_WORDS and not grid.unit_code:
            grid.unit_code = value
        elif plain(label) in MONTH_WORDS and grid.month is None:
            grid.month = read_month(value)


def _check_heading(
    grid: GridSheet, line: int, days: Mapping[int, int], name_at: int, nip_at: int
) -> None:
    if name_at < 0 and nip_at < 0:
        grid.fault(line, "nama", FaultCode.NO_COLUMN, detail="hanya tanggal")
    if not grid.unit_code:
        grid.fault(line, "unit", FaultCode.NO_UNIT)
    if grid.month is None:
        grid.fault(line, "bulan", FaultCode.NO_MONTH)
    doubled = sorted({day for day in days.values() if list(days.values()).count(day) > 1})
    for day in doubled:
        grid.fault(line, str(day), FaultCode.DOUBLED_DAY)


def _read_row(
    grid: GridSheet,
    line: int,
    cells: Sequence[str],
    heading: Mapping[int, int],
    name_at: int,
    nip_at: int,
) -> None:
    written = dict(enumerate(cell.strip() for cell in cells))
    name, nip = written.get(name_at, ""), written.get(nip_at, "")
    letters = {
        day: " ".join(written[place].upper().split())
        for place, day in heading.items()
        if written.get(place)
    }
    if not (name or nip):
        if letters:
            grid.fault(line, "nama", FaultCode.EMPTY)
        return
    if nip:
        try:
            nip = parse_nip(nip).digits
        except BadNip as bad:
            grid.fault(line, "nip", FaultCode.BAD_NIP, nip, str(bad))
            return
    grid.rows.append(GridRow(line, nip, name, letters))
