"""The ZK protocol as a terminal speaks it: frames, checksum, keys, times, records and users.

Written from the protocol's description and not shared with the reader it serves, so that a
mistake on one side cannot hide behind the same mistake on the other.
"""

from __future__ import annotations

import struct
import sys
from array import array
from datetime import datetime
from typing import NamedTuple

MAGIC = b"\x50\x50\x82\x7d"

USER_WRQ, USERS, OPTIONS_RRQ, OPTIONS_WRQ, ATTLOG, CLEAR_DATA, CLEAR_ATTLOG = (
    8,
    9,
    11,
    12,
    13,
    14,
    15,
)
START_VERIFY, CANCEL_CAPTURE = 60, 62
DELETE_USER, FREE_SIZES, GET_TIME, SET_TIME, REG_EVENT = 18, 50, 201, 202, 500
CONNECT, EXIT, ENABLE, DISABLE, RESTART, POWEROFF = 1000, 1001, 1002, 1003, 1004, 1005
REFRESH_DATA, GET_VERSION, AUTH = 1013, 1100, 1102
PREPARE_DATA, DATA, FREE_DATA, PREPARE_BUFFER, READ_BUFFER = 1500, 1501, 1502, 1503, 1504
ACK_OK, ACK_ERROR, ACK_UNAUTH, ACK_UNKNOWN = 2000, 2001, 2005, 65535

RECORD_SIZES = {"8a": 8, "8b": 8, "16": 16, "40": 40, "49": 49}


class Record(NamedTuple):
    """One line of the attendance log; `time` is the terminal's own 32-bit form."""

    pin: bytes
    time: int
    status: int
    punch: int
    slot: int


class User(NamedTuple):
    """One enrolled person; `slot` is the terminal's own number."""

    slot: int
    pin: bytes
    name: bytes = b""
    privilege: int = 0
    password: bytes = b""
    card: int = 0


def checksum(payload: bytes) -> int:
    """One's complement of the 16-bit one's-complement sum; the checksum field counts as zero."""
    words = array("H", payload + b"\0" * (len(payload) % 2))
    if sys.byteorder == "big":
        words.byteswap()
    total = sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def frame(command: int, session: int, reply: int, data: bytes = b"") -> bytes:
    """A whole TCP frame around one payload."""
    empty = struct.pack("<4H", command, 0, session, reply) + data
    head = struct.pack("<4H", command, checksum(empty), session, reply)
    return MAGIC + struct.pack("<I", len(empty)) + head + data


def auth_answer(key: int, session: int, ticks: int) -> bytes:
    """What a client that knows the comm key must answer for this session."""
    reversed_bits = int(f"{key:032b}"[::-1], 2)
    mixed = struct.pack("<I", (reversed_bits + session) & 0xFFFFFFFF)
    mixed = bytes(a ^ b for a, b in zip(mixed, b"ZKSO", strict=True))
    low, high = mixed[:2], mixed[2:]
    swapped = bytes(byte ^ ticks for byte in high + low)
    return swapped[:2] + bytes([ticks]) + swapped[3:]


def encode_time(moment: datetime) -> int:
    """Local wall clock as the terminal's number: months of 31 days, years of 12 of them."""
    months = (moment.year - 2000) * 12 + moment.month - 1
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (months * 31 + moment.day - 1) * 86400 + seconds


def decode_time(number: int) -> datetime:
    """The moment in a SET_TIME; ValueError when there is no such day."""
    days, seconds = divmod(number, 86400)
    months, day = divmod(days, 31)
    return datetime(  # noqa: DTZ001 - a terminal's clock has no zone
        2000 + months // 12,
        months % 12 + 1,
        day + 1,
        seconds // 3600,
        seconds % 3600 // 60,
        seconds % 60,
    )


def pack_records(layout: str, records: list[Record]) -> bytes:
    """The attendance log as this model keeps it."""
    if layout == "8a":
        return b"".join(struct.pack("<HBIB", r.slot, r.status, r.time, r.punch) for r in records)
    if layout == "8b":
        return b"".join(struct.pack("<HBBI", r.slot, r.status, r.punch, r.time) for r in records)
    if layout == "16":
        return b"".join(
            struct.pack("<IIBBHI", int(r.pin), r.time, r.status, r.punch, 0, 0) for r in records
        )
    tail = b"\xff255\0\0\0\0\0" if layout == "49" else b""
    return b"".join(
        struct.pack("<H24sBIB8x", r.slot, r.pin, r.status, r.time, r.punch) + tail for r in records
    )


def user_size(layout: str) -> int:
    """Black-and-white models keep users in 28 bytes, later ones in 72."""
    return 72 if layout in ("40", "49") else 28


def pack_user(user: User, size: int) -> bytes:
    if size == 28:
        password, name = user.password[:5], user.name[:8]
        number = int(user.pin)
        fields = (user.slot, user.privilege, password, name, user.card, 0, 0, number)
        return struct.pack("<HB5s8sIxBhI", *fields)
    fields72 = (user.slot, user.privilege, user.password, user.name, user.card, b"1", user.pin)
    return struct.pack("<HB8s24sIx7sx24s", *fields72)


def unpack_user(data: bytes) -> User:
    """A user as a client writes it; ValueError when it is neither 28 nor 72 bytes long."""
    if len(data) == 28:
        slot, privilege, password, name, card, _, _, number = struct.unpack("<HB5s8sIxBhI", data)
        pin = str(number).encode()
    elif len(data) == 72:
        slot, privilege, password, name, card, _, pin = struct.unpack("<HB8s24sIx7sx24s", data)
    else:
        raise ValueError(f"a user of {len(data)} bytes")
    text = [field.split(b"\0")[0] for field in (pin, name, password)]
    return User(slot, text[0], text[1], privilege, text[2], card)


def event_data(layout: str, record: Record) -> bytes:
    """A live attendance event: ID, how verified, key, and the time in six bytes."""
    moment = decode_time(record.time)
    clock = bytes(
        (moment.year - 2000, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    )
    end = struct.pack("<BB6s", record.status, record.punch, clock)
    if layout in ("40", "49"):
        return struct.pack("<24s", record.pin) + end
    if layout == "16":
        return struct.pack("<I", int(record.pin)) + end
    return struct.pack("<H", record.slot) + end
