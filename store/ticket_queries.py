"""Tickets: what the watch looks at, what is open, whose it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from domain.days import DayStatus
from domain.terminals import Fault
from store import terminal_queries
from store.calendars import CalendarEntry, CalendarKind
from store.days import AttendanceDay
from store.punches import Punch, Terminal, TerminalContact
from store.terminal_care import TerminalTicket
from store.visibility import visible_to

WEEKS = (0, 7, 14, 21, 28)  # days back: the day itself and the habit before it


@dataclass(frozen=True)
class LatestContacts:
    """By terminal: code of the newest contact, whether a break is unconfirmed, two addresses."""

    problem: dict[int, str | None]
    broken_off: set[int]
    two_addresses: dict[int, datetime]


def latest_contacts(session: Session) -> LatestContacts:
    """The newest contacts of all terminals in service, in three queries."""
    newest = (
        select(func.max(TerminalContact.id))
        .join(Terminal, Terminal.id == TerminalContact.terminal_id)
        .where(Terminal.retired_at.is_(None), TerminalContact.source != "person")
        .group_by(TerminalContact.terminal_id)
    )
    problem = {
        contact.terminal_id: contact.problem_code
        for contact in session.scalars(
            select(TerminalContact).where(TerminalContact.id.in_(newest))
        )
    }
    codes = (
        terminal_queries.NOT_CONTIGUOUS,
        terminal_queries.CLEAR_CONFIRMED,
        Fault.TWO_ADDRESSES.value,
    )
    last: dict[str, dict[int, datetime]] = {code: {} for code in codes}
    for terminal_id, code, at in session.execute(
        select(
            TerminalContact.terminal_id,
            TerminalContact.problem_code,
            func.max(TerminalContact.at),
        )
        .where(TerminalContact.problem_code.in_(codes))
        .group_by(TerminalContact.terminal_id, TerminalContact.problem_code)
    ):
        last[str(code)][terminal_id] = at
    confirmed = last[terminal_queries.CLEAR_CONFIRMED]
    broken_off = {
        terminal_id
        for terminal_id, at in last[terminal_queries.NOT_CONTIGUOUS].items()
        if terminal_id not in confirmed or confirmed[terminal_id] < at
    }
    return LatestContacts(problem, broken_off, last[Fault.TWO_ADDRESSES.value])


def scans_of(session: Session, days: Collection[date]) -> dict[tuple[int, date], int]:
    """How many scans each terminal has on these days and on the same weekdays before them."""
    wanted = {day - timedelta(days=back) for day in days for back in WEEKS}
    rows = session.execute(
        select(Punch.terminal_id, Punch.local_date, func.count())
        .where(Punch.local_date.in_(wanted))
        .group_by(Punch.terminal_id, Punch.local_date)
    )
    return {(terminal_id, day): count for terminal_id, day, count in rows}


QUIET_KINDS = (CalendarKind.HOLIDAY, CalendarKind.COLLECTIVE_LEAVE, CalendarKind.WFA)
"""On such a date few come, and few scans say nothing about a sensor."""


def quiet_days(session: Session, days: Collection[date]) -> set[tuple[int, date]]:
    """(unit, date) of holidays and days of working elsewhere; they hold for all units below."""
    entries = session.scalars(
        select(CalendarEntry).where(
            CalendarEntry.kind.in_(QUIET_KINDS),
            CalendarEntry.first_day <= max(days, default=date.min),
            CalendarEntry.last_day >= min(days, default=date.max),
        )
    )
    return {
        (entry.unit_id, day)
        for entry in entries
        for day in days
        if entry.first_day <= day <= entry.last_day
        and (entry.weekdays is None or str(day.isoweekday()) in entry.weekdays)
    }


@dataclass(frozen=True)
class WaitingDays:
    """Days of a unit that wait for data: how many days of people, the first and the last date."""

    unit_id: int
    count: int
    first: date
    last: date


def days_waiting_for_data(session: Session, since: date, until: date) -> list[WaitingDays]:
    """By unit, the days from `since` to `until` whose data never came."""
    rows = session.execute(
        select(
            AttendanceDay.unit_id,
            func.count(),
            func.min(AttendanceDay.day),
            func.max(AttendanceDay.day),
        )
        .where(
            AttendanceDay.day.between(since, until),
            AttendanceDay.status == DayStatus.AWAITING_DATA.value,
        )
        .group_by(AttendanceDay.unit_id)
        .order_by(AttendanceDay.unit_id)
    )
    return [WaitingDays(*row) for row in rows]


def open_tickets(session: Session, viewer: Viewer | None = None) -> Sequence[TerminalTicket]:
    """Open tickets, the newest first; all of them when no viewer is given."""
    query = (
        select(TerminalTicket)
        .where(TerminalTicket.closed_at.is_(None))
        .options(joinedload(TerminalTicket.terminal), joinedload(TerminalTicket.unit))
        .order_by(TerminalTicket.opened_at.desc(), TerminalTicket.id.desc())
    )
    if viewer is not None:
        query = query.where(visible_to(viewer, TerminalTicket.unit_id))
    return session.scalars(query).all()


def by_unit(tickets: Sequence[TerminalTicket]) -> dict[int, list[TerminalTicket]]:
    """The tickets of each unit that are about no single terminal."""
    found: dict[int, list[TerminalTicket]] = defaultdict(list)
    for ticket in tickets:
        if ticket.terminal_id is None:
            found[ticket.unit_id].append(ticket)
    return found


def tickets_of(session: Session, terminal_id: int, most: int) -> Sequence[TerminalTicket]:
    """A terminal's tickets, open and closed, newest first."""
    return session.scalars(
        select(TerminalTicket)
        .where(TerminalTicket.terminal_id == terminal_id)
        .order_by(TerminalTicket.opened_at.desc(), TerminalTicket.id.desc())
        .limit(most)
    ).all()


def open_by_key(session: Session, key: str) -> TerminalTicket | None:
    """The open ticket about this, if there is one."""
    return session.scalars(select(TerminalTicket).where(TerminalTicket.open_key == key)).first()


def visible_ticket(session: Session, viewer: Viewer, ticket_id: int) -> TerminalTicket | None:
    """One ticket, if the viewer may see its unit."""
    return session.scalars(
        select(TerminalTicket).where(
            TerminalTicket.id == ticket_id, visible_to(viewer, TerminalTicket.unit_id)
        )
    ).first()


def told_since(
    session: Session, terminal_id: int | None, unit_id: int, kind: str, since: datetime
) -> bool:
    """Whether somebody was told of such a fault since then: one that flaps is told once."""
    query = select(TerminalTicket.id).where(
        TerminalTicket.unit_id == unit_id,
        TerminalTicket.kind == kind,
        TerminalTicket.told_at >= since,
    )
    if terminal_id is not None:
        query = query.where(TerminalTicket.terminal_id == terminal_id)
    return session.scalar(query.limit(1)) is not None
