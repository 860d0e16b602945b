"""Terminals, what was read from them, and the punches that came out of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.db import Base
from store.people import Employee, Unit

CORRECTED = "corrected"
"""The mark of a scan whose instant people have corrected: it is in doubt no more."""
_IS_CORRECTED = text(f"doubtful = '{CORRECTED}'")


class Terminal(Base):
    """Fingerprint terminal (mesin absensi) at a unit."""

    __tablename__ = "terminal"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    serial: Mapped[str | None] = mapped_column(String(40), unique=True)
    host: Mapped[str | None] = mapped_column(String(45))  # an IP address, never a name
    port: Mapped[int] = mapped_column(default=4370)
    comm_key: Mapped[int] = mapped_column(default=0)
    layout: Mapped[str] = mapped_column(String(8), default="auto")  # auto until learned
    is_push: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    firmware: Mapped[str | None] = mapped_column(String(60))
    next_pull_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    locked_by: Mapped[str | None] = mapped_column(String(60))
    locked_until: Mapped[datetime | None]
    complete_up_to: Mapped[datetime | None]  # proven read up to here, by the last good contact
    clock_offset: Mapped[int | None]  # seconds the terminal is ahead, at the last contact
    records_on_device: Mapped[int | None]
    record_capacity: Mapped[int | None]
    last_contact_at: Mapped[datetime | None]
    last_full_read_at: Mapped[datetime | None]
    networks: Mapped[str | None] = mapped_column(String(200))  # a push from elsewhere is refused
    last_address: Mapped[str | None] = mapped_column(String(45))  # of the last push
    address_before: Mapped[str | None] = mapped_column(String(45))
    address_changed_at: Mapped[datetime | None]
    replaces_id: Mapped[int | None]  # the retired terminal whose place it took

    unit: Mapped[Unit] = relationship()


class TerminalContact(Base):
    """One contact with a terminal, good or bad, and what it proved (buku catatan mesin)."""

    __tablename__ = "terminal_contact"
    __table_args__ = (Index("ix_terminal_contact_terminal_id_at", "terminal_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"))
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(12))  # pull, push, usb, csv
    ok: Mapped[bool]
    problem_code: Mapped[str | None] = mapped_column(String(40))
    problem: Mapped[str | None] = mapped_column(Text)
    clock_offset: Mapped[int | None]
    records_on_device: Mapped[int | None]
    records_read: Mapped[int | None]
    new_punches: Mapped[int | None]
    complete_up_to: Mapped[datetime | None]
    raw_read_id: Mapped[int | None] = mapped_column(ForeignKey("raw_read.id"))


class RawRead(Base):
    """What a terminal sent, byte for byte (zlib), committed before it is read or acknowledged."""

    __tablename__ = "raw_read"
    __table_args__ = (
        Index("ix_raw_read_terminal_id_received_at", "terminal_id", "received_at"),
        Index("ix_raw_read_waiting", "parsed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"))
    source: Mapped[str] = mapped_column(String(12))
    layout: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    first_index: Mapped[int] = mapped_column(default=0)  # position of the first record
    records: Mapped[int | None]
    device_time: Mapped[str | None] = mapped_column(String(19))
    clock_offset: Mapped[int | None]
    parsed_at: Mapped[datetime | None]
    refused: Mapped[str | None] = mapped_column(Text)  # why it was kept but not taken


class TerminalId(Base):
    """A terminal's number for a person (ID mesin), by dates; PINs are text."""

    __tablename__ = "terminal_id"
    __table_args__ = (
        UniqueConstraint("terminal_id", "pin", "first_day"),
        Index("ix_terminal_id_employee_id", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"))
    pin: Mapped[str] = mapped_column(String(32))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    employee: Mapped[Employee] = relationship()
    terminal: Mapped[Terminal] = relationship()


class RosterId(Base):
    """An ID as the roster gives it (ID mesin menurut daftar): at every terminal of a unit, those
    that come later included, or at the one of that name. TerminalId is what follows from it."""

    __tablename__ = "roster_id"
    __table_args__ = (
        Index("ix_roster_id_employee_id", "employee_id"),
        Index("ix_roster_id_unit_id", "unit_id"),
        Index("ix_roster_id_terminal_name", "terminal_name"),
        CheckConstraint("(unit_id IS NULL) <> (terminal_name IS NULL)", name="unit_or_terminal"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    pin: Mapped[str] = mapped_column(String(32))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    terminal_name: Mapped[str | None] = mapped_column(String(60))  # in small letters
    first_day: Mapped[date]
    last_day: Mapped[date | None]


class Punch(Base):
    """One scan (rekaman): unique per terminal, ID and local second, however often it is read.

    `local` is the terminal's own text 'YYYY-MM-DD HH:MM:SS'; `at` the instant derived from it,
    the site's zone and the clock offset measured when it was read.
    """

    __tablename__ = "punch"
    __table_args__ = (
        Index("ix_punch_employee_id_local_date", "employee_id", "local_date"),
        Index("ix_punch_terminal_id_local", "terminal_id", "local"),
        Index(
            "ix_punch_corrected",
            "employee_id",
            "at",
            sqlite_where=_IS_CORRECTED,
            postgresql_where=_IS_CORRECTED,
        ),
    )

    local_date: Mapped[date] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"), primary_key=True)
    pin: Mapped[str] = mapped_column(String(32), primary_key=True)
    local: Mapped[str] = mapped_column(String(19), primary_key=True)
    at: Mapped[datetime]
    status: Mapped[int]  # how verified: 1 finger, 0 password, 2 card, 15 face
    punch: Mapped[int]  # key pressed; never trusted for in or out
    source: Mapped[str] = mapped_column(String(12))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    raw_read_id: Mapped[int | None] = mapped_column(ForeignKey("raw_read.id"))
    doubtful: Mapped[str | None] = mapped_column(String(24))  # e.g. clock


class QuarantinedRow(Base):
    """A record that cannot be a punch as it stands (perlu dicocokkan); visible and replayable."""

    __tablename__ = "quarantined_row"
    __table_args__ = (UniqueConstraint("terminal_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal_id: Mapped[int] = mapped_column(ForeignKey("terminal.id"))
    raw_read_id: Mapped[int] = mapped_column(ForeignKey("raw_read.id"))
    digest: Mapped[str] = mapped_column(String(64))
    record: Mapped[bytes] = mapped_column(LargeBinary)
    pin: Mapped[str | None] = mapped_column(String(64))
    local: Mapped[str | None] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(String(40))
    found_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(80))
