"""A new terminal takes a broken one's place (penggantian mesin), with its people and their IDs.

What the old one still holds comes later, by its stick or by one more pull, under its own name and
its own map: it lands on the right people and days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from devices import iclock
from devices.errors import TerminalError
from devices.zk_session import Address
from devices.zk_users import TerminalUser, UserToWrite
from domain.access import Actor
from domain.people import short_name
from services import commands, lines, pins, reconcile, terminals
from services.terminals import NewTerminal, TerminalProblem
from store import punch_queries, terminal_queries, unresolved_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.punches import Terminal, TerminalContact, TerminalId
from store.terminal_care import OutsiderId

WritePeople = Callable[[Address, list[UserToWrite]], list[TerminalUser]]


def replace(
    db: Database, now: datetime, actor: Actor, old_name: str, new: NewTerminal, why: str
) -> int:
    """Retire a terminal and register its successor with the same IDs; returns the new one's id.

    The IDs hold at the new one from today on. Raises TerminalProblem; then nothing has changed.
    """
    with db.begin() as tx:
        old = terminals.named(tx, old_name)
        terminals.retire_in(tx, now, actor, old, why)
        terminal = terminals.register_in(tx, now, actor, new)
        terminal.replaces_id = old.id
        if terminal.unit_id != old.unit_id:
            raise TerminalProblem("other_unit", f"{old.name} hangs in another unit.")
        today = terminals.today_at(old, now)
        tx.flush()
        given = {(row.pin, row.employee_id) for row in terminal_queries.id_rows(tx, terminal.id)}
        for row in terminal_queries.id_rows(tx, old.id):
            is_held_today = row.first_day <= today and (
                row.last_day is None or row.last_day >= today
            )
            if is_held_today and (row.pin, row.employee_id) not in given:
                tx.add(
                    TerminalId(
                        terminal_id=terminal.id,
                        pin=row.pin,
                        employee_id=row.employee_id,
                        first_day=today,
                        last_day=row.last_day,
                    )
                )
        for each in unresolved_queries.outsiders(tx, old.id):
            tx.add(
                OutsiderId(
                    terminal_id=terminal.id, pin=each.pin, why=each.why, said_by=each.said_by,
                    said_at=each.said_at,
                )
            )  # fmt: skip
        log_record(
            tx, now, actor, "terminal_replaced", "terminal", terminal.id,
            unit_id=old.unit_id, why=why, data={"old": old.id},
        )  # fmt: skip
        return terminal.id


@dataclass(frozen=True)
class PeopleWritten:
    """How many people a terminal was told of; `asked` when it will hear of them at its poll."""

    count: int
    asked: bool


def write_people(
    db: Database, clock: lines.Clock, writer: WritePeople, actor: Actor, name: str
) -> PeopleWritten:
    """Tell a terminal the names of everybody whose ID stands on it today.

    Fingers are enrolled at the terminal itself: no templates pass through here. Who is known
    there already stays untouched. Raises TerminalProblem.
    """
    now = clock()
    with db.begin() as tx:
        terminal = terminals.named(tx, name)
        people = _people_at(tx, terminal, now)
        if terminal.host is None and terminal.is_push:
            for person in people:
                command = iclock.update_user(person.pin, person.name)
                commands.ask(tx, now, actor, terminal, reconcile.WRITE_USER, command)
            return PeopleWritten(len(people), asked=True)
    with lines.line_to(db, clock, terminal.id) as address:
        try:
            writer(address, people)
        except TerminalError as error:
            raise TerminalProblem(error.code.value, error.sentence) from error
    with db.begin() as tx:
        tx.add(
            TerminalContact(
                terminal_id=terminal.id,
                at=clock(),
                source="person",
                ok=True,
                problem_code="people_written",
            )
        )
        log_record(
            tx, clock(), actor, "people_written", "terminal", terminal.id,
            unit_id=terminal.unit_id, data={"people": len(people)},
        )  # fmt: skip
    return PeopleWritten(len(people), asked=False)


def _people_at(tx: Transaction, terminal: Terminal, now: datetime) -> list[UserToWrite]:
    """Names as a terminal can show them: letters and spaces, without what would end a field."""
    today = terminals.today_at(terminal, now)
    return [
        UserToWrite(pins.canonical(terminal.layout, pin), short_name(name, 24))
        for pin, name in punch_queries.named_ids(tx, terminal.id, today)
    ]
