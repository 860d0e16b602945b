"""Clearings of terminals' logs that people have asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from store.punches import Terminal
from store.terminal_care import LogClearing
from store.visibility import visible_to


def visible_clearing(session: Session, viewer: Viewer, clearing_id: int) -> LogClearing | None:
    """One asking with its terminal, if the viewer may see the terminal's unit."""
    return session.scalars(
        select(LogClearing)
        .join(Terminal, Terminal.id == LogClearing.terminal_id)
        .where(LogClearing.id == clearing_id, visible_to(viewer, Terminal.unit_id))
        .options(joinedload(LogClearing.terminal))
    ).first()


def waiting(
    session: Session, viewer: Viewer, terminal_id: int, asked_since: datetime
) -> LogClearing | None:
    """The newest asking at a terminal that is still good and not done."""
    return session.scalars(
        select(LogClearing)
        .join(Terminal, Terminal.id == LogClearing.terminal_id)
        .where(
            LogClearing.terminal_id == terminal_id,
            LogClearing.done_at.is_(None),
            LogClearing.asked_at >= asked_since,
            visible_to(viewer, Terminal.unit_id),
        )
        .order_by(LogClearing.id.desc())
        .limit(1)
    ).first()
