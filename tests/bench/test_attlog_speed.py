"""The exact reader beside pyzk's get_attendance and beside the bare transfer of the same bytes.

The terminal runs in a process of its own, so that nobody's work is counted twice. pyzk is
measured in full where the goal is set (40 bytes: up to a minute and more); elsewhere, where it
grows in proportion, at 10,000 records and carried up. `pytest -m bench -s` prints the table.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC

import pytest
from zk import ZK

from devices.records import parse
from devices.zk_attlog import AttlogRead, read_terminal
from devices.zk_session import Address
from tests.servers import PYTHON

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]
LAYOUTS = ("40", "16", "8a")
SMALL, LARGE = 100_000, 200_000
PYZK_SAMPLE = 10_000


@contextmanager
def terminal_with(layout: str, records: int) -> Iterator[Address]:
    command = [PYTHON, "-m", "simulators.zk_terminal", "--port", "0", "--layout", layout]
    process = subprocess.Popen(
        [*command, "--fill", str(records)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield Address(
            host="127.0.0.1", port=int(process.stdout.readline()), layout=layout, zone=UTC
        )
    finally:
        process.terminate()
        process.wait()


def read_and_walk(address: Address) -> tuple[AttlogRead, int]:
    """From the first byte to every record in hand, as a service would take them."""
    read = read_terminal(address)
    good = 0
    for record in parse(read.raw, read.layout).records:
        good += len(record.local) == 19
    return read, good


def seconds(times: int, act: object, *args: object) -> float:
    """The best of some runs: what others do on the machine only ever adds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act(*args)  # type: ignore[operator]
        taken.append(time.perf_counter() - started)
    return min(taken)


def bare_transfer(size: int) -> float:
    """As many bytes through one loopback connection, with nothing done to them."""
    payload = bytes(size)
    with socket.create_server(("127.0.0.1", 0)) as server:
        sender = subprocess.Popen(
            [
                PYTHON,
                "-c",
                f"import socket; s = socket.create_connection({server.getsockname()!r});"
                f"s.recv(1); s.sendall(bytes({len(payload)})); s.close()",
            ]
        )
        client, _ = server.accept()
        room = bytearray(1 << 16)
        with client:
            started = time.perf_counter()
            client.sendall(b"x")
            while client.recv_into(room):
                pass
            taken = time.perf_counter() - started
        sender.wait()
    return taken


def pyzk_seconds(address: Address) -> float:
    session = ZK(address.host, address.port, timeout=60, ommit_ping=True).connect()
    started = time.perf_counter()
    session.get_attendance()
    taken = time.perf_counter() - started
    session.disconnect()
    return taken


@pytest.fixture(scope="module")
def figures() -> dict[tuple[str, int], dict[str, float]]:
    """Everything measured once, in one run, printed as a table."""
    found: dict[tuple[str, int], dict[str, float]] = {}
    print(f"\n{'layout':>6} {'records':>8} {'ours s':>8} {'raw s':>8} {'pyzk s':>9} {'ratio':>7}")
    for layout in LAYOUTS:
        in_full = layout == "40"
        with terminal_with(layout, PYZK_SAMPLE) as address:
            per_record = 0 if in_full else pyzk_seconds(address) / PYZK_SAMPLE
        for records in (SMALL, LARGE):
            with terminal_with(layout, records) as address:
                ours = seconds(5, read_and_walk, address)
                read, good = read_and_walk(address)
                assert good == records
                pyzk = pyzk_seconds(address) if in_full else per_record * records
            raw = bare_transfer(read.total_bytes)
            found[layout, records] = {"ours": ours, "pyzk": pyzk, "raw": raw}
            note = "" if in_full else " (pyzk in proportion from 10,000)"
            print(
                f"{layout:>6} {records:>8} {ours:8.3f} {raw:8.4f} {pyzk:9.2f}"
                f" {pyzk / ours:6.0f}x{note}"
            )
    return found


def test_forty_byte_records_are_read_fifty_times_faster_than_by_pyzk(
    figures: dict[tuple[str, int], dict[str, float]],
) -> None:
    measured = figures["40", LARGE]
    assert measured["pyzk"] / measured["ours"] >= 50


@pytest.mark.parametrize("layout", LAYOUTS)
def test_twice_the_records_take_twice_the_time(
    figures: dict[tuple[str, int], dict[str, float]], layout: str
) -> None:
    growth = figures[layout, LARGE]["ours"] / figures[layout, SMALL]["ours"]
    assert growth < 2.8  # quadratic would be 4; the rest is a shared machine's noise


@pytest.mark.parametrize("layout", LAYOUTS)
def test_reading_needs_no_more_than_three_times_the_datasets_memory(layout: str) -> None:
    with terminal_with(layout, LARGE) as address:
        read_and_walk(address)  # caches and imports are not the dataset's
        tracemalloc.start()
        read, _ = read_and_walk(address)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    print(f"\n{layout:>6}: {peak / read.total_bytes:.2f} times {read.total_bytes:,} bytes")
    assert peak <= 3 * read.total_bytes


def test_the_prefix_is_the_only_thing_beside_the_records() -> None:
    with terminal_with("40", 1000) as address:
        read = read_terminal(address)
    assert read.total_bytes == struct.calcsize("<I") + len(read.raw)
