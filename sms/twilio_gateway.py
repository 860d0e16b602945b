"""Twilio's REST API: messages out, and the list in which lost ones are found again.

Creating a message is not idempotent and Twilio takes no key from us. A lost answer is therefore
raised as OutcomeUnknown and looked up in the list before anything is sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from json import JSONDecodeError
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from sms.gateway import OutcomeUnknown, Outgoing, RawPart, Sent, SmsError
from sms.twilio_webhooks import OUR_ID, key_of
from sms.twilio_words import AUTHENTICATION, OPTED_OUT, TRY_AGAIN, TWILIO, StatusReport

TIMEOUT = 10.0  # seconds; the library's default is none at all
AFTER_REFUSED_KEY = timedelta(minutes=15)
LONGEST_VALIDITY = 36_000  # seconds; Twilio's own limit and default
SHORTEST_VALIDITY = 6  # Twilio recommends more than five
CLOCKS_DIFFER = timedelta(seconds=30)
PAGE = 50

Lost = (requests.RequestException, JSONDecodeError)


class _Http(TwilioHttpClient):  # type: ignore[misc]  # the library is not typed for us
    """Twilio's own HTTP client, keeping Retry-After, which its exception drops."""

    retry_after = ""

    def request(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().request(*args, **kwargs)
        self.retry_after = (answer.headers or {}).get("Retry-After", "")
        return answer


class TwilioGateway:
    """One Twilio account with one sender."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        *,
        status_url: str,
        api_url: str | None = None,
        timeout: float = TIMEOUT,
    ):
        self._http = _Http(timeout=timeout)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        if api_url:
            self._client.api.base_url = api_url.rstrip("/")
        self._sender, self._status_url = sender, status_url
        self.two_way = sender.startswith("+")  # nobody can answer a name

    def send(self, message: Outgoing) -> Sent:
        """Hand one message to Twilio. Raises SmsError as classified, or OutcomeUnknown."""
        more: dict[str, Any] = {}
        if message.lives_for is not None:
            seconds = int(message.lives_for.total_seconds())
            more["validity_period"] = min(max(seconds, SHORTEST_VALIDITY), LONGEST_VALIDITY)
        try:
            created = self._client.messages.create(
                to=message.number,
                from_=self._sender,
                body="".join(message.text.parts),
                status_callback=f"{self._status_url}?{OUR_ID}={message.id}",
                **more,
            )
        except TwilioRestException as error:
            raise self._classified(error) from error
        except Lost as error:
            raise OutcomeUnknown(f"Twilio's answer was lost: {type(error).__name__}") from error
        if not created.sid:
            raise OutcomeUnknown("Twilio's answer has no sid")
        return Sent(str(created.sid))

    def _classified(self, error: TwilioRestException) -> SmsError:
        """What an answer of Twilio's means for the message; see sms.twilio_words."""
        code = int(error.code or 0)
        sentence = f"Twilio {error.status}/{code}: {error.msg}"
        word = str(code or error.status)
        if error.status >= 500:
            return OutcomeUnknown(sentence, code=word)
        if error.status in (401, 403) or code in AUTHENTICATION:
            return SmsError(sentence, code=word, roads_fault=True, retry_after=AFTER_REFUSED_KEY)
        if error.status == 429 or code in TRY_AGAIN:
            return SmsError(sentence, code=word, roads_fault=True, retry_after=self._told_to_wait())
        return SmsError(sentence, code=word, permanent=True, opted_out=code in OPTED_OUT)

    def _told_to_wait(self) -> timedelta | None:
        """Retry-After, in seconds or as a date."""
        said = self._http.retry_after.strip()
        if said.replace(".", "", 1).isdigit():
            return timedelta(seconds=float(said))
        try:
            wait = parsedate_to_datetime(said) - datetime.now(UTC)
        except (TypeError, ValueError):
            return None
        return max(wait, timedelta(0))

    # --- the list ----------------------------------------------------------------------------

    def find(self, number: str, body: str, since: datetime) -> list[StatusReport]:
        """How messages of ours with this text to this number stand in the list, oldest first.

        Without a date filter: a message that is still queued has no date of sending yet. Raises
        SmsError when Twilio cannot be asked.
        """
        found = [
            message
            for message in self._listed(to=number, limit=2 * PAGE)
            if message.body == body
            and message.direction != "inbound"
            and (message.date_created or since) >= since - CLOCKS_DIFFER
        ]
        return [
            StatusReport(str(each.sid), str(each.status), str(each.error_code or ""))
            for each in reversed(found)
        ]

    def received_since(self, since: datetime) -> list[RawPart]:
        """Messages to our number in Twilio's list, oldest first, as the webhook would hand them in.

        A webhook that could not be reached is tried once more by Twilio, then never again.
        """
        if not self.two_way:
            return []
        found = self._listed(to=self._sender, date_sent_after=since)
        return [
            RawPart(
                route=TWILIO,
                sender=str(message.from_)[:40],
                text=(message.body or "").replace("\x00", ""),
                sent_at=message.date_sent or message.date_created,
                key=key_of(str(message.sid)),
                raw={"MessageSid": str(message.sid), "To": self._sender, "from_list": True},
            )
            for message in reversed(found)
            if message.direction == "inbound"
        ]

    def _listed(self, **filters: Any) -> Sequence[Any]:
        try:
            listed: Sequence[Any] = self._client.messages.list(page_size=PAGE, **filters)
        except (TwilioException, *Lost) as error:
            raise SmsError(f"Twilio's list: {error}", code="list", roads_fault=True) from error
        return listed
