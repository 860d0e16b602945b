"""Delivery reports (laporan kirim): which message one speaks of, and what it says.

A modem's reference has 8 bits and comes round again, clocks differ, and where an answer was lost
there is no reference at all. So a report is matched by road, number, reference and time together,
and where two messages fit, by nothing: reports are a bonus, never needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLOCKS_DIFFER = timedelta(minutes=10)
HANDED_OVER_WITHIN = timedelta(minutes=5)


class Receipt(StrEnum):
    """What became of a part, in the words kept with it."""

    DELIVERED = "delivered"
    PENDING = "pending"
    FAILED = "failed"


def meaning_of(status: int) -> Receipt:
    """TP-Status of 3GPP TS 23.040: below 32 it arrived, below 64 the network still tries."""
    if status < 32:
        return Receipt.DELIVERED
    return Receipt.PENDING if status < 64 else Receipt.FAILED


@dataclass(frozen=True)
class SentPart:
    """A part that left by this road to this number with the report's reference."""

    part_id: int
    sent_at: datetime


@dataclass(frozen=True)
class Doubtful:
    """An UNKNOWN message of one part, to this number by this road, without any reference."""

    outbound_id: int
    submitted_at: datetime


def part_meant(parts: Sequence[SentPart], taken_at: datetime) -> SentPart | None:
    """The part the network took at `taken_at` by its own clock: the nearest in time, if near."""
    near = [part for part in parts if abs(part.sent_at - taken_at) <= CLOCKS_DIFFER]
    return min(near, key=lambda part: abs(part.sent_at - taken_at), default=None)


def doubt_meant(doubts: Sequence[Doubtful], taken_at: datetime) -> Doubtful | None:
    """The one message of unknown outcome that was being handed over then; None when two were."""
    begin, end = taken_at - HANDED_OVER_WITHIN, taken_at + HANDED_OVER_WITHIN
    near = [doubt for doubt in doubts if begin <= doubt.submitted_at <= end]
    return near[0] if len(near) == 1 else None


def whole(receipts: Sequence[str | None], parts: int) -> Receipt | None:
    """What the reports on all parts of a message say together; None while one is missing."""
    if Receipt.FAILED in receipts:
        return Receipt.FAILED
    if len(receipts) == parts and set(receipts) == {Receipt.DELIVERED}:
        return Receipt.DELIVERED
    return Receipt.PENDING if Receipt.PENDING in receipts else None
