"""Twilio's REST API: messages out. What it posts to us is read in sms.twilio_webhooks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from json import JSONDecodeError

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from sms.gateway import OutcomeUnknown, Outgoing, Sent, SmsError

TIMEOUT = 10  # seconds; the library's default is none at all
LOOK_BACK = timedelta(minutes=5)

# https://www.twilio.com/docs/api/errors
TRY_AGAIN = frozenset({20429, 21611, 30001, 30008})
NUMBER_IS_BAD = frozenset({21211, 21614, 21610, 30005, 30006})
OURS_TO_MEND = frozenset({20003, 21602, 21603, 21604, 21606, 21608, 21609, 21612, 21617, 21657})


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

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand one message to Twilio; a lost answer is looked up before it counts as unknown."""
        number, body = outgoing.number, "".join(outgoing.text.parts)
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
