"""Sending what waits in the outbox: one message, one claim, one attempt, one known outcome.

Before a message is handed to a road its row says SUBMITTING, committed. A process that dies then
leaves UNKNOWN behind: nobody knows whether it left, so nobody sends it again blindly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from domain.messages import OutState, wants_report
from domain.pace import next_pace
from services import outbox, sims
from sms import segments, texts
from sms.gateway import Gateway, OutcomeUnknown, Outgoing, SmsError
from store import outbox_queries
from store.db import Database, Transaction
from store.messages import OutboundPart, OutboundSms, Sim
from store.outbox_queries import Reach

log = structlog.get_logger(__name__)

CLAIM = timedelta(seconds=60)
SUBMISSION, SUBMISSION_OF_A_PART = timedelta(minutes=1), timedelta(seconds=45)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
ROAD_RESTS = timedelta(seconds=30)
MOST_PUT_OFF = 50  # messages put off until morning in one transaction

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Settlement:
    """What an attempt came to: the row's new values, and the references of parts that left."""

    message: OutboundSms
    at: datetime
    left: tuple[str, ...]
    values: dict[str, object]
    roads_fault: bool = False


def send_next(db: Database, clock: Clock, gateway: Gateway, reach: Reach, worker: str) -> bool:
    """Send the next message within reach; False when nothing waits.

    No transaction is open while the road is used.
    """
    message = claim_next(db, clock, reach, worker)
    if message is None:
        return False
    settle(db, worker, attempt(gateway, clock, message))
    return True


# --- before --------------------------------------------------------------------------------------


def claim_next(db: Database, clock: Clock, reach: Reach, worker: str) -> OutboundSms | None:
    """Take the next message and write that it is being handed over; None when nothing may leave."""
    now = clock()
    with db.read() as session:  # a look without the writers' lock
        if outbox_queries.next_to_leave(session, now, reach) is None:
            return None
    with db.begin() as tx:
        message = _next_awake(tx, now, reach)
        if message is None or not _card_may(tx, now, reach, message):
            return None
        if not outbox_queries.claim(tx, message, now, worker, reach.route, now + CLAIM):
            return None
    return message if _submitting(db, clock, message, worker) else None


def _next_awake(tx: Transaction, now: datetime, reach: Reach) -> OutboundSms | None:
    """The next message whose recipient may be rung now; a queue may last into the night."""
    for _ in range(MOST_PUT_OFF):
        message = outbox_queries.next_to_leave(tx, now, reach)
        if message is None:
            return None
        moment = outbox.first_moment(
            tx, message.message_class, message.employee_id, now, any_hour=message.any_hour
        )
        if moment <= now:
            return message
        message.not_before = moment
        tx.flush()
    return None


def _card_may(tx: Transaction, now: datetime, reach: Reach, message: OutboundSms) -> bool:
    """Count the message's parts against its card's pace and quota; other roads have none."""
    sim = tx.get(Sim, reach.route.removeprefix(sims.PREFIX), with_for_update=True)
    if sim is None:
        return True
    lane = sims.open_lane(tx, sim, now)
    if lane is None or message.lane > lane:
        return False
    after = next_pace(sim.paced_until, now, message.parts, sim.parts_per_minute)
    if after is None:
        return False
    sim.paced_until = after
    return True


def _submitting(db: Database, clock: Clock, message: OutboundSms, worker: str) -> bool:
    now = clock()
    with db.begin() as tx:
        return outbox_queries.move(
            tx,
            message.id,
            worker,
            (OutState.CLAIMED,),
            state=OutState.SUBMITTING,
            submitted_at=now,
            attempts=message.attempts + 1,
            claimed_until=now + SUBMISSION + message.parts * SUBMISSION_OF_A_PART,
        )


# --- the attempt -----------------------------------------------------------------------------


def attempt(gateway: Gateway, clock: Clock, message: OutboundSms) -> Settlement:
    """Hand one message to its road. Touches no database, so what it returns is owed to one."""
    outgoing = _outgoing(message, clock())
    try:
        sent = gateway.send(outgoing)
    except OutcomeUnknown as error:
        where = _where(outgoing, error)
        values: dict[str, object] = {"state": OutState.UNKNOWN, "problem": where}
        return Settlement(message, clock(), error.left, values)
    except SmsError as error:
        at = clock()
        return Settlement(message, at, error.left, _failed(message, at, error), error.roads_fault)
    at, left = clock(), tuple(sent.reference.split(","))
    values = {
        "state": OutState.SENT,
        "sent_at": at,
        "reference": sent.reference,
        "problem": None,
    }
    return Settlement(message, at, left, values)


def text_of(message: OutboundSms) -> str:
    """The words as they leave: over a road the recipient does not know they name their sender."""
    is_home = message.home_route in (None, message.route)
    return message.text if is_home else texts.from_another_card(message.text)


def _outgoing(message: OutboundSms, now: datetime) -> Outgoing:
    return Outgoing(
        message.id,
        message.number,
        segments.plan(text_of(message)),
        lives_for=message.dies_at - now if message.dies_at else None,
        wants_report=wants_report(message.message_class),
        parts_left=message.parts_left,
    )


def _where(outgoing: Outgoing, error: OutcomeUnknown) -> str:
    total = len(outgoing.text.parts)
    doubtful = outgoing.parts_left + len(error.left) + 1
    return f"bagian {doubtful} dari {total}: {error}" if total > 1 else str(error)


def _failed(message: OutboundSms, now: datetime, error: SmsError) -> dict[str, object]:
    """Not sent, or not all of it: later again from where it stopped, or never."""
    values: dict[str, object] = {"problem": str(error), "state": OutState.RETRY}
    if error.permanent:
        return values | {"state": OutState.FAILED}
    if error.roads_fault:  # no try of this message
        values |= {
            "not_before": now + (error.retry_after or ROAD_RESTS),
            "attempts": message.attempts,
        }
    elif message.attempts < len(RETRY_AFTER):
        values["not_before"] = now + RETRY_AFTER[message.attempts]
    else:
        return values | {"state": OutState.FAILED}
    if _is_sim(message) and not message.parts_left and not error.left:
        values["route"] = message.home_route  # nothing left: any card will do again
    return values


def _is_sim(message: OutboundSms) -> bool:
    return message.route is not None and message.route.startswith(sims.PREFIX)


# --- after ---------------------------------------------------------------------------------------


def settle(db: Database, worker: str, settlement: Settlement) -> None:
    """Write the outcome down; also late, when the lease has ended and the row says UNKNOWN."""
    message, values = settlement.message, settlement.values
    on_its_way = message.parts_left + len(settlement.left)
    with db.begin() as tx:
        if outbox_queries.move(
            tx,
            message.id,
            worker,
            (OutState.SUBMITTING, OutState.UNKNOWN),
            claimed_until=None,
            parts_left=on_its_way,
            **values,
        ):
            _keep_parts(tx, settlement)
    log.info(
        "sms_settled",
        outbound_id=message.id,
        message_class=message.message_class.value,
        state=str(values["state"]),
        problem=values.get("problem"),
    )


def _keep_parts(tx: Transaction, settlement: Settlement) -> None:
    """Remember each part by the modem's reference: delivery reports name nothing else."""
    message = settlement.message
    if not _is_sim(message):
        return
    for place, reference in enumerate(settlement.left, message.parts_left + 1):
        tx.add(
            OutboundPart(
                outbound_id=message.id,
                place=place,
                route=message.route,
                reference=int(reference),
                sent_at=settlement.at,
            )
        )


def settle_forgotten(db: Database, now: datetime) -> int:
    """Messages whose sender died while handing them over are UNKNOWN; late ones die."""
    with db.begin() as tx:
        orphans = outbox_queries.orphaned_submissions(tx, now)
        for message in orphans:
            message.state = OutState.UNKNOWN
            message.claimed_until = None
            message.problem = outbox_queries.DIED_SENDING
        return len(orphans) + outbox_queries.let_die(tx, now)


def take_over(db: Database, imsi: str, worker: str) -> int:
    """A new owner of a SIM: what the last one was sending is UNKNOWN; returns how many are."""
    with db.begin() as tx:
        return outbox_queries.leave_behind(tx, sims.route_of(imsi), worker)
