"""A person's own working days, for lengths of leave in texts and messages (hari kerja)."""

from __future__ import annotations

from datetime import date, timedelta

from domain.work_calendar import DayKind
from store.calendar_queries import RuleBook
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


def working_days_of(tx: Transaction, employee_id: int, around: date) -> PersonsDays:
    """The calendar a message of this person is read with."""
    return PersonsDays(tx, employee_id, around)


def count_working_days(tx: Transaction, employee_id: int, first: date, last: date) -> int:
    """How many of these dates are this person's working days."""
    days = PersonsDays(tx, employee_id, first)
    span = range((last - first).days + 1)
    return sum(days.is_working(first + timedelta(days=n)) for n in span)


def end_after(tx: Transaction, employee_id: int, start: date, length: int) -> date:
    """The last of `length` working days that begin on `start`."""
    days = PersonsDays(tx, employee_id, start)
    day, left = start, length
    for _ in range(AHEAD.days):
        left -= days.is_working(day)
        if left <= 0:
            return day
        day += timedelta(days=1)
    return day
