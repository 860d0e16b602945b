"""Twilio's own words for what became of a message: statuses in their order, and error codes."""

from __future__ import annotations

from dataclasses import dataclass

TWILIO = "twilio"
"""The name of this road in the outbox and the inbox."""

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

# Error codes, of answers and of status callbacks: https://www.twilio.com/docs/api/errors
AUTHENTICATION = frozenset({20003})
TRY_AGAIN = frozenset({20429, 21611, 30001})  # not taken, or not sent: safe to send again
ONCE_MORE = frozenset({30003, 30008})  # the handset is off, or nobody knows why it failed
OPTED_OUT = frozenset({21610})  # the recipient sent STOP to Twilio's number
EXPIRED = frozenset({30036})  # it died of the ValidityPeriod that we gave
BAD_NUMBER = frozenset({21211, 21614, 30005, 30006})
OURS_TO_MEND = frozenset(
    {21602, 21603, 21604, 21606, 21608, 21609, 21612, 21617, 21657, 30007}
)  # sender, text or account are refused, or the carrier filters us: somebody must look


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
