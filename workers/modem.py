"""`python -m workers.modem`: the process that owns a modem.

Three threads: the main one answers signals and watches deadlines, one child makes every call to
gammu, one gives signs of life. Only the last two touch the database, so that a database that is
away keeps nobody from answering SIGTERM or from ending a stuck call. With several sections in the
gammurc each modem gets a process of its own.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections import deque
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

import config.settings as settings
from services import delivery_reports, inbox, sending, sims
from sms.gammu_gateway import GammuModem, ModemGone, Stored
from sms.gammurc import BadGammurc, Section, sections
from sms.gateway import PartReport, RawPart
from store import contacts, schedule_queries
from store.db import Database
from store.outbox_queries import Reach
from workers.doors import asked_settings, now, open_database, this_process
from workers.supervise import STOP_WITHIN, Child, Supervisor

log = structlog.get_logger(__name__)

POLL_EVERY = 0.5  # seconds; notifications are only a hint and not needed
HEALTH_EVERY = 15.0
BEAT_EVERY = 5.0
LONGEST_PAUSE = 2.0  # between tries to open; a hung modem makes a try last twelve seconds itself
SLOW_AFTER = 20.0  # a call that waits longer is a trouble people should see before it is cut
SEND_AGAIN_AFTER = 10.0  # when the road refused; receiving goes on
DELETE_AGAIN_AFTER = 30.0
DATABASE_AWAY = (OperationalError, InterfaceError)


class Owner:
    """One modem: takes messages in, lets them out, and recovers what hangs."""

    def __init__(self, db: Database, gammurc: Path, section: Section):
        self.db, self.section = db, section
        self.name = f"{section.name}@{socket.gethostname()}"[:50]
        self.modem = GammuModem(gammurc, section)
        self.me = this_process(f"{section.name}.{secrets.token_hex(3)}")
        self.stopping = threading.Event()
        self.state: dict[str, Any] = {
            "modem": self.name,
            "device": section.device,
            "open": False,
        }
        self._problem: str | None = "belum terbuka"
        self._health_at = 0.0
        self._send_from = 0.0
        self._reach: Reach | None = None
        self._reports: deque[PartReport] = deque()  # not committed yet
        self._owed: sending.Settlement | None = None  # an outcome the database has not heard
        self._stuck: dict[str, float] = {}  # committed, but the SIM would not let go: next try at

    # --- the main thread ---------------------------------------------------------------------

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        calls = threading.Thread(target=self._work, name="gammu", daemon=True)
        for thread in (calls, threading.Thread(target=self._pulse, name="pulse", daemon=True)):
            thread.start()
        while not self.stopping.wait(0.2) and calls.is_alive():
            if self.modem.overdue:
                log.warning("modem_hangs", modem=self.name, seconds=self.modem.waits_since)
                self.state["hung_at"] = now().isoformat()
                self.modem.abort()
        self._end(calls)
        return 0 if self.stopping.is_set() else 1

    def _end(self, calls: threading.Thread) -> None:
        """A send under way gets a moment; then it is cut short and known as UNKNOWN."""
        calls.join(1.5)
        if calls.is_alive():
            self.modem.abort()
            calls.join(STOP_WITHIN - 2.0)
        if calls.is_alive():
            log.warning("modem_thread_left_behind", modem=self.name)
            os._exit(0)  # its row says SUBMITTING and will be UNKNOWN when the next owner comes

    # --- the thread that gives signs of life -------------------------------------------------

    def _pulse(self) -> None:
        while not self.stopping.is_set():
            self._say_trouble()
            try:
                self._beat(now())
            except DATABASE_AWAY as error:
                log.warning("database_silent", error=str(error.orig))
            except Exception:
                log.exception("no_sign_of_life", modem=self.name)
            self.stopping.wait(BEAT_EVERY)

    def _say_trouble(self) -> None:
        waits = self.modem.waits_since
        slow = f"modem tidak menjawab sejak {waits:.0f} detik" if waits > SLOW_AFTER else None
        self.state["problem"] = slow or self._problem

    def _beat(self, at: datetime) -> None:
        """Say what is known, and look what this card may send now."""
        with self.db.begin() as tx:
            if self.state["open"]:
                contacts.see_sim(tx, self.modem.imsi, self.name, at)
            schedule_queries.beat(tx, f"modem:{self.name}", at, dict(self.state))
        if self.state["open"]:
            self._look_at_quota(at)

    def _look_at_quota(self, at: datetime) -> None:
        with self.db.read() as session:
            self._reach = sims.reach_of(session, at, self.modem.imsi)
            self.state["quota_left"] = sims.quota_left(session, at, self.modem.imsi)

    # --- the thread that calls gammu ---------------------------------------------------------

    def _work(self) -> None:
        pause = 0.5
        while not self.stopping.is_set():
            try:
                self._open()
                pause = 0.5
                self._serve()
            except ModemGone as error:
                self._trouble(str(error))
            except Exception as error:  # whatever it was, reception must come back
                log.exception("modem_turn_failed", modem=self.name)
                self._trouble(f"{type(error).__name__}: {error}")
            self.stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self.modem.close()

    def _trouble(self, problem: str) -> None:
        self.state["open"] = False
        if problem != self._problem:
            log.warning("modem_gone", modem=self.name, problem=problem)
        self._problem = problem

    def _open(self) -> None:
        self.modem.open()
        self._health_at = 0.0
        self._stuck.clear()
        self.state.update(open=True, imsi=self.modem.imsi)
        self._problem = None
        log.info("modem_open", modem=self.name, imsi=self.modem.imsi)

    def _serve(self) -> None:
        """Turn after turn until told to stop; raises ModemGone when the modem is gone."""
        is_known = False
        while not self.stopping.is_set():
            try:
                if not is_known:
                    self._take_over(now())
                    is_known = True
                is_busy = self._turn()
                self._problem = None
            except DATABASE_AWAY as error:
                # what came stays on the SIM, what was sent stays owed
                if self._problem is None:
                    log.warning("database_silent", error=str(error.orig))
                self._problem = "basis data tidak menjawab"
                is_busy = False
            if not is_busy:
                self.stopping.wait(POLL_EVERY)

    def _take_over(self, at: datetime) -> None:
        with self.db.begin() as tx:
            contacts.see_sim(tx, self.modem.imsi, self.name, at)
        self._pay()
        sending.take_over(self.db, self.modem.imsi, self.me)
        self._look_at_quota(at)

    def _turn(self) -> bool:
        """One turn: everything in, then one message out; True when there was anything to do."""
        if time.monotonic() - self._health_at > HEALTH_EVERY:
            self._health_at = time.monotonic()
            self.state.update(asdict(self.modem.health()))
        taken = sum([self._take(stored) for stored in self.modem.stored()])
        self._take_reports()
        return self._send() or taken > 0

    # --- in ----------------------------------------------------------------------------------

    def _take(self, stored: Stored) -> bool:
        """Commit first, then the message may leave the SIM; True when it did."""
        content = stored.content
        stuck_as = f"{stored.location} {content.key if isinstance(content, RawPart) else content}"
        if self._stuck.get(stuck_as, 0.0) > time.monotonic():
            return False
        if isinstance(content, PartReport):
            delivery_reports.take_in(self.db, now(), content)
        elif stored.poison is not None:
            inbox.keep_poison(self.db, now(), content, stored.poison)
        else:
            self._take_in(content)
            self.state["last_received_at"] = now().isoformat()
        if self.modem.delete(stored.location):
            self._stuck.pop(stuck_as, None)
            self.state["not_deleted"] = len(self._stuck)
            return True
        # it will be read again, and its key makes that harmless
        self._stuck[stuck_as] = time.monotonic() + DELETE_AGAIN_AFTER
        self.state["not_deleted"] = len(self._stuck)
        log.warning("sim_keeps_message", modem=self.name, location=stored.location)
        return False

    def _take_in(self, part: RawPart) -> None:
        try:
            inbox.take_in(self.db, now(), part)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # one message must not keep the others out
            log.exception("message_not_taken", modem=self.name)
            inbox.keep_poison(self.db, now(), part, f"{type(error).__name__}: {error}")

    def _take_reports(self) -> None:
        self._reports.extend(self.modem.reports())
        while self._reports:
            delivery_reports.take_in(self.db, now(), self._reports[0])
            self._reports.popleft()

    # --- out ---------------------------------------------------------------------------------

    def _send(self) -> bool:
        self._pay()
        reach = self._reach
        if reach is None or reach.route != self.modem.route or time.monotonic() < self._send_from:
            return False
        message = sending.claim_next(self.db, now, reach, self.me)
        if message is None:
            return False
        self._owed = owed = sending.attempt(self.modem, now, message)
        self._pay()
        if owed.roads_fault:
            self._send_from = time.monotonic() + SEND_AGAIN_AFTER
            self.state["refused"] = str(owed.values["problem"])
        elif owed.left:
            self.state["last_sent_at"] = owed.at.isoformat()
            self.state["refused"] = None
        return True

    def _pay(self) -> None:
        """Tell the database an outcome it has not heard; until then nothing else is sent."""
        if self._owed is None:
            return
        try:
            sending.settle(self.db, self.me, self._owed)
        except DATABASE_AWAY:
            raise
        except Exception:  # its row will be UNKNOWN when the lease ends; the others go on
            log.exception("outcome_not_settled", modem=self.name)
        self._owed = None


def main(arguments: list[str]) -> int:
    asked = asked_settings(settings.modem)
    try:
        modems = {section.name: section for section in sections(asked.gammu_config)}
    except BadGammurc as error:
        print(error, file=sys.stderr)
        return 2
    if not modems:
        print(f"{asked.gammu_config} has no section [gammu].", file=sys.stderr)
        return 2
    name = arguments[0] if arguments else next(iter(modems))
    if name not in modems:
        print(f"{asked.gammu_config} has no section [{name}].", file=sys.stderr)
        return 2
    if len(modems) > 1 and not arguments:
        command = [sys.executable, "-m", "workers.modem"]
        supervisor = Supervisor([Child(name, [*command, name]) for name in modems])
        supervisor.stop_on_signals()
        supervisor.run()
        return 0
    return Owner(open_database(asked), asked.gammu_config, modems[name]).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
