"""Attendance days and the list of those to derive again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Base


def _where_set(column: str) -> Index:
    """An index of the few days that have an instant there."""
    is_set = text(f"{column} IS NOT NULL")
    name = f"ix_attendance_day_{column}"
    return Index(name, column, sqlite_where=is_set, postgresql_where=is_set)


class AttendanceDay(Base):
    """One person's day (hari kehadiran), wholly derived; owns nothing."""

    __tablename__ = "attendance_day"
    __table_args__ = (
        Index("ix_attendance_day_employee_id_day", "employee_id", "day"),
        Index("ix_attendance_day_unit_id_day", "unit_id", "day", "status"),
        _where_set("notices_at"),
        _where_set("next_look_at"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    status: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(16))
    first_in: Mapped[datetime | None]
    last_out: Mapped[datetime | None]
    late_minutes: Mapped[int] = mapped_column(default=0)
    early_minutes: Mapped[int] = mapped_column(default=0)
    missing_in: Mapped[bool] = mapped_column(default=False)
    missing_out: Mapped[bool] = mapped_column(default=False)
    excuse: Mapped[str | None] = mapped_column(String(8))  # am, pm, full
    provisional: Mapped[bool] = mapped_column(default=False)
    final: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[list[Any]]
    why: Mapped[list[Any]]
    as_of: Mapped[datetime]
    next_look_at: Mapped[datetime | None]  # when time changes it
    notices_at: Mapped[datetime | None]  # when to look whether something is to be said about it


Key = tuple[int, date]
"""An employee's id and a date."""
DAY_KEY = (AttendanceDay.employee_id, AttendanceDay.day)


class DirtyDay(Base):
    """A day some new fact touched; derived again by whoever claims it."""

    __tablename__ = "dirty_day"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(24))
    marked_at: Mapped[datetime]
    marks: Mapped[int] = mapped_column(default=1)  # since it was claimed: then it stays dirty
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(32))  # one claim, not one worker
