"""The simulated terminals themselves: the control port, what they remember, and the push kind."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from zk import ZK

from devices import iclock
from devices.zk_attlog import read_terminal
from simulators.iclock_terminal import IclockTerminal
from simulators.zk_fleet import Fleet
from simulators.zk_protocol import encode_time
from tests.devices.conftest import NewTerminal, address_of, at, records_of, truth
from tests.servers import wait_for

CONFIG = {
    "terminals": [
        {
            "name": "kantor",
            "serial": "LATIH001",
            "users": [["101", "BUDI SANTOSO"], ["102", "SRI"]],
            "records": [["101", "2026-11-20T07:31:05"], ["102", "2026-11-20T07:32:00"]],
        },
        {"name": "gudang", "serial": "LATIH002", "layout": "8a", "users": [["7", "DEWI"]]},
    ]
}


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(CONFIG, tmp_path)
    yield made
    made.stop()


def ask(port: int, path: str, asked: object = None) -> Any:
    data = None if asked is None else json.dumps(asked).encode()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_finger_put_on_a_terminal_by_the_page_is_read_over_the_wire(fleet: Fleet) -> None:
    port = fleet.start()
    _, terminals = ask(port, "/terminals")
    assert [t["name"] for t in terminals] == ["kantor", "gudang"]
    status, shown = ask(port, "/terminals/kantor/punch", {"pin": "101"})
    assert (status, shown["records"]) == (200, 3)
    terminal = fleet.terminals["kantor"]
    assert records_of(read_terminal(address_of(terminal), deadline_s=5)) == truth(terminal)


def test_what_a_terminal_will_not_do_has_a_reason(fleet: Fleet) -> None:
    port = fleet.start()
    assert ask(port, "/terminals/kantor/punch", {"pin": "999"})[0] == 409
    assert ask(port, "/terminals/kantor/sensor", {"works": False})[1]["sensor_works"] is False
    refused = ask(port, "/terminals/kantor/punch", {"pin": "101"})
    assert refused == (409, {"error": "The sensor is broken."})
    assert ask(port, "/terminals/kantor/dance", {})[0] == 400
    assert ask(port, "/terminals/kantor/punch", {})[0] == 400
    assert ask(port, "/terminals/kantor/faults", {"nonsense": 1})[0] == 400
    assert ask(port, "/terminals/nowhere/punch", {"pin": "101"})[0] == 404


def test_cable_clock_and_faults_are_in_the_pages_hand(fleet: Fleet) -> None:
    port = fleet.start()
    assert ask(port, "/terminals/kantor/cable", {"plugged": False})[1]["plugged"] is False
    assert ask(port, "/terminals/kantor/cable", {"plugged": True})[1]["plugged"] is True
    ask(port, "/terminals/kantor/clock", {"offset_seconds": 300})
    ask(port, "/terminals/kantor/faults", {"packet_size": 100, "late": {"201": 0}})
    ask(port, "/terminals/kantor/enroll", {"pin": "103", "name": "YUSUF"})
    read = read_terminal(address_of(fleet.terminals["kantor"]), deadline_s=5)
    assert read.clock_offset_seconds == pytest.approx(300, abs=1)
    assert ask(port, "/terminals/kantor/clear", {})[1]["records"] == 0


def test_a_fleet_goes_on_where_it_was_switched_off(fleet: Fleet, tmp_path: Path) -> None:
    kantor = fleet.terminals["kantor"]
    kantor.enroll(b"\xf1\xe9", "ODD")
    kantor.punch(b"\xf1\xe9", at("2026-11-23 07:00"))
    kantor.set_clock_offset(timedelta(seconds=-90))
    kantor.break_sensor()
    again = Fleet(CONFIG, tmp_path).terminals["kantor"]
    assert again.records == kantor.records
    assert again.users == kantor.users
    assert again.clock_offset == timedelta(seconds=-90)
    assert not again.sensor_works


@pytest.mark.parametrize("layout", ["8a", "16", "40"])
def test_a_client_that_is_not_ours_reads_a_healthy_terminal_alike(
    new_terminal: NewTerminal, layout: str
) -> None:
    """pyzk as it is published: the simulator is right by another's understanding too."""
    terminal = new_terminal(layout, 300, comm_key=4711)
    session = ZK("127.0.0.1", terminal.port, timeout=5, password=4711, ommit_ping=True).connect()
    found = [
        (r.user_id, encode_time(r.timestamp), r.status, r.punch) for r in session.get_attendance()
    ]
    session.set_user(uid=900, name="DEWI", user_id="900")
    users = [user.user_id for user in session.get_users()]
    session.disconnect()
    assert found == truth(terminal)
    assert users[-1] == "900"


@pytest.mark.parametrize("layout", ["16", "40"])
def test_live_events_reach_whoever_asked_for_them(new_terminal: NewTerminal, layout: str) -> None:
    terminal = new_terminal(layout)
    session = ZK("127.0.0.1", terminal.port, timeout=5, ommit_ping=True).connect()
    events = session.live_capture()
    threading.Timer(0.3, terminal.punch, ["7", at("2026-11-20 07:31:05")]).start()
    event = next(event for event in events if event is not None)
    assert (event.user_id, event.timestamp) == ("7", at("2026-11-20 07:31:05"))
    session.end_live_capture = True


class Panel(BaseHTTPRequestHandler):
    """The least that a server of push terminals does; it keeps every body it takes."""

    taken: list[bytes]
    refuse = 0
    commands: list[str]

    def do_GET(self) -> None:
        if "/cdata" in self.path:
            self._say(iclock.handshake_answer("PUSH0001", utc_offset_minutes=540))
        elif self.commands:
            self._say(self.commands.pop(0))
        else:
            self._say("OK")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) < int(self.headers["Content-Length"]):
            return
        if type(self).refuse:
            type(self).refuse -= 1
            self.send_error(503)
            return
        self.taken.append(body)
        self._say("OK: 1")

    def _say(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def panel() -> Iterator[tuple[type[Panel], str]]:
    mine = type("Mine", (Panel,), {"taken": [], "commands": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), mine)
    threading.Thread(target=partial(server.serve_forever, 0.02), daemon=True).start()
    yield mine, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def pushed(panel: type[Panel]) -> list[tuple[str, str]]:
    return [
        (record.pin, record.local)
        for body in panel.taken
        for record in iclock.parse_attlog(body).records
    ]


def test_a_push_terminal_sends_what_is_new_once(panel: tuple[type[Panel], str]) -> None:
    server, url = panel
    terminal = IclockTerminal(url, "PUSH0001", batch=2)
    for minute in range(5):
        terminal.punch("101", at(f"2026-11-20 07:0{minute}"))
    assert terminal.step()
    assert terminal.step()
    assert pushed(server) == [("101", f"2026-11-20 07:0{minute}:00") for minute in range(5)]
    assert terminal.options["TimeZone"] == "9"


@pytest.mark.parametrize("trouble", ["refused", "lost reply", "cut body", "offline"])
def test_a_batch_is_repeated_until_it_is_taken(
    panel: tuple[type[Panel], str], trouble: str
) -> None:
    server, url = panel
    terminal = IclockTerminal(url, "PUSH0001")
    terminal.punch("101", at("2026-11-20 07:00"))
    server.refuse = 1 if trouble == "refused" else 0
    terminal.faults.lost_replies = 1 if trouble == "lost reply" else 0
    terminal.faults.cut_body = 1 if trouble == "cut body" else 0
    terminal.faults.offline = trouble == "offline"
    assert not terminal.step()
    assert terminal.acknowledged == 0
    terminal.faults.offline = False
    assert terminal.step()
    assert set(pushed(server)) == {("101", "2026-11-20 07:00:00")}


def test_a_push_terminal_obeys_the_commands_on_our_list(
    panel: tuple[type[Panel], str],
) -> None:
    server, url = panel
    terminal = IclockTerminal(url, "PUSH0001")
    terminal.punch("101", at("2026-11-20 07:00"))
    day = ("2026-11-20 00:00:00", "2026-11-20 23:59:59")
    server.commands += [
        iclock.command_line("1", iclock.update_user("101", "BUDI")),
        iclock.command_line("2", iclock.verify_sum(*day)),
        iclock.command_line("3", iclock.delete_user("7")),
        iclock.command_line("4", iclock.query_attlog(*day)),
        "C:5:USER ADD PIN=1",
    ]
    for _ in range(5):
        assert terminal.step()
    answers = [a for body in server.taken for a in iclock.parse_devicecmd(body)]
    assert [(a.id, a.returned) for a in answers] == [
        ("1", 0),
        ("2", 0),
        ("3", -10),
        ("4", 0),
        ("5", -1002),
    ]
    assert answers[1].fields == {"AttlogSum": "1"}
    assert terminal.users == {"101": "BUDI"}
    assert len(pushed(server)) == 2


def test_a_push_terminal_left_to_itself_gets_through(panel: tuple[type[Panel], str]) -> None:
    server, url = panel
    server.refuse = 2
    terminal = IclockTerminal(url, "PUSH0001", max_error_delay_s=0.05)
    terminal.punch("101")
    terminal.start()
    wait_for(lambda: terminal.acknowledged == 1)
    terminal.stop()
    assert len(pushed(server)) == 1
