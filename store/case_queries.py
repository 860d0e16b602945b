"""Finding cases, and the reply codes that stand for them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from domain.cases import CaseKind, CaseStatus, WaitingFor
from store.cases import Case, CodePurpose, Draft, ReplyCode
from store.db import Transaction
from store.visibility import visible_to

CODE_RESTS = timedelta(days=30)
TWO_DIGITS = tuple(str(n) for n in range(32, 100))  # above 31 no code can be read as a day
THREE_DIGITS = tuple(str(n) for n in range(100, 1000))


def waiting(session: Session, viewer: Viewer, who: WaitingFor) -> Sequence[Case]:
    """The queue of a desk, oldest first: open cases the viewer may see that wait for `who`."""
    return session.scalars(
        select(Case)
        .where(
            Case.status == CaseStatus.OPEN,
            Case.waiting_for == who,
            visible_to(viewer, Case.unit_id),
        )
        .options(joinedload(Case.employee), joinedload(Case.decider), joinedload(Case.unit))
        .order_by(Case.submitted_at, Case.id)
    ).all()


def visible_case(session: Session, viewer: Viewer, case_id: int) -> Case | None:
    """One case, if the viewer may see its unit."""
    return session.scalars(
        select(Case).where(Case.id == case_id, visible_to(viewer, Case.unit_id))
    ).first()


def duty_to_check(session: Session, viewer: Viewer, first: date, last: date) -> Sequence[Case]:
    """Duty travel of a span that Kasubag has not ticked yet."""
    return session.scalars(
        select(Case)
        .where(
            Case.kind == CaseKind.DUTY,
            Case.status == CaseStatus.CONFIRMED,
            Case.checked_at.is_(None),
            Case.start_date <= last,
            Case.end_date >= first,
            visible_to(viewer, Case.unit_id),
        )
        .options(joinedload(Case.employee))
        .order_by(Case.start_date, Case.id)
    ).all()


def cases_touching(session: Session, employee_id: int, first: date, last: date) -> Sequence[Case]:
    """A person's cases that touch any day of the span, whatever became of them."""
    return session.scalars(
        select(Case)
        .where(
            Case.employee_id == employee_id,
            Case.start_date <= last,
            or_(Case.end_date >= first, Case.end_date.is_(None)),
        )
        .order_by(Case.start_date, Case.id)
    ).all()


def latest_of(session: Session, employee_id: int, limit: int = 3) -> Sequence[Case]:
    """A person's latest cases, newest first, for the answer to STATUS."""
    return session.scalars(
        select(Case)
        .where(Case.employee_id == employee_id)
        .order_by(Case.submitted_at.desc(), Case.id.desc())
        .limit(limit)
    ).all()


def twin_of(
    session: Session, employee_id: int, kind: CaseKind, start: date, end: date | None
) -> Case | None:
    """An open case for the same thing: the sender repeated the SMS."""
    return session.scalars(
        select(Case).where(
            Case.employee_id == employee_id,
            Case.status == CaseStatus.OPEN,
            Case.kind == kind,
            Case.start_date == start,
            Case.end_date == end if end else Case.end_date.is_(None),
        )
    ).first()


def cancellable(session: Session, employee_id: int, today: date) -> Sequence[Case]:
    """What a person can still take back: open cases, and confirmed ones that are not over."""
    return session.scalars(
        select(Case)
        .where(
            Case.employee_id == employee_id,
            or_(
                Case.status == CaseStatus.OPEN,
                (Case.status == CaseStatus.CONFIRMED)
                & or_(Case.end_date >= today, Case.end_date.is_(None)),
            ),
        )
        .order_by(Case.submitted_at.desc())
    ).all()


def unanswered(session: Session, asked_before: datetime, most_rungs: int) -> Sequence[Case]:
    """Cases whose decider was last written to before then and has not answered."""
    last_word = func.coalesce(Case.reminded_at, Case.submitted_at)
    return session.scalars(
        select(Case)
        .where(
            Case.status == CaseStatus.OPEN,
            Case.waiting_for == WaitingFor.SUPERVISOR,
            last_word <= asked_before,
            Case.reminders < most_rungs,
        )
        .options(joinedload(Case.unit))
        .order_by(Case.id)
    ).all()


def change(tx: Transaction, case: Case, **values: object) -> bool:
    """Change only these columns of a case nobody has changed since it was read; else False."""
    done = tx.execute(
        update(Case)
        .where(Case.id == case.id, Case.version == case.version)
        .values(version=case.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not getattr(done, "rowcount", 0):
        return False
    tx.refresh(case)
    return True


# --- reply codes -----------------------------------------------------------------------------


def give_code(
    tx: Transaction, employee_id: int, case: Case, purpose: CodePurpose, now: datetime
) -> str:
    """A code for this person and case; the same one again while it is open.

    A code is not given again to that person for 30 days after it closed.
    """
    held = tx.scalars(
        select(ReplyCode).where(
            ReplyCode.employee_id == employee_id,
            ReplyCode.case_id == case.id,
            ReplyCode.closed_at.is_(None),
        )
    ).first()
    if held is not None:
        held.purpose = purpose
        return held.code
    taken = set(
        tx.scalars(
            select(ReplyCode.code).where(
                ReplyCode.employee_id == employee_id,
                or_(ReplyCode.closed_at.is_(None), ReplyCode.rests_until > now),
            )
        )
    )
    free = [code for code in TWO_DIGITS if code not in taken] or [
        code for code in THREE_DIGITS if code not in taken
    ]
    code = secrets.choice(free)
    tx.add(
        ReplyCode(
            employee_id=employee_id, code=code, case_id=case.id, purpose=purpose, opened_at=now
        )
    )
    tx.flush()
    return code


def close_codes(tx: Transaction, case: Case, now: datetime, but_not_of: int | None = None) -> None:
    """Nothing more is to be answered about this case; its codes rest 30 days.

    `but_not_of`: an employee whose code stays, because the last word was theirs.
    """
    tx.execute(
        update(ReplyCode)
        .where(
            ReplyCode.case_id == case.id,
            ReplyCode.closed_at.is_(None),
            ReplyCode.employee_id != (but_not_of or 0),
        )
        .values(closed_at=now, rests_until=now + CODE_RESTS)
    )


def codes_open_to(
    session: Session, employee_id: int, purposes: Sequence[CodePurpose]
) -> list[ReplyCode]:
    """Codes this person may answer for these purposes, oldest first."""
    return list(
        session.scalars(
            select(ReplyCode)
            .where(
                ReplyCode.employee_id == employee_id,
                ReplyCode.purpose.in_(purposes),
                ReplyCode.closed_at.is_(None),
            )
            .options(joinedload(ReplyCode.case).joinedload(Case.employee))
            .order_by(ReplyCode.id)
        )
    )


def close_undo_codes(tx: Transaction, decided_before: datetime, now: datetime) -> None:
    """A decision can be undone within its hour only; afterwards its code rests."""
    done = select(Case.id).where(Case.decided_at < decided_before)
    tx.execute(
        update(ReplyCode)
        .where(
            ReplyCode.purpose == CodePurpose.UNDO,
            ReplyCode.closed_at.is_(None),
            ReplyCode.case_id.in_(done),
        )
        .values(closed_at=now, rests_until=now + CODE_RESTS)
        .execution_options(synchronize_session=False)
    )


def latest_code(session: Session, employee_id: int, code: str) -> ReplyCode | None:
    """The newest use of a code by this person, open or closed."""
    return session.scalars(
        select(ReplyCode)
        .where(ReplyCode.employee_id == employee_id, ReplyCode.code == code)
        .options(joinedload(ReplyCode.case).joinedload(Case.employee))
        .order_by(ReplyCode.id.desc())
        .limit(1)
    ).first()


# --- drafts ----------------------------------------------------------------------------------


def open_draft(session: Session, employee_id: int, now: datetime) -> Draft | None:
    """The question this person has not answered yet, if it has not expired."""
    return session.scalars(
        select(Draft)
        .where(Draft.employee_id == employee_id, Draft.closed_at.is_(None), Draft.expires_at > now)
        .order_by(Draft.id.desc())
        .limit(1)
    ).first()


def drafts_of_number(session: Session, number: str, now: datetime) -> Sequence[Draft]:
    """Questions that were put to a number and are still open, oldest first."""
    return session.scalars(
        select(Draft)
        .where(Draft.number == number, Draft.closed_at.is_(None), Draft.expires_at > now)
        .order_by(Draft.id)
    ).all()


def expired_drafts(session: Session, now: datetime) -> Sequence[Draft]:
    """Questions that nobody answered in time."""
    return session.scalars(
        select(Draft).where(Draft.closed_at.is_(None), Draft.expires_at <= now)
    ).all()
