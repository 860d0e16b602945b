"""What follows when a decider does not answer (atasan diam): rung after rung, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Rung(StrEnum):
    """One step up, in this order."""

    REMIND = "remind"
    REMIND_AGAIN = "remind_again"
    STAND_IN = "stand_in"  # Plh or Plt who holds the post by now
    ONE_UP = "one_up"  # the decider's own supervisor
    KASUBAG = "kasubag"


LADDER = tuple(Rung)


@dataclass(frozen=True)
class Patience:
    """How long each rung waits for the one before it (pengaturan), in minutes.

    Urgent is what is about today's shift: all rungs together take an hour. Settings of these
    names may say otherwise for a unit from a date on.
    """

    silence_remind: int = 240
    silence_remind_again: int = 240
    silence_stand_in: int = 480
    silence_one_up: int = 960
    silence_kasubag: int = 1440
    silence_urgent_remind: int = 10
    silence_urgent_remind_again: int = 10
    silence_urgent_stand_in: int = 10
    silence_urgent_one_up: int = 15
    silence_urgent_kasubag: int = 15

    def before(self, rung: Rung, *, is_urgent: bool) -> timedelta:
        """How long to wait before this rung, counted from the word before it."""
        urgent = "urgent_" if is_urgent else ""
        return timedelta(minutes=getattr(self, f"silence_{urgent}{rung.value}"))


def rung_due(
    patience: Patience, taken: int, last_word: datetime, now: datetime, *, is_urgent: bool
) -> Rung | None:
    """The next rung when its time has come; `taken` rungs were taken, the last at `last_word`.

    None before that, and after the last rung: silence never decides anything.
    """
    if taken >= len(LADDER):
        return None
    rung = LADDER[taken]
    is_time = now - last_word >= patience.before(rung, is_urgent=is_urgent)
    return rung if is_time else None
