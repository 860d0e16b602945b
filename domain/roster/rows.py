"""The three tables of a roster, row by row: units, employees, posts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from domain.people import BadNip, Capacity, Employment, UnitKind, parse_nip
from domain.roster import words
from domain.roster.faults import Fault, FaultCode
from domain.roster.sheets import Cells, Sheet, read_table
from domain.roster.words import PostName, TerminalPin


@dataclass(frozen=True)
class UnitRow:
    """A unit; an empty zone follows the parent's, an empty pattern too."""

    sheet: str
    line: int
    code: str
    name: str
    parent_code: str | None
    kind: UnitKind
    time_zone: str | None
    work_pattern: str | None


@dataclass(frozen=True)
class PersonRow:
    """An employee where they work now."""

    sheet: str
    line: int
    nip: str
    name: str
    employment: Employment
    unit_code: str
    position: str
    grade: str
    phones: tuple[str, ...]
    supervisor_nip: str | None
    pins: tuple[TerminalPin, ...]
    work_pattern: str | None


@dataclass(frozen=True)
class HolderRow:
    """Who holds a post of a unit; without a first day from the import's day on."""

    sheet: str
    line: int
    unit_code: str
    post: PostName
    nip: str
    capacity: Capacity
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class SpoiltRow:
    """A row that cannot be taken, and what it names as far as that can be read."""

    sheet: str
    line: int
    unit_code: str = ""
    nip: str = ""


@dataclass
class Roster:
    """A roster as read. What was not sent, a table (None) or a column, says nothing."""

    units: list[UnitRow] | None = None
    people: list[PersonRow] | None = None
    holders: list[HolderRow] | None = None
    unit_columns: frozenset[str] = frozenset()
    people_columns: frozenset[str] = frozenset()
    spoilt_units: list[SpoiltRow] = field(default_factory=list)
    spoilt_people: list[SpoiltRow] = field(default_factory=list)
    spoilt_holders: list[SpoiltRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


Row = TypeVar("Row")
ReadPhone = Callable[[str], str | FaultCode]
"""A written number to E.164, or what is wrong with it: phone numbers are others' knowledge."""

UNITS, EMPLOYEES, POSTS = "units", "employees", "posts"

SHEET_NAMES = {
    UNITS: ("units", "unit", "unit kerja"),
    EMPLOYEES: ("employees", "employee", "pegawai", "daftar pegawai"),
    POSTS: ("posts", "post", "jabatan", "pejabat"),
}

_UNIT_COLUMNS = {
    "code": ("code", "kode", "kode unit", "unit_code"),
    "name": ("name", "nama", "nama unit"),
    "parent_code": ("parent_code", "parent", "induk", "kode induk", "unit induk"),
    "kind": ("kind", "jenis", "jenis unit"),
    "time_zone": ("time_zone", "zona waktu", "zona", "zone"),
    "work_pattern": ("work_pattern", "pola kerja", "pola"),
}
_EMPLOYEE_COLUMNS = {
    "nip": ("nip", "nomor induk pegawai", "ni pppk", "nip/ni pppk"),
    "name": ("name", "nama", "nama pegawai", "nama lengkap"),
    "employment": ("employment", "jenis kepegawaian", "kepegawaian", "status kepegawaian"),
    "unit_code": ("unit_code", "unit", "kode unit", "unit kerja"),
    "position": ("position", "jabatan", "nama jabatan"),
    "grade": ("grade", "golongan", "gol", "pangkat/gol", "pangkat"),
    "phones": ("phones", "phone", "no hp", "nomor hp", "hp", "telepon", "nomor telepon"),
    "supervisor_nip": ("supervisor_nip", "nip atasan", "nip atasan langsung", "atasan"),
    "pins": ("pins", "pin", "id mesin", "id finger", "id fingerprint"),
    "work_pattern": ("work_pattern", "pola kerja", "pola"),
}
_POST_COLUMNS = {
    "unit": ("unit", "unit_code", "kode unit", "unit kerja"),
    "post": ("post", "jabatan", "nama jabatan"),
    "nip": ("nip", "nip pejabat"),
    "from": ("from", "dari", "mulai", "tmt", "sejak"),
    "to": ("to", "sampai", "hingga", "s/d"),
}


def read_roster(sheets: dict[str, Sheet], read_phone: ReadPhone) -> Roster:
    """Read the tables that were sent, each row by itself; what is wrong stands in the faults."""
    roster = Roster()
    if UNITS in sheets:
        table = read_table(sheets[UNITS], _UNIT_COLUMNS, ("code", "name"), roster.faults)
        roster.unit_columns = table.columns
        roster.units = _good(table.rows, _unit, roster.spoilt_units, roster.faults)
    if EMPLOYEES in sheets:
        needed = ("nip", "name", "unit_code")
        table = read_table(sheets[EMPLOYEES], _EMPLOYEE_COLUMNS, needed, roster.faults)
        roster.people_columns = table.columns
        roster.people = _good(
            table.rows,
            lambda cells: _person(cells, read_phone),
            roster.spoilt_people,
            roster.faults,
        )
    if POSTS in sheets:
        table = read_table(sheets[POSTS], _POST_COLUMNS, ("unit", "post", "nip"), roster.faults)
        roster.holders = _good(table.rows, _holder, roster.spoilt_holders, roster.faults)
    return roster


def _good(
    rows: Sequence[Cells],
    read: Callable[[Cells], Row | None],
    spoilt: list[SpoiltRow],
    faults: list[Fault],
) -> list[Row]:
    good = []
    for cells in rows:
        row = read(cells)
        if row is not None and not cells.faults:
            good.append(row)
            continue
        faults += cells.faults
        unit = cells.by_column.get("unit_code") or cells.by_column.get("unit") or ""
        spoilt.append(
            SpoiltRow(
                cells.sheet,
                cells.line,
                " ".join((cells.by_column.get("code") or unit).split()),
                _digits(cells.by_column.get("nip", "")),
            )
        )
    return good


def _digits(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    return digits if len(digits) == 18 and not digits.endswith("000") else ""


def _unit(cells: Cells) -> UnitRow | None:
    code, name = cells.needed("code", 32), cells.needed("name", 160)
    parent = cells.text("parent_code", 32) or None
    kind_written = cells.text("kind")
    kind = words.unit_kind(kind_written or name)
    if kind is None and not kind_written and parent is None:
        kind = UnitKind.PROVINCE
    if kind is None:
        cells.fault("kind", FaultCode.UNKNOWN_KIND, words.KINDS_SHOWN)
        return None
    zone_written = cells.text("time_zone")
    zone = words.time_zone(zone_written) if zone_written else None
    if zone_written and zone is None:
        cells.fault("time_zone", FaultCode.UNKNOWN_ZONE)
    pattern = cells.text("work_pattern").upper() or None
    return UnitRow(cells.sheet, cells.line, code, name, parent, kind, zone, pattern)


def _person(cells: Cells, read_phone: ReadPhone) -> PersonRow | None:
    employed_as = _employment(cells)
    nip = _nip(cells, "nip", employed_as)
    boss = _nip(cells, "supervisor_nip") if cells.text("supervisor_nip") else None
    person = PersonRow(
        cells.sheet,
        cells.line,
        nip,
        cells.needed("name", 120),
        employed_as or _employment_of(nip),
        cells.needed("unit_code", 32),
        cells.text("position", 160),
        cells.text("grade", 16),
        _phones(cells, read_phone),
        boss,
        _pins(cells),
        cells.text("work_pattern").upper() or None,
    )
    if boss is not None and boss == nip:
        cells.fault("supervisor_nip", FaultCode.OWN_SUPERVISOR)
    return person


def _employment(cells: Cells) -> Employment | None:
    written = cells.text("employment")
    if not written:
        return None
    known = words.employment(written)
    if known is None:
        cells.fault("employment", FaultCode.UNKNOWN_EMPLOYMENT)
    return known


def _employment_of(nip: str) -> Employment:
    """Where the column is empty the number tells: only a PPPK's has no month."""
    if not nip:
        return Employment.PNS
    return Employment.PPPK if parse_nip(nip).is_pppk else Employment.PNS


def _nip(cells: Cells, column: str, employed_as: Employment | None = None) -> str:
    try:
        return parse_nip(cells.text(column), employed_as).digits
    except BadNip as bad:
        cells.fault(column, FaultCode.BAD_NIP, str(bad))
        return ""


def _phones(cells: Cells, read_phone: ReadPhone) -> tuple[str, ...]:
    numbers: list[str] = []
    for written in re.split(r"[;,/]|\bdan\b", cells.text("phones")):
        if not written.strip():
            continue
        number = read_phone(written.strip())
        if isinstance(number, FaultCode):
            cells.fault("phones", number)
        elif number not in numbers:
            numbers.append(number)
    return tuple(numbers)


def _pins(cells: Cells) -> tuple[TerminalPin, ...]:
    pins = []
    for written in re.split(r"[;,]", cells.text("pins")):
        if not written.strip():
            continue
        pin = words.terminal_pin(written)
        if pin is None:
            cells.fault("pins", FaultCode.BAD_TERMINAL_ID)
        else:
            pins.append(pin)
    return tuple(dict.fromkeys(pins))


def _holder(cells: Cells) -> HolderRow | None:
    unit, written = cells.needed("unit", 32), cells.needed("post", 160)
    nip = _nip(cells, "nip")
    first, last = cells.day("from"), cells.day("to")
    if first is not None and last is not None and last < first:
        cells.fault("to", FaultCode.END_BEFORE_START, first.isoformat())
    named = words.post_name(written) if written else None
    if named is None:
        if written:
            cells.fault("post", FaultCode.UNKNOWN_POST)
        return None
    post, capacity = named
    return HolderRow(cells.sheet, cells.line, unit, post, nip, capacity, first, last)
