"""`flask roster shifts import`: wards' own grids, every bad cell named, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.access import Actor
from domain.patterns import OFF_LETTERS
from domain.people import short_name
from domain.roster.faults import Fault, FaultCode
from domain.roster.sheets import Sheet, plain
from domain.roster.shift_grid import GridRow, GridSheet, read_grid
from domain.shifts import Grid
from services.roster.shifts import Ward, publish_in, ward
from store import terminal_queries
from store.db import Database, Transaction
from store.people import Employee


@dataclass
class ShiftReport:
    """What an import of shift rosters found and did; with faults nothing was stored."""

    faults: list[Fault] = field(default_factory=list)
    rosters: list[tuple[str, date, int, int]] = field(default_factory=list)
    """Unit code, month, people, cells changed."""
    stored: bool = False


class _NothingIsKept(Exception):
    """Ends the transaction without keeping anything."""


def import_shifts(
    db: Database,
    now: datetime,
    actor: Actor,
    sheets: Sequence[Sheet],
    unit_code: str = "",
    month: date | None = None,
) -> ShiftReport:
    """Publish the rosters of these sheets, a unit's month each (impor jadwal jaga).

    Only the people and the dates of a sheet are touched, and of them only what differs.
    """
    report = ShiftReport()
    grids = [read_grid(sheet, unit_code, month) for sheet in sheets]
    try:
        with db.begin() as tx:
            for grid in grids:
                _publish(tx, now, actor, grid, report)
                report.faults += grid.faults
            if report.faults:
                raise _NothingIsKept
            report.stored = True
    except _NothingIsKept:
        report.faults.sort()
    return report


def _publish(
    tx: Transaction, now: datetime, actor: Actor, grid: GridSheet, report: ShiftReport
) -> None:
    if grid.faults and not grid.rows:
        return
    if not grid.unit_code or grid.month is None:
        return
    unit = terminal_queries.unit_by_code(tx, grid.unit_code)
    if unit is None:
        grid.fault(1, "unit", FaultCode.UNKNOWN_UNIT, grid.unit_code)
        return
    place = ward(tx, unit, grid.month)
    letters, line_of = _letters(grid, place)
    if grid.faults:
        _name_bad_cells(grid, place, letters, line_of)
        return
    outcome = publish_in(tx, now, actor, place, letters)
    if outcome.bad:
        _name_bad_cells(grid, place, letters, line_of)
        return
    report.rosters.append((unit.code, grid.month, len(letters), outcome.changed))


def _letters(grid: GridSheet, place: Ward) -> tuple[Grid, dict[int, int]]:
    """The sheet's letters by person and date, and each person's line."""
    letters: dict[int, dict[date, str]] = {}
    line_of: dict[int, int] = {}
    for row in grid.rows:
        person = _person(grid, row, place)
        if person is None:
            continue
        if person.id in line_of:
            detail = str(line_of[person.id])
            grid.fault(row.line, "nama", FaultCode.DOUBLED_PERSON, row.name or row.nip, detail)
            continue
        line_of[person.id] = row.line
        letters[person.id] = _not_in_the_sheet(grid, place, person.id)
        for number, letter in row.letters.items():
            if number > len(place.days):
                shown = f"{place.days[0]:%m-%Y}"
                grid.fault(row.line, str(number), FaultCode.DAY_NOT_IN_MONTH, letter, shown)
            else:
                letters[person.id][place.days[number - 1]] = letter
    return letters, line_of


def _not_in_the_sheet(grid: GridSheet, place: Ward, employee_id: int) -> dict[date, str]:
    """The published letters of dates that have no column: they stay."""
    return {
        day: letter
        for day, letter in place.published.get(employee_id, {}).items()
        if day in place.days and day.day not in grid.day_columns
    }


def _person(grid: GridSheet, row: GridRow, place: Ward) -> Employee | None:
    """Whom a line means: by NIP, else by the whole name, else by words that only one has."""
    if row.nip:
        found = [person for person in place.people if person.nip == row.nip]
    else:
        found = [p for p in place.people if plain(p.name) == plain(row.name)]
        found = found or [p for p in place.people if _words(row.name) == _words(p.name)]
        found = found or [p for p in place.people if _words(row.name) <= _words(p.name)]
    if len(found) == 1:
        return found[0]
    written = row.name or row.nip
    if found:
        names = ", ".join(f"{person.name} ({person.nip})" for person in found[:4])
        grid.fault(row.line, "nama", FaultCode.TWO_PERSONS, written, names)
    else:
        grid.fault(row.line, "nama", FaultCode.UNKNOWN_PERSON, written, place.unit.code)
    return None


def _words(name: str) -> set[str]:
    """A name's words without titles and degrees."""
    return set(short_name(name, 120).lower().split())


def _name_bad_cells(grid: GridSheet, place: Ward, letters: Grid, line_of: dict[int, int]) -> None:
    known = sorted({hours.letter for hours in place.hours} | OFF_LETTERS)
    details = {FaultCode.UNKNOWN_LETTER: ", ".join(known), FaultCode.NOT_HERE: place.unit.code}
    for cell in place.bad_cells(letters):
        code = FaultCode(cell.fault.value)
        column = str(cell.day.day)
        line = line_of[cell.employee_id]
        grid.fault(line, column, code, cell.letter, details.get(code, ""))
