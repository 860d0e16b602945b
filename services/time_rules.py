"""What BKD decides of everybody's time: calendars, patterns and stages, each from a day on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from domain.access import Viewer
from domain.people import Stage
from domain.roster.succession import Wanted, succeed
from services.calendars import seed_holidays
from services.pins import mark_days
from store import day_queries, notice_queries, roster_queries, seed_queries, staff
from store.calendars import CalendarEntry, CalendarKind, PatternAssignment
from store.db import Database, Transaction
from store.log import record
from store.people import Unit, UnitStage

HOME_ZONE = ZoneInfo("Asia/Makassar")
LONGEST_ENTRY = 400  # days; more is a slip of the year


class RuleProblem(Exception):
    """Why a rule of time cannot be so, as a code for the panel's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class NewEntry:
    """A calendar entry as typed; `weekdays` ISO digits, `windows` '06:30-07:30, 11:00-13:00'."""

    kind: CalendarKind
    first_day: date
    last_day: date
    unit_id: int
    name: str
    source: str
    weekdays: str = ""
    windows: str = ""


def add_entry(db: Database, now: datetime, viewer: Viewer, new: NewEntry) -> None:
    """A date or span gets a meaning for a unit and all below it (isi kalender).

    Days that have begun are derived again. Raises RuleProblem: dates, name, source, weekdays,
    windows, twin.
    """
    if not 0 <= (new.last_day - new.first_day).days <= LONGEST_ENTRY:
        raise RuleProblem("dates")
    if not new.name.strip():
        raise RuleProblem("name")
    if not new.source.strip():
        raise RuleProblem("source")
    if not re.fullmatch(r"[1-7]{0,7}", new.weekdays):
        raise RuleProblem("weekdays")
    windows = read_windows(new.windows)
    with db.begin() as tx:
        entry = CalendarEntry(
            kind=new.kind,
            first_day=new.first_day,
            last_day=new.last_day,
            unit_id=new.unit_id,
            name=new.name.strip()[:120],
            source=new.source.strip()[:120],
            weekdays=new.weekdays or None,
            windows=windows or None,
            known_at=now,
        )
        if seed_queries.twin_of(tx, entry) is not None:
            raise RuleProblem("twin")
        tx.add(entry)
        tx.flush()
        _touched(tx, now, new.unit_id, new.first_day, new.last_day)
        _log_entry(tx, now, viewer, entry, "calendar_added")


def read_windows(written: str) -> list[list[str]]:
    """'06.30-07.30, 11:00-13:00' -> [['06:30', '07:30'], ['11:00', '13:00']]."""
    windows = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", written))):
        try:
            starts, ends = (
                time.fromisoformat(clock.strip().replace(".", ":").zfill(5))
                for clock in part.split("-")
            )
        except ValueError:
            raise RuleProblem("windows") from None
        if ends <= starts:
            raise RuleProblem("windows")
        windows.append([f"{starts:%H:%M}", f"{ends:%H:%M}"])
    return windows


def remove_entry(db: Database, now: datetime, viewer: Viewer, entry_id: int, why: str) -> None:
    """An entry is taken out of the calendar; its days are derived again. Raises RuleProblem: why,
    gone."""
    if not why.strip():
        raise RuleProblem("why")
    with db.begin() as tx:
        entry = tx.get(CalendarEntry, entry_id)
        if entry is None:
            raise RuleProblem("gone")
        _touched(tx, now, entry.unit_id, entry.first_day, entry.last_day)
        _log_entry(tx, now, viewer, entry, "calendar_removed", why.strip())
        tx.delete(entry)


def seed_year(db: Database, now: datetime, viewer: Viewer, year: int) -> list[str]:
    """The holidays and collective leave known for a year; returns warnings for people."""
    warnings = seed_holidays(db, now, [year])
    with db.begin() as tx:
        for unit in seed_queries.top_units(tx):
            _touched(tx, now, unit.id, date(year, 1, 1), date(year, 12, 31))
        record(tx, now, viewer.actor, "calendar_seeded", "calendar", year)
    return warnings


def set_stage(
    db: Database, now: datetime, viewer: Viewer, unit_id: int, stage: Stage, first_day: date
) -> None:
    """How far a unit and all below it have joined from a day on (tahap: pantau, uji, berlaku)."""
    with db.begin() as tx:
        row = tx.get(UnitStage, (unit_id, first_day))
        if row is None:
            tx.add(UnitStage(unit_id=unit_id, first_day=first_day, stage=stage))
        else:
            row.stage = stage
        tx.flush()
        below = seed_queries.ids_below(tx, tx.get_one(Unit, unit_id).path)
        notice_queries.look_at_units(tx, below, first_day, now)
        data = {"stage": stage.value, "from": first_day.isoformat()}
        record(tx, now, viewer.actor, "stage", "unit", unit_id, unit_id=unit_id, data=data)


def give_pattern(
    db: Database,
    now: datetime,
    viewer: Viewer,
    code: str,
    first_day: date,
    unit_id: int | None = None,
    nip: str = "",
) -> None:
    """From a day on a unit, or one person, works by a pattern; '' gives it up again.

    The past keeps what held then. Raises RuleProblem: pattern, person.
    """
    with db.begin() as tx:
        patterns = roster_queries.patterns(tx)
        if code and code not in patterns:
            raise RuleProblem("pattern")
        person = staff.person_by_nip(tx, nip.replace(" ", "")) if nip else None
        if nip and person is None:
            raise RuleProblem("person")
        by_unit, by_person = roster_queries.pattern_holdings(tx, first_day)
        held = by_person.get(person.id, []) if person else by_unit.get(unit_id or 0, [])
        change = succeed(held, [Wanted(patterns[code])] if code else [], first_day)
        roster_queries.end(tx, PatternAssignment, [(row.id, last) for row, last in change.end])
        roster_queries.drop(tx, PatternAssignment, [row.id for row in change.drop])
        roster_queries.add(
            tx,
            PatternAssignment,
            [
                {
                    "unit_id": None if person else unit_id,
                    "employee_id": person.id if person else None,
                    "pattern_id": pattern_id,
                    "first_day": first,
                    "last_day": last,
                }
                for pattern_id, first, last in change.open
            ],
        )
        today = _today(now)
        if person is not None:
            mark_days(tx, [(person.id, day) for day in _days(first_day, today)], "pattern", now)
        elif unit_id is not None:
            _touched(tx, now, unit_id, first_day, today)
        data = {"pattern": code, "from": first_day.isoformat()}
        subject, subject_id = ("employee", person.id) if person else ("unit", unit_id or 0)
        record(
            tx,
            now,
            viewer.actor,
            "pattern",
            subject,
            subject_id,
            employee_id=person.id if person else None,
            unit_id=None if person else unit_id,
            data=data,
        )


def _touched(tx: Transaction, now: datetime, unit_id: int, first: date, last: date) -> None:
    """Days of a unit and all below it that have begun are to be derived again."""
    last = min(last, _today(now))
    if first <= last:
        below = seed_queries.ids_below(tx, tx.get_one(Unit, unit_id).path)
        day_queries.mark_unit_dirty(tx, below, first, last, "calendar", now)


def _today(now: datetime) -> date:
    return now.astimezone(HOME_ZONE).date()


def _days(first: date, last: date) -> list[date]:
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


def _log_entry(
    tx: Transaction,
    now: datetime,
    viewer: Viewer,
    entry: CalendarEntry,
    action: str,
    why: str = "",
) -> None:
    data = {
        "kind": entry.kind.value,
        "from": entry.first_day.isoformat(),
        "to": entry.last_day.isoformat(),
        "name": entry.name,
        "source": entry.source,
    }
    record(
        tx,
        now,
        viewer.actor,
        action,
        "calendar",
        entry.id,
        unit_id=entry.unit_id,
        why=why,
        data=data,
    )
