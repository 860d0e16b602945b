"""However TCP cuts the stream, the same records come out of it."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices import zk_wire
from devices.zk_attlog import read_terminal
from simulators import zk_protocol as zk
from simulators.zk_terminal import ZkTerminal, fill
from tests.devices.conftest import address_of, records_of, truth


class ReluctantSocket:
    """A socket whose every read brings at most as many bytes as the next of `pieces` says."""

    def __init__(self, real: socket.socket, pieces: list[int]) -> None:
        self._real = real
        self._pieces = cycle(pieces)

    def recv_into(self, room: memoryview) -> int:
        return self._real.recv_into(room, min(next(self._pieces), len(room)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture(scope="module")
def terminal() -> Iterator[ZkTerminal]:
    made = ZkTerminal(layout="16", comm_key=99)
    fill(made, 300, 20)
    made.faults.packet_size = 700
    made.start()
    yield made
    made.stop()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pieces=st.lists(st.integers(1, 2000), min_size=1, max_size=20))
def test_any_split_of_the_stream_gives_the_same_records(
    terminal: ZkTerminal, monkeypatch: pytest.MonkeyPatch, pieces: list[int]
) -> None:
    real = socket.create_connection

    def reluctant(*args: Any, **kwargs: Any) -> ReluctantSocket:
        return ReluctantSocket(real(*args, **kwargs), pieces)

    with monkeypatch.context() as patched:
        patched.setattr(zk_wire.socket, "create_connection", reluctant)
        read = read_terminal(address_of(terminal), deadline_s=20)
    assert records_of(read) == truth(terminal)


@given(
    command=st.integers(0, 65535),
    session=st.integers(0, 65535),
    reply=st.integers(0, 65534),
    data=st.binary(max_size=64),
)
def test_our_checksum_is_the_protocols(command: int, session: int, reply: int, data: bytes) -> None:
    """The reader's one-step sum agrees with the simulator's, which adds word by word."""
    payload = struct.pack("<4H", command, 0, session, reply) + data
    if any(payload):
        assert zk_wire.checksum(payload) == zk.checksum(payload)
    sent = zk.frame(command, session, reply, data)[8:]
    assert zk_wire.is_intact(sent)


@given(data=st.binary(min_size=1, max_size=64), place=st.integers(0), bit=st.integers(0, 7))
def test_a_single_flipped_bit_is_always_found(data: bytes, place: int, bit: int) -> None:
    damaged = bytearray(zk.frame(zk.DATA, 5, 6, data)[8:])
    damaged[place % len(damaged)] ^= 1 << bit
    assert not zk_wire.is_intact(bytes(damaged))


def test_the_greeting_every_client_begins_with_has_its_known_checksum() -> None:
    assert zk_wire.checksum(struct.pack("<4H", 1000, 0, 0, 0)) == 0xFC17
