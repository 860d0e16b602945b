"""Incoming messages: raw parts by their key, whole messages as a queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from domain.access import Viewer
from store.cases import Case
from store.db import Transaction
from store.messages import InboundPart, InboundSms
from store.people import Assignment
from store.visibility import visible_to

MOST_ATTEMPTS = 3


@lru_cache(maxsize=2)
def _keeping(dialect_name: str) -> Any:
    """The INSERT of a raw part; built once, for the webhook is measured beside a bare one."""
    dialect = sqlite if dialect_name == "sqlite" else postgresql
    table = InboundPart.__table__
    return (
        dialect.insert(table).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)
    )


def keep_part(tx: Transaction, **columns: Any) -> int | None:
    """Insert a raw part unless its key is there already; its id, or None for a repeat."""
    connection = tx.connection()
    part_id: int | None = connection.scalar(_keeping(connection.dialect.name), columns)
    return part_id


def parts_alike(session: Session, part: InboundPart, within: timedelta) -> Sequence[InboundPart]:
    """Parts of the same sender, reference and total that left at about the same time, joined or
    not; `part` itself is among them."""
    return session.scalars(
        select(InboundPart)
        .where(
            InboundPart.route == part.route,
            InboundPart.sender == part.sender,
            InboundPart.reference == part.reference,
            InboundPart.total == part.total,
            InboundPart.quarantine.is_(None),
            InboundPart.sent_at.between(part.sent_at - within, part.sent_at + within),
        )
        .order_by(InboundPart.id)
    ).all()


def _kept_only() -> ColumnElement[bool]:
    return and_(
        InboundPart.inbound_id.is_(None), InboundPart.total == 1, InboundPart.quarantine.is_(None)
    )


def whole_parts_wait(session: Session) -> bool:
    """True when messages that came whole were kept and are no messages yet."""
    return session.scalar(select(InboundPart.id).where(_kept_only()).limit(1)) is not None


def whole_parts(tx: Transaction) -> Sequence[InboundPart]:
    """Those messages, oldest first; each is taken by one worker only."""
    return tx.scalars(
        select(InboundPart)
        .where(_kept_only())
        .order_by(InboundPart.id)
        .limit(500)
        .with_for_update(skip_locked=True)
    ).all()


def stale_parts(session: Session, before: datetime) -> Sequence[InboundPart]:
    """Parts of long messages that have been waiting since `before`, as have all their fellows."""
    fresh = aliased(InboundPart)
    still_coming = exists().where(
        fresh.route == InboundPart.route,
        fresh.sender == InboundPart.sender,
        fresh.reference == InboundPart.reference,
        fresh.total == InboundPart.total,
        fresh.inbound_id.is_(None),
        fresh.received_at >= before,
    )
    return session.scalars(
        select(InboundPart)
        .where(
            InboundPart.inbound_id.is_(None),
            InboundPart.quarantine.is_(None),
            InboundPart.received_at < before,
            ~still_coming,
        )
        .order_by(InboundPart.id)
    ).all()


def _unclaimed(now: datetime) -> Any:
    return and_(
        InboundSms.processed_at.is_(None),
        InboundSms.attempts < MOST_ATTEMPTS,
        or_(InboundSms.claimed_until.is_(None), InboundSms.claimed_until < now),
    )


def claim_next(tx: Transaction, now: datetime, until: datetime) -> InboundSms | None:
    """The oldest message nobody works on; never past an older one of the same sender."""
    older = aliased(InboundSms)
    blocked = exists().where(
        older.sender == InboundSms.sender,
        older.id < InboundSms.id,
        older.processed_at.is_(None),
        older.attempts < MOST_ATTEMPTS,
    )
    candidate = tx.scalar(
        select(InboundSms.id).where(_unclaimed(now), ~blocked).order_by(InboundSms.id).limit(1)
    )
    if candidate is None:
        return None
    done = tx.execute(
        update(InboundSms)
        .where(InboundSms.id == candidate, _unclaimed(now))
        .values(claimed_until=until, attempts=InboundSms.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if not getattr(done, "rowcount", 0):
        return None
    return tx.get(InboundSms, candidate, populate_existing=True)


def anything_waits(session: Session, now: datetime) -> bool:
    """True when a message is free to be answered, or was only kept so far."""
    free = session.scalar(select(InboundSms.id).where(_unclaimed(now)).limit(1))
    return free is not None or whole_parts_wait(session)


def same_text_count(session: Session, sms: InboundSms, within: timedelta) -> int:
    """How often this sender sent this very text lately, this one included."""
    return (
        session.scalar(
            select(func.count()).where(
                InboundSms.sender == sms.sender,
                InboundSms.text == sms.text,
                InboundSms.received_at > sms.received_at - within,
                InboundSms.id <= sms.id,
            )
        )
        or 0
    )


def count_from(session: Session, sms: InboundSms, within: timedelta) -> int:
    """How many messages this sender sent lately, this one included."""
    return (
        session.scalar(
            select(func.count()).where(
                InboundSms.sender == sms.sender,
                InboundSms.received_at > sms.received_at - within,
                InboundSms.id <= sms.id,
            )
        )
        or 0
    )


def unread(session: Session, viewer: Viewer, outcomes: Sequence[str]) -> Sequence[InboundSms]:
    """Messages that were not understood and that no person has handled yet (belum terbaca)."""
    today = func.current_date()
    return session.scalars(
        select(InboundSms)
        .join(
            Assignment,
            and_(
                Assignment.employee_id == InboundSms.employee_id,
                Assignment.first_day <= today,
                or_(Assignment.last_day.is_(None), Assignment.last_day >= today),
            ),
        )
        .where(
            InboundSms.handled_at.is_(None),
            InboundSms.outcome.in_(outcomes),
            visible_to(viewer, Assignment.unit_id),
        )
        .order_by(InboundSms.id)
    ).all()


def looked_through(
    session: Session, chosen: Sequence[int] | None = None
) -> list[tuple[InboundSms, Case | None]]:
    """Messages the machine could not read and a person has handled, with the case filed from each.

    All of them, newest first, or only those chosen. For BKD, who sees every unit.
    """
    query = (
        select(InboundSms, Case)
        .outerjoin(Case, Case.inbound_id == InboundSms.id)
        .where(InboundSms.handled_at.is_not(None))
        .order_by(InboundSms.id.desc())
        .limit(500)
    )
    if chosen is not None:
        query = query.where(InboundSms.id.in_(chosen))
    return [(message, case) for message, case in session.execute(query)]
