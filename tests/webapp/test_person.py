"""One person's month: the why of each day, what is hidden, and that looking is recorded."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from sqlalchemy import select, update

import domain
from domain.cases import CaseStatus
from domain.work_calendar import FREE_KINDS, CalendarKind
from store.cases import Case
from store.days import AttendanceDay
from store.db import Database
from store.log import LogEntry
from tests.webapp.conftest import LogIn
from tests.webapp.office import SICK_TEXT, Office
from webapp import evidence


def _log(database: Database, action: str) -> list[LogEntry]:
    with database.read() as session:
        return list(session.scalars(select(LogEntry).where(LogEntry.action == action)))


def test_each_day_shows_its_times_minutes_and_why(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    with office_db.begin() as tx:
        tx.execute(
            update(AttendanceDay)
            .where(
                AttendanceDay.employee_id == hadir.person["budi"],
                AttendanceDay.day == date(2026, 11, 12),
            )
            .values(
                why=[
                    {
                        "code": "scan",
                        "at": "2026-11-11T23:32:00+00:00",
                        "local": "2026-11-12 07:31:45",
                        "terminal": "rsud-lobi",
                        "source": "pull",
                        "key": 0,
                    },
                    {"code": "martian", "moon": "phobos"},
                ]
            )
        )
    page = log_in("dewi").get(f"/person/{hadir.person['budi']}/2026-11").text
    assert "07.32 – 16.05" in page
    assert "terlambat 2 menit" in page
    assert "Pola kerja 5D (Perpres 21/2023)." in page
    assert "Rekaman 12 Nov, 07.32 WITA di mesin rsud-lobi" in page
    assert "martian (moon: phobos)" in page


def test_looking_at_a_person_is_recorded(log_in: LogIn, office_db: Database, hadir: Office) -> None:
    log_in("ayu").get(f"/person/{hadir.person['budi']}/2026-11")
    entry = _log(office_db, "looked_at_person")[0]
    assert entry.employee_id == hadir.person["budi"]
    assert entry.actor.startswith("account:")
    assert entry.data == {"month": "2026-11"}


def test_a_person_of_another_unit_is_not_found_and_nothing_is_recorded(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    answer = log_in("dewi").get(f"/person/{hadir.person['lina']}/2026-11")
    assert answer.status_code == 404
    assert _log(office_db, "looked_at_person") == []


def test_the_raw_sms_opens_by_a_recorded_click(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    dewi, case_id = log_in("dewi"), hadir.case["siti_sick"]
    page = dewi.get(f"/person/{hadir.person['siti']}/2026-11").text
    assert SICK_TEXT not in page
    shown = dewi.post(f"/person/case/{case_id}/text", headers={"HX-Request": "true"}).text
    assert SICK_TEXT in shown
    assert "<html" not in shown
    assert _log(office_db, "looked_at_text")[0].subject_id == str(case_id)


def test_the_raw_sms_opens_without_scripts_too(log_in: LogIn, hadir: Office) -> None:
    page = log_in("dewi").post(f"/person/case/{hadir.case['siti_sick']}/text").text
    assert SICK_TEXT in page and "<html" in page


def test_another_units_sms_stays_closed(log_in: LogIn, office_db: Database, hadir: Office) -> None:
    answer = log_in("lina").post(f"/person/case/{hadir.case['siti_sick']}/text")
    assert answer.status_code == 404
    assert _log(office_db, "looked_at_text") == []


def test_numbers_are_masked_unless_for_the_units_operator(log_in: LogIn, hadir: Office) -> None:
    address = f"/person/{hadir.person['budi']}/2026-11"
    assert "+6281234567001" in log_in("dewi").get(address).text
    for other in ("yusuf", "rahmat", "ayu"):
        page = log_in(other).get(address).text
        assert "+6281234567001" not in page
        assert "+6281******001" in page


def test_a_case_is_withdrawn_with_a_reason(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    dewi, case_id = log_in("dewi"), hadir.case["joko_permission"]
    fields = {"version": 1, "employee": hadir.person["joko"], "month": "2026-11"}
    refused = dewi.post(f"/person/case/{case_id}/withdraw", data={**fields, "why": ""})
    assert refused.status_code == 409
    done = dewi.post(
        f"/person/case/{case_id}/withdraw", data={**fields, "why": "Joko menelepon, batal"}
    )
    assert done.status_code == 303, done.text
    with office_db.read() as session:
        assert session.get_one(Case, case_id).status is CaseStatus.WITHDRAWN


def test_a_month_nobody_can_mean_is_not_found(log_in: LogIn, hadir: Office) -> None:
    client = log_in("dewi")
    for month in ("2026-13", "kemarin", "1026-01", "2026-11-01"):
        assert client.get(f"/person/{hadir.person['budi']}/{month}").status_code == 404, month


def test_every_evidence_that_the_rules_write_has_a_sentence() -> None:
    """Else the page and the sheet show a code with its fields."""
    written = "".join(path.read_text() for path in Path(domain.__path__[0]).rglob("*.py"))
    codes = set(re.findall(r'"code": "(\w+)"', written)) | set(FREE_KINDS) | {CalendarKind.WFA}
    assert len(codes) > 10
    assert codes <= set(evidence.TELL)
