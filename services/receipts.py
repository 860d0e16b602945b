"""Receipts (laporan kirim): what a road says later about a message it took."""

from __future__ import annotations

from datetime import datetime

import structlog

from domain.messages import OutState
from sms.twilio_words import BAD_ENDS, RANK, StatusReport
from store import outbox_queries
from store.db import Database, Transaction
from store.messages import OutboundSms

log = structlog.get_logger(__name__)

NOT_SURE_YET = (OutState.CLAIMED, OutState.SUBMITTING, OutState.UNKNOWN)


def note_twilio(db: Database, now: datetime, report: StatusReport) -> None:
    """Keep a callback once and let the highest status stand; a final one is never left again.

    A callback proves that Twilio has the message, also when the answer to our request was lost or
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
        if report.status in BAD_ENDS:
            message.state = OutState.FAILED
            message.problem = f"Twilio {report.status} {report.error_code}".strip()
        elif message.state in NOT_SURE_YET:
            message.state, message.sent_at, message.problem = OutState.SENT, now, None
        message.claimed_until = None
    log.info("receipt", outbound_id=message.id, status=report.status, code=report.error_code)


def _message_of(tx: Transaction, report: StatusReport) -> OutboundSms | None:
    """The message a callback speaks of: by Twilio's sid, else by our id in the callback's URL."""
    message = outbox_queries.by_reference(tx, report.sid)
    if message is not None or report.message_id is None:
        return message
    named = tx.get(OutboundSms, report.message_id)
    is_ours = named is not None and named.route == outbox_queries.TWILIO
    return named if is_ours and named is not None and named.reference is None else None
