"""Twilio on the loopback: its Messages API, its webhooks with their signatures, its bad days.

    twilio = Twilio("AC...", "token", number="+14155550199")
    twilio.start()                                     # TWILIO_API_URL = twilio.url
    twilio.text("+14155550100", "cuti besok", webhook)  # somebody writes to our number
    twilio.faults.append(Fault("stall", seconds=20))    # the next request is taken, not answered
    twilio.sent                                        # the truth: every message it took

Checked against Twilio's OpenAPI description of 2010-04-01: parameters, fields, formats, enums.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import random
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

from simulators.twilio_door import error, handler_of

# fmt: off
PARAMETERS = frozenset({
    "ApplicationSid", "AddressRetention", "Attempt", "Body", "ContentRetention", "ContentSid",
    "ContentVariables", "FallbackFrom", "ForceDelivery", "From", "MaxPrice", "MediaUrl",
    "MessagingServiceSid", "PersistentAction", "ProvideFeedback", "RiskCheck", "ScheduleType",
    "SendAsMms", "SendAt", "ShortenUrls", "SmartEncoded", "StatusCallback", "To", "TrafficType",
    "ValidityPeriod",
})
# fmt: on
LONGEST_BODY = 1600
LONGEST_VALIDITY = 36_000  # seconds
E164 = re.compile(r"\+[1-9]\d{6,14}")
GOOD_END = ("sent", "delivered")


@dataclass
class Fault:
    """What goes wrong with the next request that creates a message.

    'stall': taken, the answer comes after `seconds`; 'stall_before': the same, but not taken;
    'drop': taken, the line is cut; 'drop_before': cut, not taken; 'unreadable': taken, the 201
    is no JSON; 'broken': taken, then a 500; 'refuse': HTTP `status` with Twilio's `code`;
    'throttle': 429 with Retry-After `seconds`.
    """

    kind: str
    seconds: float = 0.0
    status: int = 400
    code: int = 0


TAKEN_ALL_THE_SAME = frozenset({"stall", "drop", "unreadable", "broken"})


@dataclass
class Message:
    """A message as Twilio keeps it."""

    sid: str
    sender: str
    to: str
    body: str
    direction: str
    created: datetime
    status: str = "queued"
    sent: datetime | None = None
    error_code: int | None = None
    callback: str | None = None
    validity: int = LONGEST_VALIDITY

    def as_json(self, account: str) -> dict[str, Any]:
        """The resource, field by field as the API describes it."""
        place = f"/2010-04-01/Accounts/{account}/Messages/{self.sid}"
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{place}/Media.json"},
            "to": self.to,
            "uri": f"{place}.json",
        }


@dataclass
class Twilio:
    """One account with one number. `statuses` is how it reports a message it has taken."""

    account: str
    token: str
    number: str = "+14155550199"
    statuses: tuple[str, ...] = GOOD_END
    error_code: int | None = None  # goes with 'failed' and 'undelivered'
    algorithm: str = "HMAC_SHA1"
    shuffled: bool = False  # callbacks in any order, each twice
    early: bool = False  # callbacks before the answer to the request that made the message
    faults: list[Fault] = field(default_factory=list)
    opted_out: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.messages: list[Message] = []
        self.asked_at: list[float] = []  # of every request to create, time.monotonic()
        self.answers: list[tuple[str, int, str]] = []  # what webhooks said: (url, status, body)
        self.requests: list[tuple[str, str, dict[str, str]]] = []  # method, path, parameters
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self._server.daemon_threads = True
        self._callbacks: list[threading.Thread] = []

    # --- its life ----------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.settle()

    def settle(self) -> None:
        """Wait until every callback has been posted."""
        while self._callbacks:
            self._callbacks.pop().join(60)

    # --- what people do ----------------------------------------------------------------------

    @property
    def sent(self) -> list[Message]:
        """Every outgoing message it took, oldest first: what a phone would get."""
        return [message for message in self.messages if message.direction == "outbound-api"]

    def texts_to(self, number: str) -> list[str]:
        return [message.body for message in self.sent if message.to == number]

    def text(
        self, sender: str, body: str, webhook: str, *, sid: str | None = None, **more: str
    ) -> tuple[int, str]:
        """Somebody writes to our number; returns what the webhook answered. `sid` repeats one."""
        message = Message(
            sid or _new_sid(), sender, self.number, body, "inbound", datetime.now(UTC), "received"
        )
        if sid is None:
            message.sent = message.created
            self.messages.append(message)
        form = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsMessageSid": message.sid,
            "AccountSid": self.account,
            "From": sender,
            "To": self.number,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            "FromCountry": "US",
            **more,
        }
        return self.post(webhook, form)

    def missed(self, sender: str, body: str) -> Message:
        """Somebody writes while our webhook cannot be reached: it stands in the list only."""
        now = datetime.now(UTC)
        message = Message(_new_sid(), sender, self.number, body, "inbound", now, "received", now)
        self.messages.append(message)
        return message

    def post(self, webhook: str, form: dict[str, str]) -> tuple[int, str]:
        """Post a signed form, as Twilio does."""
        address = urlsplit(webhook)
        link = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=15)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": self.signature(webhook, form),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "User-Agent": "TwilioProxy/1.1",
        }
        if self.algorithm != "HMAC_SHA1":
            settings = f"key=webhooks_sharedkey_1,algorithm={self.algorithm}"
            headers["X-Twilio-Webhooks-Signature-Settings"] = settings
        target = address.path + (f"?{address.query}" if address.query else "")
        try:
            link.request("POST", target, urlencode(form), headers)
            answer = link.getresponse()
            said = answer.status, answer.read().decode("utf-8", "replace")
        finally:
            link.close()
        self.answers.append((webhook, *said))
        return said

    def signature(self, url: str, form: dict[str, str]) -> str:
        """The public URL and every parameter in order of name, keyed with the token."""
        text = url + "".join(name + form[name] for name in sorted(form))
        digest = hashlib.sha256 if self.algorithm == "HMAC_SHA256" else hashlib.sha1
        return base64.b64encode(
            hmac.new(self.token.encode(), text.encode(), digest).digest()
        ).decode()

    # --- its API -----------------------------------------------------------------------------

    def create(self, form: dict[str, str]) -> tuple[int, dict[str, Any], Fault | None]:
        """POST Messages.json: the answer, and the fault that is still to happen to it."""
        self.asked_at.append(time.monotonic())
        if refusal := self._refuse(form):
            return 400, refusal, None
        with self._lock:
            fault = self.faults.pop(0) if self.faults else None
        if fault and fault.kind == "throttle":
            return 429, error(429, 20429, "Too Many Requests"), fault
        if fault and fault.kind == "refuse":
            return fault.status, error(fault.status, fault.code, "Refused"), fault
        if fault and fault.kind not in TAKEN_ALL_THE_SAME:
            return 0, {}, fault
        message = self._take(form)
        return 201, message.as_json(self.account), fault

    def _refuse(self, form: dict[str, str]) -> dict[str, Any] | None:
        to, body = form.get("To", ""), form.get("Body", "")
        validity = form.get("ValidityPeriod", "60")
        faults = (
            (bool(set(form) - PARAMETERS), 20001, f"Unknown: {set(form) - PARAMETERS}"),
            (not to, 21604, "A 'To' phone number is required."),
            (not body, 21602, "Message body is required."),
            (not form.get("From"), 21603, "A 'From' phone number is required."),
            (len(body) > LONGEST_BODY, 21617, "The concatenated message body exceeds the limit."),
            (not E164.fullmatch(to), 21211, f"Invalid 'To' Phone Number: {to}"),
            (form.get("From") != self.number, 21606, "The 'From' phone number is not ours."),
            (to in self.opted_out, 21610, "Attempt to send to unsubscribed recipient"),
            (
                not validity.isdigit() or not 1 <= int(validity) <= LONGEST_VALIDITY,
                21626, "Invalid ValidityPeriod",
            ),
        )  # fmt: skip
        for is_so, code, words in faults:
            if is_so:
                return error(400, code, words)
        return None

    def _take(self, form: dict[str, str]) -> Message:
        message = Message(
            _new_sid(),
            form["From"],
            form["To"],
            form["Body"],
            "outbound-api",
            datetime.now(UTC).replace(microsecond=0),
            callback=form.get("StatusCallback"),
            validity=int(form.get("ValidityPeriod", LONGEST_VALIDITY)),
        )
        with self._lock:
            self.messages.append(message)
        reporting = threading.Thread(target=self._report, args=(message,), daemon=True)
        reporting.start()
        if self.early:
            reporting.join(30)
        self._callbacks.append(reporting)
        return message

    def _report(self, message: Message) -> None:
        """Status callbacks; the initial status has none."""
        message.sent = message.created
        if self.statuses:
            message.status = self.statuses[-1]
        order = list(self.statuses)
        if self.shuffled:
            order *= 2
            random.shuffle(order)
        for status in order if message.callback else ():
            form = {
                "MessageSid": message.sid,
                "SmsSid": message.sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "To": message.to,
                "From": message.sender,
                "AccountSid": self.account,
                "ApiVersion": "2010-04-01",
            }
            if status in ("failed", "undelivered") and self.error_code:
                message.error_code = self.error_code
                form["ErrorCode"] = str(self.error_code)
            try:
                self.post(message.callback or "", form)
            except OSError as error:
                self.answers.append((message.callback or "", 0, str(error)))

    def listed(self, query: dict[str, str]) -> dict[str, Any]:
        """GET Messages.json: filters and pages, newest first."""
        found = [
            message
            for message in reversed(self.messages)
            if query.get("To") in (None, message.to)
            and query.get("From") in (None, message.sender)
            and _is_on(message.sent, query)
        ]
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        place = f"/2010-04-01/Accounts/{self.account}/Messages.json"
        following = urlencode(query | {"Page": str(page + 1), "PageSize": str(size)})
        return {
            "page": page,
            "start": size * page,
            "end": min(size * (page + 1), len(found)) - 1,
            "page_size": size,
            "first_page_uri": f"{place}?{urlencode(query)}",
            "next_page_uri": f"{place}?{following}" if len(found) > size * (page + 1) else None,
            "previous_page_uri": None,
            "uri": place,
            "messages": [
                message.as_json(self.account) for message in found[size * page : size * (page + 1)]
            ],
        }

    def is_known(self, authorization: str) -> bool:
        """Basic authentication with the account and its token."""
        expected = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        return authorization == f"Basic {expected}"


def _is_on(sent: datetime | None, query: dict[str, str]) -> bool:
    """The DateSent filters; a message that has not been sent fits none of them."""
    for name, fits in (
        ("DateSent", lambda day, at: at.date() == day.date()),
        ("DateSent<", lambda day, at: at < day + timedelta(days=1)),
        ("DateSent>", lambda day, at: at >= day),
    ):
        if name in query:
            day = datetime.fromisoformat(query[name].replace("Z", "+00:00"))
            day = day if day.tzinfo else day.replace(tzinfo=UTC)
            if sent is None or not fits(day, sent):
                return False
    return True


def _new_sid() -> str:
    return f"SM{secrets.token_hex(16)}"
