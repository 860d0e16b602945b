"""One leave through the whole house, over real wires and real processes.

Somebody texts, the supervisor answers, Kasubag passes on, the operator records, the terminal is
pulled, and who is not seen is asked. Once over the modem, once over Twilio's webhook; each on
SQLite and on PostgreSQL. Nothing here looks inside but for the attendance days at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, update

from services.accounts import HASHER
from simulators.at_modem import AtModem
from simulators.twilio import Twilio
from simulators.zk_terminal import ZkTerminal
from store.calendars import WorkPatternVersion
from store.days import AttendanceDay
from store.db import Database
from store.people import Account, Employee, Phone, Unit
from store.punches import Terminal
from tests.cast import BUDI_PHONE, DEWI_PHONE, RAHMAT_PHONE, SRI_PHONE, Cast, build_cast
from tests.running import STOPS_WITHIN, Desk, Running
from tests.servers import wait_for

PASSWORD = "kata sandi latihan"
ACCOUNT = "AC" + "0" * 32
PATIENCE = 60.0  # seconds for anything to arrive; a loaded machine is slow, not wrong


def half_past_ten(moment: datetime) -> tuple[str, datetime]:
    """A zone in which it is between ten and eleven in the morning, and that local moment.

    The processes run on the real clock, at whatever hour the tests are started; so the little unit
    moves to where the cut-off has passed and nobody has gone home.
    """
    offset = 10 - moment.hour
    return f"Etc/GMT{-offset:+d}", moment + timedelta(hours=offset)


@pytest.fixture
def terminal() -> Iterator[ZkTerminal]:
    now = datetime.now(UTC)
    _, local = half_past_ten(now)
    made = ZkTerminal(zone_minutes=round((local - now) / timedelta(minutes=1)))
    for pin, name in (("101", "BUDI"), ("102", "SRI"), ("103", "RAHMAT"), ("104", "DEWI")):
        made.enroll(pin, name)
    morning = datetime.combine(local.date(), time(7, 20))
    made.punch("102", morning)
    made.punch("103", morning + timedelta(minutes=5))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def unit(db: Database, terminal: ZkTerminal) -> Cast:
    """The cast where it is half past ten, every day a working day, one terminal on the wall."""
    cast = build_cast(db)
    zone, local = half_past_ten(datetime.now(UTC))
    week = {str(day): ["07:30", "16:00"] for day in range(1, 8)}
    with db.begin() as tx:
        tx.execute(update(Unit).values(time_zone=zone))
        tx.execute(update(Employee).values(in_service_from=local.date()))
        tx.execute(update(WorkPatternVersion).values(spans=week))
        tx.execute(update(Account).values(password_hash=HASHER.hash(PASSWORD)))
        tx.execute(update(Terminal).values(port=terminal.port))
    return cast


@contextmanager
def service(running: Running, *names: str) -> Iterator[Running]:
    """The processes up and ready; afterwards each has ended within seconds of SIGTERM."""
    running.start(*names)
    try:
        wait_for(running.is_ready, PATIENCE)
        yield running
    except BaseException:
        for name in running.processes:
            print(f"--- {name}\n{running.words_of(name)[-3000:]}")
        running.stop()
        raise
    took = running.stop()
    assert all(seconds < STOPS_WITHIN for seconds in took.values()), took


class Phones:
    """Phones seen from outside: what they send and what reached them, whatever the road."""

    def __init__(self, send: Callable[[str, str], object], arrived: Callable[[str], list[str]]):
        self.send, self.arrived = send, arrived

    def waits_for(self, number: str, words: str) -> str:
        """The first SMS on this phone that holds these words."""
        return wait_for(
            lambda: next((text for text in self.arrived(number) if words in text), None), PATIENCE
        )


class Numbers(NamedTuple):
    """Who is reached where."""

    budi: str
    sri: str
    rahmat: str
    dewi: str


OVER_THE_MODEM = Numbers(BUDI_PHONE, SRI_PHONE, RAHMAT_PHONE, DEWI_PHONE)
ABROAD = Numbers("+14155550101", "+14155550102", "+14155550103", "+14155550104")


def walk(running: Running, db: Database, unit: Cast, phones: Phones, who: Numbers) -> None:
    """One leave from the first SMS to the recorded day, and a morning question, as people live it.

    The scheduler starts after Budi has given word, so that the cut-off finds it.
    """
    phones.send(who.budi, "Assalamualaikum bu, mohon izin tdk masuk hari ini krn sakit")
    assert "Sri Wahyuni" in phones.waits_for(who.budi, "Sri")
    running.start("scheduler")
    request = phones.waits_for(who.sri, "Budi Santoso")
    code = re.search(r"YA (\w+)", request)
    assert code is not None, request

    phones.send(who.sri, f"ya {code[1]}")
    phones.waits_for(who.sri, "menyetujui")
    phones.waits_for(who.budi, "disetujui")
    phones.waits_for(who.rahmat, "Budi Santoso")

    rahmat = Desk(running.address, "rahmat", PASSWORD)
    assert "Budi Santoso" in rahmat.read("/kasubag")
    rahmat.press("/kasubag", r"/kasubag/\d+/pass-on")
    dewi = Desk(running.address, "dewi", PASSWORD)
    assert "Budi Santoso" in dewi.read("/operator")
    dewi.press("/operator", r"/operator/\d+/record")
    phones.waits_for(who.budi, "sudah dicatat")

    assert wait_for(lambda: status_of(db, unit.budi) == "sick", PATIENCE)
    for early in (unit.sri, unit.rahmat):
        assert wait_for(lambda who=early: status_of(db, who) == "present", PATIENCE)
    board = wait_for(lambda: "07.20" in (page := dewi.read("/")) and page, PATIENCE)
    assert "Budi Santoso" in board

    assert "HADIR" in phones.waits_for(who.dewi, "belum terekam")
    phones.waits_for(who.rahmat, "Dewi Lestari")
    assert not [text for text in phones.arrived(who.budi) if "belum terekam" in text]


def status_of(db: Database, employee_id: int) -> str | None:
    with db.read() as session:
        latest = session.scalars(
            select(AttendanceDay)
            .where(AttendanceDay.employee_id == employee_id)
            .order_by(AttendanceDay.day.desc())
        ).first()
    return latest.status if latest else None


def test_over_the_modem(
    db: Database, database_url: str, redis_url: str, unit: Cast, tmp_path: Path
) -> None:
    modem = AtModem(tmp_path / "modem")
    modem.start()
    gammurc = tmp_path / "gammurc"
    gammurc.write_text(f"[gammu]\ndevice = {modem.link}\nconnection = at115200\nmodel = at\n")
    running = Running(tmp_path, database_url, redis_url, {"GAMMU_CONFIG": str(gammurc)})
    phones = Phones(
        modem.deliver,
        lambda number: [on_air.message.text for on_air in list(modem.sent)
                        if on_air.message.number == number],
    )  # fmt: skip
    try:
        with service(running, "web", "worker", "modem"):
            walk(running, db, unit, phones, OVER_THE_MODEM)
    finally:
        modem.stop()


def test_over_twilio_abroad(
    db: Database, database_url: str, redis_url: str, unit: Cast, tmp_path: Path
) -> None:
    """Where Twilio is two-way: everybody has a foreign number and has written to us once."""
    with db.begin() as tx:
        for before, after in zip(OVER_THE_MODEM, ABROAD, strict=True):
            tx.execute(update(Phone).where(Phone.number == before).values(number=after))
    twilio = Twilio(ACCOUNT, "a token of Twilio", number="+14155550199")
    twilio.start()
    running = Running(
        tmp_path, database_url, redis_url,
        {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "a token of Twilio",
         "TWILIO_FROM": twilio.number, "TWILIO_API_URL": twilio.url},
    )  # fmt: skip
    phones = Phones(
        lambda number, text: twilio.text(number, text, f"{running.address}/sms/twilio/inbound"),
        twilio.texts_to,
    )
    try:
        with service(running, "web", "worker"):
            for number in ABROAD:
                phones.send(number, "bantuan")
                phones.waits_for(number, "CUTI")
            walk(running, db, unit, phones, ABROAD)
    finally:
        twilio.stop()
