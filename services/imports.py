"""Records that come as files (impor): a terminal's USB stick, another system's table."""

from __future__ import annotations

from datetime import datetime

from domain.access import Actor
from services import presence, punches, terminals
from services.punches import ATTLOG, CSV, USB, Taken
from services.terminals import TerminalProblem
from store.db import Database, Transaction
from store.log import record as log_record
from store.punches import Terminal, TerminalContact


def import_usb(
    db: Database, now: datetime, actor: Actor, name: str, data: bytes, filename: str
) -> Taken:
    """Take in a terminal's `attlog.dat` (impor USB), also of a retired terminal.

    Raises TerminalProblem for an unknown terminal and for a file that is none; the bytes of such
    a file are kept all the same.
    """
    with db.read() as session:
        terminal = terminals.named(session, name)
    return _take_file(db, now, actor, terminal, USB, data, filename)


def import_csv(db: Database, now: datetime, actor: Actor, data: bytes, filename: str) -> Taken:
    """Take in presence kept by another system (impor CSV); see `presence` for whose it becomes.

    Raises TerminalProblem for a table without the needed headings, and before any roster.
    """
    with db.begin() as tx:
        register = presence.register_named(tx, now, presence.REGISTER)
    return _take_file(db, now, actor, register, CSV, data, filename)


def _take_file(
    db: Database,
    now: datetime,
    actor: Actor,
    terminal: Terminal,
    source: str,
    data: bytes,
    filename: str,
) -> Taken:
    kept = punches.keep(db, terminal.id, source, data, received_at=now, layout=ATTLOG)

    def ledger(tx: Transaction, terminal: Terminal, taken: Taken) -> None:
        tx.add(
            TerminalContact(
                terminal_id=terminal.id,
                at=now,
                source=source,
                ok=taken.refused is None,
                problem_code="wrong_file" if taken.refused else None,
                problem=taken.refused,
                records_read=taken.read,
                new_punches=taken.new,
                raw_read_id=taken.raw_read_id,
            )
        )
        log_record(
            tx,
            now,
            actor,
            f"{source}_imported",
            "terminal",
            terminal.id,
            unit_id=terminal.unit_id,
            data={"file": filename, "new": taken.new, "raw_read": taken.raw_read_id},
        )

    taken = punches.take_in(db, now, kept.raw_read_id, ledger)
    if taken.refused is not None:
        raise TerminalProblem("wrong_file", f"{filename}: {taken.refused}")
    return taken
