"""Delivery reports of modems and the parts they may speak of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.messages import OutState
from domain.reports import Doubtful, SentPart
from store.db import Transaction
from store.messages import DeliveryReport, OutboundPart, OutboundSms


def keep_report(
    tx: Transaction,
    route: str,
    reference: int,
    number: str,
    status: int,
    sent_at: datetime,
    ended_at: datetime,
    received_at: datetime,
) -> DeliveryReport | None:
    """Keep a report as it came; None when it was there already."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    report_id = tx.scalar(
        dialect.insert(DeliveryReport)
        .values(
            route=route,
            reference=reference,
            number=number,
            status=status,
            sent_at=sent_at,
            ended_at=ended_at,
            received_at=received_at,
        )
        .on_conflict_do_nothing(
            index_elements=["route", "reference", "number", "sent_at", "status"]
        )
        .returning(DeliveryReport.id)
    )
    return None if report_id is None else tx.get_one(DeliveryReport, report_id)


def parts_sent(session: Session, report: DeliveryReport, within: timedelta) -> list[SentPart]:
    """Parts with the report's road, reference and number that left around its time."""
    rows = session.execute(
        select(OutboundPart.id, OutboundPart.sent_at)
        .join(OutboundSms, OutboundSms.id == OutboundPart.outbound_id)
        .where(
            OutboundPart.route == report.route,
            OutboundPart.reference == report.reference,
            OutboundPart.sent_at.between(report.sent_at - within, report.sent_at + within),
            OutboundSms.number == report.number,
        )
    )
    return [SentPart(part_id, sent_at) for part_id, sent_at in rows]


def doubts(session: Session, report: DeliveryReport, within: timedelta) -> list[Doubtful]:
    """UNKNOWN messages of one part to the report's number by its road, around its time."""
    rows = session.execute(
        select(OutboundSms.id, OutboundSms.submitted_at).where(
            OutboundSms.route == report.route,
            OutboundSms.number == report.number,
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
            OutboundSms.parts == 1,
            OutboundSms.submitted_at.between(report.sent_at - within, report.sent_at + within),
            ~exists().where(OutboundPart.outbound_id == OutboundSms.id),
        )
    )
    return [Doubtful(outbound_id, at) for outbound_id, at in rows if at is not None]


def receipts_of(session: Session, outbound_id: int) -> Sequence[str | None]:
    """What is known of each part of a message that left."""
    return session.scalars(
        select(OutboundPart.receipt).where(OutboundPart.outbound_id == outbound_id)
    ).all()
