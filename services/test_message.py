"""A test message (SMS percobaan): through the outbox like every other, to any number."""

from __future__ import annotations

from datetime import datetime, timedelta

import phonenumbers

from domain.access import system
from domain.messages import MessageClass
from services import outbox
from services.inbox import HOME_REGION
from store.db import Database
from store.log import record as log_record
from store.messages import OutboundSms

LIVES = timedelta(hours=1)


class Untestable(ValueError):
    """The message cannot be sent; the sentence says why and what to give instead."""


def queue_test(db: Database, now: datetime, number: str, text: str) -> OutboundSms:
    """Queue one message by day or night; Untestable for no number or no text. Logged."""
    if not text.strip():
        raise Untestable("The text is empty. Give some words in quotes.")
    to = _e164(number)
    with db.begin() as tx:
        message = outbox.queue(
            tx,
            now,
            MessageClass.TECHNICAL,
            text,
            number=to,
            not_before=now,
            any_hour=True,
            dies_at=now + LIVES,
        )
        assert message is not None, "a bare number always has a recipient"
        log_record(tx, now, system("flask sms send"), "test_message", "outbound_sms", message.id)
        return message


def _e164(number: str) -> str:
    wrong = f"{number!r} is no phone number. Give it as +628123456789 or 08123456789."
    try:
        parsed = phonenumbers.parse(number, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise Untestable(wrong) from None
    if not phonenumbers.is_possible_number(parsed):
        raise Untestable(wrong)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
