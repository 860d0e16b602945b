"""Layouts, times and IDs: what a record says, and what cannot be a punch."""

from __future__ import annotations

import struct
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import TerminalError, Trouble
from devices.records import (
    LAYOUTS,
    BadRecord,
    PunchRecord,
    canonical_pin,
    is_plausible,
    learn_layout,
    local_text,
    parse,
    time_number,
)
from simulators import zk_protocol as zk
from tests.devices.conftest import LAYOUTS as EVERY_LAYOUT
from tests.devices.conftest import at

MORNING = time_number(2026, 11, 20, 7, 31, 5)
LATEST = date(2026, 11, 25)


def packed(layout: str, *records: zk.Record) -> bytes:
    return zk.pack_records(layout, list(records))


def record(pin: str = "12", number: int = MORNING, punch: int = 255) -> zk.Record:
    return zk.Record(pin.encode(), number, 1, punch, int(pin))


def test_the_known_time_of_the_vendors_tool() -> None:
    assert local_text(0x2368B36B) == ("2018-06-25 17:50:35", True)
    assert time_number(2018, 6, 25, 17, 50, 35) == 0x2368B36B


@given(st.datetimes(at("2000-01-01"), at("2099-12-31")))
def test_every_second_goes_there_and_back(moment: object) -> None:
    text, exists = local_text(zk.encode_time(moment))  # type: ignore[arg-type]
    assert (text, exists) == (f"{moment:%Y-%m-%d %H:%M:%S}", True)


@given(st.integers(0, 2**32 - 1))
def test_any_number_is_a_text_and_never_an_exception(number: int) -> None:
    text, _ = local_text(number)
    assert len(text) == 19


@pytest.mark.parametrize("layout", EVERY_LAYOUT)
def test_each_layout_says_the_same(layout: str) -> None:
    parsed = parse(packed(layout, record(), record("7", punch=1)), layout, first_index=40)
    assert list(parsed.records) == [
        PunchRecord("12", "2026-11-20 07:31:05", 1, 255, 40),
        PunchRecord("7", "2026-11-20 07:31:05", 1, 1, 41),
    ]
    assert parsed.quarantine == []


def test_a_record_as_a_terminal_sent_it() -> None:
    """Byte for byte from the protocol's description of the 40-byte record."""
    raw = bytes.fromhex("0100") + b"1".ljust(24, b"\0") + bytes.fromhex("01 6bb36823 00") + bytes(8)
    assert list(parse(raw, "40").records) == [PunchRecord("1", "2018-06-25 17:50:35", 1, 0, 0)]


@pytest.mark.parametrize(
    ("number", "pin", "reason"),
    [
        (time_number(2026, 2, 28, 0, 0, 0) + 3 * 86_400, b"12", "impossible_date"),
        (time_number(2000, 1, 1, 0, 0, 7), b"12", "year_out_of_range"),
        (time_number(2100, 1, 1, 0, 0, 0), b"12", "year_out_of_range"),
        (MORNING, b"", "empty_pin"),
        (MORNING, b"   ", "empty_pin"),
    ],
)
def test_a_bad_record_is_one_row_in_quarantine(number: int, pin: bytes, reason: str) -> None:
    raw = packed("40", record(), zk.Record(pin, number, 1, 0, 3), record("7"))
    parsed = parse(raw, "40", first_index=100)
    assert [r.pin for r in parsed.records] == ["12", "7"]
    assert [r.place for r in parsed.records] == [100, 102]
    (bad,) = parsed.quarantine
    assert isinstance(bad, BadRecord)
    assert (bad.place, bad.reason, bad.raw) == (101, reason, raw[40:80])


@given(st.lists(st.binary(min_size=40, max_size=40), max_size=30))
def test_whatever_the_bytes_every_record_is_good_or_named(rows: list[bytes]) -> None:
    parsed = parse(b"".join(rows), "40")
    places = [r.place for r in parsed.records] + [b.place for b in parsed.quarantine]
    assert sorted(places) == list(range(len(rows)))
    assert len(parsed.records) + len(parsed.quarantine) == len(rows)
    assert [parsed.records[i] for i in range(len(parsed.records))] == list(parsed.records)
    assert parsed.records[:2] == list(parsed.records)[:2]


def test_there_is_no_record_behind_the_last() -> None:
    with pytest.raises(IndexError):
        parse(packed("16", record()), "16").records[1]


@pytest.mark.parametrize(
    ("raw", "pin"),
    [
        (b"00012\0garbage", "00012"),
        (b"12", "12"),
        (b"  12 ", "12"),
        ("Ñandú".encode(), "Ñandú"),
        (b"\xf1\xe9\xe8", "~ñéè"),
        (b"~1", "~~1"),
        (b"199001012015031001", "199001012015031001"),
        (b"\0abc", ""),
    ],
)
def test_an_id_has_one_written_form(raw: bytes, pin: str) -> None:
    assert canonical_pin(raw) == pin


@given(st.binary(max_size=24), st.binary(max_size=24))
def test_two_different_ids_never_become_one(one: bytes, other: bytes) -> None:
    def kept(raw: bytes) -> bytes:
        return raw.split(b"\0")[0].strip(b" \t\r\n")

    assert (canonical_pin(one) == canonical_pin(other)) == (kept(one) == kept(other))
    assert len(canonical_pin(one)) <= 25


def test_bytes_that_are_no_whole_number_of_records_are_refused() -> None:
    with pytest.raises(TerminalError, match="no whole number") as caught:
        parse(bytes(41), "40")
    assert caught.value.code is Trouble.LAYOUT


def test_a_layout_nobody_knows_is_refused() -> None:
    with pytest.raises(TerminalError, match="'41'"):
        parse(b"", "41")


def test_a_layout_is_learned_only_when_exactly_one_fits() -> None:
    noise = struct.pack("<I", 0xFFFFFFFF) * 20
    with pytest.raises(TerminalError, match="none fits"):
        learn_layout(noise, (10, 10), LATEST)


def test_records_of_the_next_century_do_not_prove_a_layout() -> None:
    future = packed("40", *(record(number=time_number(2090, 1, 1, 0, 0, n)) for n in range(20)))
    assert not is_plausible(future, "40", LATEST)


def test_a_few_impossible_times_do_not_hide_a_layout() -> None:
    records = [record() for _ in range(96)] + [record(number=0) for _ in range(4)]
    assert is_plausible(packed("40", *records), "40", LATEST)


@pytest.mark.parametrize("real", ["8a", "8b"])
@pytest.mark.parametrize("punch", [0, 1, 5, 255])
@pytest.mark.parametrize("month", range(1, 13))
def test_the_two_eight_byte_orders_are_told_apart(real: str, punch: int, month: int) -> None:
    """Even a morning's worth, in any month of the coming years, with any one key."""
    for year in (2024, 2026, 2028):
        start = time_number(year, month, 3, 7, 0, 0)
        raw = packed(real, *(record(number=start + 9 * n, punch=punch) for n in range(30)))
        assert learn_layout(raw, (30, 30), date(2029, 1, 1), "8") == real


def test_every_layout_has_the_size_its_name_says() -> None:
    assert {name: layout.size for name, layout in LAYOUTS.items()} == {
        "8a": 8,
        "8b": 8,
        "16": 16,
        "40": 40,
        "49": 49,
    }
