"""What Twilio posts to us: its signature, a message, a status callback."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from twilio.request_validator import RequestValidator, get_signature_algorithm

from sms.gateway import RawPart
from sms.twilio_words import TWILIO, StatusReport

SIGNATURE = "X-Twilio-Signature"
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"

OUR_ID = "message"
"""The parameter of a callback's URL that carries our own id of the message."""

KEPT = (
    "MessageSid", "To", "NumMedia", "NumSegments", "MessagingServiceSid", "OptOutType",
)  # fmt: skip


def is_authentic(
    auth_token: str, url: str, form: Mapping[str, str], signature: str, settings: str
) -> bool:
    """True when Twilio signed all of this form for this public URL.

    `settings` is the header that names the algorithm; without it, it is SHA-1.
    """
    algorithm = get_signature_algorithm(settings)
    return bool(RequestValidator(auth_token).validate(url, form, signature, algorithm))


def read_inbound(form: Mapping[str, str], now: datetime) -> RawPart:
    """An inbound webhook as a raw part; ValueError names the fields that are missing.

    Twilio does not say when the phone sent it, so `sent_at` is when it reached us.
    """
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    missing = [] if sid else ["MessageSid"]
    missing += [] if form.get("From") else ["From"]
    if missing:
        raise ValueError(f"missing {', '.join(missing)}")
    return RawPart(
        route=TWILIO,
        sender=_clean(form["From"])[:40],
        text=_clean(form.get("Body", "")),
        sent_at=now,
        key=key_of(_clean(sid)),
        raw={name: _clean(form[name]) for name in KEPT if name in form},
    )


def key_of(sid: str) -> str:
    """The key of an inbound message, by which a repeat is known."""
    return f"{TWILIO}:{sid}"[:80]


def _clean(value: str) -> str:
    return value.replace("\x00", "")  # PostgreSQL keeps none


def read_status(form: Mapping[str, str], query: Mapping[str, str]) -> StatusReport:
    """A status callback; ValueError when it has no sid or no status."""
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not sid or not status:
        raise ValueError("missing MessageSid or MessageStatus")
    ours = query.get(OUR_ID, "")
    return StatusReport(
        _clean(sid)[:40],
        _clean(status)[:24],
        _clean(form.get("ErrorCode", ""))[:12],
        int(ours) if ours.isascii() and ours.isdigit() and len(ours) < 10 else None,
    )
