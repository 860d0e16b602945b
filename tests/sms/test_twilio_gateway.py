"""Twilio's client against a Twilio on the loopback: what is sent, and what every failure means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from simulators.twilio import Fault, Twilio
from sms import segments
from sms.gateway import OutcomeUnknown, Outgoing, SmsError
from sms.twilio_gateway import TwilioGateway

BUDI = "+14155550100"
TEXT = "Cuti tahunan 12 Des sudah kami terima."


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    account = Twilio("AC" + "0a" * 16, "a token of Twilio", statuses=())
    account.start()
    yield account
    account.stop()


@pytest.fixture
def gateway(twilio: Twilio) -> TwilioGateway:
    return TwilioGateway(
        twilio.account,
        twilio.token,
        twilio.number,
        status_url="https://hadir.example/sms/twilio/status",
        api_url=twilio.url,
        timeout=0.5,
    )


def a_message(text: str = TEXT, to: str = BUDI, lives_for: timedelta | None = None) -> Outgoing:
    return Outgoing(17, to, segments.plan(text), lives_for)


def test_a_message_is_taken_with_its_sender_text_and_our_id_in_the_callback(
    twilio: Twilio, gateway: TwilioGateway
) -> None:
    sent = gateway.send(a_message())
    assert re.fullmatch(r"SM[0-9a-f]{32}", sent.reference)
    method, path, form = twilio.requests[-1]
    assert (method, path) == ("POST", f"/2010-04-01/Accounts/{twilio.account}/Messages.json")
    assert form == {
        "To": BUDI,
        "From": twilio.number,
        "Body": TEXT,
        "StatusCallback": "https://hadir.example/sms/twilio/status?message=17",
    }


def test_a_long_text_goes_as_one_message(twilio: Twilio, gateway: TwilioGateway) -> None:
    gateway.send(a_message("Daftar pagi: " + "Rina, " * 60))
    assert len(twilio.sent) == 1
    assert twilio.sent[0].body.endswith("Rina, ")


@pytest.mark.parametrize(
    ("lives_for", "seconds"),
    [
        (timedelta(minutes=30), 1800),
        (timedelta(seconds=1), 6),
        (timedelta(days=3), 36_000),
    ],
)
def test_a_message_that_dies_tells_twilio_when(
    twilio: Twilio, gateway: TwilioGateway, lives_for: timedelta, seconds: int
) -> None:
    gateway.send(a_message(lives_for=lives_for))
    assert twilio.sent[0].validity == seconds


@pytest.mark.parametrize("kind", ["stall", "stall_before", "drop", "drop_before", "unreadable"])
def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(
    twilio: Twilio, gateway: TwilioGateway, kind: str
) -> None:
    twilio.faults.append(Fault(kind, seconds=1.0))
    with pytest.raises(OutcomeUnknown):
        gateway.send(a_message())
    assert len(twilio.asked_at) == 1


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_error_of_theirs_is_unknown_too(
    twilio: Twilio, gateway: TwilioGateway, status: int
) -> None:
    twilio.faults.append(Fault("refuse", status=status))
    with pytest.raises(OutcomeUnknown):
        gateway.send(a_message())


def test_a_gone_server_is_unknown_as_well(twilio: Twilio, gateway: TwilioGateway) -> None:
    twilio.stop()
    with pytest.raises(OutcomeUnknown):
        gateway.send(a_message())


@pytest.mark.parametrize("wait", [2.0, 0.0])
def test_too_many_requests_is_the_roads_fault_with_its_waiting_time(
    twilio: Twilio, gateway: TwilioGateway, wait: float
) -> None:
    twilio.faults.append(Fault("throttle", seconds=wait))
    with pytest.raises(SmsError) as caught:
        gateway.send(a_message())
    error = caught.value
    assert not isinstance(error, OutcomeUnknown)
    assert (error.roads_fault, error.permanent) == (True, False)
    assert error.retry_after == timedelta(seconds=wait)
    assert twilio.sent == []


def refused(twilio: Twilio, gateway: TwilioGateway, code: int, status: int = 400) -> SmsError:
    twilio.faults.append(Fault("refuse", status=status, code=code))
    with pytest.raises(SmsError) as caught:
        gateway.send(a_message())
    assert not isinstance(caught.value, OutcomeUnknown)
    return caught.value


@pytest.mark.parametrize("code", [21611, 30001, 20429])
def test_a_full_queue_is_worth_another_try(
    twilio: Twilio, gateway: TwilioGateway, code: int
) -> None:
    error = refused(twilio, gateway, code)
    assert (error.roads_fault, error.permanent) == (True, False)


@pytest.mark.parametrize("code", [21211, 21614, 21606, 21612, 21617, 99999])
def test_a_bad_number_or_our_own_mistake_is_not(
    twilio: Twilio, gateway: TwilioGateway, code: int
) -> None:
    error = refused(twilio, gateway, code)
    assert (error.permanent, error.roads_fault, error.opted_out) == (True, False, False)
    assert str(code) in str(error)


def test_who_opted_out_is_told_apart(twilio: Twilio, gateway: TwilioGateway) -> None:
    twilio.opted_out.add(BUDI)
    with pytest.raises(SmsError) as caught:
        gateway.send(a_message())
    assert (caught.value.permanent, caught.value.opted_out) == (True, True)


def test_a_refused_key_pauses_the_road_and_keeps_the_message(twilio: Twilio) -> None:
    wrong = TwilioGateway(
        twilio.account, "another token", twilio.number, status_url="x", api_url=twilio.url
    )
    with pytest.raises(SmsError) as caught:
        wrong.send(a_message())
    error = caught.value
    assert (error.code, error.roads_fault, error.permanent) == ("20003", True, False)
    assert error.retry_after


# --- the list --------------------------------------------------------------------------------


def test_a_message_whose_answer_was_lost_is_found_by_number_text_and_time(
    twilio: Twilio, gateway: TwilioGateway
) -> None:
    before = datetime.now(UTC)
    gateway.send(a_message("another text"))
    gateway.send(a_message(to="+14155550101"))
    twilio.faults.append(Fault("drop"))
    with pytest.raises(OutcomeUnknown):
        gateway.send(a_message())
    assert [report.sid for report in gateway.find(BUDI, TEXT, before)] == [twilio.sent[-1].sid]
    assert gateway.find(BUDI, TEXT, before + timedelta(hours=1)) == []


def test_a_list_that_cannot_be_read_is_said(twilio: Twilio, gateway: TwilioGateway) -> None:
    twilio.stop()
    with pytest.raises(SmsError):
        gateway.find(BUDI, TEXT, datetime.now(UTC))


def test_what_the_webhook_missed_stands_in_the_list(twilio: Twilio, gateway: TwilioGateway) -> None:
    first = twilio.missed(BUDI, "cuti besok")
    gateway.send(a_message())
    second = twilio.missed(BUDI, "sakit hari ini")
    parts = gateway.received_since(datetime.now(UTC) - timedelta(days=1))
    assert [(part.key, part.sender, part.text) for part in parts] == [
        (f"twilio:{first.sid}", BUDI, "cuti besok"),
        (f"twilio:{second.sid}", BUDI, "sakit hari ini"),
    ]


def test_a_name_as_sender_receives_nothing(twilio: Twilio) -> None:
    named = TwilioGateway(twilio.account, twilio.token, "HADIR", status_url="x", api_url=twilio.url)
    assert named.received_since(datetime.now(UTC)) == []
    assert twilio.requests == []
