"""Calendars, patterns and stages as they stand, for those who set them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.access import Viewer
from store.calendars import CalendarEntry, PatternAssignment, Setting, WorkPatternRow
from store.log import LogEntry
from store.people import Assignment, Employee, Unit, UnitStage
from store.staff import holds_on
from store.visibility import visible_to


def pattern_by_code(session: Session, code: str) -> WorkPatternRow | None:
    """The work pattern of that code."""
    return session.scalars(select(WorkPatternRow).where(WorkPatternRow.code == code)).first()


def top_units(session: Session) -> Sequence[Unit]:
    """Units with nothing above them: a province."""
    return session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)).all()


def entries_of_year(session: Session, unit_id: int, year: int, source: str) -> int:
    """How many calendar entries of one source a unit has in a year."""
    return (
        session.scalar(
            select(func.count()).where(
                CalendarEntry.unit_id == unit_id,
                CalendarEntry.source == source,
                CalendarEntry.first_day.between(date(year, 1, 1), date(year, 12, 31)),
            )
        )
        or 0
    )


def was_recorded(session: Session, action: str) -> bool:
    """True when the log (riwayat) knows of an event with that name."""
    return session.scalar(select(LogEntry.id).where(LogEntry.action == action).limit(1)) is not None


def setting_from(
    session: Session, name: str, unit_id: int | None, first_day: date
) -> Setting | None:
    """The setting of that name that begins on that very day, for a unit or for everybody."""
    here = Setting.unit_id.is_(None) if unit_id is None else Setting.unit_id == unit_id
    return session.scalars(
        select(Setting).where(Setting.name == name, Setting.first_day == first_day, here)
    ).first()


def twin_of(session: Session, entry: CalendarEntry) -> CalendarEntry | None:
    """An entry that says the same already."""
    return session.scalars(
        select(CalendarEntry).where(
            CalendarEntry.kind == entry.kind,
            CalendarEntry.first_day == entry.first_day,
            CalendarEntry.unit_id == entry.unit_id,
            CalendarEntry.name == entry.name,
        )
    ).first()


def ids_below(session: Session, path: str) -> Sequence[int]:
    """The unit at this path and all below it."""
    return session.scalars(select(Unit.id).where(Unit.path.startswith(path))).all()


def all_units(session: Session) -> Sequence[Unit]:
    """Every unit that is open, from the top down."""
    return session.scalars(select(Unit).where(Unit.closed_on.is_(None)).order_by(Unit.path)).all()


def entries_between(session: Session, first: date, last: date) -> Sequence[CalendarEntry]:
    """Calendar entries that touch a span, by date."""
    return session.scalars(
        select(CalendarEntry)
        .where(CalendarEntry.first_day <= last, CalendarEntry.last_day >= first)
        .order_by(CalendarEntry.first_day, CalendarEntry.unit_id, CalendarEntry.name)
    ).all()


def stages(session: Session) -> Sequence[UnitStage]:
    """All stages of all units, newest first."""
    return session.scalars(
        select(UnitStage).order_by(UnitStage.first_day.desc(), UnitStage.unit_id)
    ).all()


def unit_patterns(session: Session) -> Sequence[tuple[int, str, date, date | None]]:
    """(unit, pattern's code, from, to) of every pattern a unit was given, newest first."""
    rows = session.execute(
        select(
            PatternAssignment.unit_id,
            WorkPatternRow.code,
            PatternAssignment.first_day,
            PatternAssignment.last_day,
        )
        .join(WorkPatternRow, WorkPatternRow.id == PatternAssignment.pattern_id)
        .where(PatternAssignment.unit_id.is_not(None))
        .order_by(PatternAssignment.first_day.desc(), PatternAssignment.unit_id)
    )
    return [(unit_id or 0, code, first, last) for unit_id, code, first, last in rows]


def person_patterns(
    session: Session, viewer: Viewer, today: date, limit: int
) -> tuple[Sequence[tuple[str, str, str, date, date | None]], int]:
    """Patterns of persons in sight that hold today or later, newest first: (name, unit, pattern's
    code, from, to); and how many there are in all."""
    given = PatternAssignment
    query = (
        select(Employee.name, Unit.name, WorkPatternRow.code, given.first_day, given.last_day)
        .join(Employee, Employee.id == given.employee_id)
        .join(WorkPatternRow, WorkPatternRow.id == given.pattern_id)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(
            or_(given.last_day.is_(None), given.last_day >= today),
            holds_on(Assignment.first_day, Assignment.last_day, today),
            visible_to(viewer, Unit.id),
        )
    )
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(given.first_day.desc(), Employee.name).limit(limit))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows], count
