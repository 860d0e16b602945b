"""Whose phone it is: verified by an answer, a decider's changed by two, alarms, loops, STOP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.access import Viewer
from domain.cases import WaitingFor
from domain.messages import OutState
from domain.people import Role
from services import conversation, identity, inbox, outbox
from services.cases import CaseError
from services.conversation import Outcome, answering
from sms.gateway import RawPart
from store import contacts, phone_queries
from store.db import Database
from store.log import LogEntry
from store.messages import InboundSms, OutboundSms, Sim
from store.people import Phone, Unit
from tests.cast import BUDI_PHONE, DEWI_PHONE, RAHMAT_PHONE, SRI_PHONE, STRANGER
from tests.services.test_the_way_of_a_leave import Town

NEW = "+628115557777"
YUSUF = Viewer(2, Role.BKD, None)


@pytest.fixture
def town(db: Database) -> Town:
    return Town(db)


@pytest.fixture
def dewi(town: Town) -> Viewer:
    with town.db.read() as session:
        unit = session.scalars(select(Unit).order_by(Unit.id)).first()
        assert unit is not None
        return Viewer(1, Role.OPERATOR, unit.path, town.cast.dewi)


def phone(town: Town, number: str) -> Phone:
    with town.db.read() as session:
        return session.scalars(select(Phone).where(Phone.number == number)).one()


def writes_by(town: Town, road: str, number: str, words: str) -> InboundSms:
    """An SMS that comes in over another road of ours."""
    town.now += timedelta(minutes=1)
    part = RawPart(road, number, words, town.now, f"{road}-{town.now.timestamp()}")
    inbox.take_in(town.db, town.now, part)
    conversation.answer_waiting(town.db, lambda: town.now)
    with town.db.read() as session:
        found = session.scalars(select(InboundSms).order_by(InboundSms.id.desc())).first()
    assert found is not None
    return found


def asked_by_budi(town: Town) -> str:
    town.text(BUDI_PHONE, "mohon cuti tahunan 7-9 Desember, acara keluarga")
    return town.code()


# --- a new number ----------------------------------------------------------------------------


def test_the_first_answered_sms_verifies_a_number(town: Town) -> None:
    code = asked_by_budi(town)
    assert phone(town, SRI_PHONE).verified_at is None
    assert town.text(SRI_PHONE, f"ya {code}").outcome == Outcome.DECIDED
    assert phone(town, SRI_PHONE).verified_at is not None


def test_a_phone_that_never_answered_us_decides_only_at_its_second_word(town: Town) -> None:
    with town.db.begin() as tx:
        tx.add(Phone(employee_id=town.cast.sri, number=NEW, first_day=town.now.date()))
    code = asked_by_budi(town)
    assert town.text(NEW, f"ya {code}").outcome == Outcome.ASKED
    assert town.case().waiting_for is WaitingFor.SUPERVISOR
    assert "belum kami kenal" in town.outbox(NEW)[-1]
    assert town.text(NEW, f"ya {code}").outcome == Outcome.DECIDED


def test_an_employees_number_changes_at_once_and_the_old_one_hears_of_it(
    town: Town, dewi: Viewer
) -> None:
    assert identity.propose_number(town.db, town.now, dewi, town.cast.budi, "0811-555-7777")
    assert "berakhiran 777" in town.outbox(BUDI_PHONE)[-1]
    assert "Balas YA" in town.outbox(NEW)[-1]
    answer = town.text(NEW, "ya")
    assert answer.outcome == Outcome.ANSWERED
    assert phone(town, NEW).verified_at is not None
    assert "sudah kami kenal" in town.outbox(NEW)[-1]


def test_a_deciders_number_waits_for_a_second_person_and_decides_nothing_until_then(
    town: Town, dewi: Viewer
) -> None:
    code = asked_by_budi(town)
    assert not identity.propose_number(town.db, town.now, dewi, town.cast.sri, NEW)
    assert town.text(NEW, f"ya {code}").outcome == Outcome.STRANGER
    assert town.case().waiting_for is WaitingFor.SUPERVISOR
    waiting = phone(town, NEW).id
    with pytest.raises(CaseError, match="orang kedua"):
        identity.confirm_number(town.db, town.now, dewi, waiting)
    identity.confirm_number(town.db, town.now, YUSUF, waiting)
    assert "berakhiran 777" in town.outbox(SRI_PHONE)[-1]
    assert town.text(SRI_PHONE, f"ya {code}").outcome == Outcome.STRANGER
    assert town.text(NEW, f"ya {code}").outcome == Outcome.DECIDED
    with pytest.raises(CaseError):
        identity.confirm_number(town.db, town.now, YUSUF, waiting)


def test_a_refused_number_falls_away_and_the_old_one_stays(town: Town, dewi: Viewer) -> None:
    identity.propose_number(town.db, town.now, dewi, town.cast.sri, NEW)
    identity.refuse_number(town.db, town.now, YUSUF, phone(town, NEW).id)
    with town.db.read() as session:
        numbers = session.scalars(select(Phone.number).where(Phone.employee_id == town.cast.sri))
        assert numbers.all() == [SRI_PHONE]
        actions = session.scalars(select(LogEntry.action).where(LogEntry.subject == "phone")).all()
    assert actions == ["number_proposed", "number_refused"]


@pytest.mark.parametrize(("number", "code"), [("TELKOMSEL", "no_number"), ("123", "no_number")])
def test_what_is_no_number_is_refused(town: Town, dewi: Viewer, number: str, code: str) -> None:
    with pytest.raises(CaseError) as caught:
        identity.propose_number(town.db, town.now, dewi, town.cast.budi, number)
    assert caught.value.code == code


def test_nobody_changes_their_own_number(town: Town, dewi: Viewer) -> None:
    with pytest.raises(CaseError) as caught:
        identity.propose_number(town.db, town.now, dewi, town.cast.dewi, NEW)
    assert caught.value.code == "own_number"


# --- unusual decisions -----------------------------------------------------------------------


def alarms(town: Town) -> list[str]:
    with town.db.read() as session:
        found = select(LogEntry.why).where(LogEntry.action == "unusual_decision")
        return list(session.scalars(found))


def test_a_decision_by_the_usual_road_raises_no_alarm(town: Town) -> None:
    code = asked_by_budi(town)
    town.text(SRI_PHONE, f"ya {code}")
    assert alarms(town) == []


def test_a_decision_by_another_road_is_logged_and_told_to_kasubag(town: Town) -> None:
    town.text(SRI_PHONE, "status")
    code = asked_by_budi(town)
    assert writes_by(town, "twilio", SRI_PHONE, f"ya {code}").outcome == Outcome.DECIDED
    assert alarms(town) == ["jalur yang tidak biasa"]
    assert any("Keputusan atas nama" in text for text in town.outbox(RAHMAT_PHONE))
    with town.db.read() as session:
        shown = phone_queries.alarms(session, YUSUF, town.now - timedelta(days=1))
    assert [alarm.employee_id for alarm in shown] == [town.cast.sri]


def test_a_number_that_was_silent_for_weeks_and_decides_is_told_to_the_other_number(
    town: Town,
) -> None:
    with town.db.begin() as tx:
        day = town.now.date()
        tx.add(Phone(employee_id=town.cast.sri, number=NEW, first_day=day, verified_at=town.now))
        contacts.verify_number(tx, town.now, town.cast.sri, SRI_PHONE)
    town.text(SRI_PHONE, "status")
    town.now += timedelta(weeks=8)
    code_of = town.text(BUDI_PHONE, "mohon izin besok, urusan keluarga")
    assert code_of.outcome == Outcome.FILED
    with town.db.read() as session:
        asked = session.scalars(
            select(OutboundSms).where(OutboundSms.employee_id == town.cast.sri)
        ).all()[-1]
    words = asked.text.replace(".", " ").split()
    town.text(SRI_PHONE, f"ya {words[words.index('YA') + 1]}")
    assert alarms(town) == ["HP yang lama diam"]
    assert any("lama diam" in text for text in town.outbox(NEW))


# --- stops and loops -------------------------------------------------------------------------


def test_stop_over_twilio_stops_the_number_without_an_answer_until_start(town: Town) -> None:
    before = len(town.outbox(BUDI_PHONE))
    assert writes_by(town, "twilio", BUDI_PHONE, "STOP").outcome == Outcome.STOPPED
    assert len(town.outbox(BUDI_PHONE)) == before
    assert phone(town, BUDI_PHONE).stop_reason == contacts.OPTED_OUT
    writes_by(town, "twilio", BUDI_PHONE, "start")
    assert phone(town, BUDI_PHONE).stopped_at is None


def test_berhenti_stops_alerts_only(town: Town) -> None:
    town.text(BUDI_PHONE, "BERHENTI")
    seen = phone(town, BUDI_PHONE)
    assert (seen.alerts_off_at is not None, seen.stopped_at) == (True, None)


@pytest.mark.parametrize(
    "words", ["bukan saya", "Maaf, salah sambung", "hp ini bukan punya bu Sri"]
)
def test_bukan_saya_stops_the_number_at_once_and_the_operator_hears_of_it(
    town: Town, words: str
) -> None:
    asked_by_budi(town)
    assert town.text(SRI_PHONE, words).outcome == Outcome.STOPPED
    assert town.case().waiting_for is WaitingFor.SUPERVISOR
    assert any("BUKAN SAYA" in text for text in town.outbox(DEWI_PHONE))
    assert phone(town, SRI_PHONE).stopped_at is not None
    with town.db.begin() as tx:
        message = outbox.queue(
            tx, town.now, outbox.MessageClass.OUTCOME, "kabar", employee_id=town.cast.sri
        )
    assert message is not None
    assert message.state is OutState.WITHHELD


def test_wrong_number_from_somebody_we_know_stops_nothing(town: Town) -> None:
    code = asked_by_budi(town)
    town.text(SRI_PHONE, f"ya {code}")
    town.text(SRI_PHONE, "maaf salah nomor")
    assert phone(town, SRI_PHONE).stopped_at is None


def written(town: Town) -> int:
    with town.db.read() as session:
        return len(session.scalars(select(OutboundSms.id)).all())


@pytest.mark.parametrize("sender", ["TELKOMSEL", "777", "3636"])
def test_an_advertiser_gets_no_reply(town: Town, sender: str) -> None:
    before = written(town)
    assert town.text(sender, "Paket 10GB cuma 50rb, balas YA").outcome == Outcome.MACHINE
    assert written(town) == before


def test_our_own_number_gets_no_reply(town: Town) -> None:
    with town.db.begin() as tx:
        tx.add(Sim(imsi="1", number="+628119990000"))
    assert town.text("+628119990000", "cuti besok").outcome == Outcome.LOOP


@pytest.mark.parametrize("sender", [BUDI_PHONE, STRANGER])
def test_twenty_equal_texts_get_a_few_replies_and_then_none(town: Town, sender: str) -> None:
    before = written(town)
    outcomes = []
    for _ in range(20):
        town.now -= timedelta(seconds=50)  # each ten seconds after the one before
        outcomes.append(town.text(sender, "assalamualaikum, apa kabar").outcome)
    assert outcomes[3:] == [Outcome.LOOP] * 17
    assert written(town) - before <= 3


def test_our_own_text_that_comes_back_is_a_bounce(town: Town) -> None:
    asked_by_budi(town)
    told = town.outbox(BUDI_PHONE)[-1]
    before = written(town)
    assert town.text(BUDI_PHONE, f"  {told}\n").outcome == Outcome.LOOP
    assert written(town) == before


def test_forty_messages_in_an_hour_are_enough(town: Town) -> None:
    outcomes = []
    for number in range(45):
        town.now -= timedelta(seconds=40)
        outcomes.append(town.text(BUDI_PHONE, f"status ya {number}").outcome)
    assert outcomes[-1] == Outcome.LOOP
    assert outcomes[30] != Outcome.LOOP


def test_strangers_get_one_reply_a_day_each_and_few_all_together(town: Town) -> None:
    before = written(town)
    for _ in range(3):
        town.text(STRANGER, "saya mau izin besok")
    assert written(town) - before == 1
    for number in range(60):
        town.text(f"+62857000{number:05d}", "saya mau izin besok")
    assert written(town) - before == answering.STRANGERS_A_DAY
