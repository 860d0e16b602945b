"""Filing a case and taking it back, and who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.access import Actor
from domain.cases import CaseStatus, Move, WaitingFor
from domain.messages import MessageClass
from services import outbox, work_days
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
    replaces: Case | None = None,
    asks: bool = True,
) -> Submitted:
    """File a case for an employee and ask the supervisor.

    A repeat of an open case changes nothing. `replaces` is an older case that the employee has
    corrected. Without `asks` nobody is written to: the decider is the one who files. Raises
    CaseError when the person is in no unit.
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
    data: dict[str, object] = {"kind": case.kind.value, "source": source}
    if replaces is not None:
        data["replaces"] = replaces.id
    log_case(tx, now, actor, "submit", case, data=data)
    mark_days(tx, now, case, "case")
    if asks and decider is not None:
        ask_decider(tx, now, case, decider, replaces)
    elif decider is None:
        notify_kasubag(tx, now, case, "atasan belum tercatat")
    return Submitted(case, decider, was_there=False)


def replace(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    old: Case,
    request: Request,
    *,
    inbound_id: int | None = None,
) -> Submitted:
    """A corrected request takes the place of an older case, and the supervisor is asked anew.

    Both happen in one transaction, so that the older one never falls away alone. Raises CaseError
    when somebody has moved the older one meanwhile.
    """
    make_move(tx, now, actor, old, Move.WITHDRAW, why="diganti permohonan baru")
    case_queries.close_codes(tx, old, now)
    return submit(
        tx,
        now,
        actor,
        old.employee_id,
        request,
        source="sms",
        inbound_id=inbound_id,
        replaces=old,
    )


def ask_decider(
    tx: Transaction, now: datetime, case: Case, decider: Employee, replaces: Case | None = None
) -> None:
    """The approval request with a reply code; a request about today leaves even at night."""
    code = case_queries.give_code(tx, decider.id, case, CodePurpose.DECIDE, now)
    employee = employee_of(tx, case)
    urgent = _cannot_wait(tx, now, case, decider)
    outbox.queue(
        tx,
        now,
        MessageClass.APPROVAL_REQUEST,
        texts.change_request(employee.name, asked(replaces), asked(case), code)
        if replaces is not None
        else texts.approval_request(employee.name, asked(case), code),
        employee_id=decider.id,
        case_id=case.id,
        wants_answer=True,
        any_hour=urgent,
    )


def _cannot_wait(tx: Transaction, now: datetime, case: Case, decider: Employee) -> bool:
    """About today, or about a shift that begins before the decider's phone may ring again."""
    if case.start_date <= local_today(tx, case.employee_id, now):
        return True
    starts = work_days.starts_on(tx, case.employee_id, case.start_date)
    return starts is not None and starts <= outbox.daytime(tx, decider.id, now)


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
    """Take a case back; the supervisor, who was asked about it or agreed to it, is told."""
    make_move(tx, now, actor, case, Move.WITHDRAW, why=why)
    case_queries.close_codes(tx, case, now)
    if case.decider_id is not None and not actor.is_person(case.decider_id):
        outbox.queue(
            tx,
            now,
            MessageClass.OUTCOME,
            texts.withdrawn_notice(employee_of(tx, case).name, asked(case)),
            employee_id=case.decider_id,
            case_id=case.id,
        )


def hand_over(
    tx: Transaction, now: datetime, case: Case, silent: Employee, to: Employee, *, is_urgent: bool
) -> None:
    """Ask somebody else too; the first answer counts, and whoever comes later hears so."""
    code = case_queries.give_code(tx, to.id, case, CodePurpose.DECIDE, now)
    outbox.queue(
        tx,
        now,
        MessageClass.APPROVAL_REQUEST,
        texts.escalated(employee_of(tx, case).name, asked(case), code, silent.name),
        employee_id=to.id,
        case_id=case.id,
        wants_answer=True,
        any_hour=is_urgent,
    )


def remind_decider(
    tx: Transaction, now: datetime, case: Case, decider: Employee, *, is_urgent: bool
) -> None:
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
        any_hour=is_urgent,
    )
