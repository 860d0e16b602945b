"""A silent decider: every rung once, in order, never early, and never a decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.silence import LADDER, Patience, Rung, rung_due

ASKED = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)


def test_about_todays_shift_the_kasubag_is_reached_within_the_hour() -> None:
    patience = Patience()
    waits = [patience.before(rung, is_urgent=True) for rung in LADDER]
    assert sum(waits, timedelta()) == timedelta(hours=1)


@given(
    looks=st.lists(st.integers(1, 3000), max_size=60),
    urgent=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_whenever_somebody_looks_each_rung_is_taken_once_in_order_and_not_early(
    looks: list[int], urgent: list[bool]
) -> None:
    patience, now, last_word, taken = Patience(), ASKED, ASKED, []
    for minutes, is_urgent in zip(looks, urgent, strict=False):
        now += timedelta(minutes=minutes)
        rung = rung_due(patience, len(taken), last_word, now, is_urgent=is_urgent)
        if rung is None:
            continue
        assert now - last_word >= patience.before(rung, is_urgent=is_urgent)
        taken.append(rung)
        last_word = now
    assert taken == list(LADDER)[: len(taken)]


@given(st.integers(0, 10**6))
def test_after_the_last_rung_nothing_follows(minutes: int) -> None:
    later = ASKED + timedelta(minutes=minutes)
    assert rung_due(Patience(), len(LADDER), ASKED, later, is_urgent=True) is None


def test_a_setting_makes_people_more_patient() -> None:
    slow = Patience(silence_remind=600)
    at = ASKED + timedelta(hours=5)
    assert rung_due(slow, 0, ASKED, at, is_urgent=False) is None
    assert rung_due(Patience(), 0, ASKED, at, is_urgent=False) is Rung.REMIND
