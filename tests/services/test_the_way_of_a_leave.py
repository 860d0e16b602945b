"""One leave through the whole house: asked, decided, passed on, recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.cases import CaseStatus, WaitingFor
from domain.messages import MessageClass
from services import cases, conversation, inbox
from services.conversation import Outcome
from sms.gateway import RawPart
from store.cases import Case, Draft
from store.db import Database
from store.log import LogEntry
from store.messages import InboundSms, OutboundSms
from store.people import Phone
from tests.cast import BUDI_PHONE, DEWI_PHONE, RAHMAT_PHONE, SRI_PHONE, STRANGER
from tests.services.town import Town


@pytest.fixture
def town(db: Database) -> Town:
    return Town(db)


def test_budi_asks_sri_agrees_rahmat_passes_on_and_dewi_records(town: Town) -> None:
    asked = town.text(BUDI_PHONE, "Pak mohon cuti tahunan 7-9 Desember, acara keluarga")
    assert asked.outcome == Outcome.FILED
    assert "Sri Wahyuni" in town.outbox(BUDI_PHONE)[-1]
    request = town.outbox(SRI_PHONE)[-1]
    assert "Budi Santoso" in request and "7-9 Des" in request

    decided = town.text(SRI_PHONE, f"ya {town.code()}")
    assert decided.outcome == Outcome.DECIDED
    case = town.case()
    assert (case.status, case.waiting_for) == (CaseStatus.OPEN, WaitingFor.KASUBAG)
    assert "menyetujui" in town.outbox(SRI_PHONE)[-1]
    assert "disetujui" in town.outbox(BUDI_PHONE)[-1]
    assert "Budi Santoso" in town.outbox(RAHMAT_PHONE)[-1]

    cases.pass_on(town.db, town.now, town.cast.viewer("rahmat").actor, case.id, case.version)
    case = town.case()
    cases.record(town.db, town.now, town.cast.viewer("dewi").actor, case.id, case.version)
    assert town.case().status is CaseStatus.CONFIRMED
    assert "sudah dicatat" in town.outbox(BUDI_PHONE)[-1]
    with town.db.read() as session:
        actions = session.scalars(
            select(LogEntry.action).where(LogEntry.subject == "case").order_by(LogEntry.id)
        ).all()
    assert actions == ["submit", "agree", "pass_on", "record"]


def test_a_bare_ya_decides_when_one_request_is_open(town: Town) -> None:
    town.text(BUDI_PHONE, "izin sakit hari ini")
    town.outbox(SRI_PHONE)
    assert town.text(SRI_PHONE, "ya").outcome == Outcome.DECIDED
    assert town.case().waiting_for is WaitingFor.KASUBAG


def test_a_ya_sent_before_the_request_was_asked_decides_nothing(town: Town) -> None:
    before = town.now
    town.text(BUDI_PHONE, "izin sakit hari ini")
    town.text(SRI_PHONE, "ya", sent_at=before)
    assert town.case().waiting_for is WaitingFor.SUPERVISOR


def test_a_refusal_tells_the_employee_and_asks_sri_for_the_reason(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    code = town.code()
    town.text(SRI_PHONE, f"tidak {code}")
    assert town.case().status is CaseStatus.REFUSED
    assert "belum dapat disetujui" in town.outbox(BUDI_PHONE)[-1]
    assert f"ALASAN {code}" in town.outbox(SRI_PHONE)[-1]

    town.text(SRI_PHONE, f"ALASAN {code} sedang audit")
    assert town.case().decision_note == "sedang audit"
    assert "sedang audit" in town.outbox(BUDI_PHONE)[-1]


def test_bukan_anda_batal_takes_a_decision_back_within_the_hour(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    code = town.code()
    town.text(SRI_PHONE, f"ya {code}")
    town.text(SRI_PHONE, f"BATAL {code}")
    assert town.case().waiting_for is WaitingFor.SUPERVISOR
    town.text(SRI_PHONE, f"tidak {code} ada rapat")
    assert town.case().status is CaseStatus.REFUSED


def test_after_an_hour_it_is_too_late_to_undo(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    code = town.code()
    town.text(SRI_PHONE, f"ya {code}")
    town.now += timedelta(hours=2)
    town.text(SRI_PHONE, f"BATAL {code}")
    assert town.case().waiting_for is WaitingFor.KASUBAG


def test_a_decision_never_falls_twice(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    code = town.code()
    town.text(SRI_PHONE, f"ya {code}")
    town.text(SRI_PHONE, f"tidak {code}")
    assert town.case().waiting_for is WaitingFor.KASUBAG
    assert "sudah selesai" in town.outbox(SRI_PHONE)[-1]


def test_with_two_open_requests_a_bare_ya_is_asked_back(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(BUDI_PHONE, "izin pulang cepat hari ini jam 14")
    assert town.text(SRI_PHONE, "ya").outcome == Outcome.ASKED
    assert "Yang mana" in town.outbox(SRI_PHONE)[-1]


def test_a_question_back_is_completed_by_the_next_sms(town: Town) -> None:
    assert town.text(BUDI_PHONE, "mau cuti tahunan pak").outcome == Outcome.ASKED
    assert "tanggal" in town.outbox(BUDI_PHONE)[-1]
    assert town.text(BUDI_PHONE, "12 sd 14 jan").outcome == Outcome.FILED
    case = town.case()
    assert (case.start_date.day, case.end_date.day, case.start_date.month) == (12, 14, 1)


def test_an_unanswered_question_ends_with_a_notice(town: Town) -> None:
    town.text(BUDI_PHONE, "mau cuti tahunan pak")
    town.now += timedelta(hours=13)
    assert conversation.expire(town.db, town.now) == 1
    with town.db.read() as session:
        assert session.scalars(select(Draft.outcome)).all() == ["expired"]
    assert "belum terjawab" in town.outbox(BUDI_PHONE)[-1]


def test_the_same_request_again_changes_nothing(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(BUDI_PHONE, "cuti 7-9 Desember pak, mohon jawabannya")
    with town.db.read() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_what_cannot_be_read_gets_one_teaching_reply_and_stands_before_a_person(
    town: Town,
) -> None:
    assert town.text(BUDI_PHONE, "qwerty zxcvb asdf").outcome == Outcome.TAUGHT
    assert "Contoh" in town.outbox(BUDI_PHONE)[-1]


def test_a_stranger_gets_one_polite_reply_a_day(town: Town) -> None:
    town.text(STRANGER, "saya mau izin sakit hari ini")
    town.text(STRANGER, "halo saya mau cuti besok")
    assert len(town.outbox(STRANGER)) == 1
    with town.db.read() as session:
        assert session.scalars(select(Case)).all() == []


def test_an_operator_s_advertisement_is_not_answered(town: Town) -> None:
    assert town.text("TELKOMSEL", "Balas YA untuk paket cuti").outcome == Outcome.MACHINE


def test_equal_texts_in_a_row_are_a_loop_and_end_in_silence(town: Town) -> None:
    outcomes = []
    for second in range(8):
        sent = town.now + timedelta(seconds=second)
        inbox.take_in(town.db, sent, RawPart("sim:1", BUDI_PHONE, "apa", sent, f"l{second}"))
        conversation.answer_waiting(town.db, lambda at=sent: at)
    with town.db.read() as session:
        outcomes = session.scalars(select(InboundSms.outcome).order_by(InboundSms.id)).all()
    assert outcomes[-1] == Outcome.LOOP
    assert len(town.outbox(BUDI_PHONE)) <= 5


def test_budi_withdraws_and_sri_hears_of_it(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(BUDI_PHONE, "batal cuti pak")
    assert town.case().status is CaseStatus.WITHDRAWN
    assert "membatalkan" in town.outbox(SRI_PHONE)[-1]


def test_status_tells_where_the_request_stands(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(BUDI_PHONE, "status cuti saya")
    assert "menunggu atasan" in town.outbox(BUDI_PHONE)[-1]


def test_a_number_that_answers_us_is_verified(town: Town) -> None:
    town.text(BUDI_PHONE, "izin sakit hari ini")
    town.outbox(SRI_PHONE)
    town.text(SRI_PHONE, "ya")
    with town.db.read() as session:
        phone = session.scalars(select(Phone).where(Phone.number == SRI_PHONE)).one()
    assert phone.verified_at is not None


def test_bukan_saya_stops_a_number_at_once(town: Town) -> None:
    town.text(BUDI_PHONE, "BUKAN SAYA")
    with town.db.read() as session:
        phone = session.scalars(select(Phone).where(Phone.number == BUDI_PHONE)).one()
    assert phone.stopped_at is not None


def test_nobody_passes_on_their_own_case(town: Town) -> None:
    town.text(RAHMAT_PHONE, "cuti 7-9 Desember")
    case = town.case()
    with town.db.begin() as tx:
        held = tx.get_one(Case, case.id)
        held.waiting_for = WaitingFor.KASUBAG
    with pytest.raises(cases.CaseError, match="sendiri"):
        cases.pass_on(town.db, town.now, town.cast.viewer("rahmat").actor, case.id, case.version)


def test_two_desks_at_once_only_one_moves_the_case(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(SRI_PHONE, f"ya {town.code()}")
    case = town.case()
    actor = town.cast.viewer("rahmat").actor
    cases.pass_on(town.db, town.now, actor, case.id, case.version)
    with pytest.raises(cases.CaseError, match="Muat ulang"):
        cases.pass_on(town.db, town.now, actor, case.id, case.version)


def test_every_text_fits_one_segment_and_passes_the_carriers(town: Town) -> None:
    from sms.segments import Coding, lint, plan

    town.text(BUDI_PHONE, "cuti 7-9 Desember acara keluarga besar di Samarinda Seberang")
    town.text(SRI_PHONE, f"ya {town.code()}")
    town.text(DEWI_PHONE, "bantuan")
    for number in (BUDI_PHONE, SRI_PHONE, RAHMAT_PHONE, DEWI_PHONE):
        for text in town.outbox(number):
            cut = plan(text)
            assert (cut.coding, len(cut.parts), lint(text)) == (Coding.GSM7, 1, ())


def test_a_request_at_night_reaches_sri_in_the_morning_unless_it_is_about_today(
    town: Town,
) -> None:
    town.now = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 22.00
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    with town.db.read() as session:
        request = session.scalars(
            select(OutboundSms).where(OutboundSms.message_class == MessageClass.APPROVAL_REQUEST)
        ).one()
    assert request.not_before == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)  # 06.00


def test_an_sms_that_lost_a_part_decides_nothing_and_is_asked_for_again(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    half = RawPart(
        "sim:1", SRI_PHONE, f"ya {town.code()}", town.now, "half", reference=7, total=2, number=1
    )
    inbox.take_in(town.db, town.now, half)
    town.now += timedelta(minutes=15)
    assert inbox.pass_on_stale_parts(town.db, town.now) == 1
    conversation.answer_waiting(town.db, lambda: town.now)
    assert town.case().waiting_for is WaitingFor.SUPERVISOR
    assert "tidak utuh" in town.outbox(SRI_PHONE)[-1]
