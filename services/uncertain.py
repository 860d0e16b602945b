"""Messages of which nobody knows whether they left (belum pasti terkirim), and how doubt ends.

A person at the panel sends again, says that it arrived, or gives up; every act is logged. The
message itself keeps its state UNKNOWN when it is sent again: nobody will ever know.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.access import Actor, Viewer, system
from domain.cases import WaitingFor
from domain.messages import DOUBTS, Doubt, OutState
from services import cases, outbox
from sms import segments, texts
from store import outbox_queries
from store.cases import Case
from store.db import Database, Transaction
from store.log import record as log_record
from store.messages import OutboundSms

REPEATED = tuple(kind for kind, doubt in DOUBTS.items() if doubt is Doubt.REPEAT)
REPORT_WITHIN = timedelta(minutes=10)  # a delivery report mostly comes within seconds, or never
BY_RULE = system("uncertain")


def resend(db: Database, now: datetime, viewer: Viewer, outbound_id: int) -> int:
    """Send a marked copy; returns its id. CaseError when there is no such doubt any more."""
    with db.begin() as tx:
        message = _in_doubt(tx, viewer, outbound_id)
        return repeat(tx, now, viewer.actor, message).id


def mark_sent(db: Database, now: datetime, viewer: Viewer, outbound_id: int, why: str) -> None:
    """The recipient has said that it arrived."""
    with db.begin() as tx:
        message = _in_doubt(tx, viewer, outbound_id)
        message.state, message.sent_at = OutState.SENT, message.submitted_at
        _clear(tx, now, viewer.actor, message, "doubt_sent", why)


def give_up(db: Database, now: datetime, viewer: Viewer, outbound_id: int, why: str) -> None:
    """It did not arrive, or it does not matter any more."""
    with db.begin() as tx:
        message = _in_doubt(tx, viewer, outbound_id)
        message.state = OutState.FAILED
        _clear(tx, now, viewer.actor, message, "doubt_given_up", why)


def repeat_due(db: Database, now: datetime) -> int:
    """Repeat, once and marked, what work waits for and no report has settled; returns how many.

    Where the work no longer waits (the decider has answered, somebody else decided) the doubt
    ends without a copy.
    """
    with db.begin() as tx:
        due = outbox_queries.unsettled(tx, REPEATED, now - REPORT_WITHIN)
        for message in due:
            if _is_waited_for(tx, message):
                repeat(tx, now, BY_RULE, message)
            else:
                _clear(tx, now, BY_RULE, message, "doubt_over", "tidak ditunggu lagi")
        return len(due)


def _is_waited_for(tx: Transaction, message: OutboundSms) -> bool:
    case = tx.get(Case, message.case_id) if message.case_id else None
    return case is None or case.waiting_for in (WaitingFor.SUPERVISOR, WaitingFor.EMPLOYEE)


def repeat(tx: Transaction, now: datetime, actor: Actor, message: OutboundSms) -> OutboundSms:
    """A copy that says it is one, on the same road home and with the same deadline."""
    text = texts.again(message.text)
    copy = OutboundSms(
        number=message.number,
        employee_id=message.employee_id,
        message_class=message.message_class,
        lane=message.lane,
        wants_answer=message.wants_answer,
        text=text,
        parts=len(segments.plan(text).parts),
        state=OutState.QUEUED,
        route=message.home_route,
        home_route=message.home_route,
        any_hour=message.any_hour,
        not_before=outbox.first_moment(
            tx, message.message_class, message.employee_id, now, any_hour=message.any_hour
        ),
        dies_at=message.dies_at,
        created_at=now,
        case_id=message.case_id,
        inbound_id=message.inbound_id,
        repeat_of=message.id,
    )
    tx.add(copy)
    _clear(tx, now, actor, message, "doubt_sent_again", "")
    tx.flush()
    return copy


def _in_doubt(tx: Transaction, viewer: Viewer, outbound_id: int) -> OutboundSms:
    message = outbox_queries.uncertain(tx, viewer, outbound_id)
    if message is None:
        raise cases.CaseError("gone", "Pesan ini tidak ada, atau sudah diurus orang lain.")
    return message


def _clear(
    tx: Transaction, now: datetime, actor: Actor, message: OutboundSms, action: str, why: str
) -> None:
    message.cleared_at, message.cleared_by = now, str(actor)
    log_record(
        tx, now, actor, action, "outbound_sms", message.id, employee_id=message.employee_id, why=why
    )
