"""`flask devices`: a terminal from its registration to its punches as JSON lines."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import webapp
from simulators.zk_terminal import ZkTerminal
from store.db import Database
from tests.cast import build_cast

MORNING = datetime(2026, 11, 20, 7, 21, 5)  # noqa: DTZ001 - a terminal's wall clock
STICK = b"777\t2026-11-19 07:30:00\t1\t0\t1\t0\n777\t2026-02-31 07:30:00\t1\t0\t1\t0\n"
SHEET = "NIP;Tanggal;Jam Masuk;Jam Pulang;Sumber\n'199001012015011001;13/11/2026;07.21;16.02;SAO\n"


@pytest.fixture
def flask_devices(database_url: str, db: Database, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `flask devices ...` over the cast's database."""
    build_cast(db)
    monkeypatch.setenv("HADIR_MODE", "training")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("REDIS_URL", raising=False)

    def run(*arguments: str) -> Result:
        return webapp.create_command_app().test_cli_runner().invoke(args=["devices", *arguments])

    return run


def test_a_terminal_is_added_read_and_its_punches_printed(flask_devices: Any) -> None:
    terminal = ZkTerminal("CLI00001")
    terminal.enroll("101", "BUDI")
    terminal.punch("101", MORNING, status=15, punch_key=1)
    terminal.start()
    added = flask_devices("add", "lobi", "--unit", "UPT1", "--host", "127.0.0.1",
                          "--port", str(terminal.port))  # fmt: skip
    assert added.exit_code == 0, added.output
    pulled = flask_devices("pull", "lobi", "--json")
    outcome = json.loads(pulled.output.splitlines()[-1])
    assert (outcome["ok"], outcome["new"], outcome["on_device"]) == (True, 1, 1)
    printed = flask_devices(
        "punches", "lobi", "--from", "2026-11-20", "--to", "2026-11-20", "--json"
    )
    assert json.loads(printed.output) == {
        "pin": "101",
        "local": "2026-11-20 07:21:05",
        "at": "2026-11-19T23:21:05+00:00",
        "status": 15,
        "punch": 1,
        "source": "pull",
    }
    assert "lobi" in flask_devices("list").output
    terminal.stop()
    failed = flask_devices("pull", "lobi")
    assert failed.exit_code == 1
    assert "Check power, network cable, address and port" in failed.output


def test_files_are_taken_in_and_unknown_ids_mapped(flask_devices: Any, tmp_path: Path) -> None:
    stick, sheet = tmp_path / "1_attlog.dat", tmp_path / "sao.csv"
    stick.write_bytes(STICK)
    sheet.write_text(SHEET)
    assert (
        "1 new of 2 records, 1 quarantined"
        in flask_devices("import-usb", "UPT1-A", str(stick)).output
    )
    assert "taken in before" in flask_devices("import-usb", "UPT1-A", str(stick)).output
    assert "2 new of 2 records" in flask_devices("import-csv", str(sheet)).output
    assert flask_devices("unknown", "UPT1-A").output.startswith("777  1 punches")
    assert "impossible_date" in flask_devices("quarantine", "UPT1-A").output
    mapped = flask_devices("map", "UPT1-A", "777", "199001012015011001")
    assert "777 is Budi Santoso; 1 punches found their way." in mapped.output


PUSHED = ("add", "x", "--unit", "UPT1", "--push")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "x", "--unit", "UPT1", "--host", "mesin.local"), "is no IP address"),
        (("add", "x", "--unit", "NOWHERE"), "There is no unit 'NOWHERE'"),
        (PUSHED, "known by its serial only"),
        ((*PUSHED, "--serial", "AB12", "--networks", "10.4/x"), "networks"),
        (("add", "UPT1-A", "--unit", "UPT1"), "already a terminal"),
        (("pull", "nowhere"), "There is no terminal 'nowhere'"),
        (("import-usb", "UPT1-A", "/nowhere"), "cannot be read"),
        (("punches", "UPT1-A", "--from", "kemarin"), "is no date"),
        (("map", "UPT1-A", "1", "123"), "No employee has the NIP 123"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_exit_code_1(
    flask_devices: Any, arguments: tuple[str, ...], sentence: str
) -> None:
    result = flask_devices(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
