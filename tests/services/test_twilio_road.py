"""The road over Twilio, whole: real client, Twilio on the loopback, callbacks to a real panel."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.serving import make_server

import webapp
from config.settings import Panel
from config.settings import Twilio as Access
from domain.messages import LANES, MessageClass, OutState
from domain.people import Role
from services import sending, twilio_road
from simulators.twilio import Fault, Twilio
from sms import segments
from sms.gateway import Outgoing
from sms.twilio_gateway import TwilioGateway
from store import contacts, outbox_queries
from store.calendars import Setting
from store.db import Database
from store.messages import InboundPart, OutboundSms
from store.people import Account, Employee, Phone
from tests.servers import wait_for

BUDI = "+14155550100"
ACCOUNT = "AC" + "0a" * 16
Send = Callable[[], int]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    account = Twilio(ACCOUNT, "a token of Twilio", statuses=())
    account.start()
    yield account
    account.stop()


@pytest.fixture
def webhooks(database_url: str, twilio: Twilio) -> Iterator[str]:
    """The panel on a socket, reached under its public URL; the address of Twilio's webhooks."""
    access = Access(twilio.account, twilio.token, twilio.number, twilio.url)
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    asked = Panel(
        "training", database_url, "redis://127.0.0.1:1/0", "a secret of these tests", address,
        server.server_port, (), access,
    )  # fmt: skip
    server.app = webapp.create_app(asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"{address}/sms/twilio"
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateway(twilio: Twilio, webhooks: str) -> TwilioGateway:
    return TwilioGateway(
        twilio.account,
        twilio.token,
        twilio.number,
        status_url=f"{webhooks}/status",
        api_url=twilio.url,
        timeout=0.7,
    )


@pytest.fixture
def send(db: Database, gateway: TwilioGateway) -> Send:
    return lambda: twilio_road.send_waiting(db, now, gateway, "a worker")


def a_message(db: Database, text: str = "Cuti Anda sudah dicatat.", **columns: object) -> int:
    values = {
        "number": BUDI, "message_class": MessageClass.OUTCOME,
        "lane": int(LANES[MessageClass.OUTCOME]), "text": text, "state": OutState.QUEUED,
        "route": "twilio", "any_hour": True, "not_before": now(), "created_at": now(), **columns,
    }  # fmt: skip
    with db.begin() as tx:
        message = OutboundSms(**values)
        tx.add(message)
        tx.flush()
        return message.id


def look_at(db: Database, message_id: int) -> OutboundSms:
    with db.read() as session:
        return session.get_one(OutboundSms, message_id)


def make_due(db: Database, message_id: int) -> None:
    """Time passes for this one message."""
    with db.begin() as tx:
        tx.get_one(OutboundSms, message_id).not_before = now()


def age(db: Database, message_id: int, by: timedelta) -> None:
    with db.begin() as tx:
        message = tx.get_one(OutboundSms, message_id)
        message.submitted_at = (message.submitted_at or now()) - by


def test_shuffled_and_doubled_callbacks_end_in_delivered(
    db: Database, twilio: Twilio, send: Send
) -> None:
    twilio.statuses, twilio.shuffled = ("queued", "sending", "sent", "delivered"), True
    messages = [a_message(db, f"kabar {number}") for number in range(6)]
    assert send() == 6
    twilio.settle()
    assert {status for _, status, _ in twilio.answers} == {200}
    for message in messages:
        seen = look_at(db, message)
        assert (seen.state, seen.receipt) == (OutState.SENT, "delivered")
    assert sorted(each.body for each in twilio.sent) == [f"kabar {n}" for n in range(6)]


def test_callbacks_that_come_before_the_answer_are_not_lost(
    db: Database, twilio: Twilio, send: Send
) -> None:
    twilio.statuses, twilio.early = ("sent", "delivered"), True
    message = a_message(db)
    send()
    seen = look_at(db, message)
    assert (seen.state, seen.receipt, seen.reference) == (
        OutState.SENT,
        "delivered",
        twilio.sent[0].sid,
    )


def test_a_bad_end_that_comes_before_the_answer_stays(
    db: Database, twilio: Twilio, send: Send
) -> None:
    twilio.statuses, twilio.early, twilio.error_code = ("undelivered",), True, 30005
    message = a_message(db)
    send()
    seen = look_at(db, message)
    assert (seen.state, seen.receipt) == (OutState.FAILED, "undelivered")


@pytest.mark.parametrize("kind", ["stall", "drop", "unreadable", "broken"])
def test_a_lost_answer_is_looked_up_and_nothing_goes_twice(
    db: Database, twilio: Twilio, gateway: TwilioGateway, send: Send, kind: str
) -> None:
    twilio.faults.append(Fault(kind, seconds=1.2))
    message = a_message(db)
    send()
    assert look_at(db, message).state is OutState.UNKNOWN
    assert twilio_road.look_up(db, now, gateway) == 1
    seen = look_at(db, message)
    assert (seen.state, seen.reference) == (OutState.SENT, twilio.sent[0].sid)
    age(db, message, timedelta(minutes=10))
    assert (twilio_road.look_up(db, now, gateway), send(), len(twilio.sent)) == (0, 0, 1)


def test_what_is_surely_not_in_the_list_goes_again_and_not_before(
    db: Database, twilio: Twilio, gateway: TwilioGateway, send: Send
) -> None:
    twilio.faults.append(Fault("drop_before"))
    message = a_message(db)
    send()
    assert (twilio_road.look_up(db, now, gateway), send()) == (0, 0)
    assert look_at(db, message).state is OutState.UNKNOWN
    age(db, message, timedelta(minutes=3))
    assert (twilio_road.look_up(db, now, gateway), send()) == (1, 1)
    assert look_at(db, message).state is OutState.SENT
    assert len(twilio.sent) == 1


def test_while_the_list_cannot_be_read_the_message_stays_unknown(
    db: Database, twilio: Twilio, gateway: TwilioGateway, send: Send
) -> None:
    twilio.faults.append(Fault("drop"))
    message = a_message(db)
    send()
    age(db, message, timedelta(minutes=5))
    twilio.stop()
    assert twilio_road.look_up(db, now, gateway) == 0
    assert look_at(db, message).state is OutState.UNKNOWN


def test_two_equal_lost_messages_are_found_one_each(
    db: Database, twilio: Twilio, gateway: TwilioGateway, send: Send
) -> None:
    twilio.faults += [Fault("drop"), Fault("drop")]
    first, second = a_message(db), a_message(db)
    send()
    assert twilio_road.look_up(db, now, gateway) == 2
    found = {look_at(db, message).reference for message in (first, second)}
    assert found == {message.sid for message in twilio.sent}


def test_a_sender_that_died_in_the_middle_is_looked_up_too(
    db: Database, twilio: Twilio, gateway: TwilioGateway
) -> None:
    message = a_message(db)
    text = segments.plan(look_at(db, message).text)
    gateway.send(Outgoing(message, BUDI, text))  # and here the process ends
    with db.begin() as tx:
        row = tx.get_one(OutboundSms, message)
        row.state, row.submitted_at, row.claimed_until = OutState.SUBMITTING, now(), now()
    sending.settle_forgotten(db, now())
    assert look_at(db, message).state is OutState.UNKNOWN
    twilio_road.look_up(db, now, gateway)
    assert look_at(db, message).state is OutState.SENT


def test_three_times_too_many_requests_and_then_sent_with_the_spacing_kept(
    db: Database, twilio: Twilio, send: Send
) -> None:
    twilio.faults += [Fault("throttle", seconds=1), Fault("throttle", seconds=1)]
    twilio.faults.append(Fault("throttle", seconds=1))
    first, second = a_message(db, "pertama"), a_message(db, "kedua")
    wait_for(lambda: send() >= 0 and len(twilio.sent) == 2, seconds=60)
    gaps = [b - a for a, b in zip(twilio.asked_at, twilio.asked_at[1:], strict=False)]
    assert len(twilio.asked_at) == 5
    assert all(gap >= 0.99 for gap in gaps[:3]), gaps
    assert look_at(db, first).state is look_at(db, second).state is OutState.SENT


def test_an_opt_out_stops_the_number_until_start(db: Database, twilio: Twilio, send: Send) -> None:
    with db.begin() as tx:
        budi = Employee(name="Budi", employment="pns", in_service_from=now().date())
        tx.add(budi)
        tx.flush()
        tx.add(Phone(employee_id=budi.id, number=BUDI, first_day=now().date()))
    twilio.opted_out.add(BUDI)
    message = a_message(db)
    send()
    assert look_at(db, message).state is OutState.FAILED
    with db.read() as session:
        phone = session.scalars(select(Phone)).one()
    assert phone.stopped_at is not None
    with db.begin() as tx:
        assert contacts.opt_in(tx, BUDI)
    with db.read() as session:
        assert session.scalars(select(Phone)).one().stopped_at is None


def test_a_refused_key_stops_the_road_keeps_the_message_and_calls_a_technician_once(
    db: Database, twilio: Twilio, send: Send
) -> None:
    with db.begin() as tx:
        tx.add(
            Account(
                login="tono", password_hash="-", role=Role.TECHNICIAN, phone="+628115550009",
                created_at=now(),
            )
        )  # fmt: skip
    message, another = a_message(db), a_message(db)
    twilio.token = "changed in the console"
    assert (send(), send()) == (1, 0)
    assert len(twilio.requests) == 1
    assert look_at(db, message).state is OutState.RETRY
    assert look_at(db, another).state is OutState.QUEUED
    with db.read() as session:
        road = outbox_queries.road(session, "twilio")
        alarms = session.scalars(
            select(OutboundSms).where(OutboundSms.message_class == MessageClass.TECHNICAL)
        ).all()
    assert road is not None
    assert "20003" in (road.problem or "")
    assert [alarm.number for alarm in alarms] == ["+628115550009"]


@pytest.mark.parametrize(("code", "tries"), [(30008, 2), (30003, 2), (30001, 4), (30006, 1)])
def test_what_was_not_delivered_goes_again_only_where_that_may_help(
    db: Database, twilio: Twilio, send: Send, code: int, tries: int
) -> None:
    twilio.statuses, twilio.error_code = ("undelivered",), code
    message = a_message(db)
    for _ in range(6):
        send()
        twilio.settle()
        make_due(db, message)
    assert len(twilio.sent) == tries
    assert look_at(db, message).state is OutState.FAILED


def test_a_second_try_that_arrives_is_delivered_whatever_the_first_says_late(
    db: Database, twilio: Twilio, send: Send
) -> None:
    twilio.statuses, twilio.error_code = ("undelivered",), 30008
    message = a_message(db)
    send()
    twilio.settle()
    first = twilio.sent[0]
    twilio.statuses = ("sent", "delivered")
    make_due(db, message)
    send()
    twilio.post(first.callback or "", {"MessageSid": first.sid, "MessageStatus": "sent"})
    twilio.settle()
    seen = look_at(db, message)
    assert (seen.state, seen.receipt, seen.reference) == (
        OutState.SENT,
        "delivered",
        twilio.sent[1].sid,
    )


def test_a_message_that_died_of_its_age_at_twilio_has_died(
    db: Database, twilio: Twilio, send: Send
) -> None:
    twilio.statuses, twilio.error_code = ("failed",), 30036
    message = a_message(db, dies_at=now() + timedelta(minutes=20))
    send()
    twilio.settle()
    assert look_at(db, message).state is OutState.DIED
    assert 0 < twilio.sent[0].validity <= 1200


def test_what_the_webhook_missed_comes_in_by_the_list_and_only_once(
    db: Database, twilio: Twilio, gateway: TwilioGateway, webhooks: str
) -> None:
    status, _ = twilio.text(BUDI, "cuti besok", f"{webhooks}/inbound")
    assert status == 200
    twilio.missed(BUDI, "sakit hari ini")
    assert twilio_road.take_in_missed(db, now, gateway) == 1
    assert twilio_road.take_in_missed(db, now, gateway) == 0
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(InboundPart)) == 2


@pytest.mark.parametrize("algorithm", ["HMAC_SHA1", "HMAC_SHA256"])
def test_a_signature_made_without_our_library_is_believed(
    twilio: Twilio, webhooks: str, algorithm: str
) -> None:
    twilio.algorithm = algorithm
    assert twilio.text(BUDI, "izin pulang cepat & sakit = ya?", f"{webhooks}/inbound")[0] == 200
    twilio.token = "guessed"
    assert twilio.text(BUDI, "izin", f"{webhooks}/inbound")[0] == 403


# --- what may go this way --------------------------------------------------------------------

SRI = "+628110000002"


def test_abroad_is_the_road_for_who_has_none_yet_and_home_is_not(
    db: Database, twilio: Twilio, send: Send
) -> None:
    a_message(db, "ke luar negeri", route=None)
    at_home = a_message(db, "di rumah", route=None, number=SRI)
    assert twilio_road.anything_waits(db, now(), two_way=True)
    send()
    assert [message.body for message in twilio.sent] == ["ke luar negeri"]
    assert look_at(db, at_home).state is OutState.QUEUED


def test_a_modem_leaves_what_goes_abroad_to_the_road_for_it_for_a_minute(db: Database) -> None:
    message = a_message(db, route=None)
    reach = outbox_queries.Reach("sim:1", homeless_too=True)
    with db.read() as session:
        later = now() + timedelta(minutes=2)
        assert outbox_queries.next_to_leave(session, now(), reach) is None
        found = outbox_queries.next_to_leave(session, later, reach)
    assert found is not None
    assert found.id == message


def test_a_name_as_sender_carries_nothing_that_was_not_meant_for_it(
    db: Database, twilio: Twilio, gateway: TwilioGateway, send: Send
) -> None:
    gateway.two_way = False
    a_message(db, route=None)
    assert send() == 0


def test_notices_to_indonesia_go_over_twilio_only_where_that_was_decided_and_their_road_fails(
    db: Database, twilio: Twilio, send: Send
) -> None:
    long_ago = now() - timedelta(minutes=11)
    a_message(
        db, "sudah dicatat", route="sim:1", home_route="sim:1", number=SRI, not_before=long_ago
    )
    a_message(db, "baru saja", route="sim:1", number=SRI)
    a_message(db, "Balas YA 27", route=None, number=SRI, not_before=long_ago, wants_answer=True)
    assert send() == 0
    with db.begin() as tx:
        allowed = {"notices": True}
        tx.add(Setting(name=twilio_road.AT_HOME, first_day=date(2026, 1, 1), value=allowed))
    assert send() == 1
    assert [message.body for message in twilio.sent] == ["Hadir, kartu lain: sudah dicatat"]


def test_a_lost_notice_that_named_its_sender_is_found_by_the_words_that_left(
    db: Database, twilio: Twilio, gateway: TwilioGateway, send: Send
) -> None:
    message = a_message(db, home_route="sim:1")
    twilio.faults.append(Fault("drop"))
    send()
    twilio_road.look_up(db, now, gateway)
    assert look_at(db, message).state is OutState.SENT
