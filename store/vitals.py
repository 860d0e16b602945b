"""Signs of life: heartbeats, queues, uncertain sends; for the health pages and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.messages import OutState
from store.days import DirtyDay
from store.log import Heartbeat
from store.messages import InboundSms, OutboundSms, Sim
from store.people import Assignment
from store.punches import Terminal
from store.visibility import visible_to

LATE_AFTER = timedelta(minutes=5)  # every process beats at least once a minute
MODEM_LATE_AFTER = timedelta(seconds=25)  # a modem every five seconds


@dataclass(frozen=True)
class Beat:
    """A process or modem, when it last gave a sign, and whether that is too long ago."""

    name: str
    at: datetime
    age: timedelta
    state: dict[str, Any]

    @property
    def is_late(self) -> bool:
        return self.age > (MODEM_LATE_AFTER if self.is_modem else LATE_AFTER)

    @property
    def is_modem(self) -> bool:
        return self.name.startswith("modem:")


def heartbeats(session: Session, now: datetime) -> list[Beat]:
    """Every sign of life by name."""
    return [
        Beat(beat.name, beat.at, now - beat.at, beat.state)
        for beat in session.scalars(select(Heartbeat).order_by(Heartbeat.name))
    ]


def sims(session: Session) -> Sequence[Sim]:
    """The SIM cards that have been seen."""
    return session.scalars(select(Sim).order_by(Sim.modem, Sim.imsi)).all()


def inbox_waiting(session: Session) -> int:
    """How many messages came in and have not been read by the machine yet."""
    return (
        session.scalar(
            select(func.count()).select_from(InboundSms).where(InboundSms.processed_at.is_(None))
        )
        or 0
    )


def uncertain_messages(session: Session, viewer: Viewer, limit: int = 100) -> Sequence[OutboundSms]:
    """Messages of which nobody knows whether they left (belum pasti terkirim), newest first."""
    seen = select(Assignment.employee_id).where(visible_to(viewer, Assignment.unit_id))
    return session.scalars(
        select(OutboundSms)
        .where(
            OutboundSms.state == OutState.UNKNOWN,
            OutboundSms.cleared_at.is_(None),
            or_(OutboundSms.employee_id.is_(None), OutboundSms.employee_id.in_(seen)),
        )
        .order_by(OutboundSms.id.desc())
        .limit(limit)
    ).all()


def uncertain_count(session: Session) -> int:
    """How many sends have an unknown outcome that nobody has cleared."""
    return (
        session.scalar(
            select(func.count())
            .select_from(OutboundSms)
            .where(OutboundSms.state == OutState.UNKNOWN, OutboundSms.cleared_at.is_(None))
        )
        or 0
    )


def days_waiting(session: Session) -> int:
    """How many days are to be derived again."""
    return session.scalar(select(func.count()).select_from(DirtyDay)) or 0


def terminal_contacts(session: Session) -> list[tuple[str, datetime | None]]:
    """Name and last contact of every terminal in service."""
    rows = session.execute(
        select(Terminal.name, Terminal.last_contact_at).where(Terminal.retired_at.is_(None))
    )
    return [(name, at) for name, at in rows]


def redis_answers(redis_url: str) -> bool:
    """True when Redis answers a ping within a second."""
    try:
        with Redis.from_url(redis_url, socket_timeout=1, socket_connect_timeout=1) as client:
            return bool(client.ping())
    except RedisError:
        return False
