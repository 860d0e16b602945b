"""Cases, the codes by which they are answered, and unfinished conversations."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from store.db import Base, words_of
from store.people import Employee, Unit


class Case(Base):
    """Leave, permission, duty or correction (permohonan).

    The unit of leave is the half day: `start_half` PM leaves the first morning out, `end_half` AM
    the last afternoon. `time_from` and `time_to` are local clock times of late, early and out.
    """

    __tablename__ = "leave_case"
    __table_args__ = (
        CheckConstraint("end_date IS NULL OR end_date >= start_date", name="days_in_order"),
        CheckConstraint(
            "(status = 'open') = (waiting_for IS NOT NULL)", name="open_waits_for_somebody"
        ),
        CheckConstraint(
            "status NOT IN ('refused', 'postponed') OR decision_note <> ''",
            name="refusal_has_a_reason",
        ),
        Index("ix_leave_case_employee_id_start_date", "employee_id", "start_date", "end_date"),
        Index("ix_leave_case_queue", "unit_id", "status", "waiting_for"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[CaseKind] = mapped_column(words_of(CaseKind, "kind"))
    status: Mapped[CaseStatus] = mapped_column(words_of(CaseStatus, "status"))
    waiting_for: Mapped[WaitingFor | None] = mapped_column(words_of(WaitingFor, "waiting_for"))
    start_date: Mapped[date]
    start_half: Mapped[HalfDay] = mapped_column(
        words_of(HalfDay, "start_half"), default=HalfDay.FULL
    )
    end_date: Mapped[date | None]  # open for maternity until the statutory end is filled in
    end_half: Mapped[HalfDay] = mapped_column(words_of(HalfDay, "end_half"), default=HalfDay.FULL)
    time_from: Mapped[time | None]
    time_to: Mapped[time | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    correction: Mapped[str | None] = mapped_column(String(24))  # forgot_scan, present, wrong
    source: Mapped[str] = mapped_column(String(16))  # sms, panel
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_sms.id"))
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str] = mapped_column(String(80))  # actor text, see services.actors
    told_by: Mapped[str | None] = mapped_column(String(160))  # who told whom, when on behalf
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decision_note: Mapped[str] = mapped_column(Text, default="")
    proposed: Mapped[dict[str, Any] | None]  # a changed approval the employee must accept
    passed_on_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime | None]
    letter_number: Mapped[str | None] = mapped_column(String(80))  # surat tugas, decision
    place: Mapped[str | None] = mapped_column(String(160))
    provisional: Mapped[bool] = mapped_column(default=False)
    checked_at: Mapped[datetime | None]  # duty week ticked by Kasubag
    reminded_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)

    employee: Mapped[Employee] = relationship(foreign_keys=[employee_id])
    decider: Mapped[Employee | None] = relationship(foreign_keys=[decider_id])
    unit: Mapped[Unit] = relationship()


class CodePurpose(StrEnum):
    """What answering a reply code does."""

    DECIDE = "decide"
    UNDO = "undo"
    ACCEPT_CHANGE = "accept_change"
    CONFIRM_DRAFT = "confirm_draft"


class ReplyCode(Base):
    """Two or three digits by which one person answers about one case; rests 30 days once closed."""

    __tablename__ = "reply_code"
    __table_args__ = (
        Index("ix_reply_code_person", "employee_id", "code"),
        Index("ix_reply_code_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    code: Mapped[str] = mapped_column(String(8))
    case_id: Mapped[int] = mapped_column(ForeignKey("leave_case.id"))
    purpose: Mapped[CodePurpose] = mapped_column(words_of(CodePurpose, "purpose"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]

    case: Mapped[Case] = relationship()


class Draft(Base):
    """A question back that the sender's next SMS completes (percakapan); not a case."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("ix_draft_employee_id_closed_at", "employee_id", "closed_at"),
        Index("ix_draft_about_to", "about_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    number: Mapped[str] = mapped_column(String(20))
    question: Mapped[str] = mapped_column(String(32))
    fields: Mapped[dict[str, Any]]
    about_from: Mapped[date | None]
    about_to: Mapped[date | None]
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_sms.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(24))
