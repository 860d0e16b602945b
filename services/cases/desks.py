"""What the desks of Kasubag and operator do in the panel: pass on, give back, record, file."""

from __future__ import annotations

from datetime import datetime

from domain.access import Actor
from domain.cases import CaseKind, Move, WaitingFor
from domain.messages import MessageClass
from services import outbox
from services.cases.parts import CaseError, Request, asked, held, local_today, make_move
from services.cases.submitting import ask_decider, notify_kasubag, submit, withdraw_in
from sms import texts
from store import case_queries, staff
from store.cases import Case
from store.db import Database, Transaction


def pass_on(db: Database, now: datetime, actor: Actor, case_id: int, version: int) -> None:
    """Kasubag passes a case on (teruskan); one who is also the operator records it in one act."""
    with db.begin() as tx:
        case = held(tx, actor, case_id, version)
        make_move(tx, now, actor, case, Move.PASS_ON, passed_on_at=now)
        operator = staff.operator_of(tx, case.unit_id, local_today(tx, case.employee_id, now))
        if operator is not None and actor.is_person(operator.id):
            _record(tx, now, actor, case, "")


def give_back(
    db: Database,
    now: datetime,
    actor: Actor,
    case_id: int,
    version: int,
    to: WaitingFor,
    why: str,
) -> None:
    """Kasubag or operator gives a case back (kembalikan) to an earlier desk, with a reason."""
    if not why.strip():
        raise CaseError("no_reason", "Tuliskan alasan pengembalian.")
    with db.begin() as tx:
        case = held(tx, actor, case_id, version)
        make_move(tx, now, actor, case, Move.GIVE_BACK, why=why, back_to=to)
        if to is WaitingFor.EMPLOYEE:
            outbox.queue(
                tx,
                now,
                MessageClass.OUTCOME,
                texts.given_back_to_employee(asked(case), why),
                employee_id=case.employee_id,
                case_id=case.id,
            )
        elif to is WaitingFor.SUPERVISOR and case.decider is not None:
            ask_decider(tx, now, case, case.decider)


def record(
    db: Database,
    now: datetime,
    actor: Actor,
    case_id: int,
    version: int,
    letter_number: str = "",
) -> None:
    """The operator records a case (catat): CONFIRMED, its days are derived again."""
    with db.begin() as tx:
        _record(tx, now, actor, held(tx, actor, case_id, version), letter_number)


def _record(tx: Transaction, now: datetime, actor: Actor, case: Case, letter_number: str) -> None:
    make_move(
        tx,
        now,
        actor,
        case,
        Move.RECORD,
        recorded_at=now,
        letter_number=letter_number.strip() or case.letter_number,
        provisional=case.kind is CaseKind.DUTY and not (letter_number or case.letter_number),
    )
    case_queries.close_codes(tx, case, now)
    outbox.queue(
        tx,
        now,
        MessageClass.OUTCOME,
        texts.recorded(asked(case)),
        employee_id=case.employee_id,
        case_id=case.id,
    )


def withdraw(
    db: Database, now: datetime, actor: Actor, case_id: int, version: int, why: str
) -> None:
    """Take a case back from the panel, for somebody who asked for it on paper or by phone."""
    if not why.strip():
        raise CaseError("no_reason", "Tuliskan siapa yang meminta pembatalan dan mengapa.")
    with db.begin() as tx:
        withdraw_in(tx, now, actor, held(tx, actor, case_id, version, own_allowed=True), why)


def file_for(
    db: Database,
    now: datetime,
    actor: Actor,
    employee_id: int,
    request: Request,
    told_by: str,
    agreed: bool = False,
) -> int:
    """The operator files for somebody who cannot text (telepon, kertas); returns the case's id.

    `told_by` says who told whom. With `agreed` the supervisor has already agreed on paper: the case
    goes straight to the Kasubag.
    """
    if not told_by.strip():
        raise CaseError("no_source", "Tuliskan siapa yang mengabari dan lewat apa.")
    if request.end is not None and request.end < request.start:
        raise CaseError("dates", "Tanggal selesai lebih awal daripada tanggal mulai.")
    with db.begin() as tx:
        if actor.is_person(employee_id):
            raise CaseError("own_case", "Permohonan sendiri dicatat oleh kepala unit atau BKD.")
        filed = submit(
            tx, now, actor, employee_id, request, source="panel", told_by=told_by.strip()
        )
        if filed.was_there:
            raise CaseError("twin", "Permohonan yang sama sudah ada dan masih berjalan.")
        if agreed and filed.decider is not None:
            make_move(
                tx,
                now,
                actor,
                filed.case,
                Move.AGREE,
                why=told_by,
                decided_at=now,
                decided_by=str(actor),
                decision_note=told_by,
            )
            case_queries.close_codes(tx, filed.case, now)
            notify_kasubag(tx, now, filed.case, filed.decider.name)
        outbox.queue(
            tx,
            now,
            MessageClass.OUTCOME,
            texts.filed_for_you(asked(filed.case), "operator"),
            employee_id=employee_id,
            case_id=filed.case.id,
        )
        return filed.case.id
