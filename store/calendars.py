"""Calendars, work patterns, rosters and settings, all by effective date."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.db import Base, words_of


class CalendarKind(StrEnum):
    """What a calendar entry makes of a date."""

    HOLIDAY = "holiday"  # libur nasional
    COLLECTIVE_LEAVE = "collective_leave"  # cuti bersama
    WFA = "wfa"
    SCHOOL_BREAK = "school_break"
    RAMADAN = "ramadan"


class CalendarEntry(Base):
    """A date or span with a meaning for a unit and all below it (kalender); days inclusive."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        UniqueConstraint("kind", "first_day", "unit_id", "name"),
        Index("ix_calendar_entry_first_day", "first_day", "last_day"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CalendarKind] = mapped_column(words_of(CalendarKind, "kind"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(120))  # SKB, SE, the holidays package
    weekdays: Mapped[str | None] = mapped_column(String(7))  # ISO digits, '5' = Fridays only
    windows: Mapped[list[Any] | None]
    known_at: Mapped[datetime]


class WorkPatternRow(Base):
    """A named work pattern (pola kerja): 5D, 6D, SHIFT or a unit's own."""

    __tablename__ = "work_pattern"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    is_shift: Mapped[bool] = mapped_column(default=False)


class WorkPatternVersion(Base):
    """A pattern's spans from a date on; spans are stored, never computed from hours."""

    __tablename__ = "work_pattern_version"
    __table_args__ = (UniqueConstraint("pattern_id", "first_day", "in_ramadan"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pattern_id: Mapped[int] = mapped_column(ForeignKey("work_pattern.id"))
    first_day: Mapped[date]
    in_ramadan: Mapped[bool] = mapped_column(default=False)
    spans: Mapped[dict[str, Any]]  # ISO weekday -> ["07:30", "16:00"]
    source: Mapped[str] = mapped_column(String(120))


class PatternAssignment(Base):
    """Which pattern holds for a unit or for one person, by dates; the person's wins."""

    __tablename__ = "pattern_assignment"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (employee_id IS NULL)", name="unit_or_person"),
        Index("ix_pattern_assignment_unit_id", "unit_id"),
        Index("ix_pattern_assignment_employee_id", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    pattern_id: Mapped[int] = mapped_column(ForeignKey("work_pattern.id"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]


class ShiftKind(Base):
    """A shift letter at a unit (P, S, M): its local hours; an end before the start is next day."""

    __tablename__ = "shift_kind"
    __table_args__ = (UniqueConstraint("unit_id", "letter", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    letter: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(40))
    starts: Mapped[time]
    ends: Mapped[time]
    first_day: Mapped[date]


class RosterDay(Base):
    """One person's published shift on one date (jadwal jaga); 'L' is off."""

    __tablename__ = "roster_day"
    __table_args__ = (Index("ix_roster_day_unit_id_day", "unit_id", "day"),)

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    letter: Mapped[str] = mapped_column(String(4))
    published_at: Mapped[datetime]


class Setting(Base):
    """A rule that may change from a date on, for everybody or for a unit and all below it."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("name", "unit_id", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    first_day: Mapped[date]
    value: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(120), default="")
