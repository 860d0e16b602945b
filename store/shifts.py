"""What belongs to a shift roster before and beside its published days: drafts and swaps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.db import Base
from store.people import Employee, Unit


class RosterDraft(Base):
    """A unit's month that is being written (rancangan jadwal jaga); nothing follows from it."""

    __tablename__ = "roster_draft"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    letters: Mapped[dict[str, Any]]  # employee id -> date -> letter
    edited_by: Mapped[str] = mapped_column(String(80))
    edited_at: Mapped[datetime]


class ShiftSwap(Base):
    """Two people exchange their letters on some dates (tukar jaga); counts once a second account
    has confirmed it."""

    __tablename__ = "shift_swap"
    __table_args__ = (
        Index("ix_shift_swap_unit_id_ended_at", "unit_id", "ended_at"),
        CheckConstraint("one_id <> other_id", name="two_people"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_with_outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    one_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    letters: Mapped[dict[str, Any]]  # date -> [letter of one, of the other], when it was proposed
    why: Mapped[str] = mapped_column(String(200))
    proposed_by: Mapped[str] = mapped_column(String(80))
    proposer_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    proposed_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))  # confirmed, refused

    one: Mapped[Employee] = relationship(foreign_keys=one_id)
    other: Mapped[Employee] = relationship(foreign_keys=other_id)
    unit: Mapped[Unit] = relationship()
