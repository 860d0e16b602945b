"""A GSM modem on a pty (modem tiruan), good enough for libgammu's AT driver.

    modem = AtModem(Path("/tmp/modem"), imsi="510100000000001")
    modem.start()                                  # /tmp/modem now leads to a pty
    modem.deliver("+628110000001", "izin sakit hari ini")
    modem.sent                                     # what went on the air: the ground truth

PDU mode, storage with slots, a network that holds what does not fit, delivery reports, and the
faults of real sticks, switched while it runs.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from simulators import pdu

CENTRE = "+6281100000"
WITA = timezone(timedelta(hours=8))
LONG_GSM7, LONG_UCS2 = 153, 67


@dataclass
class Faults:
    """What is wrong with this modem just now; everything off by default."""

    hangs: bool = False  # answers nothing at all
    loses_answers: int = 0  # so many sends go out, but their answer never comes
    fails_after_sending: int = 0  # so many sends go out and answer an error
    refuses_with: int | None = None  # every send is refused with this CMS code
    gives_no_prompt: bool = False
    seconds_per_send: float = 0.0
    delete_fails: bool = False
    no_sim: bool = False
    wants_pin: bool = False
    reports: bool = True  # delivery reports as +CDS when asked for


@dataclass(frozen=True)
class OnAir:
    """One part that left for the network."""

    at: datetime
    reference: int
    message: pdu.Submitted


@dataclass
class _Slot:
    pdu: bytes
    read: bool = False


@dataclass
class AtModem:
    """The modem. All its state survives the comings and goings of whoever opens the pty."""

    link: Path
    imsi: str = "510100000000001"
    number: str = "+628115550001"
    slots: int = 30
    faults: Faults = field(default_factory=Faults)
    sent: list[OnAir] = field(default_factory=list)
    commands: deque[str] = field(default_factory=lambda: deque(maxlen=500))
    on_sent: Callable[[OnAir], None] | None = None

    def __post_init__(self) -> None:
        self._storage: dict[int, _Slot] = {}
        self._network: deque[bytes] = deque()
        self._lock = threading.RLock()
        self._master = self._slave = -1
        self._running = False
        self._reference = 0
        self._long_reference = 0
        self._cnmi = [0, 0, 0, 0, 0]
        self._memory = "SM"

    # --- the plug ----------------------------------------------------------------------------

    def start(self) -> None:
        """Open a pty and put the link to it."""
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        beside = self.link.with_suffix(".new")
        beside.unlink(missing_ok=True)
        beside.symlink_to(os.ttyname(self._slave))
        os.replace(beside, self.link)
        self._running = True
        self._thread = threading.Thread(target=self._serve, args=(self._master,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Pull the plug: the device is gone, what it remembers stays."""
        self._running = False
        self.link.unlink(missing_ok=True)
        self._thread.join(2)
        for descriptor in (self._master, self._slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    unplug = stop
    plug = start

    # --- the network -------------------------------------------------------------------------

    def deliver(
        self, sender: str, text: str, sent_at: datetime | None = None, *, wide: bool = False
    ) -> None:
        """A message for this SIM arrives, in as many parts as it needs; `wide` uses 16-bit UDH."""
        at = (sent_at or datetime.now(UTC)).astimezone(WITA)
        gsm7 = pdu.is_gsm7(text)
        parts = _cut_gsm7(text, wide) if gsm7 else _cut_ucs2(text)
        self._long_reference = self._long_reference % 255 + 1
        for place, part in enumerate(parts, 1):
            udh = b""
            if len(parts) > 1:
                udh = (
                    bytes([8, 4, 1, self._long_reference, len(parts), place])
                    if wide
                    else bytes([0, 3, self._long_reference, len(parts), place])
                )
            coding = "gsm7" if gsm7 else "ucs2"
            self.deliver_pdu(pdu.deliver(sender, part, at, CENTRE, udh, coding))

    def deliver_pdu(self, raw: bytes) -> None:
        """Raw bytes for a slot, also such as nobody can read."""
        with self._lock:
            self._network.append(raw)
            self._fill_slots()

    def _fill_slots(self) -> None:
        while self._network and len(self._storage) < self.slots:
            free = next(n for n in range(1, self.slots + 1) if n not in self._storage)
            self._storage[free] = _Slot(self._network.popleft())
            if self._cnmi[1] == 1 and self._master >= 0 and self._running:
                self._write(f'\r\n+CMTI: "{self._memory}",{free}\r\n'.encode())

    @property
    def stored(self) -> int:
        """Messages on the SIM now."""
        return len(self._storage)

    @property
    def held_back(self) -> int:
        """Messages the network keeps because the SIM is full."""
        return len(self._network)

    @property
    def _is_plugged(self) -> bool:
        """False in the thread of a plug that was pulled while a message was on its way."""
        return threading.current_thread() is self._thread

    # --- the wire ----------------------------------------------------------------------------

    def _write(self, data: bytes) -> None:
        if not self.faults.hangs:
            with contextlib.suppress(OSError):
                os.write(self._master, data)

    def _serve(self, master: int) -> None:
        buffer = b""
        awaiting_pdu = False
        while self._running and self._is_plugged:
            ready, _, _ = select.select([master], [], [], 0.05)
            if not ready:
                continue
            try:
                data = os.read(master, 4096)
            except OSError:
                time.sleep(0.02)  # nobody has the other end open
                continue
            buffer += data
            while True:
                if awaiting_pdu:
                    if b"\x1a" not in buffer and b"\x1b" not in buffer:
                        break
                    end = min(buffer.find(c) for c in (b"\x1a", b"\x1b") if c in buffer)
                    cancelled = buffer[end : end + 1] == b"\x1b"
                    body, buffer = buffer[:end], buffer[end + 1 :]
                    awaiting_pdu = False
                    if not cancelled:
                        self._submit(body)
                    continue
                if b"\r" not in buffer:
                    buffer = buffer.lstrip(b"\x1b\x1a\n")
                    break
                line, buffer = buffer.split(b"\r", 1)
                command = line.strip(b"\n\x1b\x1a ").decode("latin-1")
                if command:
                    self.commands.append(command)
                    awaiting_pdu = self._answer(command)

    def _say(self, *lines: str, final: str = "OK") -> None:
        body = "".join(f"\r\n{line}\r\n" for line in (*lines, final) if line)
        self._write(body.encode("latin-1"))

    def _answer(self, command: str) -> bool:
        """Answer one command; True when a PDU is to follow."""
        if self.faults.hangs:
            return False
        self._write((command + "\r").encode("latin-1"))  # echo, as after ATE1
        name, _, argument = command.partition("=")
        upper = command.upper() if argument == "?" else name.upper()
        if upper == "AT+CMGS":
            if self.faults.gives_no_prompt:
                return False
            self._write(b"\r\n> ")
            return True
        if self.faults.no_sim and upper in NEEDS_SIM:
            self._say(final="+CME ERROR: 10")
            return False
        if self.faults.wants_pin and upper in NEEDS_SIM - {"AT+CPIN?", "AT+CPIN"}:
            self._say(final="+CME ERROR: 11")
            return False
        handler = getattr(self, HANDLERS.get(upper, ""), None)
        if handler is not None:
            handler(argument)
        elif upper in FIXED:
            self._say(*FIXED[upper])
        else:
            self._say(final="OK" if upper in ACCEPTED else "ERROR")
        return False

    # --- commands with a life of their own ---------------------------------------------------

    def _imsi(self, _argument: str) -> None:
        self._say(self.imsi)

    def _pin(self, argument: str) -> None:
        if argument:
            self.faults.wants_pin = False
            self._say()
        else:
            self._say("+CPIN: SIM PIN" if self.faults.wants_pin else "+CPIN: READY")

    def _notifications(self, argument: str) -> None:
        given = [int(n) for n in re.findall(r"\d+", argument)]
        self._cnmi = (given + [0] * 5)[:5]
        self._say()

    def _select_memory(self, argument: str) -> None:
        wanted = argument.replace('"', "").split(",")[0]
        if wanted != "SM":
            self._say(final="+CMS ERROR: 302")
            return
        use = f"{self.stored},{self.slots}"
        self._say(f"+CPMS: {use},{use},{use}")

    def _memories(self, _argument: str) -> None:
        use = f'"SM",{self.stored},{self.slots}'
        self._say(f"+CPMS: {use},{use},{use}")

    def _list(self, _argument: str) -> None:
        lines: list[str] = []
        with self._lock:
            for place, slot in sorted(self._storage.items()):
                lines.append(f"+CMGL: {place},{int(slot.read)},,{_length(slot.pdu)}")
                lines.append(slot.pdu.hex().upper())
        body = "".join(f"\r\n{line}" for line in lines)
        self._write((body + ("\r\n" if lines else "") + "\r\nOK\r\n").encode())

    def _read(self, argument: str) -> None:
        place = int(argument or 0)
        slot = self._storage.get(place)
        if slot is None:
            self._say(final="+CMS ERROR: 321")
            return
        raw = slot.pdu.hex().upper()
        self._write(
            f"\r\n+CMGR: {int(slot.read)},,{_length(slot.pdu)}\r\n{raw}\r\n\r\nOK\r\n".encode()
        )
        slot.read = True

    def _delete(self, argument: str) -> None:
        place = int(argument.split(",")[0])
        if self.faults.delete_fails:
            self._say(final="+CMS ERROR: 500")
            return
        with self._lock:
            if self._storage.pop(place, None) is None:
                self._say(final="+CMS ERROR: 321")
                return
            self._say()
            self._fill_slots()

    def _submit(self, body: bytes) -> None:
        if self.faults.refuses_with is not None:
            self._say(final=f"+CMS ERROR: {self.faults.refuses_with}")
            return
        try:
            message = pdu.read_submit(bytes.fromhex(body.decode("ascii").strip()))
        except ValueError:
            self._say(final="+CMS ERROR: 304")
            return
        time.sleep(self.faults.seconds_per_send)
        self._reference = (self._reference + 1) % 256
        air = OnAir(datetime.now(UTC), self._reference, message)
        self.sent.append(air)
        if self.on_sent is not None:
            self.on_sent(air)
        if not self._is_plugged:
            return  # it went out, and nobody is there to hear so
        if self.faults.loses_answers > 0:
            self.faults.loses_answers -= 1
            return
        if self.faults.fails_after_sending > 0:
            self.faults.fails_after_sending -= 1
            self._say(final="+CMS ERROR: 500")
            return
        self._say(f"+CMGS: {self._reference}")
        if message.wants_report and self.faults.reports and self._cnmi[3] == 1:
            report = pdu.status_report(
                air.reference, message.number, air.at.astimezone(WITA), CENTRE
            )
            self._write(f"\r\n+CDS: {_length(report)}\r\n{report.hex().upper()}\r\n".encode())


def _length(raw: bytes) -> int:
    """A PDU's length as AT commands count it: without the service centre."""
    return len(raw) - 1 - raw[0]


def _cut_gsm7(text: str, wide: bool) -> list[str]:
    if len(pdu.septets_of(text)) <= 160:
        return [text]
    parts, part = [], ""
    for character in text:
        if len(pdu.septets_of(part + character)) > LONG_GSM7 - wide:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]


def _cut_ucs2(text: str) -> list[str]:
    if len(text.encode("utf-16-be")) <= 140:
        return [text]
    parts, part = [], ""
    for character in text:
        if len((part + character).encode("utf-16-be")) > LONG_UCS2 * 2:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]


HANDLERS = {
    "AT+CIMI": "_imsi",
    "AT+CPIN?": "_pin",
    "AT+CPIN": "_pin",
    "AT+CNMI": "_notifications",
    "AT+CPMS": "_select_memory",
    "AT+CPMS?": "_memories",
    "AT+CMGL": "_list",
    "AT+CMGR": "_read",
    "AT+CMGD": "_delete",
}
NEEDS_SIM = frozenset(
    {"AT+CIMI", "AT+CPIN?", "AT+CPMS", "AT+CPMS?", "AT+CMGL", "AT+CMGR", "AT+CSCA?", "AT+CMGS"}
)
FIXED: dict[str, tuple[str, ...]] = {
    "AT+CGMI": ("Simulasi",),
    "AT+CGMM": ("Hadir AT",),
    "AT+GMM": ("Hadir AT",),
    "ATI": ("Simulasi Hadir AT",),
    "AT+CGMR": ("1.0",),
    "AT+CGSN": ("350000000000001",),
    "AT+CSQ": ("+CSQ: 21,0",),
    "AT+CREG?": ('+CREG: 2,1,"0001","0000ABCD"',),
    "AT+CGREG?": ('+CGREG: 2,1,"0001","0000ABCD"',),
    "AT+CGATT?": ("+CGATT: 1",),
    "AT+COPS?": ('+COPS: 0,2,"51010"',),
    "AT+CSCA?": (f'+CSCA: "{CENTRE}",145',),
    "AT+CSCS?": ('+CSCS: "GSM"',),
    "AT+CSCS=?": ('+CSCS: ("GSM","HEX","UCS2")',),
    "AT+CPMS=?": ('+CPMS: ("SM"),("SM"),("SM")',),
    "AT+CNMI=?": ("+CNMI: (0-2),(0-3),(0,2,3),(0-2),(0,1)",),
    "AT+CSMS?": ("+CSMS: 1,1,1,1",),
    "AT+CSMS": ("+CSMS: 1,1,1",),
    "AT+CMGF?": ("+CMGF: 0",),
    "AT+CMGF=?": ("+CMGF: (0,1)",),
    "AT+CBC": ("+CBC: 0,100",),
    "AT+CCLK?": ('+CCLK: "26/11/24,08:00:00+32"',),
}
ACCEPTED = frozenset(
    {"AT", "ATE1", "ATE0", "ATZ", "AT+CMEE", "AT+CMGF", "AT+CREG", "AT+CGREG", "AT+COPS", "AT+CSCS",
     "AT+CSMP", "AT+CSDH", "AT+CNMI", "AT+CLIP", "AT+CMMS", "AT+CSCA", "AT+CFUN"}
)  # fmt: skip
