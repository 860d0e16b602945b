"""What it costs to look for what is due, with few and with many people's days stored.

2,000 and 20,000 people with a month of days each, on SQLite and PostgreSQL. The cost of a look
must follow what is due, not what is stored; all figures of a line are measured side by side in one
run. `pytest -m bench -s tests/bench/test_notices_speed.py` prints them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from domain.messages import MessageClass
from domain.people import Capacity, Employment, PostKind
from services import notices
from store.calendars import PatternAssignment, WorkPatternRow
from store.days import AttendanceDay
from store.db import Database, Transaction
from store.messages import Notice
from store.people import Assignment, Employee, Phone, Post, PostHolder, Unit
from tests.cast import build_cast

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
TODAY = date(2026, 11, 26)  # a Thursday
NOW = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)  # 09.30 WITA, the cut-off was at 09.00
WORKING = [day for n in range(32) if (day := TODAY - timedelta(days=31 - n)).weekday() < 5][-22:]
TEAM, UNIT = 10, 200  # people who report to one post, people of a unit
UNSEEN = {"status": "awaiting_data", "reasons": ["not_closed_yet"], "first_in": None}


def furnish(db: Database, people: int) -> list[tuple[int, int]]:
    """Units of 200 with a post for every ten people; returns (employee, unit)."""
    cast = build_cast(db)
    began = date(2020, 1, 1)
    with db.begin() as tx:
        top = tx.get_one(Unit, cast.province)
        units = [
            Unit(code=f"N{n}", name=f"UPT {n}", kind="upt", parent_id=top.id, path="")
            for n in range(people // UNIT)
        ]
        tx.add_all(units)
        tx.flush()
        for unit in units:
            unit.path = f"{top.path}{unit.id}/"
        pattern = tx.scalars(select(WorkPatternRow.id).where(WorkPatternRow.code == "5D")).one()
        tx.add_all(
            PatternAssignment(unit_id=unit.id, pattern_id=pattern, first_day=began)
            for unit in units
        )
        staff = [
            Employee(name=f"Pegawai {n}", employment=Employment.PNS, in_service_from=began)
            for n in range(people)
        ]
        tx.add_all(staff)
        posts = [
            Post(
                unit_id=units[n * TEAM // UNIT].id, code=f"s{n}", title=f"s{n}",
                kind=PostKind.SUPERVISOR,
            )
            for n in range(people // TEAM)
        ]  # fmt: skip
        tx.add_all(posts)
        tx.flush()
        places = [
            (person.id, units[n // UNIT].id, posts[n // TEAM].id) for n, person in enumerate(staff)
        ]
        tx.execute(
            insert(Assignment),
            [
                {"employee_id": e, "unit_id": u, "reports_to_id": p, "first_day": began}
                for e, u, p in places
            ],
        )
        tx.execute(
            insert(PostHolder),
            [
                {
                    "post_id": post.id, "employee_id": staff[n * TEAM].id,
                    "capacity": Capacity.DEFINITIVE, "first_day": began,
                }
                for n, post in enumerate(posts)
            ],
        )  # fmt: skip
        tx.execute(
            insert(Phone),
            [
                {"employee_id": e, "number": f"+6281{e:09d}", "first_day": began}
                for e, _, _ in places
            ],
        )
    return [(employee_id, unit_id) for employee_id, unit_id, _ in places]


def store_month(db: Database, people: list[tuple[int, int]]) -> None:
    """Days as a month leaves them: seen, and one in a hundred absent, of which people were told."""
    with db.begin() as tx:
        for number, day in enumerate(WORKING):
            absent = people[number::100] if day < TODAY else []
            gone = {employee_id for employee_id, _ in absent}
            tx.execute(insert(AttendanceDay), [_day(day, e, u, e in gone) for e, u in people])
            if absent:
                tx.execute(insert(Notice), [_told(day, e) for e, _ in absent])
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _day(day: date, employee_id: int, unit_id: int, is_absent: bool) -> dict[str, object]:
    seen = datetime.combine(day, datetime.min.time(), UTC)  # 08.00 WITA
    return {
        "day": day, "employee_id": employee_id, "unit_id": unit_id,
        "status": "absent" if is_absent else "present",
        "first_in": None if is_absent else seen, "final": day < TODAY,
        "reasons": [], "why": [], "as_of": seen,
    }  # fmt: skip


def _told(day: date, employee_id: int) -> dict[str, object]:
    return {
        "kind": MessageClass.ABSENCE_ALERT, "employee_id": employee_id, "day": day,
        "recipient_id": employee_id, "revision": 0, "said": "absent",
        "raised_at": datetime.combine(day, datetime.max.time(), UTC),
    }  # fmt: skip


def unsee(db: Database, people: list[tuple[int, int]]) -> None:
    """These are not seen today, as the deriver leaves it after the cut-off."""
    more = {"notices_at": NOW} if hasattr(AttendanceDay, "notices_at") else {}
    with db.begin() as tx:
        for employee_id, _ in people:
            tx.execute(
                update(AttendanceDay)
                .where(AttendanceDay.employee_id == employee_id, AttendanceDay.day == TODAY)
                .values(**UNSEEN, **more)
            )


@contextmanager
def lock_times(db: Database) -> Iterator[list[float]]:
    """How long each writing transaction lasted, seconds."""
    lasted: list[float] = []
    begin = db.begin

    @contextmanager
    def timed() -> Iterator[Transaction]:
        with begin() as tx:
            began = time.perf_counter()
            yield tx
        lasted.append(time.perf_counter() - began)

    db.begin = timed  # type: ignore[method-assign]
    yield lasted
    db.begin = begin  # type: ignore[method-assign]


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def look(db: Database, now: datetime = NOW) -> tuple[float, float]:
    """Seconds for a look, and for the longest of its writing transactions."""
    with lock_times(db) as lasted:
        taken = seconds(lambda: notices.raise_due(db, now))
    return taken, max(lasted, default=0.0)


def questions(db: Database) -> int:
    with db.read() as session:
        asked = Notice.kind == MessageClass.CUTOFF_QUESTION
        return session.scalar(select(func.count()).select_from(Notice).where(asked)) or 0


def measure(db: Database, count: int) -> dict[str, float]:
    people = furnish(db, count)
    store_month(db, people)
    first, _ = look(db)
    idle = min(look(db)[0] for _ in range(3))
    unsee(db, people[1:2001:100])
    twenty, _ = look(db)
    assert questions(db) == 20
    unsee(db, people[3::100])
    hundredth, lock = look(db)
    assert questions(db) == 20 + count // 100
    print(
        f"\n{db.engine.dialect.name}, {count:,} people, {count * len(WORKING):,} days: first look"
        f" {first * 1000:.0f} ms, nothing new due {idle * 1000:.1f} ms, 20 due"
        f" {twenty * 1000:.0f} ms, 1 % ({count // 100}) due {hundredth * 1000:.0f} ms ="
        f" {hundredth * 1e5 / count:.1f} ms each, longest transaction {lock * 1000:.0f} ms"
    )
    return {"idle": idle, "twenty": twenty, "each": hundredth / count}


def test_a_look_costs_what_is_due_and_not_what_is_stored_on_sqlite(
    sqlite_template: Path, tmp_path: Path
) -> None:
    compare(lambda name: _clone(sqlite_template, tmp_path / f"{name}.db"))


def test_a_look_costs_what_is_due_and_not_what_is_stored_on_postgresql(
    postgres: str,
) -> None:
    compare(lambda name: Database(f"{postgres}/{_create(postgres, name)}"))


def _clone(template: Path, path: Path) -> Database:
    path.write_bytes(template.read_bytes())
    return Database(f"sqlite:///{path}")


def _create(base: str, name: str) -> str:
    import psycopg

    from tests.conftest import TEMPLATE

    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return name


def compare(open_database: Callable[[str], Database]) -> None:
    found = {}
    for count in (2_000, 20_000):
        db = open_database(f"notices_{count}")
        found[count] = measure(db, count)
        db.engine.dispose()
    few, many = found[2_000], found[20_000]
    print(
        "20,000 people beside 2,000: nothing due "
        f"{many['idle'] / few['idle']:.2f} x, the same 20 due "
        f"{many['twenty'] / few['twenty']:.2f} x, each of 1 % {many['each'] / few['each']:.2f} x"
    )
