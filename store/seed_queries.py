"""What is there already, for those who bring the first data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.calendars import CalendarEntry, Setting, WorkPatternRow
from store.log import LogEntry
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
