"""Kasubag passes on, the operator records; refusals keep what was typed; twice is harmless."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from domain.cases import CaseStatus, WaitingFor
from services import days
from services.calendars import seed_patterns
from store.cases import Case
from store.days import AttendanceDay
from store.db import Database
from store.log import LogEntry
from tests.webapp.conftest import LogIn
from tests.webapp.office import Office


def _case(database: Database, case_id: int) -> Case:
    with database.read() as session:
        return session.get_one(Case, case_id)


def _actions(database: Database, case_id: int) -> list[str]:
    with database.read() as session:
        return list(
            session.scalars(
                select(LogEntry.action)
                .where(LogEntry.subject == "case", LogEntry.subject_id == str(case_id))
                .order_by(LogEntry.id)
            )
        )


def test_rahmat_passes_on_and_dewi_records(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    case_id = hadir.case["budi_leave"]
    passed = log_in("rahmat").post(f"/kasubag/{case_id}/pass-on", data={"version": 1})
    assert passed.status_code == 303, passed.text
    assert _case(office_db, case_id).waiting_for is WaitingFor.OPERATOR
    dewi = log_in("dewi")
    assert "Budi Santoso" in dewi.get("/operator").text
    recorded = dewi.post(
        f"/operator/{case_id}/record", data={"version": 2, "letter_number": "800/12/RSUD"}
    )
    assert recorded.status_code == 303, recorded.text
    case = _case(office_db, case_id)
    assert case.status is CaseStatus.CONFIRMED
    assert case.letter_number == "800/12/RSUD"
    assert _actions(office_db, case_id) == ["pass_on", "record"]


def test_a_double_click_moves_once_and_says_so(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    case_id, rahmat = hadir.case["budi_leave"], log_in("rahmat")
    first, second = (
        rahmat.post(f"/kasubag/{case_id}/pass-on", data={"version": 1}) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (303, 409)
    assert "lebih dulu" in second.text
    assert _actions(office_db, case_id) == ["pass_on"]


def test_giving_back_needs_a_reason_and_keeps_the_choice(log_in: LogIn, hadir: Office) -> None:
    case_id = hadir.case["budi_leave"]
    answer = log_in("rahmat").post(
        f"/kasubag/{case_id}/give-back", data={"version": 1, "to": "employee", "why": " "}
    )
    assert answer.status_code == 409
    assert "Tuliskan alasannya." in answer.text
    assert 'value="employee" required checked' in answer.text


def test_giving_back_to_the_supervisor_is_written_down(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    case_id = hadir.case["budi_leave"]
    log_in("rahmat").post(
        f"/kasubag/{case_id}/give-back",
        data={"version": 1, "to": "supervisor", "why": "tanggal bentrok dengan akreditasi"},
    )
    assert _case(office_db, case_id).waiting_for is WaitingFor.SUPERVISOR
    with office_db.read() as session:
        entry = session.scalars(select(LogEntry).where(LogEntry.action == "give_back")).one()
    assert entry.why == "tanggal bentrok dengan akreditasi"


def test_a_case_of_another_unit_does_not_exist_here(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    case_id = hadir.case["lina_leave"]
    answer = log_in("rahmat").post(f"/kasubag/{case_id}/pass-on", data={"version": 1})
    assert answer.status_code == 409
    assert "tidak ada" in answer.text
    assert _case(office_db, case_id).waiting_for is WaitingFor.KASUBAG


def test_nobody_is_given_back_to_a_desk_that_does_not_fit(log_in: LogIn, hadir: Office) -> None:
    case_id = hadir.case["budi_leave"]
    answer = log_in("rahmat").post(
        f"/kasubag/{case_id}/give-back", data={"version": 1, "to": "operator", "why": "x"}
    )
    assert answer.status_code == 409
    assert "Pilih dulu" in answer.text


def test_rahmat_ticks_the_weeks_duty_travel(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    rahmat = log_in("rahmat")
    assert "Agus Salim" in rahmat.get("/kasubag").text
    rahmat.post("/kasubag/duty", data={"case": [hadir.case["agus_duty"]]})
    assert _case(office_db, hadir.case["agus_duty"]).checked_at is not None
    assert "sudah diperiksa" in rahmat.get("/kasubag").text


def test_dewi_types_duty_for_many_and_bad_lines_stay_in_the_box(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    answer = log_in("dewi").post(
        "/operator/duty",
        data={
            "people": "199003152015031001\nPutri Handayani\nLina Marlina\n19800721",
            "start": "2026-11-25",
            "end": "2026-11-26",
            "place": "Samarinda",
            "purpose": "bimtek",
        },
    )
    assert answer.status_code == 422
    assert "Dinas luar tersimpan untuk 2 orang." in answer.text
    assert "Lina Marlina: tidak ada di unit Anda." in answer.text
    box = answer.text.split("<textarea", 1)[1].split("</textarea>")[0]
    assert "Lina Marlina" in box and "Putri" not in box
    with office_db.read() as session:
        stored = session.scalars(select(Case).where(Case.place == "Samarinda")).all()
    assert {case.employee_id for case in stored} == {hadir.person["budi"], hadir.person["putri"]}
    assert all(case.provisional for case in stored)


def test_the_letter_comes_later(log_in: LogIn, office_db: Database, hadir: Office) -> None:
    case_id, dewi = hadir.case["agus_duty"], log_in("dewi")
    refused = dewi.post(f"/operator/{case_id}/letter", data={"letter_number": " "})
    assert refused.status_code == 422
    dewi.post(f"/operator/{case_id}/letter", data={"letter_number": "090/77/ST"})
    case = _case(office_db, case_id)
    assert (case.letter_number, case.provisional) == ("090/77/ST", False)


FILING = {
    "start_half": "full",
    "end_half": "full",
    "correction": "",
    "who": "Agus Salim",
    "told_by": "istrinya menelepon Dewi pukul 07.10",
    "kind": "sick",
    "start": "2026-11-27",
}


def test_dewi_files_for_somebody_who_phoned(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    answer = log_in("dewi").post("/operator/file", data=FILING)
    assert answer.status_code == 303, answer.text
    with office_db.read() as session:
        case = session.scalars(select(Case).where(Case.told_by.is_not(None))).one()
    assert case.employee_id == hadir.person["agus"]
    assert case.told_by == "istrinya menelepon Dewi pukul 07.10"
    assert case.source == "panel"


def test_a_refused_filing_keeps_what_was_typed(log_in: LogIn) -> None:
    answer = log_in("dewi").post(
        "/operator/file", data={**FILING, "start": "2026-11-27", "end": "2026-11-25", "reason": "x"}
    )
    assert answer.status_code == 422
    assert "lebih awal daripada" in answer.text
    for kept in ("Agus Salim", "istrinya menelepon", "2026-11-25"):
        assert kept in answer.text


def test_a_name_that_fits_several_is_asked_back_and_chosen(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    dewi = log_in("dewi")
    asked = dewi.post("/operator/file", data={**FILING, "who": "hidayat, s"})
    assert asked.status_code == 303, asked.text
    asked = dewi.post("/operator/file", data={**FILING, "who": "put", "start": "2026-11-30"})
    assert asked.status_code == 303, asked.text
    asked = dewi.post("/operator/file", data={**FILING, "who": "sa"})
    assert asked.status_code == 422
    assert "Pilih salah satu di bawah" in asked.text
    assert "Lina" not in asked.text
    agus = hadir.person["agus"]
    done = dewi.post("/operator/file", data={**FILING, "who": "sa", "chosen": agus})
    assert done.status_code == 303
    with office_db.read() as session:
        newest = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
    assert newest.employee_id == agus


def test_a_name_of_another_unit_is_not_found(log_in: LogIn) -> None:
    answer = log_in("dewi").post("/operator/file", data={**FILING, "who": "Lina"})
    assert answer.status_code == 422
    assert "Tidak ada di unit Anda" in answer.text


def test_dates_may_be_typed_as_people_write_them(log_in: LogIn) -> None:
    answer = log_in("dewi").post("/operator/file", data={**FILING, "start": "27/11/2026"})
    assert answer.status_code == 303, answer.text


def test_a_forgotten_scan_is_filed_with_its_times_and_counts_once_recorded(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    """LUPA ABSEN on the panel: the times that were typed stand for the scans."""
    seed_patterns(office_db)
    pattern = {"unit": hadir.unit["KALTIM"], "pattern": "5D", "first_day": "2020-01-01"}
    assert log_in("yusuf").post("/calendars/pattern", data=pattern).status_code == 303
    forgot = {
        **FILING, "kind": "correction", "correction": "forgot_scan", "start": "2026-11-20",
        "time_from": "07.25", "time_to": "11:05", "agreed": "y",
    }  # fmt: skip
    assert "jam yang lupa direkam" in log_in("dewi").get("/operator/file").text
    answer = log_in("dewi").post("/operator/file", data=forgot)
    assert answer.status_code == 303, answer.text
    with office_db.begin() as tx:
        case = tx.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
        assert (case.time_from, case.time_to) == (time(7, 25), time(11, 5))
        case.status, case.waiting_for = CaseStatus.CONFIRMED, None
    days.rebuild(office_db, datetime(2026, 11, 23, tzinfo=UTC), case.start_date, case.start_date)
    with office_db.read() as session:
        day = session.get_one(AttendanceDay, (case.start_date, hadir.person["agus"]))
    assert day.first_in == datetime(2026, 11, 19, 23, 25, tzinfo=UTC)
    assert day.last_out == datetime(2026, 11, 20, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"time_from": "16.00", "time_to": "07.25"}, "Jam akhir lebih awal"),
        ({"time_from": "pagi"}, "Tulis jamnya"),
    ],
)
def test_times_of_a_forgotten_scan_that_cannot_be_are_asked_back(
    log_in: LogIn, times: dict[str, str], said: str
) -> None:
    forgot = {**FILING, "kind": "correction", "correction": "forgot_scan", **times}
    answer = log_in("dewi").post("/operator/file", data=forgot)
    assert answer.status_code == 422
    assert said in answer.text


def test_late_needs_its_clock_time(log_in: LogIn) -> None:
    answer = log_in("dewi").post("/operator/file", data={**FILING, "kind": "late"})
    assert answer.status_code == 422
    assert "Isi jamnya" in answer.text
