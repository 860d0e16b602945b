"""Shift rosters in sets: who works by shift, their letters, drafts, swaps, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, false, insert, or_, select
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from domain.patterns import ShiftHours, Span
from domain.shifts import Change, Grid
from store.calendars import PatternAssignment, RosterDay, ShiftKind, WorkPatternRow
from store.db import Transaction
from store.people import Assignment, Employee, Unit
from store.shifts import RosterDraft, ShiftSwap
from store.visibility import visible_to

PART = 5_000


def people_of(session: Session, unit_id: int, first: date, last: date) -> Sequence[Employee]:
    """Everybody who works in a unit on any day of a span, by name."""
    return session.scalars(
        select(Employee)
        .where(
            Employee.id.in_(
                select(Assignment.employee_id).where(
                    Assignment.unit_id == unit_id, *_touches(first, last)
                )
            )
        )
        .order_by(Employee.name, Employee.id)
    ).all()


def may_work_by_shift(
    session: Session, viewer: Viewer | None, first: date, last: date
) -> list[tuple[int, int]]:
    """(employee, unit) of everybody in sight whom a shift pattern may rule in this span: their
    own, or that of a unit they work in or below."""
    given = PatternAssignment
    shift_patterns = select(WorkPatternRow.id).where(WorkPatternRow.is_shift)
    own = select(given.employee_id).where(
        given.employee_id.is_not(None), given.pattern_id.in_(shift_patterns)
    )
    paths = session.scalars(
        select(Unit.path)
        .join(given, given.unit_id == Unit.id)
        .where(given.pattern_id.in_(shift_patterns))
    ).all()
    below: ColumnElement[bool] = or_(false(), *(Unit.path.startswith(path) for path in set(paths)))
    query = (
        select(Assignment.employee_id, Assignment.unit_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(*_touches(first, last), or_(Assignment.employee_id.in_(own), below))
        .order_by(Unit.path, Assignment.employee_id)
    )
    if viewer is not None:
        query = query.where(visible_to(viewer, Assignment.unit_id))
    return [(employee_id, unit_id) for employee_id, unit_id in session.execute(query)]


def _touches(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Assignment.first_day <= last,
        or_(Assignment.last_day.is_(None), Assignment.last_day >= first),
    )


def visible_unit(session: Session, viewer: Viewer, unit_id: int) -> Unit | None:
    """The unit, when the viewer may see it."""
    return session.scalars(
        select(Unit).where(Unit.id == unit_id, visible_to(viewer, Unit.id))
    ).first()


# --- letters ---------------------------------------------------------------------------------


def letters_of(session: Session, unit: Unit) -> Sequence[ShiftKind]:
    """The letters with hours of a unit and of those above it, oldest first."""
    path = [int(part) for part in unit.path.split("/") if part]
    return session.scalars(
        select(ShiftKind)
        .where(ShiftKind.unit_id.in_(path))
        .order_by(ShiftKind.letter, ShiftKind.first_day, ShiftKind.id)
    ).all()


def hours_of(kinds: Iterable[ShiftKind]) -> list[ShiftHours]:
    """The same as rules read them."""
    return [ShiftHours(kind.letter, Span(kind.starts, kind.ends), kind.first_day) for kind in kinds]


def letter_from(session: Session, unit_id: int, letter: str, first_day: date) -> ShiftKind | None:
    """A unit's letter as it was defined from that day on."""
    return session.scalars(
        select(ShiftKind).where(
            ShiftKind.unit_id == unit_id,
            ShiftKind.letter == letter,
            ShiftKind.first_day == first_day,
        )
    ).first()


def days_with_letter(
    session: Session, unit_path: str, letter: str, first: date
) -> list[tuple[int, date]]:
    """(employee, date) of a letter's published days in a unit and below, from a day on."""
    rows = session.execute(
        select(RosterDay.employee_id, RosterDay.day)
        .join(Unit, Unit.id == RosterDay.unit_id)
        .where(Unit.path.startswith(unit_path), RosterDay.letter == letter, RosterDay.day >= first)
    )
    return [(employee_id, day) for employee_id, day in rows]


# --- published days --------------------------------------------------------------------------


def published(
    session: Session, employee_ids: Collection[int], first: date, last: date
) -> dict[int, dict[date, str]]:
    """These people's published letters in a span."""
    grid: dict[int, dict[date, str]] = defaultdict(dict)
    wanted = sorted(employee_ids)
    for start in range(0, len(wanted), PART):
        for employee_id, day, letter in session.execute(
            select(RosterDay.employee_id, RosterDay.day, RosterDay.letter).where(
                RosterDay.employee_id.in_(wanted[start : start + PART]),
                RosterDay.day.between(first, last),
            )
        ):
            grid[employee_id][day] = letter
    return dict(grid)


def write(tx: Transaction, unit_id: int, changes: Sequence[Change], now: datetime) -> None:
    """Make these changes of the published roster."""
    days_of: dict[int, list[date]] = defaultdict(list)
    for change in changes:
        days_of[change.employee_id].append(change.day)
    for employee_id, days in days_of.items():
        tx.execute(
            delete(RosterDay)
            .where(RosterDay.employee_id == employee_id, RosterDay.day.in_(days))
            .execution_options(synchronize_session=False)
        )
    rows = [
        {
            "employee_id": change.employee_id,
            "day": change.day,
            "unit_id": unit_id,
            "letter": change.after,
            "published_at": now,
        }
        for change in changes
        if change.after
    ]
    if rows:
        tx.execute(insert(RosterDay), rows)


# --- drafts ----------------------------------------------------------------------------------


def draft_of(session: Session, unit_id: int, month: date) -> RosterDraft | None:
    """The month that is being written, if it is."""
    return session.get(RosterDraft, (unit_id, month))


def grid_of(draft: RosterDraft) -> Grid:
    """A draft's letters as rules read them."""
    return {
        int(employee_id): {date.fromisoformat(day): letter for day, letter in letters.items()}
        for employee_id, letters in draft.letters.items()
    }


# --- swaps -----------------------------------------------------------------------------------


def open_swaps(session: Session, unit_id: int) -> Sequence[ShiftSwap]:
    """Swaps of a unit that wait for a second account, oldest first."""
    return session.scalars(
        select(ShiftSwap)
        .where(ShiftSwap.unit_id == unit_id, ShiftSwap.ended_at.is_(None))
        .options(joinedload(ShiftSwap.one), joinedload(ShiftSwap.other))
        .order_by(ShiftSwap.id)
    ).all()


def hold_swap(tx: Transaction, viewer: Viewer, swap_id: int) -> ShiftSwap | None:
    """A swap in sight, for ending it; two who end the same wait for each other here."""
    return tx.scalars(
        select(ShiftSwap)
        .where(ShiftSwap.id == swap_id, visible_to(viewer, ShiftSwap.unit_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
