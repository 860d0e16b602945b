"""Tables out of the files people send: a folder or zip of CSV, or one Excel workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from domain.roster.sheets import Sheet, plain

BIGGEST = 200_000_000  # bytes a file may unpack to
EXCEL = (".xlsx", ".xlsm")
LONGEST_TRUE = 2**53  # beyond this a spreadsheet's number has fewer true digits than it shows


class SheetProblem(Exception):
    """A file that cannot be read as tables; the message says what to do."""


def read_tables(path: Path, names: Mapping[str, Sequence[str]]) -> dict[str, Sheet]:
    """The tables of a folder, zip or workbook by what they are; `names` maps each to file names.

    Files and sheets with other names are left alone. Raises SheetProblem when there is none we
    know, or when two are the same table.
    """
    meanings = {plain(word): table for table, words in names.items() for word in words}
    found: dict[str, Sheet] = {}
    for name, lines in _everything(path):
        table = meanings.get(plain(name.rsplit(".", 1)[0] if "." in name else name))
        if table is None:
            continue
        if table in found:
            raise SheetProblem(f"{found[table].name} dan {name} adalah tabel yang sama.")
        found[table] = Sheet(name, list(lines))
    if not found:
        known = ", ".join(f"{table}.csv" for table in names)
        raise SheetProblem(f"{path}: tidak ada tabel yang dikenal; harus ada {known}.")
    return found


def read_table_file(path: Path) -> list[Sheet]:
    """Every table of one CSV file or workbook, whatever their names."""
    return [Sheet(name, list(lines)) for name, lines in _everything(path)]


Lines = Iterable[tuple[int, list[str]]]


def _everything(path: Path) -> Iterator[tuple[str, Lines]]:
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.suffix.lower() in (".csv", ".txt"):
                yield file.name, _csv_lines(file.read_bytes(), file.name)
        return
    if not path.exists():
        raise SheetProblem(f"{path}: tidak ada berkas atau folder ini.")
    if path.suffix.lower() in EXCEL:
        yield from _workbook(path)
    elif zipfile.is_zipfile(path):
        yield from _zip(path)
    elif path.suffix.lower() in (".csv", ".txt"):
        yield path.name, _csv_lines(path.read_bytes(), path.name)
    else:
        raise SheetProblem(f"{path}: harus folder atau zip berisi CSV, atau satu berkas XLSX.")


def _zip(path: Path) -> Iterator[tuple[str, Lines]]:
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > BIGGEST:
            raise SheetProblem(f"{path}: isinya terlalu besar.")
        for entry in archive.infolist():
            name = Path(entry.filename).name
            if name.lower().endswith(".csv") and not name.startswith("."):
                yield name, _csv_lines(archive.read(entry), name)


# --- CSV -------------------------------------------------------------------------------------


def _csv_lines(data: bytes, name: str) -> Lines:
    """Lines with the number an editor shows, though a cell may hold line breaks."""
    text = _decode(data, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as fault:
        raise SheetProblem(f"{name}, baris {reader.line_num}: bukan CSV ({fault}).") from fault


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise SheetProblem(f"{name}: ini bukan teks CSV; simpan lagi sebagai CSV.")
    return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """What stands between the cells of the heading."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(";,\t|", key=heading.count)


# --- Excel -----------------------------------------------------------------------------------


def _workbook(path: Path) -> Iterator[tuple[str, Lines]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as fault:
        raise SheetProblem(f"{path}: bukan berkas Excel yang bisa dibaca ({fault}).") from fault
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True)
            yield (
                sheet.title,
                [(line, [_cell_text(cell) for cell in row]) for line, row in enumerate(rows, 1)],
            )
    finally:
        book.close()


def _cell_text(value: Any) -> str:
    """A cell as its owner meant it: whole numbers with all their digits, dates without a time.

    A number too long for its cell stays written as a power (1.99E+17): its last digits are gone,
    and whatever stood there in their place would look like true ones.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < LONGEST_TRUE:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
