"""The health of messages in one look: roads, lanes, what is uncertain, what the month cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.messages import Lane, OutState
from domain.tariff import Tariff, tariff_from
from store import calendar_queries, outbox_queries, vitals
from store.messages import OutboundSms, Road, Sim

HOME_ZONE = ZoneInfo("Asia/Makassar")
TARIFF = "sms_tariff"
COUNTED = (OutState.SENT, OutState.UNKNOWN, OutState.SUBMITTING)
FORGOTTEN_AFTER = timedelta(days=1)
"""A modem silent for longer is one that was taken away, not one that hangs."""


@dataclass(frozen=True)
class Card:
    """A SIM with what it has sent today, of its quota, and when it last sent at all."""

    sim: Sim
    used_today: int
    last_sent_at: datetime | None


@dataclass(frozen=True)
class MessageHealth:
    """All that `flask sms status`, the panel's page and the metrics speak of."""

    at: datetime
    modems: Sequence[vitals.Beat]
    cards: Sequence[Card]
    roads: Sequence[Road]
    lanes: Sequence[tuple[Lane, int, datetime | None]]
    inbox_waiting: int
    uncertain: int
    failed_today: int
    last_sent_at: datetime | None
    parts_this_month: dict[str, int]  # by road: 'sim:<IMSI>', 'twilio'
    tariff: Tariff

    @property
    def cost_this_month(self) -> int:
        """Rupiah."""
        return sum(self.tariff.of(road, parts) for road, parts in self.parts_this_month.items())

    @property
    def oldest_waiting(self) -> datetime | None:
        return min((oldest for _, _, oldest in self.lanes if oldest is not None), default=None)


def message_health(session: Session, now: datetime) -> MessageHealth:
    """Read afresh, so that any process answers for the whole house."""
    local = now.astimezone(HOME_ZONE)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    last_sent = _last_sent(session)
    return MessageHealth(
        at=now,
        modems=modems(session, now),
        cards=[
            Card(sim, _used_today(session, sim, now), last_sent.get(f"sim:{sim.imsi}"))
            for sim in vitals.sims(session)
        ],
        roads=session.scalars(select(Road).order_by(Road.name)).all(),
        lanes=sorted(outbox_queries.lanes(session)),
        inbox_waiting=vitals.inbox_waiting(session),
        uncertain=vitals.uncertain_count(session),
        failed_today=_failed_since(session, midnight),
        last_sent_at=max(last_sent.values(), default=None),
        parts_this_month=_parts_by_road(session, midnight.replace(day=1)),
        tariff=tariff(session, now),
    )


def modems(session: Session, now: datetime) -> list[vitals.Beat]:
    """The modems that gave a sign of life within a day."""
    return [
        beat
        for beat in vitals.heartbeats(session, now)
        if beat.name.startswith("modem:") and beat.age < FORGOTTEN_AFTER
    ]


def tariff(session: Session, now: datetime) -> Tariff:
    """What a part costs today."""
    day = now.astimezone(HOME_ZONE).date()
    return tariff_from(calendar_queries.house_setting(session, TARIFF, day))


def _used_today(session: Session, sim: Sim, now: datetime) -> int:
    local = now.astimezone(ZoneInfo(sim.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return outbox_queries.parts_since(session, f"sim:{sim.imsi}", midnight)


def _parts_by_road(session: Session, since: datetime) -> dict[str, int]:
    query = (
        select(OutboundSms.route, func.sum(OutboundSms.parts))
        .where(
            OutboundSms.submitted_at >= since,
            OutboundSms.state.in_(COUNTED) | OutboundSms.reference.is_not(None),
        )
        .group_by(OutboundSms.route)
    )
    return {road or "": int(parts) for road, parts in session.execute(query)}


def _last_sent(session: Session) -> dict[str, datetime]:
    """When each road last took a message: a short walk back along each road's own index."""
    roads = [f"sim:{sim.imsi}" for sim in vitals.sims(session)] + [outbox_queries.TWILIO]
    found = {}
    for road in roads:
        at = session.scalar(
            select(OutboundSms.sent_at)
            .where(
                OutboundSms.route == road,
                OutboundSms.submitted_at.is_not(None),
                OutboundSms.sent_at.is_not(None),
            )
            .order_by(OutboundSms.submitted_at.desc())
            .limit(1)
        )
        if at is not None:
            found[road] = at
    return found


def _failed_since(session: Session, since: datetime) -> int:
    return (
        session.scalar(
            select(func.count()).where(
                OutboundSms.state == OutState.FAILED, OutboundSms.submitted_at >= since
            )
        )
        or 0
    )
