"""Twilio as a road (jalur Twilio): its pauses, its lost answers, what its webhook missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from domain.messages import MessageClass, OutState
from domain.people import Role
from services import inbox, outbox, receipts, sending
from sms import texts
from sms.gateway import Gateway, Outgoing, RawPart, Sent, SmsError
from sms.twilio_words import AUTHENTICATION, TWILIO, StatusReport
from store import calendar_queries, contacts, outbox_queries
from store.db import Database, Transaction
from store.outbox_queries import Reach

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]

SHORTEST_PAUSE = timedelta(seconds=1)
UNTOLD_PAUSE = timedelta(seconds=30)  # when Twilio says "too many" and not for how long
LOOK_FOR = timedelta(hours=1)  # how long a lost message is looked for
SURELY_LISTED = timedelta(minutes=2)  # what Twilio took stands in its list by then
MOST_TRIES = 3
MISSED_SINCE = timedelta(days=2)
AT_HOME = "twilio_to_indonesia"


class TwoWay(Gateway, Protocol):
    """Twilio's gateway, which knows whether its sender can be answered."""

    two_way: bool


class List(Protocol):
    """Twilio's list of messages."""

    def find(self, number: str, body: str, since: datetime) -> Sequence[StatusReport]: ...

    def received_since(self, since: datetime) -> Sequence[RawPart]: ...


class _Watched:
    """A gateway that writes down what an error says about the road or about the recipient."""

    def __init__(self, db: Database, clock: Clock, inner: Gateway):
        self.db, self.clock, self.inner = db, clock, inner

    def send(self, message: Outgoing) -> Sent:
        try:
            return self.inner.send(message)
        except SmsError as error:
            if error.roads_fault or error.opted_out:
                with self.db.begin() as tx:
                    self._note(tx, message, error)
            raise

    def _note(self, tx: Transaction, message: Outgoing, error: SmsError) -> None:
        now = self.clock()
        if error.opted_out:
            contacts.opt_out(tx, now, message.number)
            return
        pause = max(error.retry_after or UNTOLD_PAUSE, SHORTEST_PAUSE)
        outbox_queries.pause_road(tx, TWILIO, now, now + pause, str(error))
        log.error("road_paused", road=TWILIO, seconds=pause.total_seconds(), problem=str(error))
        if error.code in {str(code) for code in AUTHENTICATION}:
            _alarm(tx, now)


def _alarm(tx: Transaction, now: datetime) -> None:
    """Technicians hear once a day, over the modem, that Twilio refuses our key."""
    for number in contacts.account_phones(tx, Role.TECHNICIAN):
        outbox.queue(
            tx,
            now,
            MessageClass.TECHNICAL,
            texts.road_refused("Twilio"),
            number=number,
            dedupe_key=f"road-refused:{TWILIO}:{now:%Y%m%d}:{number}",
        )


def send_waiting(db: Database, clock: Clock, gateway: TwoWay, worker: str) -> int:
    """Send what leaves over Twilio until nothing waits or the road pauses; returns how many."""
    watched, count = _Watched(db, clock, gateway), 0
    reach = reach_of(db, clock(), two_way=gateway.two_way)
    while not is_paused(db, clock()) and sending.send_next(db, clock, watched, reach, worker):
        count += 1
    return count


def reach_of(db: Database, now: datetime, *, two_way: bool) -> Reach:
    """What may go over Twilio: abroad everything, if an answer can come back to our sender.

    To Indonesia, where nobody can answer it, notices only, when their own road fails them, and
    only where an office has said so: setting 'twilio_to_indonesia', {"notices": true}.
    """
    with db.read() as session:
        setting = calendar_queries.house_setting(session, AT_HOME, now.date()) or {}
    return Reach(TWILIO, abroad=two_way, late_notices=setting.get("notices") is True)


def anything_waits(db: Database, now: datetime, *, two_way: bool) -> bool:
    """True when something may leave over Twilio right now."""
    reach = reach_of(db, now, two_way=two_way)
    with db.read() as session:
        return outbox_queries.next_to_leave(session, now, reach) is not None


def is_paused(db: Database, now: datetime) -> bool:
    """True while Twilio has told us to wait, or refuses our key."""
    with db.read() as session:
        road = outbox_queries.road(session, TWILIO)
        return road is not None and road.paused_until is not None and road.paused_until > now


def look_up(db: Database, clock: Clock, listed: List) -> int:
    """Look for messages whose answer was lost; returns how many are settled.

    Found in Twilio's list they are sent. What is surely not there was never taken and goes again.
    While the list cannot be read they stay UNKNOWN.
    """
    settled = 0
    with db.read() as session:
        lost = outbox_queries.lost_on(session, TWILIO, clock() - LOOK_FOR)
    for message in lost:
        submitted_at = message.submitted_at or message.created_at
        try:
            reports = listed.find(message.number, sending.text_of(message), submitted_at)
        except SmsError as error:
            log.warning("list_unreadable", road=TWILIO, problem=str(error))
            break
        now = clock()
        with db.read() as session:
            new = [each for each in reports if not outbox_queries.is_known_sid(session, each.sid)]
        if new:
            receipts.note_twilio(db, now, replace(new[0], message_id=message.id))
            settled += 1
        elif now - submitted_at > SURELY_LISTED and message.attempts < MOST_TRIES:
            settled += _send_again(db, now, message.id)
    return settled


def _send_again(db: Database, now: datetime, message_id: int) -> bool:
    with db.begin() as tx:
        return outbox_queries.end_doubt(
            tx,
            message_id,
            state=OutState.RETRY,
            not_before=now,
            problem="tidak ada di daftar Twilio, dikirim lagi",
        )


def take_in_missed(db: Database, clock: Clock, listed: List) -> int:
    """Messages that stand in Twilio's list but never reached our webhook; returns how many."""
    try:
        parts = listed.received_since(clock() - MISSED_SINCE)
    except SmsError as error:
        log.warning("list_unreadable", road=TWILIO, problem=str(error))
        return 0
    return sum(inbox.take_in(db, clock(), part) for part in parts)
