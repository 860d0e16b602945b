"""Sending what waits in the outbox: one message, one claim, one attempt, one known outcome.

Before a message is handed to a wire its row says SUBMITTING, committed. A process that dies then
leaves UNKNOWN behind: nobody knows whether it left, so nobody sends it again blindly.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from domain.messages import OutState
from sms import segments
from sms.gateway import Gateway, OutcomeUnknown, Outgoing, SmsError
from store import outbox_queries
from store.db import Database
from store.messages import OutboundSms

log = structlog.get_logger(__name__)

CLAIM = timedelta(seconds=60)
SUBMISSION = timedelta(minutes=3)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))

Clock = Callable[[], datetime]


def send_next(
    db: Database,
    clock: Clock,
    gateway: Gateway,
    route: str,
    worker: str,
    *,
    homeless_too: bool,
) -> bool:
    """Send the next message of `route`; False when nothing waits.

    `homeless_too` also takes messages whose recipient has no road yet. No transaction is open
    while the wire is used.
    """
    message = _claim(db, clock, route, worker, homeless_too=homeless_too)
    if message is None:
        return False
    if not _submitting(db, clock, message, worker):
        return True
    try:
        sent = gateway.send(_outgoing(message, clock()))
    except OutcomeUnknown as error:
        _settle(db, message, worker, state=OutState.UNKNOWN, problem=str(error))
    except SmsError as error:
        _settle_failure(db, clock(), message, worker, error)
    else:
        _settle(
            db,
            message,
            worker,
            state=OutState.SENT,
            sent_at=clock(),
            reference=sent.reference,
            problem=None,
        )
    return True


def _outgoing(message: OutboundSms, now: datetime) -> Outgoing:
    return Outgoing(
        message.id,
        message.number,
        segments.plan(message.text),
        lives_for=message.dies_at - now if message.dies_at else None,
        parts_left=message.parts_left,
    )


def _claim(
    db: Database, clock: Clock, route: str, worker: str, *, homeless_too: bool
) -> OutboundSms | None:
    now = clock()
    with db.read() as session:
        if outbox_queries.next_to_leave(session, now, route, homeless_too=homeless_too) is None:
            return None
    with db.begin() as tx:
        message = outbox_queries.next_to_leave(tx, now, route, homeless_too=homeless_too)
        if message is None or not outbox_queries.claim(
            tx, message, now, worker, route, now + CLAIM
        ):
            return None
        return message


def _submitting(db: Database, clock: Clock, message: OutboundSms, worker: str) -> bool:
    now = clock()
    with db.begin() as tx:
        return outbox_queries.move(
            tx,
            message.id,
            worker,
            OutState.CLAIMED,
            state=OutState.SUBMITTING,
            submitted_at=now,
            attempts=message.attempts + 1,
            claimed_until=now + SUBMISSION,
        )


def _settle(db: Database, message: OutboundSms, worker: str, **values: object) -> None:
    with db.begin() as tx:
        outbox_queries.move(
            tx, message.id, worker, OutState.SUBMITTING, claimed_until=None, **values
        )
    log.info(
        "sms_settled",
        outbound_id=message.id,
        message_class=message.message_class.value,
        state=str(values["state"]),
        problem=values.get("problem"),
    )


def _settle_failure(
    db: Database, now: datetime, message: OutboundSms, worker: str, error: SmsError
) -> None:
    attempt = message.attempts
    if error.roads_fault:
        _settle(
            db,
            message,
            worker,
            state=OutState.RETRY,
            not_before=now + (error.retry_after or RETRY_AFTER[0]),
            attempts=attempt,  # the road's fault is no try of this message
            problem=str(error),
        )
        return
    if error.permanent or attempt >= len(RETRY_AFTER):
        _settle(db, message, worker, state=OutState.FAILED, problem=str(error))
        return
    _settle(
        db,
        message,
        worker,
        state=OutState.RETRY,
        not_before=now + RETRY_AFTER[attempt],
        problem=str(error),
    )


def settle_forgotten(db: Database, now: datetime) -> int:
    """Messages whose sender died while handing them over are UNKNOWN; late ones die."""
    with db.begin() as tx:
        orphans = outbox_queries.orphaned_submissions(tx, now)
        for message in orphans:
            message.state = OutState.UNKNOWN
            message.claimed_until = None
            message.problem = "pengirim berhenti di tengah pengiriman"
        return len(orphans) + outbox_queries.let_die(tx, now)
