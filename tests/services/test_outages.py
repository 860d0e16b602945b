"""A declared outage suspends alerts and opens a paper list that comes back in as evidence."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.access import Viewer, system
from domain.people import Role
from services import days, imports, notices, outages
from services.terminals import TerminalProblem
from store import outage_queries
from store.days import AttendanceDay
from store.db import Database
from store.people import Unit
from store.punches import Terminal
from tests.cast import Cast, build_cast

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # Tuesday, 10.30 WITA


@pytest.fixture
def cast(db: Database) -> Cast:
    made = build_cast(db)
    with db.begin() as tx:
        terminal = tx.get_one(Terminal, made.terminal)
        terminal.complete_up_to, terminal.clock_offset = NOW, 0
    return made


def day_of(db: Database, employee_id: int, day: date = MONDAY) -> AttendanceDay:
    days.derive_dirty(db, lambda: NOW)
    with db.read() as session:
        return session.get_one(AttendanceDay, (day, employee_id))


def declare(db: Database, cast: Cast, first: date = MONDAY, last: date = MONDAY) -> int:
    return outages.declare(db, NOW, cast.viewer("yusuf"), cast.unit, first, last, "petir")


def lines_of(db: Database, cast: Cast) -> list[outages.PaperLine]:
    with db.read() as session:
        return outages.paper_list(session, session.get_one(Unit, cast.unit), MONDAY, MONDAY)


def test_a_day_of_an_outage_is_never_absent(db: Database, cast: Cast) -> None:
    days.rebuild(db, NOW, MONDAY, MONDAY)
    assert day_of(db, cast.budi).status == "absent"
    outage_id = declare(db, cast)
    assert day_of(db, cast.budi).status == "awaiting_data"
    assert "outage" in day_of(db, cast.budi).reasons
    assert notices.raise_due(db, NOW).get("absence_alert", 0) == 0
    outages.end(db, NOW, cast.viewer("yusuf"), outage_id)
    assert day_of(db, cast.budi).status == "awaiting_data"  # what is over stays declared


def test_an_outage_that_ends_early_gives_its_last_days_back(db: Database, cast: Cast) -> None:
    outage_id = declare(db, cast, MONDAY, MONDAY + timedelta(days=3))
    outages.end(db, NOW, cast.viewer("yusuf"), outage_id)
    with db.read() as session:
        assert outage_queries.outage_days(session, [cast.unit], MONDAY, date(2026, 11, 30)) == {
            cast.unit: 1
        }
    with pytest.raises(TerminalProblem):
        outages.end(db, NOW, cast.viewer("yusuf"), outage_id)


def test_the_paper_list_comes_back_as_presence_with_its_name_in_the_evidence(
    db: Database, cast: Cast
) -> None:
    declare(db, cast)
    lines = lines_of(db, cast)
    assert [line.name for line in lines] == [
        "Budi Santoso",
        "Dewi Lestari",
        "Rahmat Hidayat",
        "Sri Wahyuni",
    ]
    assert lines[0].hours == "07.30-16.00"
    with db.read() as session:
        sheet = outages.paper_csv(session.get_one(Unit, cast.unit), lines)
    rows = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff")), delimiter=";"))
    rows[1][3:5] = ["07.21", "16.05"]  # Budi signed, the others did not
    typed = io.StringIO()
    csv.writer(typed, delimiter=";").writerows(rows)
    taken = imports.import_csv(db, NOW, system("test"), typed.getvalue().encode(), "daftar.csv")
    assert (taken.new, taken.quarantined) == (2, 0)
    budi = day_of(db, cast.budi)
    assert (budi.status, budi.late_minutes) == ("present", 0)
    assert "Daftar kertas UPT1" in str(budi.why)
    assert day_of(db, cast.sri).status == "awaiting_data"
    assert next(line.name for line in lines_of(db, cast)) == "Dewi Lestari"


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (MONDAY, MONDAY - timedelta(days=1), "days"),
        (MONDAY, MONDAY + timedelta(days=5), "too_long"),
        (NOW.date() - timedelta(days=60), NOW.date() - timedelta(days=60), "too_old"),
    ],
)
def test_a_span_that_cannot_be_is_refused(
    sqlite_db: Database, first: date, last: date, code: str
) -> None:
    made = build_cast(sqlite_db)
    with pytest.raises(TerminalProblem) as caught:
        declare(sqlite_db, made, first, last)
    assert caught.value.code == code


def test_two_declarations_of_one_day_and_declarations_by_others_are_refused(
    sqlite_db: Database,
) -> None:
    made = build_cast(sqlite_db)
    declare(sqlite_db, made)
    with pytest.raises(TerminalProblem):
        declare(sqlite_db, made)
    for viewer in (made.viewer("dewi"), made.viewer("rahmat")):
        with pytest.raises(TerminalProblem) as caught:
            outages.declare(sqlite_db, NOW, viewer, made.unit, MONDAY, MONDAY, "petir")
        assert caught.value.code == "not_yours"


def test_outage_days_are_counted_once_per_date(sqlite_db: Database) -> None:
    made = build_cast(sqlite_db)
    tono = Viewer(9, Role.TECHNICIAN, None)
    declare(sqlite_db, made, MONDAY, MONDAY + timedelta(days=1))
    outages.declare(
        sqlite_db, NOW, tono, made.unit, date(2026, 11, 26), date(2026, 11, 26), "x", "UPT1-A"
    )
    with sqlite_db.read() as session:
        found = outage_queries.outage_days(session, [made.unit], MONDAY, date(2026, 11, 30))
        assert found == {made.unit: 3}
        (latest, _) = outage_queries.since(session, tono, MONDAY)
        assert latest.terminal is not None and latest.terminal.name == "UPT1-A"
