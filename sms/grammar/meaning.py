"""Meaning of one SMS (makna): what the grammar hands on, and its flat projection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from domain.cases import CaseKind, HalfDay


class Sender(StrEnum):
    """Who the number belongs to (pengirim)."""

    EMPLOYEE = "employee"
    SUPERVISOR = "supervisor"
    BOTH = "both"
    STRANGER = "stranger"


class Intent(StrEnum):
    """What the sender wants (maksud)."""

    REQUEST = "request"
    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    STATUS = "status"
    BALANCE = "balance"
    HELP = "help"
    UNCLEAR = "unclear"


class Question(StrEnum):
    """The one thing to ask back (pertanyaan balik)."""

    INTENT = "intent"  # nothing was understood
    KIND = "kind"
    DATES = "dates"
    END = "end"
    HALF_DAY = "half_day"
    WHICH_REQUEST = "which_request"
    DECISION = "decision"
    ONE_AT_A_TIME = "one_at_a_time"
    WHO = "who"
    CONFIRM_CHANGE = "confirm_change"  # an employee amends an earlier request
    CONFIRM_PROPOSAL = "confirm_proposal"  # a supervisor agrees to something else than was asked
    CONFIRM_CANCEL = "confirm_cancel"  # a conditional or partial withdrawal
    CONFIRM_REPORT = "confirm_report"  # a supervisor reports a subordinate's absence
    SUPERVISOR_ASKS = "supervisor_asks"  # a real question, to be handed to the employee
    NOTHING_OPEN = "nothing_open"
    NOT_REGISTERED = "not_registered"


class Verdict(StrEnum):
    """A supervisor's decision in full (putusan): the flat intent knows only approve and reject."""

    APPROVE = "approve"
    REFUSE = "refuse"
    POSTPONE = "postpone"
    CHANGE = "change"


class Signal(StrEnum):
    """A short message that answers only in the light of what is open (jawaban singkat)."""

    FORGOT_TO_CLOCK = "forgot_to_clock"  # lupa absen
    PRESENT = "present"  # hadir, sudah di kantor
    WRONG = "wrong"  # salah, keliru
    SICK = "sick"  # sakit pak
    YES = "yes"
    NO = "no"
    TERMINAL_TROUBLE = "terminal_trouble"  # mesin absen rusak
    NOT_ME = "not_me"  # BUKAN SAYA
    STOP = "stop"  # BERHENTI
    RETRACT = "retract"  # salah kirim, abaikan SMS tadi


class WorkingDays(Protocol):
    """Days on which this person works (hari kerja)."""

    def is_working(self, day: date) -> bool:
        """Tell whether the person works on `day`."""
        ...


class MondayToFriday:
    """Five-day week without holidays (lima hari kerja)."""

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is Monday to Friday."""
        return day.weekday() < 5


MONDAY_TO_FRIDAY = MondayToFriday()


@dataclass(frozen=True)
class OpenRequest:
    """A request that waits for this supervisor (permohonan terbuka)."""

    code: str
    employee: str
    kind: CaseKind | None
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Decision:
    """What a supervisor decided (putusan atasan).

    `new_start`, `new_end`, `new_days`, `new_kind` and `condition` describe what was agreed to
    instead of what was asked; they are set only for `Verdict.CHANGE`.
    """

    verdict: Verdict
    reason: str | None = None
    condition: str | None = None
    new_start: date | None = None
    new_end: date | None = None
    new_days: int | None = None
    new_half: HalfDay | None = None
    new_kind: CaseKind | None = None


class Meaning(NamedTuple):
    """Everything one SMS says (makna lengkap).

    The dates are local dates, the times local clock times. `codes` are upper-case reply codes.
    With `must_ask` the fields hold what the text settles and None for what is in doubt, and
    `question` names the one thing to ask. `Intent.UNCLEAR` without `must_ask` means silence.
    """

    intent: Intent
    kind: CaseKind | None = None
    start: date | None = None
    end: date | None = None
    time_from: time | None = None
    time_to: time | None = None
    half: HalfDay = HalfDay.FULL
    codes: tuple[str, ...] = ()
    reason: str | None = None
    must_ask: bool = False
    question: Question | None = None
    decision: Decision | None = None
    amends: bool = False
    person: str | None = None
    stand_in: str | None = None
    signal: Signal | None = None
    why: tuple[str, ...] = ()


def project(meaning: Meaning) -> dict[str, Any]:
    """Flatten a meaning to the fields of `flask sms parse` (dates ISO, times hh:mm)."""

    start, end = meaning.start, meaning.end
    time_from, time_to = meaning.time_from, meaning.time_to
    return {
        "intent": str(meaning.intent),
        "type": str(meaning.kind) if meaning.kind else None,
        "start": start.isoformat() if start else None,
        "end": end.isoformat() if end else None,
        "time_from": time_from.isoformat("minutes") if time_from else None,
        "time_to": time_to.isoformat("minutes") if time_to else None,
        "codes": list(meaning.codes),
        "reason": meaning.reason,
        "must_ask": meaning.must_ask,
        "why": list(meaning.why),
    }


Requests = Sequence[OpenRequest]
