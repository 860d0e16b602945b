"""When a terminal is called next (jadwal tarik): often when people come and go, else hourly."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from devices.errors import Trouble

BUSY_HOURS = (
    (time(6), time(9, 30)),
    (time(13, 30), time(17, 30)),
    (time(20), time(22)),  # hospitals change shifts
)
"""Local hours in which most units open, close or change shifts."""
OFTEN, SELDOM = timedelta(minutes=10), timedelta(hours=1)
NIGHT = (time(0, 30), time(5))
STALE_FULL_READ = timedelta(hours=36)  # a night was missed; catch up by day

FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(minutes=30)
FOR_PEOPLE = timedelta(hours=1)
NEEDS_PEOPLE = frozenset(
    {
        Trouble.COUNT_FELL,
        Trouble.LAYOUT,
        Trouble.OTHER_TERMINAL,
        Trouble.WRONG_COMM_KEY,
        Trouble.BAD_ADDRESS,
    }
)
"""Troubles that no retry mends: a person has to do something first."""


def after_success(
    terminal_id: int, now: datetime, zone: ZoneInfo, every: timedelta | None = None
) -> datetime:
    """The next call after a good one; never so late that the start of a busy time is slept over.

    `every` is a unit's own interval (setting), the same at all hours.
    """
    if every is not None:
        return now + _jittered(every, terminal_id, now)
    local = now.astimezone(zone)
    if _is_busy(local.time()):
        return now + _jittered(OFTEN, terminal_id, now)
    hour_later = now + _jittered(SELDOM, terminal_id, now)
    begins = [datetime.combine(_next_day(local, start), start, zone) for start, _ in BUSY_HOURS]
    return min([hour_later, *(start + _spread(terminal_id, OFTEN) for start in begins)])


def after_failure(terminal_id: int, now: datetime, failures: int, code: Trouble) -> datetime:
    """The next call after `failures` bad ones in a row: longer each time."""
    if code in NEEDS_PEOPLE:
        return now + _jittered(FOR_PEOPLE, terminal_id, now)
    wait = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY)
    return now + _jittered(wait, terminal_id, now)


def wants_full_read(last_full: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the whole memory is to be read: once a night, and when the last time is long ago."""
    if last_full is None or now - last_full > STALE_FULL_READ:
        return True
    local = now.astimezone(zone)
    tonight = datetime.combine(local.date(), NIGHT[0], zone)
    return NIGHT[0] <= local.time() < NIGHT[1] and last_full < tonight


def _is_busy(at: time) -> bool:
    return any(start <= at < end for start, end in BUSY_HOURS)


def _next_day(local: datetime, start: time) -> date:
    return local.date() if local.time() < start else local.date() + timedelta(days=1)


def _jittered(wait: timedelta, terminal_id: int, now: datetime) -> timedelta:
    """Up to a fifth shorter or longer, so that terminals spread instead of marching in step."""
    share = crc32(f"{terminal_id}:{now.isoformat()}".encode()) / 0xFFFFFFFF
    return wait * (0.8 + 0.4 * share)


def _spread(terminal_id: int, width: timedelta) -> timedelta:
    return width * (crc32(f"{terminal_id}".encode()) / 0xFFFFFFFF)
