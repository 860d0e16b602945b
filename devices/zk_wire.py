"""The ZK protocol's TCP stream: whole frames only, every one checked, all under one deadline.

A frame is `50 50 82 7D`, a u32 length and so many bytes of payload; a payload is command,
checksum, session, reply number (u16 each, little endian) and data. TCP may bring frames in
pieces or glued together, so exactly 8 bytes are read and then exactly the length they name.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import NamedTuple

from devices.errors import TerminalError, Trouble

MAGIC = b"\x50\x50\x82\x7d"
LONGEST_PAYLOAD = 1 << 20  # sixteen times the longest ever captured
REPLY_NUMBERS = 0xFFFF  # they count 0..65534

CMD_CONNECT, CMD_EXIT, CMD_REG_EVENT = 1000, 1001, 500
CMD_PREPARE_DATA, CMD_DATA = 1500, 1501
ACK_OK, ACK_UNAUTH = 2000, 2005


class Packet(NamedTuple):
    """One payload, taken apart."""

    command: int
    session: int
    reply: int
    data: bytes


class Wire:
    """One TCP connection to one terminal.

    The first error ends it: what may still be on its way would be taken for the answer to
    something else, so every later call raises TerminalError (broken_session).
    """

    def __init__(self, host: str, port: int, *, deadline_s: float, silence_s: float) -> None:
        self._ends_at = time.monotonic() + deadline_s
        self._deadline_s = deadline_s
        self._silence_s = silence_s
        self._name = f"{host}:{port}"
        self.broken = False
        self.session = 0
        self.reply = REPLY_NUMBERS - 1
        try:
            self._socket = socket.create_connection(
                (host, port), timeout=min(deadline_s, silence_s)
            )
        except OSError as error:
            raise TerminalError(
                Trouble.UNREACHABLE, f"No terminal answers at {self._name} ({error})."
            ) from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self, command: int, data: bytes = b"") -> Packet:
        """Send a command and return the first packet of its answer."""
        self._check_usable()
        self.reply = (self.reply + 1) % REPLY_NUMBERS
        self._send(command, data)
        return self.receive()

    def receive(self) -> Packet:
        """The next packet of the answer being given; live events in between are passed over."""
        self._check_usable()
        while True:
            packet = self._next_packet()
            if packet.command != CMD_REG_EVENT:
                break
        if self.session == 0:
            self.session = packet.session
        if packet.reply != self.reply or packet.session != self.session:
            raise self.fail(
                Trouble.SHIFTED_ANSWER,
                f"{self._name} gave answer {packet.reply} of session {packet.session}"
                f" where {self.reply} of {self.session} was due.",
            )
        return packet

    def close(self) -> None:
        self.broken = True
        self._socket.close()

    def fail(self, code: Trouble, what: str, raw: bytes | None = None) -> TerminalError:
        """End this connection; returns the error to raise."""
        self.close()
        return TerminalError(code, what, raw=raw)

    def shorten(self, seconds: float) -> None:
        """From now on wait at most so long, and never longer than before."""
        self._ends_at = min(self._ends_at, time.monotonic() + seconds)

    def _check_usable(self) -> None:
        if self.broken:
            raise TerminalError(
                Trouble.BROKEN_SESSION, f"The connection to {self._name} has ended."
            )

    def _send(self, command: int, data: bytes) -> None:
        empty = struct.pack("<4H", command, 0, self.session, self.reply) + data
        head = struct.pack("<4H", command, checksum(empty), self.session, self.reply)
        try:
            self._socket.settimeout(self._patience())
            self._socket.sendall(MAGIC + struct.pack("<I", len(empty)) + head + data)
        except TimeoutError as error:
            raise self._too_late() from error
        except OSError as error:
            raise self._closed(str(error)) from error

    def _next_packet(self) -> Packet:
        head = self._exactly(8)
        (length,) = struct.unpack_from("<I", head, 4)
        if head[:4] != MAGIC or not 8 <= length <= LONGEST_PAYLOAD:
            raise self.fail(
                Trouble.NOT_ZK, f"{self._name} sent {head.hex(' ')}, which begins no frame."
            )
        payload = self._exactly(length)
        if not is_intact(payload):
            raise self.fail(Trouble.CHECKSUM, f"A packet from {self._name} was damaged.")
        command, _, session, reply = struct.unpack_from("<4H", payload)
        return Packet(command, session, reply, payload[8:])

    def _exactly(self, size: int) -> bytes:
        buffer = bytearray(size)
        room = memoryview(buffer)
        got = 0
        while got < size:
            try:
                self._socket.settimeout(self._patience())
                received = self._socket.recv_into(room[got:])
            except TimeoutError as error:
                raise self._too_late() from error
            except OSError as error:
                raise self._closed(str(error)) from error
            if received == 0:
                raise self._closed("it hung up")
            got += received
        return bytes(buffer)

    def _patience(self) -> float:
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise self._too_late()
        return min(left, self._silence_s)

    def _too_late(self) -> TerminalError:
        self.close()
        if time.monotonic() >= self._ends_at:
            what = f"{self._name} was not done within {self._deadline_s:g} seconds."
            return TerminalError(Trouble.DEADLINE, what)
        what = f"{self._name} said nothing for {self._silence_s:g} seconds."
        return TerminalError(Trouble.SILENT, what)

    def _closed(self, how: str) -> TerminalError:
        return self.fail(Trouble.CLOSED, f"The connection to {self._name} broke off ({how}).")


def checksum(payload: bytes) -> int:
    """The checksum of a payload whose checksum field is zero.

    One's complement of the 16-bit one's-complement sum, an odd end padded with zero. Such a
    sum is the number itself modulo 65,535, which one big integer gives in one step.
    """
    return -int.from_bytes(payload, "little") % 0xFFFF


def is_intact(payload: bytes) -> bool:
    """Whether a received payload and its checksum fit: together they are 0 modulo 65,535."""
    return int.from_bytes(payload, "little") % 0xFFFF == 0
