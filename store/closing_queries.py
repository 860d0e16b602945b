"""A unit's month before and after its close: what stands in the way, what was amended since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from domain.cases import CaseKind, CaseStatus
from domain.days import WAITING, DayStatus
from store.cases import Case
from store.closings import ClosedDay, MonthClosing
from store.days import AttendanceDay, DirtyDay
from store.db import Transaction
from store.people import Employee, Unit
from store.punches import Punch, Terminal
from store.unresolved_queries import is_unknown
from store.visibility import visible_to

KEPT = (
    "status", "kind", "first_in", "last_out", "late_minutes", "early_minutes", "missing_in",
    "missing_out", "excuse", "provisional",
)  # fmt: skip
"""What a close keeps of a day."""


@dataclass(frozen=True)
class NamedDay:
    """Somebody's day with their name, for a list."""

    employee_id: int
    name: str
    day: AttendanceDay


@dataclass(frozen=True)
class Amendment:
    """A day of a closed month that is something else now (susulan)."""

    name: str
    before: ClosedDay
    now: AttendanceDay | ClosedDay


def visible_units(session: Session, viewer: Viewer) -> Sequence[Unit]:
    """Units with days that the viewer may see, by code."""
    with_days = select(AttendanceDay.unit_id).distinct()
    return session.scalars(
        select(Unit).where(visible_to(viewer, Unit.id), Unit.id.in_(with_days)).order_by(Unit.code)
    ).all()


def closing_of(session: Session, unit_id: int, month: str) -> MonthClosing | None:
    """How far a unit's month has come, if anything was done about it."""
    return session.scalars(
        select(MonthClosing).where(MonthClosing.unit_id == unit_id, MonthClosing.month == month)
    ).first()


def hold_closing(tx: Transaction, unit_id: int, month: str) -> MonthClosing:
    """The row of a unit's month for a change; two people at once wait for each other here."""
    tx.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())
    found = closing_of(tx, unit_id, month)
    if found is None:
        found = MonthClosing(unit_id=unit_id, month=month)
        tx.add(found)
        tx.flush()
    return found


def days_of(
    session: Session, unit_id: int, first: date, last: date, *conditions: Any
) -> list[NamedDay]:
    """Days of a unit's month that fit, with names, by name and date."""
    rows = session.execute(
        select(AttendanceDay, Employee.name)
        .join(Employee, Employee.id == AttendanceDay.employee_id)
        .where(
            AttendanceDay.unit_id == unit_id, AttendanceDay.day.between(first, last), *conditions
        )
        .order_by(Employee.name, AttendanceDay.day)
    )
    return [NamedDay(day.employee_id, name, day) for day, name in rows]


def waiting_days(session: Session, unit_id: int, first: date, last: date) -> list[NamedDay]:
    """Days of which nothing is said yet."""
    waiting = AttendanceDay.status.in_(sorted(WAITING))
    return days_of(session, unit_id, first, last, waiting)


def blemished_days(session: Session, unit_id: int, first: date, last: date) -> list[NamedDay]:
    """Absences and missing scans: what people should have a last word about."""
    return days_of(
        session, unit_id, first, last,
        AttendanceDay.status.in_((DayStatus.ABSENT, DayStatus.INCOMPLETE)),
    )  # fmt: skip


def open_cases(session: Session, unit_id: int, first: date, last: date) -> Sequence[Case]:
    """Cases of a unit that touch the month and are undecided."""
    return session.scalars(
        select(Case)
        .where(
            Case.unit_id == unit_id,
            Case.status == CaseStatus.OPEN,
            Case.start_date <= last,
            or_(Case.end_date.is_(None), Case.end_date >= first),
        )
        .options(joinedload(Case.employee), joinedload(Case.decider))
        .order_by(Case.start_date, Case.id)
    ).all()


def duty_without_letter(session: Session, unit_id: int, first: date, last: date) -> Sequence[Case]:
    """Duty travel of the month that is still provisional."""
    return session.scalars(
        select(Case)
        .where(
            Case.unit_id == unit_id,
            Case.kind == CaseKind.DUTY,
            Case.status == CaseStatus.CONFIRMED,
            Case.provisional.is_(True),
            Case.start_date <= last,
            Case.end_date >= first,
        )
        .options(joinedload(Case.employee))
        .order_by(Case.start_date, Case.id)
    ).all()


def unknown_ids(session: Session, unit_id: int, first: date, last: date) -> list[tuple[str, str]]:
    """(terminal, ID) of scans in the month that belong to nobody."""
    rows = session.execute(
        select(Terminal.name, Punch.pin)
        .join(Terminal, Terminal.id == Punch.terminal_id)
        .where(
            Terminal.unit_id == unit_id,
            Punch.local_date.between(first, last),
            is_unknown(),
        )
        .distinct()
        .order_by(Terminal.name, Punch.pin)
    )
    return [(row[0], row[1]) for row in rows]


def still_dirty(session: Session, unit_id: int, first: date, last: date) -> int:
    """Days of the unit's month that wait to be derived."""
    return (
        session.scalar(
            select(func.count())
            .select_from(DirtyDay)
            .join(
                AttendanceDay,
                and_(
                    AttendanceDay.employee_id == DirtyDay.employee_id,
                    AttendanceDay.day == DirtyDay.day,
                ),
            )
            .where(AttendanceDay.unit_id == unit_id, DirtyDay.day.between(first, last))
        )
        or 0
    )


def snapshot(tx: Transaction, closing: MonthClosing, days: Sequence[AttendanceDay]) -> None:
    """Keep these days as they stand now."""
    tx.add_all(
        ClosedDay(
            closing_id=closing.id,
            employee_id=day.employee_id,
            day=day.day,
            **{name: getattr(day, name) for name in KEPT},
        )
        for day in days
    )
    tx.flush()


def closed_days(
    session: Session, unit_id: int, first: date, last: date
) -> dict[tuple[int, date], ClosedDay]:
    """The newest kept state of each closed day of a unit, by (employee, date)."""
    rows = session.scalars(
        select(ClosedDay)
        .join(MonthClosing, MonthClosing.id == ClosedDay.closing_id)
        .where(MonthClosing.unit_id == unit_id, ClosedDay.day.between(first, last))
        .order_by(MonthClosing.month)
    )
    return {(row.employee_id, row.day): row for row in rows}


def changed_since(session: Session, unit_id: int, before: date, back_to: date) -> list[Amendment]:
    """Closed days before a date that are something else now, by name and date."""
    kept = closed_days(session, unit_id, back_to, before)
    if not kept:
        return []
    rows = session.execute(
        select(AttendanceDay, Employee.name)
        .join(Employee, Employee.id == AttendanceDay.employee_id)
        .where(
            AttendanceDay.employee_id.in_({employee_id for employee_id, _ in kept}),
            AttendanceDay.day.between(back_to, before),
        )
        .order_by(Employee.name, AttendanceDay.day)
    )
    return [
        Amendment(name, kept[day.employee_id, day.day], day)
        for day, name in rows
        if (day.employee_id, day.day) in kept and _differs(kept[day.employee_id, day.day], day)
    ]


def _differs(before: ClosedDay, now: AttendanceDay) -> bool:
    return any(getattr(before, name) != getattr(now, name) for name in KEPT)


def amended_by(session: Session, closing: MonthClosing, first: date) -> list[Amendment]:
    """What a close amended of earlier months."""
    earlier = select(ClosedDay, Employee.name).join(Employee, Employee.id == ClosedDay.employee_id)
    rows = session.execute(
        earlier.where(ClosedDay.closing_id == closing.id, ClosedDay.day < first).order_by(
            Employee.name, ClosedDay.day
        )
    ).all()
    found = []
    for kept, name in rows:
        before = session.scalars(
            select(ClosedDay)
            .join(MonthClosing, MonthClosing.id == ClosedDay.closing_id)
            .where(
                ClosedDay.employee_id == kept.employee_id,
                ClosedDay.day == kept.day,
                MonthClosing.month < closing.month,
            )
            .order_by(MonthClosing.month.desc())
            .limit(1)
        ).one()
        found.append(Amendment(name, before, kept))
    return found
