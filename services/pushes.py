"""Terminals that report by themselves (mesin yang mengirim): who they are, what they bring.

A batch is committed before it is acknowledged, whatever it says; then it is taken in like any
other read. A serial nobody registered is written down for approval and refused, so that its
punches wait in the terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import structlog

from devices import iclock
from domain.access import system
from services import pulls, punches, terminals
from services.punches import (
    ATTLOG,
    DEFAULT_TOLERANCE,
    EARLIEST_YEAR,
    OPERLOG,
    PUSH,
    Instants,
    Taken,
)
from store import punch_queries, terminal_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.punches import Terminal, TerminalContact
from store.terminal_queries import UNKNOWN_SERIAL

log = structlog.get_logger(__name__)

ONE_ENTRY_PER = timedelta(hours=24)
MOST_STRANGERS = 100  # different calls by unknown serials written down a day; a flood ends there
TOUCH_EVERY = timedelta(minutes=1)  # a poll comes every ten seconds
PROVE_EVERY = timedelta(minutes=5)
LEDGER_EVERY = timedelta(hours=1)  # equal counts every five minutes are one line an hour
TWO_ADDRESSES = "two_addresses"
BACK_AND_FORTH = timedelta(hours=1)  # an address that changes and changes back is two callers
RTLOG = "rtlog"  # the table in which push 3.x reports; kept, never parsed
LISTENER = system("iclock")


class NotApproved(Exception):
    """This serial may not push from there: unknown, retired, or pinned to other networks."""


@dataclass(frozen=True)
class Caller:
    """A registered terminal that is calling just now."""

    terminal_id: int
    serial: str
    utc_offset_minutes: int
    last_contact_at: datetime | None
    address: str
    has_moved: bool  # since its last call


def recognise(db: Database, now: datetime, serial: str, address: str) -> Caller:
    """Who is calling. Raises NotApproved, after writing the stranger down for approval."""
    with db.read() as session:
        terminal = terminal_queries.by_serial(session, serial)
        if terminal is not None and _may_push(terminal, address):
            offset = now.astimezone(terminals.zone_of(terminal)).utcoffset() or timedelta(0)
            return Caller(
                terminal.id,
                serial,
                offset // timedelta(minutes=1),
                terminal.last_contact_at,
                address,
                has_moved=terminal.last_address != address,
            )
        since = now - ONE_ENTRY_PER
        is_noted = terminal_queries.times_heard(session, since, serial) > 0
        is_flood = terminal_queries.times_heard(session, since) >= MOST_STRANGERS
    if not is_noted and not is_flood:
        with db.begin() as tx:
            log_record(
                tx,
                now,
                LISTENER,
                UNKNOWN_SERIAL,
                "serial",
                serial,
                data={"address": address, "retired_or_pulled": terminal is not None},
            )
    raise NotApproved(serial)


def _may_push(terminal: Terminal, address: str) -> bool:
    if terminal.retired_at is not None or not terminal.is_push:
        return False
    pinned = (terminal.networks or "").split()
    return not pinned or terminals.is_within(address, pinned)


def take_batch(db: Database, now: datetime, caller: Caller, table: str, body: bytes) -> int:
    """Keep a posted body and take its punches in; returns the lines to acknowledge.

    `body` is as it came; templates, photographs and passwords are dropped before anything else.
    Once this returns, the batch is committed, so the terminal may forget it.
    """
    scrubbed = iclock.scrub(table, body)
    layout = {"ATTLOG": ATTLOG, "OPERLOG": OPERLOG, "RTLOG": RTLOG}.get(table.upper())
    touch(db, now, caller)
    if layout is None or not scrubbed.body:
        return scrubbed.lines
    kept = punches.keep(
        db,
        caller.terminal_id,
        PUSH,
        scrubbed.body,
        received_at=now,
        layout=layout,
        clock_offset=_measured_offset(caller, scrubbed.body, now) if layout == ATTLOG else None,
        refused=_PUSH_3 if layout == RTLOG else None,
    )
    if not kept.is_repeat and layout != RTLOG:
        _take_in(db, now, kept.raw_read_id)
    return scrubbed.lines


_PUSH_3 = (
    "This terminal reports the way of push 3.x, which says more than who came when. Its lines are"
    " kept; set it to push 2.x (attendance), or register its address so that it is called."
)


def _take_in(db: Database, now: datetime, raw_read_id: int) -> None:
    """Parse at once; when the database is too busy for it, the sweep does it soon."""

    def ledger(tx: Transaction, terminal: Terminal, taken: Taken) -> None:
        read = punch_queries.hold_read(tx, raw_read_id)
        terminal.last_contact_at = now
        if read.clock_offset is not None:
            terminal.clock_offset = read.clock_offset
        tx.add(
            TerminalContact(
                terminal_id=terminal.id,
                at=now,
                source=PUSH,
                ok=True,
                clock_offset=read.clock_offset,
                records_read=taken.read,
                new_punches=taken.new,
                raw_read_id=raw_read_id,
            )
        )

    try:
        punches.take_in(db, now, raw_read_id, ledger)
    except Exception:
        # the bytes are committed: whatever is wrong with them, sending them again mends nothing
        log.exception("push_left_to_the_sweep", raw_read_id=raw_read_id)


def _measured_offset(caller: Caller, body: bytes, now: datetime) -> int | None:
    """How far the clock is ahead, as the newest record of a batch shows it; None when it cannot.

    A record made just now arrives within seconds. One from the future proves a clock that is
    ahead; one from the past may only have waited.
    """
    years = (EARLIEST_YEAR, now.year + 1)
    records = iclock.parse_attlog(body, years=years).records
    newest = max((record.local for record in records), default=None)
    if newest is None:
        return None
    instants = Instants(timezone(timedelta(minutes=caller.utc_offset_minutes)))
    ahead = round((instants.of(newest) - now).total_seconds())
    return ahead if ahead >= -DEFAULT_TOLERANCE.total_seconds() else None


def touch(db: Database, now: datetime, caller: Caller) -> None:
    """Note that the terminal is alive, at most once a minute, and from where it calls."""
    is_fresh = caller.last_contact_at is not None and now - caller.last_contact_at < TOUCH_EVERY
    if is_fresh and not caller.has_moved:
        return
    with db.begin() as tx:
        terminal = terminal_queries.hold_row(tx, caller.terminal_id)
        terminal.last_contact_at = now
        _note_address(tx, now, terminal, caller.address)


def _note_address(tx: Transaction, now: datetime, terminal: Terminal, address: str) -> None:
    """Addresses change; one that changes back at once means that two speak for one serial."""
    if terminal.last_address == address:
        return
    changed = terminal.address_changed_at
    if (
        terminal.address_before == address
        and changed is not None
        and now - changed < BACK_AND_FORTH
    ):
        tx.add(
            TerminalContact(
                terminal_id=terminal.id,
                at=now,
                source=PUSH,
                ok=False,
                problem_code=TWO_ADDRESSES,
                problem=f"{terminal.serial} speaks from {terminal.last_address} and {address}.",
            )
        )
    if terminal.last_address is not None:
        terminal.address_before, terminal.address_changed_at = terminal.last_address, now
    terminal.last_address = address


def note_info(db: Database, now: datetime, caller: Caller, text: str) -> None:
    """What a poll tells: firmware and how many records there are (INFO).

    A count that equals ours proves that we hold everything up to now; a push never does.
    """
    touch(db, now, caller)
    info = iclock.parse_info(text)
    with db.read() as session:
        terminal = terminal_queries.by_id(session, caller.terminal_id)
        is_news = (info.records is not None and terminal.records_on_device != info.records) or (
            bool(info.firmware) and not terminal.firmware
        )
        proven = terminal.complete_up_to
        is_due = info.records is not None and (proven is None or now - proven >= PROVE_EVERY)
        held = punch_queries.held_count(session, terminal.id) if is_due else None
    if not is_news and held is None:
        return
    with db.begin() as tx:
        terminal = terminal_queries.hold_row(tx, caller.terminal_id)
        terminal.firmware = info.firmware[:60] or terminal.firmware
        if info.records is None:
            return
        before, terminal.records_on_device = terminal.records_on_device, info.records
        if before is not None and info.records < before:
            _note_fall(tx, now, terminal, before)
        elif held is not None:
            _compare(tx, now, terminal, held)


def _note_fall(tx: Transaction, now: datetime, terminal: Terminal, before: int) -> None:
    """A memory that holds less than before was cleared or is another one; people say which."""
    tx.add(
        TerminalContact(
            terminal_id=terminal.id,
            at=now,
            source=PUSH,
            ok=False,
            problem_code=terminal_queries.NOT_CONTIGUOUS,
            problem=f"The terminal holds {terminal.records_on_device} records where there were"
            f" {before}: was its log cleared, or the terminal replaced? Confirm it.",
            records_on_device=terminal.records_on_device,
        )
    )


def _compare(tx: Transaction, now: datetime, terminal: Terminal, held: int) -> None:
    """Equal counts move the proven point on. Others are no news: a sum of a period tells more."""
    if terminal.records_on_device != held or terminal_queries.has_unconfirmed_break(
        tx, terminal.id
    ):
        return
    complete = now + timedelta(seconds=min(0, terminal.clock_offset or 0))
    pulls.advance(tx, terminal, complete, now)
    last = terminal_queries.last_proof(tx, terminal.id)
    if last is not None and now - last.at < LEDGER_EVERY:
        return
    tx.add(
        TerminalContact(
            terminal_id=terminal.id,
            at=now,
            source=PUSH,
            ok=True,
            records_on_device=terminal.records_on_device,
            complete_up_to=complete,
        )
    )
