"""The modem process beside gammu's own loop of SendSMS, and two modems beside one."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import gammu
import pytest

from domain.messages import MessageClass
from simulators.at_modem import AtModem
from tests.modem_room import ModemRoom, a_message, modem_room
from tests.servers import wait_for

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

SECONDS_PER_SEND = 1.0  # plus the 0.7 s that libgammu itself sleeps in each send
MESSAGES = 20


def rate_on_the_air(*modems: AtModem) -> float:
    """Messages a second between the first and the last that left."""
    moments = sorted(air.at.timestamp() for modem in modems for air in modem.sent)
    return (len(moments) - 1) / (moments[-1] - moments[0])


def bare_loop(gammurc: Path, section: int) -> None:
    machine = gammu.StateMachine()
    machine.ReadConfig(Filename=str(gammurc), Section=section)
    machine.Init()
    centre = machine.GetSMSC(1)["Number"]
    for number in range(MESSAGES):
        machine.SendSMS(
            {"Text": "kabar", "Number": f"+62815{number:07d}", "SMSC": {"Number": centre}}
        )
    machine.Terminate()


def ours(folder: Path, template: Path, redis_url: str, count: int) -> float:
    folder.mkdir()
    (folder / "hadir.db").write_bytes(template.read_bytes())
    url = f"sqlite:///{folder}/hadir.db"
    with modem_room(folder, url, redis_url, count) as room:
        for modem in room.modems:
            modem.faults.seconds_per_send = SECONDS_PER_SEND
        fill(room, MESSAGES * count)
        wait_for(room.left, 300, every=0.5)
        return rate_on_the_air(*room.modems)


def fill(room: ModemRoom, messages: int) -> None:
    with room.db.begin() as tx:
        tx.add_all(
            a_message(f"+62816{number:07d}", MessageClass.RECEIPT, text="kabar")
            for number in range(messages)
        )


def test_as_fast_as_gammu_and_two_nearly_twice_as_fast_as_one(
    tmp_path: Path, sqlite_template: Path, redis_url: str
) -> None:
    alone = AtModem(tmp_path / "alone")
    alone.faults.seconds_per_send = SECONDS_PER_SEND
    alone.start()
    gammurc = tmp_path / "gammurc"
    gammurc.write_text(f"[gammu]\ndevice = {alone.link}\nconnection = at115200\nmodel = at\n")
    bare: list[float] = []

    def measure_bare() -> None:
        bare_loop(gammurc, 0)
        bare.append(rate_on_the_air(alone))

    side_by_side = threading.Thread(target=measure_bare)  # gammu lets go of the GIL
    began = time.monotonic()
    side_by_side.start()
    one = ours(tmp_path / "one", sqlite_template, redis_url, 1)
    side_by_side.join()
    two = ours(tmp_path / "two", sqlite_template, redis_url, 2)
    alone.stop()
    print(
        f"\nmodem: gammu's own loop {bare[0]:.3f} SMS/s, ours {one:.3f} "
        f"({one / bare[0]:.3f} of it, goal 0.95), two modems {two:.3f} "
        f"({two / one:.2f} of one, goal 1.9); {time.monotonic() - began:.0f} s in all"
    )
    assert one / bare[0] >= 0.95
    assert two / one >= 1.9
