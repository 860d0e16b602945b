"""Cases (permohonan): their kinds, their states and the moves between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CaseKind(StrEnum):
    """What a case asks for (jenis permohonan).

    The leave kinds follow PP 11/2017 jo PP 17/2020 (PNS) and PP 49/2018 (PPPK); the others are
    the permissions and duties of daily practice.
    """

    ANNUAL = "annual"  # cuti tahunan
    SICK = "sick"  # cuti sakit
    MATERNITY = "maternity"  # cuti melahirkan
    IMPORTANT = "important"  # cuti karena alasan penting
    LONG = "long"  # cuti besar
    UNPAID = "unpaid"  # cuti di luar tanggungan negara
    PERMISSION = "permission"  # izin tidak masuk
    LATE = "late"  # izin terlambat
    EARLY = "early"  # izin pulang cepat
    OUT = "out"  # izin keluar kantor
    DUTY = "duty"  # dinas luar, perjalanan dinas
    CORRECTION = "correction"  # koreksi: lupa absen, SALAH, HADIR


class CaseStatus(StrEnum):
    """Where a case stands (keadaan permohonan)."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class WaitingFor(StrEnum):
    """Whose move an open case waits for (menunggu siapa)."""

    EMPLOYEE = "employee"
    SUPERVISOR = "supervisor"
    KASUBAG = "kasubag"
    OPERATOR = "operator"


class HalfDay(StrEnum):
    """Which part of a working day is meant; the unit of leave is the half day."""

    FULL = "full"
    AM = "am"
    PM = "pm"


class Move(StrEnum):
    """What may be done with a case (langkah)."""

    AGREE = "agree"
    REFUSE = "refuse"
    POSTPONE = "postpone"
    CHANGE = "change"
    ACCEPT_CHANGE = "accept_change"
    DECLINE_CHANGE = "decline_change"
    UNDO = "undo"
    PASS_ON = "pass_on"
    GIVE_BACK = "give_back"
    RECORD = "record"
    WITHDRAW = "withdraw"
    RECALL = "recall"
    LAPSE = "lapse"


NEEDS_A_REASON = frozenset({Move.REFUSE, Move.POSTPONE, Move.CHANGE, Move.GIVE_BACK, Move.RECALL})


@dataclass(frozen=True)
class Standing:
    """Where a case stands: its status and, while open, whose move it waits for."""

    status: CaseStatus
    waiting_for: WaitingFor | None = None


class IllegalMove(ValueError):
    """The move does not fit where the case stands; somebody else may have moved meanwhile."""


def waiting(who: WaitingFor) -> Standing:
    """An open case that waits for `who`."""
    return Standing(CaseStatus.OPEN, who)


CONFIRMED = Standing(CaseStatus.CONFIRMED)

_AFTER: dict[tuple[Standing, Move], Standing] = {
    (waiting(WaitingFor.SUPERVISOR), Move.AGREE): waiting(WaitingFor.KASUBAG),
    (waiting(WaitingFor.SUPERVISOR), Move.REFUSE): Standing(CaseStatus.REFUSED),
    (waiting(WaitingFor.SUPERVISOR), Move.POSTPONE): Standing(CaseStatus.POSTPONED),
    (waiting(WaitingFor.SUPERVISOR), Move.CHANGE): waiting(WaitingFor.EMPLOYEE),
    (waiting(WaitingFor.EMPLOYEE), Move.ACCEPT_CHANGE): waiting(WaitingFor.KASUBAG),
    (waiting(WaitingFor.EMPLOYEE), Move.DECLINE_CHANGE): Standing(CaseStatus.WITHDRAWN),
    (waiting(WaitingFor.KASUBAG), Move.UNDO): waiting(WaitingFor.SUPERVISOR),
    (waiting(WaitingFor.EMPLOYEE), Move.UNDO): waiting(WaitingFor.SUPERVISOR),
    (Standing(CaseStatus.REFUSED), Move.UNDO): waiting(WaitingFor.SUPERVISOR),
    (Standing(CaseStatus.POSTPONED), Move.UNDO): waiting(WaitingFor.SUPERVISOR),
    (waiting(WaitingFor.KASUBAG), Move.PASS_ON): waiting(WaitingFor.OPERATOR),
    (waiting(WaitingFor.OPERATOR), Move.RECORD): CONFIRMED,
    (CONFIRMED, Move.RECALL): waiting(WaitingFor.OPERATOR),
}


def after(standing: Standing, move: Move, back_to: WaitingFor | None = None) -> Standing:
    """Where a case stands after `move`; GIVE_BACK needs `back_to`.

    Raises IllegalMove when the move does not fit. An open case can always be withdrawn or lapse; a
    confirmed one can be withdrawn too (the days are then derived again).
    """
    if move is Move.WITHDRAW and standing.status in (CaseStatus.OPEN, CaseStatus.CONFIRMED):
        return Standing(CaseStatus.WITHDRAWN)
    if move is Move.LAPSE and standing.status is CaseStatus.OPEN:
        return Standing(CaseStatus.LAPSED)
    if move is Move.GIVE_BACK:
        return _given_back(standing, back_to)
    try:
        return _AFTER[standing, move]
    except KeyError:
        raise IllegalMove(f"{move} does not fit a case that is {standing}") from None


_BACK = {
    WaitingFor.KASUBAG: (WaitingFor.SUPERVISOR, WaitingFor.EMPLOYEE),
    WaitingFor.OPERATOR: (WaitingFor.KASUBAG, WaitingFor.SUPERVISOR),
}


def _given_back(standing: Standing, to: WaitingFor | None) -> Standing:
    if (
        standing.status is CaseStatus.OPEN
        and standing.waiting_for is not None
        and to is not None
        and to in _BACK.get(standing.waiting_for, ())
    ):
        return waiting(to)
    raise IllegalMove(f"a case that is {standing} cannot be given back to {to}")
