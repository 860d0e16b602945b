"""The one line to a terminal (sambungan): whoever calls it holds it, everybody else waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from devices.zk_session import Address
from services import terminals
from services.terminals import TerminalProblem
from store import terminal_queries
from store.db import Database
from store.punches import Terminal

LEASE = timedelta(minutes=8)  # the longest read, and time to store it
Clock = Callable[[], datetime]


def address_of(terminal: Terminal) -> Address:
    """Where to call a terminal. Raises TerminalProblem for one without an address."""
    if terminal.host is None:
        raise TerminalProblem(
            "no_address",
            f"{terminal.name} has no address to call; it pushes, or its records come by USB.",
        )
    return Address(
        host=terminal.host,
        port=terminal.port,
        comm_key=terminal.comm_key,
        layout=terminal.layout,
        serial=terminal.serial,
        zone=terminals.zone_of(terminal),
    )


@contextmanager
def line_to(db: Database, clock: Clock, terminal_id: int) -> Iterator[Address]:
    """Hold the only line while the block calls the terminal; no transaction is open meanwhile.

    Raises TerminalProblem (busy) while somebody else calls it.
    """
    holder = uuid4().hex
    now = clock()
    with db.begin() as tx:
        terminal = terminal_queries.by_id(tx, terminal_id)
        address = address_of(terminal)
        if not terminal_queries.lock(tx, terminal_id, holder, now, now + LEASE):
            raise TerminalProblem("busy", f"{terminal.name} is being read already; try again soon.")
    try:
        yield address
    finally:
        with db.begin() as tx:
            terminal_queries.unlock(tx, terminal_id, holder)
