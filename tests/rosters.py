"""Rosters for tests: the fixed cast as tables, and ways to change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from domain.access import system
from domain.roster.sheets import Sheet
from services.roster.importing import Options, import_roster
from services.roster.work import Report
from store.db import Database

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09.00 WITA
BUDI, SRI = "199001012015011001", "198002022005022002"
RAHMAT, DEWI = "197903032004031003", "199204042018042004"
YUSUF, LIA = "198505052010051005", "199505052023212005"

UNITS = [
    {"code": "PROV", "name": "Provinsi Contoh", "kind": "Provinsi", "work_pattern": "5D"},
    {"code": "BKD", "name": "Badan Contoh", "kind": "Badan", "parent_code": "PROV"},
    {"code": "UPT1", "name": "UPT Contoh Satu", "kind": "UPT", "parent_code": "PROV"},
]
PEOPLE = [
    {"nip": BUDI, "name": "Budi Santoso", "unit_code": "UPT1", "supervisor_nip": SRI,
     "phones": "08110000001", "pins": "101"},
    {"nip": SRI, "name": "Sri Wahyuni", "unit_code": "UPT1", "supervisor_nip": RAHMAT,
     "phones": "08110000002", "pins": "102", "position": "Kepala Seksi"},
    {"nip": RAHMAT, "name": "Rahmat Hidayat", "unit_code": "UPT1", "phones": "08110000003",
     "pins": "103"},
    {"nip": DEWI, "name": "Dewi Lestari", "unit_code": "UPT1", "supervisor_nip": RAHMAT,
     "phones": "08110000004", "pins": "104"},
    {"nip": YUSUF, "name": "Yusuf Maulana", "unit_code": "BKD", "pins": "101"},
]  # fmt: skip
POSTS = [
    {"unit": "UPT1", "post": "Kasubag Umum", "nip": RAHMAT, "from": "01/02/2024"},
    {"unit": "UPT1", "post": "Operator", "nip": DEWI},
]
COLUMNS = {
    "units": ("code", "name", "parent_code", "kind", "time_zone", "work_pattern"),
    "employees": (
        "nip", "name", "employment", "unit_code", "position", "grade", "phones",
        "supervisor_nip", "pins", "work_pattern",
    ),
    "posts": ("unit", "post", "nip", "from", "to"),
}  # fmt: skip

Rows = Sequence[Mapping[str, str]]


def tables(
    units: Rows | None = UNITS, people: Rows | None = PEOPLE, posts: Rows | None = POSTS
) -> dict[str, Sheet]:
    """The three tables as a reader gives them; None leaves one out."""
    given = {"units": units, "employees": people, "posts": posts}
    return {name: _sheet(name, rows) for name, rows in given.items() if rows is not None}


def _sheet(name: str, rows: Rows) -> Sheet:
    columns = COLUMNS[name]
    lines = [(1, list(columns))]
    lines += [(n, [row.get(column, "") for column in columns]) for n, row in enumerate(rows, 2)]
    return Sheet(f"{name}.csv", lines)


def changed(rows: Rows, nip: str, **cells: str) -> list[Mapping[str, str]]:
    """The rows with other cells for one person."""
    return [{**row, **cells} if row["nip"] == nip else row for row in rows]


def without(rows: Rows, nip: str) -> list[Mapping[str, str]]:
    """The rows without one person."""
    return [row for row in rows if row["nip"] != nip]


def bring(
    db: Database, sheets: Mapping[str, Sheet], as_of: date = MONDAY, **options: bool
) -> Report:
    """Import these tables as of a day."""
    return import_roster(db, NOW, system("test"), sheets, Options(as_of, **options))
