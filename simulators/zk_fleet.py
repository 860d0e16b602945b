"""Many terminals in one process, with a control port on loopback for a page or a test.

    python -m simulators.zk_fleet CONFIG.json [--state FOLDER] [--control PORT]

CONFIG is `{"terminals": [{"name", "serial", "layout", "port", "comm_key", "zone_minutes",
"users": [["101", "BUDI SANTOSO"], ...], "records": [["101", "2026-11-20T07:01:02"], ...]}]}`;
all but `name` and `serial` may be left out. With `--state`, what the terminals remember is kept
there after every change, and a later start goes on from it instead of `users` and `records`.

Control, JSON in and out: `GET /terminals`; `POST /terminals/NAME/ACT` with an object, ACT being
  punch {"pin", "when"?: local ISO time, "status"?, "punch"?}   enroll {"pin", "name"?}
  cable {"plugged": bool}   sensor {"works": bool}   clock {"offset_seconds": int}
  faults {fault: value, ...; an empty object ends all}   clear {}
Answers 200 with the terminal, 409 with {"error"} when the terminal would not do it, 404, 400.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from simulators.zk_faults import Faults
from simulators.zk_protocol import encode_time
from simulators.zk_terminal import Refused, ZkTerminal

SETTINGS = ("layout", "comm_key", "port", "zone_minutes", "capacity", "firmware", "device_name")


class Fleet:
    """Terminals by name, their control port, and the folder that remembers them."""

    def __init__(self, config: dict[str, Any], state: Path | None = None) -> None:
        self.terminals: dict[str, ZkTerminal] = {}
        self._state = state
        for entry in config["terminals"]:
            self.add(entry)
        self._server: ThreadingHTTPServer | None = None

    def add(self, entry: dict[str, Any]) -> ZkTerminal:
        """One more terminal, as it was when it was last switched off, else as configured."""
        settings = {name: entry[name] for name in SETTINGS if name in entry}
        terminal = ZkTerminal(entry["serial"], **settings)
        kept = self._state / f"{terminal.serial}.json" if self._state else None
        if kept is not None and kept.exists():
            terminal.load_json(json.loads(kept.read_text()))
        else:
            for pin, name in entry.get("users", []):
                terminal.enroll(pin, name)
            for pin, when in entry.get("records", []):
                terminal.store(pin.encode(), encode_time(datetime.fromisoformat(when)))
        if kept is not None:
            terminal.save(kept)
            terminal.on_change = partial(terminal.save, kept)
        self.terminals[entry["name"]] = terminal
        return terminal

    def start(self, control_port: int = 0) -> int:
        """Start every terminal and the control port; returns that port."""
        for terminal in self.terminals.values():
            terminal.start()
        handler = type("Handler", (_Control,), {"fleet": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", control_port), handler)
        threading.Thread(target=partial(self._server.serve_forever, 0.05), daemon=True).start()
        return int(self._server.server_address[1])

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        for terminal in self.terminals.values():
            terminal.stop()

    def describe(self, name: str) -> dict[str, Any]:
        """What a page shows of one terminal."""
        terminal = self.terminals[name]
        return {
            "name": name,
            "serial": terminal.serial,
            "host": terminal.host,
            "port": terminal.port,
            "layout": terminal.layout,
            "now": terminal.now().isoformat(),
            "clock_offset_seconds": round(terminal.clock_offset.total_seconds()),
            "plugged": terminal.plugged,
            "sensor_works": terminal.sensor_works,
            "users": [
                {"pin": user.pin.decode("latin-1"), "name": user.name.decode("latin-1")}
                for user in list(terminal.users.values())
            ],
            "records": len(terminal.records),
            "capacity": terminal.capacity,
        }

    def act(self, name: str, act: str, asked: dict[str, Any]) -> None:
        """Do one act of the control port. KeyError and ValueError for what makes no sense."""
        terminal = self.terminals[name]
        acts: dict[str, Callable[[ZkTerminal, dict[str, Any]], object]] = {
            "punch": _punch,
            "enroll": lambda t, a: t.enroll(a["pin"], a.get("name", "")),
            "cable": lambda t, a: t.plug() if a["plugged"] else t.pull_cable(),
            "sensor": lambda t, a: t.mend_sensor() if a["works"] else t.break_sensor(),
            "clock": lambda t, a: t.set_clock_offset(timedelta(seconds=a["offset_seconds"])),
            "faults": lambda t, a: setattr(t, "faults", Faults.from_json(a)),
            "clear": lambda t, a: t.clear(),
        }
        acts[act](terminal, asked)


def _punch(terminal: ZkTerminal, asked: dict[str, Any]) -> None:
    when = datetime.fromisoformat(asked["when"]) if asked.get("when") else None
    terminal.punch(asked["pin"], when, asked.get("status", 1), asked.get("punch", 255))


class _Control(BaseHTTPRequestHandler):
    """The control port's requests."""

    fleet: Fleet

    def do_GET(self) -> None:
        if self.path != "/terminals":
            self._answer(404, {"error": "GET /terminals"})
            return
        self._answer(200, [self.fleet.describe(name) for name in self.fleet.terminals])

    def do_POST(self) -> None:
        parts = self.path.strip("/").split("/")
        if len(parts) != 3 or parts[0] != "terminals" or parts[1] not in self.fleet.terminals:
            self._answer(404, {"error": "POST /terminals/NAME/ACT"})
            return
        _, name, act = parts
        try:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.fleet.act(name, act, json.loads(body or b"{}"))
        except Refused as refusal:
            self._answer(409, {"error": str(refusal)})
        except (KeyError, ValueError, TypeError) as error:
            self._answer(400, {"error": f"{act}: {error}"})
        else:
            self._answer(200, self.fleet.describe(name))

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the terminals' noise belongs to whoever started them."""


def main() -> None:
    """Run a fleet until SIGTERM or Ctrl-C; the first line printed is the control port."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--control", type=int, default=0)
    asked = parser.parse_args()
    if asked.state:
        asked.state.mkdir(parents=True, exist_ok=True)
    fleet = Fleet(json.loads(asked.config.read_text()), asked.state)
    print(fleet.start(asked.control), flush=True)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    fleet.stop()


if __name__ == "__main__":
    main()
