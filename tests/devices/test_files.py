"""What comes in by USB stick and from other systems' tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.csv_presence import Columns, columns_of, parse_presence
from devices.errors import TerminalError, Trouble
from devices.records import PunchRecord
from devices.usb import parse_attlog_dat


def test_a_stick_is_read_with_its_padded_ids() -> None:
    parsed = parse_attlog_dat(
        b"        1\t2018-06-25 17:50:35\t1\t0\t1\t0\r\n"
        b"    00012\t2026-11-20 07:31:05\t1\t255\t15\t0\r\n"
        b"\r\n"
    )
    assert parsed.records == [
        PunchRecord("1", "2018-06-25 17:50:35", 1, 0, 1),
        PunchRecord("00012", "2026-11-20 07:31:05", 15, 255, 2),
    ]
    assert parsed.quarantine == []


def test_a_damaged_line_of_a_stick_costs_that_line() -> None:
    parsed = parse_attlog_dat(
        b"1\t2026-11-20 07:00:00\t1\t0\t1\t0\n\xff\x00\x07broken\n2\t2026-11-20 07:01:00\t1\t0\t1\n"
    )
    assert [record.pin for record in parsed.records] == ["1", "2"]
    assert [(bad.place, bad.reason) for bad in parsed.quarantine] == [(2, "unreadable_line")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 a workbook", b"NIP;Tanggal\n1;2\n"])
def test_another_file_is_named_as_such(data: bytes) -> None:
    with pytest.raises(TerminalError, match=r"no attlog\.dat") as caught:
        parse_attlog_dat(data)
    assert caught.value.code is Trouble.BAD_TEXT


def test_a_stick_and_a_pull_give_the_same_key() -> None:
    """The same scan by two ways must be one punch: same ID text, same local second."""
    (record,) = parse_attlog_dat(b"    00012\t2026-11-20 07:31:05\t1\t0\t1\t0\n").records
    assert (record.pin, record.local) == ("00012", "2026-11-20 07:31:05")


TABLE = """\
No;Nama;NIP;Tanggal;Jam Masuk;Jam Pulang;Lokasi
1;Budi;199001012015031001;20/11/2026;07.31;16.05;SAO
2;Sri;'198505122010012003;2026-11-20;07:29:30;-;SAO
3;Rahmat;1,98503E+17;20/11/2026;07:30;16:00;SAO
4;Dewi;199203032016032002;31/02/2026;07:30;16:00;SAO
5;Yusuf;199404042017041001;20/11/2026;pagi;16:00;SAO
6;Ani;;20/11/2026;07:30;16:00;SAO
7;Umar;199505052018051001;20/11/2026;;;SAO
"""


def test_another_systems_table_is_read_and_every_bad_row_named() -> None:
    parsed = parse_presence(TABLE.encode())
    assert parsed.records == [
        ("199001012015031001", "2026-11-20 07:31:00", "SAO", 2),
        ("199001012015031001", "2026-11-20 16:05:00", "SAO", 2),
        ("198505122010012003", "2026-11-20 07:29:30", "SAO", 3),
        ("199404042017041001", "2026-11-20 16:00:00", "SAO", 6),
    ]
    assert [(bad.line, bad.reason) for bad in parsed.bad_rows] == [
        (4, "rounded_number"),
        (5, "impossible_date"),
        (5, "impossible_date"),
        (6, "bad_column"),
        (7, "empty_pin"),
    ]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("PIN,Waktu", Columns("PIN", moment="Waktu")),
        ("User ID,Date,Time", Columns("User ID", day="Date", times=("Time",))),
        ("NIP,Tanggal,Waktu", Columns("NIP", day="Tanggal", times=("Waktu",))),
        ("NIP,Tgl,Scan 1,Scan 2", Columns("NIP", day="Tgl", times=("Scan 1", "Scan 2"))),
        ("Personnel ID,Punch Time,Terminal",
         Columns("Personnel ID", moment="Punch Time", source="Terminal")),
    ],
)  # fmt: skip
def test_the_usual_headings_are_understood(heading: str, meaning: Columns) -> None:
    assert columns_of(heading.split(",")) == meaning


def test_a_table_whose_headings_say_nothing_is_refused_with_what_is_needed() -> None:
    with pytest.raises(TerminalError, match="needed are NIP"):
        parse_presence(b"A,B,C\n1,2,3\n")
    with pytest.raises(TerminalError, match="needed are NIP"):
        parse_presence(b"")
    with pytest.raises(TerminalError, match="no column Hadir"):
        parse_presence(b"NIP,Waktu\n1,2\n", Columns("NIP", moment="Hadir"))


def test_given_columns_win_over_headings() -> None:
    parsed = parse_presence(
        b"kode\tkapan\n7\t2026-11-20 07:00\n8\t\n", Columns("kode", moment="kapan")
    )
    assert parsed.records == [("7", "2026-11-20 07:00:00", "", 2)]
    assert [(bad.line, bad.reason) for bad in parsed.bad_rows] == [(3, "no_time")]


@given(st.text(max_size=200))
def test_no_table_is_an_exception_without_a_sentence(text: str) -> None:
    try:
        parse_presence(b"NIP,Tanggal,Masuk\n" + text.encode("utf-8", errors="ignore"))
    except TerminalError as error:
        assert error.code is Trouble.BAD_TEXT
