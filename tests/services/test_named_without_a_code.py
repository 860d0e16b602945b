"""A decision that names the employee, the kind or the length instead of a code; and the balance."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.cases import CaseStatus, WaitingFor
from services import cases
from services.conversation import Outcome
from store.cases import Case
from store.db import Database
from tests.cast import BUDI_PHONE, SRI_PHONE
from tests.services.town import Town

TONO_PHONE = "+628110000031"


@pytest.fixture
def town(sqlite_db: Database) -> Town:
    """Two requests wait for Sri: Budi's three days of leave, Tono's sick day."""
    town = Town(sqlite_db)
    town.move_in("Tono Wijaya", TONO_PHONE)
    town.text(BUDI_PHONE, "cuti tahunan 7-9 Desember, acara keluarga")
    town.text(TONO_PHONE, "mohon izin sakit hari ini")
    town.outbox(SRI_PHONE)
    return town


def standing(town: Town) -> dict[str, tuple[CaseStatus, WaitingFor | None]]:
    """Where each one's newest request stands, by name."""
    with town.db.read() as session:
        return {
            case.employee.name: (case.status, case.waiting_for)
            for case in session.scalars(select(Case).order_by(Case.id))
        }


def waits_for_sri(town: Town) -> list[str]:
    return [
        name
        for name, (_, waiting_for) in standing(town).items()
        if waiting_for is WaitingFor.SUPERVISOR
    ]


@pytest.mark.parametrize(
    "words",
    ["ya budi", "setuju untuk budi", "yg cuti ok", "cutinya boleh", "yang 3 hari setuju"],
)
def test_the_name_the_kind_or_the_length_finds_budis_leave(town: Town, words: str) -> None:
    assert town.text(SRI_PHONE, words).outcome == Outcome.DECIDED
    assert waits_for_sri(town) == ["Tono Wijaya"]
    assert standing(town)["Budi Santoso"][1] is WaitingFor.KASUBAG
    assert "Budi Santoso" in town.last(SRI_PHONE)


@pytest.mark.parametrize("words", ["tidak, tono", "yang sakit tidak boleh"])
def test_a_refusal_finds_its_case_the_same_way(town: Town, words: str) -> None:
    assert town.text(SRI_PHONE, words).outcome == Outcome.DECIDED
    assert waits_for_sri(town) == ["Budi Santoso"]
    assert standing(town)["Tono Wijaya"][0] is CaseStatus.REFUSED


@pytest.mark.parametrize("words", ["ya", "yang 5 hari ok", "ya rudi", "yg izin terlambat boleh"])
def test_what_fits_none_or_both_is_asked_back(town: Town, words: str) -> None:
    assert town.text(SRI_PHONE, words).outcome != Outcome.DECIDED
    assert waits_for_sri(town) == ["Budi Santoso", "Tono Wijaya"]


def test_two_of_one_kind_are_asked_apart(town: Town) -> None:
    town.move_in("Ani Rahayu", "+628110000032")
    town.text("+628110000032", "cuti tahunan 14-16 Desember")
    town.outbox(SRI_PHONE)
    assert town.text(SRI_PHONE, "yang cuti setuju").outcome == Outcome.ASKED
    assert len(waits_for_sri(town)) == 3


def test_sisa_cuti_tells_what_is_recorded_and_where_the_rest_is_known(sqlite_db: Database) -> None:
    town = Town(sqlite_db)
    town.text(BUDI_PHONE, "sisa cuti saya berapa?")
    assert "tahun ini: 0 hari" in town.last(BUDI_PHONE)

    town.text(BUDI_PHONE, "cuti tahunan 7-9 Desember")
    town.text(SRI_PHONE, f"ya {town.code()}")
    case = town.case()
    cases.pass_on(town.db, town.now, town.cast.viewer("rahmat").actor, case.id, case.version)
    town.text(BUDI_PHONE, "cek saldo cuti")
    assert "tahun ini: 0 hari" in town.last(BUDI_PHONE), "agreed, but not yet on the record"

    case = town.case()
    cases.record(town.db, town.now, town.cast.viewer("dewi").actor, case.id, case.version)
    town.now += timedelta(hours=1)
    answered = town.text(BUDI_PHONE, "sisa cuti")
    assert answered.outcome == Outcome.ANSWERED
    assert "tahun ini: 3 hari kerja" in town.last(BUDI_PHONE)
    assert "bagian umum" in town.last(BUDI_PHONE)


def test_bantuan_shows_how_to_write(sqlite_db: Database) -> None:
    town = Town(sqlite_db)
    assert town.text(BUDI_PHONE, "bantuan").outcome == Outcome.ANSWERED
    assert "Contoh" in town.last(BUDI_PHONE) and "BATAL" in town.last(BUDI_PHONE)
