"""A visit to one terminal (sambungan): pyzk's conversation on a wire that cannot lie or hang.

pyzk 0.9 knows the commands: connecting, the comm key, information, clock and users. Its own
reading of the socket takes a split answer for an empty one, never checks a checksum, accepts
the answer to the last question for this one, and spins for ever when the terminal hangs up.
So `_Pyzk` leaves the talking to `Wire` and keeps the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from ipaddress import ip_address
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from zk import ZK
from zk.exception import ZKErrorResponse

from devices import zk_users
from devices.errors import TerminalError, Trouble
from devices.records import LAYOUT_SETTINGS
from devices.zk_users import TerminalUser, UserTable, UserToWrite
from devices.zk_wire import ACK_OK, ACK_UNAUTH, CMD_DATA, CMD_PREPARE_DATA, Wire

GOODBYE_S = 2.0
SIZES_BYTES = 80
FURTHEST_OFF_S = 2_000_000_000  # a clock may show 2133; databases count to 2,147,483,647
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a terminal is and what it is expected to be (alamat mesin); IP address only.

    `layout` is `auto` until learned, then one of 8a, 8b, 16, 40, 49 (8: either order). With
    `serial` given, a terminal of another serial is refused. `zone` is that of the site.
    """

    host: str
    zone: tzinfo
    port: int = 4370
    comm_key: int = 0
    layout: str = "auto"
    serial: str | None = None

    def check(self) -> None:
        """Raise TerminalError (bad_address) unless this can be called at all.

        A name instead of an IP address is refused: the address field of a form must not be
        able to make the server look up or call whatever it says.
        """
        try:
            ip_address(self.host)
        except ValueError as error:
            raise TerminalError(Trouble.BAD_ADDRESS, f"{self.host!r} is no IP address.") from error
        if not 0 < self.port < 65536:
            raise TerminalError(Trouble.BAD_ADDRESS, f"{self.port} is no port.")
        if not 0 <= self.comm_key < 1 << 32:
            raise TerminalError(Trouble.BAD_ADDRESS, "The comm key has more than 32 bits.")
        if self.layout not in LAYOUT_SETTINGS:
            raise TerminalError(Trouble.BAD_ADDRESS, f"There is no layout {self.layout!r}.")


class DeviceInfo(NamedTuple):
    """Who a terminal says it is; empty text where the model does not tell."""

    serial: str
    firmware: str
    platform: str
    name: str


class Sizes(NamedTuple):
    """What is in a terminal's memory, and how much fits."""

    users: int
    records: int
    user_capacity: int
    record_capacity: int


class Clock(NamedTuple):
    """A terminal's wall clock, and how many seconds it is ahead of the true local time.

    Both None when it shows a day that does not exist.
    """

    local: str | None
    offset_seconds: int | None
    measured_at: datetime


class Session:
    """One visit to one terminal, as a context manager; ends within `deadline_s` whatever happens.

    Raises TerminalError. After any error the connection is gone; nothing is ever asked again
    on it. `silence_s` is the longest wait for the next byte.
    """

    def __init__(
        self, address: Address, *, deadline_s: float = 60.0, silence_s: float = 15.0
    ) -> None:
        self.address = address
        self._deadline_s = deadline_s
        self._silence_s = silence_s

    def __enter__(self) -> Self:
        self.address.check()
        self._zk = _Pyzk(self.address, deadline_s=self._deadline_s, silence_s=self._silence_s)
        self.wire = self._zk.wire
        try:
            self._connect()
        except BaseException:
            self.wire.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say goodbye on a healthy wire: a terminal has few places for callers."""
        at_rest = kind is None or issubclass(kind, TerminalError)
        try:
            if at_rest and not self.wire.broken:
                self.wire.shorten(GOODBYE_S)
                # everything asked for has arrived; a lost goodbye changes none of it
                with suppress(TerminalError, ZKErrorResponse):
                    self._zk.disconnect()
        finally:
            self.wire.close()

    def info(self) -> DeviceInfo:
        """Serial, firmware, platform and model."""
        return DeviceInfo(
            self._text(self._zk.get_serialnumber),
            self._text(self._zk.get_firmware_version),
            self._text(self._zk.get_platform),
            self._text(self._zk.get_device_name),
        )

    def sizes(self) -> Sizes:
        """Counts and capacities."""
        self._ask("its memory", self._zk.read_sizes)
        zk = self._zk
        if zk.last_length < SIZES_BYTES:  # pyzk would go on with the counts of the last answer
            raise self.wire.fail(
                Trouble.UNEXPECTED_ANSWER, f"{self.address.host} told {zk.last_length} bytes of it."
            )
        return Sizes(zk.users, zk.records, zk.users_cap, zk.rec_cap)

    def clock(self) -> Clock:
        """The terminal's time against ours, in its site's zone, to the second."""
        asked_at = datetime.now(UTC)
        try:
            shown: datetime = self._ask("its clock", self._zk.get_time)
        except ValueError:  # 31 February
            return Clock(None, None, asked_at)
        answered_at = datetime.now(UTC)
        middle = asked_at + (answered_at - asked_at) / 2
        # it shows the second that has begun; half a second is the mean of what it hides
        shown_middle = shown + timedelta(seconds=0.5)
        true_local = middle.astimezone(self.address.zone).replace(tzinfo=None)
        offset = round((shown_middle - true_local) / timedelta(seconds=1))
        offset = max(-FURTHEST_OFF_S, min(FURTHEST_OFF_S, offset))
        return Clock(shown.strftime("%Y-%m-%d %H:%M:%S"), offset, middle)

    def set_clock(self) -> Clock:
        """Set the terminal to the true time of its site; returns what it shows then."""
        local = datetime.now(self.address.zone).replace(tzinfo=None)
        self._ask("a new time", lambda: self._zk.set_time(local))
        return self.clock()

    def users(self) -> list[TerminalUser]:
        """Everybody the terminal knows, with IDs as `parse` gives them."""
        return self._user_table().users

    def add_users(self, people: list[UserToWrite]) -> list[TerminalUser]:
        """Make these people known; returns them as the terminal then holds them.

        Who is known already stays untouched, with password, card and rights. Raises
        TerminalError (bad_user) naming the first that this terminal cannot hold, before
        anything is written.
        """
        table = self._user_table()
        planned = zk_users.plan(people, table, self.sizes().user_capacity)
        self._zk.user_packet_size = table.size
        for slot, person in planned:
            write = partial(self._zk.set_user, uid=slot, name=person.name, user_id=person.pin)
            self._ask(f"the user {person.pin}", write)
        return zk_users.confirm(people, self._user_table())

    def delete_user(self, pin: str) -> bool:
        """Take a person off the terminal; False when nobody has this ID.

        Some models delete the person's records too: read the log first.
        """
        slots = [user.slot for user in self.users() if user.pin == pin]
        for slot in slots:
            # pyzk packs the slot as a signed number: the same two bytes, half the range
            signed = slot - 65_536 if slot > 32_767 else slot
            self._ask(f"the deletion of {pin}", partial(self._zk.delete_user, uid=signed))
        return bool(slots)

    def clear_attlog(self) -> None:
        """Erase every attendance record in the terminal. There is no way back.

        For people only, after a verified second read. Raises TerminalError: `refused` means
        nothing was erased, `clear_unknown` that nobody knows.
        """
        try:
            self._ask("the clearing of its log", self._zk.clear_attendance)
        except TerminalError as error:
            if error.code is Trouble.REFUSED:
                raise
            raise TerminalError(
                Trouble.CLEAR_UNKNOWN, f"No answer to the clearing. {error.sentence}"
            ) from error

    def _user_table(self) -> UserTable:
        return zk_users.read(self.wire, self.sizes().users, self.address.layout)

    def _connect(self) -> None:
        try:
            self._zk.connect()
        except ZKErrorResponse as error:
            if self._zk.last_answer == ACK_UNAUTH:
                raise self.wire.fail(
                    Trouble.WRONG_COMM_KEY, f"{self.address.host} does not accept the comm key."
                ) from error
            raise self.wire.fail(
                Trouble.REFUSED, f"{self.address.host} refuses the connection ({error})."
            ) from error
        except struct.error as error:  # pyzk adds the session to the key without a carry
            raise self.wire.fail(
                Trouble.BAD_ADDRESS, "This comm key cannot be sent; choose another one."
            ) from error

    def _text(self, question: Callable[[], str]) -> str:
        """A piece of information, empty when the model does not tell or it is no text."""
        try:
            return question().strip()
        except (ZKErrorResponse, UnicodeDecodeError, struct.error, IndexError):
            return ""

    def _ask(self, what: str, question: Callable[[], T]) -> T:
        try:
            return question()
        except ZKErrorResponse as error:
            raise TerminalError(
                Trouble.REFUSED, f"{self.address.host} refuses {what} ({error})."
            ) from error
        except (struct.error, IndexError) as error:
            raise self.wire.fail(
                Trouble.UNEXPECTED_ANSWER, f"{self.address.host} garbled {what}."
            ) from error


class _Pyzk(ZK):  # type: ignore[misc]  # pyzk has no types
    """pyzk with its two private doors to the socket replaced; the version is pinned for it."""

    wire: Wire

    def __init__(self, address: Address, *, deadline_s: float, silence_s: float) -> None:
        super().__init__(address.host, address.port, password=address.comm_key, ommit_ping=True)
        vars(self)["_ZK__sock"].close()  # opened for nothing by the constructor
        self.helper = _AlreadyThere()
        self.last_answer = self.last_length = 0
        self.wire = Wire(address.host, address.port, deadline_s=deadline_s, silence_s=silence_s)

    def _ZK__create_socket(self) -> None:
        self._ZK__sock = self.wire

    def _ZK__send_command(
        self, command: int, command_string: bytes = b"", response_size: int = 8
    ) -> dict[str, Any]:
        answer = self.wire.request(command, command_string)
        self._ZK__header = (answer.command, 0, answer.session, answer.reply)
        self._ZK__response = self.last_answer = answer.command
        self._ZK__data = answer.data
        self.last_length = len(answer.data)
        accepted = answer.command in (ACK_OK, CMD_PREPARE_DATA, CMD_DATA)
        return {"status": accepted, "code": answer.command}


class _AlreadyThere:
    """pyzk makes a trial connection first; ours stands already, and terminals take few."""

    def test_tcp(self) -> int:
        return 0
