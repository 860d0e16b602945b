"""What a terminal's own figures say about it (keadaan mesin): pure rules of numbers and clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

CLOCK_OFF_S = 120
"""A clock further off makes a scan's instant uncertain."""

HABIT_LEAST = 4  # below so many scans in half a day there is no habit to speak of
HABIT_SHARE = 0.25  # below this share of its habit a terminal is nearly silent


def is_clock_off(offset_s: int | None) -> bool:
    """Whether a clock is wrong beyond what a scan may bear; one nobody measured is not known."""
    return offset_s is not None and abs(offset_s) > CLOCK_OFF_S


def is_nearly_silent(scans: int, same_weekdays: Sequence[int]) -> bool:
    """Far fewer scans than on the same weekday of the last weeks: a dead sensor looks like that.

    Weeks without any scan were holidays and are no habit; two are needed to speak of one.
    """
    worked = [count for count in same_weekdays if count]
    if len(worked) < 2:
        return False
    habit = sum(worked) / len(worked)
    return habit >= HABIT_LEAST and scans < HABIT_SHARE * habit


class Fault(StrEnum):
    """What a ticket is about (gangguan mesin)."""

    SILENT = "silent"
    UNREADABLE = "unreadable"  # it answers, and what it gives cannot be taken
    CLOCK = "clock"
    NEARLY_FULL = "nearly_full"
    COUNT_FELL = "count_fell"  # fewer or other records than held, and nobody has said why
    TWO_ADDRESSES = "two_addresses"
    DEAD_SENSOR = "dead_sensor"
    REPORTED = "reported"  # by a person; only a person closes it
    AWAITING_DATA = "awaiting_data"  # days of a unit that wait for data for too long


SEEN_BY_RULE = frozenset(Fault) - {Fault.REPORTED, Fault.AWAITING_DATA}
"""Faults of one terminal that come and go by themselves."""

SILENT_AFTER = timedelta(hours=2)
WORK_BEGINS, WORK_ENDS = time(7), time(17)
FAILURES = 3  # in a row; one bad read is the line's
NEARLY_FULL = 0.8
TWO_ADDRESSES_STAY = timedelta(hours=24)

_NOBODY_ANSWERS = frozenset({"unreachable", "silent", "closed", "deadline"})
"""Problems of a call that say nothing about the terminal but that it is not there."""


@dataclass(frozen=True, slots=True)
class Health:
    """A terminal as its row and newest contacts show it: offset in seconds, `zone` of its site."""

    registered_at: datetime
    last_contact_at: datetime | None
    zone: tzinfo
    failures: int = 0
    problem: str | None = None  # code of the newest contact
    clock_offset: int | None = None
    records: int | None = None
    capacity: int | None = None
    is_broken_off: bool = False  # a read did not continue the one before; not confirmed
    two_addresses_at: datetime | None = None
    scans: int = 0  # on the last whole working day
    same_weekdays: tuple[int, ...] = ()


def faults_of(health: Health, now: datetime) -> dict[Fault, dict[str, object]]:
    """What is wrong with a terminal, each with the figures that show it."""
    found: dict[Fault, dict[str, object]] = {}
    since = health.last_contact_at or health.registered_at
    if _is_working_time(now.astimezone(health.zone)) and now - since > SILENT_AFTER:
        found[Fault.SILENT] = {"since": since.isoformat()}
    if health.failures >= FAILURES and health.problem not in _NOBODY_ANSWERS:
        found[Fault.UNREADABLE] = {"problem": health.problem, "times": health.failures}
    if is_clock_off(health.clock_offset) or health.problem == "clock_unknown":
        found[Fault.CLOCK] = {"seconds": health.clock_offset}
    if health.records and health.capacity and health.records >= NEARLY_FULL * health.capacity:
        found[Fault.NEARLY_FULL] = {"percent": 100 * health.records // health.capacity}
    if health.is_broken_off or health.problem == "count_fell":
        found[Fault.COUNT_FELL] = {"records": health.records}
    if health.two_addresses_at and now - health.two_addresses_at < TWO_ADDRESSES_STAY:
        found[Fault.TWO_ADDRESSES] = {"at": health.two_addresses_at.isoformat()}
    if is_nearly_silent(health.scans, health.same_weekdays):
        found[Fault.DEAD_SENSOR] = {"scans": health.scans, "habit": max(health.same_weekdays)}
    return found


def _is_working_time(local: datetime) -> bool:
    return local.weekday() < 5 and WORK_BEGINS <= local.time() < WORK_ENDS


def last_working_day(local: datetime) -> date:
    """The newest weekday that is over, as far as scans go: today from the end of work on."""
    day = local.date() if local.time() >= WORK_ENDS else local.date() - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def working_days_before(day: date, count: int) -> date:
    """The weekday that lies `count` weekdays before `day`."""
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day
