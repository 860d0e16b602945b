"""What people and rules do about terminals: commands, tickets, outages, corrections, clearings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.db import Base
from store.people import Unit
from store.punches import Terminal


class TerminalCommand(Base):
    """Something a pushing terminal is asked when it polls, and its answer (perintah mesin)."""

    __tablename__ = "terminal_command"
    __table_args__ = (Index("ix_terminal_command_open", "terminal_id", "answered_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"))
    wire_id: Mapped[str] = mapped_column(String(16), unique=True)  # cannot be guessed
    purpose: Mapped[str] = mapped_column(String(24))
    command: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    times_sent: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None]  # answered, or given up
    returned: Mapped[int | None]  # 0 done, negative refused, None never answered


class TerminalTicket(Base):
    """A fault that somebody has to look at (tiket gangguan); its history stands in the log.

    `open_key` is unique while the ticket is open and empty afterwards: one fault, one ticket.
    """

    __tablename__ = "terminal_ticket"
    __table_args__ = (Index("ix_terminal_ticket_unit_id_opened_at", "unit_id", "opened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    open_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    terminal_id: Mapped[int | None] = mapped_column(ForeignKey("terminal.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(24))
    data: Mapped[dict[str, Any]]  # what was seen, for the sentence on the panel
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(80))
    told_at: Mapped[datetime | None]  # the technician, by SMS
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    why_closed: Mapped[str | None] = mapped_column(Text)

    terminal: Mapped[Terminal | None] = relationship()
    unit: Mapped[Unit] = relationship()


class TerminalOutage(Base):
    """Days on which a unit's terminals are declared out of order (mesin dinyatakan rusak)."""

    __tablename__ = "terminal_outage"
    __table_args__ = (Index("ix_terminal_outage_unit_id_first_day", "unit_id", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    terminal_id: Mapped[int | None] = mapped_column(ForeignKey("terminal.id"))  # None: all
    first_day: Mapped[date]
    last_day: Mapped[date]  # shortened when it ends earlier
    why: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[str] = mapped_column(String(80))
    declared_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    terminal: Mapped[Terminal | None] = relationship()


class ClockCorrection(Base):
    """A period in which a terminal's clock was ahead by so many seconds (koreksi jam mesin)."""

    __tablename__ = "clock_correction"
    __table_args__ = (Index("ix_clock_correction_terminal_id", "terminal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"))
    local_from: Mapped[str] = mapped_column(String(19))  # as the wrong clock wrote them
    local_to: Mapped[str] = mapped_column(String(19))
    seconds_ahead: Mapped[int]
    why: Mapped[str] = mapped_column(Text)
    corrected_by: Mapped[str] = mapped_column(String(80))
    corrected_at: Mapped[datetime]


class OutsiderId(Base):
    """An ID at a terminal of somebody outside the service (orang luar): a guard, an honorer."""

    __tablename__ = "outsider_id"

    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"), primary_key=True)
    pin: Mapped[str] = mapped_column(String(32), primary_key=True)
    why: Mapped[str] = mapped_column(Text)  # who it is
    said_by: Mapped[str] = mapped_column(String(80))
    said_at: Mapped[datetime]


class LogClearing(Base):
    """The emptying of a terminal's log: asked by one person, done by another (kosongkan log)."""

    __tablename__ = "log_clearing"
    __table_args__ = (Index("ix_log_clearing_terminal_id", "terminal_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"))
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)
    raw_read_id: Mapped[int] = mapped_column(ForeignKey("raw_read.id"))
    records: Mapped[int]  # in the read that was stored before
    done_by: Mapped[str | None] = mapped_column(String(80))
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(24))  # cleared, changed, unknown, dropped
    records_after: Mapped[int | None]

    terminal: Mapped[Terminal] = relationship()
