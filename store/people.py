"""Units, employees, posts, phones and accounts, each with its dates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.people import Capacity, Employment, PostKind, Role, Stage, UnitKind
from store.db import Base, words_of


class Unit(Base):
    """Organisational unit (unit kerja); `path` lists the ids from the top, '/1/4/9/'."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[UnitKind] = mapped_column(words_of(UnitKind, "kind"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    path: Mapped[str] = mapped_column(String(200), index=True)
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Makassar")
    kasubag_label: Mapped[str] = mapped_column(String(60), default="Kasubag Umum")
    closed_on: Mapped[date | None]


class UnitStage(Base):
    """From when a unit takes part, and how far (tahap: pantau, uji, berlaku)."""

    __tablename__ = "unit_stage"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[Stage] = mapped_column(words_of(Stage, "stage"))


class Employee(Base):
    """Civil servant (pegawai). A CPNS may lack a NIP for weeks, so our own id is the key."""

    __tablename__ = "employee"

    id: Mapped[int] = mapped_column(primary_key=True)
    nip: Mapped[str | None] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    employment: Mapped[Employment] = mapped_column(words_of(Employment, "employment"))
    in_service_from: Mapped[date]
    in_service_to: Mapped[date | None]  # last day, inclusive

    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="employee", order_by="Assignment.first_day"
    )


class Post(Base):
    """Post (jabatan); without a holder its duties fall to the parent's."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("unit_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(160))
    kind: Mapped[PostKind] = mapped_column(words_of(PostKind, "kind"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))

    unit: Mapped[Unit] = relationship()


class PostHolder(Base):
    """Who holds a post, in which capacity (definitif, Plt, Plh), and when; days inclusive."""

    __tablename__ = "post_holder"
    __table_args__ = (
        Index("ix_post_holder_employee_id", "employee_id"),
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    capacity: Mapped[Capacity] = mapped_column(words_of(Capacity, "capacity"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]


class Assignment(Base):
    """Where a person works and to which post they report, by dates (penempatan); inclusive."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("last_day IS NULL OR last_day >= first_day", name="days_in_order"),
        Index("ix_assignment_employee_id_first_day", "employee_id", "first_day"),
        Index("ix_assignment_unit_id_first_day", "unit_id", "first_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    reports_to_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    position: Mapped[str] = mapped_column(String(160), default="")
    grade: Mapped[str] = mapped_column(String(16), default="")
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    employee: Mapped[Employee] = relationship(back_populates="assignments")
    unit: Mapped[Unit] = relationship()
    reports_to: Mapped[Post | None] = relationship()


class Phone(Base):
    """A number that belongs to a person from a day on; it decides only when verified.

    The same number may stand here for several people at once: a shared phone, always asked who
    is meant.
    """

    __tablename__ = "phone"
    __table_args__ = (
        UniqueConstraint("number", "employee_id", "first_day"),
        Index("ix_phone_employee_id", "employee_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    number: Mapped[str] = mapped_column(String(20))  # E.164
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    verified_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None] = mapped_column(String(40))  # BUKAN SAYA, wrong number
    proposed_by: Mapped[str | None] = mapped_column(String(80))  # who gave this number
    alerts_off_at: Mapped[datetime | None]  # BERHENTI: no alerts, everything else still goes
    home_route: Mapped[str | None] = mapped_column(String(32))  # the road they last wrote by

    employee: Mapped[Employee] = relationship()


class Account(Base):
    """A log-in to the panel, tied to an employee where the person is one."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(words_of(Role, "role"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5), default="id")
    is_training: Mapped[bool] = mapped_column(default=False)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship()
    employee: Mapped[Employee | None] = relationship()
