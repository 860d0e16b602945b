"""Commands for terminals that push (perintah mesin): asked here, fetched by the terminal's poll.

The list of what may be asked is `devices.iclock`'s and short: nothing ever clears, updates or runs.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex

from devices import iclock
from domain.access import Actor
from store import command_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.punches import Terminal
from store.terminal_care import TerminalCommand

AT_ONCE = 20  # commands in one answer to a poll
SEND_AGAIN_AFTER = timedelta(minutes=10)
MOST_SENDS = 5  # a model that never answers is not asked for ever


def ask(
    tx: Transaction, now: datetime, actor: Actor, terminal: Terminal, purpose: str, command: str
) -> TerminalCommand:
    """Put a command where the terminal's next poll finds it.

    Raises TerminalError (bad_text) for what is not on the short list.
    """
    wire_id = token_hex(8)  # whoever only knows the serial cannot answer in its name
    iclock.command_line(wire_id, command)
    asked = TerminalCommand(
        terminal_id=terminal.id,
        wire_id=wire_id,
        purpose=purpose,
        command=command,
        asked_by=str(actor),
        asked_at=now,
        times_sent=0,
    )
    tx.add(asked)
    if actor.kind != "system":
        log_record(
            tx,
            now,
            actor,
            "terminal_asked",
            "terminal",
            terminal.id,
            unit_id=terminal.unit_id,
            data={"purpose": purpose},
        )
    return asked


def answer_to_poll(db: Database, now: datetime, terminal_id: int) -> str:
    """The lines for a poll, each command until it is answered or was sent too often; 'OK' if none.

    A lost answer brings the command again: every command on the list may be done twice.
    """
    with db.read() as session:
        if not command_queries.to_send(session, terminal_id, now - SEND_AGAIN_AFTER, 1):
            return "OK"
    lines = []
    with db.begin() as tx:
        for command in command_queries.to_send(tx, terminal_id, now - SEND_AGAIN_AFTER, AT_ONCE):
            if command.times_sent >= MOST_SENDS:
                command.answered_at = now
                continue
            command.sent_at = now
            command.times_sent += 1
            lines.append(iclock.command_line(command.wire_id, command.command))
    return "".join(lines) or "OK"
