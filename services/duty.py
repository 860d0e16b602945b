"""Duty travel (perjalanan dinas) typed by the operator: counts at once, provisional at first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.access import Viewer
from domain.cases import CaseKind, CaseStatus
from domain.messages import MessageClass
from services import outbox
from services.cases.parts import asked, employee_of, local_today, log_case, mark_days
from sms import texts
from store import case_queries, staff
from store.cases import Case
from store.db import Database, Transaction
from store.people import Employee

LONGEST = 60  # days; longer travel is typed in parts


@dataclass
class DutyOutcome:
    """What became of a pasted list: the cases stored and a sentence for every line that was not."""

    case_ids: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def type_duty(
    db: Database,
    now: datetime,
    viewer: Viewer,
    pasted: str,
    start: date,
    end: date,
    place: str,
    purpose: str,
    letter_number: str = "",
) -> DutyOutcome:
    """Store duty travel for every NIP or name in `pasted` (one a line, commas allowed).

    Good lines are stored, bad ones named. Without a surat tugas number it stays provisional.
    Each traveller gets one SMS, each supervisor one for all of theirs.
    """
    outcome = DutyOutcome()
    if end < start:
        outcome.faults.append("Tanggal selesai lebih awal daripada tanggal mulai.")
    elif (end - start).days >= LONGEST:
        outcome.faults.append(f"Paling lama {LONGEST} hari sekali ketik; bagi menjadi beberapa.")
    if not place.strip():
        outcome.faults.append("Tujuan perjalanan belum diisi.")
    if outcome.faults:
        return outcome
    with db.begin() as tx:
        travelled: list[Case] = []
        for line in _lines(pasted):
            traveller = _traveller(tx, viewer, line, start, outcome)
            if traveller is None:
                continue
            if _is_on_duty_already(tx, traveller.id, start, end):
                outcome.faults.append(f"{line}: sudah tercatat dinas pada tanggal itu.")
                continue
            travelled.append(
                _store(tx, now, viewer, traveller, start, end, place, purpose, letter_number)
            )
        _tell_supervisors(tx, now, travelled)
        outcome.case_ids.extend(case.id for case in travelled)
    return outcome


def add_letter(db: Database, now: datetime, viewer: Viewer, case_id: int, number: str) -> bool:
    """The surat tugas number comes later; the travel is no longer provisional."""
    with db.begin() as tx:
        case = case_queries.visible_case(tx, viewer, case_id)
        if case is None or case.kind is not CaseKind.DUTY or not number.strip():
            return False
        changed = case_queries.change(tx, case, letter_number=number.strip(), provisional=False)
        mark_days(tx, now, case, "duty")
        log_case(tx, now, viewer.actor, "letter", case, data={"letter": number.strip()})
        return changed


def check_duty(db: Database, now: datetime, viewer: Viewer, case_ids: list[int]) -> int:
    """Kasubag ticks the week's list; nobody ticks their own travel. Returns how many."""
    ticked = 0
    with db.begin() as tx:
        for case_id in case_ids:
            case = case_queries.visible_case(tx, viewer, case_id)
            if case is None or case.kind is not CaseKind.DUTY or case.checked_at is not None:
                continue
            if viewer.actor.is_person(case.employee_id):
                continue
            if case_queries.change(tx, case, checked_at=now):
                log_case(tx, now, viewer.actor, "check", case)
                ticked += 1
    return ticked


def _lines(pasted: str) -> list[str]:
    lines = (line.strip() for line in pasted.replace(",", "\n").replace(";", "\n").splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def _traveller(
    tx: Transaction, viewer: Viewer, line: str, day: date, outcome: DutyOutcome
) -> Employee | None:
    found = staff.find_visible(tx, viewer, line, day)
    if len(found) == 1:
        if viewer.actor.is_person(found[0].id):
            outcome.faults.append(f"{line}: perjalanan sendiri diketik kepala unit atau BKD.")
            return None
        return found[0]
    outcome.faults.append(
        f"{line}: tidak ada di unit Anda." if not found else f"{line}: lebih dari satu orang."
    )
    return None


def _is_on_duty_already(tx: Transaction, employee_id: int, start: date, end: date) -> bool:
    return any(
        case.kind is CaseKind.DUTY and case.status in (CaseStatus.OPEN, CaseStatus.CONFIRMED)
        for case in case_queries.cases_touching(tx, employee_id, start, end)
    )


def _store(
    tx: Transaction,
    now: datetime,
    viewer: Viewer,
    traveller: Employee,
    start: date,
    end: date,
    place: str,
    purpose: str,
    letter_number: str,
) -> Case:
    unit_id = staff.unit_id_of(tx, traveller.id, start)
    supervisor = staff.supervisor_of(tx, traveller.id, local_today(tx, traveller.id, now))
    case = Case(
        employee_id=traveller.id,
        unit_id=unit_id,
        kind=CaseKind.DUTY,
        status=CaseStatus.CONFIRMED,
        waiting_for=None,
        start_date=start,
        end_date=end,
        reason=purpose.strip(),
        place=place.strip(),
        letter_number=letter_number.strip() or None,
        provisional=not letter_number.strip(),
        source="panel",
        submitted_at=now,
        submitted_by=str(viewer.actor),
        decider_id=supervisor.id if supervisor else None,
        recorded_at=now,
    )
    tx.add(case)
    tx.flush()
    log_case(tx, now, viewer.actor, "type_duty", case, data={"place": case.place})
    mark_days(tx, now, case, "duty")
    outbox.queue(
        tx,
        now,
        MessageClass.DUTY_NOTICE,
        texts.duty_typed(asked(case), place.strip()),
        employee_id=traveller.id,
        case_id=case.id,
        wants_answer=True,
    )
    return case


def _tell_supervisors(tx: Transaction, now: datetime, cases: list[Case]) -> None:
    by_supervisor: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        if case.decider_id is not None:
            by_supervisor[case.decider_id].append(case)
    for supervisor_id, theirs in by_supervisor.items():
        names = [employee_of(tx, case).name for case in theirs]
        text = texts.duty_typed_supervisor(names, asked(theirs[0]), theirs[0].place or "")
        outbox.queue(
            tx,
            now,
            MessageClass.DUTY_NOTICE,
            text,
            employee_id=supervisor_id,
            case_id=theirs[0].id,
            wants_answer=True,
        )
