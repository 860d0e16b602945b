"""Taking in a modem's delivery reports: kept whole, matched, and now and then an end of doubt."""

from __future__ import annotations

from datetime import datetime

import structlog

from domain.messages import OutState
from domain.reports import (
    CLOCKS_DIFFER,
    HANDED_OVER_WITHIN,
    Receipt,
    doubt_meant,
    meaning_of,
    part_meant,
    whole,
)
from sms.gateway import PartReport
from store import report_queries
from store.db import Database, Transaction
from store.messages import DeliveryReport, OutboundPart, OutboundSms

log = structlog.get_logger(__name__)

BY = "laporan kirim"


def take_in(db: Database, now: datetime, report: PartReport) -> None:
    """Commit one report; a repeat, or one that fits no message of ours, changes nothing else."""
    with db.begin() as tx:
        kept = report_queries.keep_report(
            tx,
            report.route,
            report.reference,
            report.number,
            report.status,
            report.sent_at,
            report.ended_at,
            now,
        )
        if kept is None:
            return
        message = _of_a_part(tx, now, kept) or _of_a_doubt(tx, now, kept)
    log.info("delivery_report", outbound_id=message and message.id, status=report.status)


def _of_a_part(tx: Transaction, now: datetime, report: DeliveryReport) -> OutboundSms | None:
    meant = part_meant(report_queries.parts_sent(tx, report, CLOCKS_DIFFER), report.sent_at)
    if meant is None:
        return None
    part = tx.get_one(OutboundPart, meant.part_id)
    if part.receipt not in (Receipt.DELIVERED, Receipt.FAILED):
        part.receipt, part.receipt_at = meaning_of(report.status), report.ended_at
    tx.flush()
    message = tx.get_one(OutboundSms, part.outbound_id)
    report.outbound_id = message.id
    parts = max(message.parts, message.parts_left)
    _say(message, now, whole(report_queries.receipts_of(tx, message.id), parts))
    return message


def _of_a_doubt(tx: Transaction, now: datetime, report: DeliveryReport) -> OutboundSms | None:
    meant = doubt_meant(report_queries.doubts(tx, report, HANDED_OVER_WITHIN), report.sent_at)
    if meant is None:
        return None
    message = tx.get_one(OutboundSms, meant.outbound_id)
    report.outbound_id = message.id
    message.reference, message.parts_left = str(report.reference), 1
    tx.add(
        OutboundPart(
            outbound_id=message.id,
            place=1,
            route=report.route,
            reference=report.reference,
            sent_at=report.sent_at,
            receipt=meaning_of(report.status),
            receipt_at=report.ended_at,
        )
    )
    # whatever it says of the delivery, the network has had the message
    message.state, message.sent_at = OutState.SENT, report.sent_at
    message.cleared_at, message.cleared_by = now, BY
    _say(message, now, meaning_of(report.status))
    return message


def _say(message: OutboundSms, now: datetime, receipt: Receipt | None) -> None:
    if receipt is None:
        return
    message.receipt, message.receipt_at = receipt.value, now
    if receipt is Receipt.FAILED and message.state is OutState.SENT:
        message.state, message.problem = OutState.FAILED, "jaringan tidak dapat menyampaikannya"
