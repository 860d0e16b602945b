"""One GSM modem through python-gammu. The only module that imports gammu.

All calls come from one thread; another may look at `waits_since` and `overdue` and call `abort()`,
which ends a stuck call at once. After an abort or a time-out the StateMachine is dead for good (its
stream is out of step), so `open` builds a new one. What was measured stands beside each decision.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import gammu

from sms import gammu_ear as ear
from sms import knock
from sms.cms_codes import REFUSALS, Blame
from sms.gammurc import Section
from sms.gateway import OutcomeUnknown, Outgoing, PartReport, RawPart, Sent, SmsError
from sms.gsm_messages import poison_part, read_part, read_report, validity
from sms.segments import Coding

T = TypeVar("T")

# Deadlines in seconds. Without them GetNextSMS on a hung modem takes 701 s, a lost answer 100 s.
OPEN_WITHIN, ASK_WITHIN, POLL_WITHIN, SEND_WITHIN = 30.0, 5.0, 15.0, 40.0
MOST_SLOTS = 500
CODINGS = {Coding.GSM7: "Default_No_Compression", Coding.UCS2: "Unicode_No_Compression"}
REGISTERED = ("HomeNetwork", "RoamingNetwork")


class ModemGone(Exception):
    """The modem does not answer, is not there, or has no usable SIM; open it again."""


@dataclass(frozen=True)
class Stored:
    """A message on the SIM: where it lies, what it is, and why nobody can read it if so."""

    location: int
    content: RawPart | PartReport
    poison: str | None = None


@dataclass(frozen=True)
class Health:
    """What the modem says of itself."""

    signal_percent: int
    registered: bool
    network: str
    sim_used: int
    sim_size: int


class GammuModem:
    """A modem that is polled and sends; see the module's word on threads."""

    def __init__(self, gammurc: Path, section: Section):
        self._gammurc, self._section = gammurc, section
        self._machine: Any = None
        self._ear: ear.Ear | None = None
        self._began: float | None = None
        self._deadline: float | None = None
        self._is_spent = self._has_hung = False
        self._reports: deque[PartReport] = deque()
        self._smsc = ""
        self.imsi = ""

    @property
    def route(self) -> str:
        return f"sim:{self.imsi}"

    # --- what another thread may ask ---------------------------------------------------------

    @property
    def waits_since(self) -> float:
        """For how many seconds the present call has been waiting for the modem; 0 between calls."""
        began = self._began
        return 0.0 if began is None else time.monotonic() - began

    @property
    def overdue(self) -> bool:
        """True while a call runs past its deadline; then somebody else should `abort()`."""
        deadline = self._deadline
        return deadline is not None and time.monotonic() > deadline

    def abort(self) -> None:
        """End a stuck call from another thread; it returns within about 50 ms."""
        machine = self._machine
        if machine is not None:
            machine.Abort()

    # --- opening and closing -----------------------------------------------------------------

    def open(self) -> None:
        """Build a new StateMachine and learn which SIM is in; about four seconds.

        Raises ModemGone with a sentence for people when the device is missing, taken or hung, or
        when its SIM is missing or asks for a PIN.
        """
        self.close()
        if self._has_hung and not knock.answers(self._section.device):
            raise ModemGone(SILENT)
        machine = gammu.StateMachine()
        # ReadConfig, not SetConfig: only a file lets the driver set its notifications
        machine.ReadConfig(Filename=str(self._gammurc), Section=self._section.number)
        self._machine, self._is_spent = machine, False
        try:
            self._call(OPEN_WITHIN, machine.Init)
            self._ear = ear.Ear(machine)
            if (lock := self._call(ASK_WITHIN, machine.GetSecurityStatus)) is not None:
                raise ModemGone(f"SIM menunggu {lock}: {UNLOCK}")
            self.imsi = str(self._call(ASK_WITHIN, machine.GetSIMIMSI))
            self._smsc = str(self._call(ASK_WITHIN, machine.GetSMSC, 1)["Number"])
        except REFUSED as error:
            raise ModemGone(f"modem menolak dibuka: {_sentence(error)}") from error
        self._has_hung = False
        self._listen_for_reports(machine)

    def _listen_for_reports(self, machine: Any) -> None:
        """Delivery reports come as +CDS only and have no other copy; without them all goes on."""
        machine.SetIncomingCallback(self._overhear_report)
        try:
            self._call(ASK_WITHIN, machine.SetIncomingSMS)
        except REFUSED:
            return

    def _overhear_report(self, _machine: Any, kind: str, data: dict[str, Any]) -> None:
        # runs inside another call: a gammu call or an exception in here would break that one
        if kind == "SMS" and data.get("Type") == "Status_Report":
            self._reports.append(read_report(self.route, data))

    def close(self) -> None:
        """Let go of the device; the object can be opened again."""
        machine = self._machine
        if machine is not None:
            if self._is_spent:
                machine.Abort()  # else Terminate asks a hung modem for minutes
            self._began = time.monotonic()
            self._deadline = self._began + ASK_WITHIN
            with contextlib.suppress(gammu.GSMError):  # it may be dead already
                machine.Terminate()
            self._began = self._deadline = None
            self._machine = None
            del machine  # it writes to the ear until it is gone
        listener, self._ear = self._ear, None
        if listener is not None:
            listener.close()

    def _call(self, seconds: float, function: Callable[..., T], *args: Any, **named: Any) -> T:
        """One call with a deadline; what the modem refuses passes, what kills it is ModemGone."""
        if self._is_spent:
            raise ModemGone("modem tidak selaras lagi setelah panggilan yang macet")
        self._began = time.monotonic()
        self._deadline = self._began + seconds
        try:
            return function(*args, **named)
        except REFUSED:
            raise
        except gammu.GSMError as error:
            self._is_spent = True
            self._has_hung = isinstance(error, HUNG)
            raise ModemGone(TROUBLES.get(type(error), _sentence(error))) from error
        finally:
            self._began = self._deadline = None

    def _heard(self) -> str:
        return self._ear.heard() if self._ear is not None else ""

    # --- receiving ---------------------------------------------------------------------------

    def stored(self) -> Iterator[Stored]:
        """Everything on the SIM, slot by slot; what nobody can decode comes as poison.

        An undecodable PDU makes GetNextSMS fail at its slot for ever, so the slot after it is asked
        for by its place. Delete each with `delete` once it is committed.
        """
        place: int | None = None
        for _ in range(MOST_SLOTS):
            named = {"Start": True} if place is None else {"Location": place}
            self._heard()
            try:
                message = self._call(POLL_WITHIN, self._machine.GetNextSMS, Folder=0, **named)[0]
            except gammu.ERR_EMPTY:
                return
            except gammu.ERR_CORRUPTED as error:
                heard = self._heard()
                place = max(ear.slot_of(heard) or 0, (place or 0) + 1)
                part = poison_part(self.imsi, place, ear.pdu_of(heard))
                yield Stored(place, part, _sentence(error))
                continue
            place = int(message["Location"])
            yield self._stored(place, message, ear.pdu_of(self._heard()))

    def _stored(self, place: int, message: dict[str, Any], pdu: str) -> Stored:
        kind = str(message["Type"])
        if kind == "Status_Report":
            return Stored(place, read_report(self.route, message))
        part = read_part(self.imsi, message, pdu)
        return Stored(place, part, None if kind == "Deliver" else f"bukan pesan masuk: {kind}")

    def delete(self, location: int) -> bool:
        """Free a slot; False when the SIM refuses. An empty slot counts as freed."""
        try:
            self._call(ASK_WITHIN, self._machine.DeleteSMS, Folder=0, Location=location)
        except (gammu.ERR_INVALIDLOCATION, gammu.ERR_EMPTY):
            return True
        except REFUSED:
            return False
        return True

    def reports(self) -> list[PartReport]:
        """Delivery reports that came in the meantime; each is handed out once."""
        taken = []
        while self._reports:
            taken.append(self._reports.popleft())
        return taken

    # --- sending -----------------------------------------------------------------------------

    def send(self, outgoing: Outgoing) -> Sent:
        """Send the parts that have not left yet, all over this SIM.

        gammu's own concatenation reference comes from the clock in steps of a second and collides;
        the row's number gives one that no restart repeats within 256 messages.
        """
        parts = outgoing.text.parts
        references: list[str] = []
        for place, part in enumerate(parts, 1):
            if place <= outgoing.parts_left:
                continue
            message: dict[str, Any] = {
                "Text": part,
                "Number": outgoing.number,
                "SMSC": {"Number": self._smsc, "Validity": validity(outgoing.lives_for)},
                "Coding": CODINGS[outgoing.text.coding],
            }
            if outgoing.wants_report:
                message["Type"] = "Status_Report"
            if len(parts) > 1:
                header = bytes([5, 0, 3, outgoing.id % 256, len(parts), place])
                message["UDH"] = {"Type": "UserUDH", "Text": header}
            try:
                references.append(str(self._send_part(message)))
            except SmsError as error:
                error.left = tuple(references)
                raise
        return Sent(",".join(references))

    def _send_part(self, message: dict[str, Any]) -> int:
        if self._is_spent or self._machine is None:
            raise SmsError("modem belum terbuka", code="modem_gone", roads_fault=True)
        self._heard()
        self._began = time.monotonic()
        self._deadline = self._began + SEND_WITHIN
        try:
            return int(self._machine.SendSMS(message))
        except (gammu.ERR_INVALIDDATA, ValueError) as error:
            raise SmsError(str(error), code="bad_message", permanent=True) from error
        except gammu.GSMError as error:
            raise self._judged(error, self._heard()) from error
        finally:
            self._began = self._deadline = None

    def _judged(self, error: gammu.GSMError, heard: str) -> SmsError:
        """What a failed send means. Modems answer an error also after a message has left."""
        code = ear.cms_code(heard)
        if code is None:
            self._is_spent = True  # a time-out, an abort, a cable: the stream is out of step
            self._has_hung = isinstance(error, HUNG)
            if not ear.was_handed_over(heard):
                return SmsError(_sentence(error), code="modem_gone", roads_fault=True)
            return OutcomeUnknown(_sentence(error))
        if code not in REFUSALS:
            return OutcomeUnknown(f"CMS {code}", code=f"cms_{code}")
        blame, words = REFUSALS[code]
        return SmsError(
            f"CMS {code}: {words}",
            code=f"cms_{code}",
            permanent=blame in (Blame.NUMBER, Blame.MESSAGE),
            roads_fault=blame is Blame.ROAD,
        )

    # --- health ------------------------------------------------------------------------------

    def health(self) -> Health:
        """Signal, registration, SIM; a few milliseconds on a healthy modem."""
        ask = self._machine
        signal = self._asked(ask.GetSignalQuality)
        network = self._asked(ask.GetNetworkInfo)
        slots = self._asked(ask.GetSMSStatus)
        return Health(
            signal_percent=int(signal.get("SignalPercent", -1)),
            registered=network.get("State") in REGISTERED,
            network=str(network.get("NetworkName") or network.get("NetworkCode") or ""),
            sim_used=int(slots.get("SIMUsed", 0)) + int(slots.get("PhoneUsed", 0)),
            sim_size=int(slots.get("SIMSize", 0)) + int(slots.get("PhoneSize", 0)),
        )

    def _asked(self, question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """An answer, or nothing from a modem that does not know the question."""
        try:
            return self._call(ASK_WITHIN, question)
        except REFUSED:
            return {}


REFUSED = (
    gammu.ERR_EMPTY,
    gammu.ERR_CORRUPTED,
    gammu.ERR_INVALIDLOCATION,
    gammu.ERR_UNKNOWN,  # a CMS or CME code: the modem answered and said no
    gammu.ERR_NOTSUPPORTED,
    gammu.ERR_NOTIMPLEMENTED,
)
"""Answers of a modem that is well."""

HUNG = (gammu.ERR_TIMEOUT, gammu.ERR_ABORTED)
SILENT = "modem tidak menjawab"
UNLOCK = "matikan kunci kartunya di telepon biasa"
TROUBLES = {
    gammu.ERR_DEVICENOTEXIST: "modem tidak tercolok",
    gammu.ERR_DEVICEOPENERROR: "modem dipakai program lain, atau tidak boleh dibuka",
    gammu.ERR_DEVICENOPERMISSION: "tidak boleh membuka modem: masukkan pengguna ke grup dialout",
    gammu.ERR_DEVICEWRITEERROR: "modem tercabut",
    gammu.ERR_NOSIM: "tidak ada kartu SIM di modem",
    gammu.ERR_SECURITYERROR: f"SIM menunggu PIN: {UNLOCK}",
    gammu.ERR_TIMEOUT: SILENT,
    gammu.ERR_ABORTED: SILENT,
}
"""What the health page says (Indonesian: technicians read it)."""


def _sentence(error: Exception) -> str:
    details = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return f"{type(error).__name__}: {details.get('Text', error)}"
