"""The supervisor decides, by SMS: agree, refuse, postpone, change; and may undo within the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.access import Actor
from domain.cases import NEEDS_A_REASON, CaseStatus, Move, WaitingFor
from domain.messages import MessageClass
from services import outbox
from services.cases.parts import (
    CaseError,
    Request,
    as_json,
    asked,
    asked_for,
    employee_of,
    from_json,
    local_today,
    log_case,
    make_move,
    refuse_own_case,
)
from services.cases.submitting import notify_kasubag
from sms import texts
from store import case_queries, staff
from store.cases import Case, CodePurpose
from store.db import Transaction
from store.people import Employee

UNDO_WITHIN = timedelta(hours=1)


def decide(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    case: Case,
    decider: Employee,
    move: Move,
    *,
    note: str = "",
    inbound_id: int | None = None,
    echoes: bool = True,
    tells_employee: bool = True,
) -> str:
    """The supervisor agrees, refuses or postpones; the decider hears an echo, the employee too.

    A refusal without a reason stands, and the echo asks for the reason. Returns the code by which
    the decider may undo it; without `echoes` the caller tells the decider.
    """
    refuse_own_case(decider.id, case)
    reason = note or ("alasan belum disebut" if move in NEEDS_A_REASON else "")
    make_move(
        tx,
        now,
        actor,
        case,
        move,
        why=note,
        decision_note=reason,
        decided_at=now,
        decided_by=str(actor),
    )
    code = case_queries.give_code(tx, decider.id, case, CodePurpose.UNDO, now)
    case_queries.close_codes(tx, case, now, but_not_of=decider.id)
    if echoes:
        _echo(tx, now, case, decider, move, code, has_reason=bool(note), inbound_id=inbound_id)
    if tells_employee:
        _tell_employee(tx, now, case, decider, move, note)
    if move is Move.AGREE:
        hand_to_kasubag(tx, now, actor, case, decider)
    return code


def hand_to_kasubag(
    tx: Transaction, now: datetime, actor: Actor, case: Case, decider: Employee
) -> None:
    """Into the Kasubag's queue; a Kasubag who is the supervisor has already seen it."""
    kasubag = staff.kasubag_of(tx, case.unit_id, local_today(tx, case.employee_id, now))
    if kasubag is not None and kasubag.id == decider.id:
        make_move(
            tx,
            now,
            actor,
            case,
            Move.PASS_ON,
            why="Kasubag sendiri yang memutuskan",
            passed_on_at=now,
        )
        return
    notify_kasubag(tx, now, case, decider.name)


def _echo(
    tx: Transaction,
    now: datetime,
    case: Case,
    decider: Employee,
    move: Move,
    code: str,
    *,
    has_reason: bool,
    inbound_id: int | None,
) -> None:
    name = employee_of(tx, case).name
    if move is Move.AGREE:
        text = texts.echo_agreed(name, asked(case), code)
    elif move is Move.REFUSE:
        text = texts.echo_refused(name, asked(case), code, has_reason)
    else:
        text = texts.echo_postponed(name, asked(case), code)
    outbox.queue(
        tx,
        now,
        MessageClass.ECHO,
        text,
        employee_id=decider.id,
        case_id=case.id,
        inbound_id=inbound_id,
        wants_answer=True,
    )


def _tell_employee(
    tx: Transaction, now: datetime, case: Case, decider: Employee, move: Move, note: str
) -> None:
    if move is Move.AGREE:
        text = texts.agreed(asked(case), decider.name)
    elif move is Move.REFUSE:
        text = texts.refused(asked(case), decider.name, note)
    else:
        text = texts.postponed(asked(case), decider.name, note)
    outbox.queue(tx, now, MessageClass.OUTCOME, text, employee_id=case.employee_id, case_id=case.id)


def add_reason(
    tx: Transaction, now: datetime, actor: Actor, case: Case, decider: Employee, reason: str
) -> None:
    """The reason of a refusal comes later; the employee hears it."""
    case.decision_note = reason
    case.version += 1
    log_case(tx, now, actor, "reason", case, why=reason)
    _tell_employee(
        tx,
        now,
        case,
        decider,
        Move.REFUSE if case.status is CaseStatus.REFUSED else Move.POSTPONE,
        reason,
    )


def propose_change(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    case: Case,
    decider: Employee,
    changed: Request,
    note: str,
    *,
    inbound_id: int | None = None,
) -> None:
    """The supervisor agrees to something else; it waits for the employee's YA.

    A second proposal takes the place of one that the employee has not answered yet.
    """
    refuse_own_case(decider.id, case)
    if case.waiting_for is WaitingFor.EMPLOYEE:
        make_move(tx, now, actor, case, Move.UNDO, why="usul baru")
    before = asked(case)
    after_change = asked_for(changed)
    make_move(
        tx,
        now,
        actor,
        case,
        Move.CHANGE,
        why=note,
        decision_note=note,
        decided_at=now,
        decided_by=str(actor),
        proposed=as_json(changed),
    )
    case_queries.close_codes(tx, case, now, but_not_of=decider.id)  # whoever else was asked
    code = case_queries.give_code(tx, case.employee_id, case, CodePurpose.ACCEPT_CHANGE, now)
    undo_code = case_queries.give_code(tx, decider.id, case, CodePurpose.UNDO, now)
    outbox.queue(
        tx,
        now,
        MessageClass.APPROVAL_REQUEST,
        texts.change_proposed(before, after_change, decider.name, code),
        employee_id=case.employee_id,
        case_id=case.id,
        wants_answer=True,
    )
    outbox.queue(
        tx,
        now,
        MessageClass.ECHO,
        texts.echo_change(employee_of(tx, case).name, after_change, undo_code),
        employee_id=decider.id,
        case_id=case.id,
        inbound_id=inbound_id,
        wants_answer=True,
    )


def answer_change(
    tx: Transaction, now: datetime, actor: Actor, case: Case, *, accepted: bool
) -> None:
    """The employee takes the supervisor's change, or withdraws; the supervisor hears which."""
    decider = case.decider
    if not accepted:
        make_move(tx, now, actor, case, Move.DECLINE_CHANGE)
        _tell_proposer(tx, now, case, accepted=False)
        case_queries.close_codes(tx, case, now)
        return
    changed = from_json(case.proposed or {})
    make_move(
        tx,
        now,
        actor,
        case,
        Move.ACCEPT_CHANGE,
        start_date=changed.start,
        end_date=changed.end,
        start_half=changed.start_half,
        end_half=changed.end_half,
        time_from=changed.time_from,
        time_to=changed.time_to,
        kind=changed.kind,
        proposed=None,
    )
    _tell_proposer(tx, now, case, accepted=True)
    case_queries.close_codes(tx, case, now)
    if decider is not None:
        hand_to_kasubag(tx, now, actor, case, decider)


def _tell_proposer(tx: Transaction, now: datetime, case: Case, *, accepted: bool) -> None:
    if case.decider_id is None:
        return
    outbox.queue(
        tx,
        now,
        MessageClass.OUTCOME,
        texts.change_answered(employee_of(tx, case).name, asked(case), accepted=accepted),
        employee_id=case.decider_id,
        case_id=case.id,
    )


def undo(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    case: Case,
    decider: Employee,
    *,
    inbound_id: int | None = None,
) -> bool:
    """Take a decision back within the hour ("Bukan Anda? balas BATAL 27"); False when too late.

    The employee, who has heard of the decision, hears that it no longer stands.
    """
    if case.decided_at is None or now - case.decided_at > UNDO_WITHIN:
        return False
    try:
        make_move(
            tx,
            now,
            actor,
            case,
            Move.UNDO,
            why="BATAL",
            decision_note="",
            decided_at=None,
            decided_by=None,
            proposed=None,
        )
    except CaseError:
        return False
    code = case_queries.give_code(tx, decider.id, case, CodePurpose.DECIDE, now)
    case_queries.close_codes(tx, case, now, but_not_of=decider.id)
    outbox.queue(
        tx,
        now,
        MessageClass.ECHO,
        texts.undone(employee_of(tx, case).name, asked(case), code),
        employee_id=decider.id,
        case_id=case.id,
        inbound_id=inbound_id,
        wants_answer=True,
    )
    outbox.queue(
        tx,
        now,
        MessageClass.OUTCOME,
        texts.decision_taken_back(asked(case), decider.name),
        employee_id=case.employee_id,
        case_id=case.id,
    )
    return True
