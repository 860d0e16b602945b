"""Facts about many days at once: punches, cases, words given, terminals and what they proved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.cases import CaseStatus
from domain.day_facts import CaseFact, Correction, DayFacts, half_on
from domain.work_calendar import ONE_DAY
from store.calendar_queries import RuleBook
from store.cases import Case
from store.day_frames import Frame, Frames
from store.day_punches import punches_of, within
from store.days import Key
from store.sets import one_of
from store.words import WordBook

NO_FACT = (CaseStatus.REFUSED, CaseStatus.POSTPONED, CaseStatus.WITHDRAWN)


class FactBook:
    """Facts for a set of (employee, date) pairs; some twenty queries for any number of them."""

    def __init__(self, session: Session, keys: Sequence[Key]):
        self._session = session
        self._people = sorted({employee_id for employee_id, _ in keys})
        days = {day for _, day in keys}
        self._days = sorted({day + n * ONE_DAY for day in days for n in (-1, 0, 1)})
        self._first, self._last = self._days[0], self._days[-1]
        self.rules = RuleBook(session, self._people, self._first, self._last)
        self._frames = Frames(session, self.rules, self._days)
        self._punches = punches_of(session, self._people, self._days, self._frames.terminals)
        self._load_cases()
        self._words = WordBook(
            session, self.rules.employees, self._zones(), self._first, self._last
        )

    def _zones(self) -> dict[int, ZoneInfo]:
        """Where each person works around these dates; near enough for whose day a word is."""
        zones = {unit_id: ZoneInfo(unit.time_zone) for unit_id, unit in self.rules.units.items()}
        return {
            employee_id: zones[rows[-1].unit_id]
            for employee_id, rows in self.rules.assignments.items()
            if rows
        }

    def facts(self, employee_id: int, day: date) -> DayFacts:
        """Everything known about one person's date."""
        return self.facts_within(self.frame(employee_id, day), employee_id)

    def frame(self, employee_id: int, day: date) -> Frame:
        """What a date is for a person and everybody like them."""
        return self._frames.of(employee_id, day)

    def facts_within(self, frame: Frame, employee_id: int) -> DayFacts:
        """What this person's own rows add to the frame of a date."""
        plan, day = frame.plan, frame.plan.day
        scans = self._punches.get(employee_id)
        cases = self._cases.get(employee_id)
        return DayFacts(
            employee_id,
            plan,
            within(scans, plan.window_from, plan.window_to) if scans else (),
            tuple(self._cases_on(cases, day)) if cases else (),
            frame.terminals,
            self._words.drafts(employee_id, day),
            self._words.messages(employee_id, day),
        )

    # --- cases -------------------------------------------------------------------------------

    def _load_cases(self) -> None:
        self._cases: dict[int, list[Case]] = defaultdict(list)
        for case in self._session.scalars(
            select(Case).where(
                one_of(self._session, Case.employee_id, self._people),
                Case.status.not_in(NO_FACT),
                Case.start_date <= self._last,
                or_(Case.end_date.is_(None), Case.end_date >= self._first),
            )
        ):
            self._cases[case.employee_id].append(case)

    @staticmethod
    def _cases_on(cases: Iterable[Case], day: date) -> Iterator[CaseFact]:
        for case in cases:
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
