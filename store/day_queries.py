"""Dirty days as a queue, and attendance days written in sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.days import WAITING, DayStatus
from store.days import AttendanceDay, DirtyDay
from store.db import Transaction
from store.messages import Notice
from store.people import Assignment, Employee, Unit
from store.punches import TerminalId
from store.staff import holds_on

MANY = 5_000  # rows a statement; SQLite takes 32,766 values
DIRTY_KEY = (DirtyDay.employee_id, DirtyDay.day)
DAY_KEY = (AttendanceDay.employee_id, AttendanceDay.day)


def _among(
    session: Session, columns: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> ColumnElement[bool]:
    """Condition: these columns hold one of these rows.

    PostgreSQL gets arrays, which it joins; a long list of rows it would compare one by one.
    """
    if session.get_bind().dialect.name == "sqlite":
        return tuple_(*columns).in_([tuple(row) for row in rows])
    arrays = (
        cast([row[n] for row in rows], postgresql.ARRAY(column.type))
        for n, column in enumerate(columns)
    )
    return tuple_(*columns).in_(select(*(func.unnest(array) for array in arrays)))


@dataclass(frozen=True)
class Claimed:
    """A day taken for deriving, and how often it had been marked by then."""

    employee_id: int
    day: date
    marks: int


def _insert(tx: Transaction, table: type[Any]) -> Any:
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


def mark_dirty(
    tx: Transaction, pairs: Iterable[tuple[int, date]], reason: str, now: datetime
) -> int:
    """These (employee, date) pairs are to be derived again; returns how many.

    A day marked while it is being derived keeps its mark and is derived once more.
    """
    rows = [
        {"employee_id": employee_id, "day": day, "reason": reason, "marked_at": now, "marks": 1}
        for employee_id, day in sorted(set(pairs))
    ]
    statement = _insert(tx, DirtyDay)
    statement = statement.on_conflict_do_update(
        index_elements=["employee_id", "day"],
        set_={"marks": DirtyDay.marks + 1, "reason": reason, "marked_at": now},
    )
    for part in _parts(rows, MANY):
        tx.execute(statement, part)
    if rows:
        tx.ring("derive_days")
    return len(rows)


def _parts(rows: Sequence[Any], size: int) -> Iterable[list[Any]]:
    return (list(rows[start : start + size]) for start in range(0, len(rows), size))


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


def claim(tx: Transaction, now: datetime, until: datetime, limit: int) -> list[Claimed]:
    """Take up to `limit` dirty days, oldest dates first; what another holds is left alone."""
    free = or_(DirtyDay.claimed_until.is_(None), DirtyDay.claimed_until < now)
    wanted = tx.execute(
        select(DirtyDay.employee_id, DirtyDay.day)
        .where(free)
        .order_by(DirtyDay.day, DirtyDay.employee_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    claimed: list[Claimed] = []
    for part in _parts(wanted, MANY):
        taken = tx.execute(
            update(DirtyDay)
            .where(_among(tx, DIRTY_KEY, part), free)
            .values(claimed_until=until)
            .returning(DirtyDay.employee_id, DirtyDay.day, DirtyDay.marks)
            .execution_options(synchronize_session=False)
        ).all()
        claimed += [Claimed(*row) for row in taken]
    return claimed


def still_held(tx: Transaction, claimed: Sequence[Claimed], until: datetime) -> list[Claimed]:
    """Those of the claimed days whose lease, which ends at `until`, nobody took over meanwhile.

    They are locked in the order in which everybody marks them, so that nobody waits in a circle.
    """
    held: set[tuple[int, date]] = set()
    for part in _parts(sorted((c.employee_id, c.day) for c in claimed), MANY):
        rows = tx.execute(
            select(DirtyDay.employee_id, DirtyDay.day)
            .where(_among(tx, DIRTY_KEY, part), DirtyDay.claimed_until == until)
            .order_by(DirtyDay.employee_id, DirtyDay.day)
            .with_for_update()
        )
        held.update((row[0], row[1]) for row in rows)
    return [each for each in claimed if (each.employee_id, each.day) in held]


def finish(tx: Transaction, claimed: Sequence[Claimed]) -> None:
    """Forget what was derived; a day marked again meanwhile stays and is free at once."""
    marked = (*DIRTY_KEY, DirtyDay.marks)
    for part in _parts(claimed, MANY):
        tx.execute(
            delete(DirtyDay)
            .where(_among(tx, marked, [(c.employee_id, c.day, c.marks) for c in part]))
            .execution_options(synchronize_session=False)
        )
        tx.execute(
            update(DirtyDay)
            .where(_among(tx, DIRTY_KEY, [(c.employee_id, c.day) for c in part]))
            .values(claimed_until=None)
            .execution_options(synchronize_session=False)
        )


def count_dirty(session: Session, now: datetime) -> int:
    """How many days are free to be derived."""
    free = or_(DirtyDay.claimed_until.is_(None), DirtyDay.claimed_until < now)
    return session.scalar(select(func.count()).select_from(DirtyDay).where(free)) or 0


def anything_dirty(session: Session, now: datetime) -> bool:
    """True when a day is free to be derived."""
    free = or_(DirtyDay.claimed_until.is_(None), DirtyDay.claimed_until < now)
    return session.scalar(select(DirtyDay.day).where(free).limit(1)) is not None


# --- attendance days -------------------------------------------------------------------------

COMPARED = (
    "unit_id", "status", "kind", "first_in", "last_out", "late_minutes", "early_minutes",
    "missing_in", "missing_out", "excuse", "provisional", "final", "reasons", "why",
    "next_look_at",
)  # fmt: skip


def days_by_key(
    session: Session, keys: Sequence[tuple[int, date]]
) -> dict[tuple[int, date], AttendanceDay]:
    """The stored days of these (employee, date) pairs."""
    found: dict[tuple[int, date], AttendanceDay] = {}
    for part in _parts(keys, MANY):
        for row in session.scalars(select(AttendanceDay).where(_among(session, DAY_KEY, part))):
            found[row.employee_id, row.day] = row
    return found


def write_days(tx: Transaction, rows: Sequence[dict[str, Any]]) -> int:
    """Insert or change attendance days; rows that say the same as before are left alone."""
    stored = days_by_key(tx, [(row["employee_id"], row["day"]) for row in rows])
    changed = [row for row in rows if _differs(stored.get((row["employee_id"], row["day"])), row)]
    statement = _insert(tx, AttendanceDay)
    statement = statement.on_conflict_do_update(
        index_elements=["day", "employee_id"],
        set_={name: statement.excluded[name] for name in (*COMPARED, "as_of", "notices_at")},
    )
    tx.expunge_all()
    for part in _parts(changed, 1_000):
        tx.execute(statement, part)
        keys = _among(tx, DAY_KEY, [(row["employee_id"], row["day"]) for row in part])
        _look_where_spoken(tx, keys, part[0]["as_of"])
    return len(changed)


def _look_where_spoken(tx: Transaction, keys: ColumnElement[bool], now: datetime) -> None:
    """Notices look at those of these days that no longer are what people were told."""
    told_otherwise = exists().where(
        Notice.employee_id == AttendanceDay.employee_id,
        Notice.day == AttendanceDay.day,
        Notice.said != AttendanceDay.status,
    )
    tx.execute(
        update(AttendanceDay)
        .where(keys, AttendanceDay.status.not_in((*WAITING, DayStatus.ABSENT)), told_otherwise)
        .values(notices_at=now)
        .execution_options(synchronize_session=False)
    )


def drop_days(tx: Transaction, keys: Sequence[tuple[int, date]]) -> int:
    """Take away days on which these people turn out not to have worked here at all."""
    dropped = 0
    for part in _parts(keys, MANY):
        result = tx.execute(
            delete(AttendanceDay)
            .where(_among(tx, DAY_KEY, part))
            .execution_options(synchronize_session=False)
        )
        dropped += result.rowcount  # type: ignore[attr-defined]  # a DELETE has one
    return dropped


def _differs(stored: AttendanceDay | None, row: dict[str, Any]) -> bool:
    return stored is None or any(getattr(stored, name) != row[name] for name in COMPARED)


def mark_due_looks(tx: Transaction, now: datetime, limit: int = 50_000) -> int:
    """Days whose next moment has come (cut-off, close, another look at what waits)."""
    due = tx.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day)
        .where(AttendanceDay.next_look_at <= now)
        .order_by(AttendanceDay.next_look_at)
        .limit(limit)
    ).all()
    marked = mark_dirty(tx, [(row[0], row[1]) for row in due], "time", now)
    for part in _parts(due, MANY):
        tx.execute(
            update(AttendanceDay)
            .where(_among(tx, DAY_KEY, part))
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
    judged: list[ColumnElement[bool]] = [AttendanceDay.final.is_(False)]
    if not only_open:
        judged += [
            AttendanceDay.status.in_(("absent", "incomplete")),
            AttendanceDay.late_minutes > 0,
            AttendanceDay.early_minutes > 0,
        ]
    mapped = select(TerminalId.employee_id).where(TerminalId.terminal_id == terminal_id)
    rows = tx.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day).where(
            AttendanceDay.day.in_(days),
            or_(AttendanceDay.unit_id == unit_id, AttendanceDay.employee_id.in_(mapped)),
            or_(*judged),
        )
    )
    return mark_dirty(tx, [(row[0], row[1]) for row in rows], "terminal", now)


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
