"""The stored roster in sets, as an import compares and changes it; a few queries for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from domain.people import Capacity, Employment, PostKind, UnitKind
from domain.roster.succession import Held
from store.calendars import PatternAssignment, WorkPatternRow
from store.db import Base, Transaction
from store.log import Install, LogEntry
from store.people import Assignment, Employee, Phone, Post, PostHolder, Unit
from store.punches import RosterId, Terminal, TerminalId

PART = 5_000
IMPORTED = "roster_import"


class StoredUnit(NamedTuple):
    """A unit as it stands."""

    id: int
    code: str
    name: str
    kind: UnitKind
    parent_id: int | None
    path: str
    time_zone: str
    kasubag_label: str
    closed_on: date | None


class StoredPerson(NamedTuple):
    """An employee as they stand."""

    id: int
    nip: str
    name: str
    employment: Employment
    in_service_from: date
    in_service_to: date | None

    def serves_on(self, day: date) -> bool:
        """True when in service on that day or later."""
        return self.in_service_to is None or self.in_service_to >= day


class StoredPost(NamedTuple):
    """A post as it stands."""

    id: int
    unit_id: int
    code: str
    title: str
    kind: PostKind
    parent_id: int | None


class Place(NamedTuple):
    """What an assignment says: where, under which post, as what."""

    unit_id: int
    reports_to_id: int | None
    position: str
    grade: str


class Holding(NamedTuple):
    """What a holder's row says of its post."""

    employee_id: int
    capacity: Capacity


class IdPlace(NamedTuple):
    """What a roster ID says: at all terminals of a unit, or at the one of that name."""

    pin: str
    unit_id: int | None
    terminal_name: str | None


class PhoneState(NamedTuple):
    """How far a stored number may be used."""

    is_trusted: bool  # answered from, or given in the panel
    is_stopped: bool
    stop_reason: str | None


# --- reading ---------------------------------------------------------------------------------


def one_at_a_time(tx: Transaction) -> None:
    """Two imports at once wait for each other here."""
    tx.execute(select(Install.id).with_for_update())


def last_import(session: Session) -> date | None:
    """The day from which the newest import holds."""
    data = session.scalar(
        select(LogEntry.data)
        .where(LogEntry.action == IMPORTED, LogEntry.subject == "roster")
        .order_by(LogEntry.id.desc())
        .limit(1)
    )
    return date.fromisoformat(data["as_of"]) if data else None


def units(session: Session) -> dict[str, StoredUnit]:
    """All units by code."""
    rows = session.execute(
        select(
            Unit.id, Unit.code, Unit.name, Unit.kind, Unit.parent_id, Unit.path, Unit.time_zone,
            Unit.kasubag_label, Unit.closed_on,
        )
    )  # fmt: skip
    return {row.code: StoredUnit(*row) for row in rows}


def people(session: Session) -> dict[str, StoredPerson]:
    """Everybody who was ever in service and has a NIP, by NIP."""
    rows = session.execute(
        select(
            Employee.id, Employee.nip, Employee.name, Employee.employment,
            Employee.in_service_from, Employee.in_service_to,
        ).where(Employee.nip.is_not(None))
    )  # fmt: skip
    return {str(row.nip): StoredPerson(*row) for row in rows}  # type: ignore[arg-type]


def posts(session: Session) -> dict[tuple[int, str], StoredPost]:
    """All posts by unit and code."""
    rows = session.execute(
        select(Post.id, Post.unit_id, Post.code, Post.title, Post.kind, Post.parent_id)
    )
    return {(row.unit_id, row.code): StoredPost(*row) for row in rows}


def posts_ever_held(session: Session) -> set[int]:
    """Posts that have or had a holder."""
    return set(session.scalars(select(PostHolder.post_id).distinct()))


def patterns(session: Session) -> dict[str, int]:
    """Work patterns by code."""
    rows = session.execute(select(WorkPatternRow.code, WorkPatternRow.id))
    return {row.code: row.id for row in rows}


def supervisor_nips(session: Session, as_of: date) -> dict[str, str | None]:
    """Everybody in service on `as_of` by NIP, with the NIP of who holds the post they report to."""
    boss = aliased(Employee)
    rows = session.execute(
        select(Employee.nip, boss.nip)
        .outerjoin(
            Assignment,
            and_(Assignment.employee_id == Employee.id, _from(Assignment.last_day, as_of)),
        )
        .outerjoin(
            PostHolder,
            and_(
                PostHolder.post_id == Assignment.reports_to_id,
                PostHolder.capacity == Capacity.DEFINITIVE,
                _from(PostHolder.last_day, as_of),
            ),
        )
        .outerjoin(boss, boss.id == PostHolder.employee_id)
        .where(Employee.nip.is_not(None), _from(Employee.in_service_to, as_of))
    )
    return {str(nip): boss_nip for nip, boss_nip in rows}


def terminals(session: Session) -> Sequence[Terminal]:
    """Every terminal that is or was in service."""
    return session.scalars(select(Terminal).order_by(Terminal.id)).all()


def assignments(session: Session, as_of: date) -> dict[int, list[Held[Place]]]:
    """Where everybody works on `as_of` or later, by employee."""
    of = Assignment
    rows = session.execute(
        select(
            of.id, of.employee_id, of.unit_id, of.reports_to_id, of.position, of.grade,
            of.first_day, of.last_day,
        ).where(_from(of.last_day, as_of))
    )  # fmt: skip
    held: dict[int, list[Held[Place]]] = defaultdict(list)
    for row_id, employee_id, unit_id, post_id, position, grade, first, last in rows:
        place = Place(unit_id, post_id, position, grade)
        held[employee_id].append(Held(row_id, place, first, last))
    return held


def holders(session: Session, as_of: date) -> dict[int, list[Held[Holding]]]:
    """Who holds what on `as_of` or later, by post."""
    of = PostHolder
    rows = session.execute(
        select(
            of.id, of.post_id, of.employee_id, of.capacity, of.first_day, of.last_day
        ).where(_from(of.last_day, as_of))
    )  # fmt: skip
    held: dict[int, list[Held[Holding]]] = defaultdict(list)
    for row_id, post_id, employee_id, capacity, first, last in rows:
        held[post_id].append(Held(row_id, Holding(employee_id, capacity), first, last))
    return held


def phones(
    session: Session, as_of: date
) -> tuple[dict[int, list[Held[str]]], dict[int, PhoneState]]:
    """Everybody's numbers on `as_of` or later by employee, and each row's state by its id."""
    of = Phone
    rows = session.execute(
        select(
            of.id, of.employee_id, of.number, of.first_day, of.last_day, of.verified_at,
            of.proposed_by, of.stopped_at, of.stop_reason,
        ).where(_from(of.last_day, as_of))
    )  # fmt: skip
    held: dict[int, list[Held[str]]] = defaultdict(list)
    states = {}
    for row_id, employee_id, number, first, last, verified, giver, stopped, why in rows:
        held[employee_id].append(Held(row_id, number, first, last))
        is_trusted = verified is not None or giver is not None
        states[row_id] = PhoneState(is_trusted, stopped is not None, why)
    return held, states


def roster_ids(session: Session, as_of: date) -> dict[int, list[Held[IdPlace]]]:
    """Everybody's IDs of the roster on `as_of` or later, by employee."""
    of = RosterId
    rows = session.execute(
        select(
            of.id, of.employee_id, of.pin, of.unit_id, of.terminal_name, of.first_day, of.last_day
        ).where(_from(of.last_day, as_of))
    )
    held: dict[int, list[Held[IdPlace]]] = defaultdict(list)
    for row_id, employee_id, pin, unit_id, terminal_name, first, last in rows:
        held[employee_id].append(Held(row_id, IdPlace(pin, unit_id, terminal_name), first, last))
    return held


def pattern_holdings(
    session: Session, as_of: date
) -> tuple[dict[int, list[Held[int]]], dict[int, list[Held[int]]]]:
    """Patterns that hold on `as_of` or later, by unit and by employee; the key is the pattern."""
    of = PatternAssignment
    by_unit: dict[int, list[Held[int]]] = defaultdict(list)
    by_person: dict[int, list[Held[int]]] = defaultdict(list)
    for row in session.scalars(select(of).where(_from(of.last_day, as_of))):
        held = Held(row.id, row.pattern_id, row.first_day, row.last_day)
        if row.unit_id is not None:
            by_unit[row.unit_id].append(held)
        elif row.employee_id is not None:
            by_person[row.employee_id].append(held)
    return by_unit, by_person


def _from(last: InstrumentedAttribute[date | None], as_of: date) -> Any:
    return or_(last.is_(None), last >= as_of)


def open_terminal_ids(
    session: Session, employee_ids: Iterable[int], as_of: date
) -> list[TerminalId]:
    """These people's IDs at terminals that hold on `as_of` or later, to be changed."""
    wanted = sorted(employee_ids)
    return [
        row
        for start in range(0, len(wanted), PART)
        for row in session.scalars(
            select(TerminalId).where(
                TerminalId.employee_id.in_(wanted[start : start + PART]),
                _from(TerminalId.last_day, as_of),
            )
        )
    ]


def ids_for_terminal(session: Session, unit_id: int, name: str) -> Sequence[RosterId]:
    """What the roster says of the IDs at a terminal of that name in that unit."""
    return session.scalars(
        select(RosterId)
        .where(or_(RosterId.unit_id == unit_id, RosterId.terminal_name == name.lower()))
        .order_by(RosterId.pin, RosterId.first_day)
    ).all()


# --- writing ---------------------------------------------------------------------------------


def add(tx: Transaction, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in one go."""
    if rows:
        tx.execute(insert(table), list(rows))


def change(tx: Transaction, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows by their `id`; all of them the same columns."""
    if rows:
        tx.execute(update(table), list(rows))


def end(tx: Transaction, table: type[Base], ends: Sequence[tuple[int, date | None]]) -> None:
    """Give rows another last day."""
    change(tx, table, [{"id": row_id, "last_day": last} for row_id, last in ends])


def drop(tx: Transaction, table: Any, ids: Sequence[int]) -> None:
    """Remove rows that would have begun later and never held."""
    for start in range(0, len(ids), PART):
        tx.execute(
            delete(table)
            .where(table.id.in_(ids[start : start + PART]))
            .execution_options(synchronize_session=False)
        )
