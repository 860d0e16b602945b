"""Outgoing messages as a queue: claimed by conditional UPDATE, one lane after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.messages import Lane, MessageClass, OutState
from store.db import Transaction
from store.messages import OutboundSms, Road, TwilioCallback
from store.people import Assignment
from store.visibility import visible_to

TWILIO = "twilio"  # the road's name in `route`
LEAVING = (OutState.QUEUED, OutState.RETRY)
DIED_SENDING = "pengirim berhenti di tengah pengiriman"
LEFT = (OutState.SENT, OutState.UNKNOWN, OutState.SUBMITTING)


@dataclass(frozen=True)
class Reach:
    """Which messages one sender may take.

    Those of `route` up to `last_lane`; `homeless_too` also those that no road was chosen for.
    `working` names the SIM routes that work and how far down the lanes each may send: what is
    meant for a SIM not among them goes this way too. None: leave others' messages alone.
    `abroad`: messages to other countries that no road was chosen for. `late_notices`: what wants
    no answer, goes to a number at home and has waited in vain for its own road.
    """

    route: str
    homeless_too: bool = False
    last_lane: Lane = Lane.BULK
    working: tuple[tuple[str, Lane], ...] | None = None
    abroad: bool = False
    late_notices: bool = False


HOME = "+62"
FIRST_CHOICE = timedelta(minutes=1)  # so long a message abroad is left to the road for it
IN_VAIN = timedelta(minutes=10)


def _may_leave(now: datetime) -> ColumnElement[bool]:
    free = or_(OutboundSms.claimed_until.is_(None), OutboundSms.claimed_until < now)
    waiting = OutboundSms.state.in_((*LEAVING, OutState.CLAIMED))
    alive = or_(OutboundSms.dies_at.is_(None), OutboundSms.dies_at > now)
    return waiting & free & alive & (OutboundSms.not_before <= now)


def _within(reach: Reach, now: datetime) -> ColumnElement[bool]:
    roads = [OutboundSms.route == reach.route]
    homeless, at_home = OutboundSms.route.is_(None), OutboundSms.number.startswith(HOME)
    if reach.homeless_too:
        roads.append(homeless & or_(at_home, OutboundSms.not_before < now - FIRST_CHOICE))
    if reach.abroad:
        roads.append(homeless & not_(at_home))
    if reach.late_notices:
        free = homeless | (OutboundSms.route.startswith("sim:") & (OutboundSms.parts_left == 0))
        notice = not_(OutboundSms.wants_answer) & (OutboundSms.lane > int(Lane.ANSWER))
        roads.append(free & at_home & notice & (OutboundSms.not_before < now - IN_VAIN))
    if reach.working is not None:
        served = [
            (OutboundSms.route == route) & (OutboundSms.lane <= int(lane))
            for route, lane in reach.working
        ]
        # a message of which a part has left stays on its road: parts over two roads never join
        stranded = OutboundSms.route.startswith("sim:") & (OutboundSms.parts_left == 0)
        roads.append(stranded & not_(or_(false(), *served)))
    return or_(*roads) & (OutboundSms.lane <= int(reach.last_lane))


def next_to_leave(session: Session, now: datetime, reach: Reach) -> OutboundSms | None:
    """The first message within `reach`: lane by lane, in a lane oldest first.

    In a transaction on PostgreSQL the row is locked, and rows that others look at are passed over.
    """
    query = (
        select(OutboundSms)
        .where(_may_leave(now), _within(reach, now))
        .order_by(OutboundSms.lane, OutboundSms.not_before, OutboundSms.id)
        .limit(1)
    )
    if isinstance(session, Transaction):
        query = query.with_for_update(skip_locked=True)
    return session.scalars(query).first()


def parts_since(session: Session, route: str, since: datetime) -> int:
    """How many parts were handed to a road since then, whatever became of them."""
    return (
        session.scalar(
            select(func.coalesce(func.sum(OutboundSms.parts), 0)).where(
                OutboundSms.route == route, OutboundSms.submitted_at >= since
            )
        )
        or 0
    )


def claim(
    tx: Transaction, message: OutboundSms, now: datetime, worker: str, route: str, until: datetime
) -> bool:
    """Take `message` for one worker; False when another was quicker."""
    done = tx.execute(
        update(OutboundSms)
        .where(OutboundSms.id == message.id, _may_leave(now))
        .values(state=OutState.CLAIMED, claimed_by=worker, claimed_until=until, route=route)
        .execution_options(synchronize_session=False)
    )
    tx.refresh(message)
    return bool(getattr(done, "rowcount", 0))


def move(
    tx: Transaction, message_id: int, worker: str, came_from: Sequence[OutState], **values: object
) -> bool:
    """Change one claimed message, if this worker still holds it in one of those states."""
    done = tx.execute(
        update(OutboundSms)
        .where(
            OutboundSms.id == message_id,
            OutboundSms.state.in_(came_from),
            OutboundSms.claimed_by == worker,
            OutboundSms.cleared_at.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def orphaned_submissions(tx: Transaction, now: datetime) -> Sequence[OutboundSms]:
    """Messages that were being sent when their sender died: nobody knows whether they left."""
    return tx.scalars(
        select(OutboundSms).where(
            OutboundSms.state == OutState.SUBMITTING, OutboundSms.claimed_until < now
        )
    ).all()


def leave_behind(tx: Transaction, route: str, worker: str) -> int:
    """What an earlier owner of this SIM had in its hands when it ended.

    What it was sending is UNKNOWN, what it had only claimed is free again; returns how many are
    UNKNOWN now.
    """
    earlier = (OutboundSms.route == route) & (OutboundSms.claimed_by != worker)
    tx.execute(
        update(OutboundSms)
        .where(earlier, OutboundSms.state == OutState.CLAIMED)
        .values(claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    done = tx.execute(
        update(OutboundSms)
        .where(earlier, OutboundSms.state == OutState.SUBMITTING)
        .values(state=OutState.UNKNOWN, claimed_until=None, problem=DIED_SENDING)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


def let_die(tx: Transaction, now: datetime) -> int:
    """Messages past their deadline die rather than arrive absurd; returns how many."""
    done = tx.execute(
        update(OutboundSms)
        .where(
            OutboundSms.state.in_((*LEAVING, OutState.CLAIMED)),
            or_(OutboundSms.claimed_until.is_(None), OutboundSms.claimed_until < now),
            OutboundSms.dies_at.is_not(None),
            OutboundSms.dies_at <= now,
        )
        .values(state=OutState.DIED)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


def uncertain(session: Session, viewer: Viewer, outbound_id: int) -> OutboundSms | None:
    """An UNKNOWN message whose doubt stands and whose recipient this viewer may see."""
    seen = select(Assignment.employee_id).where(visible_to(viewer, Assignment.unit_id))
    return session.scalars(
        select(OutboundSms)
        .where(
            OutboundSms.id == outbound_id,
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
            or_(OutboundSms.employee_id.is_(None), OutboundSms.employee_id.in_(seen)),
        )
        .with_for_update()
    ).first()


def unsettled(
    tx: Transaction, classes: Sequence[MessageClass], before: datetime
) -> Sequence[OutboundSms]:
    """First copies of these classes that have been UNKNOWN since `before` and in doubt still."""
    return tx.scalars(
        select(OutboundSms)
        .where(
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
            OutboundSms.repeat_of.is_(None),
            OutboundSms.message_class.in_(classes),
            OutboundSms.submitted_at < before,
        )
        .order_by(OutboundSms.id)
        .with_for_update(skip_locked=True)
    ).all()


def is_written(session: Session, *dedupe_keys: str) -> bool:
    """True when a message with one of these keys stands in the outbox already."""
    written = select(OutboundSms.id).where(OutboundSms.dedupe_key.in_(dedupe_keys)).limit(1)
    return session.scalar(written) is not None


def is_asked_at(session: Session, number: str, since: datetime) -> bool:
    """True when a question was meant for this number; an answer to it proves that it arrived."""
    return _is_asked(session, number, since, OutboundSms.state != OutState.WITHHELD)


def written_to(session: Session, number: str, since: datetime) -> bool:
    """True when a message of ours that wants an answer went to `number` since then."""
    return _is_asked(session, number, since, OutboundSms.state.in_(LEFT))


def _is_asked(session: Session, number: str, since: datetime, stands: ColumnElement[bool]) -> bool:
    asked = select(OutboundSms.id).where(
        OutboundSms.number == number,
        OutboundSms.created_at >= since,
        OutboundSms.wants_answer,
        stands,
    )
    return session.scalar(asked.limit(1)) is not None


def said_to(session: Session, number: str, text: str, since: datetime) -> bool:
    """True when we sent this very text to that number: it comes back as a bounce."""
    return (
        session.scalar(
            select(OutboundSms.id)
            .where(
                OutboundSms.number == number,
                OutboundSms.created_at >= since,
                OutboundSms.text == text.strip(),
            )
            .limit(1)
        )
        is not None
    )


def latest_inviting_objection(
    session: Session, employee_id: int, since: datetime
) -> OutboundSms | None:
    """The newest word about something that was filed or typed for this person: SALAH answers it."""
    return session.scalars(
        select(OutboundSms)
        .where(
            OutboundSms.employee_id == employee_id,
            OutboundSms.message_class.in_((MessageClass.OUTCOME, MessageClass.DUTY_NOTICE)),
            OutboundSms.wants_answer.is_(True),
            OutboundSms.case_id.is_not(None),
            OutboundSms.created_at >= since,
        )
        .order_by(OutboundSms.id.desc())
        .limit(1)
    ).first()


def count_since(
    session: Session, message_class: MessageClass, since: datetime, number: str | None = None
) -> int:
    """How many messages of a class were written since then, to one number or to all."""
    query = select(func.count()).where(
        OutboundSms.message_class == message_class, OutboundSms.created_at >= since
    )
    if number is not None:
        query = query.where(OutboundSms.number == number)
    return session.scalar(query) or 0


def lanes(session: Session) -> list[tuple[Lane, int, datetime | None]]:
    """What waits in each lane: (lane, how many, since when)."""
    rows = session.execute(
        select(OutboundSms.lane, func.count(), func.min(OutboundSms.not_before))
        .where(OutboundSms.state.in_((*LEAVING, OutState.CLAIMED, OutState.SUBMITTING)))
        .group_by(OutboundSms.lane)
    ).all()
    return [(Lane(lane), count, oldest) for lane, count, oldest in rows]


def held(tx: Transaction, message_id: int) -> OutboundSms | None:
    """One message, its row locked until the end of the transaction."""
    return tx.get(OutboundSms, message_id, with_for_update=True)


def by_reference(tx: Transaction, reference: str) -> OutboundSms | None:
    """The message a road knows by this reference, its row locked."""
    return tx.scalars(
        select(OutboundSms).where(OutboundSms.reference == reference).with_for_update()
    ).first()


def keep_callback(
    tx: Transaction,
    sid: str,
    status: str,
    error_code: str,
    outbound_id: int | None,
    now: datetime,
) -> bool:
    """Keep one status callback; False when it was there already."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    kept = tx.scalar(
        dialect.insert(TwilioCallback)
        .values(
            sid=sid,
            status=status,
            error_code=error_code,
            outbound_id=outbound_id,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["sid", "status", "error_code"])
        .returning(TwilioCallback.id)
    )
    return kept is not None


def is_known_sid(session: Session, sid: str) -> bool:
    """True when Twilio has told us of this sid before, in an answer or in a report."""
    in_answer = select(OutboundSms.id).where(OutboundSms.reference == sid).limit(1)
    in_report = select(TwilioCallback.id).where(TwilioCallback.sid == sid).limit(1)
    return any(session.scalar(query) is not None for query in (in_answer, in_report))


def lost_on(session: Session, route: str, since: datetime) -> Sequence[OutboundSms]:
    """Messages of a road whose outcome is unknown and whose doubt stands, oldest first."""
    return session.scalars(
        select(OutboundSms)
        .where(
            OutboundSms.route == route,
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
            OutboundSms.submitted_at >= since,
        )
        .order_by(OutboundSms.id)
    ).all()


def end_doubt(tx: Transaction, message_id: int, **values: object) -> bool:
    """Change a message that is UNKNOWN still; False when somebody was quicker."""
    done = tx.execute(
        update(OutboundSms)
        .where(
            OutboundSms.id == message_id,
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def road(session: Session, name: str) -> Road | None:
    """What is known of a road: its pause and why."""
    return session.get(Road, name)


def pause_road(tx: Transaction, name: str, now: datetime, until: datetime, problem: str) -> None:
    """Nothing leaves over this road until then."""
    paused = tx.get(Road, name)
    if paused is None:
        paused = Road(name=name)
        tx.add(paused)
    paused.paused_until, paused.problem, paused.problem_at = until, problem[:300], now
