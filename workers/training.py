"""`make run`: the whole service with training data, on one machine, without root.

Starts the embedded Redis and the simulated town (phones, a modem on a pty, terminals on TCP), loads
the training roster the first time, then keeps the Procfile's processes running until Ctrl-C.
Everything lives under var/training; `make reset` removes it.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import config.settings as settings
from store.embedded_redis import EmbeddedRedis
from workers.supervise import Child, Supervisor
from workers.training_data import LOGINS, PASSWORD, load

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "var" / "training"
HISTORY = timedelta(days=30)


def main() -> int:
    port = int(os.environ.get("PORT", "8000"))
    iclock_port = int(os.environ.get("HADIR_ICLOCK_PORT", str(port + 1)))
    busy = [each for each in (port, iclock_port, port + 10) if _is_taken(each)]
    if busy:
        print(f"Port {busy[0]} is taken. Choose another: make run PORT=8100", file=sys.stderr)
        return 1
    (HOME / "log").mkdir(parents=True, exist_ok=True)
    redis = EmbeddedRedis(HOME / "redis")
    environment = _environment(port, iclock_port, redis.url)
    os.environ.update(environment)
    try:
        with _step("Redis (embedded)"):
            redis.start()
        return _run(environment, port)
    except KeyboardInterrupt:
        print("\nStopped before everything was up; make run goes on where this ended.")
        return 130
    finally:
        redis.stop()


def _run(environment: Mapping[str, str], port: int) -> int:
    with _step("Database"):
        _command("flask", "db", "upgrade")
    is_first = not (HOME / "roster").is_dir()
    if is_first:
        with _step("Training roster (a province in small)"):
            _command(
                "python",
                "-m",
                "simulators.training_roster",
                str(HOME / "roster"),
                "--today",
                _today().isoformat(),
            )
    town = Child(
        "town",
        [
            sys.executable,
            "-m",
            "simulators.town",
            str(HOME),
            "--port",
            str(port + 10),
            "--panel",
            f"http://127.0.0.1:{port}",
        ],
        output=HOME / "log" / "town.log",
    )
    supervisor = Supervisor([town, *_procfile(environment)])
    supervisor.stop_on_signals()
    try:
        town.start()
        with _step("Phones, modem and terminals"):
            _wait_for(f"http://127.0.0.1:{port + 10}/town", town, seconds=60)
        with _step("People, accounts and terminals"):
            load(HOME, _today(), HISTORY)
        for child in supervisor.children[1:]:
            child.start()
        with _step("Panel and workers"):
            _wait_for(f"http://127.0.0.1:{port}/readyz", supervisor.children[1], seconds=60)
        _tell(port)
        while not supervisor.stopping:
            supervisor.look_after_children()
            time.sleep(0.2)
        print("\nEnding ...")
    finally:
        supervisor.stop()
    print("Ended. The data stays: make run goes on with it, make reset starts afresh.")
    return 0


def _today() -> date:
    return (datetime.now(UTC) + timedelta(hours=8)).date()  # the training province is on WITA


def _environment(port: int, iclock_port: int, redis_url: str) -> dict[str, str]:
    """What the processes are told; also written down for a second shell."""
    gammurc = HOME / "gammurc"
    gammurc.write_text(
        f"[gammu]\nmodel = at\ndevice = {HOME / 'modem'}\nconnection = at115200\n"
        "atgen_setcnmi = 2,1,0,1,0\n"
    )
    environment = {
        "HADIR_MODE": settings.TRAINING,
        "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{HOME / 'hadir.db'}"),
        "REDIS_URL": redis_url,
        "SECRET_KEY": settings.TRAINING_SECRET,
        "HADIR_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "HADIR_ICLOCK_PORT": str(iclock_port),
        "GAMMU_CONFIG": str(gammurc),
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
    (HOME / "env.sh").write_text("\n".join(lines) + "\n")
    return environment


def _procfile(environment: Mapping[str, str]) -> Iterator[Child]:
    for line in (ROOT / "Procfile").read_text().splitlines():
        name, _, command = line.partition(":")
        if name != "release":
            yield Child(name, shlex.split(command), environment, HOME / "log" / f"{name}.log")


def _command(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(ROOT / ".venv" / "bin" / program), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        sys.exit(f"{program} {' '.join(arguments)} failed; see above.")


@contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"  {name:<42}", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed")
        raise
    print(f"ready  {time.monotonic() - started:5.1f} s", flush=True)


def _wait_for(url: str, child: Child, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        if child.process is not None and child.process.poll() is not None:
            break
        time.sleep(0.1)
    tail = child.output.read_text(errors="replace")[-1500:] if child.output else ""
    sys.exit(f"{child.name} does not answer at {url}. The end of its log:\n{tail}")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _tell(port: int) -> None:
    accounts = "\n".join(f"      {login:<10} {who}" for login, who in LOGINS)
    people = json.loads((HOME / "town.json").read_text())["people"]
    budi, sri = people[0]["name"], people[1]["name"]
    print(
        f"""
  Hadir is up (training).

    Panel                http://127.0.0.1:{port}
    Phones and terminals http://127.0.0.1:{port + 10}

    Log-ins (password for all: {PASSWORD})
{accounts}

    Try this
      1. Open the phones. As {budi} send:   izin sakit hari ini
      2. As {sri} read the SMS that arrives and answer YA with its code.
      3. Log in to the panel as rahmat: the case stands in the queue. Pass it on.
      4. Log in as dewi: record it. The day on Budi's month page changes.
      5. On the phones page put a finger on a terminal; the board follows.

    Another shell:  . var/training/env.sh   then   .venv/bin/flask --help
    Logs:           var/training/log/       Ctrl-C ends everything.
""",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
