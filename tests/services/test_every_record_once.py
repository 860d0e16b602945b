"""Whatever the order of pulls, pushes, sticks, repeats, crashes and clearings: each record once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from devices.zk_attlog import read_terminal
from domain.access import system
from services import imports, pulls, punches, terminals
from simulators.iclock_terminal import IclockTerminal, PushFaults, PushRecord
from simulators.zk_faults import Faults
from simulators.zk_protocol import READ_BUFFER, decode_time
from simulators.zk_terminal import ZkTerminal
from store.db import Database
from store.punches import Terminal
from tests.cast import build_cast
from tests.push_room import listening
from tests.services.terminal_room import now, stored

BEGAN = datetime(2026, 11, 20, 7, 0)  # noqa: DTZ001 - a terminal's wall clock
PINS = ("101", "102", "999")
TESTER = system("test")
BROKEN_LINES = (
    {"cut": "fin", "cut_after": 700},
    {"cut": "rst", "cut_after": 10},
    {"short_chunk": 40},
    {"missing_bytes": 40},
    {"altered": True},
    {"wrong_checksum": True},
    {"wrong_reply_number": {READ_BUFFER}},
    {"count_error": 1},
    {"count_error": -1},
    {"punches_during_read": 2},
    {"punches_before_read": 1},
)


class OneTerminal(RuleBasedStateMachine):
    """A terminal that is pulled and pushes at once, and whose stick is carried about."""

    database_url: str  # of this example

    def __init__(self) -> None:
        super().__init__()
        self.db = Database(self.fresh_database())
        self.cast = build_cast(self.db)
        self.pulled = ZkTerminal("BOTH0001", layout="40")
        for pin in PINS:
            self.pulled.enroll(pin, pin, slot=int(pin))
        self.pulled.start()
        self._listening = listening(self.db)
        self.pushing = IclockTerminal(self._listening.__enter__(), "BOTH0001", batch=3)
        with self.db.begin() as tx:
            row = tx.get_one(Terminal, self.cast.terminal)
            row.host, row.port = self.pulled.host, self.pulled.port
            row.serial, row.is_push = "BOTH0001", True
        self.truth: set[tuple[str, str]] = set()
        self.old_stick = b""
        self.minute = 0
        self.is_unconfirmed = False

    def fresh_database(self) -> str:
        raise NotImplementedError

    def teardown(self) -> None:
        self.pulled.faults = Faults()
        self._sweep()
        outcome = self._pull()
        if not outcome.ok:  # fewer records than there were: somebody has to say why
            self._confirm("akhirnya dilaporkan")
            outcome = self._pull()
        assert outcome.ok, outcome.sentence
        self._look_at_the_memory()
        assert stored(self.db, self.cast.terminal) == sorted(self.truth)
        self.pulled.stop()
        self._listening.__exit__(None, None, None)
        self.db.engine.dispose()

    # --- what happens ------------------------------------------------------------------------

    @initialize(fingers=st.integers(0, 5))
    def a_terminal_that_was_read_before(self, fingers: int) -> None:
        for _ in range(fingers):
            self.a_finger("102", 1, 60)
        self._pull()

    @rule(pin=st.sampled_from(PINS), times=st.integers(1, 4), step=st.integers(0, 90))
    def a_finger(self, pin: str, times: int, step: int) -> None:
        """Also twice in one second, which is one punch."""
        for _ in range(times):
            self.minute += step
            self.pulled.punch(pin, BEGAN + timedelta(seconds=self.minute))

    @rule(full=st.sampled_from((None, None, None, True)))
    def a_pull(self, full: bool | None) -> None:
        self._pull(full)

    @rule(fault=st.sampled_from(BROKEN_LINES))
    def a_pull_over_a_broken_line(self, fault: dict[str, Any]) -> None:
        self.pulled.faults = Faults(**fault)
        self._pull()
        self.pulled.faults = Faults()

    @rule(
        faults=st.sampled_from(({}, {"lost_replies": 2}, {"doubled": True}, {"cut_body": 1})),
        all_again=st.booleans(),
    )
    def a_push(self, faults: dict[str, Any], all_again: bool) -> None:
        self.pushing.faults = PushFaults(**faults)
        if all_again:
            self.pushing.acknowledged = 0
        self._push()
        self.pushing.faults = PushFaults()

    @rule()
    def a_crash_between_keeping_and_parsing_a_push(self) -> None:
        self._look_at_the_memory()
        if body := _lines(self.pushing.records):
            terminal_id = self.cast.terminal
            punches.keep(self.db, terminal_id, "push", body, received_at=now(), layout="attlog")

    @rule()
    def a_crash_between_keeping_and_parsing_a_pull(self) -> None:
        """The reader dies before the ledger is written: the lock stays until its lease ends."""

        class Killed(BaseException):
            pass

        def take_in(*_: object, **__: object) -> None:
            raise Killed

        self._look_at_the_memory()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(punches, "take_in", take_in)
            try:
                pulls.pull(self.db, now, read_terminal, self.cast.terminal)
            except Killed:
                assert self._pull().code == "busy"
        with self.db.begin() as tx:  # the lease runs out
            tx.get_one(Terminal, self.cast.terminal).locked_until = now() - timedelta(seconds=1)

    @rule()
    def the_sweep(self) -> None:
        self._sweep()

    @rule(is_new=st.booleans())
    def a_stick_is_carried(self, is_new: bool) -> None:
        """Filled and read at once, or the one of another day is read."""
        self._read_stick(self.old_stick)
        if is_new:
            self.old_stick = self._stick()

    @precondition(lambda self: self.pulled.records and not self.is_unconfirmed)
    @rule()
    def people_clear_the_log_after_reading_it(self) -> None:
        outcome = self._pull(full=True)
        assert outcome.ok, outcome.sentence
        self._clear()
        self._confirm("memori hampir penuh")

    @precondition(lambda self: self.pulled.records)
    @rule(taken=st.booleans(), new=st.sampled_from((0, 1, 12)))
    def people_clear_the_log_behind_our_back(self, taken: bool, new: int) -> None:
        """What was never read is gone; what was read stays, and later records come in."""
        if taken:
            self._push()
        self._sweep()
        lost = set(self._memory()) - set(stored(self.db, self.cast.terminal))
        self._read_stick(self.old_stick)
        self.truth -= lost - set(stored(self.db, self.cast.terminal))
        self._clear()
        for _ in range(new):  # perhaps more than there were before
            self.a_finger("101", 1, 7)

    @precondition(lambda self: self.is_unconfirmed)
    @rule()
    def a_person_says_that_the_log_was_cleared(self) -> None:
        self._confirm("dihapus petugas")

    def _clear(self) -> None:
        self.pulled.clear()
        self.pushing.records, self.pushing.acknowledged = [], 0
        self.is_unconfirmed = True

    def _confirm(self, why: str) -> None:
        if self.is_unconfirmed:
            terminals.confirm_clear(self.db, now(), TESTER, "UPT1-A", why)
            self.is_unconfirmed = False

    # --- how it is done ----------------------------------------------------------------------

    def _memory(self) -> list[tuple[str, str]]:
        return [
            (record.pin.decode(), f"{decode_time(record.time):%Y-%m-%d %H:%M:%S}")
            for record in self.pulled.records
        ]

    def _look_at_the_memory(self) -> None:
        """The pushing half and the truth know what is in the terminal now."""
        memory = self._memory()
        self.truth |= set(memory)
        known = len(self.pushing.records)
        self.pushing.records += [PushRecord(pin, local, 255, 1) for pin, local in memory[known:]]

    def _pull(self, full: bool | None = None) -> pulls.PullOutcome:
        outcome = pulls.pull(
            self.db, now, read_terminal, self.cast.terminal, full=full, deadline_s=20
        )
        self._look_at_the_memory()
        return outcome

    def _push(self) -> None:
        self._look_at_the_memory()
        for _ in range(3):
            self.pushing.step()

    def _sweep(self) -> None:
        punches.parse_waiting(self.db, now() + timedelta(minutes=1))

    def _stick(self) -> bytes:
        self._look_at_the_memory()
        return "".join(f"{pin:>9}\t{local}\t1\t0\t1\t0\n" for pin, local in self._memory()).encode()

    def _read_stick(self, stick: bytes) -> None:
        if stick:
            imports.import_usb(self.db, now(), TESTER, "UPT1-A", stick, "1_attlog.dat")

    @invariant()
    def nothing_is_stored_that_no_finger_made(self) -> None:
        self._look_at_the_memory()
        assert set(stored(self.db, self.cast.terminal)) <= self.truth


def _lines(records: list[PushRecord]) -> bytes:
    return "".join(
        f"{r.pin}\t{r.local}\t{r.status}\t{r.verify}\t0\t0\t0\n" for r in records
    ).encode()


def run(database_url: Iterator[str], examples: int, steps: int) -> None:
    machine = type("Machine", (OneTerminal,), {"fresh_database": lambda _: next(database_url)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.fixture(autouse=True)
def a_short_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that already a few records are read by their tail."""
    monkeypatch.setattr(pulls, "OVERLAP", 2)


def sqlite_files(template: Path, folder: Path) -> Iterator[str]:
    for number in range(1_000_000):
        path = folder / f"{number}.db"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: many databases, each with its own waits for a disk."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


def test_each_record_is_stored_once(sqlite_template: Path, quick_folder: Path) -> None:
    run(sqlite_files(sqlite_template, quick_folder), examples=12, steps=10)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_each_record_is_stored_once_in_many_orders(
    sqlite_template: Path, quick_folder: Path
) -> None:
    run(sqlite_files(sqlite_template, quick_folder), examples=60, steps=25)
