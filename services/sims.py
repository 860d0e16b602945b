"""SIM cards as roads (kartu SIM): which work, what they may still send today, who stands in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy.orm import Session

from domain.access import Actor
from domain.messages import Lane
from domain.pace import last_open_lane
from services import inbox
from store import outbox_queries, vitals
from store.db import Database, Transaction
from store.log import record as log_record
from store.messages import Sim
from store.outbox_queries import Reach

AWAY_AFTER = timedelta(minutes=5)
"""A card not seen for so long is away, and its messages may take another."""


PREFIX = "sim:"


def route_of(imsi: str) -> str:
    return PREFIX + imsi


def used_today(session: Session, sim: Sim, now: datetime) -> int:
    """Parts this card has sent since its own midnight."""
    local = now.astimezone(ZoneInfo(sim.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return outbox_queries.parts_since(session, route_of(sim.imsi), midnight)


def quota_left(session: Session, now: datetime, imsi: str) -> int:
    """Parts this card may still send today; 0 for a card nobody has seen."""
    sim = session.get(Sim, imsi)
    return 0 if sim is None else max(0, sim.daily_quota - used_today(session, sim, now))


def reach_of(session: Session, now: datetime, imsi: str) -> Reach | None:
    """What the modem with this card may send now; None when the card is used up for today.

    Messages for cards that are away, gone or used up go this way as well.
    """
    open_lanes = {
        sim.imsi: open_lane(session, sim, now)
        for sim in vitals.sims(session)
        if sim.imsi == imsi or _is_here(sim, now)
    }
    mine = open_lanes.get(imsi)
    if mine is None:
        return None
    working = tuple((route_of(each), lane) for each, lane in open_lanes.items() if lane is not None)
    return Reach(route_of(imsi), homeless_too=True, last_lane=mine, working=working)


def _is_here(sim: Sim, now: datetime) -> bool:
    return sim.last_seen_at is not None and now - sim.last_seen_at < AWAY_AFTER


def open_lane(session: Session, sim: Sim, now: datetime) -> Lane | None:
    """The last lane this card may still send in today; None when it is used up."""
    return last_open_lane(sim.daily_quota, sim.kept_for_answers, used_today(session, sim, now))


class BadLimits(Exception):
    """What was given cannot be a card's; the sentence says what would be."""


@dataclass(frozen=True)
class Limits:
    """What an office decides about a card: its number, carrier and how much it may send."""

    number: str | None = None
    carrier: str | None = None
    daily_quota: int | None = None
    kept_for_answers: int | None = None
    parts_per_minute: int | None = None
    time_zone: str | None = None


def set_limits(db: Database, now: datetime, actor: Actor, imsi: str, limits: Limits) -> None:
    """Change what is given, leave the rest; a card may be entered before it was ever seen.

    Raises BadLimits for what no card can be.
    """
    limits = _checked(imsi, limits)
    with db.begin() as tx:
        sim = tx.get(Sim, imsi) or _new(tx, imsi)
        changed = {name: value for name, value in vars(limits).items() if value is not None}
        for name, value in changed.items():
            setattr(sim, name, value)
        log_record(tx, now, actor, "sim_limits", "sim", imsi, data=changed)


def _checked(imsi: str, limits: Limits) -> Limits:
    if not (imsi.isdigit() and 14 <= len(imsi) <= 16):
        raise BadLimits(f"{imsi!r} is no IMSI: 15 digits; `flask sim list` shows the cards' own.")
    if limits.time_zone is not None and limits.time_zone not in available_timezones():
        raise BadLimits(f"There is no time zone {limits.time_zone!r}; give one as Asia/Makassar.")
    if limits.number is None:
        return limits
    number = inbox.as_number(limits.number)
    if number is None:
        raise BadLimits(f"{limits.number!r} is no phone number; give one as +628115550001.")
    return replace(limits, number=number)


def _new(tx: Transaction, imsi: str) -> Sim:
    sim = Sim(imsi=imsi)
    tx.add(sim)
    return sim
