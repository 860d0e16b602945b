"""What must hold in any database of this house, as queries for what breaks it.

Each function names every breach in words; an empty list is health. Rows that a worker is about to
touch (dirty, just claimed, just arrived) are no breach.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from domain.cases import CaseStatus
from domain.days import WAITING, DayStatus
from domain.messages import MessageClass, OutState
from store.cases import Case, CodePurpose, ReplyCode
from store.closings import ClosedDay, MonthClosing
from store.days import AttendanceDay, DirtyDay
from store.log import Install, LogEntry
from store.messages import InboundPart, InboundSms, Notice, OutboundSms
from store.people import Assignment, Employee, Post, PostHolder
from store.punches import Punch, RawRead, Terminal, TerminalId

SOON = timedelta(minutes=15)  # by then a worker must have touched it
ONE_HOUR = timedelta(hours=1)
Finder = Callable[[Session, datetime], list[str]]


def _overlap(first: Any, last: Any, other_first: Any, other_last: Any) -> ColumnElement[bool]:
    return and_(
        or_(last.is_(None), last >= other_first), or_(other_last.is_(None), other_last >= first)
    )


# --- days ------------------------------------------------------------------------------------


def days_missing(session: Session, now: datetime, today: date) -> list[str]:
    """Everybody in service has exactly one day for each date since this house began."""
    install = session.get(Install, 1)
    day = install.first_day if install else today
    found = []
    while day <= today:
        found += [f"{name} has no day on {day}" for name in _without_day(session, day)]
        day += timedelta(days=1)
    return found


def _without_day(session: Session, day: date) -> Sequence[str]:
    return session.scalars(
        select(Employee.name)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .where(
            Assignment.first_day <= day,
            or_(Assignment.last_day.is_(None), Assignment.last_day >= day),
            Employee.in_service_from <= day,
            or_(Employee.in_service_to.is_(None), Employee.in_service_to >= day),
            ~exists().where(AttendanceDay.employee_id == Employee.id, AttendanceDay.day == day),
            ~exists().where(DirtyDay.employee_id == Employee.id, DirtyDay.day == day),
        )
        .distinct()
    ).all()


def days_of_nobody(session: Session, now: datetime) -> list[str]:
    """No day stands for somebody who worked nowhere on it or was not in service."""
    covered = exists().where(
        Assignment.employee_id == AttendanceDay.employee_id,
        Assignment.first_day <= AttendanceDay.day,
        or_(Assignment.last_day.is_(None), Assignment.last_day >= AttendanceDay.day),
    )
    in_service = and_(
        Employee.in_service_from <= AttendanceDay.day,
        or_(Employee.in_service_to.is_(None), Employee.in_service_to >= AttendanceDay.day),
    )
    rows = session.execute(
        select(Employee.name, AttendanceDay.day)
        .join(Employee, Employee.id == AttendanceDay.employee_id)
        .where(or_(~covered, ~in_service), ~_is_dirty())
    )
    return [f"{name} was not in service on {day}" for name, day in rows]


def _is_dirty() -> ColumnElement[bool]:
    return exists().where(
        DirtyDay.employee_id == AttendanceDay.employee_id, DirtyDay.day == AttendanceDay.day
    )


def absences(session: Session) -> list[tuple[int, date]]:
    """(employee, date) of every day that says absent and waits for no derivation."""
    rows = session.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day)
        .where(AttendanceDay.status == DayStatus.ABSENT, ~_is_dirty())
        .order_by(AttendanceDay.day, AttendanceDay.employee_id)
    )
    return [(row[0], row[1]) for row in rows]


def days_left_dirty(session: Session, now: datetime) -> list[str]:
    """No day waits for its derivation for long, and no claim outlives its lease."""
    count, since = session.execute(
        select(func.count(), func.min(DirtyDay.marked_at)).where(DirtyDay.marked_at < now - SOON)
    ).one()
    return [f"{count} days have waited to be derived since {since:%Y-%m-%d %H:%M}"] if count else []


# --- people ----------------------------------------------------------------------------------


def people_nowhere(session: Session, now: datetime) -> list[str]:
    """Everybody in service works somewhere."""
    today = now.date()
    rows = session.scalars(
        select(Employee.name).where(
            Employee.in_service_from <= today,
            or_(Employee.in_service_to.is_(None), Employee.in_service_to >= today),
            ~exists().where(
                Assignment.employee_id == Employee.id,
                Assignment.first_day <= today,
                or_(Assignment.last_day.is_(None), Assignment.last_day >= today),
            ),
        )
    )
    return [f"{name} is in service and in no unit today" for name in rows]


def assignments_that_overlap(session: Session, now: datetime) -> list[str]:
    """Nobody works in two units at once."""
    other = aliased(Assignment)
    rows = session.execute(
        select(Employee.name, Assignment.first_day, other.first_day)
        .join(Assignment, Assignment.employee_id == Employee.id)
        .join(
            other,
            and_(
                other.employee_id == Assignment.employee_id,
                other.id > Assignment.id,
                _overlap(
                    Assignment.first_day, Assignment.last_day, other.first_day, other.last_day
                ),
            ),
        )
    )
    return [f"{name}: the assignments of {one} and {two} overlap" for name, one, two in rows]


def holders_that_overlap(session: Session, now: datetime) -> list[str]:
    """A post has one holder in each capacity at a time."""
    other = aliased(PostHolder)
    rows = session.execute(
        select(Post.code, PostHolder.capacity, PostHolder.first_day)
        .join(PostHolder, PostHolder.post_id == Post.id)
        .join(
            other,
            and_(
                other.post_id == PostHolder.post_id,
                other.capacity == PostHolder.capacity,
                other.id > PostHolder.id,
                _overlap(
                    PostHolder.first_day, PostHolder.last_day, other.first_day, other.last_day
                ),
            ),
        )
    )
    return [f"post {code} has two holders ({how}) from {day}" for code, how, day in rows]


def ids_that_overlap(session: Session, now: datetime) -> list[str]:
    """An ID belongs to one person at a time on a terminal."""
    other = aliased(TerminalId)
    rows = session.execute(
        select(Terminal.name, TerminalId.pin)
        .join(TerminalId, TerminalId.terminal_id == Terminal.id)
        .join(
            other,
            and_(
                other.terminal_id == TerminalId.terminal_id,
                other.pin == TerminalId.pin,
                other.id > TerminalId.id,
                _overlap(
                    TerminalId.first_day, TerminalId.last_day, other.first_day, other.last_day
                ),
            ),
        )
    )
    return [f"terminal {name}: ID {pin} belongs to two people at once" for name, pin in rows]


# --- cases -----------------------------------------------------------------------------------


def cases_decided_by_oneself(session: Session, now: datetime) -> list[str]:
    """Nobody decides their own case."""
    own = literal("employee:") + cast(Case.employee_id, String)
    rows = session.scalars(
        select(Case.id).where(or_(Case.decided_by == own, Case.decider_id == Case.employee_id))
    )
    return [f"case {case_id} was decided by the person it is about" for case_id in rows]


def codes_of_closed_cases(session: Session, now: datetime) -> list[str]:
    """A code asks about a case that is open, and stands once for each person."""
    rows = session.execute(
        select(ReplyCode.code, Case.id, Case.status)
        .join(Case, Case.id == ReplyCode.case_id)
        .where(
            ReplyCode.closed_at.is_(None),
            ReplyCode.purpose == CodePurpose.DECIDE,
            Case.status.in_((CaseStatus.CONFIRMED, CaseStatus.WITHDRAWN, CaseStatus.LAPSED)),
        )
    )
    found = [f"code {code} still asks about case {case}, now {how}" for code, case, how in rows]
    twice = session.execute(
        select(ReplyCode.employee_id, ReplyCode.code)
        .where(ReplyCode.closed_at.is_(None))
        .group_by(ReplyCode.employee_id, ReplyCode.code)
        .having(func.count() > 1)
    )
    return found + [f"employee {who} has the code {code} open twice" for who, code in twice]


# --- messages --------------------------------------------------------------------------------


def inbox_left_waiting(session: Session, now: datetime) -> list[str]:
    """Every message is answered or before a person; every whole part is in a message."""
    waiting = session.scalars(
        select(InboundSms.id).where(
            InboundSms.processed_at.is_(None), InboundSms.received_at < now - ONE_HOUR
        )
    )
    silent = session.scalars(
        select(InboundSms.id).where(
            InboundSms.processed_at.is_not(None), InboundSms.outcome.is_(None)
        )
    )
    lost = session.scalars(
        select(InboundPart.id).where(
            InboundPart.inbound_id.is_(None),
            InboundPart.quarantine.is_(None),
            InboundPart.received_at < now - timedelta(days=1),
        )
    )
    return (
        [f"message {number} has waited for over an hour" for number in waiting]
        + [f"message {number} was processed without an outcome" for number in silent]
        + [f"part {number} came in and belongs to no message" for number in lost]
    )


def outbox_left_behind(session: Session, now: datetime) -> list[str]:
    """No message stays in a sender's hands after its lease; what was sent says when."""
    stuck = session.scalars(
        select(OutboundSms.id).where(
            OutboundSms.state.in_((OutState.CLAIMED, OutState.SUBMITTING)),
            OutboundSms.claimed_until < now - SOON,
        )
    )
    timeless = session.scalars(
        select(OutboundSms.id).where(
            OutboundSms.state == OutState.SENT, OutboundSms.sent_at.is_(None)
        )
    )
    dead = session.scalars(
        select(OutboundSms.id).where(
            OutboundSms.state.in_((OutState.QUEUED, OutState.RETRY)),
            OutboundSms.dies_at < now - ONE_HOUR,
        )
    )
    return (
        [f"message {number} is still in a dead sender's hands" for number in stuck]
        + [f"message {number} is sent but nobody knows when" for number in timeless]
        + [f"message {number} should have died and still waits" for number in dead]
    )


def wrong_words_left(session: Session, now: datetime) -> list[str]:
    """Who was told of an absence that is none gets a correction."""
    later = aliased(Notice)
    rows = session.execute(
        select(Notice.id, Notice.employee_id, Notice.day)
        .join(
            AttendanceDay,
            and_(AttendanceDay.employee_id == Notice.employee_id, AttendanceDay.day == Notice.day),
        )
        .where(
            Notice.kind == MessageClass.ABSENCE_ALERT,
            Notice.said == DayStatus.ABSENT,
            Notice.day >= now.date() - timedelta(days=30),
            AttendanceDay.status.not_in([DayStatus.ABSENT, *WAITING]),
            AttendanceDay.as_of < now - ONE_HOUR,
            ~exists().where(
                later.employee_id == Notice.employee_id,
                later.day == Notice.day,
                later.recipient_id == Notice.recipient_id,
                later.id > Notice.id,
            ),
        )
    )
    return [f"notice {number}: employee {who} was not absent on {day}" for number, who, day in rows]


# --- terminals, log, closings ----------------------------------------------------------------


def reads_left_unparsed(session: Session, now: datetime) -> list[str]:
    """What a terminal sent is parsed or refused."""
    rows = session.scalars(
        select(RawRead.id).where(
            RawRead.parsed_at.is_(None),
            RawRead.refused.is_(None),
            RawRead.received_at < now - SOON,
        )
    )
    return [f"read {number} was kept and never taken in" for number in rows]


def punches_of_another_date(session: Session, now: datetime) -> list[str]:
    """A punch stands under the date its terminal wrote."""
    told = func.substr(Punch.local, 1, 10)
    rows = session.execute(
        select(Punch.terminal_id, Punch.pin, Punch.local).where(
            told != cast(Punch.local_date, String)
        )
    )
    return [f"terminal {where}, ID {pin}: {local} stands elsewhere" for where, pin, local in rows]


def terminals_ahead_of_time(session: Session, now: datetime) -> list[str]:
    """No terminal is proven read further than now."""
    rows = session.scalars(
        select(Terminal.name).where(Terminal.complete_up_to > now + timedelta(minutes=5))
    )
    return [f"terminal {name} is said to be read into the future" for name in rows]


def seals_in_disorder(session: Session, now: datetime) -> list[str]:
    """Seals follow one another without a gap, and each has its place."""
    half = session.scalars(
        select(LogEntry.id).where(LogEntry.seal.is_(None) != LogEntry.seal_position.is_(None))
    )
    count, first, last, distinct = session.execute(
        select(
            func.count(LogEntry.seal_position),
            func.min(LogEntry.seal_position),
            func.max(LogEntry.seal_position),
            func.count(func.distinct(LogEntry.seal_position)),
        )
    ).one()
    found = [f"log row {number} has a seal without a place, or a place without" for number in half]
    if first is not None and last is not None and {distinct, last - first + 1} != {count}:
        found.append(f"the seals from {first} to {last} have gaps or repeats")
    return found


def closings_in_disorder(session: Session, now: datetime) -> list[str]:
    """A closed month has its days, and whoever closes it does not countersign it."""
    empty = session.scalars(
        select(MonthClosing.id).where(
            MonthClosing.closed_at.is_not(None),
            ~exists().where(ClosedDay.closing_id == MonthClosing.id),
        )
    )
    alone = session.scalars(
        select(MonthClosing.id).where(MonthClosing.closed_by == MonthClosing.countersigned_by)
    )
    return [f"closing {number} holds no day" for number in empty] + [
        f"closing {number} was countersigned by whoever closed it" for number in alone
    ]


BY_QUERY: tuple[tuple[str, Finder], ...] = (
    ("no day without service", days_of_nobody),
    ("no day left dirty", days_left_dirty),
    ("everybody works somewhere", people_nowhere),
    ("no overlapping assignments", assignments_that_overlap),
    ("no overlapping holders of a post", holders_that_overlap),
    ("no ID with two owners", ids_that_overlap),
    ("nobody decides their own case", cases_decided_by_oneself),
    ("codes ask about open cases", codes_of_closed_cases),
    ("no message in left waiting", inbox_left_waiting),
    ("no message out left behind", outbox_left_behind),
    ("no wrong word uncorrected", wrong_words_left),
    ("no read left unparsed", reads_left_unparsed),
    ("punches under their own date", punches_of_another_date),
    ("no terminal ahead of time", terminals_ahead_of_time),
    ("seals in order", seals_in_disorder),
    ("closings whole and by two", closings_in_disorder),
)
