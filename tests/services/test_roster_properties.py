"""Whatever is imported after whatever: the present is the last file, the past is as it was.

Random rosters of a small province are imported one after the other, among them edits that make
people leave, return, move, change boss, phone, ID, post and pattern.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from domain.access import system
from domain.roster.sheets import Sheet
from services import terminals
from services.terminals import NewTerminal
from store import staff, terminal_queries
from store.calendars import PatternAssignment
from store.db import Database
from store.people import Assignment, Employee, Phone, Post, PostHolder, Unit
from store.punches import TerminalId
from store.tables import Base
from tests.rosters import MONDAY, NOW, UNITS, bring, tables

NIPS = [f"19900{n}012015011{n:03}" for n in range(1, 8)]
CODES = ["PROV", "BKD", "UPT1"]
POSTS = ["Kepala", "Kasubag Umum", "Operator", "Kepala Seksi Mutasi"]
ROUNDS = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def rosters(draw: st.DrawFn) -> dict[str, Sheet]:
    """A roster without a fault: bosses come before their people, IDs are one's own."""
    members = [nip for nip in NIPS if draw(st.integers(0, 9))]
    people = []
    for place, nip in enumerate(members):
        bosses = [*members[:place], ""]
        people.append({
            "nip": nip,
            "name": draw(st.sampled_from([f"Pegawai {nip[-3:]}", f"Pegawai {nip[-3:]}, S.E."])),
            "unit_code": draw(st.sampled_from(CODES)),
            "position": draw(st.sampled_from(["", "Staf"])),
            "supervisor_nip": draw(st.sampled_from(bosses)),
            "phones": draw(st.sampled_from(["", "08110000001", "08110000002;08110000003"])),
            "pins": draw(st.sampled_from(["", nip[-3:], f"{nip[-3:]}; 9{nip[-2:]}@UPT1-A"])),
            "work_pattern": draw(st.sampled_from(["", "6D", "SHIFT"])),
        })  # fmt: skip
    posts = [
        {"unit": code, "post": post, "nip": draw(st.sampled_from(members))}
        for code in CODES
        for post in POSTS
        if members and draw(st.booleans())
    ]
    units = [{**unit, "work_pattern": draw(st.sampled_from(["", "5D"]))} for unit in UNITS]
    return tables(units, people or [_somebody()], posts)


def _somebody() -> dict[str, str]:
    return {"nip": NIPS[0], "name": "Pegawai 001", "unit_code": "PROV"}


@pytest.fixture
def empty(db: Database) -> Empty:
    """Empties the database; called before each example, for a fixture is made once for all."""

    def emptied() -> Database:
        tables = [table for table in Base.metadata.sorted_tables if table.name != "install"]
        with db.begin() as tx:
            if db.is_postgresql:
                names = ", ".join(table.name for table in tables)
                tx.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
            else:
                tx.execute(text("PRAGMA defer_foreign_keys=ON"))
                for table in tables:
                    tx.execute(table.delete())
        return db

    return emptied


Empty = Callable[[], Database]


def take(db: Database, roster: Mapping[str, Sheet], day: date) -> bool:
    """Import a roster that must be good; True when it changed anything."""
    report = bring(db, roster, day, leavers_confirmed=True)
    assert (report.faults, report.refusal) == ([], None)
    with db.read() as session:
        is_first = terminal_queries.by_name(session, "UPT1-A") is None
    if is_first:
        for name, unit in (("UPT1-A", "UPT1"), ("PROV-A", "PROV")):
            terminals.register(db, NOW, system("test"), NewTerminal(name, unit))
    return report.changes_anything


def state(db: Database, day: date) -> dict[str, list[Any]]:
    """What holds on a day, in words that do not depend on ids; sorted."""
    with db.read() as session:
        nips = dict(session.execute(select(Employee.id, Employee.nip)).all())
        units = dict(session.execute(select(Unit.id, Unit.code)).all())
        posts = {
            post.id: post.code if ":" in post.code else f"{units[post.unit_id]}/{post.code}"
            for post in session.scalars(select(Post))
        }

        def on(table: Any) -> Any:
            return session.scalars(
                select(table).where(staff.holds_on(table.first_day, table.last_day, day))
            )

        return {
            "place": sorted(
                (nips[r.employee_id], units[r.unit_id], posts.get(r.reports_to_id, ""), r.position)
                for r in on(Assignment)
            ),
            "phone": sorted((nips[r.employee_id], r.number) for r in on(Phone)),
            "holder": sorted(
                (posts[r.post_id], nips[r.employee_id], r.capacity) for r in on(PostHolder)
            ),
            "id": sorted((r.terminal_id, r.pin, nips[r.employee_id]) for r in on(TerminalId)),
            "pattern": sorted(
                (nips.get(r.employee_id, ""), units.get(r.unit_id, ""), r.pattern_id)
                for r in on(PatternAssignment)
            ),
        }


def serving(db: Database, day: date) -> list[tuple[str, str]]:
    """Who is in service on a day, by NIP and name."""
    with db.read() as session:
        return sorted(
            (person.nip or "", person.name)
            for person in session.scalars(select(Employee))
            if person.in_service_from <= day and (person.in_service_to or day) >= day
        )


def assert_sound(db: Database, day: date) -> None:
    """No two rows say different things of one day, and nobody answers for themselves."""
    with db.read() as session:
        _assert_no_overlap(session.scalars(select(Assignment)), lambda r: r.employee_id)
        _assert_no_overlap(session.scalars(select(PostHolder)), lambda r: (r.post_id, r.capacity))
        _assert_no_overlap(session.scalars(select(TerminalId)), lambda r: (r.terminal_id, r.pin))
        _assert_no_overlap(session.scalars(select(Phone)), lambda r: (r.employee_id, r.number))
        _assert_no_overlap(
            session.scalars(select(PatternAssignment)), lambda r: (r.unit_id, r.employee_id)
        )
        parents = dict(session.execute(select(Post.id, Post.parent_id)).all())
        for post_id in parents:
            seen, here = set(), post_id
            while here is not None:
                assert here not in seen
                seen.add(here)
                here = parents[here]
        for person in session.scalars(select(Employee)):
            boss = staff.supervisor_of(session, person.id, day)
            assert boss is None or boss.id != person.id


def _assert_no_overlap(rows: Iterable[Any], key: Callable[[Any], Hashable]) -> None:
    spans: dict[Hashable, list[tuple[date, date]]] = defaultdict(list)
    for row in rows:
        spans[key(row)].append((row.first_day, row.last_day or date.max))
    for of_one in spans.values():
        of_one.sort()
        for (_, ends), (begins, _) in pairwise(of_one):
            assert ends < begins


@ROUNDS
@given(first=rosters(), second=rosters())
def test_a_second_file_decides_the_present_and_leaves_the_past(
    empty: Empty, first: dict[str, Sheet], second: dict[str, Sheet]
) -> None:
    db, friday = empty(), MONDAY + timedelta(days=4)
    take(db, first, MONDAY)
    past = [state(db, MONDAY + timedelta(days=n)) for n in range(4)]
    take(db, second, friday)
    assert [state(db, MONDAY + timedelta(days=n)) for n in range(4)] == past
    assert_sound(db, friday)
    present, people = state(db, friday), serving(db, friday)
    take(empty(), second, friday)
    assert (state(db, friday), serving(db, friday)) == (present, people)


@ROUNDS
@given(files=st.lists(st.tuples(rosters(), st.integers(0, 2)), min_size=1, max_size=4))
def test_the_same_file_again_changes_nothing_whatever_came_before(
    empty: Empty, files: list[tuple[dict[str, Sheet], int]]
) -> None:
    db, day = empty(), MONDAY
    for roster, later in files:
        day += timedelta(days=later)
        take(db, roster, day)
        assert_sound(db, day)
        assert not take(db, roster, day)
        assert not take(db, roster, day + timedelta(days=later))
        day += timedelta(days=later)
