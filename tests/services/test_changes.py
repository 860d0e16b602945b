"""Other values: proposed by a supervisor, corrected by the employee, taken back in part."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from services import cases
from services.conversation import Outcome
from store.db import Database
from tests.cast import BUDI_PHONE, RAHMAT_PHONE, SRI_PHONE
from tests.services.town import Town

SEVENTH, EIGHTH, NINTH = (date(2026, 12, day) for day in (7, 8, 9))


@pytest.fixture
def town(sqlite_db: Database) -> Town:
    return Town(sqlite_db)


@pytest.fixture
def asked(town: Town) -> Town:
    """Budi has asked for the 7th to the 9th of December."""
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.outbox(SRI_PHONE)
    return town


# --- the supervisor proposes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "start", "end"),
    [
        ("boleh tapi tgl 8 saja", EIGHTH, EIGHTH),
        ("ya tapi cuma 2 hari", SEVENTH, EIGHTH),
        ("oke 1 hari saja", SEVENTH, SEVENTH),
        ("setuju, tapi sampai tgl 8 saja", SEVENTH, EIGHTH),
        ("ya tapi mulai tgl 8", EIGHTH, NINTH),
        ("{code} boleh tapi tgl 8 saja", EIGHTH, EIGHTH),
        ("{code} ya tapi cuma 2 hari", SEVENTH, EIGHTH),
    ],
)
def test_a_changed_approval_is_put_to_the_employee_who_accepts_it(
    asked: Town, reply: str, start: date, end: date
) -> None:
    assert asked.text(SRI_PHONE, reply.format(code=asked.code())).outcome == Outcome.DECIDED
    assert asked.case().waiting_for is WaitingFor.EMPLOYEE
    assert asked.case().end_date == NINTH  # nothing has changed yet
    assert "mengusulkan" in asked.last(BUDI_PHONE)
    assert "kami sampaikan ke Budi Santoso" in asked.last(SRI_PHONE)
    assert asked.text(BUDI_PHONE, "ya").outcome == Outcome.DECIDED
    case = asked.case()
    assert (case.start_date, case.end_date, case.waiting_for) == (start, end, WaitingFor.KASUBAG)
    assert "menerima usul" in asked.last(SRI_PHONE)
    assert "Budi Santoso" in asked.last(RAHMAT_PHONE)


def test_half_a_day_asks_which_half_and_becomes_a_proposal(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti tgl 7 Desember")
    town.outbox(SRI_PHONE)
    town.text(SRI_PHONE, "setengah hari saja")
    assert "bagian mana" in town.last(SRI_PHONE)
    code = town.last(SRI_PHONE).split("Balas ")[1].split()[0]
    assert town.text(SRI_PHONE, f"{code} setengah hari pagi").outcome == Outcome.DECIDED
    assert "7 Des pagi" in town.last(BUDI_PHONE)
    town.text(BUDI_PHONE, "ya")
    assert (town.case().end_half, town.case().waiting_for) == (HalfDay.AM, WaitingFor.KASUBAG)


@pytest.mark.parametrize(
    "reply", ["ya kalau laporan selesai", "boleh asal ada pengganti", "ya jika tgl 8 selesai"]
)
def test_a_condition_is_no_decision_and_no_proposal(asked: Town, reply: str) -> None:
    assert asked.text(SRI_PHONE, reply).outcome == Outcome.ASKED
    assert asked.case().waiting_for is WaitingFor.SUPERVISOR
    assert "syarat tidak bisa kami catat" in asked.last(SRI_PHONE)


def test_a_question_is_handed_to_the_employee_and_decides_nothing(asked: Town) -> None:
    assert asked.text(SRI_PHONE, "kenapa?").outcome == Outcome.ASKED
    assert "bertanya" in asked.last(BUDI_PHONE)
    assert asked.case().waiting_for is WaitingFor.SUPERVISOR


def test_the_employee_refuses_a_proposal_and_sri_hears_of_it(asked: Town) -> None:
    asked.text(SRI_PHONE, "boleh tapi tgl 8 saja")
    asked.outbox(BUDI_PHONE)
    asked.text(BUDI_PHONE, "tidak")
    assert asked.case().status is CaseStatus.WITHDRAWN
    assert "tidak menerima usul" in asked.last(SRI_PHONE)


def test_repeating_the_proposed_day_is_a_yes(asked: Town) -> None:
    asked.text(SRI_PHONE, "boleh tapi tgl 8 saja")
    asked.outbox(BUDI_PHONE)
    assert asked.text(BUDI_PHONE, "ya tgl 8 saja").outcome == Outcome.DECIDED
    assert asked.case().start_date == EIGHTH


def test_a_counter_proposal_goes_back_to_the_supervisor(asked: Town) -> None:
    asked.text(SRI_PHONE, "boleh tapi tgl 8 saja")
    asked.outbox(BUDI_PHONE)
    assert asked.text(BUDI_PHONE, "kalau tgl 9 saja bu?").outcome == Outcome.ASKED
    asked.text(BUDI_PHONE, "tgl 9 saja")
    assert "9 Des? Balas YA" in asked.last(BUDI_PHONE)
    assert asked.text(BUDI_PHONE, "benar").outcome == Outcome.FILED
    case = asked.case()
    assert (case.start_date, case.waiting_for) == (NINTH, WaitingFor.SUPERVISOR)
    assert "mengubah" in asked.last(SRI_PHONE) and "9 Des" in asked.last(SRI_PHONE)
    asked.text(SRI_PHONE, f"ya {asked.code()}")
    assert asked.case().waiting_for is WaitingFor.KASUBAG
    assert [c.status for c in asked.cases()] == [CaseStatus.WITHDRAWN, CaseStatus.OPEN]


def test_a_proposal_can_be_taken_back_and_the_employees_yes_then_decides_nothing(
    asked: Town,
) -> None:
    code = asked.code()
    asked.text(SRI_PHONE, "boleh tapi tgl 8 saja")
    asked.outbox(BUDI_PHONE)
    asked.text(SRI_PHONE, f"BATAL {code}")
    assert asked.case().waiting_for is WaitingFor.SUPERVISOR
    asked.text(BUDI_PHONE, "ya")
    assert asked.case().waiting_for is WaitingFor.SUPERVISOR


def test_a_second_decision_while_the_employee_is_asked_decides_nothing(asked: Town) -> None:
    code = asked.code()
    asked.text(SRI_PHONE, "boleh tapi tgl 8 saja")
    asked.text(SRI_PHONE, f"ya {code}")
    assert asked.case().waiting_for is WaitingFor.EMPLOYEE
    assert "sudah selesai" in asked.last(SRI_PHONE)


# --- the employee corrects ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("bukan tgl 7 tapi 8", EIGHTH, EIGHTH),
        ("ralat cuti saya jadi tgl 8-9 des", EIGHTH, NINTH),
        ("bukan 3 hari, cuma 2 hari", SEVENTH, EIGHTH),
        ("geser cuti saya ke tgl 14 des", date(2026, 12, 14), date(2026, 12, 16)),
        ("ralat, maksud saya tgl 8 sampai 9", EIGHTH, NINTH),
    ],
)
def test_a_correction_says_what_it_becomes_and_counts_after_ya(
    asked: Town, words: str, start: date, end: date
) -> None:
    assert asked.text(BUDI_PHONE, words).outcome == Outcome.ASKED
    assert len(asked.cases()) == 1 and asked.case().start_date == SEVENTH
    assert "diubah menjadi" in asked.last(BUDI_PHONE)
    assert asked.text(BUDI_PHONE, "ya").outcome == Outcome.FILED
    old, new = asked.cases()
    assert old.status is CaseStatus.WITHDRAWN
    assert (new.start_date, new.end_date, new.kind) == (start, end, CaseKind.ANNUAL)
    assert "mengubah" in asked.last(SRI_PHONE)
    assert "membatalkan" not in "".join(asked.outbox(SRI_PHONE))


def test_a_no_leaves_the_request_as_it_was(asked: Town) -> None:
    asked.text(BUDI_PHONE, "bukan tgl 7 tapi 8")
    asked.text(BUDI_PHONE, "tidak")
    assert [c.status for c in asked.cases()] == [CaseStatus.OPEN]


def test_the_right_value_may_be_written_instead_of_ya(asked: Town) -> None:
    asked.text(BUDI_PHONE, "bukan tgl 7 tapi 8")
    asked.text(BUDI_PHONE, "tgl 9")
    assert "9 Des" in asked.last(BUDI_PHONE)
    asked.text(BUDI_PHONE, "ya")
    assert asked.case().start_date == NINTH


def test_a_correction_without_a_value_is_asked_for_it(asked: Town) -> None:
    asked.text(BUDI_PHONE, "ralat cuti saya pak")
    assert "mau diubah menjadi" in asked.last(BUDI_PHONE)
    asked.text(BUDI_PHONE, "8-9")
    asked.text(BUDI_PHONE, "ya")
    assert (asked.case().start_date, asked.case().end_date) == (EIGHTH, NINTH)


def test_a_recorded_leave_that_is_corrected_goes_to_the_supervisor_again(asked: Town) -> None:
    asked.text(SRI_PHONE, f"ya {asked.code()}")
    for move, who in ((cases.pass_on, "rahmat"), (cases.record, "dewi")):
        case = asked.case()
        move(asked.db, asked.now, asked.cast.viewer(who).actor, case.id, case.version)
    asked.now += timedelta(days=1)
    asked.text(BUDI_PHONE, "bukan tgl 7 tapi 8")
    assert asked.case().status is CaseStatus.CONFIRMED
    asked.text(BUDI_PHONE, "ya")
    old, new = asked.cases()
    assert (old.status, new.waiting_for) == (CaseStatus.WITHDRAWN, WaitingFor.SUPERVISOR)


def test_with_several_requests_the_denied_day_tells_which(asked: Town) -> None:
    asked.text(BUDI_PHONE, "cuti tgl 14 des")
    asked.text(BUDI_PHONE, "bukan tgl 14 tapi 15")
    asked.text(BUDI_PHONE, "ya")
    assert [c.start_date.day for c in asked.cases() if c.status is CaseStatus.OPEN] == [7, 15]


# --- and takes back ----------------------------------------------------------------------------


def test_a_part_that_is_cancelled_leaves_the_rest_after_ya(asked: Town) -> None:
    assert asked.text(BUDI_PHONE, "batal tgl 9 saja").outcome == Outcome.ASKED
    assert "7-8 Des" in asked.last(BUDI_PHONE)
    asked.text(BUDI_PHONE, "ya")
    assert (asked.case().start_date, asked.case().end_date) == (SEVENTH, EIGHTH)


def test_the_last_day_can_be_given_back(asked: Town) -> None:
    asked.text(BUDI_PHONE, "tidak jadi cuti hari terakhir")
    asked.text(BUDI_PHONE, "ya")
    assert asked.case().end_date == EIGHTH


def test_a_condition_on_a_cancellation_is_asked_back(asked: Town) -> None:
    asked.text(BUDI_PHONE, "mungkin batal cuti saya kalau hujan")
    assert asked.case().status is CaseStatus.OPEN
    assert "Balas YA bila benar" in asked.last(BUDI_PHONE)


@pytest.mark.parametrize("words", ["batal cuti tgl 14 des", "batal yang 14", "BATAL 14 DES"])
def test_of_several_requests_the_day_tells_which_one_is_cancelled(asked: Town, words: str) -> None:
    asked.text(BUDI_PHONE, "cuti tgl 14 des")
    outcome = asked.text(BUDI_PHONE, words).outcome
    if outcome == Outcome.ASKED:
        asked.text(BUDI_PHONE, "ya")
    assert [c.start_date.day for c in asked.cases() if c.status is CaseStatus.OPEN] == [7]


def test_of_several_requests_the_kind_tells_which_one_is_cancelled(asked: Town) -> None:
    asked.text(BUDI_PHONE, "izin pulang cepat hari ini jam 14")
    asked.text(BUDI_PHONE, "batal izin pulang cepat")
    assert [c.kind for c in asked.cases() if c.status is CaseStatus.OPEN] == [CaseKind.ANNUAL]


def test_a_bare_batal_with_two_requests_is_asked_which(asked: Town) -> None:
    asked.text(BUDI_PHONE, "izin pulang cepat hari ini jam 14")
    assert asked.text(BUDI_PHONE, "batal").outcome == Outcome.ASKED
    assert "Yang mana" in asked.last(BUDI_PHONE)


def test_who_had_agreed_hears_of_the_cancellation(asked: Town) -> None:
    asked.text(SRI_PHONE, f"ya {asked.code()}")
    asked.text(BUDI_PHONE, "batal cuti pak")
    assert "membatalkan" in asked.last(SRI_PHONE)


def test_salah_kirim_asks_whether_the_fresh_request_shall_go(asked: Town) -> None:
    asked.text(BUDI_PHONE, "maaf salah kirim pak")
    assert asked.case().status is CaseStatus.OPEN
    asked.text(BUDI_PHONE, "ya")
    assert asked.case().status is CaseStatus.WITHDRAWN
