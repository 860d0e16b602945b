"""The month's recap: from days to sheet, paper and lines; the same arguments, the same bytes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import update

from domain.cases import CaseKind, HalfDay
from domain.recap import cell, tally
from services import days, recaps
from store.db import Database
from store.people import Assignment, Unit
from store.terminal_care import TerminalOutage
from tests.servers import PYTHON
from tests.services.day_world import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, World, after

NIP = "199001012015011001"
KEYS = [
    "nip", "date", "unit", "status", "kind", "first_in", "last_out", "late_minutes",
    "early_minutes", "excuse", "final", "why",
]  # fmt: skip


@pytest.fixture
def week(db: Database) -> World:
    """Budi: on time on Monday, late on Tuesday, half a day of leave on Wednesday, then nothing."""
    world = World(db)
    world.now = after(THURSDAY)
    world.scan("budi", MONDAY, "07:20", "16:05")
    world.scan("budi", TUESDAY, "08:15", "16:05")
    world.scan("budi", WEDNESDAY, "12:50", "16:05")
    world.case("budi", CaseKind.ANNUAL, WEDNESDAY, start_half=HalfDay.AM, end_half=HalfDay.AM)
    days.merge(db, lambda: world.now, MONDAY, THURSDAY)
    return world


def gathered(world: World, unit: str = "UPT1") -> recaps.MonthRecap:
    with world.db.read() as session:
        return recaps.gather(session, "2026-11", unit, date(2026, 12, 1))


def test_json_lines_tell_each_day_with_its_why(week: World) -> None:
    lines = [line for line in _lines(week, "UPT1") if line["date"] >= "2026-11-23"]
    assert all(list(line) == KEYS for line in lines)
    budi = {line["date"]: line for line in lines if line["nip"] == NIP}
    assert len(lines) == 4 * 4  # four people of the unit, four dates
    tuesday = budi["2026-11-24"]
    assert tuesday["first_in"] == "2026-11-24T08:15:00+08:00"
    assert (tuesday["status"], tuesday["late_minutes"], tuesday["final"]) == ("present", 45, True)
    assert budi["2026-11-25"]["kind"] == "annual"
    assert budi["2026-11-25"]["excuse"] == "am"
    assert budi["2026-11-26"]["status"] == "absent"
    assert {"hours", "terminal"} <= {fact["code"] for fact in budi["2026-11-26"]["why"]}


def test_csv_has_the_same_columns_and_days(week: World) -> None:
    text = recaps.WRITERS["csv"](gathered(week)).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == KEYS
    assert {row["status"] for row in rows if row["nip"] == NIP} == {"day_off", "present", "absent"}
    assert "pattern" in {fact["code"] for fact in json.loads(rows[0]["why"])}


def test_the_sheet_has_a_grid_for_the_unit_and_the_days(week: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(recaps.WRITERS["xlsx"](gathered(week))))
    assert book.sheetnames == ["UPT1", "Harian"]
    grid = book["UPT1"]
    heads = [cell.value for cell in grid[3]]
    budi = [cell.value for cell in grid[4]]
    assert budi[1] == "Budi Santoso\n19900101 201501 1 001"
    told = dict(zip(heads, budi, strict=True))
    assert [told[day] for day in (23, 24, 25, 26, 27)] == ["H", "TL2", "H CT", "TK", None]
    assert (told["Hari kerja"], told["H"], told["CT"], told["TK"]) == (4, 2.5, 0.5, 1)
    assert (told["TL kali"], told["TL menit"], told["TL 1/2/3/4"]) == (1, 45, "0/1/0/0")
    assert (told["A %"], told["B %"]) == (62.5, 75)
    everything = "\n".join(str(cell.value) for row in grid for cell in row if cell.value)
    assert "Samarinda, 1 Desember 2026" in everything
    assert "A hadir kerja = (hadir + dinas luar + WFA) / hari kerja" in everything
    assert "Rahmat Hidayat" in everything
    assert book["Harian"].max_row == 1 + len(_lines(week, "UPT1"))


@pytest.mark.parametrize("form", list(recaps.WRITERS))
def test_the_same_arguments_give_the_same_bytes(week: World, form: str) -> None:
    written = recaps.WRITERS[form](gathered(week))
    assert written == recaps.WRITERS[form](gathered(week))
    assert len(written) > 1000


def test_the_paper_is_f4_landscape(week: World) -> None:
    paper = recaps.WRITERS["pdf"](gathered(week))
    assert paper.startswith(b"%PDF")
    assert b"/MediaBox [ 0 0 935.4331 609.4488 ]" in paper


def test_declared_outage_days_stand_beside_the_rates(week: World) -> None:
    def said() -> list[str]:
        (unit,) = gathered(week).units
        return [line for line in recaps.grid.summary_of(unit) if "Gangguan mesin" in line]

    assert said() == []
    with week.db.begin() as tx:
        tx.add(
            TerminalOutage(
                unit_id=week.cast.unit,
                terminal_id=None,
                first_day=MONDAY,
                last_day=TUESDAY,
                why="petir",
                declared_by="account:1",
                declared_at=week.now,
            )
        )
    assert said() == ["Gangguan mesin dinyatakan pada 2 hari bulan ini."]


def test_after_a_transfer_each_unit_prints_its_own_part(week: World) -> None:
    world = week
    with world.db.begin() as tx:
        bkd = tx.query(Unit).filter_by(code="BKD").one()
        mine = Assignment.employee_id == world.cast.budi
        tx.execute(update(Assignment).where(mine).values(last_day=TUESDAY))
        tx.add(Assignment(employee_id=world.cast.budi, unit_id=bkd.id, first_day=WEDNESDAY))
        world.touch("budi", WEDNESDAY, THURSDAY, tx=tx)
    world.derive()
    here = [line["date"] for line in _lines(world, "UPT1") if line["nip"] == NIP]
    there = [line["date"] for line in _lines(world, "BKD") if line["nip"] == NIP]
    assert here == ["2026-11-22", "2026-11-23", "2026-11-24"]
    assert there == ["2026-11-25", "2026-11-26"]


def _lines(world: World, unit: str) -> list[dict[str, object]]:
    written = recaps.WRITERS["json"](gathered(world, unit))
    return [json.loads(line) for line in written.splitlines()]


def test_the_commands_merge_and_export(week: World, database_url: str, tmp_path: Path) -> None:
    environ = {"HADIR_MODE": "training", "DATABASE_URL": database_url, "PATH": "/usr/bin:/bin"}

    def flask(*words: str) -> subprocess.CompletedProcess[str]:
        command = [PYTHON, "-m", "flask", "--app", "wsgi", "attendance", *words]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300)

    span = ("--from", "2026-11-23", "--to", "2026-11-26")
    rebuilt = flask("merge", *span, "--unit", "UPT1", "--rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert "16 days derived anew" in rebuilt.stdout
    paths = [tmp_path / "one.json", tmp_path / "two.json"]
    for path in paths:
        done = flask(
            "export", "--month", "2026-11", "--unit", "UPT1", "--format", "json", "-o", str(path)
        )
        assert done.returncode == 0, done.stderr
    assert paths[0].read_bytes() == paths[1].read_bytes()
    wrong = flask("export", "--month", "Nov", "--unit", "UPT1", "--format", "pdf", "-o", "x")
    assert wrong.returncode == 1
    assert "no month" in wrong.stderr
    nowhere = flask("merge", *span, "--unit", "NOPE")
    assert (nowhere.returncode, nowhere.stderr.strip()) == (1, "There is no unit 'NOPE'.")


# --- counting --------------------------------------------------------------------------------


class A:
    """A day with nothing remarkable but what is told."""

    day, kind, excuse, provisional = TUESDAY, None, None, False
    late_minutes = early_minutes = 0
    missing_in = missing_out = False

    def __init__(self, status: str, **more: object):
        self.status = status
        self.__dict__.update(more)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (A("present"), "H"),
        (A("present", late_minutes=30), "TL1"),
        (A("present", late_minutes=31, early_minutes=95), "TL2 PSW4"),
        (A("incomplete", missing_out=True), "PSW4"),  # one scan is PSW4, not TK
        (A("on_leave", kind="annual"), "CT"),
        (A("on_leave", kind="important"), "CAP"),
        (A("sick", kind="sick"), "CS"),
        (A("permission", kind="out"), "I"),
        (A("on_duty", kind="duty", provisional=True), "DL*"),
        (A("present", kind="annual", excuse="am"), "H CT"),
        (A("wfa"), "WFA"),
        (A("study"), "TB"),
        (A("day_off"), "L"),
        (A("awaiting_data"), "?"),
        (A("awaiting_decision"), "?"),
        (A("absent"), "TK"),
    ],
)
def test_the_cell_of_a_day(day: A, code: str) -> None:
    assert cell(day) == code


def test_days_out_of_the_count_change_no_rate() -> None:
    free = [A("day_off"), A("study"), A("on_leave", kind="unpaid")]
    counted = tally([A("present"), A("absent"), *free, A("on_duty", kind="duty"), A("wfa")])
    assert (counted.workdays, counted.rate_a, counted.rate_b) == (4, 75.0, 75.0)


def test_a_month_without_a_working_day_has_no_rate() -> None:
    assert tally([A("day_off")]).rate_a is None


def test_minutes_stand_apart_from_whole_days() -> None:
    counted = tally([A("present", late_minutes=225), A("present", early_minutes=225)])
    assert (counted.minutes_as_days, counted.absent) == (1.0, 0)


def test_the_merge_derives_what_lacks_and_leaves_the_rest(db: Database) -> None:
    world = World(db)
    world.now = after(TUESDAY)
    assert days.merge(db, lambda: world.now, MONDAY, TUESDAY) == 5 * 2
    assert days.merge(db, lambda: world.now, MONDAY, TUESDAY) == 0
    assert days.merge(db, lambda: world.now + timedelta(days=1), MONDAY, WEDNESDAY, "UPT1") >= 4
