"""Receipts (laporan kirim) of Twilio: what it says later about a message it took, or did not."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from domain.messages import OutState
from sms.twilio_words import (
    BAD_ENDS,
    EXPIRED,
    ONCE_MORE,
    OPTED_OUT,
    OURS_TO_MEND,
    RANK,
    TRY_AGAIN,
    StatusReport,
)
from store import contacts, outbox_queries
from store.db import Database, Transaction
from store.messages import OutboundSms

log = structlog.get_logger(__name__)

NOT_SURE_YET = (OutState.CLAIMED, OutState.SUBMITTING, OutState.UNKNOWN)
MOST_TRIES = 4
AGAIN_AFTER = timedelta(minutes=10)


def note_twilio(db: Database, now: datetime, report: StatusReport) -> None:
    """Keep a report once and let the highest status stand; a final one is never left again.

    A report proves that Twilio has the message, also when the answer to our request was lost or
    has not come yet: a message that was SUBMITTING or UNKNOWN is settled by it.
    """
    with db.begin() as tx:
        message = _message_of(tx, report)
        is_new = outbox_queries.keep_callback(
            tx, report.sid, report.status, report.error_code, message.id if message else None, now
        )
        if not is_new or message is None or report.rank <= RANK.get(message.receipt or "", -1):
            return
        message.reference = report.sid
        message.receipt, message.receipt_at = report.status, now
        message.claimed_until = None
        if report.status in BAD_ENDS:
            _bad_end(tx, now, message, report)
        elif message.state in NOT_SURE_YET:
            message.state, message.sent_at, message.problem = OutState.SENT, now, None


def _message_of(tx: Transaction, report: StatusReport) -> OutboundSms | None:
    """The message a report speaks of: by our id in the callback's URL, else by Twilio's sid.

    Our id counts only for a sid that is new to us: an earlier try of the same message has its own.
    The row is held, so that the sender's own word on it comes before or after, never between.
    """
    named = None
    if report.message_id is not None:
        named = outbox_queries.held(tx, report.message_id)
    if named is not None and named.route == outbox_queries.TWILIO:
        if named.reference == report.sid:
            return named
        if named.reference is None and not outbox_queries.is_known_sid(tx, report.sid):
            return named
    return outbox_queries.by_reference(tx, report.sid)


def _bad_end(tx: Transaction, now: datetime, message: OutboundSms, report: StatusReport) -> None:
    """Not delivered: once more where that is safe and may help, else the end, with its code."""
    code = int(report.error_code) if report.error_code.isdigit() else 0
    message.problem = f"Twilio {report.status} {report.error_code}".strip()
    if code in EXPIRED:
        message.state = OutState.DIED
    elif _may_go_again(message, code, now):
        message.state, message.not_before = OutState.RETRY, now + AGAIN_AFTER
        message.reference = message.receipt = message.receipt_at = None
    else:
        message.state = OutState.FAILED
    if code in OPTED_OUT:
        contacts.opt_out(tx, now, message.number)
    level = log.error if code in OURS_TO_MEND else log.info
    level("sms_not_delivered", outbound_id=message.id, code=code, state=message.state.value)


def _may_go_again(message: OutboundSms, code: int, now: datetime) -> bool:
    if message.dies_at is not None and message.dies_at <= now + AGAIN_AFTER:
        return False
    tries = MOST_TRIES if code in TRY_AGAIN else 2 if code in ONCE_MORE else 0
    return message.attempts < tries
