"""Attendance days: derived from facts, in sets, again whenever a fact or the clock touches them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from domain.days import WAITING, Day, derive
from domain.notices import look_at, tell_at
from domain.work_calendar import DayKind, DayPlan
from store import day_queries, day_writing, schedule_queries, staff
from store.calendar_queries import RuleBook
from store.day_facts import FactBook
from store.day_queries import Claim
from store.day_writing import DayRow, RowMaker
from store.days import Key
from store.db import Database, Transaction

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=3)
FIRST, BATCH = 2_500, 10_000
"""Days in a batch. The first is small, so that the database soon has something to keep."""
WRITERS = 2  # PostgreSQL claims while it keeps; on SQLite they take turns
LOOK_AGAIN = timedelta(hours=1)
"""At days that wait: every fact marks its days, this finds what some door forgot to mark."""
NEW_DAYS = "new_days"
HOME_ZONE = ZoneInfo("Asia/Makassar")

Clock = Callable[[], datetime]


def derive_dirty(db: Database, clock: Clock, limit: int = 100_000) -> int:
    """Derive every dirty day; returns how many. Two at once, or a kill in between, do no harm.

    While a batch is derived here, other threads keep the one before and claim the one after.
    """
    done = 0
    with _without_collecting(), ThreadPoolExecutor(WRITERS, "days") as writers:

        def claim_more() -> Future[Claim]:
            wanted = min(FIRST + done, BATCH, limit - done)
            return writers.submit(_claim, db, clock(), wanted)

        kept: list[Future[None]] = []
        claimed = claim_more().result()
        while claimed.keys:
            done += len(claimed.keys)
            coming = claim_more() if claimed.is_full else None
            derived = _derive(db, claimed.keys, claimed.at)
            kept.append(writers.submit(_keep, db, claimed, derived))
            if coming is None:  # what was marked again meanwhile is free once all is kept
                wait(kept)
                coming = claim_more()
            claimed = coming.result()
    for each in kept:
        each.result()
    return done


def _claim(db: Database, now: datetime, limit: int) -> Claim:
    with db.begin() as tx:
        return day_queries.claim(tx, now, now + LEASE, limit)


def _keep(db: Database, claimed: Claim, derived: _Derived) -> None:
    with db.begin() as tx:
        if derived.write(tx, day_queries.still_held(tx, claimed)):
            tx.ring("raise_notices")
        day_queries.finish(tx, claimed)


def merge(
    db: Database,
    clock: Clock,
    first: date,
    last: date,
    unit_code: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Derive what a span lacks and what is dirty or due; returns how many days."""
    now = clock()
    with db.begin() as tx:
        people = staff.people_between(tx, first, last, unit_code)
        day_queries.mark_due_looks(tx, now)
        day_queries.mark_lacking(tx, people, now)
        waiting = day_queries.count_dirty(tx, now)
    done = 0
    while part := derive_dirty(db, clock, 5 * BATCH):
        done += part
        progress(done, max(done, waiting))
    return done


def rebuild(
    db: Database,
    as_of: datetime,
    first: date,
    last: date,
    unit_code: str | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> int:
    """Derive every day of a span anew at `as_of`, whatever stands there; returns how many."""
    with db.read() as session:
        people = staff.people_between(session, first, last, unit_code)
    keys = [
        (employee_id, begins + timedelta(days=n))
        for employee_id, begins, ends in people
        for n in range((ends - begins).days + 1)
    ]
    with db.read() as session:
        keys += day_queries.strays(session, set(keys), first, last, unit_code)
    keys.sort()
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        with _without_collecting():
            derived = _derive(db, part, as_of)
        with db.begin() as tx:
            derived.write(tx, part)
        progress(min(start + BATCH, len(keys)), len(keys))
    return len(keys)


@dataclass
class _Derived:
    """What some days turned out to be: rows to keep, and keys on which nobody was in service."""

    rows: dict[Key, DayRow] = field(default_factory=dict)
    gone: list[Key] = field(default_factory=list)

    def write(self, tx: Transaction, held: Sequence[Key]) -> int:
        """Store the days that are still ours to store; returns how many changed."""
        if len(held) < len(self.rows) + len(self.gone):
            ours = set(held)
            self.rows = {key: row for key, row in self.rows.items() if key in ours}
            self.gone = [key for key in self.gone if key in ours]
        return day_writing.write_days(tx, list(self.rows.values())) + day_writing.drop_days(
            tx, self.gone
        )


def _derive(db: Database, keys: Sequence[Key], as_of: datetime) -> _Derived:
    derived, rows = _Derived(), RowMaker(db, as_of)
    with db.read() as session:
        book = FactBook(session, keys)
    for key in sorted(keys, key=itemgetter(1, 0)):
        frame = book.frame(*key)
        if frame.unit_id is None or frame.plan.kind is DayKind.NOT_IN_SERVICE:
            derived.gone.append(key)
            continue
        day = derive(book.facts_within(frame, key[0]), as_of)
        derived.rows[key] = rows.row(
            day,
            frame.unit_id,
            next_look_at=next_look(day, frame.plan, as_of),
            notices_at=look_at(day, frame.plan, as_of),
        )
    return derived


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Python's search for cycles, put off: a batch makes hundreds of thousands of small things and
    no cycle, and to look through them again and again took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def next_look(day: Day, plan: DayPlan, as_of: datetime) -> datetime | None:
    """When time alone may change this day: its cut-off, its close, another look at what waits."""
    if day.final:
        return None
    moments = [plan.cutoff, plan.ends, plan.closes_at, tell_at(plan)]
    coming = [moment for moment in moments if moment is not None and moment > as_of]
    return min([*coming, as_of + LOOK_AGAIN]) if _is_waiting(day, plan, as_of) else min(coming)


def _is_waiting(day: Day, plan: DayPlan, as_of: datetime) -> bool:
    """Whether anything but the clock may settle the day; always so once it has closed."""
    if as_of >= tell_at(plan):
        return True
    return day.status in WAITING and plan.cutoff is not None and as_of >= plan.cutoff


def mark_passing_time(db: Database, now: datetime) -> int:
    """Days that begin, and days whose cut-off or close has come, are to be derived.

    Catches up after an outage of any length: what matters is what is missing, not what was missed.
    """
    with db.begin() as tx:
        marked = day_queries.mark_due_looks(tx, now)
        for day in _days_begun(tx, now):
            marked += day_queries.mark_missing(tx, day, now)
        return marked


def _days_begun(tx: Any, now: datetime) -> Iterator[date]:
    """Dates since the last time, the newest included; each once an hour at most."""
    today = (now.astimezone(HOME_ZONE) + timedelta(hours=1)).date()  # Papua is an hour ahead
    install = schedule_queries.installation(tx)
    first = install.first_day if install else today
    slot = now.strftime("%Y-%m-%dT%H")
    last_done = schedule_queries.slot_of(tx, NEW_DAYS)
    if not schedule_queries.take_slot(tx, NEW_DAYS, slot, now):
        return
    since = date.fromisoformat(last_done[:10]) - timedelta(days=1) if last_done else first
    day = max(first, since)
    while day <= today:
        yield day
        day += timedelta(days=1)


WORD_SPAN = timedelta(days=92)


def mark_words(
    tx: Transaction, now: datetime, employee_id: int, spans: Iterable[tuple[date, date]]
) -> None:
    """Somebody's words were said, answered or read: the dates they may be about, up to today."""
    today = now.astimezone(staff.zone_of(tx, employee_id, now.date())).date()
    days = {
        first + timedelta(days=n)
        for first, last in spans
        for n in range((min(last, today) - first).days + 1)
        if n <= WORD_SPAN.days
    }
    day_queries.mark_dirty(tx, [(employee_id, day) for day in days], "word", now)


def plan_of(db: Database, employee_id: int, day: date) -> DayPlan:
    """What one date asks of one person, for a page."""
    with db.read() as session:
        return RuleBook(session, [employee_id], day, day).plan(employee_id, day)
