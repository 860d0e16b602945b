"""`make run`: the whole training house on one machine, started, watched and ended together.

    python -m workers.run [--folder var] [--history-days 30]     start, or go on where it ended
    python -m workers.run reset [--folder var]                   forget everything

No root, no Docker, no service of the system: an embedded Redis, SQLite, the Procfile's processes,
and simulators of a modem with phones and of terminals. DATABASE_URL and REDIS_URL from outside are
used instead when given.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

import structlog
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from config.settings import TRAINING
from store import migrate, schedule_queries
from store.db import Database
from workers import run_training
from workers.doors import now
from workers.run_house import CannotStart, House, tail, wait_until
from workers.supervise import Child, Supervisor

MADE_HERE = (
    "hadir.db", "hadir.db-wal", "hadir.db-shm", "redis", "log", "training", "terminals", "gammurc",
    "modem", "phones.jsonl", "run.lock",
)  # fmt: skip
GIVES_UP_AFTER = 4  # starts of one process that end at once


def start(house: House, history_days: int) -> None:
    """Start everything, tell people where to go, watch until Ctrl-C, end everything."""
    with ExitStack() as ending:
        ending.enter_context(house.alone())
        house.prepare()
        house.check_ports()
        with step("Redis dan basis data", "Redis and database"):
            redis = house.redis()
            if redis is not None:
                ending.callback(redis.stop)
            db = open_database(house.environment["DATABASE_URL"])
        world = Supervisor(_world(house), say_that_it_ended)
        ending.callback(world.stop)
        _bring_up_the_world(house, db, world, history_days)
        processes = Supervisor(house.procfile(), say_that_it_ended)
        ending.callback(processes.stop)
        with step("Panel, pekerja, penjadwal, modem", "Panel, workers, scheduler, modem"):
            _start(processes)
            for what, true in house.waits_for(now()).items():
                wait_until(partial(true, db), what, partial(_look_after, processes, world))
        print(run_training.welcome(house), flush=True)
        while True:
            _look_after(processes, world)
            time.sleep(0.2)


def open_database(url: str) -> Database:
    """The migrated database; refuses one that was made for production."""
    db = Database(url)
    try:
        is_new = not inspect(db.engine).has_table("install")
    except SQLAlchemyError as error:
        raise CannotStart(f"The database does not answer: {error}") from None
    if not is_new:
        with db.read() as session:
            install = schedule_queries.installation(session)
        if install is None or install.mode != TRAINING:
            raise CannotStart(
                "DATABASE_URL names a database that was made for production; `make run` would fill"
                " it with invented people. Give another, or none."
            )
    migrate.upgrade(db, TRAINING)
    return db


def _bring_up_the_world(house: House, db: Database, world: Supervisor, history_days: int) -> None:
    """The simulators run; on the first start the training data comes in around that."""
    with step("Provinsi latihan", "Training province"):
        run_training.make_world(house, history_days)
    is_new = not run_training.is_loaded(db)
    if is_new:
        run_training.load_people(house, db, step)
    with step("Modem, ponsel, mesin sidik jari tiruan", "Simulated modem, phones, terminals"):
        _start(world)
        for what, true in house.world_waits_for().items():
            wait_until(true, what, partial(_look_after, world))
    if is_new:
        run_training.load_scans(house, db, step)


def _world(house: House) -> list[Child]:
    kept = str(house.folder / "phones.jsonl")
    return [
        house.simulator(
            "terminals",
            "zk_fleet",
            str(house.training / "terminals.json"),
            *("--state", str(house.folder / "terminals"), "--control", str(house.fleet_port)),
        ),
        house.simulator(
            "phones",
            "phones",
            str(house.training / "people.json"),
            *("--modem", str(house.modem_link), "--port", str(house.phones_port)),
            *("--fleet", str(house.fleet_port), "--kept", kept),
        ),
        house.simulator(
            "life",
            "training_life",
            str(house.training / "world.json"),
            *("--fleet", str(house.fleet_port)),
        ),
    ]


def _start(supervisor: Supervisor) -> None:
    for child in supervisor.children:
        child.start()


def _look_after(*supervisors: Supervisor) -> None:
    for supervisor in supervisors:
        supervisor.look_after_children()


def say_that_it_ended(child: Child, pause: float) -> None:
    code = child.process.returncode if child.process else None
    log = child.output
    end = tail(log) if log else ""
    if child.failures >= GIVES_UP_AFTER:
        raise CannotStart(
            f"{child.name} ended {child.failures} times at once (code {code}). {log} says:\n{end}"
        )
    print(f"  {child.name} ended (code {code}) and starts again in {pause:.0f} s. {log}:\n{end}")


@contextmanager
def step(words: str, english: str) -> Iterator[None]:
    """One step of the start on one line, with the seconds it took."""
    print(f"  {words} ({english}) ...", end=" ", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def _end_once(_number: int, _frame: FrameType | None) -> None:
    """The first signal ends everything in order; more of them would only cut that short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def reset(house: House) -> None:
    """Forget everything the start has made; other files of the folder stay."""
    with house.alone():
        for name in MADE_HERE:
            path = house.folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    print(f"{house.folder} is empty again; the next `make run` starts afresh.")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m workers.run", description=start.__doc__)
    parser.add_argument("what", nargs="?", choices=("start", "reset"), default="start")
    parser.add_argument("--folder", type=Path, default=Path("var"))
    parser.add_argument("--history-days", type=int, default=30, help="of invented past")
    asked = parser.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))  # warnings only
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end_once)
    try:
        house = House(asked.folder)
        if asked.what == "reset":
            reset(house)
        else:
            print("Hadir: rumah latihan dinyalakan (starting the training house)", flush=True)
            start(house, asked.history_days)
    except CannotStart as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nSelesai (ended). Data tetap di (stay in) {asked.folder}/", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
