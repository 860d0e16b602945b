"""Days of a month for recaps: each unit's own part of each person's month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.people import Capacity, PostKind
from store import staff
from store.days import AttendanceDay, DirtyDay
from store.people import Assignment, Employee, Post, PostHolder, Unit


@dataclass(frozen=True)
class PersonHere:
    """Somebody with days in a unit: who they are and what they are there."""

    employee_id: int
    unit_id: int
    nip: str | None
    name: str
    position: str
    grade: str


def unit_by_code(session: Session, code: str) -> Unit:
    """The unit with this code. Raises LookupError."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).first()
    if unit is None:
        raise LookupError(f"There is no unit {code!r}.")
    return unit


def units_under(session: Session, path: str) -> Sequence[Unit]:
    """A unit and all below it, by code."""
    return session.scalars(select(Unit).where(Unit.path.startswith(path)).order_by(Unit.code)).all()


def days_under(session: Session, path: str, first: date, last: date) -> Iterator[AttendanceDay]:
    """Derived days of a span that belong to a unit or one below it; by unit, person, date."""
    return iter(
        session.scalars(
            select(AttendanceDay)
            .join(Unit, Unit.id == AttendanceDay.unit_id)
            .where(Unit.path.startswith(path), AttendanceDay.day.between(first, last))
            .order_by(Unit.code, AttendanceDay.employee_id, AttendanceDay.day)
        )
    )


def people_under(
    session: Session, path: str, first: date, last: date
) -> dict[tuple[int, int], PersonHere]:
    """Who was assigned under a unit in a span, by (unit, employee); the newest position counts."""
    rows = session.execute(
        select(Assignment, Employee)
        .join(Employee, Employee.id == Assignment.employee_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(
            Unit.path.startswith(path),
            Assignment.first_day <= last,
            or_(Assignment.last_day.is_(None), Assignment.last_day >= first),
        )
        .order_by(Assignment.first_day, Assignment.id)
    )
    return {
        (assignment.unit_id, person.id): PersonHere(
            person.id, assignment.unit_id, person.nip, person.name,
            assignment.position, assignment.grade,
        )
        for assignment, person in rows
    }  # fmt: skip


def still_dirty(session: Session, path: str, first: date, last: date) -> int:
    """How many days of a span under a unit wait to be derived again."""
    here = (
        select(Assignment.id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(
            Unit.path.startswith(path),
            Assignment.employee_id == DirtyDay.employee_id,
            staff.holds_on(Assignment.first_day, Assignment.last_day, DirtyDay.day),
        )
    )
    count = select(func.count()).select_from(DirtyDay)
    return session.scalar(count.where(DirtyDay.day.between(first, last), here.exists())) or 0


def official_with_post(
    session: Session, unit: Unit, kind: PostKind, day: date
) -> tuple[Employee, Post, Capacity] | None:
    """Who signs as `kind` for a unit on a day: its own official or the nearest one above."""
    here: Unit | None = unit
    while here is not None:
        posts = select(Post).where(Post.unit_id == here.id, Post.kind == kind).order_by(Post.id)
        for post in session.scalars(posts).all():
            holder = staff.holder_of_post(session, post.id, day)
            if holder is not None:
                return holder, post, _capacity(session, post.id, holder.id, day)
        here = session.get(Unit, here.parent_id) if here.parent_id is not None else None
    return None


def _capacity(session: Session, post_id: int, employee_id: int, day: date) -> Capacity:
    held = session.scalars(
        select(PostHolder.capacity).where(
            PostHolder.post_id == post_id,
            PostHolder.employee_id == employee_id,
            staff.holds_on(PostHolder.first_day, PostHolder.last_day, day),
        )
    ).all()
    return min(held, key=staff.STAND_INS_FIRST.__getitem__)
