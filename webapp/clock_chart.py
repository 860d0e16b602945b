"""A terminal's clock over the last month as a drawing (grafik jam): points for an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.terminals import CLOCK_OFF_S
from store.clock_queries import Measured

WIDTH, HEIGHT = 600, 160
LEAST_SHOWN = 2 * CLOCK_OFF_S  # so that a good clock is seen as a line near the middle


@dataclass(frozen=True)
class Chart:
    """Places in a drawing of WIDTH by HEIGHT; `limits` are the heights of what is still good."""

    points: str
    dots: tuple[tuple[int, int, bool], ...]  # x, y, whether off
    limits: tuple[int, int]
    zero: int
    most: int  # seconds at the upper and lower edge


def draw(offsets: Sequence[Measured], now: datetime, span: timedelta) -> Chart | None:
    """The chart of these measurements; None when there are none."""
    if not offsets:
        return None
    most = max(LEAST_SHOWN, *(abs(each.seconds) for each in offsets))

    def height(seconds: float) -> int:
        return round(HEIGHT / 2 * (1 - seconds / most))

    dots = tuple(
        (
            round(WIDTH * (1 - (now - each.at) / span)),
            height(each.seconds),
            abs(each.seconds) > CLOCK_OFF_S,
        )
        for each in _thinned(offsets)
    )
    points = " ".join(f"{x},{y}" for x, y, _ in dots)
    return Chart(points, dots, (height(CLOCK_OFF_S), height(-CLOCK_OFF_S)), height(0), most)


def _thinned(offsets: Sequence[Measured], most: int = 300) -> Sequence[Measured]:
    """At most so many points; what is off is always shown."""
    step = max(1, len(offsets) // most)
    return [
        each
        for place, each in enumerate(offsets)
        if place % step == 0 or abs(each.seconds) > CLOCK_OFF_S
    ]
