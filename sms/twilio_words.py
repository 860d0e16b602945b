"""Twilio's own words for what became of a message: statuses in their order, and error codes."""

from __future__ import annotations

from dataclasses import dataclass

_IN_ORDER = (
    ("accepted",),
    ("scheduled",),
    ("queued",),
    ("sending",),
    ("sent",),
    ("delivered", "undelivered", "failed", "canceled"),
)
RANK = {word: rank for rank, words in enumerate(_IN_ORDER) for word in words}
"""Callbacks come in any order; the highest status stands, and the first final one is final."""

BAD_ENDS = frozenset({"undelivered", "failed", "canceled"})


@dataclass(frozen=True)
class StatusReport:
    """A status callback: Twilio's sid, its word, its error code, and our id if it was given."""

    sid: str
    status: str
    error_code: str = ""
    message_id: int | None = None

    @property
    def rank(self) -> int:
        """Where the status stands in the order; -1 for a word we do not know."""
        return RANK.get(self.status, -1)
