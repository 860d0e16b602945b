"""Attendance logs carried on a USB stick (unduhan USB): `*_attlog.dat`.

One line per record: ID (padded with blanks), time, the terminal's own number, key pressed, how
verified, work code, separated by tabs. The meaning of the two columns after the terminal's
number differs between models; both are kept, neither is trusted for in or out.
"""

from __future__ import annotations

from devices.errors import TerminalError, Trouble
from devices.text_records import ParsedLines, parse_lines

PUNCH_COLUMN, STATUS_COLUMN = 1, 2


def parse_attlog_dat(data: bytes, *, years: tuple[int, int] = (2001, 2099)) -> ParsedLines:
    """The records of an attlog.dat; `place` is the line.

    Raises TerminalError (bad_text) for a file in which no single line looks like a record:
    that is another file, and quarantining each of its lines would help nobody.
    """
    body = data.removeprefix(b"\xef\xbb\xbf")
    parsed = parse_lines(body, punch=PUNCH_COLUMN, status=STATUS_COLUMN, years=years)
    if not any(parsed.records) and not any(bad.local for bad in parsed.quarantine):
        raise TerminalError(
            Trouble.BAD_TEXT,
            "No line has an ID and a time 'YYYY-MM-DD HH:MM:SS': this is no attlog.dat.",
        )
    return parsed
