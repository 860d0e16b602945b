"""The schedule's memory: one lease, one slot per job and period, signs of life."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from store.db import Transaction
from store.log import Heartbeat, Install, LastRun


def hold_lease(tx: Transaction, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take or keep the lease `name`; False while somebody else holds it."""
    _make_sure_of(tx, name)
    done = tx.execute(
        update(LastRun)
        .where(
            LastRun.job == name,
            or_(LastRun.held_by.is_(None), LastRun.held_by == holder, LastRun.held_until < now),
        )
        .values(held_by=holder, held_until=until)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def give_up_lease(tx: Transaction, name: str, holder: str) -> None:
    """Let the next one take over at once."""
    tx.execute(
        update(LastRun)
        .where(LastRun.job == name, LastRun.held_by == holder)
        .values(held_by=None, held_until=None)
    )


def take_slot(tx: Transaction, job: str, slot: str, now: datetime) -> bool:
    """True for the first who rings for `job` in this period."""
    _make_sure_of(tx, job)
    done = tx.execute(
        update(LastRun)
        .where(LastRun.job == job, LastRun.slot != slot)
        .values(slot=slot, rung_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def finished(tx: Transaction, job: str, now: datetime, problem: str | None) -> None:
    """A run of a job has ended; without a problem it was a good one."""
    _make_sure_of(tx, job)
    ended = {"finished_at": now, "problem": None} if problem is None else {"problem": problem}
    tx.execute(update(LastRun).where(LastRun.job == job).values(**ended))


def last_good_runs(session: Session) -> dict[str, datetime]:
    """When each job last ended well, by name."""
    rows = session.execute(select(LastRun.job, LastRun.finished_at))
    return {job: at for job, at in rows if at is not None}


def _make_sure_of(tx: Transaction, job: str) -> None:
    if tx.get(LastRun, job) is None:
        tx.add(LastRun(job=job))
        tx.flush()


def beat(tx: Transaction, name: str, now: datetime, state: dict[str, Any]) -> None:
    """A sign of life."""
    heartbeat = tx.get(Heartbeat, name)
    if heartbeat is None:
        tx.add(Heartbeat(name=name, at=now, state=state))
    else:
        heartbeat.at = now
        heartbeat.state = state


def heartbeats(session: Session) -> list[Heartbeat]:
    """All signs of life, by name."""
    return list(session.scalars(select(Heartbeat).order_by(Heartbeat.name)))


def installation(session: Session) -> Install | None:
    """How and when this database was installed."""
    return session.get(Install, 1)


def slot_of(session: Session, job: str) -> str:
    """The last period a job was rung for, '' when never."""
    row = session.get(LastRun, job)
    return row.slot if row else ""
