"""Filing a case and taking it back, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.access import Actor
from domain.cases import CaseStatus, Move, WaitingFor
from domain.messages import MessageClass
from services import outbox
from services.cases.parts import (
    CaseError,
    Request,
    asked,
    employee_of,
    local_today,
    log_case,
    make_move,
    mark_days,
)
from sms import texts
from store import case_queries, staff
from store.cases import Case, CodePurpose
from store.db import Transaction
from store.people import Employee


@dataclass(frozen=True)
class Submitted:
    """A case that was filed, who is asked now, and whether it stood there already."""

    case: Case
    decider: Employee | None
    was_there: bool


def submit(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    employee_id: int,
    request: Request,
    *,
    source: str,
    inbound_id: int | None = None,
    told_by: str | None = None,
) -> Submitted:
    """File a case for an employee and ask the supervisor.

    A repeat of an open case changes nothing. Raises CaseError when the person is in no unit.
    """
    today = local_today(tx, employee_id, now)
    unit_id = staff.unit_id_of(tx, employee_id, today)
    if unit_id is None:
        raise CaseError("no_unit", "Pegawai ini tidak tercatat di unit mana pun pada hari ini.")
    twin = case_queries.twin_of(tx, employee_id, request.kind, request.start, request.end)
    if twin is not None:
        return Submitted(twin, twin.decider, was_there=True)
    decider = staff.supervisor_of(tx, employee_id, today)
    case = Case(
        employee_id=employee_id,
        unit_id=unit_id,
        kind=request.kind,
        status=CaseStatus.OPEN,
        waiting_for=WaitingFor.SUPERVISOR if decider else WaitingFor.KASUBAG,
        start_date=request.start,
        start_half=request.start_half,
        end_date=request.end,
        end_half=request.end_half,
        time_from=request.time_from,
        time_to=request.time_to,
        reason=request.reason,
        correction=request.correction,
        letter_number=request.letter_number,
        place=request.place,
        source=source,
        inbound_id=inbound_id,
        submitted_at=now,
        submitted_by=str(actor),
        told_by=told_by,
        decider_id=decider.id if decider else None,
        version=1,
        reminders=0,
    )
    tx.add(case)
    tx.flush()
    log_case(tx, now, actor, "submit", case, data={"kind": case.kind.value, "source": source})
    mark_days(tx, now, case, "case")
    if decider is not None:
        ask_decider(tx, now, case, decider)
    else:
        notify_kasubag(tx, now, case, "atasan belum tercatat")
    return Submitted(case, decider, was_there=False)


def ask_decider(tx: Transaction, now: datetime, case: Case, decider: Employee) -> None:
    """The approval request with a reply code; a request about today leaves even at night."""
    code = case_queries.give_code(tx, decider.id, case, CodePurpose.DECIDE, now)
    employee = employee_of(tx, case)
    urgent = case.start_date <= local_today(tx, case.employee_id, now)
    outbox.queue(
        tx,
        now,
        MessageClass.APPROVAL_REQUEST,
        texts.approval_request(employee.name, asked(case), code),
        employee_id=decider.id,
        case_id=case.id,
        wants_answer=True,
        any_hour=urgent,
    )


def notify_kasubag(tx: Transaction, now: datetime, case: Case, decider_name: str) -> None:
    """SMS notice that a case stands in the Kasubag Umum's queue."""
    kasubag = staff.kasubag_of(tx, case.unit_id, local_today(tx, case.employee_id, now))
    if kasubag is None or kasubag.id == case.employee_id:
        return
    outbox.queue(
        tx,
        now,
        MessageClass.QUEUE_NOTICE,
        texts.queue_notice(employee_of(tx, case).name, asked(case), decider_name),
        employee_id=kasubag.id,
        case_id=case.id,
    )


def withdraw_in(tx: Transaction, now: datetime, actor: Actor, case: Case, why: str) -> None:
    """Take a case back; whoever was asked about it is told."""
    was_asked = case.waiting_for is WaitingFor.SUPERVISOR
    make_move(tx, now, actor, case, Move.WITHDRAW, why=why)
    case_queries.close_codes(tx, case, now)
    if was_asked and case.decider_id is not None:
        outbox.queue(
            tx,
            now,
            MessageClass.OUTCOME,
            texts.withdrawn_notice(employee_of(tx, case).name, asked(case)),
            employee_id=case.decider_id,
            case_id=case.id,
        )


def remind_decider(tx: Transaction, now: datetime, case: Case, decider: Employee) -> None:
    """A second word about a request that still waits."""
    code = case_queries.give_code(tx, decider.id, case, CodePurpose.DECIDE, now)
    outbox.queue(
        tx,
        now,
        MessageClass.APPROVAL_REQUEST,
        texts.reminder(employee_of(tx, case).name, asked(case), code),
        employee_id=decider.id,
        case_id=case.id,
        wants_answer=True,
    )
