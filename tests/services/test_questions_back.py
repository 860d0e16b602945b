"""Our questions back: the next SMS completes them, one missing thing after the other."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from domain.cases import CaseKind, CaseStatus
from services import conversation
from services.conversation import Outcome
from store.cases import Draft
from store.day_facts import FactBook
from store.db import Database
from tests.cast import BUDI_PHONE, SRI_PHONE
from tests.services.town import Town


@pytest.fixture
def town(sqlite_db: Database) -> Town:
    return Town(sqlite_db)


@pytest.mark.parametrize(
    ("first", "answer", "kind", "start", "end"),
    [
        ("mau cuti tahunan pak", "12 sd 14 jan", "annual", "2027-01-12", "2027-01-14"),
        (
            "mau cuti tahunan pak",
            "tgl 14-16 des, ada acara keluarga",
            "annual",
            "2026-12-14",
            "2026-12-16",
        ),
        ("mau cuti tahunan pak", "besok aja bu", "annual", "2026-11-25", "2026-11-25"),
        ("mau cuti tahunan pak", "30", "annual", "2026-11-30", "2026-11-30"),
        ("mau cuti tahunan pak", "3 hari mulai senin", "annual", "2026-11-30", "2026-12-02"),
        ("cuti minggu depan", "senin sampai rabu", "annual", "2026-11-30", "2026-12-02"),
        ("cuti mulai tgl 7 des", "sampai tgl 9", "annual", "2026-12-07", "2026-12-09"),
        ("cuti mulai tgl 7 des", "9", "annual", "2026-12-07", "2026-12-09"),
        ("cuti mulai tgl 7 des", "3 hari", "annual", "2026-12-07", "2026-12-09"),
        ("izin", "sakit hari ini", "sick", "2026-11-24", "2026-11-24"),
        ("izin", "ada urusan keluarga besok", "permission", "2026-11-25", "2026-11-25"),
        ("besok saya wfh pak", "izin saja", "permission", "2026-11-25", "2026-11-25"),
    ],
)
def test_the_next_sms_completes_the_question(
    town: Town, first: str, answer: str, kind: str, start: str, end: str
) -> None:
    assert town.text(BUDI_PHONE, first).outcome == Outcome.ASKED
    assert town.text(BUDI_PHONE, answer).outcome == Outcome.FILED
    case = town.case()
    assert (case.kind.value, case.start_date.isoformat(), str(case.end_date)) == (kind, start, end)


def test_each_answer_is_asked_for_the_next_missing_thing(town: Town) -> None:
    town.text(BUDI_PHONE, "mau cuti tahunan pak")
    assert "Mulai dan sampai" in town.last(BUDI_PHONE)
    assert town.text(BUDI_PHONE, "mulai tgl 7 des").outcome == Outcome.ASKED
    assert "mulai 7 Des, sampai tanggal berapa" in town.last(BUDI_PHONE)
    assert town.text(BUDI_PHONE, "9").outcome == Outcome.FILED
    assert (town.case().start_date.day, town.case().end_date.day) == (7, 9)


def test_half_a_day_is_asked_which_half(town: Town) -> None:
    town.text(BUDI_PHONE, "besok setengah hari ya pak")
    assert "Setengah hari 25 Nov" in town.last(BUDI_PHONE)
    assert town.text(BUDI_PHONE, "siang").outcome == Outcome.FILED
    case = town.case()
    assert (case.kind, case.start_date, case.time_from) == (
        CaseKind.EARLY, date(2026, 11, 25), time(12),
    )  # fmt: skip


def test_a_status_question_in_between_leaves_the_question_open(town: Town) -> None:
    town.text(BUDI_PHONE, "mau cuti tahunan pak")
    assert town.text(BUDI_PHONE, "status cuti saya").outcome == Outcome.ANSWERED
    assert town.text(BUDI_PHONE, "terima kasih").outcome == Outcome.SILENT
    assert town.text(BUDI_PHONE, "12 sd 14 jan").outcome == Outcome.FILED


def test_other_business_completes_nothing(town: Town) -> None:
    town.text(BUDI_PHONE, "mau cuti tahunan pak")
    town.text(BUDI_PHONE, "Bu, rapat besok jam 9 di aula ya")
    assert town.cases() == []


@pytest.mark.parametrize("no", ["tidak jadi", "batal", "tdk jadi pak"])
def test_tidak_jadi_takes_the_question_back(town: Town, no: str) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(BUDI_PHONE, "mau cuti tahunan lagi pak")
    assert town.text(BUDI_PHONE, no).outcome == Outcome.ANSWERED
    assert town.case().status is CaseStatus.OPEN  # the older request was not meant
    assert "tidak kami catat" in town.last(BUDI_PHONE)


def test_a_whole_new_request_takes_the_place_of_the_question(town: Town) -> None:
    town.text(BUDI_PHONE, "mau cuti tahunan pak")
    assert town.text(BUDI_PHONE, "izin sakit hari ini").outcome == Outcome.FILED
    assert town.case().kind is CaseKind.SICK
    town.text(BUDI_PHONE, "12 sd 14 jan")
    assert len(town.cases()) == 1


def test_two_requests_in_one_sms_are_asked_one_by_one(town: Town) -> None:
    town.text(BUDI_PHONE, "besok izin terlambat jam 9 dan lusa cuti tahunan")
    assert "satu SMS untuk satu permohonan" in town.last(BUDI_PHONE)
    assert town.cases() == []


def test_an_unanswered_question_is_word_given_for_that_day_also_after_its_end(
    town: Town,
) -> None:
    town.text(BUDI_PHONE, "mau cuti mulai tgl 7 des")
    town.now += timedelta(hours=13)
    assert conversation.expire(town.db, town.now) == 1
    with town.db.read() as session:
        monday = date(2026, 12, 7)
        facts = FactBook(session, [(town.cast.budi, monday)]).facts(town.cast.budi, monday)
        assert facts.drafts
        assert session.scalars(select(Draft.outcome)).all() == ["expired"]
    assert "belum terjawab" in town.last(BUDI_PHONE)


def test_lengths_in_an_answer_count_the_senders_own_working_days(town: Town) -> None:
    town.text(BUDI_PHONE, "mau cuti tahunan pak")
    town.text(BUDI_PHONE, "2 hari mulai jumat 4 des")
    assert town.case().end_date == date(2026, 12, 7)  # Friday and the Monday after


def test_nothing_of_this_reaches_the_supervisor_before_it_is_whole(town: Town) -> None:
    town.text(BUDI_PHONE, "mau cuti tahunan pak")
    assert town.outbox(SRI_PHONE) == []


def test_a_correction_while_a_question_is_open_is_of_the_filed_request(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(BUDI_PHONE, "mau cuti pak")
    town.text(BUDI_PHONE, "bukan tgl 7 tapi 8")
    assert "diubah menjadi cuti tahunan 8 Des" in town.last(BUDI_PHONE)
    assert town.text(BUDI_PHONE, "mau cuti pak").problem is None
