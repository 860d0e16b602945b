"""Closed months (tutup bulan): who closed a unit's month when, and its days as they stood."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.db import Base
from store.people import Unit


class MonthClosing(Base):
    """One unit's month on its way to being closed: a deadline, a close, a countersignature."""

    __tablename__ = "month_closing"
    __table_args__ = (
        UniqueConstraint("unit_id", "month"),
        CheckConstraint("countersigned_at IS NULL OR closed_at IS NOT NULL", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    month: Mapped[str] = mapped_column(String(7))  # 2026-11
    deadline: Mapped[date | None]  # objections count until this day
    warned_at: Mapped[datetime | None]  # everybody with a blemish had their SMS
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    countersigned_at: Mapped[datetime | None]
    countersigned_by: Mapped[str | None] = mapped_column(String(80))

    unit: Mapped[Unit] = relationship()


class ClosedDay(Base):
    """A day as it stood when its month was closed, or as a later close amended it (susulan)."""

    __tablename__ = "closed_day"
    __table_args__ = (Index("ix_closed_day_employee_id_day", "employee_id", "day"),)

    closing_id: Mapped[int] = mapped_column(ForeignKey("month_closing.id"), primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str | None] = mapped_column(String(16))
    first_in: Mapped[datetime | None]
    last_out: Mapped[datetime | None]
    late_minutes: Mapped[int] = mapped_column(default=0)
    early_minutes: Mapped[int] = mapped_column(default=0)
    missing_in: Mapped[bool] = mapped_column(default=False)
    missing_out: Mapped[bool] = mapped_column(default=False)
    excuse: Mapped[str | None] = mapped_column(String(8))
    provisional: Mapped[bool] = mapped_column(default=False)
