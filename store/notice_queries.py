"""What was said to whom about which day, and whether it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, or_, select, tuple_
from sqlalchemy.orm import Session

from domain.messages import MessageClass
from domain.people import Role
from store.days import AttendanceDay
from store.messages import Notice, OutboundSms
from store.people import Account, Employee

ABOUT_ONESELF = (MessageClass.CUTOFF_QUESTION, MessageClass.ABSENCE_ALERT)


def latest_unanswered(
    session: Session, employee_id: int, since: date, raised_by: datetime
) -> Notice | None:
    """The newest question or alert to this person about their own day, if still unanswered."""
    return session.scalars(
        select(Notice)
        .where(
            Notice.recipient_id == employee_id,
            Notice.employee_id == employee_id,
            Notice.kind.in_(ABOUT_ONESELF),
            Notice.day >= since,
            Notice.raised_at <= raised_by,
            Notice.answered_at.is_(None),
        )
        .order_by(Notice.raised_at.desc(), Notice.id.desc())
        .limit(1)
    ).first()


def days_to_look_at(session: Session, today: date, back: timedelta) -> Sequence[AttendanceDay]:
    """Days about which something may be due: not seen today, absent lately, or spoken of before.

    A morning list needs a whole team, so all of today's rows of units with somebody unseen come.
    """
    near = (today - timedelta(days=1), today, today + timedelta(days=1))
    unseen_units = select(AttendanceDay.unit_id).where(
        AttendanceDay.day.in_(near),
        AttendanceDay.status == "awaiting_data",
        AttendanceDay.final.is_(False),
    )
    spoken_of = exists().where(
        Notice.employee_id == AttendanceDay.employee_id,
        Notice.day == AttendanceDay.day,
        Notice.said != AttendanceDay.status,
    )
    return session.scalars(
        select(AttendanceDay).where(
            or_(
                AttendanceDay.day.in_(near) & AttendanceDay.unit_id.in_(unseen_units),
                (AttendanceDay.status == "absent")
                & (AttendanceDay.day >= today - timedelta(days=7)),
                (AttendanceDay.day >= today - back) & spoken_of,
            )
        )
    ).all()


def told_about(
    session: Session, keys: Sequence[tuple[int, date]]
) -> dict[tuple[int, date], list[Notice]]:
    """What was said about these (employee, date) pairs; morning lists speak of nobody's state."""
    told: dict[tuple[int, date], list[Notice]] = {}
    both = tuple_(Notice.employee_id, Notice.day)
    for start in range(0, len(keys), 5_000):
        for notice in session.scalars(
            select(Notice)
            .where(both.in_(keys[start : start + 5_000]), Notice.kind != MessageClass.MORNING_LIST)
            .order_by(Notice.id)
        ):
            told.setdefault((notice.employee_id, notice.day), []).append(notice)
    return told


def is_raised(
    session: Session,
    kind: MessageClass,
    employee_id: int,
    day: date,
    recipient_id: int,
    revision: int,
) -> bool:
    """True when this very thing was said to this recipient before."""
    return (
        session.scalar(
            select(Notice.id).where(
                Notice.kind == kind,
                Notice.employee_id == employee_id,
                Notice.day == day,
                Notice.recipient_id == recipient_id,
                Notice.revision == revision,
            )
        )
        is not None
    )


def has_list(session: Session, supervisor_id: int, day: date) -> bool:
    """True when this supervisor had a morning list for that day."""
    return (
        session.scalar(
            select(Notice.id).where(
                Notice.kind == MessageClass.MORNING_LIST,
                Notice.recipient_id == supervisor_id,
                Notice.day == day,
            )
        )
        is not None
    )


def days_before(
    session: Session, employee_id: int, last: date, back: timedelta
) -> Sequence[AttendanceDay]:
    """Somebody's days up to `last`, oldest first."""
    return session.scalars(
        select(AttendanceDay)
        .where(
            AttendanceDay.employee_id == employee_id,
            AttendanceDay.day.between(last - back, last),
        )
        .order_by(AttendanceDay.day)
    ).all()


def people_of_bkd(session: Session) -> Sequence[int]:
    """The employees behind BKD's accounts."""
    return session.scalars(
        select(Account.employee_id)
        .where(
            Account.role == Role.BKD,
            Account.employee_id.is_not(None),
            Account.disabled_at.is_(None),
        )
        .distinct()
        .order_by(Account.employee_id)
    ).all()  # type: ignore[return-value]  # not None by the condition


def told_of_person(
    session: Session, employee_id: int, first: date, last: date
) -> Sequence[tuple[Notice, str, OutboundSms | None]]:
    """What was said to whom about somebody's dates: (notice, recipient's name, its SMS)."""
    rows = session.execute(
        select(Notice, Employee.name, OutboundSms)
        .join(Employee, Employee.id == Notice.recipient_id)
        .outerjoin(OutboundSms, OutboundSms.id == Notice.outbound_id)
        .where(Notice.employee_id == employee_id, Notice.day.between(first, last))
        .order_by(Notice.raised_at, Notice.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]
