"""One client's talk with a simulated terminal: commands in, answers out, faults on the way."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulators import zk_protocol as zk

if TYPE_CHECKING:
    from simulators.zk_terminal import ZkTerminal

SMALL = 1024  # a dataset up to here is sent at once instead of being prepared
PACKET = 0xFFF8  # the longest CMD_DATA seen in captures
KNOWN_OPTIONS = {b"~SerialNumber", b"~DeviceName", b"~Platform", b"MAC", b"~PIN2Width", b"~OS"}


class Gone(Exception):
    """The wire is cut: by the client, by a fault, or by a pulled cable."""


class Connection:
    """Answers one client until it leaves."""

    def __init__(self, terminal: ZkTerminal, client: socket.socket, session: int) -> None:
        self.terminal = terminal
        self.client = client
        self.session = session
        self.allowed = terminal.comm_key == 0
        self.events = False
        self.reply = 0
        self.command = 0
        self.buffer = b""
        self._chunk_bytes_left: int | None = None
        self._sending = threading.Lock()
        self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def serve(self) -> None:
        """Answer until the client leaves or the wire is cut."""
        faults = self.terminal.faults
        with contextlib.suppress(Gone, OSError):
            if faults.babble:
                self.client.sendall(b"SSH-2.0-dropbear\r\n")
            while True:
                command, data = self._next_command()
                self.terminal.wait_while_unplugged(self)
                if faults.silent:
                    continue
                if command in faults.late:
                    time.sleep(faults.late.pop(command))
                self._answer(command, data)
                if command in (zk.EXIT, zk.RESTART, zk.POWEROFF):
                    self.terminal.goodbyes += 1
                    break
        self.close()

    def close(self, reset: bool = False) -> None:
        """Leave with FIN, or with RST."""
        with contextlib.suppress(OSError):
            if reset:
                self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self.client.shutdown(socket.SHUT_RDWR)
        self.client.close()

    def send_event(self, record: zk.Record) -> None:
        """A live event, if this client asked for them; lost like a real one when it is gone."""
        if self.events:
            data = zk.event_data(self.terminal.layout, record)
            with contextlib.suppress(OSError), self._sending:
                self.client.sendall(zk.frame(zk.REG_EVENT, 1, 0, data))

    # reading

    def _exactly(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            piece = self.client.recv(size - len(got))
            if not piece:
                raise Gone
            got += piece
        return got

    def _next_command(self) -> tuple[int, bytes]:
        while True:
            head = self._exactly(8)
            if head[:4] != zk.MAGIC:
                raise Gone
            payload = self._exactly(struct.unpack("<I", head[4:])[0])
            command, _, session, reply = struct.unpack("<4H", payload[:8])
            if command == zk.ACK_OK:  # the client's answer to a live event
                continue
            self.reply, self.command = reply, command
            if command != zk.CONNECT and session != self.session:
                raise Gone
            return command, payload[8:]

    # answering

    def _answer(self, command: int, data: bytes) -> None:
        if command in self.terminal.faults.garbled:
            self._say(*self.terminal.faults.garbled[command])
        elif command == zk.CONNECT:
            self._say(zk.ACK_OK if self.allowed else zk.ACK_UNAUTH)
        elif command == zk.AUTH:
            wanted = zk.auth_answer(self.terminal.comm_key, self.session, data[2])
            self.allowed = data[:4] == wanted
            self._say(zk.ACK_OK if self.allowed else zk.ACK_UNAUTH)
        elif not self.allowed:
            self._say(zk.ACK_UNAUTH)
        elif act := self._acts().get(command):
            act(data)
        else:
            self._say(zk.ACK_UNKNOWN)

    def _acts(self) -> dict[int, Callable[[bytes], None]]:
        terminal = self.terminal
        return {
            zk.EXIT: self._done,
            zk.ENABLE: lambda _: self._set_enabled(True),
            zk.DISABLE: lambda _: self._set_enabled(False),
            zk.RESTART: self._done,
            zk.REFRESH_DATA: self._done,
            zk.START_VERIFY: self._done,
            zk.CANCEL_CAPTURE: self._done,
            zk.FREE_DATA: self._free,
            zk.GET_VERSION: lambda _: self._say(zk.ACK_OK, terminal.firmware.encode() + b"\0"),
            zk.OPTIONS_RRQ: self._option,
            zk.OPTIONS_WRQ: self._write_option,
            zk.GET_TIME: lambda _: self._say(zk.ACK_OK, struct.pack("<I", terminal.time_number())),
            zk.SET_TIME: self._set_time,
            zk.FREE_SIZES: self._sizes,
            zk.PREPARE_BUFFER: self._prepare,
            zk.READ_BUFFER: self._chunk,
            zk.ATTLOG: lambda _: self._unbuffered(zk.ATTLOG, 0),
            zk.USERS: lambda data: self._unbuffered(zk.USERS, data[0]),
            zk.CLEAR_ATTLOG: self._clear,
            zk.USER_WRQ: self._write_user,
            zk.DELETE_USER: self._delete_user,
            zk.REG_EVENT: self._register,
        }

    def _done(self, _: bytes) -> None:
        self._say(zk.ACK_OK)

    def _set_enabled(self, enabled: bool) -> None:
        self.terminal.enabled = enabled
        self._say(zk.ACK_OK)

    def _option(self, data: bytes) -> None:
        name = data.split(b"\0")[0]
        value = self.terminal.options.get(name)
        if value is None:
            self._say(zk.ACK_ERROR)
        else:
            self._say(zk.ACK_OK, name + b"=" + value + b"\0")

    def _write_option(self, data: bytes) -> None:
        name, _, value = data.split(b"\0")[0].partition(b"=")
        self.terminal.options[name] = value
        self._say(zk.ACK_OK)

    def _set_time(self, data: bytes) -> None:
        self.terminal.set_time(zk.decode_time(struct.unpack("<I", data[:4])[0]))
        self._say(zk.ACK_OK)

    def _sizes(self, _: bytes) -> None:
        terminal = self.terminal
        records, users = len(terminal.records), len(terminal.users)
        fields = [0] * 20
        fields[4] = users + terminal.faults.user_count_error
        fields[6], fields[8] = users, records + terminal.faults.count_error
        fields[14:17] = [3000, terminal.user_capacity, terminal.capacity]
        fields[17:] = [3000 - users, terminal.user_capacity - users, terminal.capacity - records]
        self._say(zk.ACK_OK, struct.pack("<20i3i", *fields, 0, 0, 0))

    def _prepare(self, data: bytes) -> None:
        _, command, function, _ = struct.unpack("<bhii", data[:11])
        faults = self.terminal.faults
        if faults.no_buffered_read or faults.refuses_data:
            self._say(zk.ACK_UNKNOWN)
            return
        content = self.terminal.snapshot(command, function)
        if content is None:
            self._say(zk.ACK_ERROR)
            return
        if len(content) <= SMALL:
            self._say(zk.DATA, content)
            return
        self.buffer = content
        total = len(content)
        self._say(zk.ACK_OK, b"\0" + struct.pack("<III", total, total, 0x1234))

    def _chunk(self, data: bytes) -> None:
        start, size = struct.unpack("<ii", data[:8])
        self.terminal.punch_during_read()
        content = self.buffer[start : start + size]
        if missing := self.terminal.faults.short_chunk:
            content = content[:-missing]
        if not content:
            self._say(zk.ACK_ERROR)
            return
        self._send_dataset(content)

    def _unbuffered(self, command: int, function: int) -> None:
        content = self.terminal.snapshot(command, function)
        if content is None or self.terminal.faults.refuses_data:
            self._say(zk.ACK_ERROR)
        else:
            self._send_dataset(content)

    def _send_dataset(self, content: bytes) -> None:
        faults = self.terminal.faults
        if faults.unannounced:
            self._say(zk.DATA, content)
            return
        size = faults.packet_size or PACKET
        if faults.cut or faults.trickle:
            self._chunk_bytes_left = faults.cut_after
        answer = [self._frame(zk.PREPARE_DATA, struct.pack("<II", len(content), size))]
        for start in range(0, len(content), size):
            answer.append(self._data_frame(content[start : start + size]))
        answer.append(self._frame(zk.ACK_OK))
        self._send(answer)
        self._chunk_bytes_left = None

    def _free(self, _: bytes) -> None:
        self.buffer = b""
        self._say(zk.ACK_OK)

    def _clear(self, _: bytes) -> None:
        self.terminal.clear()
        if self.terminal.faults.clear_reply_lost:
            self.close(reset=True)
            raise Gone
        self._say(zk.ACK_OK)

    def _write_user(self, data: bytes) -> None:
        try:
            accepted = self.terminal.take_user(zk.unpack_user(data), len(data))
        except ValueError:
            accepted = False
        self._say(zk.ACK_OK if accepted else zk.ACK_ERROR)

    def _delete_user(self, data: bytes) -> None:
        gone = self.terminal.remove_user(struct.unpack("<H", data[:2])[0])
        self._say(zk.ACK_OK if gone else zk.ACK_ERROR)

    def _register(self, data: bytes) -> None:
        self.events = bool(struct.unpack("<I", data[:4])[0] & 1)
        self._say(zk.ACK_OK)

    # the wire

    def _say(self, command: int, data: bytes = b"") -> None:
        self._send([self._data_frame(data) if command == zk.DATA else self._frame(command, data)])

    def _frame(self, command: int, data: bytes = b"") -> bytes:
        faults = self.terminal.faults
        reply, session = self.reply, self.session
        if self.command in faults.wrong_reply_number:
            reply = (reply - 1) & 0xFFFF
        if self.command in faults.wrong_session:
            session = (session + 1) & 0xFFFF
        made = bytearray(zk.frame(command, session, reply, data))
        if faults.wrong_checksum:
            made[10] ^= 0x55
        return bytes(made)

    def _data_frame(self, data: bytes) -> bytes:
        made = bytearray(self._frame(zk.DATA, data))
        if self.terminal.faults.altered:
            made[16 + len(data) // 2] ^= 0x04
        return bytes(made)

    def _send(self, frames: list[bytes]) -> None:
        faults = self.terminal.faults
        if faults.live_between:
            event = zk.frame(zk.REG_EVENT, 1, 0, bytes(32))
            frames = [one for made in frames for one in (event, made)]
        if self.command in faults.doubled:
            frames = frames * 2
        if faults.glued:
            frames = [b"".join(frames)]
        with self._sending:
            for made in frames:
                self._send_one(made)

    def _send_one(self, made: bytes) -> None:
        faults = self.terminal.faults
        if self._chunk_bytes_left is not None and faults.trickle is not None:
            for byte in made:
                self.client.sendall(bytes([byte]))
                time.sleep(faults.trickle)
            return
        if self._chunk_bytes_left is not None:
            if len(made) > self._chunk_bytes_left:
                self._cut(made)
                return
            self._chunk_bytes_left -= len(made)
        if faults.first_piece:
            self.client.sendall(made[: faults.first_piece])
            time.sleep(0.01)
            made = made[faults.first_piece :]
        step = faults.piece or len(made) or 1
        for start in range(0, len(made), step):
            self.client.sendall(made[start : start + step])

    def _cut(self, made: bytes) -> None:
        how, left = self.terminal.faults.cut, self._chunk_bytes_left or 0
        self.client.sendall(made[:left])
        if how == "drop":  # the rest of this frame never arrives, what follows does
            self._chunk_bytes_left = None
            return
        if how == "stall":
            while self.client.recv(4096):
                pass
            raise Gone
        time.sleep(0.02)  # what went out may arrive before the end does
        self.close(reset=how == "rst")
        raise Gone
