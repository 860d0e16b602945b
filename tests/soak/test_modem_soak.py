"""The modem under blows: killed, unplugged, hung, deaf, flooded. What it sent is the truth."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import func, select

from domain.messages import MessageClass, OutState
from domain.people import Employment
from simulators.at_modem import OnAir
from store import message_health
from store.messages import InboundSms, OutboundSms
from store.people import Assignment, Employee, Phone
from tests.cast import BUDI_PHONE, Cast, build_cast
from tests.modem_room import ModemRoom, a_message, modem_room, now
from tests.servers import PYTHON, wait_for

pytestmark = [pytest.mark.soak, pytest.mark.timeout(600)]

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUICK_TO_GIVE_UP = (
    "-c",
    "import sys; import sms.gammu_gateway as g; g.SEND_WITHIN = 8.0\n"
    "import workers.modem; sys.exit(workers.modem.main(sys.argv[1:]))",
)


class House:
    """A room of modems, and the processes that answer what they take in."""

    def __init__(self, room: ModemRoom):
        self.room = room
        self.others: list[subprocess.Popen[bytes]] = []

    def answer(self) -> None:
        for number, module in enumerate((("workers.pools", "messages"), ("workers.schedule",))):
            with (self.room.folder / f"modem-other{number}.log").open("ab") as log:
                self.others.append(
                    subprocess.Popen(
                        [PYTHON, "-m", *module],
                        env=self.room.running.environment(), stdout=log, stderr=log,
                    )
                )  # fmt: skip

    def stop(self) -> None:
        for process in self.others:
            process.terminate()
        for process in self.others:
            process.wait(20)


@pytest.fixture
def open_room(
    tmp_path: Path, database_url: str, redis_url: str
) -> Iterator[Callable[[int], ModemRoom]]:
    rooms = []

    def start(count: int = 1) -> ModemRoom:
        entered = modem_room(tmp_path, database_url, redis_url, count)
        rooms.append(entered)
        return entered.__enter__()

    Redis.from_url(redis_url).flushall()
    yield start
    for each in rooms:
        each.__exit__(None, None, None)


def hire(room: ModemRoom, cast: Cast, count: int) -> list[str]:
    """So many colleagues of Budi's, each with a phone of their own; returns the numbers."""
    began = now().date() - timedelta(days=1000)
    numbers = [f"+62812{number:07d}" for number in range(count)]
    with room.db.begin() as tx:
        people = [
            Employee(name=f"Pegawai {n}", employment=Employment.PNS, in_service_from=began)
            for n in range(count)
        ]
        tx.add_all(people)
        tx.flush()
        for person, number in zip(people, numbers, strict=True):
            tx.add(Assignment(employee_id=person.id, unit_id=cast.unit, first_day=began))
            tx.add(Phone(employee_id=person.id, number=number, first_day=began))
    return numbers


@ON_SQLITE
def test_three_hundred_messages_and_thirteen_kills(
    open_room: Callable[[int], ModemRoom], redis_url: str
) -> None:
    chance = random.Random(20261124)
    room = open_room(2)
    cast = build_cast(room.db, now().date())
    numbers = hire(room, cast, 300)
    house = House(room)
    house.answer()

    def write() -> None:
        for place, number in enumerate(numbers):
            room.modems[place % 2].deliver(number, "bantuan")
            time.sleep(0.25)

    writing = threading.Thread(target=write)
    writing.start()
    in_flight: set[int] = set()

    def note_what_is_in_flight() -> None:
        in_flight.update(message.id for message in room.in_state(OutState.SUBMITTING))

    for blow in range(13):
        time.sleep(chance.uniform(3, 8))
        victim = chance.randrange(2)
        if blow % 4 == 3:  # the cable, a moment before the process
            note_what_is_in_flight()
            room.modems[victim].unplug()
            note_what_is_in_flight()
            time.sleep(0.5)
            room.modems[victim].plug()
            time.sleep(chance.uniform(0, 3))
        room.processes[victim].send_signal(signal.SIGKILL)
        room.processes[victim].wait()
        note_what_is_in_flight()
        room.start(victim)
        if blow == 6:
            Redis.from_url(redis_url).flushall()
    writing.join()

    def is_quiet() -> bool:
        with room.db.read() as session:
            open_messages = session.scalar(
                select(func.count())
                .select_from(InboundSms)
                .where(InboundSms.processed_at.is_(None))
            )
            answers = session.scalar(select(func.count()).select_from(OutboundSms))
        held = sum(modem.stored + modem.held_back for modem in room.modems)
        return not open_messages and not held and answers == 300 and room.left()

    wait_for(is_quiet, 400, every=1)
    house.stop()
    with room.db.read() as session:
        senders = list(session.scalars(select(InboundSms.sender)))
        rows = list(session.scalars(select(OutboundSms)))
    assert Counter(senders) == Counter(numbers), "each stored once"
    assert Counter(row.number for row in rows) == Counter(numbers), "each answered once"
    states = Counter(row.state for row in rows)
    assert states[OutState.SENT] + states[OutState.UNKNOWN] == 300, states
    air = Counter(each.message.number for modem in room.modems for each in modem.sent)
    assert max(air.values()) == 1, "nothing went out twice"
    assert {row.number for row in rows if row.state is OutState.SENT} <= set(air)
    unknown = {row.id for row in rows if row.state is OutState.UNKNOWN}
    assert unknown <= in_flight, "only what was on its way at a blow is in doubt"
    print(f"answered {states[OutState.SENT]}, unknown {len(unknown)}, in flight {len(in_flight)}")


@ON_POSTGRESQL
def test_one_lost_answer_in_twenty_is_unknown_and_nothing_goes_twice(
    open_room: Callable[[int], ModemRoom],
) -> None:
    """The deadline of a send is cut from 40 to 8 seconds here, nothing else."""
    room = open_room(1)
    room.processes[0].terminate()
    room.processes[0].wait()
    lost: list[str] = []

    def lose(air: OnAir) -> None:
        if len(room.modem.sent) in (11, 27):
            lost.append(air.message.number)
            room.modem.faults.loses_answers = 1

    room.modem.on_sent = lose
    numbers = [f"+62813{number:07d}" for number in range(40)]
    with room.db.begin() as tx:
        tx.add_all(a_message(number, text="kabar") for number in numbers)
    room.start(command=QUICK_TO_GIVE_UP)
    wait_for(room.left, 240, every=0.5)
    air = Counter(each.message.number for each in room.modem.sent)
    assert air == Counter(numbers), "every message once, none twice"
    assert [row.number for row in room.in_state(OutState.UNKNOWN)] == lost
    assert len(room.in_state(OutState.SENT)) == 38


@ON_SQLITE
def test_a_hang_of_a_minute_is_seen_at_once_and_soon_over(
    open_room: Callable[[int], ModemRoom],
) -> None:
    room = open_room(1)

    def is_red() -> bool:
        with room.db.read() as session:
            beats = message_health.modems(session, now())
        return any(beat.is_late or beat.state.get("problem") for beat in beats)

    wait_for(lambda: not is_red())
    room.modem.faults.hangs = True
    hung = time.monotonic()
    room.modem.deliver(BUDI_PHONE, "izin sakit")
    wait_for(is_red, 60)
    assert time.monotonic() - hung < 30
    time.sleep(max(0.0, hung + 60 - time.monotonic()))
    room.modem.faults.hangs = False
    over = time.monotonic()
    wait_for(lambda: room.received(BUDI_PHONE), 60)
    assert time.monotonic() - over < 15
    wait_for(lambda: not is_red(), 30)


@ON_POSTGRESQL
def test_a_request_overtakes_a_thousand_alerts(open_room: Callable[[int], ModemRoom]) -> None:
    room = open_room(1)
    build_cast(room.db, now().date())
    house = House(room)
    house.answer()
    room.modem.faults.seconds_per_send = 3.0
    with room.db.begin() as tx:
        tx.add_all(
            a_message(f"+62814{number:07d}", MessageClass.ABSENCE_ALERT, text="belum terekam")
            for number in range(1000)
        )
    wait_for(lambda: len(room.modem.sent) >= 3, 60)
    before = len(room.modem.sent)
    room.modem.deliver(BUDI_PHONE, "bantuan")
    wait_for(lambda: room.on_the_air(BUDI_PHONE), 60)
    house.stop()
    place = [each.message.number for each in room.modem.sent].index(BUDI_PHONE)
    # `before` was on its way when the request came in; the next two are before + 1 and before + 2
    assert place <= before + 2


@ON_SQLITE
def test_a_stop_in_the_middle_of_a_long_send_takes_less_than_five_seconds(
    open_room: Callable[[int], ModemRoom],
) -> None:
    room = open_room(1)
    room.modem.faults.seconds_per_send = 20.0
    message = room.queue(BUDI_PHONE, "kabar")
    wait_for(lambda: any("CMGS" in command for command in room.modem.commands), 30)
    time.sleep(1)
    asked = time.monotonic()
    room.processes[0].terminate()
    room.processes[0].wait(30)
    assert time.monotonic() - asked < 5
    assert room.message(message).state is OutState.UNKNOWN
    room.modem.faults.seconds_per_send = 0.0
    wait_for(lambda: room.on_the_air(BUDI_PHONE), 30)
    room.start()
    after = room.queue(BUDI_PHONE, "sesudahnya")
    wait_for(lambda: room.left(after), 60)
    assert room.on_the_air(BUDI_PHONE) == ["kabar", "sesudahnya"], "not sent again"


@ON_SQLITE
def test_a_database_that_is_away_loses_nothing_and_doubles_nothing(
    open_room: Callable[[int], ModemRoom], database_url: str
) -> None:
    room = open_room(1)
    room.modem.faults.seconds_per_send = 3.0
    message = room.queue(BUDI_PHONE, "kabar")
    wait_for(lambda: any("CMGS" in command for command in room.modem.commands), 30)
    away = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    away.execute("BEGIN EXCLUSIVE")  # longer than anybody waits for a lock
    room.modem.deliver(BUDI_PHONE, "izin sakit")
    time.sleep(34)
    assert room.modem.stored == 1, "what is not committed stays on the SIM"
    assert room.processes[0].poll() is None
    away.execute("ROLLBACK")
    away.close()
    wait_for(lambda: room.received(BUDI_PHONE), 90)
    wait_for(lambda: room.message(message).state is OutState.SENT, 30)
    assert room.on_the_air(BUDI_PHONE) == ["kabar"]
    assert os.waitpid(room.processes[0].pid, os.WNOHANG) == (0, 0), "the same process still"
