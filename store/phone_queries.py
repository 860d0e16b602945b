"""Numbers of people: who has which, which wait for a second person, how they used to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.access import Viewer
from store.contacts import WAITS_FOR_SECOND
from store.log import LogEntry
from store.messages import InboundSms
from store.people import Assignment, Employee, Phone
from store.staff import holds_on
from store.visibility import visible_to


@dataclass(frozen=True)
class Waiting:
    """A decider's new number that waits for a second person, beside the one that counts."""

    phone: Phone
    name: str
    employee_id: int
    counts_now: str | None


@dataclass(frozen=True)
class Alarm:
    """A decision that came in an unusual way."""

    at: datetime
    name: str
    employee_id: int
    why: str


def current(session: Session, employee_id: int, day: date) -> Sequence[Phone]:
    """A person's numbers on a day, stopped and waiting ones too."""
    return session.scalars(
        select(Phone)
        .where(Phone.employee_id == employee_id, holds_on(Phone.first_day, Phone.last_day, day))
        .order_by(Phone.id)
    ).all()


def waiting(session: Session, viewer: Viewer, day: date) -> list[Waiting]:
    """New numbers that wait for a second person, of people this viewer may see."""
    rows = session.execute(
        select(Phone, Employee.name)
        .join(Employee, Employee.id == Phone.employee_id)
        .join(Assignment, Assignment.employee_id == Phone.employee_id)
        .where(
            Phone.stop_reason == WAITS_FOR_SECOND,
            holds_on(Assignment.first_day, Assignment.last_day, day),
            visible_to(viewer, Assignment.unit_id),
        )
        .order_by(Phone.id)
    ).all()
    return [
        Waiting(phone, name, phone.employee_id, _counts_now(session, phone.employee_id, day))
        for phone, name in rows
    ]


def _counts_now(session: Session, employee_id: int, day: date) -> str | None:
    return next(
        (p.number for p in current(session, employee_id, day) if p.stopped_at is None), None
    )


def alarms(session: Session, viewer: Viewer, since: datetime) -> list[Alarm]:
    """Unusual decisions of people this viewer may see, newest first."""
    rows = session.execute(
        select(LogEntry.at, Employee.name, Employee.id, LogEntry.why)
        .join(Employee, Employee.id == LogEntry.employee_id)
        .where(
            LogEntry.action == "unusual_decision",
            LogEntry.at >= since,
            visible_to(viewer, LogEntry.unit_id),
        )
        .order_by(LogEntry.id.desc())
    )
    return [Alarm(*row) for row in rows]


def road_of(session: Session, employee_id: int, number: str) -> str | None:
    """The road this number last wrote by."""
    return session.scalar(
        select(Phone.home_route)
        .where(Phone.employee_id == employee_id, Phone.number == number)
        .order_by(Phone.id.desc())
        .limit(1)
    )


def last_heard_before(session: Session, sms: InboundSms) -> datetime | None:
    """When this number last wrote before this message."""
    return session.scalar(
        select(InboundSms.received_at)
        .where(InboundSms.number == sms.number, InboundSms.id < sms.id)
        .order_by(InboundSms.sent_at.desc())
        .limit(1)
    )


def another_number(session: Session, employee_id: int, but_not: str, since: date) -> str | None:
    """Another number of the person, in use or given up since then; a verified one before others."""
    return session.scalar(
        select(Phone.number)
        .where(
            Phone.employee_id == employee_id,
            Phone.number != but_not,
            or_(Phone.last_day.is_(None), Phone.last_day >= since),
            or_(Phone.stop_reason.is_(None), Phone.stop_reason == "diganti"),
        )
        .order_by(Phone.verified_at.is_(None), Phone.id.desc())
        .limit(1)
    )
