"""What a road for SMS offers (jalur SMS): send one message, hand in raw ones, fail by name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sms.segments import Segments


class SmsError(Exception):
    """A message did not leave. `permanent` says whether trying again could help."""

    def __init__(self, sentence: str, *, code: str, permanent: bool = False):
        super().__init__(sentence)
        self.code = code
        self.permanent = permanent


class OutcomeUnknown(SmsError):
    """Nobody knows whether the message left; it must not be sent again blindly."""

    def __init__(self, sentence: str, *, code: str = "unknown"):
        super().__init__(sentence, code=code)


@dataclass(frozen=True)
class Sent:
    """A message the wire took: the wire's own reference, '17' or '17,18' or a Twilio sid."""

    reference: str


class Gateway(Protocol):
    """One road for outgoing messages."""

    def send(self, number: str, text: Segments) -> Sent:
        """Send all parts over this road. Raises SmsError or OutcomeUnknown."""
        ...


@dataclass(frozen=True)
class RawPart:
    """One SMS as it came off a wire.

    `route` is 'sim:<IMSI>' or 'twilio'; `sent_at` the network's clock, aware; `reference`, `total`
    and `number` place a part of a long message; `key` is what makes a repeat recognisable.
    """

    route: str
    sender: str
    text: str
    sent_at: datetime
    key: str
    reference: int | None = None
    total: int = 1
    number: int = 1
    raw: dict[str, Any] = field(default_factory=dict)


def modem_key(imsi: str, sender: str, sent_at: datetime, udh: bytes, text: str) -> str:
    """The key of a message off a SIM: it has no id of its own, so all it has makes one."""
    content = "\x1f".join((imsi, sender, sent_at.isoformat(), udh.hex(), text))
    return f"sim:{hashlib.sha256(content.encode()).hexdigest()[:64]}"
