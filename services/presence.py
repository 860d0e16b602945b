"""Presence kept by another system (SAO, BioTime, a signed list): which terminal, which ID.

A row whose source names a registered terminal is that terminal's. Any other source becomes a
register of its own: a terminal that was never in service, so that it owes no day anything, under
whose name the presence stands in every day's evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from devices.csv_presence import PresenceRecord, parse_presence
from devices.records import BadRecord, PunchRecord
from devices.text_records import NOT_TOLD
from services.terminals import TerminalProblem
from store import staff, terminal_queries
from store.db import Transaction
from store.punches import Terminal

REGISTER = "CSV"
"""The register of rows that name no source; files are kept and quarantined under it, too."""


@dataclass(frozen=True)
class SortedOut:
    """The presences of a file by terminal, and the rows nobody can use."""

    by_terminal: list[tuple[Terminal, list[PunchRecord]]]
    bad: list[BadRecord]


def register_named(tx: Transaction, now: datetime, name: str) -> Terminal:
    """The terminal or register of that name; a new register when there is none.

    Raises TerminalProblem while no unit is known.
    """
    known = terminal_queries.by_name(tx, name)
    if known is not None:
        return known
    unit = terminal_queries.topmost_unit(tx)
    if unit is None:
        raise TerminalProblem("no_units", "No unit is known yet. Import the roster first.")
    register = Terminal(
        name=name, unit_id=unit.id, port=0, registered_at=now, retired_at=now, failures=0
    )
    register.unit = unit
    tx.add(register)
    tx.flush()
    return register


def sort_out(
    tx: Transaction, now: datetime, payload: bytes, file_register: Terminal, years: tuple[int, int]
) -> SortedOut:
    """The presences of a CSV by terminal. Raises TerminalError when it is no such table."""
    parsed = parse_presence(payload, years=years)
    terminals: dict[str, Terminal] = {"": file_register}
    found: dict[int, tuple[Terminal, list[PunchRecord]]] = {}
    for record in parsed.records:
        source = record.source[:60]
        if source not in terminals:
            terminals[source] = register_named(tx, now, source)
        terminal = terminals[source]
        _, rows = found.setdefault(terminal.id, (terminal, []))
        rows.append(_punch(tx, terminal, record))
    bad = [
        BadRecord(row.line, f"{row.line}: {row.text}".encode(), "", "", row.reason)
        for row in parsed.bad_rows
    ]
    return SortedOut(list(found.values()), bad)


def _punch(tx: Transaction, terminal: Terminal, record: PresenceRecord) -> PunchRecord:
    pin = _id_at(tx, terminal, record) if terminal.retired_at is None else record.person
    return PunchRecord(pin, record.local, NOT_TOLD, NOT_TOLD, record.line)


def _id_at(tx: Transaction, terminal: Terminal, record: PresenceRecord) -> str:
    """The person's ID at a real terminal where the row gives the NIP, so that doors overlap."""
    person = staff.person_by_nip(tx, record.person)
    if person is None:
        return record.person
    day = datetime.fromisoformat(record.local).date()
    pins = terminal_queries.pins_of(tx, terminal.id, person.id, day)
    return pins[0] if len(pins) == 1 else record.person
