"""Visits to a terminal: information, clock, and the people on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from devices.errors import TerminalError, Trouble
from devices.zk_session import Session
from devices.zk_users import TerminalUser, UserToWrite, record_pin
from tests.devices.conftest import LAYOUTS, NewTerminal, address_of


def test_a_terminal_tells_who_it_is_and_what_it_holds(new_terminal: NewTerminal) -> None:
    with Session(address_of(new_terminal("40", 50, serial="BLJ77")), deadline_s=5) as session:
        info, sizes = session.info(), session.sizes()
    assert info == ("BLJ77", "Ver 6.60 Apr 28 2017", "ZMM200_TFT", "F19/ID")
    assert sizes == (20, 50, 3000, 100_000)


def test_what_a_model_does_not_tell_stays_empty(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40")
    del terminal.options[b"~DeviceName"], terminal.options[b"~Platform"]
    terminal.options[b"~SerialNumber"] = b"\xff\xfe"
    with Session(address_of(terminal), deadline_s=5) as session:
        assert session.info() == ("", "Ver 6.60 Apr 28 2017", "", "")
        assert session.sizes().records == 0


def test_a_clock_is_measured_and_set_in_the_sites_own_zone(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", zone_minutes=480)
    terminal.set_clock_offset(timedelta(days=2, seconds=5))
    with Session(address_of(terminal), deadline_s=5) as session:
        before = session.clock()
        after = session.set_clock()
    assert before.offset_seconds == pytest.approx(2 * 86_400 + 5, abs=1)
    assert after.offset_seconds == pytest.approx(0, abs=1)
    wita = datetime.now(UTC) + timedelta(hours=8)
    assert abs(terminal.now() - wita.replace(tzinfo=None)) < timedelta(seconds=3)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("people", [1, 20, 200])
def test_everybody_on_a_terminal_is_read(
    new_terminal: NewTerminal, layout: str, people: int
) -> None:
    terminal = new_terminal(layout, 0, people)
    with Session(address_of(terminal, layout="auto"), deadline_s=5) as session:
        users = session.users()
    room = 8 if layout in ("8a", "8b", "16") else 24
    assert users == [
        TerminalUser(n, str(n), f"PEGAWAI {n}"[:room].strip(), 0) for n in range(1, people + 1)
    ]


@pytest.mark.parametrize("error", [-1, 0, 1])
def test_a_count_of_users_that_is_one_off_does_not_garble_them(
    new_terminal: NewTerminal, error: int
) -> None:
    terminal = new_terminal("16", 0, 18)  # 18 * 28 is also 7 * 72
    terminal.faults.user_count_error = error
    with Session(address_of(terminal), deadline_s=5) as session:
        assert [user.pin for user in session.users()] == [str(n) for n in range(1, 19)]


def test_old_firmware_gives_its_people_in_one_piece(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("16", 0, 300)
    terminal.faults.no_buffered_read = True
    with Session(address_of(terminal), deadline_s=5) as session:
        assert len(session.users()) == 300


@pytest.mark.parametrize("layout", ["16", "40"])
def test_people_are_added_and_taken_off(new_terminal: NewTerminal, layout: str) -> None:
    terminal = new_terminal(layout)
    terminal.users.clear()
    wanted = [UserToWrite("101", "BUDI SANTOSO"), UserToWrite("7", "SRI")]
    with Session(address_of(terminal), deadline_s=5) as session:
        added = session.add_users(wanted)
        assert [(user.slot, user.pin) for user in added] == [(1, "101"), (2, "7")]
        assert session.delete_user("101")
        assert not session.delete_user("101")
        assert [user.pin for user in session.users()] == ["7"]
    assert list(terminal.users) == [b"7"]


def test_adding_somebody_known_leaves_them_as_they_are(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40")
    admin = terminal.users[b"5"]._replace(privilege=14, card=777)
    terminal.users[b"5"] = admin
    with Session(address_of(terminal), deadline_s=5) as session:
        (held,) = session.add_users([UserToWrite("5", "OTHER NAME")])
    assert held.privilege == 14
    assert terminal.users[b"5"] == admin


def test_a_free_slot_is_used_and_nobody_overwritten(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40")
    del terminal.users[b"3"]
    with Session(address_of(terminal), deadline_s=5) as session:
        (added,) = session.add_users([UserToWrite("901", "DEWI")])
    assert added.slot == 3
    assert len(terminal.users) == 20


def test_a_slot_in_the_upper_half_can_be_deleted(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40")
    terminal.enroll("901", "DEWI", slot=40_000)
    with Session(address_of(terminal), deadline_s=5) as session:
        assert session.delete_user("901")
    assert b"901" not in terminal.users


@pytest.mark.parametrize(
    ("layout", "pin", "says"),
    [
        ("16", "00012", "only plain numbers"),
        ("16", "A1", "only plain numbers"),
        ("16", "199001012015031001", "too large"),
        ("40", "", "cannot stand"),
        ("40", "1" * 25, "cannot stand"),
        ("40", " 12", "cannot stand"),
    ],
)
def test_an_id_that_a_terminal_would_change_is_refused_before_anything_is_written(
    new_terminal: NewTerminal, layout: str, pin: str, says: str
) -> None:
    terminal = new_terminal(layout)
    with (
        Session(address_of(terminal), deadline_s=5) as session,
        pytest.raises(TerminalError, match=says) as caught,
    ):
        session.add_users([UserToWrite("900", "RAHMAT"), UserToWrite(pin, "YUSUF")])
    assert caught.value.code is Trouble.BAD_USER
    assert len(terminal.users) == 20


def test_a_full_terminal_is_not_written_to(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", user_capacity=20)
    with (
        Session(address_of(terminal), deadline_s=5) as session,
        pytest.raises(TerminalError, match="holds 20"),
    ):
        session.add_users([UserToWrite("901", "DEWI")])


def test_a_long_name_is_cut_between_letters(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40")
    with Session(address_of(terminal), deadline_s=5) as session:
        (added,) = session.add_users([UserToWrite("901", "RADEN AJENG KARTINI ISTÉPHANIE")])
    assert added.name == "RADEN AJENG KARTINI IST"


def test_records_of_old_models_carry_the_slot_and_not_the_id() -> None:
    user = TerminalUser(5, "101", "BUDI", 0)
    assert record_pin(user, "8a") == "5"
    assert record_pin(user, "40") == "101"


def test_a_refused_question_leaves_the_session_usable(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 5)
    terminal.faults.refuses_data = True
    with Session(address_of(terminal), deadline_s=5) as session:
        with pytest.raises(TerminalError) as caught:
            session.users()
        assert caught.value.code is Trouble.REFUSED
        assert session.sizes().records == 5
