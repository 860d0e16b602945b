"""How fast and how much a SIM card may send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.messages import Lane
from domain.pace import last_open_lane, next_pace

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_rested_card_sends_a_minutes_worth_and_then_one_every_six_seconds() -> None:
    paced: datetime | None = None
    for _ in range(10):
        paced = next_pace(paced, NOON, 1, 10)
        assert paced is not None
    assert next_pace(paced, NOON + 5 * SECOND, 1, 10) is None
    assert next_pace(paced, NOON + 6 * SECOND, 1, 10) is not None


def test_a_message_longer_than_the_bucket_leaves_when_the_bucket_is_full() -> None:
    paced = next_pace(None, NOON, 6, 4)
    assert paced == NOON + 90 * SECOND
    assert next_pace(paced, NOON + 60 * SECOND, 6, 4) is None
    assert next_pace(paced, NOON + 90 * SECOND, 6, 4) is not None


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 4)), min_size=1, max_size=80),
    st.integers(4, 30),
)
def test_in_no_minute_more_leaves_than_a_full_bucket_and_what_fills_meanwhile(
    tries: list[tuple[int, int]], per_minute: int
) -> None:
    now, paced = NOON, None
    left: list[tuple[datetime, int]] = []
    for seconds, parts in tries:
        now += seconds * SECOND
        if (after := next_pace(paced, now, parts, per_minute)) is not None:
            paced = after
            left.append((now, parts))
    for start, _ in left:
        within = sum(parts for at, parts in left if start <= at < start + 60 * SECOND)
        assert within <= 2 * per_minute


def test_alerts_leave_the_last_parts_of_the_day_to_answers() -> None:
    assert last_open_lane(150, 30, 0) is Lane.BULK
    assert last_open_lane(150, 30, 119) is Lane.BULK
    assert last_open_lane(150, 30, 120) is Lane.ANSWER
    assert last_open_lane(150, 30, 150) is None
