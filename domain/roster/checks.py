"""What only shows when the rows of a roster are held against each other and what is known.

A row that is wrong takes with it what stands on it: a unit its people and the units below it, a
person those who report to them and the posts they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from domain.roster.faults import Fault, FaultCode
from domain.roster.rows import HolderRow, PersonRow, Roster, SpoiltRow, UnitRow

Row = UnitRow | PersonRow | HolderRow
AnyRow = TypeVar("AnyRow", UnitRow, PersonRow, HolderRow)


@dataclass(frozen=True)
class Known:
    """What the house knows before the import."""

    unit_codes: frozenset[str] = frozenset()
    supervisors: Mapping[str, str | None] = field(default_factory=dict)
    """Everybody in service by NIP, with their supervisor's where they have one."""
    patterns: frozenset[str] = frozenset()
    terminal_units: Mapping[str, str] = field(default_factory=dict)
    """Terminals by name in small letters, with the code of their unit."""


def sift(roster: Roster, known: Known, as_of: date) -> None:
    """Take out of the roster what cannot be, until the rest stands; faults name all of it."""
    while found := list(_faults(roster, known, as_of)):
        roster.faults += found
        wrong = {(fault.sheet, fault.line) for fault in found}
        roster.units = _without(roster.units, wrong, roster.spoilt_units)
        roster.people = _without(roster.people, wrong, roster.spoilt_people)
        roster.holders = _without(roster.holders, wrong, roster.spoilt_holders)
    roster.faults.sort()


def _without(
    rows: list[AnyRow] | None, wrong: set[tuple[str, int]], spoilt: list[SpoiltRow]
) -> list[AnyRow] | None:
    if rows is None:
        return None
    for row in rows:
        if (row.sheet, row.line) in wrong:
            unit = row.code if isinstance(row, UnitRow) else row.unit_code
            spoilt.append(SpoiltRow(row.sheet, row.line, unit, getattr(row, "nip", "")))
    return [row for row in rows if (row.sheet, row.line) not in wrong]


def _faults(roster: Roster, known: Known, as_of: date) -> Iterator[Fault]:
    """Everything wrong among the rows that are still there."""
    yield from _of_units(roster, known)
    yield from _of_people(roster, known)
    yield from _of_holders(roster, known, as_of)


def _at(row: Row, column: str, code: FaultCode, written: str, detail: str = "") -> Fault:
    return Fault(row.sheet, row.line, column, code, written, detail)


# --- units -----------------------------------------------------------------------------------


def _of_units(roster: Roster, known: Known) -> Iterator[Fault]:
    units = roster.units or []
    yield from _doubled(units, lambda row: row.code.lower(), "code", FaultCode.DOUBLED_UNIT)
    codes = {row.code for row in units}
    spoilt = _lines_of((row.unit_code, row) for row in roster.spoilt_units)
    for row in units:
        if row.parent_code is not None and row.parent_code not in codes:
            yield _missing_unit(row, "parent_code", row.parent_code, spoilt)
        if row.work_pattern is not None and row.work_pattern not in known.patterns:
            yield _unknown_pattern(row, row.work_pattern, known)
    yield from _circles(
        {row.code: row for row in units},
        {row.code: row.parent_code for row in units},
        "parent_code",
        FaultCode.UNIT_CIRCLE,
    )
    tops = [row for row in units if row.parent_code is None]
    for row in tops[1:]:
        yield _at(row, "parent_code", FaultCode.SECOND_TOP, row.code, tops[0].code)


def _missing_unit(row: Row, column: str, code: str, spoilt: Mapping[str, str]) -> Fault:
    if code in spoilt:
        return _at(row, column, FaultCode.SKIPPED_UNIT, code, spoilt[code])
    return _at(row, column, FaultCode.UNKNOWN_UNIT, code)


def _unknown_pattern(row: Row, written: str, known: Known) -> Fault:
    shown = ", ".join(sorted(known.patterns))
    return _at(row, "work_pattern", FaultCode.UNKNOWN_PATTERN, written, shown)


# --- people ----------------------------------------------------------------------------------


def _of_people(roster: Roster, known: Known) -> Iterator[Fault]:
    people = roster.people or []
    yield from _doubled(people, lambda row: row.nip, "nip", FaultCode.DOUBLED_NIP)
    spoilt_units = _lines_of((row.unit_code, row) for row in roster.spoilt_units)
    spoilt_people = _lines_of((row.nip, row) for row in roster.spoilt_people)
    unit_codes = _unit_codes(roster, known)
    listed = {row.nip for row in people}
    for row in people:
        if row.unit_code not in unit_codes:
            yield _missing_unit(row, "unit_code", row.unit_code, spoilt_units)
        if row.work_pattern is not None and row.work_pattern not in known.patterns:
            yield _unknown_pattern(row, row.work_pattern, known)
        boss = row.supervisor_nip
        if boss is not None and boss not in listed:
            if boss not in spoilt_people:
                yield _at(row, "supervisor_nip", FaultCode.UNKNOWN_SUPERVISOR, boss)
            elif boss not in known.supervisors:
                detail = spoilt_people[boss]
                yield _at(row, "supervisor_nip", FaultCode.SKIPPED_PERSON, boss, detail)
    yield from _circles(
        {row.nip: row for row in people},
        {**known.supervisors, **{row.nip: row.supervisor_nip for row in people}},
        "supervisor_nip",
        FaultCode.SUPERVISOR_CIRCLE,
    )
    yield from _shared_ids(people, known)


def _unit_codes(roster: Roster, known: Known) -> set[str] | frozenset[str]:
    """The units that may be named: those of the table, where it was sent."""
    return known.unit_codes if roster.units is None else {row.code for row in roster.units}


def _shared_ids(people: Iterable[PersonRow], known: Known) -> Iterator[Fault]:
    """Two people with one ID at one terminal. IDs that differ by leading zeros alone are one ID:
    older terminals keep numbers."""
    owners: dict[tuple[str, str], dict[str, PersonRow]] = defaultdict(dict)
    of_unit: dict[str, list[str]] = defaultdict(list)
    for name, unit_code in known.terminal_units.items():
        of_unit[unit_code].append(name)
    for row in people:
        for pin in row.pins:
            number = pin.pin.lstrip("0") or "0"
            if pin.terminal is not None:
                places = [f"@{pin.terminal.lower()}"]
            else:
                places = [row.unit_code, *(f"@{name}" for name in of_unit[row.unit_code])]
            for place in places:
                owners[place, number][row.nip] = row
    told: set[int] = set()
    for (_, number), sharing in sorted(owners.items()):
        if len(sharing) < 2:
            continue
        for row in sharing.values():
            if row.line not in told:
                told.add(row.line)
                others = _lines(other for other in sharing.values() if other is not row)
                yield _at(row, "pins", FaultCode.SHARED_TERMINAL_ID, number, others)


# --- posts -----------------------------------------------------------------------------------


def _of_holders(roster: Roster, known: Known, as_of: date) -> Iterator[Fault]:
    holders = roster.holders or []
    spoilt_units = _lines_of((row.unit_code, row) for row in roster.spoilt_units)
    spoilt_people = _lines_of((row.nip, row) for row in roster.spoilt_people)
    unit_codes = _unit_codes(roster, known)
    listed = None if roster.people is None else {row.nip for row in roster.people}
    of_post: dict[Hashable, list[HolderRow]] = defaultdict(list)
    for row in holders:
        if row.unit_code not in unit_codes:
            yield _missing_unit(row, "unit", row.unit_code, spoilt_units)
        stays = row.nip in known.supervisors and (listed is None or row.nip in spoilt_people)
        if not stays and row.nip not in (listed or ()):
            if row.nip in spoilt_people:
                detail = spoilt_people[row.nip]
                yield _at(row, "nip", FaultCode.SKIPPED_PERSON, row.nip, detail)
            else:
                yield _at(row, "nip", FaultCode.UNKNOWN_HOLDER, row.nip)
        of_post[row.unit_code, row.post.code, row.capacity].append(row)
    for same in of_post.values():
        yield from _overlaps(same, as_of)


def _overlaps(rows: list[HolderRow], as_of: date) -> Iterator[Fault]:
    """One post, one capacity, two rows at one time."""
    for row in rows:
        begins, ends = row.first_day or as_of, row.last_day or date.max
        others = [
            other
            for other in rows
            if other is not row
            and (other.first_day or as_of) <= ends
            and begins <= (other.last_day or date.max)
        ]
        if others:
            yield _at(row, "post", FaultCode.TWO_HOLDERS, row.post.title, _lines(others))


# --- shared ----------------------------------------------------------------------------------


def _doubled(
    rows: Iterable[UnitRow] | Iterable[PersonRow],
    key: Callable[..., str],
    column: str,
    code: FaultCode,
) -> Iterator[Fault]:
    """Rows with the same key: which of them is right only their writer knows."""
    same: dict[str, list[Row]] = defaultdict(list)
    for each in rows:
        same[key(each)].append(each)
    for written, group in same.items():
        for row in group if len(group) > 1 else ():
            yield _at(row, column, code, written, _lines(o for o in group if o is not row))


def _circles(
    rows: Mapping[str, UnitRow] | Mapping[str, PersonRow],
    above: Mapping[str, str | None],
    column: str,
    code: FaultCode,
) -> Iterator[Fault]:
    """Everybody who stands above themselves, each circle told to all of its rows."""
    safe: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in safe and here not in way:
            way[here] = None
            here = above.get(here)
        if here is not None and here in way:
            names = list(way)
            circle = names[names.index(here) :]
            shown = " > ".join([*circle[:4], "..."] if len(circle) > 4 else [*circle, circle[0]])
            for name in circle:
                if name in rows:
                    yield _at(rows[name], column, code, above[name] or "", shown)
        safe.update(way)


def _lines(rows: Iterable[Row]) -> str:
    lines = [str(row.line) for row in rows]
    return ", ".join(lines[:5]) + (" ..." if len(lines) > 5 else "")


def _lines_of(spoilt: Iterable[tuple[str, SpoiltRow]]) -> dict[str, str]:
    """The line of each unit or person whose row cannot be taken."""
    return {key: str(row.line) for key, row in spoilt if key}
