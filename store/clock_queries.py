"""Clocks: their offsets over time, the periods in doubt, what people corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.db import Transaction
from store.punches import Punch, TerminalContact
from store.terminal_care import ClockCorrection

MANY = 20_000


@dataclass(frozen=True)
class Measured:
    """How far a clock was ahead at one contact, seconds."""

    at: datetime
    seconds: int


def history(session: Session, terminal_id: int, since: datetime) -> list[Measured]:
    """Every measured offset since then, oldest first."""
    rows = session.execute(
        select(TerminalContact.at, TerminalContact.clock_offset)
        .where(
            TerminalContact.terminal_id == terminal_id,
            TerminalContact.at >= since,
            TerminalContact.clock_offset.is_not(None),
        )
        .order_by(TerminalContact.at)
    )
    return [Measured(at, seconds or 0) for at, seconds in rows]


@dataclass(frozen=True)
class DoubtfulDay:
    """Scans of one date, as the wrong clock wrote it, whose instant is uncertain."""

    local_date: date
    punches: int
    first: str
    last: str


def doubtful_days(session: Session, terminal_id: int) -> list[DoubtfulDay]:
    """The dates on which this terminal's scans are in doubt, oldest first."""
    rows = session.execute(
        select(Punch.local_date, func.count(), func.min(Punch.local), func.max(Punch.local))
        .where(Punch.terminal_id == terminal_id, Punch.doubtful == "clock")
        .group_by(Punch.local_date)
        .order_by(Punch.local_date)
    )
    return [DoubtfulDay(*row) for row in rows]


def corrections(session: Session, terminal_id: int) -> Sequence[ClockCorrection]:
    """What people corrected at a terminal, oldest first: the last word on a second counts."""
    return session.scalars(
        select(ClockCorrection)
        .where(ClockCorrection.terminal_id == terminal_id)
        .order_by(ClockCorrection.id)
    ).all()


def punches_between(
    session: Session, terminal_id: int, first: str, last: str
) -> Sequence[tuple[Punch]]:
    """A terminal's scans of a period (local text), both ends included."""
    return session.execute(
        select(Punch)
        .where(Punch.terminal_id == terminal_id, Punch.local.between(first, last))
        .order_by(Punch.local)
        .limit(MANY)
    ).all()


def move(tx: Transaction, punch: Punch, at: datetime, mark: str) -> None:
    """Give a scan another instant; what the terminal wrote stays."""
    tx.execute(
        update(Punch)
        .where(
            Punch.local_date == punch.local_date,
            Punch.terminal_id == punch.terminal_id,
            Punch.pin == punch.pin,
            Punch.local == punch.local,
        )
        .values(at=at, doubtful=mark)
        .execution_options(synchronize_session=False)
    )
