"""Raw reads and punches: kept, written in sets, listed, given to people."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import chain, islice
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from store.db import Transaction
from store.people import Employee
from store.punches import CORRECTED, Punch, QuarantinedRow, RawRead, TerminalId

SET = 20_000  # rows per statement where they cannot be streamed
SMALL = 200  # up to here a staging table costs more than it saves
LONGEST_PIN = 32

# --- raw reads -------------------------------------------------------------------------------


def keep_raw(tx: Transaction, payload: bytes, **columns: Any) -> int:
    """Keep what a terminal sent, compressed, with its digest; returns its id."""
    read = RawRead(sha256=digest(payload), payload=zlib.compress(payload, 1), **columns)
    tx.add(read)
    tx.flush()
    return read.id


def payload_of(read: RawRead) -> bytes:
    """The bytes as the terminal sent them."""
    return zlib.decompress(read.payload)


def digest(payload: bytes) -> str:
    return sha256(payload).hexdigest()


def waiting_reads(session: Session, received_before: datetime) -> Sequence[int]:
    """Ids of reads that were kept but never parsed, oldest first."""
    return session.scalars(
        select(RawRead.id)
        .where(
            RawRead.parsed_at.is_(None),
            RawRead.refused.is_(None),
            RawRead.received_at <= received_before,
        )
        .order_by(RawRead.id)
    ).all()


def hold_read(tx: Transaction, raw_read_id: int) -> RawRead:
    """A raw read for its parsing; two who parse the same wait for each other here."""
    tx.execute(select(RawRead.id).where(RawRead.id == raw_read_id).with_for_update())
    return tx.get_one(RawRead, raw_read_id, populate_existing=True)


# --- punches ---------------------------------------------------------------------------------


class PunchRow(NamedTuple):
    """A scan ready to be stored."""

    pin: str
    local: str
    at: datetime
    status: int
    punch: int
    employee_id: int | None
    doubtful: str | None


@dataclass(frozen=True)
class Origin:
    """Where a set of punches comes from, alike for all of them."""

    terminal_id: int
    source: str
    raw_read_id: int


@dataclass(frozen=True)
class NewDay:
    """What one read brought for one ID and local date: first and last local time, how many."""

    employee_id: int | None
    local_date: date
    first: str
    last: str
    count: int


def store_punches(tx: Transaction, origin: Origin, rows: Iterable[PunchRow]) -> list[NewDay]:
    """Store what is not there yet and tell what was new; a repeat changes nothing.

    The key is (local date, terminal, ID, local second). Rows are taken while they come, none is
    kept. On PostgreSQL large sets pass through a staging table: an anti-join against the key is
    several times quicker than as many conflicts.
    """
    span = _Span()
    watched = span.watch(rows)
    beginning = list(islice(watched, SMALL + 1))
    if len(beginning) <= SMALL or tx.get_bind().dialect.name == "sqlite":
        _insert(tx, origin, chain(beginning, watched))
    else:
        _copy(tx, origin, chain(beginning, watched))
    return _new_days(tx, origin, span)


class _Span:
    """The earliest and latest local text that passed by."""

    def __init__(self) -> None:
        self.first, self.last = "9999", ""

    def watch(self, rows: Iterable[PunchRow]) -> Iterator[PunchRow]:
        for row in rows:
            if row.local < self.first:
                self.first = row.local
            if row.local > self.last:
                self.last = row.local
            yield row


_COLUMNS = (
    "local_date, pin, local, at, status, punch, employee_id, doubtful,"
    " terminal_id, source, raw_read_id"
)
_INSERT_SQLITE = (
    f"INSERT INTO punch ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"
)
_INSERT_POSTGRESQL = _INSERT_SQLITE.replace("?", "%s")


def _insert(tx: Transaction, origin: Origin, rows: Iterator[PunchRow]) -> None:
    is_sqlite = tx.get_bind().dialect.name == "sqlite"
    statement = _INSERT_SQLITE if is_sqlite else _INSERT_POSTGRESQL
    shared = (origin.terminal_id, origin.source, origin.raw_read_id)
    prepared = (
        (
            row.local[:10],
            row.pin,
            row.local,
            row.at.isoformat(" ", "microseconds")[:26] if is_sqlite else row.at,
            row.status,
            row.punch,
            row.employee_id,
            row.doubtful,
            *shared,
        )
        for row in rows
    )
    connection = tx.connection()
    while some := list(islice(prepared, SET)):
        connection.exec_driver_sql(statement, some)


_STAGING = """CREATE TEMPORARY TABLE IF NOT EXISTS new_punch (
    local_date date, pin text, local text, at timestamptz,
    status integer, punch integer, employee_id integer, doubtful text
) ON COMMIT DELETE ROWS"""
# Ordered by the key: two reads with rows in common then wait for each other and never deadlock.
_FROM_STAGING = f"""INSERT INTO punch ({_COLUMNS})
SELECT n.*, %(terminal_id)s, %(source)s, %(raw_read_id)s
FROM new_punch n
WHERE NOT EXISTS (
    SELECT FROM punch p
    WHERE p.local_date = n.local_date AND p.terminal_id = %(terminal_id)s
        AND p.pin = n.pin AND p.local = n.local
)
ORDER BY n.local_date, n.pin, n.local
ON CONFLICT DO NOTHING"""


def _copy(tx: Transaction, origin: Origin, rows: Iterator[PunchRow]) -> None:
    connection = tx.connection()
    connection.exec_driver_sql(_STAGING)
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy("COPY new_punch FROM STDIN") as copy:
        for row in rows:
            copy.write_row((row.local[:10], *row))
    connection.exec_driver_sql("ANALYZE new_punch")  # without it the anti-join is guesswork
    connection.exec_driver_sql(_FROM_STAGING, vars(origin))
    connection.exec_driver_sql("TRUNCATE new_punch")


def _new_days(tx: Transaction, origin: Origin, span: _Span) -> list[NewDay]:
    rows = tx.execute(
        select(
            Punch.employee_id,
            Punch.local_date,
            func.min(Punch.local),
            func.max(Punch.local),
            func.count(),
        )
        .where(
            Punch.terminal_id == origin.terminal_id,
            Punch.local.between(span.first, span.last),
            Punch.raw_read_id == origin.raw_read_id,
        )
        .group_by(Punch.employee_id, Punch.local_date)
    )
    return [NewDay(*row) for row in rows]


def punches_of(
    session: Session, terminal_id: int, first: str | None = None, last: str | None = None
) -> Iterator[Punch]:
    """A terminal's punches by local time, both bounds (local text) included; streamed."""
    query = select(Punch).where(Punch.terminal_id == terminal_id)
    if first is not None:
        query = query.where(Punch.local >= first)
    if last is not None:
        query = query.where(Punch.local <= last)
    yield from session.scalars(
        query.order_by(Punch.local, Punch.pin).execution_options(yield_per=2000)
    )


def held_count(session: Session, terminal_id: int, first: str = "", last: str = "9999") -> int:
    """How many different records of this terminal we hold, those in quarantine included.

    From `first` to `last` (local text). What another system says happened at this terminal is no
    record of it and would make up for one that is missing.
    """
    punches = (
        select(func.count())
        .where(
            Punch.terminal_id == terminal_id,
            Punch.local.between(first, last),
            Punch.source.not_in(("csv", "quarantine")),
        )
        .scalar_subquery()
    )
    rows = (
        select(func.count())
        .select_from(QuarantinedRow)
        .join(RawRead, RawRead.id == QuarantinedRow.raw_read_id)
        .where(
            QuarantinedRow.terminal_id == terminal_id,
            func.coalesce(QuarantinedRow.local, "").between(first, last),
            RawRead.source != "csv",
        )
        .scalar_subquery()
    )
    return session.scalar(select(punches + rows)) or 0


# --- whose ID is it --------------------------------------------------------------------------


class IdPeriod(NamedTuple):
    """An ID that means one person from a day to a day, both included."""

    pin: str
    employee_id: int
    first_day: date
    last_day: date | None


def id_periods(session: Session, terminal_id: int) -> list[IdPeriod]:
    """The IDs of one terminal, by ID and first day."""
    rows = session.execute(
        select(TerminalId.pin, TerminalId.employee_id, TerminalId.first_day, TerminalId.last_day)
        .where(TerminalId.terminal_id == terminal_id)
        .order_by(TerminalId.pin, TerminalId.first_day)
    )
    return [IdPeriod(*row) for row in rows]


def named_ids(session: Session, terminal_id: int, day: date) -> list[tuple[str, str]]:
    """(ID, name) of everybody who is known at a terminal on a day."""
    rows = session.execute(
        select(TerminalId.pin, Employee.name)
        .join(Employee, Employee.id == TerminalId.employee_id)
        .where(
            TerminalId.terminal_id == terminal_id,
            TerminalId.first_day <= day,
            or_(TerminalId.last_day.is_(None), TerminalId.last_day >= day),
        )
        .order_by(TerminalId.pin)
    )
    return [(pin, name) for pin, name in rows]


def employees_by_nip(session: Session) -> dict[str, int]:
    """Everybody's NIP."""
    rows = session.execute(select(Employee.nip, Employee.id).where(Employee.nip.is_not(None)))
    return {str(nip): employee_id for nip, employee_id in rows}


@dataclass(frozen=True)
class PinDay:
    """One ID's punches of one local date and whom they are given to now. `corrected`: the clock
    wrote another date than the true one, on which the first of them was made `at`."""

    pin: str
    local_date: date
    employee_id: int | None
    corrected: bool
    at: datetime
    first: str
    last: str


def pin_days(session: Session, terminal_id: int, pins: Sequence[str] | None = None) -> list[PinDay]:
    """Every ID and date of a terminal, or only of these IDs."""
    corrected = func.coalesce(Punch.doubtful == CORRECTED, False)
    query = (
        select(
            Punch.pin,
            Punch.local_date,
            Punch.employee_id,
            corrected,
            func.min(Punch.at),
            func.min(Punch.local),
            func.max(Punch.local),
        )
        .where(Punch.terminal_id == terminal_id)
        .group_by(Punch.pin, Punch.local_date, Punch.employee_id, corrected)
    )
    if pins is not None:
        query = query.where(Punch.pin.in_(pins))
    return [PinDay(*row) for row in session.execute(query)]


def give(tx: Transaction, terminal_id: int, day: PinDay, employee_id: int | None) -> int:
    """Give the punches of an ID's date to another person, or to nobody; returns how many."""
    done = tx.execute(
        update(Punch)
        .where(
            Punch.local_date == day.local_date,
            Punch.terminal_id == terminal_id,
            Punch.pin == day.pin,
            func.coalesce(Punch.doubtful == CORRECTED, False) == day.corrected,
        )
        .values(employee_id=employee_id)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))
