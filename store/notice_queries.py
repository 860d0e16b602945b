"""What was said to whom about which day, and whether it was answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.messages import MessageClass
from store.messages import Notice

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
