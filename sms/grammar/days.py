"""From named days to dates (menghitung tanggal): pure calendar rules, no text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sms.grammar.meaning import WorkingDays

MONTHS = {
    "januari": 1,
    "februari": 2,
    "maret": 3,
    "april": 4,
    "mei": 5,
    "juni": 6,
    "juli": 7,
    "agustus": 8,
    "september": 9,
    "oktober": 10,
    "november": 11,
    "desember": 12,
}
WEEKDAYS = {"senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "sabtu": 5, "ahad": 6}
LOOK_BACK = timedelta(days=31)
DAY_ONLY_LOOK_BACK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Atom:
    """One named day (sebutan hari): tokens i..j, and what was said of it.

    `cls` is 'cal' (a date), 'wd' (a weekday), 'rel' (today plus `offset`), 'week' (this, next or
    past week, still without a day) or 'vague'.
    """

    cls: str
    i: int
    j: int
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int = -1
    which: str = ""  # of a weekday, week or day of month: 'this', 'next', 'past'
    offset: int = 0
    negated: bool = False
    bare: bool = False  # a number without 'tgl' or month: 'cuti 8-10'
    dashed: bool = False  # joined to the next number by '-'
    filled: bool = False  # month or year were taken over from the other end
    turned: bool = False  # the month before that of the other end


class ImpossibleDateError(ValueError):
    """The text names a day that does not exist, is long past, or contradicts itself."""


def on(year: int, month: int, day: int) -> date:
    """A calendar date; raises ImpossibleDateError when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise ImpossibleDateError(f"{day}/{month}/{year}") from fault


def calendar_day(atom: Atom, today: date, after: date | None) -> date:
    """The date of a 'cal' atom; a missing year or month is found by the rules for numbers."""
    if atom.year:
        found = on(atom.year, atom.month, atom.day)
        if found < today - LOOK_BACK:
            raise ImpossibleDateError("long past")
        return found
    if atom.month:
        floor = after + DAY if after else today - LOOK_BACK
        for year in (floor.year, floor.year + 1):
            found = on(year, atom.month, atom.day)
            if found >= floor:
                return found
        raise ImpossibleDateError("no such date")
    return day_of_month(atom, today, after)


def day_of_month(atom: Atom, today: date, after: date | None) -> date:
    """The date of 'tgl 12': this month unless passed by more than 7 days, then the next."""
    if atom.which == "past":
        floor = today
        for _ in range(3):
            try:
                found = on(floor.year, floor.month, atom.day)
            except ImpossibleDateError:
                found = floor + DAY
            if found < today:
                return found
            floor = floor.replace(day=1) - DAY
        raise ImpossibleDateError("no such past day")
    base = after or today
    if atom.which == "next":
        base = next_month(today)
    elif atom.which == "this":
        base = today
    found = on(base.year, base.month, atom.day)
    if after is not None and not atom.which:
        if found <= after:
            month = next_month(after)
            found = on(month.year, month.month, atom.day)
        return found
    if not atom.which and found < today - DAY_ONLY_LOOK_BACK:
        month = next_month(today)
        found = on(month.year, month.month, atom.day)
    return found


def next_month(day: date) -> date:
    """First day of the month after `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def week_day(atom: Atom, today: date, after: date | None) -> date:
    """The date of a weekday name, by the words around it."""
    monday = today - timedelta(days=today.weekday())
    if atom.which == "next":
        found = monday + timedelta(days=7 + atom.weekday)
    elif atom.which == "this":
        found = monday + timedelta(days=atom.weekday)
        if found < today:
            found += timedelta(days=7)
    elif atom.which == "past":
        back = (today.weekday() - atom.weekday) % 7 or 7
        return today - timedelta(days=back)
    else:
        base = after or today
        return base + timedelta(days=(atom.weekday - base.weekday()) % 7 or 7)
    if after is not None and found <= after:
        found += timedelta(days=7)
    return found


def resolve_alone(atom: Atom, today: date, after: date | None) -> date:
    """The date that one atom names by itself."""
    if atom.cls == "cal":
        return calendar_day(atom, today, after)
    if atom.cls == "rel":
        return today + timedelta(days=atom.offset)
    return week_day(atom, today, after)


def resolve(atoms: list[Atom], today: date, after: date | None) -> date:
    """The one date that atoms side by side name ('besok Senin', 'Senin tgl 25')."""
    if len(atoms) == 1:
        return resolve_alone(atoms[0], today, after)
    if len({atom.cls for atom in atoms}) < len(atoms):
        raise ImpossibleDateError("two days of one kind side by side")
    cal = rel = weekday = None
    for atom in atoms:
        if atom.cls == "cal":
            cal = atom
        elif atom.cls == "rel":
            rel = atom
        elif atom.cls == "wd":
            weekday = atom
    if cal is not None:
        found = calendar_day(cal, today, after)
    elif rel is not None:
        found = today + timedelta(days=rel.offset)
        if weekday is not None and rel.offset == 1 and found.weekday() != weekday.weekday:
            if today.weekday() in (4, 5) and weekday.weekday == 0:
                return today + timedelta(days=7 - today.weekday())
            raise ImpossibleDateError("besok and weekday disagree")
    elif weekday is not None:
        return week_day(weekday, today, after)
    else:
        raise ImpossibleDateError("no day")
    if rel is not None and found != today + timedelta(days=rel.offset):
        raise ImpossibleDateError("word and date disagree")
    if weekday is not None and found.weekday() != weekday.weekday:
        raise ImpossibleDateError("weekday and date disagree")
    return found


def add_working_days(start: date, count: int, calendar: WorkingDays) -> date:
    """The last of `count` working days from `start` on; 400 days are looked at at most."""
    day, left = start, count
    for _ in range(800):
        left -= calendar.is_working(day)
        if left <= 0:
            return day
        day += DAY
    return start + timedelta(days=count - 1)


def add_months(start: date, months: int) -> date:
    """`start` plus months, minus one day; the last day of a shorter month counts as the day."""
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    if year > 9998:
        raise ImpossibleDateError("beyond the calendar")
    last = (next_month(date(year, month, 1)) - DAY).day
    if start.day > last:
        return date(year, month, last)
    return date(year, month, start.day) - DAY


def working_days_between(start: date, end: date, calendar: WorkingDays) -> int:
    """Number of working days from start to end, both included (a year at most)."""
    days = min((end - start).days + 1, 800)
    return sum(calendar.is_working(start + timedelta(days=n)) for n in range(max(days, 0)))


def last_working_day_before(day: date, calendar: WorkingDays) -> date:
    """The last working day before `day` (whoever is back on Monday was away until Friday)."""
    for n in range(1, 40):
        if calendar.is_working(day - timedelta(days=n)):
            return day - timedelta(days=n)
    return day - DAY
