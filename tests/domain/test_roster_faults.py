"""Every way in which a row of a roster can be wrong is named with sheet, line, column and why."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from domain.roster.checks import Known, sift
from domain.roster.faults import FaultCode
from domain.roster.rows import Roster, read_roster
from domain.roster.sheets import Sheet
from services.roster.phone_numbers import read_phone
from tests.rosters import (
    BUDI,
    DEWI,
    LIA,
    MONDAY,
    PEOPLE,
    POSTS,
    RAHMAT,
    SRI,
    UNITS,
    changed,
    tables,
)

KNOWN = Known(patterns=frozenset({"5D", "6D", "SHIFT"}), terminal_units={"upt1-a": "UPT1"})
STRANGER = "198806062012061006"


def sifted(sheets: Mapping[str, Sheet], known: Known = KNOWN) -> Roster:
    roster = read_roster(dict(sheets), read_phone)
    sift(roster, known, MONDAY)
    return roster


def budi(**cells: str) -> dict[str, Sheet]:
    return tables(people=[{**PEOPLE[0], **cells}, *PEOPLE[1:]])


def upt(**cells: str) -> dict[str, Sheet]:
    return tables(units=[*UNITS[:2], {**UNITS[2], **cells}])


def post(**cells: str) -> dict[str, Sheet]:
    return tables(posts=[*POSTS, {"unit": "UPT1", "post": "Kepala Seksi", "nip": SRI, **cells}])


def test_the_cast_as_a_roster_has_no_fault() -> None:
    roster = sifted(tables())
    assert roster.faults == []
    assert len(roster.people or ()) == len(PEOPLE)


C = FaultCode
# fmt: off
ONE_ROW = [
    # name of the case, tables, where the fault stands, code
    ("nip empty", budi(nip=""), "employees 2 nip", C.BAD_NIP),
    ("nip of nine digits", budi(nip="131234567"), "employees 2 nip", C.BAD_NIP),
    ("nip too short", budi(nip="19900101201501100"), "employees 2 nip", C.BAD_NIP),
    ("nip rounded to 000", budi(nip="199001012015011000"), "employees 2 nip", C.BAD_NIP),
    ("nip as a power", budi(nip="1.99001E+17"), "employees 2 nip", C.BAD_NIP),
    ("nip with letters", budi(nip="19900101201501I001"), "employees 2 nip", C.BAD_NIP),
    ("nip of 31 February", budi(nip="199002312015011001"), "employees 2 nip", C.BAD_NIP),
    ("nip with month 13", budi(nip="199001012015131001"), "employees 2 nip", C.BAD_NIP),
    ("nip with sex 3", budi(nip="199001012015013001"), "employees 2 nip", C.BAD_NIP),
    ("nip of a child", budi(nip="201001012015011001"), "employees 2 nip", C.BAD_NIP),
    ("a PPPK with a PNS's nip", budi(employment="PPPK"), "employees 2 nip", C.BAD_NIP),
    ("name empty", budi(name=" "), "employees 2 name", C.EMPTY),
    ("name too long", budi(name="x" * 121), "employees 2 name", C.TOO_LONG),
    ("unit empty", budi(unit_code=""), "employees 2 unit_code", C.EMPTY),
    ("unknown unit", budi(unit_code="UPT9"), "employees 2 unit_code", C.UNKNOWN_UNIT),
    ("unknown employment", budi(employment="honorer"),
      "employees 2 employment", C.UNKNOWN_EMPLOYMENT),
    ("unknown pattern", budi(work_pattern="7D"), "employees 2 work_pattern", C.UNKNOWN_PATTERN),
    ("phone too short", budi(phones="0811"), "employees 2 phones", C.BAD_PHONE),
    ("phone as a power", budi(phones="8.11E+10"), "employees 2 phones", C.BAD_PHONE),
    ("one of two bad", budi(phones="08110000001; rumah"), "employees 2 phones", C.BAD_PHONE),
    ("landline", budi(phones="0541-733333"), "employees 2 phones", C.LANDLINE),
    ("terminal ID with a space", budi(pins="10 1"), "employees 2 pins", C.BAD_TERMINAL_ID),
    ("terminal without a name", budi(pins="101@"), "employees 2 pins", C.BAD_TERMINAL_ID),
    ("unknown supervisor", budi(supervisor_nip=STRANGER),
      "employees 2 supervisor_nip", C.UNKNOWN_SUPERVISOR),
    ("supervisor's nip bad", budi(supervisor_nip="123"), "employees 2 supervisor_nip", C.BAD_NIP),
    ("own supervisor", budi(supervisor_nip=BUDI), "employees 2 supervisor_nip", C.OWN_SUPERVISOR),
    ("unit name empty", upt(name=""), "units 4 name", C.EMPTY),
    ("unknown kind", upt(kind="warung"), "units 4 kind", C.UNKNOWN_KIND),
    ("unknown zone", upt(time_zone="WIBB"), "units 4 time_zone", C.UNKNOWN_ZONE),
    ("unknown pattern of a unit", upt(work_pattern="4D"),
      "units 4 work_pattern", C.UNKNOWN_PATTERN),
    ("unknown parent", upt(parent_code="DINAS"), "units 4 parent_code", C.UNKNOWN_UNIT),
    ("second province", upt(parent_code=""), "units 4 parent_code", C.SECOND_TOP),
    ("a unit above itself", upt(parent_code="UPT1"), "units 4 parent_code", C.UNIT_CIRCLE),
    ("post in an unknown unit", post(unit="UPT9"), "posts 4 unit", C.UNKNOWN_UNIT),
    ("unknown post", post(post="Tukang kebun"), "posts 4 post", C.UNKNOWN_POST),
    ("unknown holder", post(nip=STRANGER), "posts 4 nip", C.UNKNOWN_HOLDER),
    ("holder's nip bad", post(nip="12"), "posts 4 nip", C.BAD_NIP),
    ("no date", post(**{"from": "31/02/2026"}), "posts 4 from", C.BAD_DATE),
    ("end before start", post(**{"from": "2026-12-01", "to": "30/11/2026"}),
         "posts 4 to", C.END_BEFORE_START),
]
# fmt: on


@pytest.mark.parametrize(("sheets", "where", "code"), [case[1:] for case in ONE_ROW],
                         ids=[case[0] for case in ONE_ROW])  # fmt: skip
def test_a_bad_row_is_named_with_its_line_and_column(
    sheets: dict[str, Sheet], where: str, code: FaultCode
) -> None:
    table, line, column = where.split()
    here = (f"{table}.csv", int(line), column)
    found = [f for f in sifted(sheets).faults if (f.sheet, f.line, f.column) == here]
    assert [fault.code for fault in found] == [code]
    assert str(found[0]).startswith(f"{table}.csv, baris {line}, kolom {column}: ")
    assert "{" not in str(found[0])


# fmt: off
SEVERAL_ROWS = [
    ("doubled nip", tables(people=[*PEOPLE, {**PEOPLE[0], "pins": ""}]), {2, 7}, C.DOUBLED_NIP),
    ("doubled unit", tables(units=[*UNITS, {**UNITS[2], "code": "upt1"}]), {4, 5}, C.DOUBLED_UNIT),
    ("supervisor circle", tables(people=changed(PEOPLE, RAHMAT, supervisor_nip=BUDI)),
      {2, 3, 4}, C.SUPERVISOR_CIRCLE),
    ("one ID in a unit", budi(pins="102"), {2, 3}, C.SHARED_TERMINAL_ID),
    ("one ID but for leading zeros", budi(pins="0102"), {2, 3}, C.SHARED_TERMINAL_ID),
    ("one ID at a terminal of the unit", budi(pins="102@UPT1-A"), {2, 3}, C.SHARED_TERMINAL_ID),
    ("two heads at once", post(post="Kasubag"), {2, 4}, C.TWO_HOLDERS),
]
# fmt: on


@pytest.mark.parametrize(("sheets", "lines", "code"), [case[1:] for case in SEVERAL_ROWS],
                         ids=[case[0] for case in SEVERAL_ROWS])  # fmt: skip
def test_rows_that_contradict_each_other_are_all_named(
    sheets: dict[str, Sheet], lines: set[int], code: FaultCode
) -> None:
    faults = [fault for fault in sifted(sheets).faults if fault.code is code]
    assert {fault.line for fault in faults} == lines


def test_the_same_id_at_terminals_of_two_units_is_no_fault() -> None:
    assert sifted(budi(pins="101; 7@BKD-A")).faults == []  # Yusuf of the BKD has 101 too


def test_a_bad_unit_takes_its_people_and_posts_with_it_and_each_is_named() -> None:
    roster = sifted(upt(kind="warung"))
    dependents = [fault for fault in roster.faults if fault.code is FaultCode.SKIPPED_UNIT]
    assert {(f.sheet, f.line) for f in dependents} == {
        *(("employees.csv", line) for line in (2, 3, 4, 5)),
        *(("posts.csv", line) for line in (2, 3)),
    }
    assert [row.name for row in roster.people or ()] == ["Yusuf Maulana"]


def test_a_bad_supervisor_takes_along_who_reports_to_them_unless_known_before() -> None:
    sheets = tables(people=changed(PEOPLE, SRI, phones="rumah"))
    assert BUDI not in {row.nip for row in sifted(sheets).people or ()}
    known = Known(patterns=KNOWN.patterns, supervisors={SRI: RAHMAT})
    assert BUDI in {row.nip for row in sifted(sheets, known).people or ()}


def test_a_missing_column_is_named_and_the_headings_that_are_there_are_shown() -> None:
    sheet = Sheet("employees.csv", [(1, ["NAMA", "unit kerja"]), (2, ["Budi", "UPT1"])])
    (fault,) = sifted({"employees": sheet}).faults
    assert (fault.line, fault.column, fault.code) == (1, "nip", FaultCode.NO_COLUMN)
    assert "NAMA" in fault.sentence


def test_headings_and_values_are_read_as_units_write_them() -> None:
    heading = [" N I P ", "Nama Pegawai", "UNIT_KERJA", "Jenis Kepegawaian", "No. HP", "Id Mesin"]
    row = ["19950505 202321 2 005", "Lia  Amalia ", "UPT1", "P3K", "(0811) 000-0001/0811 000 0009",
           "7; 8@UPT1-B"]  # fmt: skip
    sheets = {**tables(people=None), "employees": Sheet("pegawai", [(3, heading), (5, row)])}
    del sheets["posts"]
    (person,) = sifted(sheets).people or ()
    assert (person.nip, person.name, person.employment, person.line) == (
        LIA,
        "Lia Amalia",
        "pppk",
        5,
    )
    assert person.phones == ("+628110000001", "+628110000009")
    assert [(pin.pin, pin.terminal) for pin in person.pins] == [("7", None), ("8", "UPT1-B")]


@pytest.mark.parametrize(
    ("written", "code", "kind", "capacity"),
    [
        ("Kepala Dinas", "head", "head", "definitif"),
        ("Plt. Kepala UPT", "head", "head", "plt"),
        ("Direktur RSUD", "head", "head", "definitif"),
        ("Kasubag Umum", "kasubag", "kasubag", "definitif"),
        ("Plh Kasubbag Umum dan Kepegawaian", "kasubag", "kasubag", "plh"),
        ("Kepala Sub Bagian Tata Usaha (Plt)", "kasubag", "kasubag", "plt"),
        ("Kasubag Keuangan", "kasubag-keuangan", "supervisor", "definitif"),
        ("Kepala Seksi Pelayanan", "kepala-seksi-pelayanan", "supervisor", "definitif"),
        ("Kabid Mutasi", "kabid-mutasi", "supervisor", "definitif"),
        ("operator", "operator", "operator", "definitif"),
        ("Operator 2", "operator-2", "operator", "definitif"),
        ("Pelaksana Tugas Kepala Ruang Mawar", "kepala-ruang-mawar", "supervisor", "plt"),
    ],
)
def test_posts_are_known_by_what_units_call_them(
    written: str, code: str, kind: str, capacity: str
) -> None:
    sheets = tables(posts=[{"unit": "UPT1", "post": written, "nip": DEWI}])
    (row,) = sifted(sheets).holders or ()
    assert (row.post.code, row.post.kind, row.capacity) == (code, kind, capacity)
