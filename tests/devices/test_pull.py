"""Reading a healthy terminal: every layout, small and large, whole and by its tail."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from devices.errors import TerminalError, Trouble
from devices.records import parse
from devices.zk_attlog import HeldTail, read_terminal, tail_of
from devices.zk_session import Address
from simulators.zk_protocol import encode_time
from simulators.zk_terminal import Refused, ZkTerminal
from tests.devices.conftest import LAYOUTS, WITA, NewTerminal, address_of, at, records_of, truth


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [1, 25, 128, 9000])
def test_every_layout_is_learned_and_every_record_read(
    new_terminal: NewTerminal, layout: str, count: int
) -> None:
    terminal = new_terminal(layout, count)
    read = read_terminal(address_of(terminal, layout="auto"), deadline_s=10)
    assert read.layout == layout
    assert records_of(read) == truth(terminal)
    assert read.doubt is None
    assert (read.record_count, read.first_index) == (count, 0)
    assert read.total_bytes == len(read.raw) + 4


def test_an_empty_terminal_gives_an_empty_read_and_no_layout(new_terminal: NewTerminal) -> None:
    read = read_terminal(address_of(new_terminal("40"), layout="auto"), deadline_s=5)
    assert (read.raw, read.layout, read.record_count, read.doubt) == (b"", "auto", 0, None)
    assert read.held_tail() is None


def test_firmware_that_refuses_to_give_nothing_is_empty_too(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40")
    terminal.faults.refuses_data = True
    assert read_terminal(address_of(terminal), deadline_s=5).record_count == 0


def test_firmware_that_refuses_to_give_what_it_counts_is_an_error(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("40", 5)
    terminal.faults.refuses_data = True
    with pytest.raises(TerminalError) as caught:
        read_terminal(address_of(terminal), deadline_s=5)
    assert caught.value.code is Trouble.REFUSED


def test_a_read_tells_who_the_terminal_is_and_how_wrong_its_clock(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("40", 10, serial="BLJ77", comm_key=4711)
    terminal.clock_offset = timedelta(minutes=-7)
    read = read_terminal(address_of(terminal, serial="BLJ77"), deadline_s=5)
    assert read.serial == "BLJ77"
    assert read.firmware == "Ver 6.60 Apr 28 2017"
    assert read.clock_offset_seconds is not None
    assert abs(read.clock_offset_seconds + 420) <= 1
    assert read.record_capacity == 100_000
    assert read.started_at <= read.finished_at


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("held", "new"), [(3000, 0), (3000, 5), (3000, 4000), (10, 3), (1, 900)])
def test_a_tail_read_brings_the_new_records_and_little_more(
    new_terminal: NewTerminal, layout: str, held: int, new: int
) -> None:
    terminal = new_terminal(layout, held)
    first = read_terminal(address_of(terminal), deadline_s=10)
    later = at("2026-11-20 16:30")
    for minute in range(new):
        terminal.punch("7", later + timedelta(minutes=minute))
    read = read_terminal(address_of(terminal), held=first.held_tail(), deadline_s=10)
    overlap = min(held, 32)
    assert read.first_index == held - overlap
    assert records_of(read) == truth(terminal)[held - overlap :]
    assert not read.tail_differed
    assert read.record_count == held + new
    following = read.held_tail()
    assert following is not None
    assert following.count == held + new
    assert len(parse(following.tail, layout).records) == min(held + new, 32)


def test_a_tail_read_fetches_the_overlap_only(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 5000)
    held = read_terminal(address_of(terminal), deadline_s=10).held_tail()
    assert len(read_terminal(address_of(terminal), held=held, deadline_s=10).raw) == 32 * 40


def test_a_terminal_that_holds_other_records_is_read_whole(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 5000)
    held = read_terminal(address_of(terminal), deadline_s=10).held_tail()
    terminal.records[4990] = terminal.records[4990]._replace(punch=1)
    read = read_terminal(address_of(terminal), held=held, deadline_s=10)
    assert read.tail_differed
    assert read.first_index == 0
    assert records_of(read) == truth(terminal)


def test_fewer_records_than_held_is_refused_with_the_bytes_kept(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("16", 5000)
    held = read_terminal(address_of(terminal), deadline_s=10).held_tail()
    terminal.clear()
    terminal.punch("7", at("2026-11-23 07:00"))
    with pytest.raises(TerminalError, match="1 records where there were 5000") as caught:
        read_terminal(address_of(terminal), held=held, deadline_s=10)
    assert caught.value.code is Trouble.COUNT_FELL
    assert caught.value.raw is not None
    assert len(caught.value.raw) == 16


def test_a_log_cleared_and_filled_beyond_what_was_held_is_noticed(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("40", 20)
    held = read_terminal(address_of(terminal), deadline_s=10).held_tail()
    terminal.clear()
    for minute in range(25):
        terminal.punch("7", at(f"2026-11-23 07:{minute:02d}"))
    read = read_terminal(address_of(terminal), held=held, deadline_s=10)
    assert read.tail_differed
    assert records_of(read) == truth(terminal)


def test_a_held_tail_of_another_layout_is_not_trusted(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 100)
    read = read_terminal(address_of(terminal), held=HeldTail(10, bytes(160), "16"), deadline_s=10)
    assert read.first_index == 0
    assert read.tail_differed


def test_an_empty_tail_proves_nothing(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 100)
    read = read_terminal(address_of(terminal), held=HeldTail(50, b"", "40"), deadline_s=10)
    assert (read.first_index, read.tail_differed) == (0, True)


def test_the_tail_of_a_stored_read_is_that_of_the_read(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("16", 100)
    first = read_terminal(address_of(terminal), deadline_s=10)
    terminal.punch("7", at("2026-11-20 17:00"))
    second = read_terminal(address_of(terminal), held=first.held_tail(), deadline_s=10)
    assert tail_of(second.raw, second.layout, second.first_index) == second.held_tail()
    assert tail_of(first.raw, first.layout, 0).count == 100


def test_old_firmware_without_snapshots_is_read_in_one_piece(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("8a", 9000)
    terminal.faults.no_buffered_read = True
    first = read_terminal(address_of(terminal), deadline_s=10)
    assert records_of(first) == truth(terminal)
    tail = read_terminal(address_of(terminal), held=first.held_tail(), deadline_s=10)
    assert tail.first_index == 9000 - 32


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_punch_between_the_count_and_the_snapshot_does_no_harm(
    new_terminal: NewTerminal, layout: str
) -> None:
    terminal = new_terminal(layout, 3000)
    terminal.faults.punches_before_read = 1
    read = read_terminal(address_of(terminal), deadline_s=10)
    assert records_of(read) == truth(terminal)
    assert (read.record_count_before, read.record_count_after) == (3000, 3001)
    assert read.doubt is None


def test_as_many_punches_again_do_not_double_the_record_size(new_terminal: NewTerminal) -> None:
    """8 records and 8 more have the size of 8 records of twice the length."""
    terminal = new_terminal("8a", 8)
    terminal.faults.punches_before_read = 8
    read = read_terminal(address_of(terminal, layout="auto"), deadline_s=10)
    assert read.layout == "8a"
    assert records_of(read) == truth(terminal)


def test_punches_during_the_read_come_with_the_next_one(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 5000)
    terminal.faults.punches_during_read = 3
    read = read_terminal(address_of(terminal), deadline_s=10)
    assert read.record_count == 5000
    assert read.record_count_after == 5003
    assert read.doubt is None
    following = read_terminal(address_of(terminal), held=read.held_tail(), deadline_s=10)
    assert records_of(following) == truth(terminal)[4968:]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("error", [1, -1])
def test_a_count_that_is_one_off_costs_no_record_and_raises_a_doubt(
    new_terminal: NewTerminal, layout: str, error: int
) -> None:
    terminal = new_terminal(layout, 3000)
    terminal.faults.count_error = error
    read = read_terminal(address_of(terminal), deadline_s=10)
    assert records_of(read) == truth(terminal)
    assert read.doubt == (
        f"The terminal counted {3000 + error} records before and {3000 + error} after giving 3000."
    )


def test_a_layout_is_not_learned_from_a_count_that_does_not_fit(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("16", 3000)
    terminal.faults.count_error = 1
    with pytest.raises(TerminalError) as caught:
        read_terminal(address_of(terminal, layout="auto"), deadline_s=10)
    assert caught.value.code is Trouble.LAYOUT


@pytest.mark.parametrize(("real", "configured"), [("16", "8a"), ("40", "8b"), ("49", "40")])
def test_a_wrongly_configured_layout_is_refused(
    new_terminal: NewTerminal, real: str, configured: str
) -> None:
    terminal = new_terminal(real, 3000)
    with pytest.raises(TerminalError) as caught:
        read_terminal(address_of(terminal, layout=configured), deadline_s=10)
    assert caught.value.code is Trouble.LAYOUT
    assert caught.value.raw


@pytest.mark.parametrize("layout", ["8a", "8b"])
def test_of_eight_byte_records_the_right_order_is_found(
    new_terminal: NewTerminal, layout: str
) -> None:
    terminal = new_terminal(layout, 3000)
    for index, record in enumerate(terminal.records):
        terminal.records[index] = record._replace(punch=index % 2)
    read = read_terminal(address_of(terminal, layout="8"), deadline_s=10)
    assert read.layout == layout
    assert records_of(read) == truth(terminal)


def test_one_impossible_date_costs_one_row(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 100)
    terminal.store(b"7", encode_time(at("2026-03-01 00:00")) - 86_400)  # 31 February
    terminal.punch("8", at("2026-11-20 17:00"))
    read = read_terminal(address_of(terminal), deadline_s=5)
    parsed = parse(read.raw, read.layout)
    assert len(parsed.records) == 101
    assert parsed.records[-1].pin == "8"
    (bad,) = parsed.quarantine
    assert (bad.place, bad.pin, bad.local, bad.reason) == (
        100,
        "7",
        "2026-02-31 00:00:00",
        "impossible_date",
    )


def test_ids_that_are_not_utf8_stay_two_people(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40")
    for pin in (b"\xf1\xe9\xe8", b"\xf1\xe9\xe9", b"00012", b"12"):
        terminal.enroll(pin)
        terminal.punch(pin, at("2026-11-20 07:00"))
    read = read_terminal(address_of(terminal), deadline_s=5)
    pins = [record.pin for record in parse(read.raw, read.layout).records]
    assert pins == ["~ñéè", "~ñéé", "00012", "12"]


def test_a_clock_that_shows_no_real_day_does_not_stop_the_read(
    new_terminal: NewTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = new_terminal("40", 10)
    monkeypatch.setattr(
        terminal, "time_number", lambda: encode_time(at("2026-03-01 00:00")) - 86_400
    )
    read = read_terminal(address_of(terminal), deadline_s=5)
    assert (read.device_time, read.clock_offset_seconds) == (None, None)
    assert records_of(read) == truth(terminal)


def test_another_terminal_at_the_same_address_is_refused(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 10, serial="STRANGER")
    with pytest.raises(TerminalError, match="is terminal STRANGER, not BLJ77") as caught:
        read_terminal(address_of(terminal, serial="BLJ77"), deadline_s=5)
    assert caught.value.code is Trouble.OTHER_TERMINAL


def test_a_wrong_comm_key_is_named(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 10, comm_key=4711)
    with pytest.raises(TerminalError) as caught:
        read_terminal(address_of(terminal, comm_key=1), deadline_s=5)
    assert caught.value.code is Trouble.WRONG_COMM_KEY


@pytest.mark.parametrize("key", [0, 1, 123456, 999_999, 2**31])
def test_every_comm_key_opens_its_terminal(new_terminal: NewTerminal, key: int) -> None:
    assert read_terminal(address_of(new_terminal("40", 3, comm_key=key)), deadline_s=5).serial


@pytest.mark.parametrize("host", ["terminal.local", "127.0.0.1; rm -rf /", "", "1.2.3"])
def test_only_ip_addresses_are_called(host: str) -> None:
    with pytest.raises(TerminalError) as caught:
        read_terminal(Address(host=host, zone=WITA), deadline_s=5)
    assert caught.value.code is Trouble.BAD_ADDRESS


def test_a_terminal_that_is_off_is_unreachable(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 10)
    terminal.pull_cable()
    with pytest.raises(TerminalError, match="Check power, network cable") as caught:
        read_terminal(address_of(terminal), deadline_s=5)
    assert caught.value.code is Trouble.UNREACHABLE
    terminal.plug()
    assert records_of(read_terminal(address_of(terminal), deadline_s=5)) == truth(terminal)


def test_a_cable_pulled_in_mid_read_ends_at_the_silence_limit(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 5000)
    terminal.faults.cut = "stall"
    threading.Timer(0.1, terminal.pull_cable).start()
    started = time.monotonic()
    with pytest.raises(TerminalError) as caught:
        read_terminal(address_of(terminal), deadline_s=5, silence_s=0.4)
    assert caught.value.code in (Trouble.SILENT, Trouble.CLOSED)
    assert time.monotonic() - started < 4


def test_a_broken_sensor_takes_no_finger_and_the_log_stays(terminal_with_ten: ZkTerminal) -> None:
    terminal_with_ten.break_sensor()
    with pytest.raises(Refused, match="sensor"):
        terminal_with_ten.punch("7")
    assert read_terminal(address_of(terminal_with_ten), deadline_s=5).record_count == 10
    terminal_with_ten.mend_sensor()
    terminal_with_ten.punch("7")
    assert read_terminal(address_of(terminal_with_ten), deadline_s=5).record_count == 11


@pytest.fixture
def terminal_with_ten(new_terminal: NewTerminal) -> ZkTerminal:
    return new_terminal("40", 10)
