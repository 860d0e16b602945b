"""One GSM modem through python-gammu. The only module that imports gammu.

All calls come from one thread; another may look at `overdue` and call `abort()`, which ends a
stuck call at once. After an abort or a time-out the StateMachine is dead for good (its stream is
out of step), so `open` builds a new one. What was measured stands beside each decision.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import gammu

from sms.gateway import OutcomeUnknown, Outgoing, RawPart, Sent, SmsError, modem_key
from sms.segments import Coding

T = TypeVar("T")

# Deadlines in seconds. Without them GetNextSMS on a hung modem takes 701 s, a lost answer 100 s.
OPEN_WITHIN, ASK_WITHIN, POLL_WITHIN, SEND_WITHIN = 30.0, 5.0, 15.0, 40.0
CODINGS = {Coding.GSM7: "Default_No_Compression", Coding.UCS2: "Unicode_No_Compression"}
VALIDITY = "24H"


class ModemGone(Exception):
    """The modem does not answer, or is not there; open it again."""


@dataclass(frozen=True)
class Stored:
    """A message on the SIM: where it lies, and what it is or why nobody can read it."""

    location: int
    part: RawPart
    poison: str | None = None


@dataclass(frozen=True)
class Health:
    """What the modem says of itself."""

    signal_percent: int | None
    registered: bool
    security: str | None  # 'PIN' when the SIM waits for one
    sim_used: int
    sim_size: int


def sections(gammurc: Path) -> list[str]:
    """The modems of a gammurc file: its sections in order, 'gammu', 'gammu1', ..."""
    parser = ConfigParser(interpolation=None)
    parser.read(gammurc, encoding="utf-8")
    return [name for name in parser.sections() if name.lower().startswith("gammu")]


class GammuModem:
    """A modem that is polled and sends; see the module's word on threads."""

    def __init__(self, gammurc: Path, section: int = 0):
        self._gammurc, self._section = gammurc, section
        self._machine: Any = None
        self._smsc = ""
        self._deadline: float | None = None
        self.imsi = ""

    @property
    def route(self) -> str:
        return f"sim:{self.imsi}"

    @property
    def overdue(self) -> bool:
        """True while a call runs past its deadline; then somebody else should `abort()`."""
        deadline = self._deadline
        return deadline is not None and time.monotonic() > deadline

    def abort(self) -> None:
        """End a stuck call from another thread; it returns within about 50 ms."""
        if self._machine is not None:
            self._machine.Abort()

    # --- opening and closing -----------------------------------------------------------------

    def open(self) -> None:
        """Build a new StateMachine and learn which SIM is in; about four seconds.

        Raises ModemGone when the device is missing, hung, or without a usable SIM.
        """
        self.close()
        machine = gammu.StateMachine()
        # ReadConfig, not SetConfig: only a file lets the driver set its notifications
        machine.ReadConfig(Filename=str(self._gammurc), Section=self._section)
        self._machine = machine
        self._call(OPEN_WITHIN, machine.Init)
        self.imsi = str(self._call(ASK_WITHIN, machine.GetSIMIMSI))
        self._smsc = str(self._call(ASK_WITHIN, machine.GetSMSC, 1)["Number"])

    def close(self) -> None:
        """Let go of the device; the object can be opened again."""
        machine, self._machine = self._machine, None
        if machine is not None:
            try:
                machine.Terminate()
            except gammu.GSMError:
                return  # it was dead already

    def _call(self, seconds: float, function: Callable[..., T], *args: Any, **named: Any) -> T:
        self._deadline = time.monotonic() + seconds
        try:
            return function(*args, **named)
        except (gammu.ERR_EMPTY, gammu.ERR_CORRUPTED, gammu.ERR_INVALIDLOCATION):
            raise
        except gammu.GSMError as error:
            raise ModemGone(_sentence(error)) from error
        finally:
            self._deadline = None

    # --- receiving ---------------------------------------------------------------------------

    def stored(self) -> Iterator[Stored]:
        """Everything on the SIM, slot by slot; a message nobody can decode comes as poison.

        An undecodable PDU makes GetNextSMS fail at its slot for ever, so the next slot is asked
        for by its place. Delete each with `delete` once it is committed.
        """
        location = 0
        first = True
        seen_poison = 0
        while seen_poison < 60:
            named = {"Start": True} if first else {"Location": location}
            try:
                messages = self._call(POLL_WITHIN, self._machine.GetNextSMS, Folder=0, **named)
            except gammu.ERR_EMPTY:
                return
            except gammu.ERR_CORRUPTED as error:
                seen_poison += 1
                location += 1
                first = False
                yield self._poison(location, _sentence(error))
                continue
            first = False
            location = int(messages[0]["Location"])
            if messages[0]["Type"] == "Deliver":
                yield Stored(location, self._part(messages[0]))

    def _part(self, message: dict[str, Any]) -> RawPart:
        udh = message["UDH"]
        header = bytes(udh["Text"])
        text = str(message["Text"]).rstrip("\x00")  # gammu adds a NUL per extension character
        sender = str(message["Number"])
        sent_at = _aware(message["DateTime"])
        is_long = int(udh["AllParts"]) > 1
        return RawPart(
            route=self.route,
            sender=sender,
            text=text,
            sent_at=sent_at,
            key=modem_key(self.imsi, sender, sent_at, header, text),
            reference=max(int(udh["ID8bit"]), int(udh["ID16bit"])) if is_long else None,
            total=int(udh["AllParts"]) if is_long else 1,
            number=int(udh["PartNumber"]) if is_long else 1,
            raw={
                "udh": header.hex(),
                "coding": str(message["Coding"]),
                "smsc": str(message["SMSC"]["Number"]),
                "location": int(message["Location"]),
            },
        )

    def _poison(self, location: int, reason: str) -> Stored:
        now = datetime.now(UTC)
        text = f"slot {location}"
        part = RawPart(
            route=self.route,
            sender="?",
            text="",
            sent_at=now,
            key=modem_key(self.imsi, text, now, b"", reason),
            raw={"location": location},
        )
        return Stored(location, part, reason)

    def delete(self, location: int) -> bool:
        """Free a slot; False when the SIM refuses. An empty slot counts as freed."""
        try:
            self._call(ASK_WITHIN, self._machine.DeleteSMS, Folder=0, Location=location)
        except gammu.ERR_INVALIDLOCATION:
            return True
        except ModemGone as error:
            if isinstance(error.__cause__, gammu.ERR_UNKNOWN):
                return False
            raise
        return True

    # --- sending -----------------------------------------------------------------------------

    def send(self, outgoing: Outgoing) -> Sent:
        """Send all parts over this SIM, with a concatenation reference of our own.

        gammu's own reference comes from the clock in steps of a second and collides.
        """
        number, text = outgoing.number, outgoing.text
        reference = outgoing.id % 256
        references: list[str] = []
        for place, part in enumerate(text.parts, 1):
            message: dict[str, Any] = {
                "Text": part,
                "Number": number,
                "SMSC": {"Number": self._smsc, "Validity": VALIDITY},
                "Coding": CODINGS[text.coding],
            }
            if len(text.parts) > 1:
                header = bytes([5, 0, 3, reference, len(text.parts), place])
                message["UDH"] = {"Type": "UserUDH", "Text": header}
            references.append(str(self._send_part(message, is_first=place == 1)))
        return Sent(",".join(references))

    def _send_part(self, message: dict[str, Any], *, is_first: bool) -> int:
        self._deadline = time.monotonic() + SEND_WITHIN
        try:
            return int(self._machine.SendSMS(message))
        except NEVER_LEFT as error:
            if not is_first:
                raise OutcomeUnknown(f"only part of it left: {_sentence(error)}") from error
            raise SmsError(_sentence(error), code="modem_gone") from error
        except gammu.ERR_FULL as error:
            raise SmsError(_sentence(error), code="sim_full") from error
        except (gammu.ERR_INVALIDDATA, ValueError) as error:
            raise SmsError(str(error), code="bad_message", permanent=True) from error
        except gammu.GSMError as error:
            # a time-out, an abort, or a CMS code that python-gammu hides: modems answer an error
            # also after the message has left (measured), so nobody knows
            raise OutcomeUnknown(_sentence(error)) from error
        finally:
            self._deadline = None

    # --- health ------------------------------------------------------------------------------

    def health(self) -> Health:
        """Signal, registration, SIM; a few milliseconds on a healthy modem."""
        ask = self._machine
        signal = self._call(ASK_WITHIN, ask.GetSignalQuality)
        network = self._call(ASK_WITHIN, ask.GetNetworkInfo)
        slots = self._call(ASK_WITHIN, ask.GetSMSStatus)
        return Health(
            signal_percent=int(signal["SignalPercent"]),
            registered=network["State"] in ("HomeNetwork", "RoamingNetwork"),
            security=self._call(ASK_WITHIN, ask.GetSecurityStatus),
            sim_used=int(slots["SIMUsed"]) + int(slots["PhoneUsed"]),
            sim_size=int(slots["SIMSize"]) + int(slots["PhoneSize"]),
        )


NEVER_LEFT = (
    gammu.ERR_DEVICENOTEXIST,
    gammu.ERR_DEVICEOPENERROR,
    gammu.ERR_DEVICEWRITEERROR,
    gammu.ERR_NOSIM,
)


def _sentence(error: Exception) -> str:
    details = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return f"{type(error).__name__}: {details.get('Text', error)}"


def _aware(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def device_of(gammurc: Path, section: str) -> str:
    """The device path a section names, for the health page."""
    parser = ConfigParser(interpolation=None)
    parser.read(gammurc, encoding="utf-8")
    named = parser[section]
    return os.path.basename(named.get("device", named.get("port", section)))
