"""A person's own working days, for lengths of leave in texts and messages (hari kerja)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain import leave_law
from domain.work_calendar import DayKind, DayPlan
from store.calendar_queries import RuleBook
from store.cases import Case
from store.db import Transaction

AHEAD = timedelta(days=400)
AT_WORK = (DayKind.WORK, DayKind.WFA)
UNKNOWN = (DayKind.NO_ROSTER, DayKind.NO_PATTERN)


class PersonsDays:
    """Tells whether one person works on a date; without a roster Monday to Friday is assumed."""

    def __init__(self, tx: Transaction, employee_id: int, around: date):
        self._book = RuleBook(tx, [employee_id], around - timedelta(days=40), around + AHEAD)
        self._employee_id = employee_id

    def is_working(self, day: date) -> bool:
        """True when `day` is a working day of this person."""
        kind = self._book.plan(self._employee_id, day).kind
        return day.weekday() < 5 if kind in UNKNOWN else kind in AT_WORK


def plans_around(tx: Transaction, employee_id: int, at: datetime) -> list[DayPlan]:
    """What is expected of a person yesterday, today and tomorrow, where `at` is local."""
    days = [at.date() + timedelta(days=n) for n in (-1, 0, 1)]
    book = RuleBook(tx, [employee_id], days[0], days[-1])
    return [book.plan(employee_id, day) for day in days]


def starts_on(tx: Transaction, employee_id: int, day: date) -> datetime | None:
    """When this person's work begins on a date; None on days off."""
    return RuleBook(tx, [employee_id], day, day).plan(employee_id, day).starts


def working_days_of(tx: Transaction, employee_id: int, around: date) -> PersonsDays:
    """The calendar a message of this person is read with."""
    return PersonsDays(tx, employee_id, around)


def count_working_days(tx: Transaction, employee_id: int, first: date, last: date) -> int:
    """How many of these dates are this person's working days."""
    days = PersonsDays(tx, employee_id, first)
    span = range((last - first).days + 1)
    return sum(days.is_working(first + timedelta(days=n)) for n in span)


def count_half_days(tx: Transaction, case: Case, first: date, last: date) -> int:
    """The half working days of a leave that fall between two dates, both included."""
    start, end = max(case.start_date, first), min(case.end_date or last, last)
    book = RuleBook(tx, [case.employee_id], start, end)
    plans = [
        book.plan(case.employee_id, date.fromordinal(n))
        for n in range(start.toordinal(), end.toordinal() + 1)
    ]
    return leave_law.count_half_days(
        plans, case.start_date, case.start_half, case.end_date or last, case.end_half
    )
