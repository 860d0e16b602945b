"""Declared outages, and who has to stand on the paper list instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from store.days import AttendanceDay
from store.people import Assignment, Employee
from store.terminal_care import TerminalOutage
from store.visibility import visible_to


def overlapping(
    session: Session, unit_id: int, terminal_id: int | None, first: date, last: date
) -> TerminalOutage | None:
    """An outage of the same terminal, or of the whole unit, that shares a day with this span."""
    return session.scalars(
        select(TerminalOutage).where(
            TerminalOutage.unit_id == unit_id,
            or_(
                TerminalOutage.terminal_id.is_(None),
                TerminalOutage.terminal_id == terminal_id,
            ),
            TerminalOutage.first_day <= last,
            TerminalOutage.last_day >= first,
        )
    ).first()


def visible_outage(session: Session, viewer: Viewer, outage_id: int) -> TerminalOutage | None:
    """One outage, if the viewer may see its unit."""
    return session.scalars(
        select(TerminalOutage)
        .where(TerminalOutage.id == outage_id, visible_to(viewer, TerminalOutage.unit_id))
        .options(joinedload(TerminalOutage.unit))
    ).first()


def since(session: Session, viewer: Viewer, day: date) -> Sequence[TerminalOutage]:
    """Outages that touch `day` or come later, the newest first."""
    return session.scalars(
        select(TerminalOutage)
        .where(TerminalOutage.last_day >= day, visible_to(viewer, TerminalOutage.unit_id))
        .options(joinedload(TerminalOutage.unit), joinedload(TerminalOutage.terminal))
        .order_by(TerminalOutage.first_day.desc(), TerminalOutage.id.desc())
    ).all()


def outage_days(
    session: Session, unit_ids: Collection[int], first: date, last: date
) -> dict[int, int]:
    """How many dates of a span each unit had a declared outage on; to be shown beside its rate."""
    days: dict[int, set[date]] = defaultdict(set)
    for outage in session.scalars(
        select(TerminalOutage).where(
            TerminalOutage.unit_id.in_(unit_ids),
            TerminalOutage.first_day <= last,
            TerminalOutage.last_day >= first,
        )
    ):
        begins, ends = max(first, outage.first_day), min(last, outage.last_day)
        span = range((ends - begins).days + 1)
        days[outage.unit_id].update(begins + timedelta(days=n) for n in span)
    return {unit_id: len(found) for unit_id, found in days.items()}


def people_of(session: Session, unit_id: int, first: date, last: date) -> Sequence[Employee]:
    """Everybody who works in a unit on some day of a span, by name."""
    return session.scalars(
        select(Employee)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(
            Assignment.unit_id == unit_id,
            Assignment.first_day <= last,
            or_(Assignment.last_day.is_(None), Assignment.last_day >= first),
        )
        .distinct()
        .order_by(Employee.name, Employee.id)
    ).all()


def statuses(
    session: Session, employee_ids: Collection[int], first: date, last: date
) -> dict[tuple[int, date], str]:
    """What each person's day is found to be so far."""
    rows = session.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day, AttendanceDay.status).where(
            AttendanceDay.employee_id.in_(employee_ids),
            AttendanceDay.day.between(first, last),
        )
    )
    return {(employee_id, day): status for employee_id, day, status in rows}
