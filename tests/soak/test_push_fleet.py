"""A morning of 500 pushing terminals at the real listener: everything in, and quickly enough.

6,000 punches in two minutes, as 500 terminals at their own pace; the same batch posted to the bare
route (`/healthz`, which does nothing) in the same minutes says what the machine can do just now.
"""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from store.db import Database
from store.punches import Punch, Terminal
from tests.cast import build_cast
from tests.servers import wait_for
from tests.services.terminal_room import count_of

pytestmark = [pytest.mark.soak, pytest.mark.timeout(400)]
TERMINALS, PUNCHES = 500, 12  # 6,000 in all
SECONDS = 120.0
CALLERS = 25  # threads; each plays twenty terminals


@pytest.fixture
def listener(database_url: str, redis_url: str) -> Iterator[str]:
    """gunicorn as in production, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "HADIR_MODE": "training",
        "HADIR_ICLOCK_PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "webapp/gunicorn_iclock.py", "wsgi:iclock"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(lambda: _answers(port), 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def register_fleet(db: Database, unit_id: int) -> None:
    with db.begin() as tx:
        for number in range(TERMINALS):
            tx.add(
                Terminal(
                    name=f"FLEET-{number}", unit_id=unit_id, serial=f"FLEET{number:04d}",
                    is_push=True, port=4370, registered_at=datetime(2020, 1, 1, tzinfo=UTC),
                )
            )  # fmt: skip


class Caller(threading.Thread):
    """Plays some terminals: each posts one punch about every ten seconds."""

    def __init__(self, address: str, numbers: range, ends_at: float) -> None:
        super().__init__(daemon=True)
        self.server = urlsplit(address)
        self.numbers, self.ends_at = numbers, ends_at
        self.posts: list[float] = []
        self.bare: list[float] = []
        self.refused = 0

    def run(self) -> None:
        plan = [(turn, number) for turn in range(PUNCHES) for number in self.numbers]
        began = time.monotonic()
        began_at = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
        for place, (turn, number) in enumerate(plan):
            due = began + SECONDS * place / len(plan) + random.random() * 0.05
            time.sleep(max(0.0, due - time.monotonic()))
            local = began_at + timedelta(seconds=60 * turn + number % 60)
            line = f"{100 + number}\t{local:%Y-%m-%d %H:%M:%S}\t255\t1\t0\t0\t0\n".encode()
            while not self._post(f"/iclock/cdata?SN=FLEET{number:04d}&table=ATTLOG", line):
                self.refused += 1
                time.sleep(0.5)
            if place % 4 == 0:
                self.bare.append(self._timed("/healthz", None)[0])

    def _post(self, path: str, body: bytes) -> bool:
        taken, status, answer = self._timed(path, body)
        self.posts.append(taken)
        return status == 200 and answer.startswith(b"OK")

    def _timed(self, path: str, body: bytes | None) -> tuple[float, int, bytes]:
        started = time.perf_counter()
        connection = http.client.HTTPConnection(
            self.server.hostname or "", self.server.port, timeout=60
        )
        connection.request("POST" if body else "GET", path, body)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return time.perf_counter() - started, response.status, answer


def p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_five_hundred_terminals_push_six_thousand_punches_in_two_minutes(
    db: Database, listener: str
) -> None:
    cast = build_cast(db)
    register_fleet(db, cast.unit)
    share = TERMINALS // CALLERS
    callers = [Caller(listener, range(n * share, (n + 1) * share), SECONDS) for n in range(CALLERS)]
    started = time.monotonic()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(300)
    took = time.monotonic() - started
    posts = [each for caller in callers for each in caller.posts]
    bare = [each for caller in callers for each in caller.bare]
    print(
        f"\n{db.engine.dialect.name:>10}: {len(posts)} posts in {took:.0f} s,"
        f" p50 {1000 * sorted(posts)[len(posts) // 2]:.1f} ms, p99 {1000 * p99(posts):.1f} ms;"
        f" bare route p99 {1000 * p99(bare):.1f} ms: {p99(posts) / p99(bare):.1f} times;"
        f" {sum(caller.refused for caller in callers)} told to come again"
    )
    assert count_of(db, Punch) == TERMINALS * PUNCHES
    assert p99(posts) <= 10 * p99(bare)
