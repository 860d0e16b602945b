"""Who works by shift and has no published letter: a task for the ward head and the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.shifts import RosterAsking, is_asked_for, next_month
from store import shift_queries
from store.calendar_queries import RuleBook, settings_of
from store.people import Unit

AHEAD = timedelta(days=7)  # so many dates to come are looked at, and as many of the next month
SETTINGS = tuple(field.name for field in fields(RosterAsking))


@dataclass(frozen=True)
class MissingRoster:
    """A unit's month without a complete roster: whose letters lack, each from which date on."""

    unit: Unit
    month: date
    lacking: Mapping[int, date]
    """By employee id."""
    asking: RosterAsking

    @property
    def people(self) -> int:
        return len(self.lacking)

    @property
    def first_day(self) -> date:
        return min(self.lacking.values())


def missing_rosters(session: Session, viewer: Viewer | None, today: date) -> list[MissingRoster]:
    """Units in sight (all without a viewer) with dates that somebody should have published: of
    this month up to a week from now, and of the next month's first week once it is asked for."""
    coming = next_month(today)
    lacking = _lacking(session, viewer, today.replace(day=1), coming + AHEAD)
    missing = []
    for (unit_id, month), days in lacking.items():
        unit = session.get_one(Unit, unit_id)
        asking = RosterAsking(**settings_of(session, unit, today, SETTINGS))
        near = {e: day for e, day in days.items() if month == coming or day <= today + AHEAD}
        if near and is_asked_for(month, today, asking):
            missing.append(MissingRoster(unit, month, near, asking))
    return sorted(missing, key=lambda each: (each.unit.name, each.unit.id, each.month))


def _lacking(
    session: Session, viewer: Viewer | None, first: date, last: date
) -> dict[tuple[int, date], dict[int, date]]:
    """The first date without a letter by employee, by unit and month; days inclusive."""
    people = shift_queries.may_work_by_shift(session, viewer, first, last)
    seen = {unit_id for _, unit_id in people}
    ids = sorted({employee_id for employee_id, _ in people})
    book = RuleBook(session, ids, first, last)
    lacking: dict[tuple[int, date], dict[int, date]] = {}
    for employee_id in ids:
        rules_on = book.rules_of(employee_id)
        letters = book.rosters.get(employee_id, {})
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            if day in letters:
                continue
            rules, unit = rules_on(day), book.unit_on(employee_id, day)
            if rules and rules.pattern and rules.pattern.is_shift and unit and unit.id in seen:
                key = (unit.id, day.replace(day=1))
                lacking.setdefault(key, {}).setdefault(employee_id, day)
    return lacking
