"""Attendance records (rekaman) as terminals keep them: layouts, times, IDs, parsing.

Every byte layout was taken from protocol descriptions and field reports of the ZK family. The
parser is linear in the number of records and keeps none of them: `Parsed.records` decodes
while it is walked, so a read of 200,000 records costs no more memory than its bytes.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NamedTuple, overload

from devices.errors import TerminalError, Trouble


@dataclass(frozen=True)
class Layout:
    """How one model packs a record; the numbers are places in the unpacked tuple (ID is 0)."""

    name: str
    packing: struct.Struct
    status: int
    time: int
    punch: int
    keys: frozenset[int] | None = None  # the only values of the punch byte, where that proves it

    @property
    def size(self) -> int:
        """Bytes per record."""
        return self.packing.size


_KEYS = frozenset(range(16)) | {255}
LAYOUTS = {
    layout.name: layout
    for layout in (
        # old black-and-white models; the ID is the terminal's slot number, not the typed ID
        Layout("8a", struct.Struct("<HBIB"), status=1, time=2, punch=3, keys=_KEYS),
        # some of the second order keep the key in the upper half of its byte
        Layout("8b", struct.Struct("<HBBI"), 1, 3, 2, _KEYS | frozenset(range(0, 256, 16))),
        # the typed ID as a number: leading zeros are gone before we see it
        Layout("16", struct.Struct("<IIBB6x"), status=2, time=1, punch=3),
        # most of today's models: the typed ID as text
        Layout("40", struct.Struct("<2x24sBIB8x"), status=1, time=2, punch=3),
        Layout("49", struct.Struct("<2x24sBIB17x"), status=1, time=2, punch=3),
    )
}
LAYOUT_SETTINGS = {
    "auto": tuple(LAYOUTS),
    "8": ("8a", "8b"),
    **{name: (name,) for name in LAYOUTS},
}

EMPTY_PIN = "empty_pin"
IMPOSSIBLE_DATE = "impossible_date"
YEAR_OUT_OF_RANGE = "year_out_of_range"

PLAUSIBLE_SHARE = 0.95
# No terminal still at work began before this. With the two 8-byte orders confused, times fall
# into 2000..2002 or after 2130 one way round; the other way the keys are impossible.
EARLIEST_PLAUSIBLE = date(2008, 1, 1)


class PunchRecord(NamedTuple):
    """One scan: ID text, local wall clock 'YYYY-MM-DD HH:MM:SS', both raw bytes, place in memory.

    `status` says how the person was verified (0 password, 1 finger, 2 card, 15 face), `punch`
    which key was pressed (255 none); neither tells in from out.
    """

    pin: str
    local: str
    status: int
    punch: int
    place: int


class BadRecord(NamedTuple):
    """A record that cannot be a punch as it stands (masuk karantina), with the reason's code."""

    place: int
    raw: bytes
    pin: str
    local: str
    reason: str


def canonical_pin(raw: bytes) -> str:
    """The ID in its one written form (ID mesin), never longer than 25 characters.

    Text up to the first NUL, without blanks around it; leading zeros stay. Bytes that are not
    UTF-8 are kept one by one as Latin-1 behind a tilde, so two people never become one.
    """
    kept = raw.split(b"\0", 1)[0].strip(b" \t\r\n")
    try:
        text = kept.decode()
    except UnicodeDecodeError:
        return "~" + kept.decode("latin-1")
    return text if not text.startswith("~") else "~" + kept.decode("latin-1")


def local_text(number: int) -> tuple[str, bool]:
    """A terminal's 32-bit time as text, and whether such a day exists.

    The clock counts years of twelve months of 31 days, so 31 February has a number of its own.
    """
    seconds = number % 86_400
    day = _day_text(number // 86_400)
    return day + _MINUTES[seconds // 60] + _TWO_DIGITS[seconds % 60], _exists(day)


def time_number(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """The terminal's 32-bit form of a wall clock time (years 2000 to 2133)."""
    months = (year - 2000) * 12 + month - 1
    return (months * 31 + day - 1) * 86_400 + hour * 3600 + minute * 60 + second


_TWO_DIGITS = [f"{number:02d}" for number in range(60)]
_MINUTES = [f"{hour:02d}:{minute:02d}:" for hour in range(24) for minute in range(60)]


def _day_text(days: int) -> str:
    months, day = divmod(days, 31)
    return f"{2000 + months // 12:04d}-{months % 12 + 1:02d}-{day + 1:02d} "


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day.rstrip())
    except ValueError:
        return False
    return True


# There are many records, and few IDs and days among them: each is worked out once per read.


class _Days(dict[int, str]):
    """From the number of a day to its text with a blank behind."""

    def __missing__(self, days: int) -> str:
        self[days] = text = _day_text(days)
        return text


class _Pins(dict[int | bytes, str]):
    """From the ID field of a record to its canonical text."""

    def __missing__(self, field: int | bytes) -> str:
        if isinstance(field, bytes):
            text = canonical_pin(field)
        else:
            text = str(field) if field else ""  # no terminal gives anybody the number 0
        self[field] = text
        return text


class Records(Sequence[PunchRecord]):
    """The good records of a read, in memory's order, decoded while they are walked."""

    def __init__(self, raw: bytes, layout: Layout, first_index: int, bad: list[int]) -> None:
        self._raw, self._layout, self._first_index = raw, layout, first_index
        self._bad = bad  # places within `raw`, rising
        self._pins, self._days = _Pins(), _Days()

    def __len__(self) -> int:
        return len(self._raw) // self._layout.size - len(self._bad)

    def __iter__(self) -> Iterator[PunchRecord]:
        layout, bad, pins, days = self._layout, frozenset(self._bad), self._pins, self._days
        time, status, punch = layout.time, layout.status, layout.punch
        minutes, digits, first = _MINUTES, _TWO_DIGITS, self._first_index
        # the named tuple's own constructor is a Python function and costs as much as the rest
        record: Callable[[tuple[object, ...]], PunchRecord] = partial(tuple.__new__, PunchRecord)
        for place, row in enumerate(layout.packing.iter_unpack(self._raw)):
            if place in bad:
                continue
            seconds = row[time] % 86_400
            local = days[row[time] // 86_400] + minutes[seconds // 60] + digits[seconds % 60]
            yield record((pins[row[0]], local, row[status], row[punch], first + place))

    @overload
    def __getitem__(self, index: int) -> PunchRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[PunchRecord]: ...
    def __getitem__(self, index: int | slice) -> PunchRecord | list[PunchRecord]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._decode(self._place_of(index % len(self)))

    def _place_of(self, wanted: int) -> int:
        """The place in memory of the nth good record: n plus the bad ones before it."""
        place = wanted
        while (after := wanted + bisect_right(self._bad, place)) != place:
            place = after
        return place

    def _decode(self, place: int) -> PunchRecord:
        layout = self._layout
        row = layout.packing.unpack_from(self._raw, place * layout.size)
        pin, (local, _) = self._pins[row[0]], local_text(row[layout.time])
        return PunchRecord(
            pin, local, row[layout.status], row[layout.punch], self._first_index + place
        )


@dataclass(frozen=True)
class Parsed:
    """What a read contains: good records, and those that wait for a person with a reason."""

    records: Records
    quarantine: list[BadRecord]


def parse(
    raw: bytes, layout: str, *, first_index: int = 0, years: tuple[int, int] = (2001, 2099)
) -> Parsed:
    """The records in `raw` (without the length prefix), each good or quarantined, none lost.

    `first_index` is the place in the terminal's memory of the first one. Times outside `years`
    (both included) are quarantined: a terminal with a dead battery says 2000.
    Raises TerminalError (layout) when the bytes are no whole number of records.
    """
    form = _form(layout)
    _whole(raw, form)
    quarantine = list(_bad_records(raw, form, first_index, years))
    bad = [record.place - first_index for record in quarantine]
    return Parsed(Records(raw, form, first_index, bad), quarantine)


def _bad_records(
    raw: bytes, layout: Layout, first_index: int, years: tuple[int, int]
) -> Iterator[BadRecord]:
    time, size, pins, rows = layout.time, layout.size, _Pins(), layout.packing.iter_unpack
    bad_ids = {field for field in {row[0] for row in rows(raw)} if not pins[field]}
    days = {row[time] // 86_400 for row in rows(raw)}
    bad_days = {day: reason for day in days if (reason := _day_reason(day, years))}
    if not bad_ids and not bad_days:
        return
    for place, row in enumerate(rows(raw)):
        day = row[time] // 86_400
        if row[0] in bad_ids or day in bad_days:
            reason = EMPTY_PIN if row[0] in bad_ids else bad_days[day]
            record = bytes(raw[place * size : (place + 1) * size])
            local, _ = local_text(row[time])
            yield BadRecord(first_index + place, record, pins[row[0]], local, reason)


def _day_reason(days: int, years: tuple[int, int]) -> str | None:
    day = _day_text(days)
    if not _exists(day):
        return IMPOSSIBLE_DATE
    return None if years[0] <= int(day[:4]) <= years[1] else YEAR_OUT_OF_RANGE


def learn_layout(raw: bytes, counts: tuple[int, int], latest: date, setting: str = "auto") -> str:
    """Which layout these records have, proven twice: by the count and by the times.

    `counts` are the records the terminal says it holds, before and after the read; `latest` is
    the last day a record may have. Raises TerminalError (layout) unless exactly one fits.
    """
    sizes_fit = [
        name
        for name in LAYOUT_SETTINGS[setting]
        if len(raw) % LAYOUTS[name].size == 0
        and counts[0] <= len(raw) // LAYOUTS[name].size <= counts[1]
    ]
    proven = [name for name in sizes_fit if is_plausible(raw, name, latest)]
    if len(proven) == 1:
        return proven[0]
    found = f"{' and '.join(proven)} fit alike" if proven else "none fits"
    raise TerminalError(
        Trouble.LAYOUT,
        f"{len(raw)} bytes for {counts[0]} to {counts[1]} records: of the record layouts"
        f" {', '.join(LAYOUT_SETTINGS[setting])} {found}.",
        raw=raw,
    )


def is_plausible(raw: bytes, layout: str, latest: date) -> bool:
    """Whether at least 95 % of the times lie between 2008 and `latest`, as those of people do."""
    form = _form(layout)
    first = time_number(EARLIEST_PLAUSIBLE.year, EARLIEST_PLAUSIBLE.month, 1, 0, 0, 0)
    last = time_number(latest.year, latest.month, latest.day, 23, 59, 59)
    keys = form.keys
    good: int = sum(
        first <= row[form.time] <= last and (keys is None or row[form.punch] in keys)
        for row in form.packing.iter_unpack(raw)
    )
    return good >= PLAUSIBLE_SHARE * (len(raw) // form.size)


def _form(layout: str) -> Layout:
    if layout not in LAYOUTS:
        raise TerminalError(Trouble.LAYOUT, f"There is no record layout {layout!r}.")
    return LAYOUTS[layout]


def _whole(raw: bytes, layout: Layout) -> None:
    if len(raw) % layout.size:
        raise TerminalError(
            Trouble.LAYOUT,
            f"{len(raw)} bytes are no whole number of {layout.size}-byte records.",
            raw=raw,
        )
