"""Reading a whole dataset over the wire (baca data), chunk by chunk with every length checked.

1503 makes a snapshot in the terminal and answers with it at once when it is small, or with its
size; 1504 fetches a part of the snapshot: PREPARE_DATA with its length, one or several DATA,
ACK_OK, all under one reply number; 1502 lets the snapshot go. The first four bytes of a
dataset are the length of the rest. Old firmware knows no snapshot and sends everything at once.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from devices.errors import TerminalError, Trouble
from devices.zk_wire import ACK_OK, CMD_DATA, CMD_PREPARE_DATA, Packet, Wire

CMD_FREE_DATA, CMD_PREPARE_BUFFER, CMD_READ_BUFFER = 1502, 1503, 1504
CHUNK = 0xFFC0  # the most that terminals are known to give per 1504 on TCP
LARGEST_DATASET = 64 << 20
PREFIX = 4


class Snapshot(NamedTuple):
    """A dataset that waits in the terminal, or came along at once. Sizes include the prefix."""

    total: int
    whole: bytes | None


def take_snapshot(wire: Wire, command: int, function: int = 0) -> Snapshot:
    """Ask for a dataset. Raises TerminalError (refused) when the terminal will not give it."""
    answer = wire.request(CMD_PREPARE_BUFFER, struct.pack("<bhii", 1, command, function, 0))
    if answer.command == CMD_DATA:
        check_prefix(wire, answer.data)
        return Snapshot(len(answer.data), answer.data)
    if answer.command == ACK_OK and len(answer.data) >= 5:
        (total,) = struct.unpack_from("<I", answer.data, 1)
        if not PREFIX <= total <= LARGEST_DATASET:
            raise wire.fail(Trouble.SHORT_READ, f"The terminal announces {total} bytes.")
        return Snapshot(total, None)
    return _unbuffered(wire, command, function)


def fetch(wire: Wire, start: int, stop: int) -> bytearray:
    """The bytes from `start` to `stop` of the snapshot."""
    room = bytearray(stop - start)
    view = memoryview(room)
    for begin in range(start, stop, CHUNK):
        size = min(CHUNK, stop - begin)
        try:
            _fetch_chunk(wire, begin, view[begin - start : begin - start + size])
        except TerminalError as error:
            error.raw = bytes(view[: begin - start])
            raise
    return room


def let_go(wire: Wire) -> None:
    """Tell the terminal that its snapshot is no longer needed."""
    wire.request(CMD_FREE_DATA)


def check_prefix(wire: Wire, data: bytes | bytearray) -> None:
    """Raise TerminalError (short_read) unless the first four bytes tell the rest's length."""
    said = int.from_bytes(data[:PREFIX], "little")
    if len(data) < PREFIX or said != len(data) - PREFIX:
        raise wire.fail(
            Trouble.SHORT_READ,
            f"The terminal announced {said} bytes and sent {len(data) - PREFIX}.",
            raw=bytes(data),
        )


def _unbuffered(wire: Wire, command: int, function: int) -> Snapshot:
    answer = wire.request(command, bytes([function]) if function else b"")
    if answer.command == CMD_DATA:
        check_prefix(wire, answer.data)
        return Snapshot(len(answer.data), answer.data)
    if answer.command != CMD_PREPARE_DATA:
        raise TerminalError(Trouble.REFUSED, f"The terminal gave {answer.command} for its data.")
    total = _announced(wire, answer)
    if not PREFIX <= total <= LARGEST_DATASET:
        raise wire.fail(Trouble.SHORT_READ, f"The terminal announces {total} bytes.")
    room = bytearray(total)
    _collect(wire, memoryview(room))
    check_prefix(wire, room)
    return Snapshot(total, bytes(room))


def _fetch_chunk(wire: Wire, start: int, room: memoryview) -> None:
    answer = wire.request(CMD_READ_BUFFER, struct.pack("<ii", start, len(room)))
    if answer.command == CMD_DATA:  # small chunks may come without announcement
        _check_length(wire, start, len(room), len(answer.data))
        room[:] = answer.data
        return
    if answer.command != CMD_PREPARE_DATA:
        raise wire.fail(
            Trouble.UNEXPECTED_ANSWER,
            f"The terminal gave {answer.command} for {len(room)} bytes from {start}.",
        )
    _check_length(wire, start, len(room), _announced(wire, answer))
    _collect(wire, room)


def _collect(wire: Wire, room: memoryview) -> None:
    """DATA packets into `room` until it is exactly full, and the ACK_OK behind them."""
    filled = 0
    while True:
        packet = wire.receive()
        if packet.command == ACK_OK and filled == len(room):
            return
        if packet.command != CMD_DATA or filled + len(packet.data) > len(room):
            raise wire.fail(
                Trouble.SHORT_READ,
                f"The terminal gave {packet.command} with {len(packet.data)} bytes"
                f" after {filled} of {len(room)}.",
            )
        room[filled : filled + len(packet.data)] = packet.data
        filled += len(packet.data)


def _announced(wire: Wire, answer: Packet) -> int:
    if len(answer.data) < PREFIX:
        raise wire.fail(Trouble.UNEXPECTED_ANSWER, "The terminal announced data without a size.")
    return int.from_bytes(answer.data[:PREFIX], "little")


def _check_length(wire: Wire, start: int, wanted: int, given: int) -> None:
    if given != wanted:
        raise wire.fail(
            Trouble.SHORT_READ,
            f"The terminal gave {given} bytes where {wanted} from {start} were asked for.",
        )
