"""Somebody else's absence: reported by the supervisor, from a colleague's phone, a shared phone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.cases import CaseKind, CaseStatus, WaitingFor
from domain.people import Capacity
from services.conversation import Outcome
from store.cases import Draft
from store.db import Database
from store.log import LogEntry
from store.people import Phone, PostHolder
from tests.cast import BUDI_PHONE, RAHMAT_PHONE, SRI_PHONE
from tests.services.town import Town

RINA_PHONE, WATI_PHONE = "+628110000020", "+628110000021"
TODAY = date(2026, 11, 24)


@pytest.fixture
def town(sqlite_db: Database) -> Town:
    return Town(sqlite_db)


# --- the supervisor reports -----------------------------------------


@pytest.mark.parametrize(
    ("words", "kind", "start"),
    [
        ("Budi sakit hari ini, sudah saya izinkan", CaseKind.SICK, TODAY),
        ("Pak Budi hari ini izin tidak masuk, sudah lapor ke saya", CaseKind.PERMISSION, TODAY),
        ("budi santoso sakit hr ini sdh saya ijinkan", CaseKind.SICK, TODAY),
        ("Budi dinas luar besok", CaseKind.DUTY, date(2026, 11, 25)),
        ("Mohon dicatat Budi terlambat hari ini jam 9, sdh izin ke saya", CaseKind.LATE, TODAY),
    ],
)
def test_sri_reports_is_asked_once_and_ya_files_and_decides_in_one(
    town: Town, words: str, kind: CaseKind, start: date
) -> None:
    assert town.text(SRI_PHONE, words).outcome == Outcome.ASKED
    assert town.cases() == []
    assert "Catat Budi Santoso" in town.last(SRI_PHONE)
    assert town.text(SRI_PHONE, "ya").outcome == Outcome.DECIDED
    case = town.case()
    assert (case.employee_id, case.kind, case.start_date) == (town.cast.budi, kind, start)
    assert case.waiting_for is WaitingFor.KASUBAG
    assert "Balas SALAH" in town.last(BUDI_PHONE)
    assert "Anda menyetujui" in town.last(SRI_PHONE)
    assert "Budi Santoso" in town.last(RAHMAT_PHONE)
    with town.db.read() as session:
        filed = session.scalars(select(LogEntry).where(LogEntry.action == "submit")).one()
    assert (filed.actor, filed.acted_for) == (
        f"employee:{town.cast.sri}", f"employee:{town.cast.budi}",
    )  # fmt: skip


def test_a_no_files_nothing(town: Town) -> None:
    town.text(SRI_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    town.text(SRI_PHONE, "tidak")
    assert town.cases() == []


@pytest.mark.parametrize(
    "words",
    ["boleh tapi tgl 8 saja", "ya tapi cuma 2 hari", "ya kalau sudah lapor", "ya?", "ya tidak"],
)
def test_a_yes_with_a_but_confirms_no_report(town: Town, words: str) -> None:
    town.text(SRI_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    town.text(SRI_PHONE, words)
    assert town.cases() == []


def test_a_report_is_no_change_of_another_open_request(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.outbox(SRI_PHONE)
    town.text(SRI_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    assert "Catat Budi Santoso sakit 24 Nov" in town.last(SRI_PHONE)
    town.text(SRI_PHONE, "ya")
    leave, illness = town.cases()
    assert leave.waiting_for is WaitingFor.SUPERVISOR
    assert (illness.kind, illness.waiting_for) == (CaseKind.SICK, WaitingFor.KASUBAG)


def test_a_ya_after_a_newer_request_is_asked_which_question_it_answers(town: Town) -> None:
    town.text(SRI_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.outbox(SRI_PHONE)
    assert town.text(SRI_PHONE, "ya").outcome == Outcome.ASKED
    assert "Ada dua pertanyaan" in town.last(SRI_PHONE)
    assert [c.waiting_for for c in town.cases()] == [WaitingFor.SUPERVISOR]
    assert town.text(SRI_PHONE, "BENAR").outcome == Outcome.DECIDED
    assert [c.kind for c in town.cases() if c.waiting_for is WaitingFor.KASUBAG] == [CaseKind.SICK]


def test_the_same_request_by_both_is_one_case(town: Town) -> None:
    town.text(BUDI_PHONE, "sakit hari ini pak")
    town.text(SRI_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    town.text(SRI_PHONE, "ya")
    assert [c.waiting_for for c in town.cases()] == [WaitingFor.KASUBAG]


def test_two_of_that_name_are_asked_apart(town: Town) -> None:
    town.move_in("Budi Hartono", None)
    asked = town.text(SRI_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    assert asked.outcome == Outcome.TAUGHT, "a word about both until a person has read it"
    assert "Budi Santoso" in town.last(SRI_PHONE) and "Budi Hartono" in town.last(SRI_PHONE)
    town.text(SRI_PHONE, "Budi Hartono sakit hari ini, sudah saya izinkan")
    town.text(SRI_PHONE, "ya")
    assert [c.employee_id != town.cast.budi for c in town.cases()] == [True]


def test_only_the_own_supervisor_reports(town: Town) -> None:
    town.text(RAHMAT_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    town.text(RAHMAT_PHONE, "ya")
    assert town.cases() == []


def test_sris_own_leave_that_names_budi_is_her_own(town: Town) -> None:
    town.text(SRI_PHONE, "Saya mau cuti tgl 9 des, selama itu Budi yang menggantikan")
    assert [c.employee_id for c in town.cases()] == [town.cast.sri]


def test_budi_objects_and_it_is_looked_at_again(town: Town) -> None:
    town.text(SRI_PHONE, "Budi sakit hari ini, sudah saya izinkan")
    town.text(SRI_PHONE, "ya")
    town.outbox(BUDI_PHONE)
    assert town.text(BUDI_PHONE, "SALAH").outcome == Outcome.FILED
    correction = town.case()
    assert (correction.kind, correction.correction) == (CaseKind.CORRECTION, "wrong")
    assert "Keberatan Anda" in town.last(BUDI_PHONE)


# --- a stand-in -----------------------------------------


def test_a_stand_in_is_asked_back_once_and_then_decides(town: Town) -> None:
    wati = town.move_in("Wati Handayani", WATI_PHONE, like=town.cast.sri)
    town.text(SRI_PHONE, "Saya cuti tgl 7-9 Des, Plh Wati Handayani")
    assert len(town.outbox(SRI_PHONE)) == 1  # receipt and question in one SMS
    assert "Plh Anda 7-9 Des: Wati Handayani?" in town.last(SRI_PHONE)
    assert town.text(SRI_PHONE, "ya").outcome == Outcome.ANSWERED
    assert "Plh Sri Wahyuni 7-9 Des" in town.last(WATI_PHONE)
    with town.db.read() as session:
        holder = session.scalars(
            select(PostHolder).where(PostHolder.capacity == Capacity.PLH)
        ).one()
        assert (holder.employee_id, holder.first_day, holder.last_day) == (
            wati, date(2026, 12, 7), date(2026, 12, 9),
        )  # fmt: skip
    town.now += timedelta(days=14)  # Tuesday the 8th
    town.text(BUDI_PHONE, "izin sakit hari ini")
    assert "Budi Santoso" in town.last(WATI_PHONE)
    town.text(WATI_PHONE, "ya")
    assert town.case().waiting_for is WaitingFor.KASUBAG


# --- a colleague's phone -----------------------------------------


def test_from_a_colleagues_phone_nothing_is_filed_for_its_owner(town: Town) -> None:
    rina = town.move_in("Rina Marlina", RINA_PHONE)
    town.text(BUDI_PHONE, "ini Rina, pakai HP Budi, izin sakit hari ini")
    assert town.cases() == []
    assert "untuk Rina Marlina? Balas YA" in town.last(BUDI_PHONE)
    town.text(BUDI_PHONE, "ya")
    case = town.case()
    assert (case.employee_id, case.kind) == (rina, CaseKind.SICK)
    assert case.waiting_for is WaitingFor.SUPERVISOR  # Sri decides, as always
    assert "Balas SALAH" in town.last(RINA_PHONE)


def test_who_is_not_named_is_asked_and_the_name_completes_the_message(town: Town) -> None:
    rina = town.move_in("Rina Marlina", RINA_PHONE)
    town.text(BUDI_PHONE, "pakai hp kawan, mohon izin sakit hari ini")
    assert "Ini untuk siapa" in town.last(BUDI_PHONE)
    assert town.text(BUDI_PHONE, "Rina Marlina").outcome == Outcome.FILED
    assert [(c.employee_id, c.kind) for c in town.cases()] == [(rina, CaseKind.SICK)]


def test_a_colleague_as_the_subject_is_never_taken_for_the_sender(town: Town) -> None:
    town.move_in("Rina Marlina", RINA_PHONE)
    assert town.text(BUDI_PHONE, "Rina tidak masuk hari ini").outcome == Outcome.ASKED
    assert town.cases() == []


def test_whom_one_addresses_is_not_whom_one_speaks_of(town: Town) -> None:
    town.text(BUDI_PHONE, "Bu Sri, mohon izin sakit hari ini")
    assert [c.employee_id for c in town.cases()] == [town.cast.budi]


# --- a shared phone -----------------------------------------


def share(town: Town, name: str) -> int:
    """Somebody who has no phone of their own uses Budi's."""
    return town.move_in(name, BUDI_PHONE)


def test_a_shared_phone_is_asked_and_the_name_brings_the_message_back(town: Town) -> None:
    ani = share(town, "Ani Lestari")
    assert town.text(BUDI_PHONE, "izin sakit hari ini").outcome == Outcome.ASKED
    assert "Budi Santoso, Ani Lestari" in town.last(BUDI_PHONE)
    assert town.cases() == []
    with town.db.read() as session:  # word given for that day, by whichever of the two
        drafts = session.scalars(select(Draft)).all()
        assert {draft.employee_id for draft in drafts} == {town.cast.budi, ani}
    assert town.text(BUDI_PHONE, "Ani").outcome == Outcome.FILED
    assert [(c.employee_id, c.kind) for c in town.cases()] == [(ani, CaseKind.SICK)]


def test_a_name_in_the_text_tells_which_of_them_writes(town: Town) -> None:
    ani = share(town, "Ani Lestari")
    town.text(BUDI_PHONE, "ini Ani Lestari, izin sakit hari ini")
    assert [c.employee_id for c in town.cases()] == [ani]


def test_an_answer_belongs_to_the_one_who_was_asked(town: Town) -> None:
    share(town, "Ani Lestari")
    town.text(BUDI_PHONE, "ini Budi, mau cuti tahunan")
    assert town.text(BUDI_PHONE, "14-16 des").outcome == Outcome.FILED
    assert [c.employee_id for c in town.cases()] == [town.cast.budi]


def test_a_ya_from_a_shared_phone_decides_nothing_before_the_name_came(town: Town) -> None:
    with town.db.begin() as tx:
        tx.add(Phone(employee_id=town.cast.sri, number=RAHMAT_PHONE, first_day=date(2020, 1, 1)))
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.outbox(SRI_PHONE)
    code = town.code()
    assert town.text(RAHMAT_PHONE, f"ya {code}").outcome == Outcome.ASKED
    assert town.case().waiting_for is WaitingFor.SUPERVISOR
    town.text(RAHMAT_PHONE, "Sri Wahyuni")
    assert town.case().waiting_for is WaitingFor.KASUBAG
    assert town.case().status is CaseStatus.OPEN
