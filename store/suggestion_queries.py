"""What hints at the owner of an unknown ID."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from store.people import Assignment, Employee
from store.punches import RawRead, Terminal, TerminalId

MANY = 200  # operation logs looked at, the newest


def owners_at_siblings(
    session: Session, terminal: Terminal, pins: Sequence[str], day: date
) -> dict[str, Employee]:
    """Who has these IDs at the unit's other terminals, where that is one person only."""
    rows = session.execute(
        select(TerminalId.pin, Employee)
        .join(Employee, Employee.id == TerminalId.employee_id)
        .join(Terminal, Terminal.id == TerminalId.terminal_id)
        .where(
            Terminal.unit_id == terminal.unit_id,
            Terminal.id != terminal.id,
            TerminalId.pin.in_(pins),
            TerminalId.first_day <= day,
            or_(TerminalId.last_day.is_(None), TerminalId.last_day >= day),
        )
    )
    found: dict[str, set[Employee]] = {}
    for pin, employee in rows:
        found.setdefault(pin, set()).add(employee)
    return {pin: people.pop() for pin, people in found.items() if len(people) == 1}


def people_without_id(session: Session, terminal: Terminal, day: date) -> Sequence[Employee]:
    """People of the terminal's unit who have no ID at it."""
    return session.scalars(
        select(Employee)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(
            Assignment.unit_id == terminal.unit_id,
            Assignment.first_day <= day,
            or_(Assignment.last_day.is_(None), Assignment.last_day >= day),
            ~exists().where(
                TerminalId.terminal_id == terminal.id,
                TerminalId.employee_id == Employee.id,
                or_(TerminalId.last_day.is_(None), TerminalId.last_day >= day),
            ),
        )
        .order_by(Employee.name)
    ).all()


def operation_logs(session: Session, terminal_id: int) -> Sequence[RawRead]:
    """The newest operation logs of a terminal, oldest of them first."""
    newest = session.scalars(
        select(RawRead)
        .where(RawRead.terminal_id == terminal_id, RawRead.layout == "operlog")
        .order_by(RawRead.id.desc())
        .limit(MANY)
    ).all()
    return newest[::-1]
