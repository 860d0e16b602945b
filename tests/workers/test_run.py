"""`make run`: everything comes up from nothing, answers an SMS, ends, and goes on with its data."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from store import migrate
from store.db import Database
from workers import run
from workers.run_house import CannotStart, House

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 240.0  # seconds for a start on a loaded machine
FRESH = ("PATH", "HOME", "LANG")  # of the environment: nothing else is needed


class Started:
    """A launcher that runs, and what it has printed."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder, port
        self.printed = folder.parent / "printed"
        kept = {name: os.environ[name] for name in FRESH if name in os.environ}
        with self.printed.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "workers.run",
                    "--folder",
                    str(folder),
                    "--history-days",
                    "8",
                ],
                cwd=ROOT,
                env={**kept, "PORT": str(port), "HADIR_ICLOCK_PORT": str(port + 1)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def words(self) -> str:
        return self.printed.read_text()

    def wait_until_it_says(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while words not in self.words():
            assert self.process.poll() is None, self.words()
            assert time.monotonic() < deadline, self.words()
            time.sleep(0.1)

    def end(self) -> None:
        """Ctrl-C, as the terminal sends it."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)

    def phones(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port + 10}/api/{path}"


@contextmanager
def started(folder: Path, port: int) -> Iterator[Started]:
    launcher = Started(folder, port)
    try:
        yield launcher
    finally:
        if launcher.process.poll() is None:
            launcher.end()


def processes_of(folder: Path) -> list[str]:
    """Command lines and environments on this machine that name the folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            command = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in command:
            found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def free_ports(count: int) -> int:
    """The first of so many ports in a row that nobody has."""
    for first in range(20_000 + os.getpid() % 5_000, 60_000, count):
        probes = [socket.socket() for _ in range(count)]
        try:
            for place, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + place))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise AssertionError("no free ports")


def said_on(launcher: Started, number: str, since: int = 0) -> list[str]:
    """What arrived on a phone."""
    news = requests.get(launcher.phones(f"messages?since={since}"), timeout=10).json()["messages"]
    return [each["text"] for each in news if each["number"] == number and not each["mine"]]


def wait_for_sms(launcher: Started, number: str, words: str, since: int) -> None:
    deadline = time.monotonic() + 90
    while not any(words in text for text in said_on(launcher, number, since)):
        assert time.monotonic() < deadline, said_on(launcher, number, since)
        time.sleep(0.2)


@pytest.mark.timeout(600)
def test_it_starts_from_nothing_answers_ends_and_goes_on(tmp_path: Path) -> None:
    folder, port = tmp_path / "var", free_ports(40)
    with started(folder, port) as first:
        first.wait_until_it_says("Hadir is running")
        people = requests.get(first.phones("people"), timeout=10).json()["people"]
        number = {person["name"]: person["number"] for person in people}
        budi, sri = number["Budi Santoso"], number["Sri Wahyuni"]
        sent = requests.post(
            first.phones(f"phones/{quote(budi)}/send"),
            json={"text": "izin sakit hari ini bu"},
            timeout=10,
        ).json()
        wait_for_sms(first, budi, "Sri Wahyuni", sent["id"])
        wait_for_sms(first, sri, "Budi Santoso", sent["id"])
        assert processes_of(folder)
        first.end()
    assert processes_of(folder) == [], "nobody is left"
    with started(folder, port) as second:
        second.wait_until_it_says("Hadir is running")
        assert "Akun latihan" not in second.words(), "the training data came in once"
        assert any("Budi Santoso" in text for text in said_on(second, sri)), "phones remember"
        second.process.kill()
        second.process.wait()
        deadline = time.monotonic() + 60
        while left := processes_of(folder):
            assert time.monotonic() < deadline, left
            time.sleep(0.2)


# --- what stands in the way is said in a sentence --------------------------------------------


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    port = free_ports(40)
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("HADIR_ICLOCK_PORT", str(port + 1))
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return House(tmp_path / "var")


def test_a_port_in_use_is_named_with_what_to_do(house: House) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", house.phones_port))
        other.listen()
        with pytest.raises(CannotStart, match=f"Port {house.phones_port} for the phones page"):
            house.check_ports()


def test_a_second_start_in_the_same_folder_is_refused(house: House) -> None:
    with house.alone(), pytest.raises(CannotStart, match=r"running .* already"):
        run.reset(House(house.folder))


def test_a_production_database_is_never_filled_with_invented_people(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'real.db'}"
    migrate.upgrade(Database(url), "production")
    with pytest.raises(CannotStart, match="made for production"):
        run.open_database(url)


def test_production_mode_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HADIR_MODE", "production")
    with pytest.raises(CannotStart, match="HADIR_MODE is 'production'"):
        house.prepare()


def test_a_redis_that_does_not_answer_is_named(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{house.port}/0")
    with pytest.raises(CannotStart, match="nothing answers"):
        house.redis()


def test_a_child_that_will_not_stay_ends_the_start_with_the_end_of_its_log(house: House) -> None:
    house.prepare()
    child = house.child("web", [sys.executable, "-c", "raise SystemExit('no such setting')"])
    supervisor = run.Supervisor([child], run.say_that_it_ended)
    child.start()
    with pytest.raises(CannotStart, match=r"web ended \d times.*\n.*no such setting"):
        while True:
            supervisor.look_after_children()
            time.sleep(0.05)


def test_reset_forgets_what_the_start_made_and_leaves_other_files(house: House) -> None:
    house.prepare()
    (house.folder / "hadir.db").touch()
    (house.folder / "notes.txt").touch()
    run.reset(house)
    assert [path.name for path in house.folder.iterdir()] == ["notes.txt"]
