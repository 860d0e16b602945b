"""Frames of days (bingkai hari): what a date asks of people and what the terminals prove of it.

Most people of a unit share all of it, so it is found once for everybody to whom the same holds;
of each person only their own scans, cases and words are left to look at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from domain.day_facts import TerminalFact
from domain.work_calendar import DayPlan
from store.calendar_queries import RuleBook
from store.punches import Terminal, TerminalId
from store.sets import one_of
from store.terminal_proof import TerminalProof
from store.terminal_traffic import TerminalTraffic


class Frame(NamedTuple):
    """What a date is for one person, and for everybody like them."""

    unit_id: int | None  # None while nobody's
    plan: DayPlan
    terminals: tuple[TerminalFact, ...]


class _Mapped(NamedTuple):
    """A terminal that knows a person, from a day on."""

    terminal_id: int
    first_day: date
    last_day: date | None


class Frames:
    """The frames of some people around some sorted dates."""

    def __init__(self, session: Session, rules: RuleBook, days: Sequence[date]):
        self._rules = rules
        self._first, self._last = days[0], days[-1]
        self.terminals: dict[int, Terminal] = {}
        self._of_unit: dict[int, list[int]] = defaultdict(list)
        for terminal in session.scalars(select(Terminal).options(joinedload(Terminal.unit))):
            self.terminals[terminal.id] = terminal
            self._of_unit[terminal.unit_id].append(terminal.id)
        self._mapped: dict[int, list[_Mapped]] = defaultdict(list)
        for employee_id, terminal_id, begins, ends in session.execute(
            select(
                TerminalId.employee_id, TerminalId.terminal_id,
                TerminalId.first_day, TerminalId.last_day,
            ).where(one_of(session, TerminalId.employee_id, list(rules.employees)))
        ):  # fmt: skip
            self._mapped[employee_id].append(_Mapped(terminal_id, begins, ends))
        concerned = self._concerned()
        self._proof = TerminalProof(
            session, [self.terminals[each] for each in concerned], self._first, self._last
        )
        self._traffic = TerminalTraffic(session, concerned, days)
        self._shared: dict[Hashable, dict[date, Frame]] = defaultdict(dict)
        self._by_person: dict[int, dict[date, Frame]] = {}
        self._proven: dict[Hashable, TerminalFact | None] = {}

    def _concerned(self) -> list[int]:
        units = {row.unit_id for rows in self._rules.assignments.values() for row in rows}
        mapped = {row.terminal_id for rows in self._mapped.values() for row in rows}
        return sorted(mapped.union(*(self._of_unit.get(unit_id, ()) for unit_id in units)))

    def of(self, employee_id: int, day: date) -> Frame:
        """What `day` is for this person."""
        frames = self._by_person.get(employee_id)
        if frames is None:
            frames = self._by_person[employee_id] = self._shared[self._likeness(employee_id)]
        frame = frames.get(day)
        if frame is None:
            frame = frames[day] = self._make(employee_id, day)
        return frame

    def _likeness(self, employee_id: int) -> Hashable:
        """Equal for people to whom the same holds on all these dates; a person with a change in
        between, or a roster, is like nobody else."""
        ruled_by = self._rules.steady(employee_id)
        mapped = self._mapped.get(employee_id, [])
        is_steady = all(
            row.first_day <= self._first and (row.last_day is None or row.last_day >= self._last)
            for row in mapped
        )
        if ruled_by is None or not is_steady:
            return employee_id
        return ruled_by, frozenset(row.terminal_id for row in mapped)

    def _make(self, employee_id: int, day: date) -> Frame:
        plan = self._rules.plan(employee_id, day)
        unit = self._rules.unit_on(employee_id, day)
        mapped = {
            row.terminal_id
            for row in self._mapped.get(employee_id, ())
            if row.first_day <= day and (row.last_day is None or row.last_day >= day)
        }
        here = mapped.union(self._of_unit.get(unit.id, ())) if unit else mapped
        facts = (self._terminal(plan, each, each in mapped) for each in sorted(here))
        return Frame(
            unit.id if unit else None,
            plan,
            tuple(fact for fact in facts if fact is not None),
        )

    def _terminal(self, plan: DayPlan, terminal_id: int, is_mapped: bool) -> TerminalFact | None:
        """How a terminal stood in the window of a day; None when it was not in use then."""
        hours = (plan.day, plan.zone, plan.window_from, plan.window_to, plan.starts, plan.ends)
        key = (terminal_id, is_mapped, hours)
        if key not in self._proven:
            self._proven[key] = self._look_at(plan, self.terminals[terminal_id], is_mapped)
        return self._proven[key]

    def _look_at(self, plan: DayPlan, terminal: Terminal, is_mapped: bool) -> TerminalFact | None:
        if not _in_use(terminal, plan):
            return None
        read_to = self._proof.complete_up_to(terminal, plan)
        return TerminalFact(
            terminal.id,
            terminal.name,
            is_mapped,
            _as_far_as_it_matters(read_to, terminal, plan),
            clock_known=self._proof.is_clock_known(terminal, plan),
            unresolved=self._traffic.unresolved(terminal.id, plan),
            traffic_low=self._traffic.is_nearly_silent(terminal.id, plan, read_to),
            outage=self._proof.is_declared_out(terminal, plan.day),
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
