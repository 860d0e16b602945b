"""Outgoing messages as a queue: claimed by conditional UPDATE, one lane after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.messages import Lane, MessageClass, OutState
from store.db import Transaction
from store.messages import OutboundSms, Road, TwilioCallback
from store.people import Assignment
from store.visibility import visible_to

TWILIO = "twilio"  # the road's name in `route`
LEAVING = (OutState.QUEUED, OutState.RETRY)
LEFT = (OutState.SENT, OutState.UNKNOWN, OutState.SUBMITTING)


def _may_leave(now: datetime) -> ColumnElement[bool]:
    free = or_(OutboundSms.claimed_until.is_(None), OutboundSms.claimed_until < now)
    waiting = OutboundSms.state.in_(LEAVING) | (OutboundSms.state == OutState.CLAIMED)
    return waiting & free & (OutboundSms.not_before <= now)


def _by_route(route: str, homeless_too: bool) -> ColumnElement[bool]:
    if homeless_too:
        return or_(OutboundSms.route == route, OutboundSms.route.is_(None))
    return OutboundSms.route == route


def next_to_leave(
    session: Session, now: datetime, route: str, *, homeless_too: bool
) -> OutboundSms | None:
    """The first message for `route`: lane by lane, in a lane oldest first.

    `homeless_too` takes messages that no route has been chosen for.
    """
    return session.scalars(
        select(OutboundSms)
        .where(_may_leave(now), _by_route(route, homeless_too))
        .order_by(OutboundSms.lane, OutboundSms.not_before, OutboundSms.id)
        .limit(1)
    ).first()


def claim(
    tx: Transaction, message: OutboundSms, now: datetime, worker: str, route: str, until: datetime
) -> bool:
    """Take `message` for one worker; False when another was quicker."""
    done = tx.execute(
        update(OutboundSms)
        .where(OutboundSms.id == message.id, _may_leave(now))
        .values(
            state=OutState.CLAIMED,
            claimed_by=worker,
            claimed_until=until,
            route=route,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def move(
    tx: Transaction, message_id: int, worker: str, came_from: OutState, **values: object
) -> bool:
    """Change one claimed message, if this worker still holds it in that state."""
    done = tx.execute(
        update(OutboundSms)
        .where(
            OutboundSms.id == message_id,
            OutboundSms.state == came_from,
            OutboundSms.claimed_by == worker,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def orphaned_submissions(tx: Transaction, now: datetime) -> Sequence[OutboundSms]:
    """Messages that were being sent when their sender died: nobody knows whether they left."""
    return tx.scalars(
        select(OutboundSms).where(
            OutboundSms.state == OutState.SUBMITTING, OutboundSms.claimed_until < now
        )
    ).all()


def let_die(tx: Transaction, now: datetime) -> int:
    """Messages past their deadline die rather than arrive absurd; returns how many."""
    done = tx.execute(
        update(OutboundSms)
        .where(
            OutboundSms.state.in_(LEAVING),
            OutboundSms.dies_at.is_not(None),
            OutboundSms.dies_at <= now,
        )
        .values(state=OutState.DIED)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


def waiting_for_twilio(session: Session, now: datetime) -> bool:
    """True when something may leave over Twilio right now."""
    return (
        session.scalar(
            select(OutboundSms.id).where(_may_leave(now), OutboundSms.route == TWILIO).limit(1)
        )
        is not None
    )


def uncertain(session: Session, viewer: Viewer, outbound_id: int) -> OutboundSms | None:
    """An UNKNOWN message whose doubt stands and whose recipient this viewer may see."""
    seen = select(Assignment.employee_id).where(visible_to(viewer, Assignment.unit_id))
    return session.scalars(
        select(OutboundSms)
        .where(
            OutboundSms.id == outbound_id,
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
            or_(OutboundSms.employee_id.is_(None), OutboundSms.employee_id.in_(seen)),
        )
        .with_for_update()
    ).first()


def is_written(session: Session, dedupe_key: str) -> bool:
    """True when a message with this key stands in the outbox already."""
    return (
        session.scalar(select(OutboundSms.id).where(OutboundSms.dedupe_key == dedupe_key))
        is not None
    )


def written_to(session: Session, number: str, since: datetime) -> bool:
    """True when a message of ours that wants an answer went to `number` since then."""
    return (
        session.scalar(
            select(OutboundSms.id)
            .where(
                OutboundSms.number == number,
                OutboundSms.created_at >= since,
                OutboundSms.wants_answer,
                OutboundSms.state.in_(LEFT),
            )
            .limit(1)
        )
        is not None
    )


def said_to(session: Session, number: str, text: str, since: datetime) -> bool:
    """True when we sent this very text to that number: it comes back as a bounce."""
    return (
        session.scalar(
            select(OutboundSms.id)
            .where(
                OutboundSms.number == number,
                OutboundSms.created_at >= since,
                OutboundSms.text == text.strip(),
            )
            .limit(1)
        )
        is not None
    )


def count_since(
    session: Session, message_class: MessageClass, since: datetime, number: str | None = None
) -> int:
    """How many messages of a class were written since then, to one number or to all."""
    query = select(func.count()).where(
        OutboundSms.message_class == message_class, OutboundSms.created_at >= since
    )
    if number is not None:
        query = query.where(OutboundSms.number == number)
    return session.scalar(query) or 0


def lanes(session: Session) -> list[tuple[Lane, int, datetime | None]]:
    """What waits in each lane: (lane, how many, since when)."""
    rows = session.execute(
        select(OutboundSms.lane, func.count(), func.min(OutboundSms.not_before))
        .where(OutboundSms.state.in_((*LEAVING, OutState.CLAIMED, OutState.SUBMITTING)))
        .group_by(OutboundSms.lane)
    ).all()
    return [(Lane(lane), count, oldest) for lane, count, oldest in rows]


def held(tx: Transaction, message_id: int) -> OutboundSms | None:
    """One message, its row locked until the end of the transaction."""
    return tx.get(OutboundSms, message_id, with_for_update=True)


def by_reference(tx: Transaction, reference: str) -> OutboundSms | None:
    """The message a road knows by this reference, its row locked."""
    return tx.scalars(
        select(OutboundSms).where(OutboundSms.reference == reference).with_for_update()
    ).first()


def keep_callback(
    tx: Transaction,
    sid: str,
    status: str,
    error_code: str,
    outbound_id: int | None,
    now: datetime,
) -> bool:
    """Keep one status callback; False when it was there already."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    kept = tx.scalar(
        dialect.insert(TwilioCallback)
        .values(
            sid=sid,
            status=status,
            error_code=error_code,
            outbound_id=outbound_id,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["sid", "status", "error_code"])
        .returning(TwilioCallback.id)
    )
    return kept is not None


def is_known_sid(session: Session, sid: str) -> bool:
    """True when Twilio has told us of this sid before, in an answer or in a report."""
    in_answer = select(OutboundSms.id).where(OutboundSms.reference == sid).limit(1)
    in_report = select(TwilioCallback.id).where(TwilioCallback.sid == sid).limit(1)
    return any(session.scalar(query) is not None for query in (in_answer, in_report))


def lost_on(session: Session, route: str, since: datetime) -> Sequence[OutboundSms]:
    """Messages of a road whose outcome is unknown and whose doubt stands, oldest first."""
    return session.scalars(
        select(OutboundSms)
        .where(
            OutboundSms.route == route,
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
            OutboundSms.submitted_at >= since,
        )
        .order_by(OutboundSms.id)
    ).all()


def end_doubt(tx: Transaction, message_id: int, **values: object) -> bool:
    """Change a message that is UNKNOWN still; False when somebody was quicker."""
    done = tx.execute(
        update(OutboundSms)
        .where(
            OutboundSms.id == message_id,
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def road(session: Session, name: str) -> Road | None:
    """What is known of a road: its pause and why."""
    return session.get(Road, name)


def pause_road(tx: Transaction, name: str, now: datetime, until: datetime, problem: str) -> None:
    """Nothing leaves over this road until then."""
    paused = tx.get(Road, name)
    if paused is None:
        paused = Road(name=name)
        tx.add(paused)
    paused.paused_until, paused.problem, paused.problem_at = until, problem[:300], now
