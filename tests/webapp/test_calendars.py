"""BKD's rules of time: calendars, patterns by date, stages; each change touches its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlalchemy import delete, func, select

from domain.people import Stage
from domain.work_calendar import DayKind
from services import days
from services.calendars import seed_patterns
from store import staff
from store.calendars import CalendarEntry
from store.days import DirtyDay
from store.db import Database
from store.log import LogEntry
from tests.webapp.conftest import LogIn
from tests.webapp.office import TODAY, Office
from tests.webapp.test_browser import _faults, _log_in, _page, browser

__all__ = ["browser"]

MONDAY = date(2026, 11, 23)
HERE = "/calendars?year=2026"


def entry(hadir: Office, **more: str) -> dict[str, str]:
    return {
        "kind": "holiday",
        "first_day": MONDAY.isoformat(),
        "unit": str(hadir.unit["RSUD"]),
        "name": "Hari jadi",
        "source": "SE 1/2026",
        **more,
    }


@pytest.fixture
def patterned(office_db: Database, log_in: LogIn, hadir: Office) -> Database:
    """The whole province works by 5D, given on the page."""
    seed_patterns(office_db)
    answer = log_in("yusuf").post(
        "/calendars/pattern?year=2026",
        data={"unit": hadir.unit["KALTIM"], "pattern": "5D", "first_day": "2020-01-01"},
    )
    assert answer.status_code == 303
    with office_db.begin() as tx:
        tx.execute(delete(DirtyDay))
    return office_db


def kind_of(db: Database, hadir: Office, day: date) -> DayKind:
    return days.plan_of(db, hadir.person["budi"], day).kind


def dirty(db: Database) -> set[tuple[int, date]]:
    with db.read() as session:
        return {(row.employee_id, row.day) for row in session.scalars(select(DirtyDay))}


def test_a_holiday_frees_the_unit_and_its_days_are_derived_again(
    log_in: LogIn, patterned: Database, hadir: Office
) -> None:
    yusuf = log_in("yusuf")
    assert kind_of(patterned, hadir, MONDAY) is DayKind.WORK
    assert yusuf.post("/calendars/entry?year=2026", data=entry(hadir)).status_code == 303
    assert kind_of(patterned, hadir, MONDAY) is DayKind.HOLIDAY
    assert (hadir.person["budi"], MONDAY) in dirty(patterned)
    assert (hadir.person["lina"], MONDAY) not in dirty(patterned)
    assert "Hari jadi" in yusuf.get(HERE).text

    remove = "/calendars/entry/1/remove?year=2026"
    assert yusuf.post(remove, data={"why": ""}).status_code == 422
    assert yusuf.post(remove, data={"why": "salah ketik"}).status_code == 303
    assert kind_of(patterned, hadir, MONDAY) is DayKind.WORK
    with patterned.read() as session:
        actions = session.scalars(
            select(LogEntry.action).where(LogEntry.subject == "calendar").order_by(LogEntry.id)
        ).all()
    assert actions == ["calendar_added", "calendar_removed"]


def test_every_friday_may_be_wfa_with_its_hours(
    log_in: LogIn, patterned: Database, hadir: Office
) -> None:
    wfa = entry(hadir, kind="wfa", last_day="2026-12-31", weekdays="5",
                windows="06.30-07.30, 11:00-13:00")  # fmt: skip
    assert log_in("yusuf").post("/calendars/entry?year=2026", data=wfa).status_code == 303
    assert kind_of(patterned, hadir, date(2026, 11, 27)) is DayKind.WFA
    assert kind_of(patterned, hadir, date(2026, 11, 26)) is DayKind.WORK
    assert "06:30–07:30" in log_in("yusuf").get(HERE).text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"last_day": "2026-11-01"}, "Periksa tanggalnya"),
        ({"first_day": "kemarin"}, "Periksa tanggalnya"),
        ({"name": " "}, "Isi namanya"),
        ({"source": ""}, "Isi dasarnya"),
        ({"weekdays": "8"}, "angka 1 sampai 7"),
        ({"windows": "pagi"}, "Tulis jam presensi"),
        ({"windows": "09.00-08.00"}, "Tulis jam presensi"),
    ],
)
def test_an_entry_that_cannot_be_says_why_and_keeps_what_was_typed(
    log_in: LogIn, office_db: Database, hadir: Office, more: dict[str, str], said: str
) -> None:
    answer = log_in("yusuf").post("/calendars/entry?year=2026", data=entry(hadir, **more))
    assert answer.status_code == 422 and said in answer.text
    assert 'value="SE 1/2026"' in answer.text or "source" in more
    with office_db.read() as session:
        assert session.scalar(select(func.count()).select_from(CalendarEntry)) == 0


def test_the_same_entry_twice_is_refused(log_in: LogIn, hadir: Office) -> None:
    yusuf = log_in("yusuf")
    yusuf.post("/calendars/entry?year=2026", data=entry(hadir))
    assert yusuf.post("/calendars/entry?year=2026", data=entry(hadir)).status_code == 422


def test_a_year_without_collective_leave_is_warned_of_until_it_is_filled(log_in: LogIn) -> None:
    yusuf = log_in("yusuf")
    assert "belum ada cuti bersama" in yusuf.get(HERE).text
    yusuf.post("/calendars/seed?year=2026")
    assert "belum ada cuti bersama" not in yusuf.get(HERE).text
    yusuf.post("/calendars/seed?year=2029")  # the decree is not known yet
    assert "belum ada cuti bersama" in yusuf.get("/calendars?year=2029").text


def test_a_persons_pattern_wins_from_its_day_and_is_given_up_again(
    log_in: LogIn, patterned: Database, hadir: Office
) -> None:
    yusuf = log_in("yusuf")
    given = {"unit": hadir.unit["RSUD"], "nip": "19900315 201503 1 001", "pattern": "6D",
             "first_day": "2026-11-21"}  # fmt: skip
    saturdays = date(2026, 11, 14), date(2026, 11, 21)
    assert yusuf.post("/calendars/pattern?year=2026", data=given).status_code == 303
    assert [kind_of(patterned, hadir, day) for day in saturdays] == [DayKind.OFF, DayKind.WORK]
    assert {who for who, _ in dirty(patterned)} == {hadir.person["budi"]}
    shown = yusuf.get(HERE).text
    assert "Pola kerja perorangan" in shown and "Budi Santoso" in shown
    given_up = {**given, "pattern": "", "first_day": "2026-11-21"}
    assert yusuf.post("/calendars/pattern?year=2026", data=given_up).status_code == 303
    assert kind_of(patterned, hadir, saturdays[1]) is DayKind.OFF
    stranger = {**given, "nip": "198806062012061006"}
    assert yusuf.post("/calendars/pattern?year=2026", data=stranger).status_code == 422


def test_a_unit_joins_by_stages_from_a_day(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    stage = {"unit": hadir.unit["DINKES"], "stage": "pantau", "first_day": TODAY.isoformat()}
    assert log_in("yusuf").post("/calendars/stage?year=2026", data=stage).status_code == 303
    with office_db.read() as session:
        assert staff.stage_of(session, hadir.unit["RSUD"], TODAY) is Stage.WATCH
        assert staff.stage_of(session, hadir.unit["RSUD"], MONDAY) is Stage.LIVE


def test_the_page_passes_axe_and_fits_a_phone(
    browser: Browser, live: str, office_db: Database, log_in: LogIn, tmp_path: Path
) -> None:
    log_in("yusuf").post("/calendars/seed?year=2026")
    page = _page(browser, live, 360)
    _log_in(page, live, "yusuf")
    page.goto(live + HERE)
    for details in page.locator("main details").all()[:3]:
        details.evaluate("found => { found.open = true }")
    assert _faults(Axe(), page, HERE) == []
    page.context.close()
