"""Shift rosters: what a unit's month needs, written as a draft, published, taken from files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from domain.access import Actor
from domain.patterns import ShiftHours
from domain.shifts import (
    BadCell,
    Change,
    Grid,
    bad_cells,
    changes,
    days_of_month,
    from_four_weeks_before,
    letter_problem,
)
from services.pins import mark_days
from store import shift_queries
from store.calendar_queries import RuleBook
from store.calendars import ShiftKind
from store.db import Database, Transaction
from store.log import record, record_people
from store.people import Employee, Unit
from store.shifts import RosterDraft

ONE_DAY = timedelta(days=1)


class ShiftProblem(Exception):
    """Why something about a shift roster cannot be done, as a code for the panel's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Ward:
    """A unit's month: who may stand in its roster on which dates, and what stands there."""

    unit: Unit
    days: list[date]
    people: Sequence[Employee]
    here: Mapping[int, frozenset[date]]
    """Dates of the month on which each works in the unit, by employee id."""
    by_shift: frozenset[int]
    """Those who work by shift on any of them."""
    kinds: Sequence[ShiftKind]
    hours: list[ShiftHours]
    published: Grid
    """Four weeks before the month and a day after it included."""

    def bad_cells(self, grid: Grid) -> list[BadCell]:
        """Letters of `grid` that cannot stand."""
        return bad_cells(grid, self.here, self.hours, self.published)


def ward(session: Session, unit: Unit, month: date) -> Ward:
    """What a unit's roster of a month rests on; `month` is its first day."""
    days = days_of_month(month)
    people = shift_queries.people_of(session, unit.id, days[0], days[-1])
    ids = [person.id for person in people]
    book = RuleBook(session, ids, days[0], days[-1])
    here, by_shift = {}, set()
    for employee_id in ids:
        rules_on = book.rules_of(employee_id)
        mine = []
        for day in days:
            rules, where = rules_on(day), book.unit_on(employee_id, day)
            if rules is not None and where is not None and where.id == unit.id:
                mine.append(day)
                if rules.pattern is not None and rules.pattern.is_shift:
                    by_shift.add(employee_id)
        here[employee_id] = frozenset(mine)
    kinds = shift_queries.letters_of(session, unit)
    published = shift_queries.published(
        session, ids, days[0] - timedelta(weeks=4), days[-1] + ONE_DAY
    )
    return Ward(
        unit,
        days,
        people,
        here,
        frozenset(by_shift),
        kinds,
        shift_queries.hours_of(kinds),
        published,
    )


# --- writing a month -------------------------------------------------------------------------


def save_draft(
    db: Database, now: datetime, actor: Actor, unit_id: int, month: date, grid: Grid
) -> None:
    """Keep what was typed, right or wrong; nothing follows from it until it is published."""
    letters = {
        str(employee_id): {day.isoformat(): letter for day, letter in row.items() if letter}
        for employee_id, row in grid.items()
    }
    with db.begin() as tx:
        draft = shift_queries.draft_of(tx, unit_id, month)
        if draft is None:
            draft = RosterDraft(unit_id=unit_id, month=month)
            tx.add(draft)
        draft.letters, draft.edited_by, draft.edited_at = letters, str(actor), now


def copied(place: Ward, grid: Grid) -> Grid:
    """The grid with its empty dates filled by the letters of four weeks before."""
    earlier = from_four_weeks_before(place.published, list(grid), place.days)
    return {
        employee_id: {
            day: row.get(day) or earlier.get(employee_id, {}).get(day, "")
            for day in place.days
            if day in place.here.get(employee_id, ())
        }
        for employee_id, row in grid.items()
    }


@dataclass(frozen=True)
class Published:
    """What a publication did: cells that cannot stand (then nothing was done), cells changed."""

    bad: list[BadCell]
    changed: int = 0


def publish(
    db: Database, now: datetime, actor: Actor, unit_id: int, month: date, grid: Grid
) -> Published:
    """The grid becomes the unit's roster of the month (terbitkan); only what differs is touched.

    Everybody in the grid gets exactly its letters; who is not in it keeps theirs.
    """
    with db.begin() as tx:
        place = ward(tx, tx.get_one(Unit, unit_id), month)
        outcome = publish_in(tx, now, actor, place, grid)
        draft = shift_queries.draft_of(tx, unit_id, month)
        if not outcome.bad and draft is not None:
            tx.delete(draft)
        return outcome


def publish_in(tx: Transaction, now: datetime, actor: Actor, place: Ward, grid: Grid) -> Published:
    """The same within a transaction that does more."""
    bad = place.bad_cells(grid)
    if bad:
        return Published(bad)
    found = [
        change
        for change in changes(place.published, grid, place.days)
        if change.day in place.here.get(change.employee_id, ())
    ]
    apply(tx, now, actor, place.unit.id, found, "shifts_published")
    return Published([], len(found))


def apply(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    unit_id: int,
    found: Collection[Change],
    action: str,
) -> None:
    """Write changes of the published roster, log them, and mark the days they may touch."""
    if not found:
        return
    shift_queries.write(tx, unit_id, sorted(found, key=lambda c: (c.employee_id, c.day)), now)
    _mark_around(tx, now, [(change.employee_id, change.day) for change in found])
    logged: dict[int, dict[str, object]] = {}
    for change in found:
        cell = logged.setdefault(change.employee_id, {})
        cell[change.day.isoformat()] = [change.before, change.after]
    record_people(tx, now, actor, action, logged)
    data = {"cells": len(found), "people": len(logged)}
    record(tx, now, actor, action, "unit", unit_id, unit_id=unit_id, data=data)


def _mark_around(tx: Transaction, now: datetime, days: Collection[tuple[int, date]]) -> None:
    """These (employee, date) and the dates beside them, into which a shift's margins reach."""
    around = ((employee_id, day + n * ONE_DAY) for employee_id, day in days for n in (-1, 0, 1))
    mark_days(tx, around, "roster", now)


# --- letters ---------------------------------------------------------------------------------


def set_letter(
    db: Database,
    now: datetime,
    actor: Actor,
    unit_id: int,
    letter: str,
    starts: time,
    ends: time,
    first_day: date,
    name: str = "",
) -> None:
    """What a letter means at a unit and below from a day on (atur jam jaga).

    An end at or before the start is on the next day. Published days with the letter are marked.
    Raises ShiftProblem: letter, off_letter, no_hours.
    """
    letter = letter.strip().upper()
    problem = letter_problem(letter, starts, ends)
    if problem is not None:
        raise ShiftProblem(problem)
    with db.begin() as tx:
        unit = tx.get_one(Unit, unit_id)
        kind = shift_queries.letter_from(tx, unit_id, letter, first_day)
        if kind is None:
            kind = ShiftKind(unit_id=unit_id, letter=letter, first_day=first_day)
            tx.add(kind)
        kind.name, kind.starts, kind.ends = (name.strip() or letter)[:40], starts, ends
        tx.flush()
        days = shift_queries.days_with_letter(tx, unit.path, letter, first_day)
        _mark_around(tx, now, days)
        hours = {"letter": letter, "from": first_day.isoformat(), "hours": f"{starts}-{ends}"}
        record(tx, now, actor, "shift_letter", "unit", unit_id, unit_id=unit_id, data=hours)
