"""A simulated terminal on loopback, known to the database as UPT1-A, and what is stored of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from devices.zk_attlog import read_terminal
from services import pulls
from services.pulls import PullOutcome
from simulators.zk_protocol import decode_time
from simulators.zk_terminal import ZkTerminal
from store.days import DirtyDay
from store.db import Database
from store.punches import Punch, QuarantinedRow, Terminal, TerminalContact
from tests.cast import Cast

MORNING = datetime(2026, 11, 20, 7, 21, 5)  # noqa: DTZ001 - a terminal's wall clock


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def simulated(db: Database, terminal_id: int, **settings: Any) -> Iterator[ZkTerminal]:
    """A running simulator with Budi (101), Sri (102) and one nobody knows (999)."""
    terminal = ZkTerminal(**settings)
    for pin, name in (("101", "BUDI"), ("102", "SRI"), ("999", "TAMU")):
        terminal.enroll(pin, name, slot=int(pin))
    terminal.start()
    with db.begin() as tx:
        row = tx.get_one(Terminal, terminal_id)
        row.host, row.port, row.comm_key = terminal.host, terminal.port, terminal.comm_key
    yield terminal
    terminal.stop()


def pull(db: Database, cast: Cast, **how: Any) -> PullOutcome:
    """One pull by the real reader over the socket."""
    return pulls.pull(db, now, read_terminal, cast.terminal, **how)


def stored(db: Database, terminal_id: int) -> list[tuple[str, str]]:
    """(ID, local time) of every stored punch of a terminal."""
    with db.read() as session:
        rows = session.execute(
            select(Punch.pin, Punch.local).where(Punch.terminal_id == terminal_id)
        )
        return sorted((pin, local) for pin, local in rows)


def truth(terminal: ZkTerminal) -> list[tuple[str, str]]:
    """(ID, local time) of every record the simulator holds."""
    return sorted(
        {(r.pin.decode(), f"{decode_time(r.time):%Y-%m-%d %H:%M:%S}") for r in terminal.records}
    )


def contacts(db: Database, terminal_id: int) -> list[TerminalContact]:
    with db.read() as session:
        return list(
            session.scalars(
                select(TerminalContact)
                .where(TerminalContact.terminal_id == terminal_id)
                .order_by(TerminalContact.id)
            )
        )


def row_of(db: Database, terminal_id: int) -> Terminal:
    with db.read() as session:
        return session.get_one(Terminal, terminal_id)


def dirty_days(db: Database) -> set[tuple[int, str]]:
    with db.read() as session:
        rows = session.execute(select(DirtyDay.employee_id, DirtyDay.day))
        return {(employee_id, day.isoformat()) for employee_id, day in rows}


def forget_dirty_days(db: Database) -> None:
    with db.begin() as tx:
        tx.query(DirtyDay).delete()


def quarantine(db: Database, terminal_id: int) -> list[QuarantinedRow]:
    with db.read() as session:
        return list(
            session.scalars(select(QuarantinedRow).where(QuarantinedRow.terminal_id == terminal_id))
        )


def count_of(db: Database, table: Any) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
