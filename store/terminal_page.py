"""One terminal as its page shows it: ledger, reads, what waits, what people did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from store import (
    clock_queries,
    command_queries,
    punch_queries,
    ticket_queries,
    unresolved_queries,
)
from store.clock_queries import DoubtfulDay, Measured
from store.people import Unit
from store.punches import RawRead, Terminal, TerminalContact, TerminalId
from store.terminal_care import ClockCorrection, OutsiderId, TerminalCommand, TerminalTicket
from store.unresolved_queries import UnknownId, WaitingRows
from store.visibility import visible_to

NEWEST = 25  # lines of each list; the rest is in the database
CHART = timedelta(days=30)


@dataclass(frozen=True)
class ReadLine:
    """A raw read without its bytes."""

    id: int
    received_at: datetime
    source: str
    layout: str
    records: int | None
    refused: str | None
    is_waiting: bool


@dataclass(frozen=True)
class TerminalPage:
    """Everything about one terminal, the newest first."""

    terminal: Terminal
    successor: Terminal | None
    contacts: Sequence[TerminalContact]
    reads: Sequence[ReadLine]
    quarantine: Sequence[WaitingRows]
    unknown_ids: Sequence[UnknownId]
    outsiders: Sequence[OutsiderId]
    mapped: int
    held: int
    tickets: Sequence[TerminalTicket]
    commands: Sequence[TerminalCommand]
    offsets: Sequence[Measured]
    doubtful: Sequence[DoubtfulDay]
    corrections: Sequence[ClockCorrection]


def visible_terminal(session: Session, viewer: Viewer, terminal_id: int) -> Terminal | None:
    """A terminal, retired ones too, if the viewer may see its unit."""
    return session.scalars(
        select(Terminal)
        .where(Terminal.id == terminal_id, visible_to(viewer, Terminal.unit_id))
        .options(joinedload(Terminal.unit))
    ).first()


def page_of(session: Session, terminal: Terminal, now: datetime, today: date) -> TerminalPage:
    """What its page shows; `today` where it hangs."""
    of_it = terminal.id
    mapped = session.scalar(
        select(func.count(TerminalId.employee_id.distinct())).where(
            TerminalId.terminal_id == of_it,
            TerminalId.first_day <= today,
            func.coalesce(TerminalId.last_day, today) >= today,
        )
    )
    return TerminalPage(
        terminal,
        session.scalars(select(Terminal).where(Terminal.replaces_id == of_it)).first(),
        session.scalars(
            select(TerminalContact)
            .where(TerminalContact.terminal_id == of_it)
            .order_by(TerminalContact.at.desc(), TerminalContact.id.desc())
            .limit(NEWEST)
        ).all(),
        _reads(session, of_it),
        unresolved_queries.waiting_rows(session, of_it, NEWEST),
        unresolved_queries.unknown_ids(session, of_it),
        unresolved_queries.outsiders(session, of_it),
        mapped or 0,
        punch_queries.held_count(session, of_it),
        ticket_queries.tickets_of(session, of_it, NEWEST),
        command_queries.latest(session, of_it, NEWEST),
        clock_queries.history(session, of_it, now - CHART),
        clock_queries.doubtful_days(session, of_it),
        clock_queries.corrections(session, of_it),
    )


def _reads(session: Session, terminal_id: int) -> list[ReadLine]:
    rows = session.execute(
        select(
            RawRead.id,
            RawRead.received_at,
            RawRead.source,
            RawRead.layout,
            RawRead.records,
            RawRead.refused,
            RawRead.parsed_at.is_(None),
        )
        .where(RawRead.terminal_id == terminal_id)
        .order_by(RawRead.received_at.desc(), RawRead.id.desc())
        .limit(NEWEST)
    )
    return [ReadLine(*row) for row in rows]


def units_for(session: Session, viewer: Viewer) -> Sequence[tuple[int, str, str]]:
    """(id, code, name) of every unit the viewer may see, for choosing one."""
    rows = session.execute(
        select(Unit.id, Unit.code, Unit.name).where(visible_to(viewer, Unit.id)).order_by(Unit.path)
    )
    return [(unit_id, code, name) for unit_id, code, name in rows]
