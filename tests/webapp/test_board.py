"""Today's board: names, counts, reasons; each viewer sees their own units and no others."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from store import board
from store.days import AttendanceDay
from store.db import Database
from tests.webapp.conftest import LogIn
from tests.webapp.office import TODAY, Office


def test_the_board_names_people_with_their_state_and_its_reason(log_in: LogIn) -> None:
    page = log_in("dewi").get("/").text
    assert "Budi Santoso" in page
    assert "data mesin belum terbaca sampai akhir" in page
    assert "terlambat 22 menit" in page
    assert "24–26 Nov 2026" in page and "Balikpapan" in page
    assert "menunggu atasan (Sri Wahyuningsih, S.Kep., M.Kes.)" in page


def test_nobody_is_called_absent_while_something_is_waited_for(log_in: LogIn) -> None:
    page = log_in("dewi").get("/").text
    assert "tanpa keterangan" not in page
    assert "tidak hadir" not in page.replace("tidak seorang pun disebut tidak hadir", "")


def test_illness_is_only_sick_on_every_page_that_lists_it(log_in: LogIn, hadir: Office) -> None:
    for address in ("/", "/kasubag", f"/person/{hadir.person['siti']}/2026-11", "/operator"):
        page = log_in("yusuf").get(address).text
        assert "demam" not in page
        assert "RSUD. Mohon" not in page


def test_a_unit_does_not_see_another(log_in: LogIn) -> None:
    assert "Budi Santoso" not in log_in("lina").get("/").text
    assert "Lina Marlina" not in log_in("dewi").get("/").text


def test_bkd_sees_every_unit_with_its_counts(log_in: LogIn) -> None:
    page = log_in("yusuf").get("/").text
    for unit in ("Dinas Kesehatan", "RSUD Harapan Mulia", "Dinas Pendidikan"):
        assert unit in page


def test_a_unit_line_counts_all_below_it(office_db: Database, hadir: Office, log_in: LogIn) -> None:
    from domain.access import Viewer
    from domain.people import Role

    with office_db.read() as session:
        lines = board.unit_lines(session, Viewer(1, Role.BKD, None), TODAY)
    counts = {line.unit.code: (line.people, line.by_status.get("present")) for line in lines}
    assert counts == {
        "KALTIM": (11, 6),
        "DINKES": (10, 5),
        "RSUD": (10, 5),
        "DISDIK": (1, 1),
    }


def test_a_filter_shows_only_those(log_in: LogIn) -> None:
    page = log_in("dewi").get("/?status=on_duty").text
    assert "Agus Salim" in page
    assert "Budi Santoso" not in page


def test_a_person_without_a_derived_day_is_shown_as_such(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    with office_db.begin() as tx:
        tx.execute(
            delete(AttendanceDay).where(
                AttendanceDay.employee_id == hadir.person["agus"], AttendanceDay.day == TODAY
            )
        )
    page = log_in("dewi").get("/?status=not_derived").text
    assert "Agus Salim" in page
    assert "belum dihitung" in page


def test_another_day_and_unit_can_be_asked_for(log_in: LogIn, hadir: Office) -> None:
    page = log_in("yusuf").get(f"/?day={TODAY - timedelta(days=1)}&unit={hadir.unit['RSUD']}").text
    assert "Senin, 23 November 2026" in page
    assert "Lina Marlina" not in page


def test_what_nobody_can_mean_is_not_found(log_in: LogIn, hadir: Office) -> None:
    client = log_in("dewi")
    foreign = hadir.unit["DISDIK"]
    for query in ("day=besok", "status=mangkir", f"unit={foreign}", "unit=x", "day=2026-13-01"):
        assert client.get(f"/?{query}").status_code == 404, query


def test_a_technician_is_sent_to_the_terminals(log_in: LogIn) -> None:
    client = log_in("tono")
    assert client.get("/").location == "/terminals"
    assert "rsud-igd" in client.get("/terminals").text


def test_the_terminals_tell_what_worries_about_them(log_in: LogIn) -> None:
    page = log_in("dewi").get("/terminals").text
    for worry in ("diam lebih dari sehari", "tidak menjawab dalam 10 detik", "jam meleset", "92%"):
        assert worry in page
    assert "disdik-1" not in page


def test_messages_health_names_lanes_uncertain_sends_and_silent_processes(log_in: LogIn) -> None:
    page = log_in("tono").get("/messages").text
    assert "jawaban dan permintaan persetujuan" in page
    assert "+6281******001" in page and "+6281234567001" not in page
    assert "modem:telkomsel-1" in page and "diam" in page
