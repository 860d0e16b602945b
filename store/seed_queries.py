"""What is there already, for those who bring the first data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.calendars import CalendarEntry, WorkPatternRow
from store.people import Unit


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
