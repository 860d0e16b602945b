"""Who works by shift and has no published letter: a task for the ward head and the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.shifts import days_of_month
from store import shift_queries
from store.calendar_queries import RuleBook
from store.people import Unit

AHEAD = timedelta(days=7)  # so long before a month begins its roster is asked for


@dataclass(frozen=True, order=True)
class MissingRoster:
    """A unit's month without a complete roster: how many people, the first date that lacks."""

    unit_name: str
    month: date
    unit_id: int
    people: int
    first_day: date


def missing_rosters(session: Session, viewer: Viewer, today: date) -> list[MissingRoster]:
    """Units in sight with dates of this month, or of the week to come, that nobody published."""
    first, last = days_of_month(today.replace(day=1))[0], today + AHEAD
    people = shift_queries.may_work_by_shift(session, viewer, first, last)
    ids = sorted({employee_id for employee_id, _ in people})
    if not ids:
        return []
    book = RuleBook(session, ids, first, last)
    lacking: dict[tuple[int, date], dict[int, date]] = {}
    for employee_id in ids:
        rules_on = book.rules_of(employee_id)
        letters = book.rosters.get(employee_id, {})
        day = first
        while day <= last:
            rules = rules_on(day)
            if day not in letters and rules and rules.pattern and rules.pattern.is_shift:
                unit = book.unit_on(employee_id, day)
                key = (unit.id if unit else 0, day.replace(day=1))
                lacking.setdefault(key, {}).setdefault(employee_id, day)
            day += timedelta(days=1)
    seen = {unit_id for _, unit_id in people}
    return sorted(
        MissingRoster(
            session.get_one(Unit, unit_id).name, month, unit_id, len(days), min(days.values())
        )
        for (unit_id, month), days in lacking.items()
        if unit_id in seen
    )
