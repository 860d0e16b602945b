"""Twilio: REST out, webhooks in. The only module that imports twilio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from json import JSONDecodeError

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.rest import Client

from sms.gateway import OutcomeUnknown, RawPart, Sent, SmsError
from sms.segments import Segments

TIMEOUT = 10  # seconds; the library's default is none at all
LOOK_BACK = timedelta(minutes=5)

# https://www.twilio.com/docs/api/errors
TRY_AGAIN = frozenset({20429, 21611, 30001, 30008})
NUMBER_IS_BAD = frozenset({21211, 21614, 21610, 30005, 30006})
OURS_TO_MEND = frozenset({20003, 21602, 21603, 21604, 21606, 21608, 21609, 21612, 21617, 21657})
RANK = {
    word: rank
    for rank, words in enumerate(
        (
            ("accepted",),
            ("scheduled",),
            ("queued",),
            ("sending",),
            ("sent",),
            ("delivered", "undelivered", "failed", "canceled"),
        )
    )
    for word in words
}


class TwilioGateway:
    """Outgoing messages over one Twilio account."""

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, *, status_url: str,
        api_url: str | None = None,
    ):  # fmt: skip
        self._client = Client(
            account_sid, auth_token, http_client=TwilioHttpClient(timeout=TIMEOUT)
        )
        if api_url:
            self._client.api.base_url = api_url.rstrip("/")
        self._sender, self._status_url = sender, status_url

    def send(self, number: str, text: Segments) -> Sent:
        """Hand one message to Twilio; a lost answer is looked up before it counts as unknown."""
        body = "".join(text.parts)
        asked_at = datetime.now(UTC)
        try:
            message = self._client.messages.create(
                to=number, from_=self._sender, body=body, status_callback=self._status_url
            )
        except TwilioRestException as error:
            raise _classified(error) from error
        except (requests.RequestException, JSONDecodeError) as error:
            return self._look_up(number, body, asked_at, error)
        return Sent(str(message.sid))

    def _look_up(self, number: str, body: str, since: datetime, error: Exception) -> Sent:
        """Creating a message is not idempotent, so nothing is created again before this look."""
        lost = f"Twilio's answer was lost: {type(error).__name__}"
        try:
            found = self._client.messages.list(
                to=number, date_sent_after=since - LOOK_BACK, limit=20
            )
        except (TwilioRestException, requests.RequestException, JSONDecodeError) as again:
            raise OutcomeUnknown(f"{lost}; nor could it be looked up") from again
        for message in found:
            created = message.date_created or since
            if message.body == body and created >= since - timedelta(seconds=5):
                return Sent(str(message.sid))
        raise OutcomeUnknown(lost) from error


def _classified(error: TwilioRestException) -> SmsError:
    code = int(error.code or 0)
    sentence = f"Twilio {error.status}/{code}: {error.msg}"
    if error.status >= 500:
        return OutcomeUnknown(sentence, code=str(code or error.status))
    again = error.status == 429 or code in TRY_AGAIN
    return SmsError(sentence, code=str(code or error.status), permanent=not again)


# --- webhooks --------------------------------------------------------------------------------


def is_authentic(
    auth_token: str, url: str, form: Mapping[str, str], signature: str, settings: str
) -> bool:
    """True when Twilio signed this form for this public URL (SHA-1 or SHA-256)."""
    return bool(
        RequestValidator(auth_token).validate(
            url, form, signature, get_signature_algorithm(settings)
        )
    )


def read_inbound(form: Mapping[str, str], now: datetime) -> RawPart:
    """An inbound webhook as a raw part; ValueError names the field that is missing.

    Twilio does not say when the phone sent it, so `sent_at` is when it reached us.
    """
    missing = [name for name in ("MessageSid", "From") if not form.get(name)]
    if missing:
        raise ValueError(f"missing {', '.join(missing)}")
    return RawPart(
        route="twilio",
        sender=form["From"],
        text=form.get("Body", ""),
        sent_at=now,
        key=f"twilio:{form['MessageSid']}"[:80],
        raw={name: form[name] for name in KEPT if name in form},
    )


KEPT = ("MessageSid", "To", "NumMedia", "NumSegments", "MessagingServiceSid", "OptOutType")


@dataclass(frozen=True)
class StatusReport:
    """A status callback; `rank` orders statuses, the higher and later wins."""

    sid: str
    status: str
    error_code: str
    rank: int


def read_status(form: Mapping[str, str]) -> StatusReport:
    """A status callback; ValueError when it has no sid or no status."""
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not sid or not status:
        raise ValueError("missing MessageSid or MessageStatus")
    return StatusReport(sid, status, form.get("ErrorCode", ""), RANK.get(status, -1))
