"""What every move of a case shares: its errors, its guard, its row in the log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.access import Actor, employee
from domain.cases import CaseKind, HalfDay, IllegalMove, Move, Standing, WaitingFor, after
from sms import texts
from store import case_queries, staff
from store.cases import Case
from store.day_queries import mark_dirty
from store.db import Transaction
from store.log import record as log_record
from store.people import Employee

OPEN_END = timedelta(days=92)  # an open maternity end is filled in later; days stay bounded


class CaseError(Exception):
    """A move that cannot be made: a code for programs, a sentence for people."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Request:
    """What is asked for (isi permohonan); dates inclusive, clock times local to the unit."""

    kind: CaseKind
    start: date
    end: date | None
    start_half: HalfDay = HalfDay.FULL
    end_half: HalfDay = HalfDay.FULL
    time_from: time | None = None
    time_to: time | None = None
    reason: str = ""
    correction: str | None = None
    letter_number: str | None = None
    place: str | None = None


def asked(case: Case) -> texts.Asked:
    """The part of a case that texts speak about."""
    return texts.Asked(
        case.kind,
        case.start_date,
        case.end_date,
        case.time_from,
        case.time_to,
        case.reason,
        case.start_half,
        case.end_half,
    )


def request_of(case: Case) -> Request:
    """What a case asks for, as a request that can be changed."""
    return Request(
        case.kind,
        case.start_date,
        case.end_date,
        case.start_half,
        case.end_half,
        case.time_from,
        case.time_to,
        case.reason,
    )


def asked_for(request: Request) -> texts.Asked:
    """The part of a request that texts speak about."""
    return texts.Asked(
        request.kind,
        request.start,
        request.end,
        request.time_from,
        request.time_to,
        request.reason,
        request.start_half,
        request.end_half,
    )


def held(
    tx: Transaction, actor: Actor, case_id: int, version: int, *, own_allowed: bool = False
) -> Case:
    case = tx.get(Case, case_id)
    if case is None:
        raise CaseError("gone", "Permohonan ini tidak ada.")
    if case.version != version:
        raise CaseError("moved", "Permohonan ini baru saja diubah orang lain. Muat ulang dulu.")
    if actor.is_person(case.employee_id) and not own_allowed:
        raise CaseError(
            "own_case", "Permohonan sendiri tidak dapat diteruskan atau dicatat sendiri."
        )
    return case


def refuse_own_case(decider_id: int, case: Case) -> None:
    if decider_id == case.employee_id:
        raise CaseError("own_case", "Permohonan sendiri tidak dapat diputuskan sendiri.")


def make_move(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    case: Case,
    move: Move,
    *,
    why: str = "",
    back_to: WaitingFor | None = None,
    **values: object,
) -> None:
    """One move: guard, conditional UPDATE on the version, log, days to derive again."""
    try:
        standing = after(Standing(case.status, case.waiting_for), move, back_to)
    except IllegalMove:
        raise CaseError("moved", "Langkah ini tidak cocok lagi. Muat ulang dulu.") from None
    mark_days(tx, now, case, "case")  # the days it covered before
    changed = case_queries.change(
        tx, case, status=standing.status, waiting_for=standing.waiting_for, **values
    )
    if not changed:
        raise CaseError("moved", "Permohonan ini baru saja diubah orang lain. Muat ulang dulu.")
    mark_days(tx, now, case, "case")  # and those it covers now
    log_case(tx, now, actor, move.value, case, why=why, data={"to": standing.status.value})


def log_case(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    action: str,
    case: Case,
    *,
    why: str = "",
    data: dict[str, object] | None = None,
) -> None:
    is_on_behalf = action == "submit" and not actor.is_person(case.employee_id)
    log_record(
        tx,
        now,
        actor,
        action,
        "case",
        case.id,
        employee_id=case.employee_id,
        unit_id=case.unit_id,
        acted_for=employee(case.employee_id) if is_on_behalf else None,
        why=why,
        data=data,
    )


def mark_days(tx: Transaction, now: datetime, case: Case, reason: str) -> None:
    """Days up to today; later ones are derived when they come."""
    today = local_today(tx, case.employee_id, now)
    last = min(case.end_date or case.start_date + OPEN_END, today)
    count = (last - case.start_date).days + 1
    mark_dirty(
        tx,
        [(case.employee_id, case.start_date + timedelta(days=n)) for n in range(max(count, 0))],
        reason,
        now,
    )


def employee_of(tx: Transaction, case: Case) -> Employee:
    return tx.get_one(Employee, case.employee_id)


def local_today(tx: Transaction, employee_id: int, now: datetime) -> date:
    """Today where this person works."""
    zone: ZoneInfo = staff.zone_of(tx, employee_id, now.date())
    return now.astimezone(zone).date()


def as_json(request: Request) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, date | time) else value
        for name, value in vars(request).items()
        if value is not None
    }


def from_json(data: dict[str, object]) -> Request:
    request = Request(
        CaseKind(str(data["kind"])),
        date.fromisoformat(str(data["start"])),
        date.fromisoformat(str(data["end"])) if data.get("end") else None,
        HalfDay(str(data.get("start_half", "full"))),
        HalfDay(str(data.get("end_half", "full"))),
    )
    clock = {
        name: time.fromisoformat(str(data[name]))
        for name in ("time_from", "time_to")
        if name in data
    }
    return replace(request, reason=str(data.get("reason", "")), **clock)  # type: ignore[arg-type]
