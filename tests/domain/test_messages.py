"""Lanes and quiet hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.messages import (
    ANSWERS_AT_ONCE,
    LANES,
    QUIET_FROM,
    QUIET_TO,
    MessageClass,
    may_leave_from,
)

WITA = ZoneInfo("Asia/Makassar")
MINUTE = timedelta(minutes=1)


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


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def test_desk_work_waits_over_the_weekend_and_news_does_not() -> None:
    saturday = datetime(2026, 11, 28, 10, tzinfo=WITA)
    monday = datetime(2026, 11, 30, 6, tzinfo=WITA)
    for waits in (MessageClass.APPROVAL_REQUEST, MessageClass.QUEUE_NOTICE):
        assert may_leave_from(waits, saturday, WITA, weekdays) == monday
    assert may_leave_from(MessageClass.OUTCOME, saturday, WITA, weekdays) == saturday


def test_on_friday_night_a_request_waits_for_monday() -> None:
    friday_night = datetime(2026, 11, 27, 21, tzinfo=WITA)
    assert may_leave_from(MessageClass.APPROVAL_REQUEST, friday_night, WITA, weekdays) == datetime(
        2026, 11, 30, 6, tzinfo=WITA
    )


def test_somebody_without_any_working_day_is_not_kept_waiting_for_ever() -> None:
    noon = at(12)
    assert may_leave_from(MessageClass.BULK, noon, WITA, lambda _: False) == noon


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda n: at(0) + n * MINUTE),
    st.sampled_from(MessageClass),
    st.sampled_from([ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura")]),
)
def test_no_phone_rings_at_night_and_the_moment_found_stays_right(
    now: datetime, message_class: MessageClass, zone: ZoneInfo
) -> None:
    moment = may_leave_from(message_class, now, zone, weekdays)
    assert moment >= now
    assert may_leave_from(message_class, moment, zone, weekdays) == moment
    if message_class not in ANSWERS_AT_ONCE:
        assert QUIET_TO <= moment.astimezone(zone).time() < QUIET_FROM
