"""Bringing the training house's people and their last month in, each through its real door.

`simulators.training` writes the files; here the roster is imported, terminals are registered and
pulled, SMS are taken in and answered, desks pass on and record, all with the clock of that day.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from devices.zk_attlog import read_terminal
from domain.access import Viewer, system
from domain.cases import WaitingFor
from domain.people import Role
from services import (
    accounts,
    calendars,
    cases,
    conversation,
    days,
    duty,
    inbox,
    pulls,
    sending,
    sims,
)
from services import terminals as terminal_stories
from services.roster.shifts import set_letter
from services.settings import change_setting
from services.sims import Limits
from services.terminals import NewTerminal
from sms.gateway import Outgoing, RawPart, Sent
from store import case_queries, staff, terminal_queries
from store.account_queries import account_by_login, unit_by_code
from store.db import Database
from store.log import record as log_record
from store.outbox_queries import Reach
from store.seed_queries import was_recorded
from workers.doors import now
from workers.run_house import ROOT, CannotStart, House

Step = Callable[[str, str], AbstractContextManager[None]]
ZONE = ZoneInfo("Asia/Makassar")
ACTOR = system("training")
IMSI = "510100000000001"  # of the simulated SIM
CARD = Limits("+628115550001", "Latihan", daily_quota=2_000, parts_per_minute=60)
"""Nobody blocks an invented card, and people wait before the screen for the answer."""
REACH = Reach(f"{sims.PREFIX}{IMSI}", homeless_too=True)
LOADED = "training_loaded"
OFTEN = {"seconds": 120}
"""How often terminals are called here: people wait before the screen for what they just did."""
AT_ONCE = 4  # terminals read at the same time


def make_world(house: House, history_days: int) -> None:
    """Let the simulators invent the province, once."""
    if (house.training / "world.json").exists():
        return
    command = [
        *(sys.executable, "-m", "simulators.training", str(house.training)),
        *("--days", str(history_days), "--first-port", str(house.first_terminal_port)),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise CannotStart(f"The training world could not be made:\n{done.stderr[-800:]}")


def is_loaded(db: Database) -> bool:
    """True when the training data came in as a whole; a start that was cut short does the rest."""
    with db.read() as session:
        return was_recorded(session, LOADED)


def load_people(house: House, db: Database, step: Step) -> None:
    """Roster, terminals, holidays, log-ins, and the month's requests. Again does the rest only."""
    world = _read(house, "world.json")
    since = date.fromisoformat(world["known_since"])
    with step("Pegawai, jabatan, jadwal jaga", "People, posts, rota"):
        _flask(house, "roster", "import", str(house.training / "roster"), "--as-of", f"{since}")
        _set_shift_hours(db, world["shifts"], since)
        _flask(house, "roster", "shifts", "import", str(house.training / "shifts"))
        calendars.seed_holidays(db, now(), range(since.year, now().year + 2))
    with step("Mesin sidik jari", "Fingerprint terminals"):
        for terminal in _read(house, "terminals.json")["terminals"]:
            _register(db, terminal, since)
        change_setting(db, now(), ACTOR, pulls.PULL_INTERVAL, OFTEN, since)
    with step("Akun latihan", "Training log-ins"):
        for login in _read(house, "logins.json"):
            _make_login(db, login)
    with step("SMS dan keputusan sebulan", "A month of SMS and decisions"):
        past = _Past(db, house.folder / "phones.jsonl")
        for number, act in enumerate(_read(house, "story.json")):
            past.do(number, act)
        sims.set_limits(db, now(), ACTOR, IMSI, CARD)


def load_scans(house: House, db: Database, step: Step) -> None:
    """Read every terminal to the end and derive the month; then the training data is whole."""
    with step("Membaca mesin sidik jari", "Reading the terminals"):
        with db.read() as session:
            wanted = [each.id for each in terminal_queries.in_service(session) if each.host]
        with ThreadPoolExecutor(AT_ONCE) as callers:
            outcomes = list(callers.map(partial(pulls.pull, db, now, read_terminal), wanted))
        for outcome in outcomes:
            if not outcome.ok:
                raise CannotStart(f"{outcome.name} could not be read: {outcome.sentence}")
    with step("Menyusun hari kehadiran", "Deriving attendance days"):
        first = date.fromisoformat(_read(house, "world.json")["first_day"])
        days.rebuild(db, now(), first, now().astimezone(ZONE).date())
        days.derive_dirty(db, now)
    with db.begin() as tx:
        log_record(tx, now(), ACTOR, LOADED, "install", 1)


def _flask(house: House, *command: str) -> None:
    """A command of ours as people type it; CannotStart with its words when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *command],
        cwd=ROOT,
        env={**os.environ, **house.environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CannotStart(f"flask {' '.join(command)}:\n{(done.stdout + done.stderr)[-800:]}")


def _read(house: House, name: str) -> Any:
    return json.loads((house.training / name).read_text(encoding="utf-8"))


def _set_shift_hours(db: Database, units: dict[str, dict[str, list[str]]], since: date) -> None:
    for code, letters in units.items():
        with db.read() as session:
            unit = unit_by_code(session, code)
        for letter, hours in letters.items():
            starts, ends = map(time.fromisoformat, hours)
            assert unit is not None  # it was imported a moment ago
            set_letter(db, now(), ACTOR, unit.id, letter, starts, ends, since)


def _register(db: Database, terminal: dict[str, Any], since: date) -> None:
    """In service since the roster began: a day before that proves nothing."""
    with db.read() as session:
        if terminal_queries.by_name(session, terminal["name"]) is not None:
            return
    new = NewTerminal(
        terminal["name"], terminal["unit"], "127.0.0.1", terminal["port"], serial=terminal["serial"]
    )
    terminal_stories.register(db, datetime.combine(since, time(), ZONE), ACTOR, new)


def _make_login(db: Database, login: dict[str, str]) -> None:
    with db.read() as session:
        if account_by_login(session, login["login"]) is not None:
            return
    asked = accounts.NewAccount(
        login["login"],
        Role(login["role"]),
        login["unit"] or None,
        login["nip"] or None,
        is_training=True,
    )
    accounts.create(db, now(), ACTOR, asked, login["password"])


class _Past:
    """The month before the first start, act by act, by the clock of each act.

    What is said then is also written down where the phones keep their conversations.
    """

    def __init__(self, db: Database, phones: Path):
        self.db, self.phones = db, phones
        self.at = now()
        self._references = itertools.count(1)

    def do(self, number: int, act: dict[str, Any]) -> None:
        """One act; one that was done before is left alone."""
        self.at = datetime.fromisoformat(act["at"]).replace(tzinfo=ZONE)
        conversation.expire(self.db, self.at)
        if "sms" in act:
            self._sms(f"training:{number}", act["from"], act["sms"])
        elif act["do"] == "duty":
            self._duty(act)
        else:
            self._step(act)
        while sending.send_next(self.db, lambda: self.at, self, REACH, "training"):
            pass

    def send(self, message: Outgoing) -> Sent:
        """The gateway of those days."""
        self._write_down(message.number, mine=False, text="".join(message.text.parts))
        return Sent(str(next(self._references)))

    def _sms(self, key: str, sender: str, text: str) -> None:
        part = RawPart(REACH.route, sender, text, self.at, key)
        if inbox.take_in(self.db, self.at, part):
            self._write_down(sender, mine=True, text=text)
        conversation.answer_waiting(self.db, lambda: self.at)

    def _step(self, act: dict[str, Any]) -> None:
        viewer = self._viewer(act["login"])
        desk = WaitingFor.KASUBAG if act["do"] == "pass_on" else WaitingFor.OPERATOR
        with self.db.read() as session:
            person = staff.person_by_nip(session, act["nip"])
            waiting = [
                case
                for case in case_queries.waiting(session, viewer, desk)
                if person is not None and case.employee_id == person.id
            ]
        for case in waiting:
            if desk is WaitingFor.KASUBAG:
                cases.pass_on(self.db, self.at, viewer.actor, case.id, case.version)
            else:
                cases.record(self.db, self.at, viewer.actor, case.id, case.version)

    def _duty(self, act: dict[str, Any]) -> None:
        duty.type_duty(
            self.db,
            self.at,
            self._viewer(act["login"]),
            "\n".join(act["nips"]),
            date.fromisoformat(act["first"]),
            date.fromisoformat(act["last"]),
            act["place"],
            act["purpose"],
            act["letter"],
        )

    def _viewer(self, login: str) -> Viewer:
        with self.db.read() as session:
            account = account_by_login(session, login)
            if account is None:
                raise CannotStart(f"There is no log-in {login!r}; try `make reset`.")
            return accounts.viewer_of(account)

    def _write_down(self, number: str, *, mine: bool, text: str) -> None:
        line = {"at": self.at.isoformat(), "number": number, "mine": mine, "text": text}
        with self.phones.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def welcome(house: House) -> str:
    """What people read when everything is up: where, who, and what to try."""
    logins = "\n".join(
        f"    {login['login']:<14}{login['role']:<12}{login['unit']}"
        for login in _read(house, "logins.json")
    )
    password = _read(house, "logins.json")[0]["password"]
    return f"""
Hadir sudah jalan. Hadir is running.

  Panel                      {house.panel_url}
  Ponsel dan mesin latihan   {house.phones_url}   (practice phones and terminals)

  Akun (log-ins), kata sandi semua (password of all): {password}
{logins}

  Coba (try this):
    1. {house.phones_url}: buka Budi Santoso, kirim: izin sakit hari ini bu
       (open Budi Santoso's phone and send that)
    2. Buka Sri Wahyuni, atasannya; balas: YA
       (open his supervisor Sri Wahyuni's phone, answer YA)
    3. Panel, masuk sebagai rahmat: Meja Kasubag, Teruskan ke operator
       (log in as rahmat: Kasubag's desk, pass on)
    4. Panel, masuk sebagai dewi: Meja operator, Catat
       (log in as dewi: operator's desk, record)
    5. Papan hari ini: Budi sakit; buka namanya, lalu Mengapa?
       (the board: Budi is sick; open his name, then Why?)
    6. Mesin sidik jari: Tempelkan jari; paling lama tiga menit lagi ada di papan
       (put a finger on a terminal; on the board within three minutes)

  Ctrl-C mengakhiri semua (ends all). `make reset` mulai dari awal (starts afresh).
"""
