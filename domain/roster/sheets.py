"""Tables as people keep them: a heading row and rows of text, whatever file they came in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.roster.faults import Fault, FaultCode


@dataclass(frozen=True)
class Sheet:
    """A table: what to call it in a report, and its lines of cells, the heading among them.

    Every cell is text; a whole number of a spreadsheet has all its digits and no '.0', a date
    is written 2026-11-30. Lines count from 1, as an editor shows them.
    """

    name: str
    lines: Sequence[tuple[int, Sequence[str]]]


def plain(written: str) -> str:
    """A heading or word without its case, marks and spaces: ' Kode_Unit ' -> 'kodeunit'."""
    return re.sub(r"[^a-z0-9]", "", written.lower())


@dataclass
class Cells:
    """One row being read: gives the cells by column and gathers what is wrong with them."""

    sheet: str
    line: int
    by_column: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def text(self, column: str, limit: int = 1000) -> str:
        """A cell, its spaces put in order; '' where there is none."""
        written = " ".join(self.by_column.get(column, "").split())
        if len(written) > limit:
            self.fault(column, FaultCode.TOO_LONG, str(limit))
        return written

    def needed(self, column: str, limit: int = 1000) -> str:
        """The same, and a fault when it is empty."""
        written = self.text(column, limit)
        if not written:
            self.fault(column, FaultCode.EMPTY)
        return written

    def day(self, column: str) -> date | None:
        """A date written 2026-11-30, 30/11/2026, 30-11-2026 or 30.11.2026."""
        written = self.text(column)
        if not written:
            return None
        day = read_date(written)
        if day is None:
            self.fault(column, FaultCode.BAD_DATE)
        return day

    def fault(self, column: str, code: FaultCode, detail: str = "") -> None:
        """Note what is wrong with a cell."""
        written = self.by_column.get(column, "")
        self.faults.append(Fault(self.sheet, self.line, column, code, written, detail))


_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?")
_LOCAL = re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})")


def read_date(written: str) -> date | None:
    """A date as files write it; None when it is none."""
    found = _ISO.fullmatch(written) or _LOCAL.fullmatch(written)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


@dataclass(frozen=True)
class Table:
    """The rows of a sheet, and which of our columns its heading has."""

    columns: frozenset[str]
    rows: list[Cells]


def read_table(
    sheet: Sheet, columns: Mapping[str, Sequence[str]], needed: Sequence[str], faults: list[Fault]
) -> Table:
    """A sheet by the columns we know; `columns` maps each to the headings it may have.

    The first line with anything in it is the heading. A missing column that is needed is a fault
    and there are then no rows.
    """
    lines = [(line, cells) for line, cells in sheet.lines if any(cell.strip() for cell in cells)]
    heading_line, heading = lines[0] if lines else (1, ())
    meanings = {plain(word): column for column, words in columns.items() for word in words}
    found = [meanings.get(plain(cell)) for cell in heading]
    missing = [column for column in needed if column not in found]
    for column in missing:
        known = ", ".join(cell.strip() for cell in heading if cell.strip()) or "tidak ada"
        faults.append(
            Fault(sheet.name, heading_line, column, FaultCode.NO_COLUMN, detail=known[:200])
        )
    rows = [
        Cells(
            sheet.name,
            line,
            {column: cell for column, cell in zip(found, cells, strict=False) if column},
        )
        for line, cells in lines[1:]
    ]
    return Table(frozenset(filter(None, found)), [] if missing else rows)
