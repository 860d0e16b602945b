"""Inbound webhooks per second and their slowest, beside a bare Flask route with one INSERT.

Both run under the same gunicorn settings on SQLite files of their own with the same promises of
durability; rounds alternate, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from simulators.twilio import Twilio
from store.embedded_redis import free_port
from tests.running import ROOT
from tests.servers import PYTHON, wait_for

ROUNDS, CONNECTIONS, REQUESTS = 7, 4, 100
GOAL = 0.7
_ids = count(1)


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[int]:
    """A gunicorn like the panel's; yields its port."""
    port = free_port()
    gunicorn = Path(PYTHON).parent / "gunicorn"
    process = subprocess.Popen(
        [str(gunicorn), "--config", "webapp/gunicorn_web.py", "--log-level", "error", application],
        cwd=ROOT,
        env=os.environ | environment | {"PORT": str(port)},
    )
    try:
        wait_for(lambda: _answers(port), seconds=60)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        link.request("GET", "/nowhere")
        return bool(link.getresponse().read() or True)
    except OSError:
        return False
    finally:
        link.close()


def _messages(twilio: Twilio, url: str) -> list[tuple[bytes, dict[str, str]]]:
    """Signed forms, made before the clock runs."""
    made = []
    for _ in range(CONNECTIONS * REQUESTS):
        sid = f"SM{next(_ids):032x}"
        form = {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": twilio.account, "NumMedia": "0",
            "From": f"+1415555{next(_ids) % 10_000:04d}", "To": twilio.number,
            "Body": "Assalamualaikum pak, mohon izin tidak masuk hari ini karena sakit",
            "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": twilio.signature(url, form),
        }
        made.append((urlencode(form).encode(), headers))
    return made


def _round(port: int, path: str, messages: list[tuple[bytes, dict[str, str]]]) -> list[float]:
    """Post all over a few connections; seconds of each, then the whole as the last."""

    def post(mine: list[tuple[bytes, dict[str, str]]]) -> list[float]:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        took = []
        for body, headers in mine:
            began = time.perf_counter()
            link.request("POST", path, body, headers)
            answer = link.getresponse()
            answer.read()
            took.append(time.perf_counter() - began)
            assert answer.status == 200
        link.close()
        return took

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        parts = list(pool.map(post, [messages[n::CONNECTIONS] for n in range(CONNECTIONS)]))
    return [*(took for part in parts for took in part), time.perf_counter() - began]


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98] * 1000


@pytest.mark.bench
def test_a_webhook_is_nearly_as_quick_as_one_bare_insert(
    tmp_path: Path, sqlite_template: Path, redis_url: str
) -> None:
    twilio = Twilio("AC" + "0a" * 16, "a token of Twilio")
    public = "https://hadir.example"
    database = tmp_path / "hadir.db"
    database.write_bytes(sqlite_template.read_bytes())
    hadir = {
        "HADIR_MODE": "training",
        "DATABASE_URL": f"sqlite:///{database}",
        "REDIS_URL": redis_url,
        "SECRET_KEY": "a secret of more than thirty-two letters",
        "HADIR_PUBLIC_URL": public,
        "TWILIO_ACCOUNT_SID": twilio.account,
        "TWILIO_AUTH_TOKEN": twilio.token,
        "TWILIO_FROM": twilio.number,
    }
    bare = {"DATABASE_URL": f"sqlite:///{tmp_path / 'bare.db'}"}
    path = "/sms/twilio/inbound"
    ours: list[float] = []
    theirs: list[float] = []
    ratios: list[float] = []
    with (
        serving("wsgi:app", hadir) as port,
        serving("tests.bench.bare_insert:app", bare) as bare_port,
    ):
        for number in range(ROUNDS + 1):
            messages = _messages(twilio, public + path)
            *floor_times, floor = _round(bare_port, path, messages)
            *times, whole = _round(port, path, messages)
            if number:  # the first round warms both
                ours += times
                theirs += floor_times
                ratios.append(floor / whole)
    rate = len(ours) / sum(ours) * CONNECTIONS
    floor_rate = len(theirs) / sum(theirs) * CONNECTIONS
    print(
        f"\nwebhook {rate:.0f}/s, p99 {_p99(ours):.1f} ms; one bare INSERT {floor_rate:.0f}/s, "
        f"p99 {_p99(theirs):.1f} ms; ratio {statistics.median(ratios):.2f} "
        f"(of {', '.join(f'{r:.2f}' for r in sorted(ratios))})"
    )
    assert statistics.median(ratios) >= GOAL
