"""From committed punches to days, beside the set-based floor and the bare function's loop.

2,000 employees and 22 working days on SQLite and PostgreSQL, on empty tables and with millions of
punches stored (HADIR_BENCH_STORED, 5,000,000 by default). All figures are measured side by side in
one run, each the middle of several; `pytest -m bench -s tests/bench/test_day_speed.py` prints them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Column, Index, MetaData, Table, event, insert, text

from domain.cases import CaseKind, CaseStatus
from domain.days import derive
from domain.people import Employment
from services import days
from store import day_queries
from store.cases import Case
from store.day_facts import FactBook
from store.db import Database
from store.people import Assignment, Employee, Unit
from store.punches import Punch, Terminal, TerminalId
from tests.cast import build_cast

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
PEOPLE, UNITS = 2_000, 10
WORKING = [day for n in range(30) if (day := date(2026, 11, 1) + timedelta(days=n)).weekday() < 5]
WORKING = [*WORKING, date(2026, 12, 1)][:22]
NOW = datetime(2026, 12, 3, tzinfo=UTC)
ROUNDS = 3
STORED = int(os.environ.get("HADIR_BENCH_STORED", "5000000"))


def furnish(db: Database) -> list[tuple[int, int]]:
    """Ten units with a terminal each and 200 people; returns (employee, terminal)."""
    cast = build_cast(db)
    began = date(2020, 1, 1)
    with db.begin() as tx:
        parent = tx.get_one(Unit, cast.province)
        pairs = []
        for number in range(UNITS):
            unit = Unit(
                code=f"B{number}", name=f"UPT {number}", kind="upt", parent_id=parent.id, path=""
            )
            tx.add(unit)
            tx.flush()
            unit.path = f"{parent.path}{unit.id}/"
            terminal = Terminal(
                name=f"B{number}-A", unit_id=unit.id, complete_up_to=NOW, clock_offset=0,
                registered_at=datetime(2020, 1, 1, tzinfo=UTC),
            )  # fmt: skip
            tx.add(terminal)
            tx.flush()
            for _ in range(PEOPLE // UNITS):
                person = Employee(name="Pegawai", employment=Employment.PNS, in_service_from=began)
                tx.add(person)
                tx.flush()
                pairs.append((person.id, terminal.id))
                tx.add(Assignment(employee_id=person.id, unit_id=unit.id, first_day=began))
                tx.add(
                    TerminalId(
                        terminal_id=terminal.id, pin=str(person.id), employee_id=person.id,
                        first_day=began,
                    )
                )  # fmt: skip
    return pairs


def rows_of(pairs: list[tuple[int, int]], dates: list[date]) -> list[dict[str, object]]:
    """Two scans a day; every tenth person comes late, so that proofs are asked for, too."""
    rows = []
    for day in dates:
        for employee_id, terminal_id in pairs:
            for clock in ("07:50:00" if employee_id % 10 == 0 else "07:20:00", "16:05:00"):
                local = f"{day} {clock}"
                at = datetime.fromisoformat(f"{local}+08:00").astimezone(UTC)
                rows.append(
                    {
                        "local_date": day, "terminal_id": terminal_id, "pin": str(employee_id),
                        "local": local, "at": at, "status": 1, "punch": 0, "source": "pull",
                        "employee_id": employee_id,
                    }
                )  # fmt: skip
    return rows


def store(db: Database, rows: list[dict[str, object]]) -> None:
    with db.begin() as tx:
        for start in range(0, len(rows), 20_000):
            tx.execute(insert(Punch), rows[start : start + 20_000])


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def floor(db: Database, rows: list[dict[str, object]]) -> float:
    """The least a database does for the same days; nothing is judged, nothing kept of it.

    COPY (SQLite: insert) of the same punches into a table with the columns, key and indexes of the
    real one, committed; then one grouped query of everybody's first and last punch, fetched. In its
    favour: no foreign keys, and values that need no more work.
    """
    punch = Punch.__table__
    columns = (Column(c.name, c.type, primary_key=c.primary_key) for c in punch.columns)
    twin = Table("floor_punch", MetaData(), *columns)
    for index in punch.indexes:  # type: ignore[attr-defined]  # a table has some
        Index(f"floor_{index.name}", *(twin.c[column.name] for column in index.columns))
    twin.drop(db.engine, checkfirst=True)
    twin.create(db.engine)
    return load_and_group(db, "floor_punch", rows)


def load_and_group(db: Database, table: str, rows: list[dict[str, object]]) -> float:
    """Seconds for the punches into `table` and the grouped query out of it."""
    names = [column.name for column in Punch.__table__.columns]
    values = [tuple(row.get(name) for name in names) for row in rows]
    if not db.is_postgresql:
        values = [(str(v[0]), *v[1:4], str(v[4])[:19] + ".000000", *v[5:]) for v in values]

    def act() -> None:
        with db.engine.begin() as connection:
            cursor: Any = connection.connection.cursor()
            if db.is_postgresql:
                with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                    for value in values:
                        copy.write_row(value)
            else:
                holes = ", ".join("?" * len(names))
                cursor.executemany(
                    f"INSERT INTO {table} ({', '.join(names)}) VALUES ({holes})", values
                )
        with db.engine.begin() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(
                f"SELECT employee_id, local_date, min(at), max(at) FROM {table}"
                " GROUP BY employee_id, local_date"
            )
            assert len(cursor.fetchall()) == len(rows) // 2

    return seconds(act)


def derive_all(db: Database, pairs: list[tuple[int, int]]) -> tuple[float, float]:
    """Seconds and queries per day for every day of the month, from dirty to stored."""
    with db.begin() as tx:
        tx.execute(text("DELETE FROM attendance_day"))
        marks = [(employee_id, day) for employee_id, _ in pairs for day in WORKING]
        day_queries.mark_dirty(tx, marks, "punch", NOW)
    asked = 0

    def count(*_: object) -> None:
        nonlocal asked
        asked += 1

    event.listen(db.engine, "before_cursor_execute", count)
    taken = seconds(lambda: days.derive_dirty(db, lambda: NOW))
    event.remove(db.engine, "before_cursor_execute", count)
    return taken, asked / len(marks)


def bare_loop(db: Database, pairs: list[tuple[int, int]]) -> float:
    """The pure function over facts that are already in hand, for as many days."""
    keys = [(employee_id, WORKING[0]) for employee_id, _ in pairs]
    with db.read() as session:
        book = FactBook(session, keys)
        facts = [book.facts(employee_id, day) for employee_id, day in keys]
    return seconds(lambda: [derive(each, NOW) for each in facts]) * len(WORKING)


def late_punch(db: Database, employee_id: int, terminal_id: int, day: date) -> None:
    (late, _) = rows_of([(employee_id, terminal_id)], [day])
    store(db, [{**late, "local": f"{day} 09:10:00"}])


def late_decision(db: Database, employee_id: int, terminal_id: int, day: date) -> None:
    with db.begin() as tx:
        unit_id = tx.get_one(Terminal, terminal_id).unit_id
        tx.add(
            Case(
                employee_id=employee_id, unit_id=unit_id, kind=CaseKind.ANNUAL,
                status=CaseStatus.CONFIRMED, start_date=day, end_date=day, source="panel",
                submitted_at=NOW, submitted_by="system:bench",
            )
        )  # fmt: skip


def one_change(
    db: Database, pairs: list[tuple[int, int]], change: Callable[..., None], day: date
) -> float:
    """From one late fact that is stored and marked to its day: the middle of many, milliseconds."""
    taken = []
    for employee_id, terminal_id in pairs[:51]:
        change(db, employee_id, terminal_id, day)
        with db.begin() as tx:
            day_queries.mark_dirty(tx, [(employee_id, day)], "bench", NOW)
        taken.append(seconds(lambda: days.derive_dirty(db, lambda: NOW)) * 1000)
    return median(taken)


def fill(db: Database, pairs: list[tuple[int, int]], count: int) -> None:
    """As many older punches of the same people, made in the database itself."""
    per_day = len(pairs) * 2
    number = (
        f"generate_series(1, {count // per_day}) AS n(n)"
        if db.is_postgresql
        else f"(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n"
        f" LIMIT {count // per_day}) SELECT n FROM n) AS n"
    )
    day = "(DATE '2026-09-01' - n.n)" if db.is_postgresql else "date('2026-09-01', -n.n || ' days')"
    at = f"({day} || ' 00:00:00')" + ("::timestamptz" if db.is_postgresql else "")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO punch (local_date, terminal_id, pin, local, at, status, punch, source,"
            " employee_id) "
            f"SELECT {day}, t.terminal_id, t.pin, {day} || c.clock, {at}, 1, 0, 'pull',"
            f" t.employee_id FROM {number} CROSS JOIN terminal_id t CROSS JOIN"
            " (SELECT ' 07:20:00' AS clock UNION ALL SELECT ' 16:05:00') AS c"
            f" WHERE t.employee_id >= {pairs[0][0]}"
        )
        connection.exec_driver_sql("ANALYZE")


def test_days_beside_their_floor_on_empty_and_on_full_tables(db: Database) -> None:
    engine = db.engine.dialect.name
    pairs = furnish(db)
    rows = rows_of(pairs, WORKING)
    in_place = load_and_group(db, "punch", rows)  # the real table, its foreign keys included
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    count = len(pairs) * len(WORKING)
    floors, taken, loops, queries = [], [], [], 0.0
    for _ in range(ROUNDS):
        floors.append(floor(db, rows))
        empty, queries = derive_all(db, pairs)
        taken.append(empty)
        loops.append(bare_loop(db, pairs))
    least, empty = median(floors), median(taken)
    print(
        f"\n{engine}, load {os.getloadavg()[0]:.1f}: {count} days in {empty:.2f} s"
        f" ({count / empty:,.0f}/s); floor {least:.2f} s, ratio {least / empty:.2f};"
        f" in the real punch table {in_place:.2f} s, ratio {in_place / empty:.2f};"
        f" bare loop {median(loops):.2f} s; {queries:.4f} queries a day"
    )
    changes = [(late_punch, WORKING[0], WORKING[1]), (late_decision, WORKING[2], WORKING[3])]
    small = [one_change(db, pairs, change, day) for change, day, _ in changes]
    fill(db, pairs, STORED)
    full = median(derive_all(db, pairs)[0] for _ in range(ROUNDS))
    large = [one_change(db, pairs, change, day) for change, _, day in changes]
    print(
        f"{engine}, {STORED:,} punches stored: {full:.2f} s, {empty / full:.2f} of the empty case"
    )
    for (change, _, _), before, after in zip(changes, small, large, strict=True):
        name = change.__name__.replace("_", " ")
        print(f"one {name}: {before:.1f} ms, then {after:.1f} ms: {before / after:.2f}")
    assert queries < 0.01
    assert least / empty > 0.25, "far from what a database alone needs"
    assert empty / full > 0.4, "what is stored slows the days down"
    assert all(a / b > 0.4 for a, b in zip(small, large, strict=True))
