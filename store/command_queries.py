"""Commands for pushing terminals: what waits, what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from store.db import Transaction
from store.terminal_care import TerminalCommand


def to_send(
    session: Session, terminal_id: int, sent_before: datetime, most: int
) -> Sequence[TerminalCommand]:
    """Commands never sent, or sent before that moment and still unanswered; oldest first."""
    return session.scalars(
        select(TerminalCommand)
        .where(
            TerminalCommand.terminal_id == terminal_id,
            TerminalCommand.answered_at.is_(None),
            or_(TerminalCommand.sent_at.is_(None), TerminalCommand.sent_at <= sent_before),
        )
        .order_by(TerminalCommand.id)
        .limit(most)
    ).all()


def held_for_answer(tx: Transaction, terminal_id: int, wire_id: str) -> TerminalCommand | None:
    """The command this terminal was sent under that id and has not answered yet."""
    return tx.scalars(
        select(TerminalCommand)
        .where(
            TerminalCommand.terminal_id == terminal_id,
            TerminalCommand.wire_id == wire_id,
            TerminalCommand.sent_at.is_not(None),
            TerminalCommand.answered_at.is_(None),
        )
        .with_for_update()
    ).first()


def is_open(session: Session, terminal_id: int, purpose: str) -> bool:
    """Whether a command for that purpose still waits for its answer."""
    return (
        session.scalar(
            select(TerminalCommand.id)
            .where(
                TerminalCommand.terminal_id == terminal_id,
                TerminalCommand.purpose == purpose,
                TerminalCommand.answered_at.is_(None),
            )
            .limit(1)
        )
        is not None
    )


def asked_since(session: Session, terminal_id: int, purpose: str, since: datetime) -> int:
    """How many commands for that purpose were asked since then."""
    return len(
        session.scalars(
            select(TerminalCommand.id).where(
                TerminalCommand.terminal_id == terminal_id,
                TerminalCommand.purpose == purpose,
                TerminalCommand.asked_at >= since,
            )
        ).all()
    )


def latest(session: Session, terminal_id: int, most: int) -> Sequence[TerminalCommand]:
    """A terminal's commands, newest first."""
    return session.scalars(
        select(TerminalCommand)
        .where(TerminalCommand.terminal_id == terminal_id)
        .order_by(TerminalCommand.id.desc())
        .limit(most)
    ).all()
