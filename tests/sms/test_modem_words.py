"""The small words around a modem: its file, its lifetimes, its refusals, what is overheard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from simulators.at_modem import AtModem
from sms import gammu_ear, knock
from sms.cms_codes import REFUSALS, Blame
from sms.gammurc import BadGammurc, sections
from sms.gsm_messages import validity


def test_a_modem_is_counted_by_the_number_in_its_name(tmp_path: Path) -> None:
    gammurc = tmp_path / "gammurc"
    gammurc.write_text(
        "[gammu]\ndevice = /dev/a ; left\n[gammu2]\nport = /dev/c\nport = /dev/d\n[smsd]\npin = 1\n"
    )
    found = [(each.name, each.number, each.device) for each in sections(gammurc)]
    assert found == [("gammu", 0, "/dev/a ; left"), ("gammu2", 2, "/dev/d")]


def test_a_file_that_is_none_is_refused_with_its_place(tmp_path: Path) -> None:
    gammurc = tmp_path / "gammurc"
    gammurc.write_text("device = /dev/a\n")
    with pytest.raises(BadGammurc, match="gammurc"):
        sections(gammurc)


@pytest.mark.parametrize(
    ("lives_for", "said"),
    [
        (None, "3D"),
        (timedelta(seconds=20), "5M"),
        (timedelta(minutes=90), "90M"),
        (timedelta(hours=13, minutes=40), "13H"),
        (timedelta(days=2, hours=5), "2D"),
        (timedelta(days=400), "30D"),
    ],
)
def test_the_network_tries_as_long_as_a_message_may_arrive(
    lives_for: timedelta | None, said: str
) -> None:
    assert validity(lives_for) == said


def test_codes_that_may_come_after_a_message_has_left_blame_nobody() -> None:
    assert not {332, 500, 512} & set(REFUSALS)
    assert {code for code, (blame, _) in REFUSALS.items() if blame is Blame.NUMBER} == {1, 28, 30}


def test_the_slot_and_the_bytes_of_an_unreadable_message_are_overheard() -> None:
    heard = (
        'Getting message from cache\n0791AA\n1 "AT+CMGR=7"\n2 "+CMGR: 0,,-3"\n3 "0791132604"\n'
        '4 "OK"\n'
    )
    assert (gammu_ear.slot_of(heard), gammu_ear.pdu_of(heard)) == (7, "0791132604")
    assert gammu_ear.cms_code('3 "+CMS ERROR: 38"') == 38
    assert gammu_ear.cms_code("OK") is None


def test_a_knock_tells_a_hung_modem_from_one_that_is_back(tmp_path: Path) -> None:
    modem = AtModem(tmp_path / "modem")
    modem.start()
    modem.faults.hangs = True
    assert not knock.answers(str(modem.link), within=0.3)
    modem.faults.hangs = False
    assert knock.answers(str(modem.link), within=20)
    modem.stop()
    assert knock.answers(str(modem.link)), "a missing device is for the driver to name"
