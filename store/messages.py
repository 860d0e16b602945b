"""Messages in and out, the SIMs they travel by, and what people were told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.messages import MessageClass, OutState
from store.db import Base, words_of


class Sim(Base):
    """A SIM card (kartu), which may move between modems; known by its IMSI."""

    __tablename__ = "sim"

    imsi: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[str | None] = mapped_column(String(20))
    carrier: Mapped[str | None] = mapped_column(String(40))
    daily_quota: Mapped[int] = mapped_column(default=150)  # parts a day, by the card's own clock
    kept_for_answers: Mapped[int] = mapped_column(default=30)  # of these, for lane ANSWER only
    parts_per_minute: Mapped[int] = mapped_column(default=10)
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Makassar")
    paced_until: Mapped[datetime | None]  # see domain.pace
    modem: Mapped[str | None] = mapped_column(String(60))  # the section it was last seen in
    last_seen_at: Mapped[datetime | None]


class Road(Base):
    """A road that is no SIM (Twilio): until when it must not be used, and why."""

    __tablename__ = "road"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    paused_until: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(300))
    problem_at: Mapped[datetime | None]


class InboundPart(Base):
    """One SMS as it came off the wire, before any meaning; committed before it is acknowledged."""

    __tablename__ = "inbound_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    route: Mapped[str] = mapped_column(String(32))  # 'sim:<IMSI>' or 'twilio'
    sender: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]  # the network's clock (SMSC); Twilio: when it reached us
    received_at: Mapped[datetime]
    raw: Mapped[dict[str, Any]]
    reference: Mapped[int | None]
    total: Mapped[int] = mapped_column(default=1)
    number_in_total: Mapped[int] = mapped_column(default=1)
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_sms.id"), index=True)
    quarantine: Mapped[str | None] = mapped_column(String(160))

    __table_args__ = (Index("ix_inbound_part_joining", "sender", "reference", "total"),)


class InboundSms(Base):
    """A whole message to be read, joined from its parts (pesan masuk)."""

    __tablename__ = "inbound_sms"
    __table_args__ = (
        Index("ix_inbound_sms_waiting", "processed_at", "claimed_until"),
        Index("ix_inbound_sms_number_sent_at", "number", "sent_at"),
        Index("ix_inbound_sms_unread", "outcome", "handled_at", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(String(32))
    sender: Mapped[str] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(String(20))  # E.164 where the sender is a number
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    is_partial: Mapped[bool] = mapped_column(default=False)
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    processed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(32))  # see services.conversation.Outcome
    meaning: Mapped[dict[str, Any] | None]
    about_from: Mapped[date | None]
    about_to: Mapped[date | None]
    handled_by: Mapped[str | None] = mapped_column(String(80))  # a person who filed or marked it
    handled_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text)


class OutboundSms(Base):
    """A message to a person, written in the transaction that decided it (pesan keluar)."""

    __tablename__ = "outbound_sms"
    __table_args__ = (
        Index("ix_outbound_sms_leaving", "state", "lane", "not_before", "id"),
        Index("ix_outbound_sms_number_created_at", "number", "created_at"),
        Index("ix_outbound_sms_route_submitted_at", "route", "submitted_at"),
        Index("ix_outbound_sms_case_id", "case_id"),
        Index("ix_outbound_sms_reference", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    number: Mapped[str] = mapped_column(String(20))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"), index=True)
    message_class: Mapped[MessageClass] = mapped_column(words_of(MessageClass, "message_class"))
    lane: Mapped[int]  # domain.messages.Lane, so that the order by lane is the order of leaving
    wants_answer: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    parts: Mapped[int] = mapped_column(default=1)
    state: Mapped[OutState] = mapped_column(words_of(OutState, "state"), default=OutState.QUEUED)
    parts_left: Mapped[int] = mapped_column(default=0)  # leading parts that are on their way
    route: Mapped[str | None] = mapped_column(String(32))  # where it must or did leave
    home_route: Mapped[str | None] = mapped_column(String(32))  # where the recipient expects it
    any_hour: Mapped[bool] = mapped_column(default=False)  # about a shift that runs or comes next
    not_before: Mapped[datetime]
    dies_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reference: Mapped[str | None] = mapped_column(String(64))  # modem references or Twilio's sid
    receipt: Mapped[str | None] = mapped_column(String(24))  # what a delivery report said
    receipt_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(Text)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("leave_case.id"))
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_sms.id"), index=True)
    repeat_of: Mapped[int | None] = mapped_column(ForeignKey("outbound_sms.id"))
    cleared_at: Mapped[datetime | None]  # when the doubt of an UNKNOWN ended, and by whom
    cleared_by: Mapped[str | None] = mapped_column(String(80))


class OutboundPart(Base):
    """One part of a message that a modem sent, by the modem's own reference (0 to 255)."""

    __tablename__ = "outbound_part"
    __table_args__ = (
        UniqueConstraint("outbound_id", "place"),
        Index("ix_outbound_part_reference", "route", "reference", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    outbound_id: Mapped[int] = mapped_column(ForeignKey("outbound_sms.id"))
    place: Mapped[int]
    route: Mapped[str] = mapped_column(String(32))
    reference: Mapped[int]
    sent_at: Mapped[datetime]
    receipt: Mapped[str | None] = mapped_column(String(24))
    receipt_at: Mapped[datetime | None]


class DeliveryReport(Base):
    """What the network said about a part (laporan kirim), as it came; kept whole, matched later."""

    __tablename__ = "delivery_report"
    __table_args__ = (UniqueConstraint("route", "reference", "number", "sent_at", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(String(32))
    reference: Mapped[int]
    number: Mapped[str] = mapped_column(String(20))
    status: Mapped[int]  # TP-ST: 0 delivered, 32 to 63 still trying, 64 and more failed
    sent_at: Mapped[datetime]  # when the network took the part (SMSC)
    ended_at: Mapped[datetime | None]  # when it was delivered or given up (SMSC)
    received_at: Mapped[datetime]
    outbound_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_sms.id"))


class TwilioCallback(Base):
    """A status callback as it came; keyed so that repeats and disorder are harmless."""

    __tablename__ = "twilio_callback"
    __table_args__ = (UniqueConstraint("sid", "status", "error_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(String(40), index=True)
    status: Mapped[str] = mapped_column(String(24))
    error_code: Mapped[str] = mapped_column(String(12), default="")
    outbound_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_sms.id"))
    received_at: Mapped[datetime]


class Notice(Base):
    """What was said to whom about which day: proof, and the guard against saying it twice."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("kind", "employee_id", "day", "recipient_id", "revision"),
        Index("ix_notice_day", "day"),
        Index("ix_notice_employee_id_day", "employee_id", "day"),
        Index("ix_notice_recipient_id_day", "recipient_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MessageClass] = mapped_column(words_of(MessageClass, "kind"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    day: Mapped[date]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    revision: Mapped[int] = mapped_column(default=0)
    outbound_id: Mapped[int | None] = mapped_column(ForeignKey("outbound_sms.id"))
    raised_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    said: Mapped[str] = mapped_column(String(40), default="")  # the status people were told
