"""How fast and how much a SIM card may send (laju dan jatah kartu): parts a minute, parts a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.messages import Lane

MINUTE = timedelta(minutes=1)


def next_pace(
    paced_until: datetime | None, now: datetime, parts: int, parts_per_minute: int
) -> datetime | None:
    """The card's new `paced_until` if `parts` may leave now, or None when it is too early.

    A bucket of one minute's worth of parts, filled evenly, kept as the one moment at which it will
    be full again. A message longer than the bucket leaves when the bucket is full.
    """
    full_at = max(paced_until or now, now)
    after = full_at + parts * MINUTE / max(1, parts_per_minute)
    fits = after - now <= MINUTE or full_at == now
    return after if fits else None


def last_open_lane(daily_quota: int, kept_for_answers: int, used_today: int) -> Lane | None:
    """The last lane that may still use the card today; None when nothing may.

    Alerts never eat the parts that are kept for answers and approval requests.
    """
    left = daily_quota - used_today
    if left <= 0:
        return None
    return Lane.ANSWER if left <= kept_for_answers else Lane.BULK
