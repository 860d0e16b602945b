"""The house's only clock: one list of what runs how often, one tick, one lease.

Several schedulers may run on several machines; the lease in the database lets one tick, and a
slot per job and period keeps a ring single even while the lease changes hands.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

import config.settings as settings
from services import pulls, twilio_road
from store import inbox_queries, outbox_queries, schedule_queries
from store.bell import Bell
from store.db import Database
from workers.doors import asked_settings, now, open_database, this_process

log = structlog.get_logger(__name__)

TICK = 1.0  # seconds
LEASE = timedelta(seconds=15)
LEASE_NAME = "scheduler"


@dataclass(frozen=True)
class Every:
    """Ring for `job` once in each period of so many seconds, if `wanted` says there is work."""

    seconds: int
    job: str
    wanted: Callable[[Database, datetime], bool] | None = None


def _messages_wait(db: Database, at: datetime) -> bool:
    with db.read() as session:
        return inbox_queries.anything_waits(session, at)


def _twilio_waits(db: Database, at: datetime) -> bool:
    return twilio_road.anything_waits(db, at, two_way=True)


def _lost_by_twilio(db: Database, at: datetime) -> bool:
    with db.read() as session:
        since = at - twilio_road.LOOK_FOR
        return bool(outbox_queries.lost_on(session, outbox_queries.TWILIO, since))


SCHEDULE: tuple[Every, ...] = (
    # sweeps: what the bell may have lost
    Every(2, "answer_inbound", _messages_wait),
    Every(2, "send_by_twilio", _twilio_waits),
    Every(5, "derive_days"),
    Every(15, "parse_reads"),
    # by the clock
    Every(20, "settle_messages"),
    Every(30, "look_up_lost", _lost_by_twilio),
    Every(60, "ask_terminals_for_sums"),
    Every(60, "watch_terminals"),
    Every(30, "mark_passing_time"),
    Every(30, "raise_notices"),
    Every(60, "expire_conversations"),
    Every(300, "remind_deciders"),
    Every(3600, "take_in_missed"),
    Every(6 * 3600, "ask_for_rosters"),
)


class Scheduler:
    """Rings for what is due while it holds the lease."""

    def __init__(self, db: Database, bell: Bell, me: str):
        self.db, self.bell, self.me = db, bell, me
        self.stop_asked = threading.Event()

    def run(self) -> None:
        while not self.stop_asked.wait(TICK):
            try:
                self.tick(now())
            except OperationalError as error:
                log.warning("database_silent", error=str(error.orig))
        with self.db.begin() as tx:
            schedule_queries.give_up_lease(tx, LEASE_NAME, self.me)

    def tick(self, at: datetime) -> list[str]:
        """Ring for everything that is due at this moment; returns the jobs rung for."""
        with self.db.begin() as tx:
            if not schedule_queries.hold_lease(tx, LEASE_NAME, self.me, at, at + LEASE):
                return []
            schedule_queries.beat(tx, "scheduler", at, {"by": self.me})
        rung = [every.job for every in SCHEDULE if self._ring_if_due(every, at)]
        for terminal_id in pulls.due_terminals(self.db, at):
            self.bell.ring("pull_terminal", (terminal_id,))
            rung.append("pull_terminal")
        return rung

    def _ring_if_due(self, every: Every, at: datetime) -> bool:
        slot = str(int(at.timestamp()) // every.seconds)
        if every.wanted is not None and not every.wanted(self.db, at):
            return False
        with self.db.begin() as tx:
            if not schedule_queries.take_slot(tx, every.job, slot, at):
                return False
        self.bell.ring(every.job)
        return True


def main() -> int:
    asked = asked_settings(settings.worker)
    scheduler = Scheduler(open_database(asked), Bell(asked.redis_url), this_process("scheduler"))
    signal.signal(signal.SIGTERM, lambda *_: scheduler.stop_asked.set())
    signal.signal(signal.SIGINT, lambda *_: scheduler.stop_asked.set())
    scheduler.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
