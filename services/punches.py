"""Taking reads in (terima rekaman): one way for pull, push, USB and CSV.

The bytes are committed first; then they are parsed and everything that follows from them is one
transaction: new punches, quarantine, days to derive, the ledger. A crash between the two leaves
a waiting read behind, which `parse_waiting` takes in. The same read twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo

import structlog
from sqlalchemy.exc import OperationalError

from devices import iclock, records, usb
from devices.errors import TerminalError
from devices.records import BadRecord, PunchRecord
from services import pins, presence, terminals
from store import (
    clock_queries,
    day_queries,
    punch_queries,
    terminal_queries,
    unresolved_queries,
)
from store.db import Database, Transaction
from store.punch_queries import LONGEST_PIN, NewDay, Origin, PunchRow
from store.punches import CORRECTED, RawRead, Terminal, TerminalContact

log = structlog.get_logger(__name__)

PULL, PUSH, USB, CSV = "pull", "push", "usb", "csv"
ATTLOG, OPERLOG = "attlog", "operlog"  # what stands as layout where records are text
LONG_PIN = "long_pin"
CLOCK_TOLERANCE = "clock_tolerance"
"""The setting's name, `{"seconds": n}`: how wrong a clock may be before punches are doubtful."""
DEFAULT_TOLERANCE = timedelta(seconds=120)
DOUBTFUL_CLOCK = "clock"
EARLIEST_YEAR = 2001  # a terminal with an empty battery says 2000
UNDATED = timedelta(days=31)  # how far back an undated record is looked for at most
LEFT_ALONE = timedelta(seconds=30)  # whoever kept the bytes is about to parse them


@dataclass(frozen=True)
class Kept:
    """A raw read in the database; `is_repeat` when the very same bytes were taken last time."""

    raw_read_id: int
    is_repeat: bool


@dataclass
class Taken:
    """What a read brought. `already`: it had been taken in before, nothing was done now."""

    raw_read_id: int
    read: int = 0
    new: int = 0
    unknown: int = 0  # of the new ones: punches that belong to nobody yet
    quarantined: int = 0
    already: bool = False
    refused: str | None = None
    new_by_terminal: dict[int, int] = field(default_factory=dict)


Ledger = Callable[[Transaction, Terminal, Taken], None]
"""What a door writes about the contact, in the transaction that takes its read in."""


def keep(
    db: Database,
    terminal_id: int,
    source: str,
    payload: bytes,
    *,
    received_at: datetime,
    layout: str,
    first_index: int = 0,
    records_in_it: int | None = None,
    device_time: str | None = None,
    clock_offset: int | None = None,
    refused: str | None = None,
) -> Kept:
    """Commit the bytes as they came, before anything is made of them.

    Bytes that equal the last ones through the same door, with the same fate, are not kept twice.
    With `refused` (a sentence) they are kept for people and never parsed.
    """
    with db.begin() as tx:
        last = terminal_queries.newest_read(tx, terminal_id, source)
        if last is not None and _is_same(last, payload, layout, first_index, refused):
            return Kept(last.id, is_repeat=last.parsed_at is not None)
        return Kept(
            punch_queries.keep_raw(
                tx,
                payload,
                terminal_id=terminal_id,
                source=source,
                layout=layout,
                received_at=received_at,
                first_index=first_index,
                records=records_in_it,
                device_time=device_time,
                clock_offset=clock_offset,
                refused=refused,
            ),
            is_repeat=False,
        )


def _is_same(
    last: RawRead, payload: bytes, layout: str, first_index: int, refused: str | None
) -> bool:
    return (
        last.sha256 == punch_queries.digest(payload)
        and last.layout == layout
        and last.first_index == first_index
        and (last.refused is None) == (refused is None)
    )


def take_in(db: Database, now: datetime, raw_read_id: int, ledger: Ledger | None = None) -> Taken:
    """Parse a kept read and store what is new, in one transaction with everything that follows.

    `ledger` writes the door's own line about the contact; without it a plain one is written.
    A read that turns out to be unreadable is refused: kept, shown, `Taken.refused` says why.
    """
    with db.begin() as tx:
        read = punch_queries.hold_read(tx, raw_read_id)
        terminal = terminal_queries.hold_row(tx, read.terminal_id)
        taken = Taken(raw_read_id, already=read.parsed_at is not None)
        if taken.already:
            taken.read = read.records or 0
        else:
            _parse_and_store(tx, now, read, terminal, taken)
            read.parsed_at = now
            read.records = taken.read
        if ledger is not None:
            ledger(tx, terminal, taken)
        elif not taken.already:
            _plain_contact(tx, now, read, terminal, taken)
        return taken


def parse_waiting(db: Database, now: datetime) -> int:
    """Take in the reads whose keeper died before parsing them (sapu); returns how many.

    They prove nothing about completeness: the next read of the terminal does.
    """
    with db.read() as session:
        waiting = punch_queries.waiting_reads(session, now - LEFT_ALONE)
    for raw_read_id in waiting:
        try:
            take_in(db, now, raw_read_id)
        except OperationalError:  # the database's trouble, not the read's
            raise
        except Exception as error:
            log.exception("read_set_aside", raw_read_id=raw_read_id)
            _set_aside(db, raw_read_id, error)
    return len(waiting)


def _set_aside(db: Database, raw_read_id: int, error: Exception) -> None:
    """A read that cannot be taken in must not stop those behind it; its bytes stay."""
    with db.begin() as tx:
        read = punch_queries.hold_read(tx, raw_read_id)
        read.refused = f"Kept, but could not be taken in ({type(error).__name__}): tell us."


@dataclass(frozen=True)
class Portion:
    """The records of a read that belong to one terminal."""

    terminal: Terminal
    records: Iterable[PunchRecord]


def _parse_and_store(
    tx: Transaction, now: datetime, read: RawRead, terminal: Terminal, taken: Taken
) -> None:
    try:
        portions, bad = _parse(tx, now, read, terminal)
    except TerminalError as error:
        read.refused = taken.refused = error.sentence
        return
    for portion in portions:
        _store(tx, now, read, portion, taken, bad)
    rows = [unresolved_queries.BadRow(each.raw, each.pin, each.local, each.reason) for each in bad]
    taken.read += len(rows)
    taken.quarantined = unresolved_queries.quarantine(tx, terminal.id, read.id, rows, now)
    if taken.quarantined:
        # what cannot be dated was made after the last complete read
        today = terminals.today_at(terminal, now)
        known = terminal.complete_up_to
        since = max(today - UNDATED, known.date() - timedelta(days=1)) if known else today - UNDATED
        span = [since + timedelta(days=n) for n in range((today - since).days)]
        day_queries.mark_shown(tx, terminal.id, terminal.unit_id, span, now)


def _parse(
    tx: Transaction, now: datetime, read: RawRead, terminal: Terminal
) -> tuple[list[Portion], list[BadRecord]]:
    payload = punch_queries.payload_of(read)
    years = (EARLIEST_YEAR, now.year + 1)
    if read.source == CSV:
        found = presence.sort_out(tx, now, payload, terminal, years)
        return [Portion(each, rows) for each, rows in found.by_terminal], found.bad
    if read.layout == OPERLOG:
        return [], []
    if read.source == PUSH:
        lines = iclock.parse_attlog(payload, years=years)
        return [Portion(terminal, lines.records)], lines.quarantine
    if read.source == USB:
        lines = usb.parse_attlog_dat(payload, years=years)
        return [Portion(terminal, lines.records)], lines.quarantine
    if not payload:
        return [], []
    parsed = records.parse(payload, read.layout, first_index=read.first_index, years=years)
    return [Portion(terminal, parsed.records)], parsed.quarantine


def _store(
    tx: Transaction,
    now: datetime,
    read: RawRead,
    portion: Portion,
    taken: Taken,
    bad: list[BadRecord],
) -> None:
    terminal = portion.terminal
    ready = _Rows(tx, now, read, terminal, bad)
    days = punch_queries.store_punches(
        tx, Origin(terminal.id, read.source, read.id), ready.made_of(portion.records)
    )
    taken.read += ready.count
    new = sum(day.count for day in days)
    taken.new += new
    taken.unknown += sum(day.count for day in days if day.employee_id is None)
    taken.new_by_terminal[terminal.id] = taken.new_by_terminal.get(terminal.id, 0) + new
    pins.mark_days(
        tx,
        (
            touched
            for day in days
            if day.employee_id is not None
            for touched in pins.days_touched(day.employee_id, day.local_date, day.first, day.last)
        ),
        "punch",
        now,
    )
    _mark_judged_days(tx, now, terminal, days)


A_WEEK, HABIT_WEEKS = timedelta(days=7), 4


def _mark_judged_days(
    tx: Transaction, now: datetime, terminal: Terminal, found: Iterable[NewDay]
) -> None:
    """Closed dates whose judgement these scans may change for people who did not make them.

    A late scan of an unknown ID may be anybody's, and late scans tell what a terminal's habit
    was: of their own date and of the same weekday in the four weeks after it.
    """
    today = terminals.today_at(terminal, now)
    read, judged = set[date](), set[date]()
    for each in found:
        read.add(each.local_date)
        judged.update(each.local_date + n * A_WEEK for n in range(1, HABIT_WEEKS + 1))
        if each.employee_id is None:  # and a shift may have ended with it
            judged.update((each.local_date, each.local_date - timedelta(days=1)))
    for dates, only_open in ((read, True), (judged, False)):
        past = [day for day in dates if day < today]
        day_queries.mark_shown(tx, terminal.id, terminal.unit_id, past, now, only_open=only_open)


class _Rows:
    """Turns a terminal's records into rows: whose they are, which instant, whether in doubt."""

    def __init__(
        self,
        tx: Transaction,
        now: datetime,
        read: RawRead,
        terminal: Terminal,
        bad: list[BadRecord],
    ):
        self.count = 0
        self._owners = pins.Owners(tx, terminal)
        self._instants = Instants(terminals.zone_of(terminal))
        self._layout = terminal.layout if read.source != PULL else read.layout
        tolerance = clock_tolerance(tx, terminal, now)
        self._latest = read.received_at + tolerance
        self._all_doubtful = _clock_is_off(read, terminal, tolerance)
        self._bad = bad
        self._corrections = clock_queries.corrections(tx, terminal.id)

    def made_of(self, found: Iterable[PunchRecord]) -> Iterator[PunchRow]:
        """Rows ready to be stored; an ID too long for any terminal goes to quarantine."""
        canonical_pins: dict[str, str] = {}
        instant_of, owner_of = self._instants.of, self._owners.of
        for record in found:
            pin = canonical_pins.get(record.pin)
            if pin is None:
                pin = canonical_pins[record.pin] = pins.canonical(self._layout, record.pin)
            if len(pin) > LONGEST_PIN:
                line = f"{record.pin}\t{record.local}".encode()
                self._bad.append(BadRecord(record.place, line, pin, record.local, LONG_PIN))
                continue
            self.count += 1
            at = instant_of(record.local)
            doubt = DOUBTFUL_CLOCK if self._all_doubtful or at > self._latest else None
            if self._corrections and (ahead := self._seconds_ahead(record.local)) is not None:
                at, doubt = at - timedelta(seconds=ahead), CORRECTED
            yield PunchRow(
                pin,
                record.local,
                at,
                record.status,
                record.punch,
                owner_of(pin, record.local[:10]),
                doubt,
            )

    def _seconds_ahead(self, local: str) -> int | None:
        """How far people found the clock ahead when it wrote this; the last word counts."""
        for each in reversed(self._corrections):
            if each.local_from <= local <= each.local_to:
                return each.seconds_ahead
        return None


def _clock_is_off(read: RawRead, terminal: Terminal, tolerance: timedelta) -> bool:
    """Whether the clock was wrong, or showed no real day, when this was read.

    A door that cannot measure it goes by the last time somebody could.
    """
    offset = read.clock_offset
    if offset is None and read.source == PULL:
        return True
    if offset is None and read.source in (PUSH, USB):
        offset = terminal.clock_offset
    return offset is not None and abs(offset) > tolerance.total_seconds()


class Instants:
    """From a terminal's wall clock text to the instant, in the zone of its site."""

    def __init__(self, zone: tzinfo):
        self._zone = zone
        self._minutes: dict[str, datetime] = {}

    def of(self, local: str) -> datetime:
        """The UTC instant of 'YYYY-MM-DD HH:MM:SS'."""
        minute, seconds = local[:16], int(local[17:])
        start = self._minutes.get(minute)
        if start is None:
            shown = datetime.fromisoformat(minute).replace(tzinfo=self._zone)
            start = self._minutes[minute] = shown.astimezone(UTC)
        return start.replace(second=seconds)


def clock_tolerance(tx: Transaction, terminal: Terminal, now: datetime) -> timedelta:
    """How wrong this terminal's clock may be before its punches are doubtful."""
    today = terminals.today_at(terminal, now)
    value = terminal_queries.unit_setting(tx, CLOCK_TOLERANCE, terminal.unit, today)
    return timedelta(seconds=value["seconds"]) if value else DEFAULT_TOLERANCE


def _plain_contact(
    tx: Transaction, now: datetime, read: RawRead, terminal: Terminal, taken: Taken
) -> None:
    tx.add(
        TerminalContact(
            terminal_id=terminal.id,
            at=now,
            source=read.source,
            ok=taken.refused is None,
            problem_code="unreadable" if taken.refused else None,
            problem=taken.refused,
            clock_offset=read.clock_offset,
            records_read=taken.read,
            new_punches=taken.new,
            raw_read_id=read.id,
        )
    )
