"""A fingerprint terminal (mesin absensi) on TCP that speaks the ZK protocol.

    terminal = ZkTerminal("SIM0001", layout="40")
    terminal.start()
    terminal.enroll("101", "BUDI SANTOSO")
    terminal.punch("101")

`python -m simulators.zk_terminal --help` runs one by itself, `python -m simulators.zk_fleet`
many, with a control port for a page or a test.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import socket
import struct
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from simulators import zk_protocol as zk
from simulators.zk_connection import Connection, Gone
from simulators.zk_faults import Faults


class Refused(Exception):
    """The terminal did not take this finger; the text says why, as its display would."""


class ZkTerminal:
    """One terminal: memory, clock, sensor, cable, and a listener on loopback."""

    def __init__(
        self,
        serial: str = "SIM0001",
        *,
        layout: str = "40",
        comm_key: int = 0,
        host: str = "127.0.0.1",
        port: int = 0,
        zone_minutes: int = 480,
        capacity: int = 100_000,
        user_capacity: int = 3000,
        firmware: str = "Ver 6.60 Apr 28 2017",
        device_name: str = "F19/ID",
        faults: Faults | None = None,
    ) -> None:
        if layout not in zk.RECORD_SIZES:
            raise ValueError(f"layout {layout!r}: one of {', '.join(zk.RECORD_SIZES)}")
        self.serial, self.layout, self.comm_key = serial, layout, comm_key
        self.host, self.port = host, port
        self.zone_minutes = zone_minutes
        self.capacity, self.user_capacity = capacity, user_capacity
        self.firmware = firmware
        self.faults = faults or Faults()
        self.users: dict[bytes, zk.User] = {}
        self.records: list[zk.Record] = []
        self.options = {
            b"~SerialNumber": serial.encode(),
            b"~DeviceName": device_name.encode(),
            b"~Platform": b"ZMM200_TFT",
            b"MAC": b"00:17:61:00:00:01",
            b"~PIN2Width": b"9",
        }
        self.clock_offset = timedelta(0)  # how far this clock is ahead of the true local time
        self.sensor_works = True
        self.plugged = True
        self.enabled = True
        self.goodbyes = 0  # clients that left as they should
        self.on_change: Callable[[], None] | None = None
        self._lock = threading.RLock()
        self._packed_records: list[zk.Record] = []
        self._packed = b""
        self._listener: socket.socket | None = None
        self._connections: set[Connection] = set()
        self._next_session = random.Random(serial).randrange(1, 60_000)

    # the network

    def start(self) -> None:
        """Listen; with port 0 the system chooses one, and `port` says which."""
        self._listener = listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening and drop every client."""
        self._stop_listening()
        for connection in list(self._connections):
            connection.close(reset=True)

    def pull_cable(self) -> None:
        """From now on nothing answers: new calls are refused, running ones hear nothing more."""
        self.plugged = False
        self._stop_listening()

    def plug(self) -> None:
        """The cable is back; what was being said before is lost."""
        if self.plugged:
            return
        self.plugged = True
        for connection in list(self._connections):
            connection.close(reset=True)
        self.start()

    def wait_while_unplugged(self, connection: Connection) -> None:
        """Hold a client's command while the cable is out; its connection does not survive."""
        if not self.plugged:
            while not self.plugged and connection in self._connections:
                time.sleep(0.02)
            raise Gone

    @property
    def callers(self) -> int:
        """How many clients are connected just now."""
        return len(self._connections)

    def _stop_listening(self) -> None:
        if self._listener is not None:
            listener, self._listener = self._listener, None
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self._next_session = self._next_session % 65_000 + 1
            connection = Connection(self, client, self._next_session)
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: Connection) -> None:
        try:
            connection.serve()
        finally:
            self._connections.discard(connection)

    # people and fingers

    def enroll(self, pin: str | bytes, name: str = "", slot: int | None = None) -> zk.User:
        """Teach the terminal a person; the slot is its own number, by default the next."""
        pin = pin.encode() if isinstance(pin, str) else pin
        with self._lock:
            known = self.users.get(pin)
            used = {user.slot for user in self.users.values()}
            slot = slot or (known.slot if known else max(used, default=0) + 1)
            user = zk.User(slot, pin, name.encode()[:24])
            self.users[pin] = user
        self._changed()
        return user

    def punch(
        self,
        pin: str | bytes,
        when: datetime | None = None,
        status: int = 1,
        punch_key: int = 255,
    ) -> zk.Record:
        """A finger on the sensor; `when` is local wall clock, by default the terminal's own.

        Raises Refused when the terminal would not take it.
        """
        pin = pin.encode() if isinstance(pin, str) else pin
        if not self.sensor_works:
            raise Refused("The sensor is broken.")
        if not self.enabled and not self.faults.ignores_disable:
            raise Refused("Working...")
        if pin not in self.users:
            raise Refused("Nobody with this ID is enrolled.")
        number = zk.encode_time(when) if when else self.time_number()
        return self.store(pin, number, status, punch_key)

    def store(self, pin: bytes, number: int, status: int = 1, punch_key: int = 255) -> zk.Record:
        """Put a record into memory as it is, also an impossible one."""
        user = self.users.get(pin)
        record = zk.Record(pin, number, status, punch_key, user.slot if user else 0)
        with self._lock:
            if len(self.records) >= self.capacity:
                raise Refused("The log is full.")
            self.records.append(record)
        for connection in list(self._connections):
            connection.send_event(record)
        self._changed()
        return record

    def take_user(self, user: zk.User, size: int) -> bool:
        """A user written over the wire; refused in the wrong format or when memory is full."""
        with self._lock:
            full = len(self.users) >= self.user_capacity and user.pin not in self.users
            if size != zk.user_size(self.layout) or full or not user.pin:
                return False
            self.users = {
                pin: known for pin, known in self.users.items() if known.slot != user.slot
            }
            self.users[user.pin] = user
        self._changed()
        return True

    def remove_user(self, slot: int) -> bool:
        with self._lock:
            kept = {pin: user for pin, user in self.users.items() if user.slot != slot}
            gone = len(kept) < len(self.users)
            self.users = kept
        self._changed()
        return gone

    def clear(self) -> None:
        """Forget every record, as a person with the menu key would."""
        with self._lock:
            self.records.clear()
        self._changed()

    def break_sensor(self) -> None:
        self.sensor_works = False
        self._changed()

    def mend_sensor(self) -> None:
        self.sensor_works = True
        self._changed()

    # the clock

    def now(self) -> datetime:
        """The terminal's own wall clock, without zone."""
        true_local = datetime.now(UTC) + timedelta(minutes=self.zone_minutes)
        return (true_local + self.clock_offset).replace(tzinfo=None, microsecond=0)

    def time_number(self) -> int:
        return zk.encode_time(self.now())

    def set_time(self, moment: datetime) -> None:
        """Show this local time from now on."""
        true_local = datetime.now(UTC) + timedelta(minutes=self.zone_minutes)
        self.set_clock_offset(moment - true_local.replace(tzinfo=None))

    def set_clock_offset(self, offset: timedelta) -> None:
        """Run ahead of the true local time by this much."""
        self.clock_offset = offset
        self._changed()

    # what a client reads

    def snapshot(self, command: int, function: int) -> bytes | None:
        """The bytes of a dataset with its length before it, as they are at this moment."""
        if (command, function) == (zk.USERS, 5):
            size = zk.user_size(self.layout)
            body = b"".join(zk.pack_user(user, size) for user in self.users.values())
            return struct.pack("<I", len(body)) + body
        if command != zk.ATTLOG:
            return None
        before, self.faults.punches_before_read = self.faults.punches_before_read, 0
        self._punch_somebody(before)
        with self._lock:
            records = self.records[: len(self.records) - self.faults.shrunken]
        if records != self._packed_records:  # a real one packs each record once, when it comes
            self._packed_records, self._packed = records, zk.pack_records(self.layout, records)
        body = self._packed
        kept = body[: len(body) - self.faults.missing_bytes]
        return struct.pack("<I", len(body)) + kept

    def punch_during_read(self) -> None:
        during, self.faults.punches_during_read = self.faults.punches_during_read, 0
        self._punch_somebody(during)

    def _punch_somebody(self, times: int) -> None:
        pins = list(self.users)
        for turn in range(times):
            self.punch(pins[turn % len(pins)])

    # keeping and finding the state again

    def to_json(self) -> dict[str, Any]:
        """Everything that a switch-off does not take away."""
        pins = list(self.users) + [r.pin for r in self.records if r.pin not in self.users]
        places = {pin: place for place, pin in enumerate(dict.fromkeys(pins))}
        return {
            "serial": self.serial,
            "layout": self.layout,
            "clock_offset_seconds": self.clock_offset.total_seconds(),
            "sensor_works": self.sensor_works,
            "users": [
                [user.slot, _text(user.pin), _text(user.name), user.privilege]
                for user in self.users.values()
            ],
            "pins": [_text(pin) for pin in places],
            "records": base64.b64encode(
                b"".join(
                    struct.pack("<IIBBH", places[r.pin], r.time, r.status, r.punch, r.slot)
                    for r in self.records
                )
            ).decode(),
        }

    def load_json(self, state: dict[str, Any]) -> None:
        """Take up where an earlier life of the same terminal ended."""
        self.clock_offset = timedelta(seconds=state["clock_offset_seconds"])
        self.sensor_works = state["sensor_works"]
        self.users = {
            _bytes(pin): zk.User(slot, _bytes(pin), _bytes(name), privilege)
            for slot, pin, name, privilege in state["users"]
        }
        pins = [_bytes(pin) for pin in state["pins"]]
        rows = struct.iter_unpack("<IIBBH", base64.b64decode(state["records"]))
        self.records = [zk.Record(pins[place], *row) for place, *row in rows]

    def save(self, path: Path) -> None:
        """Write the state so that a crash leaves the old one or the new one."""
        with self._lock:
            text = json.dumps(self.to_json())
            beside = path.with_suffix(".new")
            beside.write_text(text)
            os.replace(beside, path)

    def _changed(self) -> None:
        if self.on_change is not None:
            self.on_change()


def _text(raw: bytes) -> str:
    return raw.decode("latin-1")


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")


def fill(
    terminal: ZkTerminal, records: int, people: int = 2000, last: datetime | None = None
) -> None:
    """Enrol people and give the terminal so many plausible records, a minute apart."""
    last = last or datetime(2026, 11, 20, 16, 0)  # noqa: DTZ001 - wall clock
    for person in range(1, people + 1):
        pin = str(person).encode()
        terminal.users[pin] = zk.User(person, pin, f"PEGAWAI {person}".encode())
    users = list(terminal.users.values())
    for index in range(records):
        user = users[index * 7919 % people]
        number = zk.encode_time(last - timedelta(seconds=61 * (records - index)))
        terminal.records.append(zk.Record(user.pin, number, 1, 255, user.slot))


def main() -> None:
    """Run one terminal until interrupted; prints its port as the first line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--serial", default="SIM0001")
    parser.add_argument("--port", type=int, default=4370)
    parser.add_argument("--layout", default="40", choices=sorted(zk.RECORD_SIZES))
    parser.add_argument("--comm-key", type=int, default=0)
    parser.add_argument("--fill", type=int, default=0, help="so many records to begin with")
    parser.add_argument("--people", type=int, default=2000)
    asked = parser.parse_args()
    terminal = ZkTerminal(
        asked.serial,
        layout=asked.layout,
        comm_key=asked.comm_key,
        port=asked.port,
        capacity=max(100_000, asked.fill),
    )
    fill(terminal, asked.fill, asked.people)
    terminal.start()
    print(terminal.port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
