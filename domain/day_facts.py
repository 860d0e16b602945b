"""What is known about one person's date (fakta hari): everything `days.derive` may look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from domain.work_calendar import DayPlan


class Correction(StrEnum):
    """What a correction case says (koreksi)."""

    FORGOT_SCAN = "forgot_scan"  # LUPA ABSEN, with clock times where they are known
    PRESENT = "present"  # HADIR: was there, the terminal does not show it
    WRONG = "wrong"  # SALAH: the day as told is wrong


class PunchFact(NamedTuple):
    """One scan (rekaman). `at` is UTC, `local` the terminal's own text.

    `key` is the key pressed, kept for the eye and never trusted. `doubtful` names why the instant
    is uncertain ('clock'), None when the terminal's offset was known.
    """

    at: datetime
    terminal_id: int
    terminal: str  # its name, for the eye
    local: str
    source: str  # pull, push, usb, csv
    key: int | None = None
    doubtful: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case as far as it concerns this one date.

    `half` is the part of this date it covers, see `half_on`. Clock times are local: for LATE the
    time up to which one may come, for EARLY from which one may go, for OUT both, for a forgotten
    scan the time of coming (`time_from`) and of going (`time_to`).
    """

    case_id: int
    kind: CaseKind
    status: CaseStatus
    half: HalfDay = HalfDay.FULL
    waiting_for: WaitingFor | None = None
    time_from: time | None = None
    time_to: time | None = None
    provisional: bool = False  # duty without a surat tugas
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class TerminalFact:
    """A terminal of this person's unit, or one they are mapped on, as it stood for this window.

    `unresolved` counts quarantined rows and unknown IDs of the window: any may be this person.
    `traffic_low`: far fewer scans in the window than the terminal's own habit (a dead sensor).
    `outage`: a person declared it out of order for the date.
    """

    terminal_id: int
    name: str
    is_mapped: bool  # this person's ID stands on it on this date
    complete_up_to: datetime | None  # proven read to the end up to here
    clock_known: bool = True
    unresolved: int = 0
    traffic_low: bool = False
    outage: bool = False


class DayFacts(NamedTuple):
    """All facts about one person and date; order within the tuples means nothing.

    `punches` may reach beyond the window; the others count for a neighbour. `drafts` and
    `messages` are ids of open questions and unread SMS that are or may be about this date.
    """

    employee_id: int
    plan: DayPlan
    punches: tuple[PunchFact, ...] = ()
    cases: tuple[CaseFact, ...] = ()
    terminals: tuple[TerminalFact, ...] = ()
    drafts: tuple[int, ...] = ()
    messages: tuple[int, ...] = ()


def half_on(
    day: date, start: date, start_half: HalfDay, end: date | None, end_half: HalfDay
) -> HalfDay | None:
    """Which part of `day` a case covers; None when it does not touch it.

    PM at the start leaves the first morning out, AM at the end the last afternoon; a case without
    an end goes on.
    """
    if day < start or (end is not None and day > end):
        return None
    if start == end:
        return end_half if start_half is HalfDay.FULL else start_half
    if day == start and start_half is HalfDay.PM:
        return HalfDay.PM
    if day == end and end_half is HalfDay.AM:
        return HalfDay.AM
    return HalfDay.FULL
