"""The modem process against a simulated modem: what comes in, what goes out, what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.messages import MessageClass, OutState
from simulators import pdu
from sms.segments import plan
from store.messages import InboundPart, OutboundPart
from tests.modem_room import ModemRoom, modem_room
from tests.servers import wait_for

WITA = timezone(timedelta(hours=8))
CENTRE = "+6281100000"
LONG = "Mohon izin tidak masuk kerja karena ada keperluan keluarga di Samarinda. " * 4


@pytest.fixture(scope="module")
def room(
    sqlite_template: Path, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ModemRoom]:
    folder = tmp_path_factory.mktemp("modem")
    (folder / "hadir.db").write_bytes(sqlite_template.read_bytes())
    with modem_room(folder, f"sqlite:///{folder}/hadir.db", redis_url) as room:
        yield room


@pytest.fixture(autouse=True)
def all_is_well(room: ModemRoom) -> Iterator[None]:
    yield
    fresh = type(room.modem.faults)()
    vars(room.modem.faults).update(vars(fresh))


# --- in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("+628110000101", "izin [sakit] {2} hari ~ ^ \\ | € 5"),
        ("+628110000102", "sakit \U0001f912 pak, mohon izin"),
        ("+628110000103", LONG),
        ("+628110000104", "\U0001f600" * 70 + " panjang"),
        ("TELKOMSEL", "Pulsa Anda Rp0"),
    ],
)
def test_a_text_is_stored_as_it_was_written(room: ModemRoom, sender: str, text: str) -> None:
    room.modem.deliver(sender, text)
    wait_for(lambda: room.received(sender))
    stored = room.received(sender)
    assert [each.text for each in stored] == [text]
    assert "\x00" not in stored[0].text
    wait_for(lambda: room.modem.stored == 0)


def test_parts_with_a_wide_reference_are_joined(room: ModemRoom) -> None:
    room.modem.deliver("+628110000110", LONG, wide=True)
    wait_for(lambda: room.received("+628110000110"))
    assert room.received("+628110000110")[0].text == LONG


def test_the_raw_message_is_kept_with_all_that_is_known_of_it(room: ModemRoom) -> None:
    sent = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
    raw = pdu.deliver("+628110000111", "izin", sent.astimezone(WITA), CENTRE)
    room.modem.deliver_pdu(raw)
    (part,) = wait_for(lambda: room.parts("+628110000111"))
    assert part.raw["pdu"] == raw.hex().upper()
    assert (part.sent_at, part.raw["smsc"]) == (sent, CENTRE)


def test_a_message_that_the_network_delivers_twice_is_stored_once(room: ModemRoom) -> None:
    at = datetime.now(WITA)
    raw = pdu.deliver("+628110000112", "izin sakit", at, CENTRE)
    for _ in range(3):
        room.modem.deliver_pdu(raw)
    wait_for(lambda: room.modem.stored == 0)
    assert len(room.received("+628110000112")) == 1


def test_data_messages_are_kept_and_do_no_harm(room: ModemRoom) -> None:
    raw = bytearray(pdu.deliver("+628110000113", "ABCD", datetime.now(WITA), CENTRE, b"", "ucs2"))
    raw[raw.index(b"\x00\x08") + 1] = 0x04  # 8-bit
    room.modem.deliver_pdu(bytes(raw))
    (part,) = wait_for(lambda: room.parts("+628110000113"))
    assert part.text == "ABCD"


def test_poison_in_the_first_slot_is_put_aside_and_the_rest_read(room: ModemRoom) -> None:
    room.modem.deliver_pdu(bytes.fromhex("0791132604"))
    for number in range(5):
        room.modem.deliver("+628110000114", f"izin {number}")
    wait_for(lambda: len(room.received("+628110000114")) == 5)
    wait_for(lambda: room.modem.stored == 0)
    with room.db.read() as session:
        poison = session.scalars(
            select(InboundPart).where(InboundPart.quarantine.is_not(None))
        ).all()
    assert [part.raw["pdu"] for part in poison] == ["0791132604"], "kept, to be read after a mend"


def test_a_full_sim_is_emptied_and_what_the_network_held_follows_in_order(
    room: ModemRoom,
) -> None:
    texts = {f"+62811000012{who}": [f"pesan {n}" for n in range(25)] for who in (0, 1)}
    for pair in zip(*texts.values(), strict=True):
        for sender, text in zip(texts, pair, strict=True):
            room.modem.deliver(sender, text)
    wait_for(lambda: all(len(room.received(sender)) == 25 for sender in texts), 60)
    for sender, written in texts.items():
        assert [each.text for each in room.received(sender)] == written
    assert room.modem.held_back == 0


def test_what_the_sim_will_not_let_go_is_stored_once_and_said(room: ModemRoom) -> None:
    wait_for(lambda: room.modem.stored == 0)
    room.modem.faults.delete_fails = True
    room.modem.deliver("+628110000130", "izin sakit")
    wait_for(lambda: room.health().get("not_deleted") == 1)
    room.modem.deliver("+628110000131", "izin juga")
    wait_for(lambda: room.received("+628110000131"))
    assert len(room.received("+628110000130")) == 1
    room.modem.faults.delete_fails = False
    wait_for(lambda: room.modem.stored == 0, 60)
    assert len(room.received("+628110000130")) == 1


def test_reports_that_lie_on_the_sim_do_not_fill_it(room: ModemRoom) -> None:
    room.modem.deliver_pdu(pdu.status_report(7, "+628110000132", datetime.now(WITA), CENTRE))
    wait_for(lambda: room.modem.stored == 0)
    assert room.parts("+628110000132") == []


# --- out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+628110000201", "Baik [1] {2} € ~"),
        ("+628110000202", LONG),
        ("+628110000203", "€" * 90 + " selesai"),
        ("+628110000204", "selamat \U0001f600" * 20),
    ],
)
def test_parts_on_the_air_are_those_that_were_counted(
    room: ModemRoom, number: str, text: str
) -> None:
    cut = plan(text)
    outbound = room.queue(number, text, parts=len(cut.parts))
    wait_for(lambda: room.left(outbound), 60)
    assert room.on_the_air(number) == list(cut.parts)
    assert room.message(outbound).state is OutState.SENT
    assert room.message(outbound).parts_left == len(cut.parts)


def test_two_long_messages_to_one_number_never_share_a_reference(room: ModemRoom) -> None:
    two = [room.queue("+628110000210", f"{n} {LONG}", parts=2) for n in range(2)]
    wait_for(lambda: room.left(*two), 60)
    parts = [each.message.part for each in room.modem.sent if each.message.number.endswith("210")]
    by_reference: dict[int, list[int]] = {}
    for reference, total, place in parts:
        assert total == 2
        by_reference.setdefault(reference, []).append(place)
    assert list(by_reference.values()) == [[1, 2], [1, 2]]


def test_a_bad_number_fails_at_once_and_holds_nobody_up(room: ModemRoom) -> None:
    room.modem.faults.refuses_with = 1  # unassigned number
    bad = room.queue("+628110000220", "ke nomor mati")
    wait_for(lambda: room.message(bad).state is OutState.FAILED)
    room.modem.faults.refuses_with = None
    good = room.queue("+628110000221", "ke nomor hidup")
    wait_for(lambda: room.left(good))
    assert room.on_the_air("+628110000221") == ["ke nomor hidup"]
    assert "unassigned number" in (room.message(bad).problem or "")


def test_a_network_that_is_away_costs_a_message_none_of_its_tries(room: ModemRoom) -> None:
    room.modem.faults.refuses_with = 331  # no network
    waits = room.queue("+628110000222", "nanti saja")
    wait_for(lambda: room.message(waits).state is OutState.RETRY)
    assert (room.message(waits).attempts, room.message(waits).route) == (0, None)
    wait_for(lambda: "no network" in (room.health().get("refused") or ""))


def test_an_error_after_which_it_may_have_left_is_unknown_and_not_repeated(
    room: ModemRoom,
) -> None:
    room.modem.faults.fails_after_sending = 1
    doubtful = room.queue("+628110000223", "mungkin terkirim")
    wait_for(lambda: room.message(doubtful).state is OutState.UNKNOWN, 60)
    after = room.queue("+628110000223", "sesudahnya")
    wait_for(lambda: room.left(after), 60)
    assert room.on_the_air("+628110000223") == ["mungkin terkirim", "sesudahnya"]


def test_a_report_is_asked_for_where_it_helps_and_finds_its_message(room: ModemRoom) -> None:
    asks = room.queue("+628110000224", "32 izin Budi. YA/TIDAK", MessageClass.APPROVAL_REQUEST)
    receipt = room.queue("+628110000225", "Diterima", MessageClass.RECEIPT)
    wait_for(lambda: room.message(asks).receipt == "delivered", 60)
    wait_for(lambda: room.left(receipt), 60)
    wanted = {each.message.number: each.message.wants_report for each in room.modem.sent}
    assert (wanted["+628110000224"], wanted["+628110000225"]) == (True, False)
    with room.db.read() as session:
        part = session.scalars(select(OutboundPart).where(OutboundPart.outbound_id == asks)).one()
    assert part.receipt == "delivered"


# --- what people are told -------------------------------------------------------------------------


def test_signs_of_life_name_signal_network_slots_and_quota(room: ModemRoom) -> None:
    health = room.health()
    assert (health["signal_percent"], health["registered"], health["sim_size"]) == (63, True, 30)
    assert health["quota_left"] > 0
    assert health["imsi"] == room.modem.imsi


def test_a_pulled_modem_a_missing_sim_and_a_locked_one_are_named(room: ModemRoom) -> None:
    room.modem.unplug()
    wait_for(lambda: room.health()["problem"] == "modem tidak tercolok", 60)
    room.modem.faults.no_sim = True
    room.modem.plug()
    wait_for(lambda: room.health()["problem"] == "tidak ada kartu SIM di modem", 60)
    room.modem.faults.no_sim, room.modem.faults.wants_pin = False, True
    wait_for(lambda: "menunggu PIN" in (room.health()["problem"] or ""), 60)
    room.modem.faults.wants_pin = False
    room.modem.deliver("+628110000140", "izin sesudah dicolok")
    wait_for(lambda: room.received("+628110000140"), 60)
    wait_for(lambda: room.health()["problem"] is None, 30)
