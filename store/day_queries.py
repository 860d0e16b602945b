"""Dirty days as a queue: marked by every fact and by the clock, claimed and finished in sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.days import DAY_KEY, AttendanceDay, DirtyDay, Key
from store.db import Transaction
from store.people import Assignment, Employee, Unit
from store.plain_rows import plain_rows, readers
from store.punches import TerminalId
from store.sets import chosen, one_of_rows, parts
from store.staff import holds_on

EASTERNMOST = timedelta(hours=9)  # WIT, where a date begins first
DIRTY_KEY = (DirtyDay.employee_id, DirtyDay.day)


@dataclass(frozen=True)
class Claim:
    """Days taken at a moment for deriving; whoever else wants them waits until the lease ends."""

    by: str
    at: datetime
    limit: int
    keys: list[Key]

    @property
    def is_full(self) -> bool:
        """Whether there may be more to take."""
        return len(self.keys) == self.limit

    @property
    def holds(self) -> ColumnElement[bool]:
        """Condition: a dirty day that this claim still holds, found by the people it is of."""
        people = [employee_id for employee_id, _ in self.keys]
        theirs = DirtyDay.employee_id.between(min(people), max(people))
        return and_(theirs, DirtyDay.claimed_by == self.by)


def _insert(tx: Transaction, table: type[Any]) -> Any:
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


def mark_dirty(
    tx: Transaction, pairs: Iterable[tuple[int, date]], reason: str, now: datetime
) -> int:
    """These (employee, date) pairs are to be derived again; returns how many.

    A day marked while it is being derived keeps its mark and is derived once more. One that has
    not begun is left out: when it begins, it is derived from all that is known by then.
    """
    rows = [
        {"employee_id": employee_id, "day": day, "reason": reason, "marked_at": now, "marks": 1}
        for employee_id, day in sorted(_begun(tx, set(pairs), now))
    ]
    statement = _insert(tx, DirtyDay)
    statement = statement.on_conflict_do_update(
        index_elements=["employee_id", "day"],
        set_={"marks": DirtyDay.marks + 1, "reason": reason, "marked_at": now},
    )
    for part in parts(rows):
        tx.execute(statement, part)
    if rows:
        tx.ring("derive_days")
    return len(rows)


def _begun(tx: Transaction, pairs: set[tuple[int, date]], now: datetime) -> set[tuple[int, date]]:
    """Of these (employee, date) those whose date has begun in some zone, or that stand already."""
    today = (now + EASTERNMOST).date()
    later = {pair for pair in pairs if pair[1] > today}
    standing = {
        (row[0], row[1])
        for part in parts(later)
        for row in tx.execute(select(*DAY_KEY).where(one_of_rows(tx, DAY_KEY, part)))
    }
    return pairs - later | standing


def mark_unit_dirty(
    tx: Transaction,
    unit_ids: Sequence[int],
    first: date,
    last: date,
    reason: str,
    now: datetime,
) -> int:
    """Everybody assigned to these units, for every date of the span."""
    people = tx.execute(
        select(Assignment.employee_id, Assignment.first_day, Assignment.last_day).where(
            Assignment.unit_id.in_(unit_ids),
            Assignment.first_day <= last,
            or_(Assignment.last_day.is_(None), Assignment.last_day >= first),
        )
    ).all()
    pairs = [
        (employee_id, day)
        for employee_id, begins, ends in people
        for day in _days(max(first, begins), min(last, ends) if ends else last)
    ]
    return mark_dirty(tx, pairs, reason, now)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def claim(tx: Transaction, now: datetime, until: datetime, limit: int) -> Claim:
    """Take up to `limit` dirty days, person by person; what another holds is left alone.

    All dates of a person come together: so their scans and rules are read once.
    """
    claimed = Claim(uuid4().hex, now, limit, [])
    free = or_(DirtyDay.claimed_until.is_(None), DirtyDay.claimed_until < now)
    wanted = (
        select(DirtyDay.employee_id)
        .where(free)
        .order_by(*DIRTY_KEY)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(DirtyDay)
        .where(chosen(tx, DirtyDay, wanted))
        .values(claimed_until=until, claimed_by=claimed.by, marks=0)
        .returning(DirtyDay.employee_id, DirtyDay.day)
        .execution_options(synchronize_session=False)
    )
    _, day_of = readers(tx)
    claimed.keys.extend((employee_id, day_of(day)) for employee_id, day in plain_rows(tx, taken))
    return claimed


def still_held(tx: Transaction, claimed: Claim) -> list[Key]:
    """Those of the claimed days that nobody took over meanwhile.

    They are locked in the order in which everybody marks them, so that nobody waits in a circle.
    """
    held = (
        select(DirtyDay.employee_id, DirtyDay.day)
        .where(claimed.holds)
        .order_by(DirtyDay.employee_id, DirtyDay.day)
        .with_for_update()
    )
    count = tx.scalar(select(func.count()).select_from(held.subquery()))
    if count == len(claimed.keys):
        return claimed.keys
    return [(employee_id, day) for employee_id, day in tx.execute(held)]


def finish(tx: Transaction, claimed: Claim) -> None:
    """Forget what was derived; a day marked again meanwhile stays and is free at once."""
    for statement in (
        delete(DirtyDay).where(claimed.holds, DirtyDay.marks == 0),
        update(DirtyDay).where(claimed.holds).values(claimed_until=None, claimed_by=None),
    ):
        tx.execute(statement.execution_options(synchronize_session=False))


def count_dirty(session: Session, now: datetime) -> int:
    """How many days are free to be derived."""
    free = or_(DirtyDay.claimed_until.is_(None), DirtyDay.claimed_until < now)
    return session.scalar(select(func.count()).select_from(DirtyDay).where(free)) or 0


def anything_dirty(session: Session, now: datetime) -> bool:
    """True when a day is free to be derived."""
    free = or_(DirtyDay.claimed_until.is_(None), DirtyDay.claimed_until < now)
    return session.scalar(select(DirtyDay.day).where(free).limit(1)) is not None


# --- what is to be looked at again -----------------------------------------------------------


def mark_due_looks(tx: Transaction, now: datetime, limit: int = 50_000) -> int:
    """Days whose next moment has come (cut-off, close, another look at what waits)."""
    due = tx.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day)
        .where(AttendanceDay.next_look_at <= now)
        .order_by(AttendanceDay.next_look_at)
        .limit(limit)
    ).all()
    marked = mark_dirty(tx, [(row[0], row[1]) for row in due], "time", now)
    for part in parts(due):
        tx.execute(
            update(AttendanceDay)
            .where(one_of_rows(tx, DAY_KEY, part))
            .values(next_look_at=None)
            .execution_options(synchronize_session=False)
        )
    return marked


def mark_shown(
    tx: Transaction,
    terminal_id: int,
    unit_id: int,
    dates: Iterable[date],
    now: datetime,
    *,
    only_open: bool = False,
) -> int:
    """Stored days of a terminal's people on these dates whose judgement rests on terminals.

    Not final, absent, or short of a scan or of minutes: what just came in may be theirs, or may
    show that the terminal was nearly silent then. `only_open`: settled ones are left alone.
    """
    days = sorted(set(dates))
    if not days:
        return 0
    mapped = select(TerminalId.employee_id).where(TerminalId.terminal_id == terminal_id)
    rows = tx.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day).where(
            AttendanceDay.day.in_(days),
            or_(AttendanceDay.unit_id == unit_id, AttendanceDay.employee_id.in_(mapped)),
            _rests_on_terminals(only_open=only_open),
        )
    )
    return mark_dirty(tx, [(row[0], row[1]) for row in rows], "terminal", now)


def mark_mapped(tx: Transaction, employee_ids: Iterable[int], since: date, now: datetime) -> int:
    """Stored days from `since` on of people whose IDs changed, where terminals were asked: without
    an ID nothing is proven."""
    rows = tx.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day).where(
            AttendanceDay.employee_id.in_(sorted(set(employee_ids))),
            AttendanceDay.day >= since,
            _rests_on_terminals(only_open=False),
        )
    )
    return mark_dirty(tx, [(row[0], row[1]) for row in rows], "id_mapped", now)


def _rests_on_terminals(*, only_open: bool) -> ColumnElement[bool]:
    judged: list[ColumnElement[bool]] = [AttendanceDay.final.is_(False)]
    if not only_open:
        judged += [
            AttendanceDay.status.in_(("absent", "incomplete")),
            AttendanceDay.late_minutes > 0,
            AttendanceDay.early_minutes > 0,
        ]
    return or_(*judged)


def mark_missing(tx: Transaction, day: date, now: datetime) -> int:
    """Everybody in service on `day` who has no attendance day yet."""
    missing = tx.execute(
        select(Assignment.employee_id)
        .join(Employee, Employee.id == Assignment.employee_id)
        .where(
            holds_on(Assignment.first_day, Assignment.last_day, day),
            and_(
                Employee.in_service_from <= day,
                or_(Employee.in_service_to.is_(None), Employee.in_service_to >= day),
            ),
            ~exists().where(
                AttendanceDay.employee_id == Assignment.employee_id, AttendanceDay.day == day
            ),
        )
    ).scalars()
    return mark_dirty(tx, [(employee_id, day) for employee_id in missing], "new_day", now)


def mark_lacking(tx: Transaction, people: Sequence[tuple[int, date, date]], now: datetime) -> int:
    """Dates on which these people (id, first, last day) were in service and have no day yet."""
    wanted = {
        (employee_id, day) for employee_id, first, last in people for day in _days(first, last)
    }
    if not wanted:
        return 0
    known = tx.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day).where(
            AttendanceDay.day.between(
                min(first for _, first, _ in people), max(last for _, _, last in people)
            )
        )
    )
    return mark_dirty(tx, wanted - {(row[0], row[1]) for row in known}, "new_day", now)


def strays(
    session: Session,
    wanted: set[tuple[int, date]],
    first: date,
    last: date,
    unit_code: str | None = None,
) -> list[tuple[int, date]]:
    """Stored days of a span that none of the wanted (employee, date) pairs stands for."""
    query = select(AttendanceDay.employee_id, AttendanceDay.day).where(
        AttendanceDay.day.between(first, last)
    )
    if unit_code is not None:
        path = session.scalar(select(Unit.path).where(Unit.code == unit_code)) or ""
        query = query.join(Unit, Unit.id == AttendanceDay.unit_id)
        query = query.where(Unit.path.startswith(path))
    return [(row[0], row[1]) for row in session.execute(query) if (row[0], row[1]) not in wanted]
