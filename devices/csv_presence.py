"""Presence kept by another system (presensi dari sistem lain): a table with a heading row.

SAO on WFA days, BioTime, a signed paper list typed into a sheet. A row names a person and
either one moment or a day with one or more clock times. Every bad row is named by its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from devices.errors import TerminalError, Trouble
from devices.records import EMPTY_PIN, canonical_pin
from devices.text_records import BAD_COLUMN, day_problem

ROUNDED_NUMBER = "rounded_number"  # 1,98503E+17: a spreadsheet threw the digits away
NO_TIME = "no_time"

_NAMES = {
    "person": ("pin", "nip", "id", "userid", "iduser", "noid", "personnelid", "employeeid"),
    "moment": ("waktu", "datetime", "timestamp", "tanggalwaktu", "tglwaktu", "punchtime"),
    "day": ("tanggal", "tgl", "date", "hari"),
    "source": ("sumber", "source", "mesin", "terminal", "lokasi"),
}
_TIME_NAMES = re.compile(
    r"(jam|scan|waktu|check|clock)?(masuk|pulang|keluar|kembali|datang|in|out|\d+|jam|time)"
)
_DAY = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|"
    r"(?P<d2>\d{1,2})[/.\-](?P<m2>\d{1,2})[/.\-](?P<y2>\d{4})"
)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")


@dataclass(frozen=True)
class Columns:
    """Which headings hold what. Give `moment`, or `day` with one or more of `times`."""

    person: str
    moment: str | None = None
    day: str | None = None
    times: tuple[str, ...] = ()
    source: str | None = None


class PresenceRecord(NamedTuple):
    """One presence: ID or NIP, local 'YYYY-MM-DD HH:MM:SS', where it says it is from, its line."""

    person: str
    local: str
    source: str
    line: int


class BadRow(NamedTuple):
    """A row, or one time of it, that cannot be used: line, what stands there, reason's code."""

    line: int
    text: str
    reason: str


class ParsedPresence(NamedTuple):
    """Good presences and bad rows."""

    records: list[PresenceRecord]
    bad_rows: list[BadRow]


def parse_presence(
    data: bytes, columns: Columns | None = None, *, years: tuple[int, int] = (2001, 2099)
) -> ParsedPresence:
    """The presences of a CSV (comma, semicolon or tab; UTF-8 or Windows-1252).

    Without `columns` they are found by the usual headings. Days are written 2026-11-20 or, as
    in Indonesia, 20/11/2026; times 07:30, 07.30 or 07:30:15. A day
    without times is a person who was not there: no presence, and no bad row.
    Raises TerminalError (bad_text) when the headings are not there.
    """
    rows = _rows(_decode(data))
    _, first = next(rows, (1, []))
    heading = [name.strip() for name in first]
    columns = columns or columns_of(heading)
    _check(columns, heading)
    parsed = ParsedPresence([], [])
    for line, row in rows:
        if any(cell.strip() for cell in row):
            _read_row(dict(zip(heading, row, strict=False)), line, columns, years, parsed)
    return parsed


def columns_of(heading: list[str]) -> Columns:
    """The meaning of a heading row by the words used for such columns in Indonesia."""
    plain = {name: re.sub(r"[^a-z0-9]", "", name.lower()) for name in heading}
    found: dict[str, str] = {}
    for meaning, words in _NAMES.items():
        for name in heading:
            if plain[name] in words:
                found.setdefault(meaning, name)
    used = set(found.values())
    times = tuple(n for n in heading if n not in used and _TIME_NAMES.fullmatch(plain[n]))
    if "day" in found and "moment" in found and not times:  # "Tanggal" and "Waktu"
        times = (found.pop("moment"),)
    if "person" not in found or not ("moment" in found or ("day" in found and times)):
        raise TerminalError(
            Trouble.BAD_TEXT,
            f"The first row is {', '.join(heading) or 'empty'}; needed are NIP (or PIN) and"
            " either Waktu, or Tanggal with Jam Masuk and Jam Pulang.",
        )
    return Columns(times=times, **found)


def _check(columns: Columns, heading: list[str]) -> None:
    wanted = (columns.person, columns.moment, columns.day, *columns.times, columns.source)
    missing = [name for name in wanted if name is not None and name not in heading]
    if missing:
        raise TerminalError(Trouble.BAD_TEXT, f"The first row has no column {', '.join(missing)}.")


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it ends on."""
    heading = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=heading.count))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise TerminalError(
            Trouble.BAD_TEXT, f"Line {reader.line_num} is no row of a table ({error})."
        ) from error


def _read_row(
    row: dict[str, str],
    line: int,
    columns: Columns,
    years: tuple[int, int],
    parsed: ParsedPresence,
) -> None:
    text = " | ".join(row.values())
    written = row.get(columns.person, "").strip().lstrip("'")
    if re.fullmatch(r"\d[.,]\d+[eE]\+?\d+", written):
        parsed.bad_rows.append(BadRow(line, text, ROUNDED_NUMBER))
        return
    person = canonical_pin(written.encode())
    if not person:
        parsed.bad_rows.append(BadRow(line, text, EMPTY_PIN))
        return
    moments = list(_moments(row, columns))
    if columns.moment and not moments:
        parsed.bad_rows.append(BadRow(line, text, NO_TIME))
    source = row.get(columns.source, "").strip() if columns.source else ""
    for moment in moments:
        local = _local(moment)
        problem = day_problem(local, years) if local else BAD_COLUMN
        if local and not problem:
            parsed.records.append(PresenceRecord(person, local, source, line))
        else:
            parsed.bad_rows.append(BadRow(line, moment, problem or BAD_COLUMN))


def _moments(row: dict[str, str], columns: Columns) -> Iterator[str]:
    if columns.moment:
        if moment := row.get(columns.moment, "").strip():
            yield moment
        return
    day = row.get(columns.day or "", "").strip().removesuffix(" 00:00:00")
    for name in columns.times:
        clock = (row.get(name) or "").strip()
        if clock not in ("", "-"):  # a table writes a dash where nobody came or left
            yield f"{day} {clock}"


def _local(written: str) -> str | None:
    """A moment in its one form; None when it is not written as a day and a time."""
    day, _, clock = written.strip().replace("T", " ", 1).partition(" ")
    day_match, clock_match = _DAY.fullmatch(day), _CLOCK.fullmatch(clock.strip())
    if not day_match or not clock_match:
        return None
    parts = day_match.groupdict()
    year, month, of_month = (parts[key] or parts[key + "2"] for key in ("y", "m", "d"))
    hour, minute, second = (int(part or 0) for part in clock_match.groups())
    return f"{year}-{int(month):02d}-{int(of_month):02d} {hour:02d}:{minute:02d}:{second:02d}"
