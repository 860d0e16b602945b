"""A small world for the rules: one office, one hospital, their clocks, terminals and people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from domain.day_facts import CaseFact, Correction, DayFacts, PunchFact, TerminalFact
from domain.days import Day, derive
from domain.patterns import FIVE_DAYS, SHIFT, ShiftHours, Span, WorkPattern
from domain.work_calendar import (
    CalendarEntry,
    CalendarKind,
    DayPlan,
    DaySettings,
    UnitCalendar,
    WorkRules,
    expected,
)

WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))

BUDI = 7
TUESDAY = date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)

SHIFTS = (
    ShiftHours("P", Span(time(7), time(14))),
    ShiftHours("S", Span(time(14), time(21))),
    ShiftHours("M", Span(time(21), time(7))),
)

_case_ids = count(1)


def rules(
    pattern: WorkPattern | None = FIVE_DAYS,
    *entries: CalendarEntry,
    zone: ZoneInfo = WITA,
    settings: DaySettings | None = None,
    on_study: bool = False,
) -> WorkRules:
    calendar = UnitCalendar(entries)
    return WorkRules(zone, pattern, calendar, SHIFTS, settings or DaySettings(), on_study)


def entry(kind: CalendarKind, first: date, last: date | None = None, **more: Any) -> CalendarEntry:
    return CalendarEntry(kind, first, last or first, str(kind), "SE uji", **more)


def office(day: date = TUESDAY, *entries: CalendarEntry, **more: Any) -> DayPlan:
    """The plan of an office worker: 07.30-16.00 on a Tuesday in Samarinda."""
    here = rules(FIVE_DAYS, *entries, **more)
    return expected(day, lambda _: here)


def ward(day: date, roster: Mapping[date, str], **more: Any) -> DayPlan:
    """The plan of a nurse by roster."""
    here = rules(SHIFT, **more)
    return expected(day, lambda _: here, roster)


def at(day: date, clock: str, zone: ZoneInfo = WITA) -> datetime:
    """'07:20' or '07:20:31' local, as an instant in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def scan(
    day: date,
    clock: str,
    *,
    zone: ZoneInfo = WITA,
    terminal: int = 1,
    key: int = 0,
    source: str = "pull",
    doubtful: str | None = None,
) -> PunchFact:
    instant = at(day, clock, zone)
    local = instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return PunchFact(instant, terminal, f"Mesin {terminal}", local, source, key, doubtful)


def scans(day: date, *clocks: str, **more: Any) -> tuple[PunchFact, ...]:
    return tuple(scan(day, clock, **more) for clock in clocks)


def terminal(
    number: int = 1,
    *,
    up_to: datetime | None = datetime(2028, 1, 1, tzinfo=UTC),
    mapped: bool = True,
    **more: Any,
) -> TerminalFact:
    """A terminal that was read to the end long after the day, unless told otherwise."""
    return TerminalFact(number, f"Mesin {number}", mapped, up_to, **more)


def case(
    kind: CaseKind,
    status: CaseStatus = CaseStatus.CONFIRMED,
    half: HalfDay = HalfDay.FULL,
    *,
    begins: str | None = None,
    until: str | None = None,
    provisional: bool = False,
    correction: Correction | None = None,
) -> CaseFact:
    return CaseFact(
        case_id=next(_case_ids),
        kind=kind,
        status=status,
        half=half,
        waiting_for=WaitingFor.SUPERVISOR if status is CaseStatus.OPEN else None,
        time_from=time.fromisoformat(begins) if begins else None,
        time_to=time.fromisoformat(until) if until else None,
        provisional=provisional,
        correction=correction,
    )


def facts(
    plan: DayPlan,
    punches: Iterable[PunchFact] = (),
    cases: Iterable[CaseFact] = (),
    terminals: Iterable[TerminalFact] | None = None,
    drafts: tuple[int, ...] = (),
    messages: tuple[int, ...] = (),
) -> DayFacts:
    known = (terminal(),) if terminals is None else tuple(terminals)
    return DayFacts(BUDI, plan, tuple(punches), tuple(cases), known, drafts, messages)


def closed(plan: DayPlan) -> datetime:
    """Well after the day closed."""
    return plan.closes_at + timedelta(hours=10)


def day_of(plan: DayPlan, *punches: PunchFact, as_of: datetime | None = None, **more: Any) -> Day:
    """Derive Budi's day, by default long after it closed."""
    known = facts(plan, punches, **more)
    return derive(known, as_of or closed(plan))
