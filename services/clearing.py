"""Emptying a terminal's log (kosongkan log): read, stored, read again, compared, by two people.

Nothing here runs by itself. The first person asks, which reads everything twice and compares; a
second one does it within the hour, which reads once more. Between the last read and the clearing
lie a few seconds; they stand in the ledger as a gap on which no absence may rest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from devices.errors import TerminalError, Trouble
from devices.zk_acts import Emptied
from devices.zk_session import Address
from domain.access import Viewer
from domain.people import Role
from services import lines, pulls, terminals
from services.pulls import PullOutcome, Reader
from services.terminals import TerminalProblem
from store import clearing_queries, punch_queries, terminal_queries
from store.db import Database
from store.log import record as log_record
from store.punches import RawRead
from store.terminal_care import LogClearing

MAY_CLEAR = (Role.BKD, Role.TECHNICIAN)
GOOD_FOR = timedelta(hours=1)
CLEARED, CHANGED, UNKNOWN, KEPT = "cleared", "changed", "unknown", "kept"

EmptyLog = Callable[[Address, int], Emptied]


def ask(
    db: Database, clock: lines.Clock, reader: Reader, viewer: Viewer, name: str, why: str
) -> int:
    """The first person's half: everything is read and stored, twice alike; returns the asking's id.

    Raises TerminalProblem when the reads do not prove that all is held.
    """
    if viewer.role not in MAY_CLEAR:
        raise TerminalProblem("not_yours", "Only BKD and the technician empty a log, together.")
    if not why.strip():
        raise TerminalProblem("no_reason", "Say why the log is to be emptied.")
    with db.read() as session:
        terminal = terminals.visible(session, viewer, name)
    first = _full_read(db, clock, reader, terminal.id)
    second = _full_read(db, clock, reader, terminal.id)
    if not _continues(first, second):
        raise TerminalProblem("changed", "Two reads differ: nothing may be emptied. Read again.")
    with db.begin() as tx:
        asked = LogClearing(
            terminal_id=terminal.id,
            asked_by=str(viewer.actor),
            asked_at=clock(),
            why=why.strip()[:500],
            raw_read_id=second.id,
            records=second.records or 0,
        )
        tx.add(asked)
        tx.flush()
        log_record(
            tx, clock(), viewer.actor, "clearing_asked", "terminal", terminal.id,
            unit_id=terminal.unit_id, why=asked.why, data={"records": asked.records},
        )  # fmt: skip
        return asked.id


def do(
    db: Database,
    clock: lines.Clock,
    reader: Reader,
    emptier: EmptyLog,
    viewer: Viewer,
    clearing_id: int,
) -> LogClearing:
    """The second person's half: read once more, empty, count. Raises TerminalProblem."""
    if viewer.role not in MAY_CLEAR:
        raise TerminalProblem("not_yours", "Only BKD and the technician empty a log, together.")
    with db.read() as session:
        asked = clearing_queries.visible_clearing(session, viewer, clearing_id)
    if asked is None or asked.done_at is not None or clock() - asked.asked_at > GOOD_FOR:
        raise TerminalProblem("no_clearing", "Nobody asks for this any more; ask again.")
    if asked.asked_by == str(viewer.actor):
        raise TerminalProblem("same_person", "A second person has to do it.")
    with db.read() as session:
        before = session.get_one(RawRead, asked.raw_read_id)
    newest = _full_read(db, clock, reader, asked.terminal_id)
    if not _continues(before, newest):
        raise TerminalProblem("changed", "The log is not what was read before. Ask again.")
    outcome, left = _empty(db, clock, emptier, asked.terminal_id, newest.records or 0)
    if outcome == CLEARED:
        why = f"{asked.why} (asked by {asked.asked_by}, {newest.records} records held)"
        terminals.confirm_clear(db, clock(), viewer.actor, asked.terminal.name, why)
    with db.begin() as tx:
        done = tx.get_one(LogClearing, asked.id)
        done.done_by, done.done_at = str(viewer.actor), clock()
        done.outcome, done.records_after = outcome, left
        log_record(
            tx, clock(), viewer.actor, "clearing_done", "terminal", done.terminal_id,
            unit_id=asked.terminal.unit_id, why=asked.why,
            data={"outcome": outcome, "records_before": newest.records, "records_after": left},
        )  # fmt: skip
        return done


def _full_read(db: Database, clock: lines.Clock, reader: Reader, terminal_id: int) -> RawRead:
    outcome: PullOutcome = pulls.pull(db, clock, reader, terminal_id, full=True)
    if not outcome.ok or outcome.code is not None:
        raise TerminalProblem(
            outcome.code or "unreadable", outcome.sentence or "The terminal could not be read."
        )
    with db.read() as session:
        read = terminal_queries.last_good_pull(session, terminal_id)
    if read is None or read.first_index != 0:
        raise TerminalProblem("empty", "There is nothing in the terminal's log.")
    return read


def _continues(before: RawRead, after: RawRead) -> bool:
    """Whether everything read before stands at the beginning of the later read, to the byte."""
    return punch_queries.payload_of(after).startswith(punch_queries.payload_of(before))


def _empty(
    db: Database, clock: lines.Clock, emptier: EmptyLog, terminal_id: int, records: int
) -> tuple[str, int | None]:
    """How it ended, and how many records there are now; None when nobody knows."""
    with lines.line_to(db, clock, terminal_id) as address:
        try:
            emptied = emptier(address, records)
        except TerminalError as error:
            if error.code is Trouble.CLEAR_UNKNOWN:
                return UNKNOWN, None
            raise TerminalProblem(error.code.value, error.sentence) from error
    if emptied.before != records:
        return CHANGED, emptied.after
    return (CLEARED if emptied.after < records else KEPT), emptied.after


def waiting(db: Database, viewer: Viewer, terminal_id: int, now: datetime) -> LogClearing | None:
    """The clearing that waits for a second person at a terminal, if there is one."""
    with db.read() as session:
        return clearing_queries.waiting(session, viewer, terminal_id, now - GOOD_FOR)
