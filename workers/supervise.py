"""Children of ours: started, restarted with back-off, ended together within seconds."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

from store.embedded_redis import end_with_parent

log = structlog.get_logger(__name__)

STOP_WITHIN = 4.5  # seconds; every process of ours ends on SIGTERM within five
LONGEST_PAUSE = 30.0


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    output: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    start_at: float = 0.0
    started: float = field(default=0.0)

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self.started = time.monotonic()
        output = self.output.open("ab") if self.output else None
        # a session of its own: Ctrl-C reaches the supervisor, which ends the children in order
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **(self.environment or {})},
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        if output is not None:
            output.close()

    def ask_to_end(self) -> None:
        """SIGTERM to the child alone: it ends its own children in its own order.

        A signal to the whole group let RQ's pool see its worker die first and start another.
        """
        if self.is_alive and self.process is not None:
            self.process.terminate()

    def kill(self) -> None:
        """SIGKILL to the child and all that it started."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _log_end(child: Child, pause: float) -> None:
    code = child.process.returncode if child.process else None
    log.warning("child_ended", child=child.name, code=code, again_in=pause)


class Supervisor:
    """Keeps a set of children running until told to stop; `on_end` hears of each that ended."""

    def __init__(
        self, children: Sequence[Child], on_end: Callable[[Child, float], None] = _log_end
    ):
        self.children = list(children)
        self.on_end = on_end
        self.stopping = False

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the supervision, and with it every child."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def run(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Watch the children until a signal comes, then end them all."""
        for child in self.children:
            child.start()
        try:
            while not self.stopping:
                self.look_after_children()
                meanwhile()
                time.sleep(0.1)
        finally:
            self.stop()

    def look_after_children(self) -> None:
        """Start again what has ended, later each time it fails quickly."""
        now = time.monotonic()
        for child in self.children:
            if child.is_alive or child.process is None:
                continue
            if child.start_at == 0.0:
                lived_long = now - child.started > 60
                child.failures = 1 if lived_long else child.failures + 1
                pause = min(LONGEST_PAUSE, 0.5 * 2**child.failures)
                child.start_at = now + pause
                self.on_end(child, pause)
            elif now >= child.start_at:
                child.start_at = 0.0
                child.start()

    def stop(self) -> None:
        """SIGTERM to all, a little patience, then SIGKILL."""
        for child in self.children:
            child.ask_to_end()
        deadline = time.monotonic() + STOP_WITHIN
        while any(child.is_alive for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.02)
        for child in self.children:
            child.kill()
            if child.process is not None:
                child.process.wait()
