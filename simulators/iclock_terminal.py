"""A push terminal (mesin yang mengirim sendiri): an HTTP client of a server's `/iclock/*`.

It behaves as the protocol's documents and field reports say: it greets, takes its options and
its clock from the answer, sends what is new in batches, asks for commands, and after anything
but a 200 beginning with OK waits ErrorDelay, greets again and sends the same batch again.

    terminal = IclockTerminal("http://127.0.0.1:8001", "PUSH0001")
    terminal.start()
    terminal.punch("101")
"""

from __future__ import annotations

import argparse
import http.client
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit


class PushRecord(NamedTuple):
    """One line of its log."""

    pin: str
    local: str
    status: int
    verify: int


@dataclass
class PushFaults:
    """What goes wrong between the terminal and the server; on until turned off."""

    lost_replies: int = 0  # so many answers never arrive: the batch is repeated
    doubled: bool = False  # every batch is sent twice, as after a time-out
    cut_body: int = 0  # so many bodies end early, the connection with them
    offline: bool = False


@dataclass
class IclockTerminal:
    """A terminal that sends by itself. `step()` is one round; `start()` goes on for ever."""

    server: str
    serial: str
    push_version: str = "2.4.1"
    batch: int = 100
    max_error_delay_s: float | None = None  # a test need not wait as long as it is told
    faults: PushFaults = field(default_factory=PushFaults)

    def __post_init__(self) -> None:
        self.records: list[PushRecord] = []
        self.users: dict[str, str] = {}
        self.options: dict[str, str] = {}
        self.acknowledged = 0  # its own pointer: everything before has been taken
        self.clock_offset = timedelta(0)
        self.results: list[str] = []  # what it has still to say about commands
        self.commands: list[str] = []  # everything it was ever told
        self.posts = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    # what people do

    def punch(
        self, pin: str, when: datetime | None = None, status: int = 255, verify: int = 1
    ) -> None:
        """A finger on the sensor; `when` is local wall clock, by default the terminal's own."""
        moment = when or self.now()
        self.records.append(PushRecord(pin, f"{moment:%Y-%m-%d %H:%M:%S}", status, verify))

    def now(self) -> datetime:
        """Its wall clock: UTC and the zone it was told, and what it is wrong by."""
        zone = int(self.options.get("TimeZone", "8"))
        minutes = zone * 60 if abs(zone) <= 14 else zone
        true_local = datetime.now(UTC) + timedelta(minutes=minutes)
        return (true_local + self.clock_offset).replace(tzinfo=None, microsecond=0)

    # how it talks

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._stopping.wait(0.02 if self.step() else self.error_delay_s())

    def error_delay_s(self) -> float:
        told = float(self.options.get("ErrorDelay", "30"))
        return told if self.max_error_delay_s is None else min(told, self.max_error_delay_s)

    def step(self) -> bool:
        """Greet if need be, send what is new, ask for commands. False: wait, then greet again."""
        try:
            if not self.options and not self.greet():
                return False
            if not self.send_new() or not self.poll():
                self.options = {}
                return False
        except (OSError, http.client.HTTPException):
            self.options = {}
            return False
        return True

    def greet(self) -> bool:
        """The handshake; its answer sets options, the clock, and from where to send."""
        path = f"cdata?SN={quote(self.serial)}&options=all&pushver={self.push_version}"
        status, body, date = self._call("GET", f"{path}&DeviceType=att&language=73")
        if status != 200 or not body.startswith("GET OPTION FROM"):
            return False
        self.options = dict(re.findall(r"^(\w+)=(.*?)\r?$", body, re.MULTILINE))
        if date is not None:
            self.clock_offset = parsedate_to_datetime(date) - datetime.now(UTC)
            self.clock_offset = timedelta(seconds=round(self.clock_offset.total_seconds()))
        if self.options.get("ATTLOGStamp") == "0":
            self.acknowledged = 0
        return True

    def send_new(self) -> bool:
        """Batches until nothing is new; the pointer moves only behind an OK."""
        while self.acknowledged < len(self.records):
            batch = self.records[self.acknowledged : self.acknowledged + self.batch]
            if not self._post_attlog(batch):
                return False
            if self.faults.doubled:
                self._post_attlog(batch)
            self.acknowledged += len(batch)
        return True

    def _post_attlog(self, batch: list[PushRecord]) -> bool:
        body = "".join(f"{r.pin}\t{r.local}\t{r.status}\t{r.verify}\t0\t0\t0\n" for r in batch)
        return self.post("ATTLOG", body)

    def post(self, table: str, body: str) -> bool:
        """Send a body as this table; True when the server says it has taken it."""
        self.posts += 1
        path = f"cdata?SN={quote(self.serial)}&table={table}&Stamp=9999"
        status, answer, _ = self._call("POST", path, body.encode())
        return status == 200 and answer.startswith("OK")

    def poll(self) -> bool:
        """Ask for commands, do them, and tell how it went."""
        info = f"Ver 8.0.4,{len(self.users)},0,{len(self.records)},127.0.0.1,10"
        status, body, _ = self._call(
            "GET", f"getrequest?SN={quote(self.serial)}&INFO={quote(info)}"
        )
        if status != 200:
            return False
        for line in body.splitlines():
            if line.startswith("C:"):
                _, command_id, command = line.split(":", 2)
                self.commands.append(command)
                self.results.append(self._obey(command_id, command))
        if self.results:
            told, self.results = self.results, []
            self._call("POST", f"devicecmd?SN={quote(self.serial)}", "\n".join(told).encode())
        return True

    def _obey(self, command_id: str, command: str) -> str:
        answer = f"ID={command_id}&Return={{}}&CMD={command.split(' ')[0]}"
        period = re.search(r"StartTime=(.*?)\tEndTime=(.*)", command)
        user = re.search(r"USERINFO PIN=(\w+)(?:\tName=([^\t]*))?", command)
        if command.startswith("DATA QUERY ATTLOG") and period:
            asked = [r for r in self.records if period[1] <= r.local <= period[2]]
            return answer.format(0 if not asked or self._post_attlog(asked) else -1)
        if command.startswith("VERIFY SUM ATTLOG") and period:
            count = sum(period[1] <= r.local <= period[2] for r in self.records)
            return answer.format(0) + f"&AttlogSum={count}"
        if command.startswith("DATA UPDATE") and user:
            self.users[user[1]] = user[2] or ""
            return answer.format(0)
        if command.startswith("DATA DELETE") and user:
            return answer.format(0 if self.users.pop(user[1], None) is not None else -10)
        if command in ("INFO", "CHECK", "LOG"):
            return answer.format(0)
        return answer.format(-1002)

    # the wire

    def _call(
        self, method: str, path: str, body: bytes | None = None
    ) -> tuple[int, str, str | None]:
        if self.faults.offline:
            raise OSError("no network")
        server = urlsplit(self.server)
        connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=30)
        headers = {"User-Agent": "iClock Proxy/1.09", "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "text/plain"
        try:
            if self.faults.cut_body and body:
                self.faults.cut_body -= 1
                headers["Content-Length"] = str(len(body))
                connection.request(method, f"/iclock/{path}", body[: len(body) // 2], headers)
                raise OSError("cut off in mid-body")
            connection.request(method, f"/iclock/{path}", body, headers)
            response = connection.getresponse()
            answer = response.read().decode("utf-8", errors="replace")
            if self.faults.lost_replies and method == "POST":
                self.faults.lost_replies -= 1
                raise OSError("the answer was lost")
            return response.status, answer, response.getheader("Date")
        finally:
            connection.close()


def main() -> None:
    """Run one push terminal that makes a punch now and then, until interrupted."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("server", help="for example http://127.0.0.1:8001")
    parser.add_argument("--serial", default="PUSH0001")
    parser.add_argument("--every", type=float, default=30.0, help="seconds between two punches")
    parser.add_argument("--pins", default="101,102,103")
    asked = parser.parse_args()
    terminal = IclockTerminal(asked.server, asked.serial)
    terminal.start()
    with suppress(KeyboardInterrupt):
        while True:
            for pin in asked.pins.split(","):
                terminal.punch(pin)
                time.sleep(asked.every)
    terminal.stop()


if __name__ == "__main__":
    main()
