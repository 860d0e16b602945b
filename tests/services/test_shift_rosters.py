"""Shift rosters: read from wards' grids, published by difference, swapped by two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import delete, select

from domain.access import Actor, Viewer, system
from domain.people import Role
from domain.roster.faults import FaultCode
from domain.roster.sheets import Sheet
from domain.roster.shift_grid import read_grid, read_month
from domain.shifts import days_of_month
from domain.work_calendar import DayKind
from services import days
from services.roster.missing_shifts import missing_rosters
from services.roster.shift_files import ShiftReport, import_shifts
from services.roster.shifts import ShiftProblem, copied, publish, set_letter, ward
from store import staff
from store.calendars import RosterDay
from store.days import DirtyDay
from store.db import Database
from store.log import LogEntry
from store.people import Unit
from tests.rosters import BUDI, MONDAY, NOW, PEOPLE, SRI, YUSUF, bring, changed, tables

DECEMBER = date(2026, 12, 1)
NOBODY = Actor("account", 1)


@pytest.fixture
def ward_db(db: Database) -> Database:
    """The cast, of whom Budi and Sri work by shift; the letters P, S and M have hours."""
    people = changed(PEOPLE, BUDI, work_pattern="SHIFT")
    bring(db, tables(people=changed(people, SRI, work_pattern="SHIFT")))
    for letter, starts, ends in (("P", 7, 14), ("S", 14, 21), ("M", 21, 7)):
        set_letter(db, NOW, NOBODY, unit_id(db), letter, time(starts), time(ends), MONDAY)
    return db


def unit_id(db: Database, code: str = "UPT1") -> int:
    with db.read() as session:
        return session.scalars(select(Unit.id).where(Unit.code == code)).one()


def person_id(db: Database, nip: str) -> int:
    with db.read() as session:
        person = staff.person_by_nip(session, nip)
    assert person is not None
    return person.id


def sheet(rows: Mapping[str, Mapping[int, str]], unit: str = "UPT1", last: int = 31) -> Sheet:
    """A ward's grid of December: letters by name and day."""
    numbers = range(1, last + 1)
    lines: list[tuple[int, list[str]]] = [
        (1, ["JADWAL JAGA", ""]),
        (2, ["Unit", unit]),
        (3, ["Bulan:", "Desember 2026"]),
        (5, ["No", "Nama", *(str(n) for n in numbers)]),
    ]
    for place, (name, letters) in enumerate(rows.items(), 6):
        lines.append((place, [str(place), name, *(letters.get(n, "") for n in numbers)]))
    return Sheet("jaga.csv", lines)


LATER = NOW.replace(month=12, day=7)  # when the week of the tests is over


def bring_shifts(db: Database, *sheets: Sheet, now: datetime = NOW) -> ShiftReport:
    return import_shifts(db, now, system("test"), sheets)


def letters_of(db: Database, nip: str) -> dict[int, str]:
    with db.read() as session:
        rows = session.scalars(
            select(RosterDay).where(
                RosterDay.employee_id == person_id(db, nip), RosterDay.day >= DECEMBER
            )
        )
        return {row.day.day: row.letter for row in rows}


WEEK = {1: "P", 2: "P", 3: "S", 4: "M", 5: "L", 31: "m"}


def test_a_wards_grid_is_published_and_decides_the_days(ward_db: Database) -> None:
    report = bring_shifts(ward_db, sheet({"Budi Santoso": WEEK}))
    assert report.stored and report.rosters == [("UPT1", DECEMBER, 1, 6)]
    assert letters_of(ward_db, BUDI) == {**WEEK, 31: "M"}
    night = days.plan_of(ward_db, person_id(ward_db, BUDI), date(2026, 12, 31))
    assert night.starts is not None and night.ends is not None
    assert night.ends.isoformat() == "2026-12-31T23:00:00+00:00"  # 07.00 WITA on 1 January
    free = days.plan_of(ward_db, person_id(ward_db, BUDI), date(2026, 12, 5))
    unrostered = days.plan_of(ward_db, person_id(ward_db, BUDI), date(2026, 12, 6))
    assert (free.kind, unrostered.kind) == (DayKind.OFF, DayKind.NO_ROSTER)


def test_published_again_only_what_differs_is_touched(ward_db: Database) -> None:
    bring_shifts(ward_db, sheet({"Budi Santoso": WEEK}))
    with ward_db.begin() as tx:
        tx.execute(delete(DirtyDay))
    again = bring_shifts(ward_db, sheet({"Budi Santoso": WEEK}), now=LATER)
    assert again.rosters[0][3] == 0
    bring_shifts(ward_db, sheet({"Budi Santoso": {**WEEK, 2: "S"}}), now=LATER)
    with ward_db.read() as session:
        dirty = {row.day.day for row in session.scalars(select(DirtyDay))}
        logged = session.scalars(
            select(LogEntry)
            .where(LogEntry.action == "shifts_published", LogEntry.subject == "employee")
            .order_by(LogEntry.id.desc())
        ).first()
    assert dirty == {1, 2, 3}
    assert logged is not None and logged.data == {"2026-12-02": ["P", "S"]}


def test_dates_without_a_column_keep_what_was_published(ward_db: Database) -> None:
    bring_shifts(ward_db, sheet({"Budi Santoso": WEEK}))
    bring_shifts(ward_db, sheet({"Budi Santoso": {1: "S"}}, last=7))
    assert letters_of(ward_db, BUDI) == {1: "S", 31: "M"}


@pytest.mark.parametrize(
    ("rows", "where", "code"),
    [
        ({"Joko Widodo": WEEK}, (6, "nama"), FaultCode.UNKNOWN_PERSON),
        ({"Yusuf Maulana": WEEK}, (6, "nama"), FaultCode.UNKNOWN_PERSON),
        ({"Wahyuni": WEEK}, (6, "nama"), None),
        ({"": WEEK}, (6, "nama"), FaultCode.EMPTY),
        ({"Budi Santoso": WEEK, "BUDI SANTOSO, S.E.": WEEK}, (7, "nama"), FaultCode.DOUBLED_PERSON),
        ({"Budi Santoso": {3: "X"}}, (6, "3"), FaultCode.UNKNOWN_LETTER),
        ({"Budi Santoso": {3: "P/S"}}, (6, "3"), FaultCode.UNKNOWN_LETTER),
    ],
)
def test_every_bad_cell_is_named_and_nothing_is_stored(
    ward_db: Database,
    rows: dict[str, dict[int, str]],
    where: tuple[int, str],
    code: FaultCode | None,
) -> None:
    report = bring_shifts(ward_db, sheet(rows))
    assert [fault.code for fault in report.faults if (fault.line, fault.column) == where] == (
        [code] if code else []
    )
    assert report.stored == (code is None)
    assert bool(letters_of(ward_db, BUDI) or letters_of(ward_db, SRI)) == (code is None)


def test_two_people_of_one_name_are_named_with_their_nips(ward_db: Database) -> None:
    twin = {"nip": "199006062016061006", "name": "Budi Santoso, S.T.", "unit_code": "UPT1"}
    bring(ward_db, tables(people=[*PEOPLE, twin]))
    (fault,) = bring_shifts(ward_db, sheet({"Budi": WEEK})).faults
    assert (
        fault.code is FaultCode.TWO_PERSONS and BUDI in fault.detail and "1990060" in fault.detail
    )


def test_a_day_that_the_month_does_not_have_is_named(ward_db: Database) -> None:
    lines = [(1, ["Unit: UPT1", "Bulan: 2026-11"]), (2, ["nip", "29", "30", "31"]),
             (3, [BUDI, "P", "P", "P"])]  # fmt: skip
    (fault,) = bring_shifts(ward_db, Sheet("jaga.csv", lines)).faults
    assert (fault.line, fault.column, fault.code) == (3, "31", FaultCode.DAY_NOT_IN_MONTH)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([(1, ["Unit: UPT1", "Bulan: 2026-12"]), (2, ["Budi"])], FaultCode.NO_GRID),
        ([(1, ["Bulan: 2026-12"]), (2, ["nama", "1", "2", "3"])], FaultCode.NO_UNIT),
        ([(1, ["Unit: UPT1"]), (2, ["nama", "1", "2", "3"])], FaultCode.NO_MONTH),
        ([(1, ["Unit: UPT1", "Bulan: 2026-12"]), (2, ["x", "1", "2", "3"])], FaultCode.NO_COLUMN),
        ([(1, ["Unit: UPT1", "Bulan: 2026-12"]), (2, ["nama", "1", "2", "2"])],
         FaultCode.DOUBLED_DAY),
        ([(1, ["Unit: UPT9", "Bulan: 2026-12"]), (2, ["nama", "1", "2", "3"]), (3, ["Budi"])],
         FaultCode.UNKNOWN_UNIT),
    ],
)  # fmt: skip
def test_a_sheet_without_unit_month_or_days_says_so(
    ward_db: Database, lines: list[tuple[int, list[str]]], code: FaultCode
) -> None:
    report = bring_shifts(ward_db, Sheet("jaga.csv", lines))
    assert [fault.code for fault in report.faults] == [code] and not report.stored


@pytest.mark.parametrize(
    "written",
    ["2026-12", "12/2026", "Desember 2026", "des 2026", "DEC 2026", "2026-12-01", "1/12/2026"],
)
def test_a_month_is_read_as_people_write_it(written: str) -> None:
    assert read_month(written) == DECEMBER
    assert read_grid(Sheet("x", [(1, ["Bulan", written])])).month == DECEMBER


def test_a_night_that_lasts_into_the_next_shift_is_refused(ward_db: Database) -> None:
    set_letter(ward_db, NOW, NOBODY, unit_id(ward_db), "N", time(20), time(9), MONDAY)
    (fault,) = bring_shifts(ward_db, sheet({"Budi Santoso": {3: "N", 4: "P"}})).faults
    assert (fault.column, fault.code) == ("3", FaultCode.OVERLAP)
    assert bring_shifts(ward_db, sheet({"Budi Santoso": {3: "M", 4: "P"}})).stored  # joined is fine


def test_who_moves_in_the_middle_of_the_month_stands_in_each_wards_own_part(
    ward_db: Database,
) -> None:
    people = changed(PEOPLE, BUDI, work_pattern="SHIFT", unit_code="BKD", pins="7",
                     supervisor_nip=YUSUF)  # fmt: skip
    bring(ward_db, tables(people=people), date(2026, 12, 15))
    faults = bring_shifts(ward_db, sheet({"Budi Santoso": {14: "P", 15: "P"}})).faults
    assert [(fault.column, fault.code) for fault in faults] == [("15", FaultCode.NOT_HERE)]
    set_letter(ward_db, NOW, NOBODY, unit_id(ward_db, "BKD"), "P", time(8), time(15), MONDAY)
    assert bring_shifts(
        ward_db, sheet({"Budi Santoso": {14: "P"}}), sheet({"Budi Santoso": {15: "P"}}, "BKD")
    ).stored
    assert letters_of(ward_db, BUDI) == {14: "P", 15: "P"}


def test_a_letter_that_changes_its_hours_touches_its_published_days(ward_db: Database) -> None:
    bring_shifts(ward_db, sheet({"Budi Santoso": WEEK}))
    with ward_db.begin() as tx:
        tx.execute(delete(DirtyDay))
    set_letter(ward_db, LATER, NOBODY, unit_id(ward_db), "P", time(6), time(13), date(2026, 12, 2))
    with ward_db.read() as session:
        assert {row.day.day for row in session.scalars(select(DirtyDay))} == {1, 2, 3}
    first, second = (
        days.plan_of(ward_db, person_id(ward_db, BUDI), date(2026, 12, day)).starts
        for day in (1, 2)
    )
    assert first is not None and second is not None
    assert second - first == timedelta(hours=23)


@pytest.mark.parametrize(
    ("letter", "hours", "code"),
    [("", (7, 14), "letter"), ("PAGI2", (7, 14), "letter"), ("P!", (7, 14), "letter"),
     ("l", (7, 14), "off_letter"), ("P", (7, 7), "no_hours")],
)  # fmt: skip
def test_a_letter_that_cannot_be_is_refused(
    ward_db: Database, letter: str, hours: tuple[int, int], code: str
) -> None:
    with pytest.raises(ShiftProblem) as refused:
        set_letter(
            ward_db, NOW, NOBODY, unit_id(ward_db), letter, time(hours[0]), time(hours[1]), MONDAY
        )
    assert refused.value.code == code


def test_a_copy_takes_the_same_weekday_of_four_weeks_before(ward_db: Database) -> None:
    bring_shifts(ward_db, sheet({"Budi Santoso": {7: "P", 8: "S", 31: "M"}}))
    january = date(2027, 1, 1)
    budi = person_id(ward_db, BUDI)
    with ward_db.read() as session:
        place = ward(session, session.get_one(Unit, unit_id(ward_db)), january)
        grid = copied(place, {budi: {date(2027, 1, 4): "L"}})
    wanted = {date(2027, 1, 4): "L", date(2027, 1, 5): "S", date(2027, 1, 28): "M"}
    assert {day: letter for day, letter in grid[budi].items() if letter} == wanted


def test_a_month_nobody_published_is_a_task_until_it_is(ward_db: Database) -> None:
    bkd = Viewer(1, Role.BKD, None)
    late = date(2026, 11, 28)
    with ward_db.read() as session:
        november, december = missing_rosters(session, bkd, late)
    assert (november.month.month, november.people, november.first_day) == (11, 2, MONDAY)
    assert (december.month, december.people, december.unit.id) == (DECEMBER, 2, unit_id(ward_db))
    everything = {
        person_id(ward_db, nip): dict.fromkeys(days_of_month(DECEMBER), "L") for nip in (BUDI, SRI)
    }
    assert publish(ward_db, NOW, NOBODY, unit_id(ward_db), DECEMBER, everything).changed == 62
    with ward_db.read() as session:
        assert [task.month.month for task in missing_rosters(session, bkd, late)] == [11]
        elsewhere = Viewer(1, Role.OPERATOR, "/1/2/")
        assert missing_rosters(session, elsewhere, late) == []
