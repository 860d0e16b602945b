"""People on terminals (ID mesin): whose an ID is on a date, and giving waiting punches to people.

An ID is text and belongs to a person from a day on, per terminal. What nobody is known by waits
and is given to its person when the ID is mapped. An ID that is the NIP of an employee needs no
map.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.access import Actor
from services import terminals
from services.terminals import TerminalProblem
from store import day_queries, punch_queries, staff, terminal_queries, unresolved_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.punch_queries import LONGEST_PIN, IdPeriod, PinDay
from store.punches import Terminal, TerminalId
from store.unresolved_queries import UnknownId

EVER = date(2000, 1, 1)
NIP_LENGTH = 18
NUMBER_LAYOUTS = frozenset({"8", "8a", "8b", "16"})
"""Terminals that keep IDs as numbers: leading zeros are gone before we see them."""

# The windows of dates meet at most eight hours before and sixteen after midnight.
_EARLIEST_OF_NEXT_DAY = "16:00"

DayOfPerson = tuple[int, date]


def canonical(layout: str, pin: str) -> str:
    """An ID as this terminal writes it."""
    if layout in NUMBER_LAYOUTS and pin.isascii() and pin.isdigit():
        return pin.lstrip("0") or "0"
    return pin


class Owners:
    """Whose an ID is on a date at one terminal; remembers what it was asked."""

    def __init__(self, session: Session, terminal: Terminal):
        self._session = session
        self._layout = terminal.layout
        self._nips: dict[str, int] | None = None
        self._known: dict[tuple[str, str], int | None] = {}
        self._periods: dict[str, list[IdPeriod]] = {}
        for period in punch_queries.id_periods(session, terminal.id):
            self._periods.setdefault(canonical(self._layout, period.pin), []).append(period)

    def of(self, pin: str, local_date: str) -> int | None:
        """The employee behind `pin` on a date (ISO text); None when unknown or ambiguous."""
        asked = (pin, local_date)
        if asked not in self._known:
            self._known[asked] = self._find(pin, date.fromisoformat(local_date))
        return self._known[asked]

    def _find(self, pin: str, day: date) -> int | None:
        mapped = {
            period.employee_id
            for period in self._periods.get(pin, ())
            if period.first_day <= day and (period.last_day is None or day <= period.last_day)
        }
        if len(mapped) > 1:  # two IDs that this terminal cannot tell apart: never guess
            return None
        if mapped:
            return mapped.pop()
        if len(pin) == NIP_LENGTH and pin.isdigit():
            return self._by_nip(pin)
        return None

    def _by_nip(self, nip: str) -> int | None:
        if self._nips is None:
            self._nips = punch_queries.employees_by_nip(self._session)
        return self._nips.get(nip)


def days_touched(
    employee_id: int, local_date: date, first: str, last: str
) -> Iterator[DayOfPerson]:
    """The days that punches from `first` to `last` (local text) of one date may belong to.

    A scan before 16.00 may end the shift that began the day before, a later one may begin the
    next day's.
    """
    yield employee_id, local_date
    if first[11:16] < _EARLIEST_OF_NEXT_DAY:
        yield employee_id, local_date - timedelta(days=1)
    if last[11:16] >= _EARLIEST_OF_NEXT_DAY:
        yield employee_id, local_date + timedelta(days=1)


def mark_days(tx: Transaction, pairs: Iterable[DayOfPerson], reason: str, now: datetime) -> None:
    """Mark days as touched, in one order for everybody so that no two writers block each other."""
    if days := sorted(set(pairs)):
        day_queries.mark_dirty(tx, days, reason, now)


def settle(
    tx: Transaction, now: datetime, terminal: Terminal, pins: Collection[str] | None = None
) -> int:
    """Give a terminal's punches to whom their IDs belong now; returns how many moved.

    Call after any change of the map, with the IDs that changed or with None for all. The days
    of those who gain and of those who lose are marked, and those of everybody at this terminal
    that rested on whether a scan was somebody's.
    """
    owners = Owners(tx, terminal)
    wanted = None if pins is None else sorted({canonical(terminal.layout, pin) for pin in pins})
    touched: set[DayOfPerson] = set()
    dates: set[date] = set()
    moved = 0
    for day in punch_queries.pin_days(tx, terminal.id, wanted):
        made_on, first, last = when_made(terminal, day)
        owner = owners.of(day.pin, made_on.isoformat())
        if owner == day.employee_id:
            continue
        moved += punch_queries.give(tx, terminal.id, day, owner)
        for employee_id in (owner, day.employee_id):
            if employee_id is not None:
                touched.update(days_touched(employee_id, made_on, first, last))
            else:  # it may be, or may have been, anybody's, also at the end of a night
                dates.update((made_on, made_on - timedelta(days=1)))
    mark_days(tx, touched, "id_mapped", now)
    day_queries.mark_shown(tx, terminal.id, terminal.unit_id, dates, now)
    return moved


def when_made(terminal: Terminal, day: PinDay) -> tuple[date, str, str]:
    """The date on which an ID's scans were made, and the first and last of them as local text: the
    clock's own, unless people have corrected it."""
    if not day.corrected:
        return day.local_date, day.first, day.last
    made = day.at.astimezone(terminals.zone_of(terminal))
    text = f"{made:%Y-%m-%d %H:%M:%S}"
    return made.date(), text, text


@dataclass(frozen=True)
class Mapped:
    """What a mapping did: who, from which day on, how many waiting punches moved."""

    employee_name: str
    first_day: date
    punches: int


def map_id(
    db: Database,
    now: datetime,
    actor: Actor,
    terminal_name: str,
    pin: str,
    nip: str,
    first_day: date | None = None,
) -> Mapped:
    """An ID belongs to a person from a day on (petakan ID); waiting punches follow at once.

    Without a day: from ever when nobody had the ID, else from today. Who had it before keeps the
    past. Raises TerminalProblem with a sentence.
    """
    with db.begin() as tx:
        terminal = terminals.named(tx, terminal_name)
        pin = checked(terminal, pin)
        employee = staff.person_by_nip(tx, nip.strip())
        if employee is None:
            raise TerminalProblem(
                "unknown_nip", f"No employee has the NIP {nip}. Import the roster first."
            )
        periods = _rows_of(tx, terminal, pin)
        from_day = first_day or (terminals.today_at(terminal, now) if periods else EVER)
        take_over(tx, terminal, pin, employee.id, from_day, periods)
        had_it = {row.employee_id for row in periods}
        day_queries.mark_mapped(tx, {employee.id, *had_it}, from_day, now)
        log_record(
            tx,
            now,
            actor,
            "id_mapped",
            "terminal",
            terminal.id,
            employee_id=employee.id,
            unit_id=terminal.unit_id,
            data={"pin": pin, "from": from_day.isoformat()},
        )
        tx.flush()
        moved = settle(tx, now, terminal, [pin])
        return Mapped(employee.name, from_day, moved)


def unknown(session: Session, terminal_name: str) -> list[UnknownId]:
    """The IDs of a terminal that belong to nobody, with their counts; most used first."""
    return unresolved_queries.unknown_ids(session, terminals.named(session, terminal_name).id)


def checked(terminal: Terminal, written: str) -> str:
    """An ID as this terminal writes it; raises TerminalProblem when it can be none."""
    pin = canonical(terminal.layout, written.strip())
    if not pin or len(pin) > LONGEST_PIN or not pin.isprintable():
        raise TerminalProblem(
            "bad_pin", f"{written!r} is no terminal ID: 1 to {LONGEST_PIN} letters or digits."
        )
    return pin


def _rows_of(tx: Transaction, terminal: Terminal, pin: str) -> list[TerminalId]:
    return [
        row
        for row in terminal_queries.id_rows(tx, terminal.id)
        if canonical(terminal.layout, row.pin) == pin
    ]


def take_over(
    tx: Transaction,
    terminal: Terminal,
    pin: str,
    employee_id: int,
    from_day: date,
    periods: list[TerminalId],
) -> None:
    """Write the new period; who had the ID keeps what lies before, a later owner what is after.

    If it was an outsider's, it is so no longer.
    """
    unresolved_queries.forget_outsiders(tx, terminal.id, [pin])
    later = [row.first_day for row in periods if row.first_day > from_day]
    for row in periods:
        if row.first_day == from_day:
            row.employee_id = employee_id
            return
        if row.first_day < from_day and (row.last_day is None or row.last_day >= from_day):
            if row.employee_id == employee_id:
                return
            row.last_day = from_day - timedelta(days=1)
    tx.add(
        TerminalId(
            terminal_id=terminal.id,
            pin=pin,
            employee_id=employee_id,
            first_day=from_day,
            last_day=min(later) - timedelta(days=1) if later else None,
        )
    )
