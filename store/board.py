"""What the panel's pages show: today's board, a person's month, terminals, duty without a letter.

Every query passes through `visible_to`: a page shows what the viewer may see and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from domain.cases import CaseKind, CaseStatus
from store.cases import Case
from store.days import AttendanceDay
from store.people import Account, Assignment, Employee, Phone, Unit
from store.punches import Terminal, TerminalContact
from store.visibility import visible_to

NOT_DERIVED = "not_derived"
"""Stands for a person without a derived day; no status of design section 7 says that."""


@dataclass(frozen=True)
class BoardLine:
    """One person on one day: the derived day if there is one, and the cases that touch it."""

    employee_id: int
    name: str
    unit_name: str
    day: AttendanceDay | None
    cases: tuple[Case, ...] = ()

    @property
    def status(self) -> str:
        return self.day.status if self.day else NOT_DERIVED

    @property
    def unexplained(self) -> list[object]:
        """Reasons of the day that the cases beside it do not already tell."""
        told = {"open_case", "provisional"} if self.cases else set()
        return [reason for reason in (self.day.reasons if self.day else []) if reason not in told]


@dataclass
class UnitLine:
    """A unit with everything below it, in numbers."""

    unit: Unit
    depth: int
    people: int = 0
    late: int = 0
    by_status: dict[str, int] = field(default_factory=dict)


def _working_on(day: date) -> ColumnElement[bool]:
    return and_(
        Assignment.first_day <= day,
        or_(Assignment.last_day.is_(None), Assignment.last_day >= day),
        Employee.in_service_from <= day,
        or_(Employee.in_service_to.is_(None), Employee.in_service_to >= day),
    )


def _people_and_days(viewer: Viewer, day: date, unit_path: str, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Assignment)
        .join(Employee, Employee.id == Assignment.employee_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(
            AttendanceDay,
            and_(AttendanceDay.employee_id == Employee.id, AttendanceDay.day == day),
        )
        .where(
            _working_on(day),
            Unit.path.startswith(unit_path),
            visible_to(viewer, Assignment.unit_id),
        )
    )


def units_below(session: Session, viewer: Viewer, path: str = "/") -> Sequence[Unit]:
    """Units the viewer may see at or under `path`, parents before children."""
    return session.scalars(
        select(Unit)
        .where(Unit.path.startswith(path), visible_to(viewer, Unit.id))
        .order_by(Unit.path)
    ).all()


def visible_unit(session: Session, viewer: Viewer, unit_id: int) -> Unit | None:
    """One unit, if the viewer may see it."""
    return session.scalars(
        select(Unit).where(Unit.id == unit_id, visible_to(viewer, Unit.id))
    ).first()


def unit_lines(session: Session, viewer: Viewer, day: date, path: str = "/") -> list[UnitLine]:
    """Every visible unit at or under `path` with the counts of itself and all below it."""
    units = units_below(session, viewer, path)
    if not units:
        return []
    shallowest = min(unit.path.count("/") for unit in units)
    lines = {
        unit.path: UnitLine(unit, unit.path.count("/") - shallowest) for unit in _in_tree(units)
    }
    late = func.count().filter(AttendanceDay.late_minutes > 0)
    query = _people_and_days(
        viewer, day, path, Unit.path, AttendanceDay.status, func.count(), late
    ).group_by(Unit.path, AttendanceDay.status)
    for unit_path, status, count, late_count in session.execute(query).all():
        for line in _ancestors(str(unit_path), lines):
            word = str(status or NOT_DERIVED)
            line.people += int(str(count))
            line.late += int(str(late_count))
            line.by_status[word] = line.by_status.get(word, 0) + int(str(count))
    return list(lines.values())


def _in_tree(units: Sequence[Unit]) -> list[Unit]:
    """Children under their parents, siblings by name."""
    by_path = {unit.path: unit for unit in units}

    def names(unit: Unit) -> tuple[str, ...]:
        parts = unit.path.strip("/").split("/")
        paths = ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
        return tuple(by_path[path].name for path in paths if path in by_path)

    return sorted(units, key=names)


def _ancestors(path: str, lines: dict[str, UnitLine]) -> Iterable[UnitLine]:
    parts = path.strip("/").split("/")
    for n in range(len(parts)):
        line = lines.get("/" + "/".join(parts[: n + 1]) + "/")
        if line is not None:
            yield line


def board_lines(
    session: Session,
    viewer: Viewer,
    day: date,
    path: str = "/",
    *,
    status: str = "",
    limit: int = 100,
    offset: int = 0,
) -> list[BoardLine]:
    """The people of a day by unit and name, perhaps only those of one status."""
    query = _people_and_days(viewer, day, path, Employee, Unit.name, AttendanceDay)
    if status == NOT_DERIVED:
        query = query.where(AttendanceDay.status.is_(None))
    elif status:
        query = query.where(AttendanceDay.status == status)
    query = (
        query.order_by(Unit.path, func.lower(Employee.name), Employee.id)
        .limit(limit)
        .offset(offset)
    )
    rows = session.execute(query).all()
    cases = _cases_on(session, [employee.id for employee, _, _ in rows], day)
    return [
        BoardLine(employee.id, employee.name, unit_name, found, tuple(cases.get(employee.id, ())))
        for employee, unit_name, found in rows
    ]


def _cases_on(session: Session, employee_ids: list[int], day: date) -> dict[int, list[Case]]:
    found: dict[int, list[Case]] = {}
    cases = session.scalars(
        select(Case)
        .where(
            Case.employee_id.in_(employee_ids),
            Case.status.in_((CaseStatus.OPEN, CaseStatus.CONFIRMED)),
            Case.start_date <= day,
            or_(Case.end_date >= day, Case.end_date.is_(None)),
        )
        .options(joinedload(Case.decider))
        .order_by(Case.id)
    )
    for case in cases:
        found.setdefault(case.employee_id, []).append(case)
    return found


def cases_of_unit(
    session: Session,
    viewer: Viewer,
    path: str,
    first: date,
    last: date,
    *,
    limit: int = 200,
    offset: int = 0,
) -> Sequence[Case]:
    """Cases of the units at or under `path` that touch the span, by start and id."""
    return session.scalars(
        select(Case)
        .join(Unit, Unit.id == Case.unit_id)
        .where(
            Unit.path.startswith(path),
            Case.start_date <= last,
            or_(Case.end_date >= first, Case.end_date.is_(None)),
            visible_to(viewer, Case.unit_id),
        )
        .options(joinedload(Case.employee))
        .order_by(Case.start_date, Case.id)
        .limit(limit)
        .offset(offset)
    ).all()


# --- one person ------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonMonth:
    """A person as a page may show them, with the days of a span the viewer may see."""

    employee: Employee
    assignment: Assignment
    days: dict[date, AttendanceDay]
    cases: tuple[Case, ...]
    phones: tuple[Phone, ...]


def person_month(
    session: Session, viewer: Viewer, employee_id: int, first: date, last: date
) -> PersonMonth | None:
    """A person's days and cases from `first` to `last`; None when not in a unit one may see.

    Days and cases of a unit the viewer may not see are left out.
    """
    assignment = session.scalars(
        select(Assignment)
        .where(
            Assignment.employee_id == employee_id,
            Assignment.first_day <= last,
            or_(Assignment.last_day.is_(None), Assignment.last_day >= first),
            visible_to(viewer, Assignment.unit_id),
        )
        .options(joinedload(Assignment.unit), joinedload(Assignment.reports_to))
        .order_by(Assignment.first_day.desc())
    ).first()
    if assignment is None:
        return None
    days = session.scalars(
        select(AttendanceDay).where(
            AttendanceDay.employee_id == employee_id,
            AttendanceDay.day.between(first, last),
            visible_to(viewer, AttendanceDay.unit_id),
        )
    )
    cases = session.scalars(
        select(Case)
        .where(
            Case.employee_id == employee_id,
            Case.start_date <= last,
            or_(Case.end_date >= first, Case.end_date.is_(None)),
            visible_to(viewer, Case.unit_id),
        )
        .options(joinedload(Case.decider))
        .order_by(Case.start_date, Case.id)
    )
    phones = session.scalars(
        select(Phone)
        .where(
            Phone.employee_id == employee_id,
            or_(Phone.last_day.is_(None), Phone.last_day >= last),
        )
        .order_by(Phone.id)
    )
    return PersonMonth(
        session.get_one(Employee, employee_id),
        assignment,
        {day.day: day for day in days},
        tuple(cases),
        tuple(phones),
    )


def duty_without_letter(session: Session, viewer: Viewer) -> Sequence[Case]:
    """Duty travel that stays provisional because no surat tugas number is known, oldest first."""
    return session.scalars(
        select(Case)
        .where(
            Case.kind == CaseKind.DUTY,
            Case.status == CaseStatus.CONFIRMED,
            Case.provisional,
            visible_to(viewer, Case.unit_id),
        )
        .options(joinedload(Case.employee))
        .order_by(Case.start_date, Case.id)
    ).all()


def names_of(session: Session, viewer: Viewer, employee_ids: Iterable[int]) -> dict[int, str]:
    """Names by employee id, of people in units the viewer may see."""
    rows = session.execute(
        select(Employee.id, Employee.name)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(Employee.id.in_(list(employee_ids)), visible_to(viewer, Assignment.unit_id))
    )
    return {row.id: row.name for row in rows}


# --- terminals -------------------------------------------------------------------------------


@dataclass(frozen=True)
class TerminalLine:
    """A terminal and its last contact that went wrong, if it was the very last one."""

    terminal: Terminal
    last_contact: TerminalContact | None


def terminals(session: Session, viewer: Viewer) -> list[TerminalLine]:
    """Terminals in service by unit and name, each with its newest contact."""
    found = session.scalars(
        select(Terminal)
        .where(Terminal.retired_at.is_(None), visible_to(viewer, Terminal.unit_id))
        .options(joinedload(Terminal.unit))
        .join(Unit, Unit.id == Terminal.unit_id)
        .order_by(Unit.path, Terminal.name)
    ).all()
    newest = (
        select(func.max(TerminalContact.id))
        .where(TerminalContact.terminal_id.in_([terminal.id for terminal in found]))
        .group_by(TerminalContact.terminal_id)
    )
    contacts = {
        contact.terminal_id: contact
        for contact in session.scalars(
            select(TerminalContact).where(TerminalContact.id.in_(newest))
        )
    }
    return [TerminalLine(terminal, contacts.get(terminal.id)) for terminal in found]


# --- who is logged in ------------------------------------------------------------------------


def account_by_id(session: Session, account_id: int) -> Account | None:
    """An account with its unit and employee; None when it was disabled."""
    return session.scalars(
        select(Account)
        .where(Account.id == account_id, Account.disabled_at.is_(None))
        .options(joinedload(Account.unit), joinedload(Account.employee))
    ).first()


def training_accounts(session: Session) -> Sequence[str]:
    """Log-ins that only a training installation may have."""
    return session.scalars(
        select(Account.login).where(Account.is_training, Account.disabled_at.is_(None))
    ).all()


def province_zone(session: Session) -> str:
    """The zone of the topmost unit, for viewers without a unit of their own."""
    return (
        session.scalar(
            select(Unit.time_zone).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
        )
        or "Asia/Makassar"
    )


def newest_change(session: Session, viewer: Viewer, day: date, path: str) -> datetime | None:
    """When any visible day of that date was last derived."""
    return session.scalar(
        select(func.max(AttendanceDay.as_of))
        .join(Unit, Unit.id == AttendanceDay.unit_id)
        .where(
            AttendanceDay.day == day,
            Unit.path.startswith(path),
            visible_to(viewer, AttendanceDay.unit_id),
        )
    )
