"""The pull story (tarik rekaman): lock, read, keep the bytes, take them in, write the ledger.

The reader is handed in. No transaction is open while it talks to the terminal, and nobody else
calls the terminal meanwhile. Whatever goes wrong has a sentence in the ledger and a next time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

import structlog

from devices.errors import TerminalError, Trouble
from devices.records import LAYOUTS
from devices.zk_attlog import OVERLAP, AttlogRead, HeldTail
from devices.zk_session import Address
from services import lines, pins, pull_times, punches, terminals
from services.punches import PULL, Taken
from store import punch_queries, terminal_queries
from store.db import Database, Transaction
from store.punches import Terminal, TerminalContact

log = structlog.get_logger(__name__)

DEADLINE_S = 300.0
PULL_INTERVAL = "pull_interval"
"""The setting's name, `{"seconds": n}`: how often a unit's terminals are called instead."""

Clock = Callable[[], datetime]


class Reader(Protocol):
    """`devices.zk_attlog.read_terminal`."""

    def __call__(
        self, address: Address, *, held: HeldTail | None = ..., deadline_s: float = ...
    ) -> AttlogRead: ...


@dataclass(frozen=True)
class PullOutcome:
    """How a pull ended (hasil tarik).

    `code` is None when all is well, 'busy' while somebody else calls the terminal, else the
    trouble's code; `sentence` says it for people. A good read may carry a code, too: what it
    brought is stored, but it does not prove that nothing is missing.
    """

    terminal_id: int
    name: str
    ok: bool
    code: str | None = None
    sentence: str | None = None
    full: bool = False
    read: int = 0
    new: int = 0
    unknown: int = 0  # of the new ones: punches that belong to nobody yet
    quarantined: int = 0
    records_on_device: int | None = None
    clock_offset: int | None = None
    complete_up_to: datetime | None = None


@dataclass(frozen=True)
class _Visit:
    """One call: what was known of the terminal when it began."""

    terminal_id: int
    name: str
    holder: str
    address: Address
    held: HeldTail | None
    full: bool


def due_terminals(db: Database, now: datetime) -> Sequence[int]:
    """Ids of the terminals whose time has come and that nobody is calling just now."""
    with db.read() as session:
        return terminal_queries.due(session, now)


def call_soon(db: Database, now: datetime, terminal_id: int, *, full: bool) -> None:
    """Somebody wants this terminal read now, perhaps the whole of it."""
    with db.begin() as tx:
        terminal = terminal_queries.hold_row(tx, terminal_id)
        terminal.next_pull_at = now
        if full:
            terminal.last_full_read_at = None
        tx.ring("pull_terminal", terminal_id)


def pull(
    db: Database,
    clock: Clock,
    reader: Reader,
    terminal_id: int,
    *,
    full: bool | None = None,
    deadline_s: float = DEADLINE_S,
) -> PullOutcome:
    """Read one terminal and take in what is new; never raises for what a terminal does.

    `full` None: the tail by day, everything once a night. Raises TerminalProblem for a terminal
    without an address.
    """
    visit = _begin(db, clock(), terminal_id, full)
    if isinstance(visit, PullOutcome):
        return visit
    try:
        read = reader(visit.address, held=None if visit.full else visit.held, deadline_s=deadline_s)
        _check(db, visit, read)
    except TerminalError as error:
        return _failed(db, clock(), visit, error)
    except Exception as error:  # a job's time ran out, or an answer nobody has thought of
        log.exception("pull_failed", terminal=visit.name)
        what = f"The call of {visit.name} ended with {type(error).__name__}."
        return _failed(db, clock(), visit, TerminalError(Trouble.UNEXPECTED_ANSWER, what))
    return _take_in(db, clock(), visit, read)


def _begin(
    db: Database, now: datetime, terminal_id: int, full: bool | None
) -> _Visit | PullOutcome:
    holder = uuid4().hex
    with db.begin() as tx:
        terminal = terminal_queries.by_id(tx, terminal_id)
        address = lines.address_of(terminal)
        if not terminal_queries.lock(tx, terminal_id, holder, now, now + lines.LEASE):
            return PullOutcome(
                terminal.id, terminal.name, False, "busy", f"{terminal.name} is being read already."
            )
        held = held_tail(tx, terminal)
        zone = terminals.zone_of(terminal)
        if full is None:
            full = pull_times.wants_full_read(terminal.last_full_read_at, now, zone)
        return _Visit(terminal.id, terminal.name, holder, address, held, full or held is None)


def held_tail(tx: Transaction, terminal: Terminal) -> HeldTail | None:
    """What we hold of this terminal's memory: the last records of the newest good read."""
    last = terminal_queries.last_good_pull(tx, terminal.id)
    if last is None or last.layout not in LAYOUTS:
        return None
    tail = punch_queries.payload_of(last)[-OVERLAP * LAYOUTS[last.layout].size :]
    return HeldTail(last.first_index + (last.records or 0), tail, last.layout)


def _check(db: Database, visit: _Visit, read: AttlogRead) -> None:
    """Refuse what must not be taken without a person: another terminal, fewer records than held."""
    if visit.address.serial is None and read.serial:
        with db.read() as session:
            other = terminal_queries.by_serial(session, read.serial)
        if other is not None and other.id != visit.terminal_id:
            raise TerminalError(
                Trouble.OTHER_TERMINAL,
                f"{visit.address.host} is terminal {read.serial}, registered as {other.name}.",
                raw=read.raw,
            )
    if visit.held is not None and read.record_count < visit.held.count:
        raise TerminalError(
            Trouble.COUNT_FELL,
            f"The terminal holds {read.record_count} records where there were {visit.held.count}.",
            raw=read.raw,
        )


def _take_in(db: Database, now: datetime, visit: _Visit, read: AttlogRead) -> PullOutcome:
    size = LAYOUTS[read.layout].size if read.layout in LAYOUTS else 1
    kept = punches.keep(
        db,
        visit.terminal_id,
        PULL,
        read.raw,
        received_at=now,
        layout=read.layout,
        first_index=read.first_index,
        records_in_it=len(read.raw) // size,
        device_time=read.device_time,
        clock_offset=read.clock_offset_seconds,
    )
    problem = _doubt(db, visit, read)
    complete = None if problem else proven_up_to(read)

    def ledger(tx: Transaction, terminal: Terminal, taken: Taken) -> None:
        _learn(terminal, read, now)
        advance(tx, terminal, complete, now)
        _next_call(tx, terminal, now)
        tx.add(_contact(visit, read, taken, now, problem, complete))
        terminal_queries.unlock(tx, terminal.id, visit.holder)

    taken = punches.take_in(db, now, kept.raw_read_id, ledger)
    code, sentence = problem or (None, None)
    return PullOutcome(
        visit.terminal_id,
        visit.name,
        True,
        code,
        sentence,
        full=visit.full or read.tail_differed,
        read=taken.read,
        new=taken.new,
        unknown=taken.unknown,
        quarantined=taken.quarantined,
        records_on_device=read.record_count_after,
        clock_offset=read.clock_offset_seconds,
        complete_up_to=complete,
    )


def proven_up_to(read: AttlogRead) -> datetime | None:
    """Up to which moment, as its own clock tells time, a read whose count fits proves all read.

    A clock that is behind writes early times on late punches, so the proof ends by so much
    earlier; one that shows no real day proves nothing.
    """
    if read.clock_offset_seconds is None:
        return None
    return read.started_at + timedelta(seconds=min(0, read.clock_offset_seconds))


Problem = tuple[str, str]


def _doubt(db: Database, visit: _Visit, read: AttlogRead) -> Problem | None:
    """Why a good read proves nothing: the count, the clock, or a memory that is another one."""
    if not continues(visit.held, read):
        return (
            terminal_queries.NOT_CONTIGUOUS,
            "The records held before are not in the terminal as they were: was its log cleared, or"
            " the terminal replaced? What it gave is stored; confirm, then it counts as complete.",
        )
    with db.read() as session:
        if terminal_queries.has_unconfirmed_break(session, visit.terminal_id):
            return (
                terminal_queries.NOT_CONTIGUOUS,
                "The terminal's log was broken earlier and nobody has confirmed why.",
            )
    if read.doubt is not None:
        return "count_doubt", read.doubt
    if read.clock_offset_seconds is None:
        return (
            terminal_queries.CLOCK_UNKNOWN,
            "The terminal's clock shows a day that does not exist; set it.",
        )
    return None


def continues(held: HeldTail | None, read: AttlogRead) -> bool:
    """Whether what we held stands in this read as it did; true when nothing was held."""
    if held is None or read.first_index > 0:  # a tail read was compared by the reader
        return True
    if held.layout != read.layout:
        return False
    size = LAYOUTS[held.layout].size
    end = held.count * size
    if read.raw[end - len(held.tail) : end] == held.tail:
        return True
    # A full memory drops its oldest records: the same sequence then stands further to the front.
    place = read.raw.find(held.tail)
    while place % size and place >= 0:
        place = read.raw.find(held.tail, place + 1)
    return place >= 0


def _learn(terminal: Terminal, read: AttlogRead, now: datetime) -> None:
    """What a good read tells about the terminal itself."""
    if read.layout in LAYOUTS:
        terminal.layout = read.layout
    terminal.serial = terminal.serial or read.serial or None
    terminal.firmware = read.firmware[:60] or terminal.firmware
    terminal.clock_offset = read.clock_offset_seconds
    terminal.records_on_device = read.record_count_after
    terminal.record_capacity = read.record_capacity
    terminal.last_contact_at = now
    terminal.failures = 0
    if read.first_index == 0:
        terminal.last_full_read_at = read.started_at


def instant_at(terminal: Terminal, local: str) -> datetime:
    """The instant at which a terminal's clock, if it is right, shows this local time."""
    return punches.Instants(terminals.zone_of(terminal)).of(local)


def advance(tx: Transaction, terminal: Terminal, complete: datetime | None, now: datetime) -> None:
    """Move the proven point on; the days that waited for it are derived again."""
    before = terminal.complete_up_to
    if complete is None or (before is not None and complete <= before):
        return
    terminal.complete_up_to = complete
    first = pins.EVER if before is None else before.date() - timedelta(days=1)
    today = terminals.today_at(terminal, now)
    waiting = terminal_queries.unsettled_days(tx, terminal, first, today)
    pins.mark_days(tx, waiting, "terminal_read", now)


def _next_call(tx: Transaction, terminal: Terminal, now: datetime) -> None:
    today = terminals.today_at(terminal, now)
    own = terminal_queries.unit_setting(tx, PULL_INTERVAL, terminal.unit, today)
    every = timedelta(seconds=own["seconds"]) if own else None
    zone = terminals.zone_of(terminal)
    terminal.next_pull_at = pull_times.after_success(terminal.id, now, zone, every)


def _contact(
    visit: _Visit,
    read: AttlogRead,
    taken: Taken,
    now: datetime,
    problem: Problem | None,
    complete: datetime | None,
) -> TerminalContact:
    code, sentence = problem or (None, None)
    return TerminalContact(
        terminal_id=visit.terminal_id,
        at=now,
        source=PULL,
        ok=True,
        problem_code=code,
        problem=sentence,
        clock_offset=read.clock_offset_seconds,
        records_on_device=read.record_count_after,
        records_read=taken.read,
        new_punches=taken.new,
        complete_up_to=complete,
        raw_read_id=taken.raw_read_id,
    )


def _failed(db: Database, now: datetime, visit: _Visit, error: TerminalError) -> PullOutcome:
    """A call that brought nothing: its bytes kept for people, its sentence in the ledger."""
    raw_read_id = None
    if error.raw:
        kept = punches.keep(
            db,
            visit.terminal_id,
            PULL,
            error.raw,
            received_at=now,
            layout=visit.address.layout,
            refused=error.sentence,
        )
        raw_read_id = kept.raw_read_id
    with db.begin() as tx:
        terminal = terminal_queries.hold_row(tx, visit.terminal_id)
        terminal.failures += 1
        terminal.next_pull_at = pull_times.after_failure(
            terminal.id, now, terminal.failures, error.code
        )
        tx.add(
            TerminalContact(
                terminal_id=terminal.id,
                at=now,
                source=PULL,
                ok=False,
                problem_code=error.code.value,
                problem=error.sentence,
                raw_read_id=raw_read_id,
            )
        )
        terminal_queries.unlock(tx, terminal.id, visit.holder)
    return PullOutcome(
        visit.terminal_id, visit.name, False, error.code.value, error.sentence, full=visit.full
    )
