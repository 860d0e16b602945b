"""Attendance lines as text: pushed, on a USB stick, or in another system's table (baris absensi).

Every line becomes a record or a quarantined one; none is dropped and none stops the rest.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from devices.records import (
    EMPTY_PIN,
    IMPOSSIBLE_DATE,
    YEAR_OUT_OF_RANGE,
    BadRecord,
    PunchRecord,
    canonical_pin,
)

UNREADABLE_LINE = "unreadable_line"
BAD_COLUMN = "bad_column"
NOT_TOLD = 255  # for `status` and `punch` where the source does not say

# Some firmware separates with blanks, so the time is what a line is recognised by. The bounds
# keep a hostile line from costing more than a glance.
_LINE = re.compile(
    rb"(?P<pin>.{0,64}?)[\t ]{1,64}"
    rb"(?P<local>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})"
    rb"(?P<rest>[\t ].*)?"
)


class ParsedLines(NamedTuple):
    """Good records and quarantined ones; `place` is the line's number, from 1."""

    records: list[PunchRecord]
    quarantine: list[BadRecord]


def parse_lines(body: bytes, *, punch: int, status: int, years: tuple[int, int]) -> ParsedLines:
    """Lines of `pin, YYYY-MM-DD HH:MM:SS, columns...`; `punch` and `status` say which columns.

    Columns count from 0 behind the time. Empty lines are nothing.
    """
    parsed = ParsedLines([], [])
    for number, line in enumerate(body.splitlines(), start=1):
        if not line.strip(b" \t\0\x1a"):
            continue
        found = _record(line, number, punch, status, years)
        if isinstance(found, BadRecord):
            parsed.quarantine.append(found)
        else:
            parsed.records.append(found)
    return parsed


def day_problem(local: str, years: tuple[int, int]) -> str | None:
    """Why 'YYYY-MM-DD HH:MM:SS' is no moment a punch can have; None when it is one."""
    hour, minute, second = (int(part) for part in local[11:].split(":"))
    try:
        year = date.fromisoformat(local[:10]).year
    except ValueError:
        return IMPOSSIBLE_DATE
    if hour > 23 or minute > 59 or second > 59:
        return IMPOSSIBLE_DATE
    return None if years[0] <= year <= years[1] else YEAR_OUT_OF_RANGE


def _record(
    line: bytes, number: int, punch: int, status: int, years: tuple[int, int]
) -> PunchRecord | BadRecord:
    match = _LINE.fullmatch(line)
    if match is None:
        return BadRecord(number, line, "", "", UNREADABLE_LINE)
    pin, local = canonical_pin(match["pin"]), match["local"].decode()
    rest = (match["rest"] or b"").strip(b"\r")
    columns = rest[1:].split(b"\t") if rest.startswith(b"\t") else rest.split()
    pressed, verified = _byte(columns, punch), _byte(columns, status)
    if not pin:
        return BadRecord(number, line, pin, local, EMPTY_PIN)
    if problem := day_problem(local, years):
        return BadRecord(number, line, pin, local, problem)
    if pressed is None or verified is None:
        return BadRecord(number, line, pin, local, BAD_COLUMN)
    return PunchRecord(pin, local, verified, pressed, number)


def _byte(columns: list[bytes], place: int) -> int | None:
    """A column's number 0..255; not told when it is missing, None when it is something else."""
    text = columns[place].strip() if place < len(columns) else b""
    if not text:
        return NOT_TOLD
    return int(text) if text.isdigit() and len(text) <= 3 and int(text) <= 255 else None
