"""The simulated phones and their page: over HTTP, and in a real browser by keyboard."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from playwright.sync_api import expect, sync_playwright

from simulators import pdu
from simulators.at_modem import AtModem, OnAir
from simulators.phones import Phones
from simulators.phones_http import PhonesServer
from simulators.zk_fleet import Fleet
from tests.webapp.test_browser import CHROMIUM, QUIET

BUDI, SRI = "+628110000001", "+628110000002"
PEOPLE = [
    {"number": BUDI, "name": "Budi Santoso", "unit": "RSUD", "position": "Perawat", "duties": []},
    {"number": SRI, "name": "Sri", "unit": "RSUD", "position": "Karu", "duties": ["supervisor"]},
]
FLEET = {"terminals": [{"name": "LOBI", "serial": "LATIH001", "users": [["101", "BUDI"]]}]}


class Room:
    """Modem, phones, terminals and the page, all running."""

    def __init__(self, folder: Path):
        self.modem = AtModem(folder / "modem")
        self.modem.start()
        self.phones = Phones(self.modem, PEOPLE, folder / "phones.jsonl")
        self.fleet = Fleet(FLEET)
        self.server = PhonesServer(self.phones, 0, self.fleet.start())
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def arrives(self, number: str, text: str, part: tuple[int, int, int] = (0, 1, 1)) -> None:
        """The service's modem puts a message, or a part of one, on the air."""
        reference, total, place = part
        udh = bytes([0, 3, reference, total, place]) if total > 1 else b""
        message = pdu.Submitted(number, text, "gsm7", udh, False, None)
        on_sent = self.modem.on_sent
        assert on_sent is not None
        on_sent(OnAir(datetime.now(UTC), 1, message))

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.fleet.stop()
        self.modem.stop()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.stop()


def test_what_a_phone_sends_lies_on_the_sim_and_both_sides_are_remembered(
    room: Room, tmp_path: Path
) -> None:
    answer = requests.post(f"{room.address}/api/phones/{quote(BUDI)}/send", json={"text": "izin"})
    assert answer.ok and room.modem.stored == 1
    room.arrives(BUDI, "Kami teruskan ke Sri")
    said = requests.get(f"{room.address}/api/messages?since=0").json()["messages"]
    assert [(s["mine"], s["text"]) for s in said] == [
        (True, "izin"),
        (False, "Kami teruskan ke Sri"),
    ]
    again = Phones(room.modem, PEOPLE, tmp_path / "phones.jsonl")
    assert [s.text for s in again.since(0)] == ["izin", "Kami teruskan ke Sri"]


def test_a_long_message_is_shown_once_all_its_parts_are_there(room: Room) -> None:
    room.arrives(SRI, "kedua", (7, 2, 2))
    assert room.phones.since(0) == []
    room.arrives(SRI, "pertama ", (7, 2, 1))
    assert [s.text for s in room.phones.since(0)] == ["pertama kedua"]


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 400), ("x" * 1_001, 400), ("halo", 200)],
    ids=["empty", "long", "good"],
)
def test_only_what_a_phone_would_send_is_sent(room: Room, text: str, status: int) -> None:
    path = f"{room.address}/api/phones/{quote(BUDI)}/send"
    assert requests.post(path, json={"text": text}).status_code == status


def test_another_site_cannot_make_the_phones_write(room: Room) -> None:
    path = f"{room.address}/api/phones/{quote(BUDI)}/send"
    assert requests.post(path, data='{"text": "izin"}').status_code == 415
    assert requests.get(room.address, headers={"Host": "evil.example"}).status_code == 403
    assert room.phones.since(0) == []


def test_terminals_are_reached_through_the_page_and_their_refusals_as_well(room: Room) -> None:
    path = f"{room.address}/api/terminals/LOBI"
    assert requests.post(f"{path}/punch", json={"pin": "101"}).json()["records"] == 1
    assert requests.post(f"{path}/sensor", json={"works": False}).json()["sensor_works"] is False
    assert requests.post(f"{path}/punch", json={"pin": "101"}).status_code == 409


@pytest.mark.skipif(
    os.environ.get("HADIR_NO_BROWSER") == "1", reason="HADIR_NO_BROWSER=1: no browser here"
)
@pytest.mark.parametrize("width", [1200, 390])
def test_by_keyboard_one_asks_and_sees_the_answer_arrive(room: Room, width: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_context(viewport={"width": width, "height": 780}).new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(room.address)
        page.get_by_role("button", name="Budi Santoso").focus()
        page.keyboard.press("Enter")
        page.keyboard.type("izin sakit hari ini")
        page.keyboard.press("Enter")
        expect(page.locator(".talk .mine")).to_contain_text("izin sakit hari ini")
        room.arrives(BUDI, "Sudah kami teruskan")
        expect(page.locator(".talk .theirs")).to_contain_text("Sudah kami teruskan")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, "nothing sticks out at the side"
        page.get_by_role("button", name="Mesin sidik jari").click()
        page.get_by_label("Jari siapa").fill("budi")
        page.keyboard.press("Enter")
        expect(page.locator(".terminal .display")).to_contain_text("Terima kasih")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("button", name="Put the finger")).to_be_visible()
        assert faults == []
        browser.close()
