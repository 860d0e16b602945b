"""People on a terminal (pengguna mesin): reading the user table, planning what to write.

Read here and not by pyzk, which drops bytes that are not UTF-8 (two people can become one) and
takes rubbish for names when the count is one off.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from devices.errors import TerminalError, Trouble
from devices.records import canonical_pin
from devices.zk_dataset import PREFIX, check_prefix, fetch, let_go, take_snapshot
from devices.zk_wire import Wire

CMD_USERS, FUNCTION_USERS = 9, 5
SMALL, LARGE = 28, 72
_SMALL_USER = struct.Struct("<HB5s8sIxBhI")
_LARGE_USER = struct.Struct("<HB8s24sIx7sx24s")
HIGHEST_SLOT = 65_534


class TerminalUser(NamedTuple):
    """One enrolled person; `slot` is the terminal's own number and may be given to another."""

    slot: int
    pin: str
    name: str
    privilege: int


class UserToWrite(NamedTuple):
    """A person of our register whom the terminal shall know."""

    pin: str
    name: str


class UserTable(NamedTuple):
    """Everybody on a terminal, and the bytes this model keeps of each (28 or 72)."""

    users: list[TerminalUser]
    size: int


def record_pin(user: TerminalUser, layout: str) -> str:
    """The ID that this person's records carry: with 8-byte records it is the slot number."""
    return str(user.slot) if layout in ("8", "8a", "8b") else user.pin


def read(wire: Wire, count: int, layout: str) -> UserTable:
    """The user table; `count` says how many people the terminal believes to know."""
    if count == 0:
        return UserTable([], SMALL if layout in ("8", "8a", "8b", "16") else LARGE)
    body = _body(wire)
    size = _size(wire, len(body), count)
    parse = _small_user if size == SMALL else _large_user
    starts = range(0, len(body), size)
    return UserTable([parse(body[start : start + size]) for start in starts], size)


def _body(wire: Wire) -> bytes:
    snapshot = take_snapshot(wire, CMD_USERS, FUNCTION_USERS)
    if snapshot.whole is not None:
        return snapshot.whole[PREFIX:]
    data = fetch(wire, 0, snapshot.total)
    let_go(wire)
    check_prefix(wire, data)
    return bytes(data[PREFIX:])


def _size(wire: Wire, length: int, count: int) -> int:
    """28 or 72, whichever comes out at the count; a count may be off by a few, a size never."""
    fitting = [size for size in (SMALL, LARGE) if length % size == 0]
    if not fitting:
        raise wire.fail(
            Trouble.SHORT_READ, f"{length} bytes are no whole number of users of 28 or 72."
        )
    return min(fitting, key=lambda size: abs(length // size - count))


def _small_user(raw: bytes) -> TerminalUser:
    slot, privilege, _, name, _, _, _, number = _SMALL_USER.unpack(raw)
    return TerminalUser(slot, str(number), _name(name), privilege)


def _large_user(raw: bytes) -> TerminalUser:
    slot, privilege, _, name, _, _, pin = _LARGE_USER.unpack(raw)
    return TerminalUser(slot, canonical_pin(pin), _name(name), privilege)


def _name(raw: bytes) -> str:
    """For people to look at only; names come from our register."""
    return raw.split(b"\0", 1)[0].decode("utf-8", errors="replace").strip()


def plan(
    people: list[UserToWrite], table: UserTable, capacity: int
) -> list[tuple[int, UserToWrite]]:
    """A free slot for each person whom the terminal does not know yet.

    Raises TerminalError (bad_user) naming the first who does not fit this terminal.
    """
    taken = {user.slot for user in table.users}
    known = {user.pin for user in table.users}
    free = (slot for slot in range(1, HIGHEST_SLOT + 1) if slot not in taken)
    room = 8 if table.size == SMALL else 24
    planned = []
    for person in people:
        _check(person, table.size)
        if person.pin in known:
            continue
        if 0 < capacity <= len(known):
            raise TerminalError(
                Trouble.BAD_USER, f"No room for {person.pin}: the terminal holds {capacity}."
            )
        known.add(person.pin)
        planned.append((next(free), UserToWrite(person.pin, _cut(person.name, room))))
    return planned


def _check(person: UserToWrite, size: int) -> None:
    pin = person.pin
    if not pin or len(pin.encode()) > 24 or canonical_pin(pin.encode()) != pin:
        raise TerminalError(Trouble.BAD_USER, f"The ID {pin!r} cannot stand on a terminal.")
    if size == SMALL and not (pin.isascii() and pin.isdigit() and pin == str(int(pin))):
        raise TerminalError(
            Trouble.BAD_USER, f"This model knows only plain numbers as IDs, not {pin!r}."
        )
    if size == SMALL and int(pin) >= 1 << 32:
        raise TerminalError(Trouble.BAD_USER, f"The ID {pin} is too large for this model.")


def _cut(name: str, room: int) -> str:
    """As many whole letters as fit."""
    return name.encode()[:room].decode(errors="ignore")


def confirm(people: list[UserToWrite], table: UserTable) -> list[TerminalUser]:
    """These people as the terminal holds them; raises (bad_user) when one is not there."""
    held = {user.pin: user for user in table.users}
    for person in people:
        if person.pin not in held:
            raise TerminalError(
                Trouble.BAD_USER,
                f"The terminal said yes to the user {person.pin} but does not hold it.",
            )
    return [held[person.pin] for person in people]
