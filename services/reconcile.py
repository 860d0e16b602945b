"""Counting together with terminals that push (cocokkan jumlah): VERIFY SUM, and again what differs.

A push never proves that nothing is missing. The terminal is asked how many records a period holds;
a sum equal to ours proves it. Where it holds more, it is asked to send the period again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from devices import iclock
from devices.iclock import CommandResult
from domain.access import system
from services import commands, pull_times, pulls, terminals
from store import command_queries, punch_queries, terminal_queries
from store.db import Database, Transaction
from store.punches import Terminal, TerminalContact
from store.terminal_care import TerminalCommand

VERIFY, QUERY, WRITE_USER, INFO = "verify", "query", "write_user", "info"
COUNT_DIFFERS = "count_differs"
PUSH = "push"
OVERLAP = timedelta(days=1)  # a period that was proven before and is counted again
BEGINNING = "2000-01-01 00:00:00"
MOST_QUERIES = 3  # a day; a model that keeps on differing needs a person
RULE = system("reconcile")


def ask_due(db: Database, now: datetime) -> int:
    """Ask every pushing terminal whose time has come for its sum; returns how many.

    The times are those of pulling: often when people come and go, once in every night.
    """
    with db.read() as session:
        due = terminal_queries.due_for_sum(session, now)
    for terminal_id in due:
        with db.begin() as tx:
            terminal = terminal_queries.hold_row(tx, terminal_id)
            zone = terminals.zone_of(terminal)
            terminal.next_pull_at = pull_times.after_success(terminal.id, now, zone)
            if not command_queries.is_open(tx, terminal.id, VERIFY):
                ask_sum(tx, now, terminal)
    return len(due)


def ask_now(db: Database, now: datetime, terminal_id: int) -> None:
    """Somebody wants this terminal counted together with us now."""
    with db.begin() as tx:
        terminal = terminal_queries.hold_row(tx, terminal_id)
        if not command_queries.is_open(tx, terminal.id, VERIFY):
            ask_sum(tx, now, terminal)


def ask_sum(tx: Transaction, now: datetime, terminal: Terminal) -> None:
    """Ask for the number of records from a day before the last proof up to now."""
    zone = terminals.zone_of(terminal)
    cleared = terminal_queries.last_contact_coded(tx, terminal.id, terminal_queries.CLEAR_CONFIRMED)
    proven = terminal.complete_up_to
    since = proven - OVERLAP if proven else None
    if cleared is not None and (since is None or since < cleared.at):
        since = cleared.at  # what was before is not in the terminal any more
    first = f"{since.astimezone(zone):%Y-%m-%d %H:%M:%S}" if since else BEGINNING
    last = f"{now.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    commands.ask(tx, now, RULE, terminal, VERIFY, iclock.verify_sum(first, last))


def take_answers(db: Database, now: datetime, terminal_id: int, body: bytes) -> int:
    """Take the answers in a devicecmd body; those to no question of ours are passed over."""
    taken = 0
    for result in iclock.parse_devicecmd(body):
        with db.begin() as tx:
            command = command_queries.held_for_answer(tx, terminal_id, result.id)
            if command is None:
                continue
            command.answered_at, command.returned = now, result.returned
            _react(tx, now, command, result)
            taken += 1
    return taken


def _react(tx: Transaction, now: datetime, command: TerminalCommand, result: CommandResult) -> None:
    terminal = terminal_queries.hold_row(tx, command.terminal_id)
    terminal.last_contact_at = now
    period = iclock.period_of(command.command)
    if command.purpose == VERIFY and period and result.returned == 0:
        told = result.fields.get("AttlogSum", "")
        if told.isdecimal():
            _compare(tx, now, terminal, period, int(told))
    elif command.purpose == QUERY and result.returned == 0:
        ask_sum(tx, now, terminal)


def _compare(
    tx: Transaction, now: datetime, terminal: Terminal, period: tuple[str, str], told: int
) -> None:
    first, last = period
    held = punch_queries.held_count(tx, terminal.id, first, last)
    complete = problem = None
    if told != held:
        problem = f"From {first} to {last} the terminal counts {told} records, we hold {held}."
        queries = command_queries.asked_since(tx, terminal.id, QUERY, now - timedelta(days=1))
        if told > held and queries < MOST_QUERIES:
            commands.ask(tx, now, RULE, terminal, QUERY, iclock.query_attlog(first, last))
    elif not terminal_queries.has_unconfirmed_break(tx, terminal.id):
        complete = pulls.instant_at(terminal, last)
        complete += timedelta(seconds=min(0, terminal.clock_offset or 0))
        pulls.advance(tx, terminal, complete, now)
    tx.add(
        TerminalContact(
            terminal_id=terminal.id,
            at=now,
            source=PUSH,
            ok=problem is None,
            problem_code=COUNT_DIFFERS if problem else None,
            problem=problem,
            complete_up_to=complete,
        )
    )
