"""What happened, append-only; what is alive; what ran; how this house was installed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, insert
from sqlalchemy.orm import Mapped, mapped_column

from domain.access import Actor
from store.db import Base, Transaction


class LogEntry(Base):
    """One event (riwayat): who, for whom, when, why. Never updated but for its seal."""

    __tablename__ = "log_entry"
    __table_args__ = (
        Index("ix_log_entry_subject", "subject", "subject_id"),
        Index("ix_log_entry_employee_id_at", "employee_id", "at"),
        Index("ix_log_entry_seal_position", "seal_position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    acted_for: Mapped[str | None] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[str] = mapped_column(String(60))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    why: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]]
    seal: Mapped[str | None] = mapped_column(String(64))  # written later by the sealing job
    seal_position: Mapped[int | None]


class Heartbeat(Base):
    """A sign of life of a process or modem, with what it knows of its own health."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime]
    state: Mapped[dict[str, Any]]


class LastRun(Base):
    """When a scheduled job last ran; also the lease that keeps it single."""

    __tablename__ = "last_run"

    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    slot: Mapped[str] = mapped_column(String(40), default="")  # the period last rung for
    rung_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]  # when it last ended well
    problem: Mapped[str | None] = mapped_column(Text)  # of a run that failed since then
    held_by: Mapped[str | None] = mapped_column(String(60))
    held_until: Mapped[datetime | None]


class Install(Base):
    """This installation: its mode is written by the first migration and never changes."""

    __tablename__ = "install"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    mode: Mapped[str] = mapped_column(String(12))
    installed_at: Mapped[datetime]
    first_day: Mapped[date]


def record(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    action: str,
    subject: str,
    subject_id: int | str,
    *,
    employee_id: int | None = None,
    unit_id: int | None = None,
    acted_for: Actor | None = None,
    why: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write one event of this transaction into the log (riwayat)."""
    tx.add(
        LogEntry(
            at=now,
            actor=str(actor),
            acted_for=str(acted_for) if acted_for else None,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            employee_id=employee_id,
            unit_id=unit_id,
            why=why,
            data=data or {},
        )
    )


def record_people(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    action: str,
    data_of: Mapping[int, dict[str, Any]],
) -> None:
    """The same kind of event for many employees, in one statement; data by employee."""
    rows = [
        {
            "at": now,
            "actor": str(actor),
            "action": action,
            "subject": "employee",
            "subject_id": str(employee_id),
            "employee_id": employee_id,
            "why": "",
            "data": data,
        }
        for employee_id, data in data_of.items()
    ]
    if rows:
        tx.execute(insert(LogEntry), rows)
