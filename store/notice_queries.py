"""What was said to whom about which day, and whether it was answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from domain.days import DayStatus
from domain.messages import MessageClass
from domain.notices import ALERTED_FOR
from domain.people import Role
from store.days import DAY_KEY, AttendanceDay, DirtyDay
from store.db import Transaction
from store.messages import Notice, OutboundSms
from store.people import Account, Employee
from store.sets import one_of_rows, parts

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


def days_to_look_at(session: Session, now: datetime) -> list[tuple[int, date, int]]:
    """(unit, date, employee) of the days whose moment for notices has come, in that order."""
    rows = session.execute(
        select(AttendanceDay.unit_id, AttendanceDay.day, AttendanceDay.employee_id).where(
            AttendanceDay.notices_at <= now
        )
    )
    return sorted((row[0], row[1], row[2]) for row in rows)


def take_days(
    tx: Transaction, now: datetime, keys: Sequence[tuple[int, date]]
) -> list[AttendanceDay]:
    """Those of these (employee, date) that are still to be looked at.

    A day that is to be derived anew is left until it is; what another looks at is left to them.
    """
    touched = exists().where(
        DirtyDay.employee_id == AttendanceDay.employee_id, DirtyDay.day == AttendanceDay.day
    )
    return [
        row
        for part in parts(sorted(keys))
        for row in tx.scalars(
            select(AttendanceDay)
            .where(one_of_rows(tx, DAY_KEY, part), AttendanceDay.notices_at <= now, ~touched)
            .order_by(AttendanceDay.employee_id, AttendanceDay.day)
            .with_for_update(skip_locked=True)
        )
    ]


def absences_beside(
    session: Session, rows: Sequence[AttendanceDay], since: date
) -> list[AttendanceDay]:
    """Other absences since a date of those who are absent in one of these days."""
    known = {(row.employee_id, row.day) for row in rows}
    absent = sorted({row.employee_id for row in rows if row.status == DayStatus.ABSENT})
    return [
        row
        for part in parts(absent)
        for row in session.scalars(
            select(AttendanceDay).where(
                AttendanceDay.employee_id.in_(part),
                AttendanceDay.day >= since,
                AttendanceDay.status == DayStatus.ABSENT,
            )
        )
        if (row.employee_id, row.day) not in known
    ]


def look_at_units(tx: Transaction, unit_ids: Sequence[int], first: date, now: datetime) -> None:
    """Days of these units from a date on are looked at: what may be said of them has changed."""
    tx.execute(
        update(AttendanceDay)
        .where(
            AttendanceDay.unit_id.in_(unit_ids),
            AttendanceDay.day >= max(first, now.date() - ALERTED_FOR),
            AttendanceDay.status.in_((DayStatus.ABSENT, DayStatus.AWAITING_DATA)),
        )
        .values(notices_at=now)
        .execution_options(synchronize_session=False)
    )


def told_about(
    session: Session, keys: Sequence[tuple[int, date]]
) -> dict[tuple[int, date], list[Notice]]:
    """What was said about these (employee, date) pairs, in that order."""
    told: dict[tuple[int, date], list[Notice]] = {}
    about = (Notice.employee_id, Notice.day)
    for part in parts(keys):
        for notice in session.scalars(
            select(Notice).where(one_of_rows(session, about, part)).order_by(Notice.id)
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
