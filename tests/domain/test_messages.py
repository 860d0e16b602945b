"""Lanes and quiet hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.messages import LANES, MessageClass, may_leave_from

WITA = ZoneInfo("Asia/Makassar")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=WITA)


def test_every_class_of_message_has_a_lane() -> None:
    assert set(LANES) == set(MessageClass)


def test_an_outcome_decided_at_night_leaves_in_the_morning() -> None:
    assert may_leave_from(MessageClass.OUTCOME, at(22), WITA) == datetime(
        2026, 11, 25, 6, tzinfo=WITA
    )
    assert may_leave_from(MessageClass.OUTCOME, at(3), WITA) == at(6)


def test_by_day_a_message_leaves_at_once() -> None:
    now = at(9, 30).astimezone(UTC)
    assert may_leave_from(MessageClass.OUTCOME, now, WITA) == now


def test_who_writes_at_night_gets_the_receipt_at_night() -> None:
    assert may_leave_from(MessageClass.RECEIPT, at(2, 10), WITA) == at(2, 10)
