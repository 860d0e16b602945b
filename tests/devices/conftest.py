"""A terminal on loopback for each test, with people whose fingers it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from devices.records import parse
from devices.zk_attlog import AttlogRead
from devices.zk_session import Address
from simulators.zk_protocol import encode_time
from simulators.zk_terminal import ZkTerminal, fill

WITA = timezone(timedelta(hours=8))
LAYOUTS = ("8a", "8b", "16", "40", "49")

NewTerminal = Callable[..., ZkTerminal]


@pytest.fixture
def new_terminal() -> Iterator[NewTerminal]:
    """Starts terminals: new_terminal(layout, records, **settings)."""
    started: list[ZkTerminal] = []

    def start(
        layout: str = "40", records: int = 0, people: int = 20, **settings: Any
    ) -> ZkTerminal:
        terminal = ZkTerminal(layout=layout, **settings)
        fill(terminal, records, people)
        terminal.start()
        started.append(terminal)
        return terminal

    yield start
    for terminal in started:
        terminal.stop()


def address_of(terminal: ZkTerminal, **other: Any) -> Address:
    known = {"comm_key": terminal.comm_key, "layout": terminal.layout, "zone": WITA}
    return Address(host=terminal.host, port=terminal.port, **{**known, **other})


def truth(terminal: ZkTerminal) -> list[tuple[str, int, int, int]]:
    """What the terminal holds, told by the simulator itself: pin, time, status, punch."""
    by_slot = terminal.layout in ("8a", "8b")
    return [
        (str(r.slot) if by_slot else r.pin.decode(), r.time, r.status, r.punch)
        for r in terminal.records
    ]


def records_of(read: AttlogRead) -> list[tuple[str, int, int, int]]:
    """The read's records in the shape of `truth`, timed back to the terminal's number."""
    return [
        (record.pin, encode_time(at(record.local)), record.status, record.punch)
        for record in parse(read.raw, read.layout, first_index=read.first_index).records
    ]


def at(local: str) -> datetime:
    """A wall clock time, without zone as terminals have it."""
    return datetime.fromisoformat(local)
