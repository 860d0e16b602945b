"""Twilio's webhooks: stored before acknowledged, forged ones refused, repeats harmless."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from rq import Queue
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

import webapp
from config.settings import Twilio
from domain.messages import MessageClass, OutState
from services import inbox
from store.bell import MESSAGES
from store.db import Database
from store.messages import InboundPart, InboundSms, OutboundSms, TwilioCallback
from tests.webapp import office
from tests.webapp.conftest import settings

TOKEN = "a token of Twilio"
PUBLIC = "https://hadir.example"
MESSAGE = {
    "MessageSid": "SM1",
    "From": "+14155550100",
    "To": "+14155550199",
    "Body": "Cuti tahunan 7 Des, terima kasih 🙏",
    "NumMedia": "0",
    "AParameterOfTomorrow": "is signed too",
}


@pytest.fixture
def panel(office_url: str) -> Iterator[Flask]:
    """The panel as it stands behind a proxy, forms protected as in life."""
    twilio = Twilio("AC1", TOKEN, "+14155550199", None)
    asked = settings(office_url, public_url=PUBLIC, twilio=twilio)
    made = webapp.create_app(asked, clock=lambda: office.NOW)
    yield made
    made.extensions["hadir"].db.engine.dispose()


@pytest.fixture
def twilio(panel: Flask) -> FlaskClient:
    return panel.test_client()


def post(
    client: FlaskClient,
    path: str,
    form: dict[str, str],
    *,
    token: str = TOKEN,
    algorithm: str | None = None,
    sent: dict[str, str] | None = None,
) -> TestResponse:
    """Twilio posts `form`, signed with `token`; `sent` is what somebody made of it on the way."""
    signature = RequestValidator(token).compute_signature(PUBLIC + path, form, algorithm)
    headers = {"X-Twilio-Signature": signature}
    if algorithm:
        headers["X-Twilio-Webhooks-Signature-Settings"] = f"key=WK1,algorithm={algorithm}"
    return client.post(path, data=sent or form, headers=headers)


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def a_message_of_ours(database: Database, **columns: object) -> int:
    values = {
        "number": "+14155550100", "message_class": MessageClass.OUTCOME, "lane": 2, "text": "x",
        "state": OutState.SENT, "route": "twilio", "reference": "SM9", "not_before": office.NOW,
        "created_at": office.NOW, **columns,
    }  # fmt: skip
    with database.begin() as tx:
        message = OutboundSms(**values)
        tx.add(message)
        tx.flush()
        return message.id


def look_at(database: Database, message_id: int) -> OutboundSms:
    with database.read() as session:
        return session.get_one(OutboundSms, message_id)


# --- inbound ---------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", [None, "HMAC_SHA1", "HMAC_SHA256"])
def test_a_signed_message_is_stored_and_answered_with_empty_twiml(
    twilio: FlaskClient, office_db: Database, algorithm: str | None
) -> None:
    before = count(office_db, InboundPart)
    answer = post(twilio, "/sms/twilio/inbound", MESSAGE, algorithm=algorithm)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.text.endswith("<Response></Response>")
    assert count(office_db, InboundPart) == before + 1
    assert inbox.make_messages(office_db, office.NOW) == 1
    with office_db.read() as session:
        newest = session.scalars(select(InboundSms).order_by(InboundSms.id.desc())).first()
    assert newest is not None
    assert (newest.text, newest.number, newest.route) == (
        MESSAGE["Body"],
        "+14155550100",
        "twilio",
    )


def test_the_same_message_again_gets_the_same_answer_and_changes_nothing(
    twilio: FlaskClient, office_db: Database
) -> None:
    first = post(twilio, "/sms/twilio/inbound", MESSAGE)
    before = count(office_db, InboundPart)
    again = post(twilio, "/sms/twilio/inbound", MESSAGE)
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert count(office_db, InboundPart) == before
    assert inbox.make_messages(office_db, office.NOW) == 1
    assert inbox.make_messages(office_db, office.NOW) == 0


@pytest.mark.parametrize("path", ["/sms/twilio/inbound", "/sms/twilio/status"])
def test_a_forged_request_is_refused_and_nothing_is_stored(
    twilio: FlaskClient, office_db: Database, path: str
) -> None:
    a_message_of_ours(office_db)
    form = MESSAGE | {"MessageSid": "SM9", "MessageStatus": "failed"}
    before = [count(office_db, table) for table in (InboundPart, InboundSms, TwilioCallback)]
    forged = [
        post(twilio, path, form, token="guessed"),
        post(twilio, path, form, sent=form | {"Body": "TIDAK"}),
        post(twilio, path, form, sent=form | {"More": "unsigned"}),
        twilio.post(path, data=form),
        twilio.post(path, data=form, headers={"X-Twilio-Signature": "ö"}),
        twilio.post(
            path, data=form, headers={"X-Twilio-Webhooks-Signature-Settings": "algorithm=none"}
        ),
    ]
    assert [answer.status_code for answer in forged] == [403] * len(forged)
    assert [count(office_db, t) for t in (InboundPart, InboundSms, TwilioCallback)] == before


def test_a_new_message_rings_for_a_worker_once_it_is_committed(
    office_url: str, redis_url: str
) -> None:
    twilio = Twilio("AC1", TOKEN, "+14155550199", None)
    asked = settings(office_url, redis_url, public_url=PUBLIC, twilio=twilio)
    panel = webapp.create_app(asked, clock=lambda: office.NOW)
    queue = Queue(MESSAGES, connection=Redis.from_url(redis_url), serializer="json")
    queue.empty()
    post(panel.test_client(), "/sms/twilio/inbound", MESSAGE)
    assert queue.job_ids == ["answer_inbound"]
    queue.empty()
    panel.extensions["hadir"].db.engine.dispose()


def test_without_a_token_the_routes_are_not_there(app: Flask) -> None:
    for path in ("/sms/twilio/inbound", "/sms/twilio/status"):
        assert app.test_client().post(path, data=MESSAGE).status_code == 404


def test_a_message_without_its_sid_is_refused_by_name(twilio: FlaskClient) -> None:
    answer = post(twilio, "/sms/twilio/inbound", {"From": "+14155550100", "Body": "halo"})
    assert answer.status_code == 400
    assert "MessageSid" in answer.text


def test_an_endless_body_is_refused_unread(twilio: FlaskClient, office_db: Database) -> None:
    before = count(office_db, InboundPart)
    answer = post(twilio, "/sms/twilio/inbound", MESSAGE | {"Body": "x" * 100_000})
    assert answer.status_code == 413
    assert count(office_db, InboundPart) == before


def test_nul_letters_are_left_out(twilio: FlaskClient, office_db: Database) -> None:
    assert post(twilio, "/sms/twilio/inbound", MESSAGE | {"Body": "ya\x00"}).status_code == 200
    with office_db.read() as session:
        assert session.scalar(select(InboundPart.text).order_by(InboundPart.id.desc())) == "ya"


# --- status callbacks ------------------------------------------------------------------------


def test_callbacks_in_any_order_and_twice_end_in_delivered(
    twilio: FlaskClient, office_db: Database
) -> None:
    for number, order in enumerate(permutations(("queued", "sending", "sent", "delivered"))):
        sid = f"SM{number}"
        message = a_message_of_ours(office_db, reference=sid)
        for status in (*order, *order):
            form = {"MessageSid": sid, "MessageStatus": status}
            assert post(twilio, "/sms/twilio/status", form).status_code == 200
        seen = look_at(office_db, message)
        assert (seen.receipt, seen.state) == ("delivered", OutState.SENT), order
        with office_db.read() as session:
            kept = session.scalars(select(TwilioCallback.id).where(TwilioCallback.sid == sid))
            assert len(kept.all()) == 4


def test_a_final_status_stays_and_a_bad_one_names_its_error(
    twilio: FlaskClient, office_db: Database
) -> None:
    message = a_message_of_ours(office_db)
    bad = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": "30005"}
    post(twilio, "/sms/twilio/status", bad)
    post(twilio, "/sms/twilio/status", {"MessageSid": "SM9", "MessageStatus": "sent"})
    post(twilio, "/sms/twilio/status", {"MessageSid": "SM9", "MessageStatus": "delivered"})
    seen = look_at(office_db, message)
    assert (seen.receipt, seen.state) == ("undelivered", OutState.FAILED)
    assert "30005" in (seen.problem or "")


@pytest.mark.parametrize("state", [OutState.SUBMITTING, OutState.UNKNOWN])
def test_a_callback_before_the_answer_settles_the_message_by_our_own_id(
    twilio: FlaskClient, office_db: Database, state: OutState
) -> None:
    message = a_message_of_ours(office_db, reference=None, state=state)
    path = f"/sms/twilio/status?message={message}"
    post(twilio, path, {"MessageSid": "SM77", "MessageStatus": "sent"})
    seen = look_at(office_db, message)
    assert (seen.state, seen.reference, seen.receipt) == (OutState.SENT, "SM77", "sent")


def test_our_id_alone_does_not_move_a_message_that_has_another_sid_or_road(
    twilio: FlaskClient, office_db: Database
) -> None:
    known = a_message_of_ours(office_db, reference="SM5")
    by_modem = a_message_of_ours(office_db, reference=None, route="sim:1", state=OutState.UNKNOWN)
    for message in (known, by_modem):
        form = {"MessageSid": f"SM9{message}", "MessageStatus": "failed"}
        post(twilio, f"/sms/twilio/status?message={message}", form)
    assert look_at(office_db, known).state is OutState.SENT
    assert look_at(office_db, by_modem).state is OutState.UNKNOWN


def test_a_callback_about_a_message_we_do_not_know_is_kept(
    twilio: FlaskClient, office_db: Database
) -> None:
    before = count(office_db, TwilioCallback)
    form = {"MessageSid": "SM404", "MessageStatus": "sent"}
    assert post(twilio, "/sms/twilio/status", form).status_code == 200
    assert count(office_db, TwilioCallback) == before + 1
