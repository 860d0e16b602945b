"""What a terminal's own figures say about it (keadaan mesin): pure rules of numbers and clocks."""

from __future__ import annotations

from collections.abc import Sequence

CLOCK_OFF_S = 120
"""A clock further off makes a scan's instant uncertain."""

HABIT_LEAST = 4  # below so many scans in half a day there is no habit to speak of
HABIT_SHARE = 0.25  # below this share of its habit a terminal is nearly silent


def is_clock_off(offset_s: int | None) -> bool:
    """Whether a clock is wrong beyond what a scan may bear; one nobody measured is not known."""
    return offset_s is not None and abs(offset_s) > CLOCK_OFF_S


def is_nearly_silent(scans: int, same_weekdays: Sequence[int]) -> bool:
    """Far fewer scans than on the same weekday of the last weeks: a dead sensor looks like that.

    Weeks without any scan were holidays and are no habit; two are needed to speak of one.
    """
    worked = [count for count in same_weekdays if count]
    if len(worked) < 2:
        return False
    habit = sum(worked) / len(worked)
    return habit >= HABIT_LEAST and scans < HABIT_SHARE * habit
