"""What a road for SMS offers (jalur SMS): send one message, hand in raw ones, fail by name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sms.segments import Segments


class SmsError(Exception):
    """A message did not leave, or not all of it.

    `permanent`: trying again cannot help. `roads_fault`: the road is at fault (no modem, no
    network, throttled), so the message keeps its tries and the road pauses, for `retry_after`
    where the road said how long. `opted_out`: the recipient has told the road to stop. `left`: the
    references of those parts that did leave.
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str,
        permanent: bool = False,
        roads_fault: bool = False,
        retry_after: timedelta | None = None,
        opted_out: bool = False,
        left: tuple[str, ...] = (),
    ):
        super().__init__(sentence)
        self.code = code
        self.permanent = permanent
        self.roads_fault = roads_fault
        self.retry_after = retry_after
        self.opted_out = opted_out
        self.left = left


class OutcomeUnknown(SmsError):
    """Nobody knows whether the message left; it must not be sent again blindly."""

    def __init__(self, sentence: str, *, code: str = "unknown", left: tuple[str, ...] = ()):
        super().__init__(sentence, code=code, left=left)


@dataclass(frozen=True)
class Outgoing:
    """One message for a road.

    `id` is the outbox row's; `lives_for` how long it may still arrive (None: as long as the road
    likes); `parts_left` how many leading parts this road took in an earlier try.
    """

    id: int
    number: str
    text: Segments
    lives_for: timedelta | None = None
    wants_report: bool = False
    parts_left: int = 0


@dataclass(frozen=True)
class Sent:
    """A message the road took: its reference, of a modem one per part: '17' or '17,18'."""

    reference: str


class Gateway(Protocol):
    """One road for outgoing messages."""

    def send(self, message: Outgoing) -> Sent:
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


@dataclass(frozen=True)
class PartReport:
    """What the network says about one part we sent (laporan kirim).

    `reference` is the modem's, 0 to 255; `status` 0 delivered, 32 to 63 still trying, from 64 on
    failed; `sent_at` when the network took it and `ended_at` when it ended, both by its clock.
    """

    route: str
    reference: int
    number: str
    status: int
    sent_at: datetime
    ended_at: datetime


def modem_key(imsi: str, sender: str, sent_at: datetime, udh: bytes, text: str) -> str:
    """The key of a message off a SIM: it has no id of its own, so all it has makes one."""
    content = "\x1f".join((imsi, sender, sent_at.isoformat(), udh.hex(), text))
    return f"sim:{hashlib.sha256(content.encode()).hexdigest()[:64]}"
