"""What may be anybody's scan (belum jelas): records in quarantine and IDs nobody is known by.

While one lies in a day's window nobody at that terminal is absent; so each ends by a person's act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from store.db import Transaction
from store.punch_queries import digest
from store.punches import Punch, QuarantinedRow
from store.terminal_care import OutsiderId

# --- quarantine ------------------------------------------------------------------------------


class BadRow(NamedTuple):
    """A record that cannot be a punch as it stands."""

    record: bytes
    pin: str
    local: str
    reason: str


def quarantine(
    tx: Transaction, terminal_id: int, raw_read_id: int, rows: Sequence[BadRow], now: datetime
) -> int:
    """Keep bad rows, each record once; returns how many are new."""
    if not rows:
        return 0
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    table: Table = QuarantinedRow.__table__  # type: ignore[assignment]  # declared as FromClause
    new = tx.execute(
        dialect.insert(table).on_conflict_do_nothing().returning(table.c.id),
        [
            {
                "terminal_id": terminal_id,
                "raw_read_id": raw_read_id,
                "digest": digest(row.record),
                "record": row.record,
                "pin": row.pin[:64],
                "local": row.local[:24],
                "reason": row.reason,
                "found_at": now,
            }
            for row in rows
        ],
    )
    return len(new.all())


def _waits_at(terminal_id: int) -> ColumnElement[bool]:
    """Condition: a record of this terminal that waits for a person."""
    return (QuarantinedRow.terminal_id == terminal_id) & QuarantinedRow.resolved_at.is_(None)


def quarantined(session: Session, terminal_id: int) -> Sequence[QuarantinedRow]:
    """A terminal's records that wait for a person, newest first."""
    return session.scalars(
        select(QuarantinedRow).where(_waits_at(terminal_id)).order_by(QuarantinedRow.id.desc())
    ).all()


def quarantined_between(
    session: Session, terminal_id: int, first: str, last: str
) -> Sequence[QuarantinedRow]:
    """Rows that wait because of a year no clock of ours shows, in a period as written."""
    return session.scalars(
        select(QuarantinedRow).where(
            _waits_at(terminal_id),
            QuarantinedRow.reason == "year_out_of_range",
            QuarantinedRow.local.between(first, last),
        )
    ).all()


@dataclass(frozen=True)
class WaitingRows:
    """A terminal's records that wait for one reason: how many, the newest id, some of them."""

    reason: str
    count: int
    newest: int
    examples: Sequence[QuarantinedRow]


def waiting_rows(session: Session, terminal_id: int, limit: int) -> list[WaitingRows]:
    """What waits at a terminal by reason, with at most `limit` of the newest as examples."""
    newest = session.scalars(
        select(QuarantinedRow)
        .where(_waits_at(terminal_id))
        .order_by(QuarantinedRow.id.desc())
        .limit(limit)
    ).all()
    counts = session.execute(
        select(QuarantinedRow.reason, func.count(), func.max(QuarantinedRow.id))
        .where(_waits_at(terminal_id))
        .group_by(QuarantinedRow.reason)
        .order_by(QuarantinedRow.reason)
    )
    return [
        WaitingRows(reason, count, last, [row for row in newest if row.reason == reason])
        for reason, count, last in counts
    ]


def waiting_up_to(
    session: Session, terminal_id: int, reason: str, newest: int
) -> Sequence[QuarantinedRow]:
    """Those of a terminal's waiting records of one reason that somebody has seen on a page."""
    return session.scalars(
        select(QuarantinedRow).where(
            _waits_at(terminal_id),
            QuarantinedRow.reason == reason,
            QuarantinedRow.id <= newest,
        )
    ).all()


# --- IDs nobody is known by ------------------------------------------------------------------


def is_unknown() -> ColumnElement[bool]:
    """Condition: a punch of nobody we know, and not of somebody outside the service either."""
    of_an_outsider = exists().where(
        OutsiderId.terminal_id == Punch.terminal_id, OutsiderId.pin == Punch.pin
    )
    return Punch.employee_id.is_(None) & ~of_an_outsider


@dataclass(frozen=True)
class UnknownId:
    """An ID nobody is known by: how many punches wait, the first and the last local time."""

    pin: str
    punches: int
    first: str
    last: str


def unknown_ids(session: Session, terminal_id: int) -> list[UnknownId]:
    """A terminal's IDs whose punches belong to nobody yet, those with most punches first."""
    count = func.count()
    rows = session.execute(
        select(Punch.pin, count, func.min(Punch.local), func.max(Punch.local))
        .where(Punch.terminal_id == terminal_id, is_unknown())
        .group_by(Punch.pin)
        .order_by(count.desc(), Punch.pin)
    )
    return [UnknownId(*row) for row in rows]


def outsiders(session: Session, terminal_id: int) -> Sequence[OutsiderId]:
    """The IDs at a terminal that belong to people outside the service."""
    return session.scalars(
        select(OutsiderId).where(OutsiderId.terminal_id == terminal_id).order_by(OutsiderId.pin)
    ).all()


def forget_outsiders(tx: Transaction, terminal_id: int, pins: Iterable[str]) -> int:
    """These IDs may be anybody's again, or somebody's; returns how many were an outsider's."""
    done = tx.execute(
        delete(OutsiderId)
        .where(OutsiderId.terminal_id == terminal_id, OutsiderId.pin.in_(sorted(pins)))
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))
