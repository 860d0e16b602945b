"""Terminals that report by themselves (mesin yang mengirim): who they are, what they bring.

A batch is committed before it is acknowledged, whatever it says; then it is taken in like any
other read. A serial nobody registered is written down for approval and refused, so that its
punches wait in the terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import structlog
from sqlalchemy.exc import SQLAlchemyError

from devices import iclock
from domain.access import system
from services import pulls, punches, terminals
from services.punches import ATTLOG, DEFAULT_TOLERANCE, OPERLOG, PUSH, Instants, Taken
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
COMPLAIN_EVERY = timedelta(hours=1)
COUNT_DIFFERS = "count_differs"
LISTENER = system("iclock")


class NotApproved(Exception):
    """This serial may not push: nobody registered it, or it was retired."""


@dataclass(frozen=True)
class Caller:
    """A registered terminal that is calling just now."""

    terminal_id: int
    serial: str
    utc_offset_minutes: int
    has_sent_before: bool
    last_contact_at: datetime | None


def recognise(db: Database, now: datetime, serial: str, address: str) -> Caller:
    """Who is calling. Raises NotApproved, after writing the stranger down for approval."""
    with db.read() as session:
        terminal = terminal_queries.by_serial(session, serial)
        if terminal is not None and terminal.retired_at is None and terminal.is_push:
            offset = now.astimezone(terminals.zone_of(terminal)).utcoffset() or timedelta(0)
            return Caller(
                terminal.id,
                serial,
                offset // timedelta(minutes=1),
                terminal_queries.has_reads(session, terminal.id),
                terminal.last_contact_at,
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


def take_batch(db: Database, now: datetime, caller: Caller, table: str, body: bytes) -> int:
    """Keep a posted body and take its punches in; returns the lines to acknowledge.

    `body` is as it came; templates, photographs and passwords are dropped before anything else.
    Once this returns, the batch is committed, so the terminal may forget it.
    """
    scrubbed = iclock.scrub(table, body)
    layout = {"ATTLOG": ATTLOG, "OPERLOG": OPERLOG}.get(table.upper())
    if layout is None or not scrubbed.body:
        touch(db, now, caller)
        return scrubbed.lines
    kept = punches.keep(
        db,
        caller.terminal_id,
        PUSH,
        scrubbed.body,
        received_at=now,
        layout=layout,
        clock_offset=_measured_offset(caller, scrubbed.body, now) if layout == ATTLOG else None,
    )
    if not kept.is_repeat:
        _take_in(db, now, kept.raw_read_id)
    return scrubbed.lines


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
    except SQLAlchemyError as error:
        log.warning("push_left_to_the_sweep", raw_read_id=raw_read_id, error=type(error).__name__)


def _measured_offset(caller: Caller, body: bytes, now: datetime) -> int | None:
    """How far the clock is ahead, as the newest record of a batch shows it; None when it cannot.

    A record made just now arrives within seconds. One from the future proves a clock that is
    ahead; one from the past may only have waited.
    """
    newest = max((record.local for record in iclock.parse_attlog(body).records), default=None)
    if newest is None:
        return None
    instants = Instants(timezone(timedelta(minutes=caller.utc_offset_minutes)))
    ahead = round((instants.of(newest) - now).total_seconds())
    return ahead if ahead >= -DEFAULT_TOLERANCE.total_seconds() else None


def touch(db: Database, now: datetime, caller: Caller) -> None:
    """Note that the terminal is alive, at most once a minute."""
    if caller.last_contact_at is not None and now - caller.last_contact_at < TOUCH_EVERY:
        return
    with db.begin() as tx:
        terminal_queries.hold_row(tx, caller.terminal_id).last_contact_at = now


def note_info(db: Database, now: datetime, caller: Caller, text: str) -> None:
    """What a poll tells: firmware and how many records there are (INFO).

    A count that equals ours proves that we hold everything up to now; a push never does.
    """
    info = iclock.parse_info(text)
    with db.read() as session:
        terminal = terminal_queries.by_id(session, caller.terminal_id)
        is_news = terminal.records_on_device != info.records or not terminal.firmware
        proven = terminal.complete_up_to
        is_due = info.records is not None and (proven is None or now - proven >= PROVE_EVERY)
        held = punch_queries.held_count(session, terminal.id) if is_due else None
    if not is_news and held is None:
        touch(db, now, caller)
        return
    with db.begin() as tx:
        terminal = terminal_queries.hold_row(tx, caller.terminal_id)
        terminal.last_contact_at = now
        terminal.firmware = info.firmware[:60] or terminal.firmware
        terminal.records_on_device = info.records
        if held is not None:
            _compare(tx, now, terminal, held)


def _compare(tx: Transaction, now: datetime, terminal: Terminal, held: int) -> None:
    """Equal counts move the proven point on; others are said once an hour."""
    complete = problem = None
    if terminal.records_on_device == held:
        complete = now + timedelta(seconds=min(0, terminal.clock_offset or 0))
        pulls.advance(tx, terminal, complete, now)
    else:
        last = terminal_queries.last_contact_coded(tx, terminal.id, COUNT_DIFFERS)
        if last is not None and now - last.at < COMPLAIN_EVERY:
            return
        problem = f"The terminal counts {terminal.records_on_device} records, we hold {held}."
    tx.add(
        TerminalContact(
            terminal_id=terminal.id,
            at=now,
            source=PUSH,
            ok=True,
            problem_code=COUNT_DIFFERS if problem else None,
            problem=problem,
            records_on_device=terminal.records_on_device,
            complete_up_to=complete,
        )
    )
