"""A unit whose facts are rows: scans, cases, words and terminals go in, days come out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain.cases import CaseKind, CaseStatus, WaitingFor
from services import days, punches
from store import day_queries
from store.cases import Case
from store.days import AttendanceDay
from store.db import Database, Transaction
from store.people import Assignment
from store.punches import Terminal, TerminalContact, TerminalId
from tests.cast import Cast, build_cast

WITA = ZoneInfo("Asia/Makassar")
MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
THURSDAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
PINS = {"budi": "101", "sri": "102", "rahmat": "103", "dewi": "104"}


def at(day: date, clock: str, zone: ZoneInfo = WITA) -> datetime:
    """'07:20' local as an instant in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def after(day: date) -> datetime:
    """The morning after, when the day has closed: 08.00 WITA."""
    return at(day + timedelta(days=1), "08:00")


class World:
    """The cast's office with everything read and nothing scanned, until a test says so."""

    def __init__(self, db: Database):
        self.db = db
        self.cast: Cast = build_cast(db)
        self.now = after(TUESDAY)
        self.read_up_to(datetime(2026, 12, 31, tzinfo=UTC))

    # --- facts -------------------------------------------------------------------------------

    def read_up_to(self, moment: datetime | None, **more: Any) -> None:
        """The unit's terminal was read to the end up to here, its clock right."""
        with self.db.begin() as tx:
            terminal = tx.get_one(Terminal, self.cast.terminal)
            terminal.complete_up_to = moment
            terminal.clock_offset = more.get("clock_offset", 0)
            tx.add(
                TerminalContact(
                    terminal_id=terminal.id, at=self.now, source="pull", ok=True,
                    clock_offset=terminal.clock_offset, complete_up_to=moment,
                )
            )  # fmt: skip

    def scan(self, who: str, day: date, *clocks: str, key: int = 0, terminal: int = 0) -> None:
        """Scans that reach us now, by a stick; `clocks` are the terminal's own, '07:20'."""
        self.stick(terminal or self.cast.terminal, *((PINS[who], day, c, key) for c in clocks))

    def stick(self, terminal: int, *scans: tuple[str, date, str, int]) -> punches.Taken:
        """A USB stick with (ID, date, clock, key) lines, taken in as every door does it."""
        lines = "".join(
            f"{pin}\t{day} {clock if len(clock) > 5 else clock + ':00'}\t1\t{key}\t0\t0\r\n"
            for pin, day, clock, key in scans
        )
        kept = punches.keep(
            self.db, terminal, punches.USB, lines.encode(), received_at=self.now, layout="text"
        )
        return punches.take_in(self.db, self.now, kept.raw_read_id)

    def case(
        self,
        who: str,
        kind: CaseKind,
        start: date,
        end: date | None = None,
        status: CaseStatus = CaseStatus.CONFIRMED,
        **more: Any,
    ) -> int:
        """A case as the desks would have written it."""
        employee = self.cast.__dict__[who]
        last = end or start
        with self.db.begin() as tx:
            case = Case(
                employee_id=employee, unit_id=self.cast.unit, kind=kind, status=status,
                waiting_for=WaitingFor.SUPERVISOR if status is CaseStatus.OPEN else None,
                start_date=start, end_date=last, source="panel", submitted_at=self.now,
                submitted_by="system:test", decision_note="-", **more,
            )  # fmt: skip
            tx.add(case)
            tx.flush()
            self.touch(who, *_span(start, last), tx=tx)
            return case.id

    def decide(self, case_id: int, status: CaseStatus) -> None:
        """The case moves to its end."""
        with self.db.begin() as tx:
            case = tx.get_one(Case, case_id)
            case.status, case.waiting_for = status, None
            pairs = [(case.employee_id, d) for d in _span(case.start_date, case.end_date)]
            day_queries.mark_dirty(tx, pairs, "case", self.now)

    def employ(self, tx: Transaction, employee_id: int, post_id: int | None, pin: str) -> None:
        """Somebody new works in the unit and is known to its terminal."""
        began = date(2020, 1, 1)
        tx.add_all(
            [
                Assignment(
                    employee_id=employee_id, unit_id=self.cast.unit, reports_to_id=post_id,
                    first_day=began,
                ),
                TerminalId(
                    terminal_id=self.cast.terminal, pin=pin, employee_id=employee_id,
                    first_day=began,
                ),
            ]
        )  # fmt: skip

    def touch(self, who: str, *dates: date, tx: Any = None) -> None:
        """Mark somebody's dates as touched by a fact."""
        pairs = [(self.cast.__dict__[who], day) for day in dates]
        if tx is not None:
            day_queries.mark_dirty(tx, pairs, "test", self.now)
            return
        with self.db.begin() as own:
            day_queries.mark_dirty(own, pairs, "test", self.now)

    # --- what came of it ---------------------------------------------------------------------

    def derive(self, now: datetime | None = None) -> int:
        """Everything dirty, at `now`; returns how many days."""
        self.now = now or self.now
        return days.derive_dirty(self.db, lambda: self.now)

    def day(self, who: str | int, day: date, now: datetime | None = None) -> AttendanceDay:
        """Somebody's day as it stands after everything dirty, it included, was derived."""
        employee = self.cast.__dict__[who] if isinstance(who, str) else who
        with self.db.begin() as tx:
            day_queries.mark_dirty(tx, [(employee, day)], "test", self.now)
        self.derive(now)
        return self.stored(employee, day)

    def stored(self, who: str | int, day: date) -> AttendanceDay:
        """Somebody's day as it is stored."""
        employee = self.cast.__dict__[who] if isinstance(who, str) else who
        with self.db.read() as session:
            return session.scalars(
                select(AttendanceDay).where(
                    AttendanceDay.employee_id == employee, AttendanceDay.day == day
                )
            ).one()


def _span(first: date, last: date | None) -> Iterable[date]:
    return [first + timedelta(days=n) for n in range(((last or first) - first).days + 1)]
