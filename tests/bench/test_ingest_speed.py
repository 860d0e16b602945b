"""From raw bytes to committed punches with their ledger, beside the bare writing of ready rows.

The floor is what the database itself needs: COPY into a staging table and one INSERT .. ON CONFLICT
on PostgreSQL, executemany on SQLite, both of rows that somebody has prepared. Ours begins with a
terminal's bytes: kept first, parsed, given to people, stored, days marked, ledger written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

import pytest

from devices.zk_attlog import AttlogRead
from services import pulls
from simulators.zk_protocol import pack_records
from simulators.zk_terminal import ZkTerminal, fill
from store.db import Database
from store.punches import Punch, Terminal
from tests.cast import build_cast
from tests.services.terminal_room import count_of, stored

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
RECORDS = 100_000
ROUNDS = 3


def a_read() -> AttlogRead:
    """What the reader brings from a full terminal of 2,000 people."""
    terminal = ZkTerminal(layout="40", capacity=RECORDS)
    fill(terminal, RECORDS, 2000)
    raw = pack_records("40", terminal.records)
    at = datetime(2026, 11, 24, 4, tzinfo=UTC)
    return AttlogRead(
        raw=raw, layout="40", first_index=0, record_count_before=RECORDS,
        record_count_after=RECORDS, record_capacity=RECORDS, total_bytes=len(raw) + 4,
        started_at=at, finished_at=at, device_time="2026-11-24 12:00:00", clock_offset_seconds=0,
        serial="BENCH001", firmware="x",
    )  # fmt: skip


def a_terminal(db: Database, unit_id: int, number: int) -> int:
    with db.begin() as tx:
        terminal = Terminal(
            name=f"BENCH-{number}", unit_id=unit_id, host="127.0.0.1", port=5000 + number,
            registered_at=datetime(2020, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        tx.add(terminal)
        tx.flush()
        return terminal.id


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def ours(db: Database, read: AttlogRead, terminal_id: int) -> None:
    at = datetime(2026, 11, 24, 4, tzinfo=UTC)

    def reader(*_: object, **__: object) -> AttlogRead:
        return replace(read, serial=f"BENCH{terminal_id:03d}")

    outcome = pulls.pull(db, lambda: at, reader, terminal_id, full=True)
    assert (outcome.ok, outcome.new) == (True, RECORDS)


COLUMNS = "local_date, pin, local, at, status, punch, employee_id, doubtful, terminal_id, source"


def ready_rows(db: Database, terminal_id: int, template: int) -> list[tuple[object, ...]]:
    with db.read() as session:
        found = session.connection().exec_driver_sql(
            f"SELECT {COLUMNS} FROM punch WHERE terminal_id = {template} ORDER BY local"
        )
        return [(*row[:8], terminal_id, row[9]) for row in found]


def floor_postgresql(db: Database, rows: list[tuple[object, ...]]) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TEMPORARY TABLE bare (local_date date, pin text, local text, at timestamptz,"
            " status int, punch int, employee_id int, doubtful text, terminal_id int, source text)"
            " ON COMMIT DROP"
        )
        driver = connection.connection.driver_connection
        with driver.cursor().copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        connection.exec_driver_sql(
            f"INSERT INTO punch ({COLUMNS}) SELECT * FROM bare ON CONFLICT DO NOTHING"
        )


def floor_sqlite(db: Database, rows: list[tuple[object, ...]]) -> None:
    marks = ",".join("?" * 10)
    with db.begin() as tx:
        tx.connection().exec_driver_sql(
            f"INSERT INTO punch ({COLUMNS}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows
        )


def test_raw_bytes_become_rows_at_a_third_of_the_databases_own_speed_or_better(
    db: Database,
) -> None:
    cast = build_cast(db)
    read = a_read()
    floor = floor_postgresql if db.is_postgresql else floor_sqlite
    first = a_terminal(db, cast.unit, 0)
    ours(db, read, first)
    taken, bare = [], []
    for number in range(1, ROUNDS + 1):
        mine, theirs = (a_terminal(db, cast.unit, 2 * number + n) for n in (0, 1))
        rows = ready_rows(db, theirs, first)
        taken.append(seconds(lambda mine=mine: ours(db, read, mine)))  # type: ignore[misc]
        bare.append(seconds(lambda rows=rows: floor(db, rows)))  # type: ignore[misc]
        assert len(stored(db, mine)) == RECORDS == len(rows)
    assert count_of(db, Punch) == RECORDS * (1 + 2 * ROUNDS)
    ratio = median(bare) / median(taken)
    print(
        f"\n{db.engine.dialect.name:>10}: {RECORDS:,} records in {median(taken):.2f} s,"
        f" bare writing {median(bare):.2f} s: {ratio:.2f} of its speed"
        f" ({RECORDS / median(taken):,.0f} records/s)"
    )
    # the goal is set against COPY; SQLite's executemany of ready rows leaves less to win
    assert ratio >= (0.3 if db.is_postgresql else 0.2)
