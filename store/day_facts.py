"""Facts about many days at once: punches, cases, words given, terminals and what they proved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from domain.cases import CaseStatus
from domain.day_facts import (
    CaseFact,
    Correction,
    DayFacts,
    PunchFact,
    TerminalFact,
    half_on,
)
from domain.work_calendar import DayPlan
from store.calendar_queries import RuleBook
from store.cases import Case
from store.punches import Punch, Terminal, TerminalId
from store.terminal_care import ClockCorrection
from store.terminal_proof import TerminalProof
from store.terminal_traffic import TerminalTraffic
from store.words import WordBook

ONE_DAY = timedelta(days=1)
CORRECTED = "corrected"  # the mark of a scan whose instant people have corrected
NO_FACT = (CaseStatus.REFUSED, CaseStatus.POSTPONED, CaseStatus.WITHDRAWN)

Key = tuple[int, date]


class FactBook:
    """Facts for a set of (employee, date) pairs; about twenty queries for any number of them."""

    def __init__(self, session: Session, keys: Sequence[Key]):
        self._session = session
        self._people = sorted({employee_id for employee_id, _ in keys})
        days = {day for _, day in keys}
        self._days = sorted({day + n * ONE_DAY for day in days for n in (-1, 0, 1)})
        self._first, self._last = self._days[0], self._days[-1]
        self.rules = RuleBook(session, self._people, self._first, self._last)
        self._load_terminals()
        self._load_punches()
        self._load_cases()
        self._words = WordBook(
            session, self.rules.employees, self._zones(), self._first, self._last
        )

    def _zones(self) -> dict[int, ZoneInfo]:
        """Where each person works around these dates; near enough for whose day a word is."""
        return {
            employee_id: ZoneInfo(self.rules.units[rows[-1].unit_id].time_zone)
            for employee_id, rows in self.rules.assignments.items()
            if rows
        }

    def facts(self, employee_id: int, day: date) -> DayFacts:
        """Everything known about one person's date."""
        plan = self.rules.plan(employee_id, day)
        near = (day - ONE_DAY, day, day + ONE_DAY)
        return DayFacts(
            employee_id,
            plan,
            tuple(p for d in near for p in self._punches.get((employee_id, d), ())),
            tuple(self._cases_on(employee_id, day)),
            tuple(self._terminals_for(employee_id, day, plan)),
            self._words.drafts(employee_id, day),
            self._words.messages(employee_id, day),
        )

    # --- punches -----------------------------------------------------------------------------

    def _load_punches(self) -> None:
        self._punches: dict[Key, list[PunchFact]] = defaultdict(list)
        of_the_days = Punch.local_date.in_(self._days)
        # a corrected scan may stand under a date that a wrong clock wrote
        begins = datetime.combine(self._first - ONE_DAY, time(), tzinfo=UTC)
        ends = datetime.combine(self._last + 2 * ONE_DAY, time(), tzinfo=UTC)
        moved_here = and_(Punch.doubtful == CORRECTED, Punch.at.between(begins, ends))
        corrected = self._session.scalars(select(ClockCorrection.terminal_id).distinct()).all()
        where = [of_the_days & Punch.doubtful.is_distinct_from(CORRECTED)]
        if corrected:  # few terminals ever are
            where.append(moved_here & Punch.terminal_id.in_(corrected))
        for people in _parts(self._people):
            for condition in where:
                rows = self._session.execute(
                    select(
                        Punch.employee_id, Punch.local_date, Punch.at, Punch.terminal_id,
                        Punch.local, Punch.source, Punch.punch, Punch.doubtful,
                    ).where(Punch.employee_id.in_(people), condition)
                )  # fmt: skip
                for employee_id, day, at, terminal_id, local, source, key, doubtful in rows:
                    terminal = self._terminals[terminal_id]
                    if doubtful == CORRECTED:
                        day, doubtful = (
                            at.astimezone(ZoneInfo(terminal.unit.time_zone)).date(),
                            None,
                        )
                    self._punches[employee_id or 0, day].append(
                        PunchFact(at, terminal_id, terminal.name, local, source, key, doubtful)
                    )

    # --- cases -------------------------------------------------------------------------------

    def _load_cases(self) -> None:
        self._cases: dict[int, list[Case]] = defaultdict(list)
        for people in _parts(self._people):
            for case in self._session.scalars(
                select(Case).where(
                    Case.employee_id.in_(people),
                    Case.status.not_in(NO_FACT),
                    Case.start_date <= self._last,
                    or_(Case.end_date.is_(None), Case.end_date >= self._first),
                )
            ):
                self._cases[case.employee_id].append(case)

    def _cases_on(self, employee_id: int, day: date) -> Iterable[CaseFact]:
        for case in self._cases.get(employee_id, ()):
            half = half_on(day, case.start_date, case.start_half, case.end_date, case.end_half)
            if half is not None:
                yield CaseFact(
                    case.id,
                    case.kind,
                    case.status,
                    half,
                    case.waiting_for,
                    case.time_from,
                    case.time_to,
                    case.provisional,
                    Correction(case.correction) if case.correction else None,
                )

    # --- terminals ---------------------------------------------------------------------------

    def _load_terminals(self) -> None:
        query = select(Terminal).options(joinedload(Terminal.unit))
        rows = list(self._session.scalars(query))
        self._terminals = {terminal.id: terminal for terminal in rows}
        self._of_unit: dict[int, list[Terminal]] = defaultdict(list)
        for terminal in rows:
            self._of_unit[terminal.unit_id].append(terminal)
        self._ids: dict[int, list[TerminalId]] = defaultdict(list)
        for people in _parts(self._people):
            for mapped in self._session.scalars(
                select(TerminalId).where(TerminalId.employee_id.in_(people))
            ):
                self._ids[mapped.employee_id].append(mapped)
        self._proof = TerminalProof(
            self._session,
            [self._terminals[terminal_id] for terminal_id in self._concerned()],
            self._first,
            self._last,
        )
        self._traffic = TerminalTraffic(self._session, self._concerned(), self._days)

    def _concerned(self) -> list[int]:
        units = {row.unit_id for rows in self.rules.assignments.values() for row in rows}
        mapped = {row.terminal_id for rows in self._ids.values() for row in rows}
        return sorted(mapped | {t.id for unit_id in units for t in self._of_unit[unit_id]})

    def _terminals_for(self, employee_id: int, day: date, plan: DayPlan) -> Iterable[TerminalFact]:
        unit = self.rules.unit_on(employee_id, day)
        mapped = {
            row.terminal_id
            for row in self._ids.get(employee_id, ())
            if row.first_day <= day and (row.last_day is None or row.last_day >= day)
        }
        here = {t.id for t in self._of_unit.get(unit.id, ())} if unit else set()
        for terminal_id in sorted(mapped | here):
            terminal = self._terminals[terminal_id]
            if not _in_use(terminal, plan):
                continue
            read_to = self._proof.complete_up_to(terminal, plan)
            yield TerminalFact(
                terminal_id,
                terminal.name,
                terminal_id in mapped,
                _as_far_as_it_matters(read_to, terminal, plan),
                clock_known=self._proof.is_clock_known(terminal, plan),
                unresolved=self._traffic.unresolved(terminal_id, plan),
                traffic_low=self._traffic.is_nearly_silent(terminal_id, plan, read_to),
                outage=self._proof.is_declared_out(terminal, day),
            )


def _as_far_as_it_matters(
    complete: datetime | None, terminal: Terminal, plan: DayPlan
) -> datetime | None:
    """Read up to the window's end is all a day asks: what is read later must not change it.

    A terminal that was retired in the window and read up to then has told all it ever will.
    """
    if complete is None:
        return None
    if terminal.retired_at is not None and complete >= terminal.retired_at:
        return plan.window_to
    return min(complete, plan.window_to)


def _in_use(terminal: Terminal, plan: DayPlan) -> bool:
    """A terminal that was retired before the day's window, or came after it, proves nothing."""
    retired = terminal.retired_at
    return terminal.registered_at < plan.window_to and (
        retired is None or retired > plan.window_from
    )


def _parts(ids: Sequence[int], size: int = 5_000) -> list[Sequence[int]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
