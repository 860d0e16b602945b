"""The whole service as real processes on free ports, for tests that walk through it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from store.embedded_redis import free_port
from tests.servers import PYTHON

ROOT = Path(__file__).parent.parent
STOPS_WITHIN = 10.0  # seconds; the house keeps five, a machine under tests may be slow


@dataclass
class Running:
    """Processes of the Procfile by name, all with the same environment; logs under `folder`."""

    folder: Path
    database_url: str
    redis_url: str
    more: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "HADIR_MODE": "training",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": "a secret of more than thirty-two letters",
            "HADIR_PUBLIC_URL": self.address,
            "PORT": str(self.port),
            "HADIR_ICLOCK_PORT": str(free_port()),
            **self.more,
        }

    def start(self, *names: str) -> None:
        """Start lines of the Procfile, 'web' or 'modem', as they stand there."""
        for name in names:
            command = procfile()[name].replace(".venv/bin/", f"{Path(PYTHON).parent}/").split()
            with (self.folder / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log
                )

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.address}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def flask(self, *arguments: str, text: str = "") -> str:
        """What a `flask` command prints; fails with its words when it fails."""
        done = subprocess.run(
            [PYTHON, "-m", "flask", *arguments],
            cwd=ROOT, env=self.environment(), input=text, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stop(self) -> dict[str, float]:
        """SIGTERM to all; seconds until each had ended. Whoever is still there is killed."""
        began = time.monotonic()
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        took = {}
        for name, process in self.processes.items():
            try:
                process.wait(max(0.1, began + 30 - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            took[name] = time.monotonic() - began
        self.processes.clear()
        return took

    def words_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


def procfile() -> dict[str, str]:
    """The Procfile's lines by name."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if line.strip())


class Desk:
    """Somebody at the panel, through real HTTP and the real forms."""

    def __init__(self, address: str, login: str, password: str):
        self.address = address
        self.http = requests.Session()
        self._post("/login", self.http.get(f"{address}/login", timeout=10).text,
                   {"login": login, "password": password})  # fmt: skip

    def read(self, path: str) -> str:
        answer = self.http.get(f"{self.address}{path}", timeout=10)
        assert answer.ok, f"{path}: {answer.status_code}"
        return answer.text

    def press(self, page: str, action: str, **typed: Any) -> str:
        """Send the form of `page` whose address matches `action`; gives the page that follows."""
        text = self.read(page)
        form = re.search(rf'<form[^>]*action="({action})"[^>]*>(.*?)</form>', text, re.S)
        assert form is not None, f"no form {action} on {page}"
        hidden = re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', form.group(2))
        return self._post(form.group(1), form.group(2), {**dict(hidden), **typed})

    def _post(self, path: str, form: str, typed: dict[str, Any]) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token is not None, "a form without a token"
        answer = self.http.post(
            f"{self.address}{path}",
            data={**typed, "csrf_token": token.group(1)},
            headers={"Referer": self.address},
            timeout=10,
        )
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.text
