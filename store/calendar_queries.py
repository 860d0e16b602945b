"""The rules of everybody's time, loaded in sets: assignments, patterns, calendars, rosters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import fields, replace
from datetime import date, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.patterns import STUDY, PatternVersion, ShiftHours, Span, WorkPattern, read_spans
from domain.work_calendar import (
    CalendarEntry,
    CalendarKind,
    DayPlan,
    DaySettings,
    RulesOn,
    UnitCalendar,
    WorkRules,
    plan_days,
)
from store import calendars
from store.people import Assignment, Employee, Unit
from store.sets import one_of

ONE_DAY = timedelta(days=1)
SETTING_NAMES = frozenset(field.name for field in fields(DaySettings))


class Person(NamedTuple):
    """An employee as far as their time is concerned."""

    id: int
    name: str
    in_service_from: date
    in_service_to: date | None


class Posting(NamedTuple):
    """Where somebody works, and to whose post they report, from a day on."""

    unit_id: int
    reports_to_id: int | None
    first_day: date
    last_day: date | None


class RuleBook:
    """What rules the time of some employees in a span of dates; ten queries for any number."""

    def __init__(self, session: Session, employee_ids: Sequence[int], first: date, last: date):
        self.first, self.last = first - 2 * ONE_DAY, last + 2 * ONE_DAY
        self._session = session
        self.units = {unit.id: unit for unit in session.scalars(select(Unit))}
        self._load_people(employee_ids)
        self._load_patterns(employee_ids)
        self._load_calendar()
        self._load_shifts(employee_ids)
        self._load_settings()
        self._rules: dict[tuple[object, ...], WorkRules] = {}
        self._known_rules: dict[tuple[int, int | None, date], WorkRules] = {}
        self._known_numbers: dict[tuple[int, date], dict[str, int | time]] = {}
        self._known_patterns: dict[tuple[int, date], int | None] = {}
        self._calendars: dict[int, UnitCalendar] = {}

    # --- loading -----------------------------------------------------------------------------

    def _load_people(self, employee_ids: Sequence[int]) -> None:
        self.employees: dict[int, Person] = {}
        self.assignments: dict[int, list[Posting]] = defaultdict(list)
        for person in self._session.execute(
            select(
                Employee.id, Employee.name, Employee.in_service_from, Employee.in_service_to
            ).where(one_of(self._session, Employee.id, employee_ids))
        ):
            self.employees[person.id] = Person(*person)
        for employee_id, unit_id, reports_to_id, begins, ends in self._session.execute(
            select(
                Assignment.employee_id, Assignment.unit_id, Assignment.reports_to_id,
                Assignment.first_day, Assignment.last_day,
            ).where(
                one_of(self._session, Assignment.employee_id, employee_ids),
                Assignment.first_day <= self.last,
                or_(Assignment.last_day.is_(None), Assignment.last_day >= self.first),
            )
        ):  # fmt: skip
            self.assignments[employee_id].append(Posting(unit_id, reports_to_id, begins, ends))

    def _load_patterns(self, employee_ids: Sequence[int]) -> None:
        versions: dict[int, list[PatternVersion]] = defaultdict(list)
        for row in self._session.scalars(select(calendars.WorkPatternVersion)):
            versions[row.pattern_id].append(
                PatternVersion(row.first_day, read_spans(row.spans), row.source, row.in_ramadan)
            )
        self._patterns = {
            row.id: WorkPattern(row.code, tuple(versions[row.id]), row.is_shift)
            for row in self._session.scalars(select(calendars.WorkPatternRow))
        }
        of = calendars.PatternAssignment
        self._unit_patterns: dict[int, list[calendars.PatternAssignment]] = defaultdict(list)
        self._own_patterns: dict[int, list[calendars.PatternAssignment]] = defaultdict(list)
        for given in self._session.scalars(select(of).where(of.unit_id.is_not(None))):
            self._unit_patterns[given.unit_id or 0].append(given)
        for given in self._session.scalars(
            select(of).where(one_of(self._session, of.employee_id, employee_ids))
        ):
            self._own_patterns[given.employee_id or 0].append(given)

    def _load_calendar(self) -> None:
        entry = calendars.CalendarEntry
        self._entries: dict[int, list[CalendarEntry]] = defaultdict(list)
        for row in self._session.scalars(
            select(entry).where(entry.first_day <= self.last, entry.last_day >= self.first)
        ):
            windows = tuple(
                Span(time.fromisoformat(starts), time.fromisoformat(ends))
                for starts, ends in row.windows or ()
            )
            self._entries[row.unit_id].append(
                CalendarEntry(
                    CalendarKind(row.kind.value),
                    row.first_day,
                    row.last_day,
                    row.name,
                    row.source,
                    row.weekdays,
                    windows,
                )
            )

    def _load_shifts(self, employee_ids: Sequence[int]) -> None:
        self._shifts: dict[int, list[ShiftHours]] = defaultdict(list)
        for kind in self._session.scalars(select(calendars.ShiftKind)):
            span = Span(kind.starts, kind.ends)
            self._shifts[kind.unit_id].append(ShiftHours(kind.letter, span, kind.first_day))
        roster = calendars.RosterDay
        self.rosters: dict[int, dict[date, str]] = defaultdict(dict)
        for employee_id, day, letter in self._session.execute(
            select(roster.employee_id, roster.day, roster.letter).where(
                one_of(self._session, roster.employee_id, employee_ids),
                roster.day.between(self.first, self.last),
            )
        ):
            self.rosters[employee_id][day] = letter

    def _load_settings(self) -> None:
        self._settings = [
            row
            for row in self._session.scalars(
                select(calendars.Setting).order_by(calendars.Setting.first_day)
            )
            if row.name in SETTING_NAMES
        ]

    # --- asking ------------------------------------------------------------------------------

    def unit_on(self, employee_id: int, day: date) -> Unit | None:
        """Where the person works on that date."""
        assignment = self.assignment_on(employee_id, day)
        return self.units[assignment.unit_id] if assignment else None

    def assignment_on(self, employee_id: int, day: date) -> Posting | None:
        """A person's assignment on that date; the latest begun wins."""
        holding = [
            row
            for row in self.assignments.get(employee_id, ())
            if row.first_day <= day and (row.last_day is None or row.last_day >= day)
        ]
        return max(holding, key=lambda row: row.first_day, default=None)

    def steady(self, employee_id: int) -> Hashable:
        """What rules this person's time on all dates of the book, equal for people ruled alike.

        None when it changes in between, or when a roster makes it theirs alone.
        """
        person, postings = self.employees.get(employee_id), self.assignments.get(employee_id, ())
        own = self._own_patterns.get(employee_id, ())
        held = [*postings, *own]
        if (
            person is None
            or len(postings) != 1
            or len(own) > 1
            or employee_id in self.rosters
            or not self._spans_all(person.in_service_from, person.in_service_to)
            or not all(self._spans_all(row.first_day, row.last_day) for row in held)
        ):
            return None
        return postings[0].unit_id, own[0].pattern_id if own else None

    def _spans_all(self, first: date, last: date | None) -> bool:
        return first <= self.first and (last is None or last >= self.last)

    def rules_of(self, employee_id: int) -> RulesOn:
        """The rules of one person by date; None while not in service."""

        def rules_on(day: date) -> WorkRules | None:
            person = self.employees.get(employee_id)
            unit = self.unit_on(employee_id, day)
            if person is None or unit is None or person.in_service_from > day:
                return None
            if person.in_service_to is not None and person.in_service_to < day:
                return None
            return self._shared(unit, self._pattern_id(employee_id, unit, day), day)

        return rules_on

    def plan(self, employee_id: int, day: date) -> DayPlan:
        """What is expected of one person on one date."""
        roster = self.rosters.get(employee_id, {})
        return plan_days(day, day, self.rules_of(employee_id), roster)[0]

    def _pattern_id(self, employee_id: int, unit: Unit, day: date) -> int | None:
        own = _holding(self._own_patterns.get(employee_id, ()), day)
        if own is not None:
            return own
        key = (unit.id, day)
        if key not in self._known_patterns:
            self._known_patterns[key] = self._pattern_of_unit(unit, day)
        return self._known_patterns[key]

    def _pattern_of_unit(self, unit: Unit, day: date) -> int | None:
        for unit_id in reversed(_path(unit)):
            given = _holding(self._unit_patterns.get(unit_id, ()), day)
            if given is not None:
                return given
        return None

    def _shared(self, unit: Unit, pattern_id: int | None, day: date) -> WorkRules:
        """One object for everybody to whom the same holds, so that plans are made once."""
        known = self._known_rules.get((unit.id, pattern_id, day))
        if known is None:
            known = self._known_rules[unit.id, pattern_id, day] = self._made(unit, pattern_id, day)
        return known

    def _made(self, unit: Unit, pattern_id: int | None, day: date) -> WorkRules:
        numbers = self._numbers(unit, day)
        key = (unit.id, pattern_id, tuple(sorted(numbers.items())))
        rules = self._rules.get(key)
        if rules is None:
            pattern = self._patterns.get(pattern_id) if pattern_id is not None else None
            rules = self._rules[key] = WorkRules(
                ZoneInfo(unit.time_zone),
                pattern,
                self._calendar(unit),
                tuple(hours for unit_id in _path(unit) for hours in self._shifts.get(unit_id, ())),
                replace(DaySettings(), **numbers),  # type: ignore[arg-type]  # minutes by name
                on_study=pattern is not None and pattern.code == STUDY.code,
            )
        return rules

    def _numbers(self, unit: Unit, day: date) -> dict[str, int | time]:
        key = (unit.id, day)
        if key not in self._known_numbers:
            self._known_numbers[key] = self._find_numbers(unit, day)
        return self._known_numbers[key]

    def _find_numbers(self, unit: Unit, day: date) -> dict[str, int | time]:
        """The newest value in force of the nearest unit that has one: later rows win."""
        near = {unit_id: depth for depth, unit_id in enumerate(_path(unit), 1)}
        here = [
            row
            for row in self._settings
            if row.first_day <= day and (row.unit_id is None or row.unit_id in near)
        ]
        here.sort(key=lambda row: (near.get(row.unit_id or 0, 0), row.first_day))
        return {row.name: _number(row.name, row.value["value"]) for row in here}

    def _calendar(self, unit: Unit) -> UnitCalendar:
        found = self._calendars.get(unit.id)
        if found is None:
            entries = (entry for unit_id in _path(unit) for entry in self._entries.get(unit_id, ()))
            found = self._calendars[unit.id] = UnitCalendar(entries)
        return found


def _number(name: str, value: object) -> int | time:
    """A setting's value as the rules take it: minutes, or a clock time '12:00'."""
    if isinstance(getattr(DaySettings(), name), time):
        return time.fromisoformat(str(value))
    return int(str(value))


def settings_of(session: Session, unit: Unit, day: date, names: Collection[str]) -> dict[str, int]:
    """The numbers set under these names for a unit on a day: its own win over those above it."""
    depth = {unit_id: place for place, unit_id in enumerate(_path(unit), 1)}
    rows = session.scalars(
        select(calendars.Setting)
        .where(calendars.Setting.name.in_(names), calendars.Setting.first_day <= day)
        .order_by(calendars.Setting.first_day)
    ).all()
    holding = [row for row in rows if row.unit_id is None or row.unit_id in depth]
    holding.sort(key=lambda row: depth.get(row.unit_id or 0, 0))
    return {row.name: int(row.value["value"]) for row in holding}


def _path(unit: Unit) -> list[int]:
    return [int(part) for part in unit.path.split("/") if part]


def _holding(rows: Sequence[calendars.PatternAssignment], day: date) -> int | None:
    holding = [row for row in rows if row.first_day <= day and (row.last_day or date.max) >= day]
    return max(holding, key=lambda row: row.first_day).pattern_id if holding else None


def house_setting(session: Session, name: str, day: date) -> dict[str, Any] | None:
    """A setting of the whole house as it stands on a day."""
    value: dict[str, Any] | None = session.scalar(
        select(calendars.Setting.value)
        .where(
            calendars.Setting.name == name,
            calendars.Setting.unit_id.is_(None),
            calendars.Setting.first_day <= day,
        )
        .order_by(calendars.Setting.first_day.desc())
        .limit(1)
    )
    return value
