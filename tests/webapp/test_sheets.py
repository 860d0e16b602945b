"""Tables out of files as offices save them, and `flask roster import` from end to end."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from openpyxl import Workbook, load_workbook

from domain.roster.faults import FaultCode
from domain.roster.rows import SHEET_NAMES, read_roster
from services.roster.phone_numbers import read_phone
from tests.rosters import BUDI, COLUMNS, PEOPLE, POSTS, UNITS
from webapp import cli
from webapp.sheets import SheetProblem, read_tables

GIVEN: dict[str, Sequence[Mapping[str, str]]] = {
    "units": UNITS,
    "employees": PEOPLE,
    "posts": POSTS,
}


def text_of(table: str, delimiter: str = ",") -> str:
    rows = [COLUMNS[table], *([row.get(c, "") for c in COLUMNS[table]] for row in GIVEN[table])]
    return "\r\n".join(delimiter.join(cells) for cells in rows)


def folder(path: Path, **encoded: bytes) -> Path:
    path.mkdir(exist_ok=True)
    for table in GIVEN:
        (path / f"{table}.csv").write_bytes(encoded.get(table, text_of(table).encode()))
    return path


def workbook(path: Path, **cells: Any) -> Path:
    """The cast as a workbook; `cells` are other values for Budi."""
    book = Workbook()
    for table, rows in GIVEN.items():
        sheet = book.create_sheet(table.upper())
        sheet.append(list(COLUMNS[table]))
        for place, row in enumerate(rows):
            changed = {**row, **cells} if table == "employees" and place == 0 else row
            sheet.append([changed.get(column) for column in COLUMNS[table]])
    book.save(path)
    return path


def faults_of(path: Path) -> list[tuple[str, int, str, FaultCode, str]]:
    roster = read_roster(read_tables(path, SHEET_NAMES), read_phone)
    return [(f.sheet, f.line, f.column, f.code, f.sentence) for f in roster.faults]


def names_in(path: Path) -> list[str]:
    people = read_roster(read_tables(path, SHEET_NAMES), read_phone).people
    return [row.name for row in people or ()]


@pytest.mark.parametrize(
    "data",
    [
        text_of("employees").encode("utf-8-sig"),
        text_of("employees", ";").encode(),
        text_of("employees", "\t").encode("utf-16"),
        ("\r\n\r\n" + text_of("employees")).encode(),
        text_of("employees").replace("\r\n", "\n").encode(),
    ],
    ids=["BOM", "semicolons", "tabs in UTF-16", "blank lines first", "unix"],
)
def test_csv_is_read_however_it_was_saved(tmp_path: Path, data: bytes) -> None:
    assert names_in(folder(tmp_path / "a", employees=data)) == [row["name"] for row in PEOPLE]


def test_an_old_windows_text_keeps_its_accents(tmp_path: Path) -> None:
    data = text_of("employees").replace("Budi Santoso", "André Santoso").encode("cp1252")
    assert names_in(folder(tmp_path / "a", employees=data))[0] == "André Santoso"


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path) -> None:
    broken = text_of("employees").replace("Budi Santoso", '"Budi\nSantoso"')
    broken = broken.replace("08110000002", "rumah")
    (fault,) = faults_of(folder(tmp_path / "a", employees=broken.encode()))
    assert fault[:3] == ("employees.csv", 4, "phones")


def test_a_zip_is_a_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "roster.zip", "w") as archive:
        for table in GIVEN:
            archive.writestr(f"kiriman/{table}.csv", text_of(table))
    assert len(names_in(tmp_path / "roster.zip")) == len(PEOPLE)


def test_a_workbook_gives_numbers_and_dates_as_they_were_meant(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", phones=8110000001.0, pins=101, unit_code="UPT1")
    book = load_workbook(path)
    book["POSTS"]["D2"] = date(2024, 2, 1)
    book.save(path)
    roster = read_roster(read_tables(path, SHEET_NAMES), read_phone)
    assert roster.faults == [] and roster.people and roster.holders
    assert roster.people[0].phones == ("+628110000001",)
    assert roster.people[0].pins[0].pin == "101"
    assert roster.holders[0].first_day == date(2024, 2, 1)


@pytest.mark.parametrize(
    "cell",
    [199001012015011000, 1.990010120150110e17, "1,99001E+17", "199001012015011008.0"],
    ids=["zeros", "a number", "a power", "a number as text"],
)
def test_a_nip_whose_last_digits_a_spreadsheet_lost_is_named_so(tmp_path: Path, cell: Any) -> None:
    (fault,) = faults_of(workbook(tmp_path / "a.xlsx", nip=cell))
    assert fault[:3] == ("EMPLOYEES", 2, "nip") and "dibulatkan" in fault[4]


@pytest.mark.parametrize("name", ["nothing", "empty", "text.txt", "broken.xlsx", "picture.png"])
def test_what_is_no_roster_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "empty":
        path.mkdir()
    elif name != "nothing":
        path.write_bytes(b"\x89PNG\x00\x01")
    with pytest.raises(SheetProblem, match=name):
        read_tables(path, SHEET_NAMES)


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `flask roster import` against an empty database of its own."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HADIR_MODE", "training")
    monkeypatch.delenv("REDIS_URL", raising=False)
    app = Flask("hadir")
    cli.register(app)
    runner = app.test_cli_runner()

    def run(path: Path, *options: str) -> Result:
        return runner.invoke(args=["roster", "import", str(path), *options])

    return run


def test_the_command_names_bad_rows_then_stores_and_then_has_nothing_to_do(
    tmp_path: Path, command: Any
) -> None:
    bad = text_of("employees").replace(BUDI, "199001012015011000", 1)
    failed = command(folder(tmp_path / "a", employees=bad.encode()))
    assert failed.exit_code == 1
    assert "employees.csv, baris 2, kolom nip: Angka akhir NIP hilang" in failed.output
    assert "nothing stored" in failed.output

    good = folder(tmp_path / "a")
    assert "dry run" in command(good, "--dry-run", "--as-of", "2026-11-23").output
    stored = command(good, "--as-of", "2026-11-23")
    assert stored.exit_code == 0
    assert "5  pegawai baru" in stored.output and "2026-11-23" in stored.output
    again = command(good, "--as-of", "2026-11-23")
    assert again.exit_code == 0 and "no change" in again.output


def test_with_skip_bad_the_command_stores_the_rest(tmp_path: Path, command: Any) -> None:
    bad = text_of("employees").replace("08110000001", "rumah")
    done = command(folder(tmp_path / "a", employees=bad.encode()), "--skip-bad")
    assert done.exit_code == 0 and "4  pegawai baru" in done.output


def test_a_file_that_is_not_there_is_a_sentence_not_a_traceback(command: Any) -> None:
    failed = command(Path("/nowhere/roster"))
    assert failed.exit_code == 1 and "tidak ada berkas" in failed.output
