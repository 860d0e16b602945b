"""What `make run` starts: its folder, its environment, its processes, and how it sees they live."""

from __future__ import annotations

import fcntl
import http.client
import os
import shlex
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker

from config.settings import TRAINING, TRAINING_SECRET
from store import schedule_queries
from store.bell import QUEUES
from store.db import Database
from store.embedded_redis import EmbeddedRedis, NoRedisBinary
from workers.doors import now
from workers.supervise import Child

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0  # seconds for everything to answer, on a slow and loaded machine
FRESH = timedelta(seconds=30)


class CannotStart(Exception):
    """Why nothing was started, or why it was ended again: a sentence that says what to do."""


class House:
    """One training house: its folder, its three ports, the environment of its processes."""

    def __init__(self, folder: Path):
        self.folder = folder.resolve()
        self.port = _port("PORT", 8000)
        self.iclock_port = _port("HADIR_ICLOCK_PORT", 8001)
        self.phones_port, self.fleet_port = self.port + 10, self.port + 11
        self.first_terminal_port = self.port + 20
        self.training = self.folder / "training"
        self.modem_link = self.folder / "modem"
        self.environment: dict[str, str] = {}

    @property
    def panel_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def phones_url(self) -> str:
        return f"http://127.0.0.1:{self.phones_port}"

    def prepare(self) -> None:
        """Make the folders, write the gammurc and settle the environment; what is given wins."""
        mode = os.environ.get("HADIR_MODE", TRAINING)
        if mode != TRAINING:
            raise CannotStart(
                f"HADIR_MODE is {mode!r}, but `make run` starts a training house with simulated"
                " phones and terminals. For a real one see docs/deploy.md."
            )
        for part in ("log", "training", "terminals"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        for log in (self.folder / "log").glob("*.log"):
            log.replace(log.with_suffix(".log.1"))
        gammurc = self.folder / "gammurc"
        gammurc.write_text(
            # the last line: reports come as +CDS; what libgammu would choose cannot be read
            f"[gammu]\ndevice = {self.modem_link}\nconnection = at115200\nmodel = at\n"
            "atgen_setcnmi = 2,1,0,1,0\n"
        )
        ours = {
            "HADIR_MODE": TRAINING,
            "DATABASE_URL": f"sqlite:///{self.folder / 'hadir.db'}",
            "SECRET_KEY": TRAINING_SECRET,
            "HADIR_PUBLIC_URL": self.panel_url,
            "PORT": str(self.port),
            "HADIR_ICLOCK_PORT": str(self.iclock_port),
            "GAMMU_CONFIG": str(gammurc),
            "PYTHONUNBUFFERED": "1",
        }
        self.environment = {name: os.environ.get(name) or value for name, value in ours.items()}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder: two houses on one database would take each other's messages."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "run.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                raise CannotStart(
                    f"Hadir is running from {self.folder} already (process {lock.read().strip()})."
                    " End it there with Ctrl-C first."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def check_ports(self) -> None:
        """Raise CannotStart for the first port that somebody else listens on."""
        for name, port in (
            ("the panel", self.port),
            ("terminals that push", self.iclock_port),
            ("the phones page", self.phones_port),
            ("the simulated terminals", self.fleet_port),
        ):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError as error:
                    raise CannotStart(
                        f"Port {port} for {name} cannot be had ({error.strerror}). End the program"
                        " that uses it, or choose others:"
                        " make run PORT=9000 HADIR_ICLOCK_PORT=9001"
                    ) from None

    # --- what it runs ------------------------------------------------------------------------

    def redis(self) -> EmbeddedRedis | None:
        """A Redis of its own, started; None when REDIS_URL names one that answers."""
        given = os.environ.get("REDIS_URL")
        if given:
            self.environment["REDIS_URL"] = given
            try:
                Redis.from_url(given, socket_connect_timeout=3).ping()
            except (RedisError, ValueError) as error:
                raise CannotStart(f"REDIS_URL is {given}, but nothing answers: {error}") from None
            return None
        server = EmbeddedRedis(self.folder / "redis")
        try:
            server.start()
        except (NoRedisBinary, RuntimeError) as error:
            raise CannotStart(str(error)) from None
        self.environment["REDIS_URL"] = server.url
        return server

    def child(self, name: str, command: list[str]) -> Child:
        return Child(name, command, self.environment, self.folder / "log" / f"{name}.log")

    def procfile(self) -> list[Child]:
        """The processes of the Procfile, all but `release`, which has run before them."""
        lines = (ROOT / "Procfile").read_text().splitlines()
        named = (line.split(": ", 1) for line in lines if line.strip())
        return [self.child(name, _here(command)) for name, command in named if name != "release"]

    def simulator(self, name: str, module: str, *arguments: str) -> Child:
        return self.child(name, [sys.executable, "-m", f"simulators.{module}", *arguments])

    # --- how it sees that they live ----------------------------------------------------------

    def world_waits_for(self) -> dict[str, Callable[[], bool]]:
        """By name: the simulators, before anything is read from them."""
        return {
            "simulated terminals": lambda: answers(self.fleet_port, "/terminals"),
            "phones' page": lambda: answers(self.phones_port, "/api/people"),
        }

    def waits_for(self, since: datetime) -> dict[str, Callable[[Database], bool]]:
        """By name: what has to be true before people are told to come in."""
        redis_url = self.environment["REDIS_URL"]
        return {
            "panel": lambda _: answers(self.port, "/readyz"),
            "terminals' listener": lambda _: _is_open(self.iclock_port),
            "workers": lambda _: _queues_are_served(redis_url),
            "scheduler": lambda db: _beats(db, "scheduler", since),
            "modem": lambda db: _beats(db, "modem:", since, "open"),
        }


def _port(name: str, default: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not text.isdigit() or not 0 < int(text) < 65526:
        raise CannotStart(f"{name} is {text!r}; give a port between 1 and 65525.")
    return int(text)


def _here(command: str) -> list[str]:
    """A Procfile line with the programs of the environment that runs this launcher."""
    words = shlex.split(command)
    words[0] = str(Path(sys.executable).parent / Path(words[0]).name)
    return words


def answers(port: int, path: str) -> bool:
    """True when an HTTP server on loopback says 200 there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path)
        return connection.getresponse().status == 200
    return False


def _is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


def _queues_are_served(redis_url: str) -> bool:
    with Redis.from_url(redis_url, socket_timeout=5) as client:
        served = {name for worker in Worker.all(connection=client) for name in worker.queue_names()}
    return served >= set(QUEUES)


def _beats(db: Database, prefix: str, since: datetime, flag: str | None = None) -> bool:
    """True when a process whose name begins so gave a fresh sign of life, with `flag` set."""
    with db.read() as session:
        for beat in schedule_queries.heartbeats(session):
            is_fresh = beat.name.startswith(prefix) and beat.at > max(since, now() - FRESH)
            if is_fresh and (flag is None or beat.state.get(flag)):
                return True
    return False


def wait_until(true: Callable[[], bool], what: str, meanwhile: Callable[[], None]) -> None:
    """Wait for a condition, looking after the children meanwhile. CannotStart after PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        meanwhile()
        if time.monotonic() > deadline:
            raise CannotStart(f"The {what} did not come up within {PATIENCE:.0f} seconds.")
        time.sleep(0.1)


def tail(log: Path, lines: int = 6) -> str:
    """The end of a log, for the person who has to know why."""
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""
