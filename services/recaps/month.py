"""A unit's month gathered for printing: people, their days, their counts, who signs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.people import Capacity, PostKind, group_nip
from domain.recap import DerivedDay, Tally, month_span, tally
from services.closings import Standing, standing
from store import closing_queries, outage_queries, recap_queries, staff
from store.closings import ClosedDay
from store.days import AttendanceDay
from store.people import Unit
from store.recap_queries import PersonHere

PREFIX = {Capacity.PLT: "Plt. ", Capacity.PLH: "Plh. ", Capacity.DEFINITIVE: ""}


@dataclass
class PersonMonth:
    """One person's part of the month in one unit."""

    person: PersonHere
    days: dict[date, AttendanceDay] = field(default_factory=dict)
    closed: dict[date, ClosedDay] = field(default_factory=dict)

    @property
    def printed(self) -> dict[date, DerivedDay]:
        """What paper shows: after the close the days as they stood then."""
        return {**self.days, **self.closed}

    @property
    def counted(self) -> Tally:
        return tally(self.printed.values())


@dataclass(frozen=True)
class Signature:
    """Who signs (penanda tangan): 'Plt. Kepala ...', name with degrees, rank, NIP as printed."""

    title: str
    name: str
    grade: str
    nip: str


@dataclass
class UnitMonth:
    """One unit's people in a month."""

    unit: Unit
    people: list[PersonMonth]
    head: Signature | None
    kasubag: Signature | None
    standing: Standing
    outage_days: int  # dates with a declared terminal outage, to be read beside the rates

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.unit.time_zone)

    @property
    def counted(self) -> Tally:
        total = Tally()
        for each in self.people:
            total.add(each.counted)
        return total


@dataclass
class MonthRecap:
    """A unit's month with all units below it that have people."""

    first: date
    last: date
    unit: Unit
    units: list[UnitMonth]
    printed_on: date | None
    waiting_to_derive: int


def gather(session: Session, month: str, unit_code: str, printed_on: date | None) -> MonthRecap:
    """The recap of a month as the days stand. Raises LookupError and ValueError."""
    first, last = month_span(month)
    top = recap_queries.unit_by_code(session, unit_code)
    people = recap_queries.people_under(session, top.path, first, last)
    months: dict[tuple[int, int], PersonMonth] = {}
    for day in recap_queries.days_under(session, top.path, first, last):
        key = (day.unit_id, day.employee_id)
        if key in people:
            months.setdefault(key, PersonMonth(people[key])).days[day.day] = day
    units = recap_queries.units_under(session, top.path)
    for unit in units:
        kept = closing_queries.closed_days(session, unit.id, first, last)
        for (employee_id, day_), closed in kept.items():
            if (unit.id, employee_id) in months:
                months[unit.id, employee_id].closed[day_] = closed
    outages = outage_queries.outage_days(session, [unit.id for unit in units], first, last)
    return MonthRecap(
        first,
        last,
        top,
        [
            UnitMonth(
                unit,
                sorted(
                    (each for (unit_id, _), each in months.items() if unit_id == unit.id),
                    key=lambda each: (each.person.name, each.person.employee_id),
                ),
                _signature(session, unit, PostKind.HEAD, last),
                _signature(session, unit, PostKind.KASUBAG, last),
                standing(session, unit, month),
                outages.get(unit.id, 0),
            )
            for unit in units
            if any(unit_id == unit.id for unit_id, _ in months)
        ],
        printed_on,
        recap_queries.still_dirty(session, top.path, first, last),
    )


def _signature(session: Session, unit: Unit, kind: PostKind, day: date) -> Signature | None:
    found = recap_queries.official_with_post(session, unit, kind, day)
    if found is None:
        return None
    person, post, capacity = found
    assignment = staff.assignment_on(session, person.id, day)
    return Signature(
        PREFIX[capacity] + post.title,
        person.name,
        assignment.grade if assignment else "",
        group_nip(person.nip) if person.nip else "-",
    )
