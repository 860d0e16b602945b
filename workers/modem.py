"""`python -m workers.modem`: the process that owns a modem.

The main thread answers signals, watches deadlines and gives signs of life; one child thread makes
every call to gammu. With several sections in the gammurc each modem gets a process of its own.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

import config.settings as settings
from services import inbox, sending
from sms.gammu_gateway import GammuModem, ModemGone, Stored, sections
from store import contacts, schedule_queries
from store.db import Database
from workers.doors import asked_settings, now, open_database, this_process
from workers.supervise import STOP_WITHIN, Child, Supervisor

log = structlog.get_logger(__name__)

POLL_EVERY = 0.5  # seconds; notifications are only a hint and not needed
HEALTH_EVERY = 15.0
BEAT_EVERY = 5.0
LONGEST_PAUSE = 10.0


class Owner:
    """One modem: takes messages in, lets them out, and recovers what hangs."""

    def __init__(self, db: Database, gammurc: Path, section: int, name: str):
        self.db, self.name = db, name
        self.modem = GammuModem(gammurc, section)
        self.me = this_process(name)
        self.stopping = threading.Event()
        self.state: dict[str, Any] = {"modem": name, "open": False}
        self._health_at = 0.0

    # --- the main thread ---------------------------------------------------------------------

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        calls = threading.Thread(target=self._work, name="gammu", daemon=True)
        calls.start()
        beat_at = 0.0
        while not self.stopping.wait(0.2) and calls.is_alive():
            if self.modem.overdue:
                log.warning("modem_hangs", modem=self.name)
                self.state["hung_at"] = now().isoformat()
                self.modem.abort()
            if time.monotonic() - beat_at > BEAT_EVERY:
                beat_at = time.monotonic()
                self._beat()
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
            os._exit(0)  # its row says SUBMITTING and will be UNKNOWN when the lease ends

    def _beat(self) -> None:
        try:
            with self.db.begin() as tx:
                schedule_queries.beat(tx, f"modem:{self.name}", now(), dict(self.state))
        except OperationalError as error:
            log.warning("database_silent", error=str(error.orig))

    # --- the thread that calls gammu ---------------------------------------------------------

    def _work(self) -> None:
        pause = 1.0
        while not self.stopping.is_set():
            try:
                self._open()
                pause = 1.0
                while not self.stopping.is_set():
                    if not self._turn():
                        self.stopping.wait(POLL_EVERY)
            except ModemGone as error:
                self.state.update(open=False, problem=str(error))
                log.warning("modem_gone", modem=self.name, problem=str(error), again_in=pause)
            except OperationalError as error:
                self.state.update(problem="database")
                log.warning("database_silent", error=str(error.orig))
            self.stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self.modem.close()

    def _open(self) -> None:
        self.modem.open()
        with self.db.begin() as tx:
            contacts.see_sim(tx, self.modem.imsi, self.name, now())
        self.state.update(open=True, imsi=self.modem.imsi, problem=None)
        self._health_at = 0.0
        log.info("modem_open", modem=self.name, imsi=self.modem.imsi)

    def _turn(self) -> bool:
        """One turn: everything in, then one message out; True when there was anything to do."""
        if time.monotonic() - self._health_at > HEALTH_EVERY:
            self._health_at = time.monotonic()
            self.state.update(asdict(self.modem.health()))
        taken = sum(self._take(stored) for stored in self.modem.stored())
        sent = sending.send_next(
            self.db, now, self.modem, self.modem.route, self.me, homeless_too=True
        )
        if sent:
            self.state["last_send_at"] = now().isoformat()
        return bool(taken or sent)

    def _take(self, stored: Stored) -> int:
        """Commit first, then the message may leave the SIM."""
        if stored.poison is None:
            inbox.take_in(self.db, now(), stored.part)
        else:
            inbox.keep_poison(self.db, now(), stored.part, stored.poison)
        self.state["last_received_at"] = now().isoformat()
        if not self.modem.delete(stored.location):
            self.state["delete_failed_at"] = now().isoformat()
            return 0  # it will be read again, and its key makes that harmless
        return 1


def main(arguments: list[str]) -> int:
    asked = asked_settings(settings.modem)
    names = sections(asked.gammu_config)
    if not names:
        print(f"{asked.gammu_config} has no section [gammu].", file=sys.stderr)
        return 2
    if len(names) > 1 and not arguments:
        command = [sys.executable, "-m", "workers.modem"]
        supervisor = Supervisor([Child(name, [*command, name]) for name in names])
        supervisor.stop_on_signals()
        supervisor.run()
        return 0
    name = arguments[0] if arguments else names[0]
    return Owner(open_database(asked), asked.gammu_config, names.index(name), name).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
