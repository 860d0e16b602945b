"""The truth of a simulated year, told by one who has never seen how days are derived.

A seeded world of units, hours, rosters, terminals with faults, people and their words. For every
employee and date it knows who was there, what the terminals kept of it, when each fact reached the
house, and from that what may be said of the day. It imports nothing of the product. Here are the
shapes and the judgement; `imagined_year.imagine(seed)` makes the world.

Sources: working hours are those of Perpres 21/2023 as the province spells them out (spans are
stored, never computed); holidays and collective leave are the joint decree (SKB) for 2026; the
letters P/S/M/L are the usual hospital roster. When a day may be called absent is the house's own
rule: never accuse without proof, any doubt waits and the doubt is named.

Readings taken where the facts leave room:

* Refused leave and nobody came is ABSENT once the refusal was given: somebody decided, nothing is
  open any more. Before the refusal it waits, however late the refusal comes.
* Leave that nobody ever decided waits for ever: silence never turns a day against the employee.
* Approved leave for half a day and nobody came in the other half is not ABSENT: ABSENT is a whole
  day, and half of it was granted.
* One scan is presence with an end missing, not absence. A wrong key means nothing.
* A word counts from when the house *heard* it; an SMS on its way for nine hours could not be known.
* Somebody who was there, left no scan and never said so cannot be told from an absentee by any
  house; such days do not occur here. Who forgot both scans says so before the shift ends.
* Duty travel typed days later counts from when it was typed; an alert before that was honest.
* A day off that is declared after the day frees it from then on; an alert before that was honest.
* A shift that a dead sensor, a wrong clock or lost data touches at all is unproven, at every
  terminal of the unit: somebody late could have scanned in just that part. How far before and after
  a shift a scan still counts is a setting of the house, and when a clock went wrong or was set is
  known only between two reads, so a fault that only touches twelve hours around the shift proves
  nothing either way: UNSETTLED, the verdict that asks for nothing.
* Scans under an ID that nobody has mapped yet could be anybody's: until then nobody of that unit is
  ABSENT for a shift with such a scan in it or within an hour of it (further away: UNSETTLED). A
  mapping reaches back to the first day of the stint.
* A row stamped 2030 that nobody righted keeps its owner's day from being ABSENT. For the others at
  that terminal it is UNSETTLED in the shifts since the read before: the row carries an ID and
  cannot be theirs, but a strict house asks that nothing at all is left in quarantine.
* Shift workers work on holidays (the roster wins) and have no WFA.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
FINAL = datetime(2027, 1, 31, tzinfo=UTC)
"""The `as_of` of the final verdicts: a month after the year, everything that will come has come."""

SHIFT_HOURS = {"P": (time(7), time(14)), "S": (time(14), time(20)), "M": (time(20), time(7))}
"""Pagi, siang, malam; the night ends on the next date."""

Span = tuple[datetime, datetime]
"""Start and end, both aware UTC."""

AROUND = timedelta(hours=6)
"""No house looks further than this before or after a shift for its scans."""
BETWEEN_READS = timedelta(hours=12)
"""When a fault began or ended, or a row of impossible time was made, is known only between two
reads."""
CLOSE = timedelta(hours=1)
"""Every house looks at least this far: so early people come, so late they go."""


class Verdict(StrEnum):
    ABSENT = "absent"  # must be ABSENT: else a missed absence
    NOT_ABSENT = "not absent"  # settled as something else
    WAITING = "waiting"  # must never be ABSENT: the proof is not there
    UNSETTLED = "unsettled"  # truly absent, and either answer can be defended


class Why(StrEnum):
    """The one reason for a verdict."""

    NOBODY_CAME = "scheduled, no word, every terminal proven, and not there"
    NOT_IN_SERVICE = "not employed on that date: there must be no day at all"
    OFF = "not a working day by pattern or roster"
    HOLIDAY = "holiday or collective leave"
    WFA = "work from anywhere"
    SEEN = "at least two scans, known and believed"
    ONE_SCAN = "one scan (or one press doubled), known and believed"
    EXCUSED = "leave, sickness, permission, duty or a correction approved for the whole day"
    HALF_EXCUSED = "leave approved for half the day, nobody seen in the other half"
    UNDECIDED = "a word was given and not decided yet"
    NO_ROSTER = "shift person without published roster"
    NOT_OVER = "the shift has not ended yet"
    DATA_NOT_YET = "a terminal has not been read since the shift ended"
    DEAD_SENSOR = "a terminal answered but could not take scans"
    WRONG_CLOCK = "a terminal's clock was wrong and by how much is not known"
    DATA_LOST = "a terminal was destroyed before it was read"
    ROW_IN_DOUBT = "a scan of this person has an impossible time that nobody righted"
    UNKNOWN_ID = "scans at this shift, here, under an ID that is not mapped yet"
    FAULT_NEARBY = "not there, and a fault within six hours of the shift"
    ODD_ROW_NEARBY = "not there, and near the shift a row of unknown ID or impossible time"

    @property
    def verdict(self) -> Verdict:
        return _VERDICTS.get(self, Verdict.WAITING)


_VERDICTS = {
    Why.NOBODY_CAME: Verdict.ABSENT,
    Why.FAULT_NEARBY: Verdict.UNSETTLED,
    Why.ODD_ROW_NEARBY: Verdict.UNSETTLED,
} | dict.fromkeys(
    (
        Why.NOT_IN_SERVICE,
        Why.OFF,
        Why.HOLIDAY,
        Why.WFA,
        Why.SEEN,
        Why.ONE_SCAN,
        Why.EXCUSED,
        Why.HALF_EXCUSED,
    ),
    Verdict.NOT_ABSENT,
)


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    zone: str  # IANA: Asia/Makassar (WITA) or Asia/Jakarta (WIB)
    pattern: str  # "5D", "6D" or "SHIFT"
    headcount: int  # at the start of the year
    terminals: int

    def utc(self, day: date, clock: time) -> datetime:
        """The instant of a wall-clock time here. Indonesia has no summer time."""
        hours = 7 if self.zone == "Asia/Jakarta" else 8
        return datetime.combine(day, clock, UTC) - timedelta(hours=hours)

    def local(self, at: datetime) -> datetime:
        """The wall clock here, naive, as a terminal stamps it."""
        hours = 7 if self.zone == "Asia/Jakarta" else 8
        return at.replace(tzinfo=None) + timedelta(hours=hours)


@dataclass(frozen=True)
class PatternVersion:
    """Hours of one pattern from a date until its next version; a weekday (0 = Monday) that is not
    named is off."""

    pattern: str
    valid_from: date
    hours: dict[int, tuple[time, time]]


class Free(StrEnum):
    HOLIDAY = "holiday"
    COLLECTIVE = "collective leave"
    WFA = "wfa"


@dataclass(frozen=True)
class CalendarDay:
    """A date that frees the units in `units` (codes) from scanning, known from `known_at`."""

    day: date
    free: Free
    name: str
    units: frozenset[str]
    known_at: datetime


class FaultKind(StrEnum):
    OFFLINE = "offline"  # keeps its scans; the read at the end of the fault brings them all
    DEAD_SENSOR = "dead sensor"  # is read as always, but takes no scan
    WRONG_CLOCK = "wrong clock"  # is read as always; stamps are off by `offset`
    DATA_LOST = "data lost"  # destroyed: scans of this interval never come; replaced at its end


@dataclass(frozen=True)
class Fault:
    """[start, end) of one terminal. A wrong clock: `offset` is added to the true time, and
    `offset_known_at` is when the house has measured and righted it (None: never)."""

    kind: FaultKind
    start: datetime
    end: datetime
    offset: timedelta = timedelta()
    offset_known_at: datetime | None = None


@dataclass(frozen=True)
class Terminal:
    """`reads`: every instant at which the whole memory was read successfully, ascending."""

    name: str
    unit: str
    reads: tuple[datetime, ...]
    faults: tuple[Fault, ...]

    def first_read_after(self, at: datetime) -> datetime | None:
        """The read that brings a scan of that instant and proves the time up to it."""
        index = bisect_right(self.reads, at)
        return self.reads[index] if index < len(self.reads) else None

    def last_read_before(self, at: datetime) -> datetime:
        """The read that had everything up to then; the beginning of the reads if there is none."""
        return self.reads[max(bisect_right(self.reads, at) - 1, 0)]

    def fault_at(self, at: datetime) -> Fault | None:
        return next((fault for fault in self.faults if fault.start <= at < fault.end), None)


@dataclass(frozen=True)
class Stint:
    """A person's time in one unit, both dates included (last None: still there).

    `pin` is the ID at all terminals of the unit for all of the stint; `pin_known_at` is when the
    house learned whose it is."""

    unit: str
    first: date
    last: date | None
    pin: str
    pin_known_at: datetime


@dataclass(frozen=True)
class Person:
    """Service runs from the first stint's first to the last stint's last date, without gaps.
    `own_pattern`: (date, pattern), from then on instead of the unit's."""

    nip: str
    name: str
    stints: tuple[Stint, ...]
    own_pattern: tuple[date, str] | None = None


@dataclass(frozen=True)
class Roster:
    """One ward's month as published, before swaps: NIP -> date -> P, S, M or L (off).
    `published_at` None: never."""

    unit: str
    month: date
    letters: dict[str, dict[date, str]]
    published_at: datetime | None


@dataclass(frozen=True)
class Swap:
    """Two people of one ward exchange their letters of one date, entered before either shift."""

    unit: str
    day: date
    one: str
    other: str
    agreed_at: datetime


class WordKind(StrEnum):
    ANNUAL = "annual leave"
    IMPORTANT = "leave for an important reason"
    SICK = "sick"
    PERMISSION = "permission"
    DUTY = "duty travel"
    FORGOT_SCANS = "was there, forgot to scan"


class Decision(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Word:
    """Something said about dates [first, last]. `by`: "employee", "supervisor" (decided in the same
    act) or "operator" (duty, counts at once). `heard_at` is when the house got it, later than
    `said_at` when the network was slow. `decided_at` is None exactly when undecided."""

    nip: str
    kind: WordKind
    first: date
    last: date
    half: str | None  # "am" or "pm": only for one date
    by: str
    said_at: datetime
    heard_at: datetime
    decision: Decision
    decided_at: datetime | None

    def decision_at(self, at: datetime) -> Decision:
        """What was decided as far as known then."""
        decided = self.decided_at is not None and self.decided_at <= at
        return self.decision if decided else Decision.UNDECIDED


@dataclass(frozen=True)
class Scan:
    """One row in a terminal's memory. `stamp` is the local time it shows, `at` the true instant;
    `key` 0 in, 1 out, 255 none. `arrives_at` None: never. `believed_at` is when the house has it,
    knows whose it is and knows its true time (None: never)."""

    terminal: str
    pin: str
    at: datetime
    stamp: datetime
    key: int
    arrives_at: datetime | None
    believed_at: datetime | None


@dataclass(frozen=True)
class DayTruth:
    """One employee and date.

    `unit` None: not in service. `span`: what pattern or roster (after swaps) asks for, None when
    off; `span_known_at`: when the house could know (None: roster never published). `calendar`: what
    frees the date. `there`: from when to when the person really was at work, scans or not."""

    nip: str
    day: date
    unit: str | None = None
    letter: str | None = None
    span: Span | None = None
    span_known_at: datetime | None = None
    calendar: CalendarDay | None = None
    pin_known_at: datetime | None = None
    there: Span | None = None
    scans: tuple[Scan, ...] = ()
    words: tuple[Word, ...] = ()


@dataclass
class World:
    """`days` holds every (NIP, date) of the year, also those out of service."""

    units: dict[str, Unit]
    patterns: list[PatternVersion]
    calendar: list[CalendarDay]
    terminals: dict[str, Terminal]
    people: dict[str, Person]
    rosters: list[Roster]
    swaps: list[Swap]
    words: list[Word]
    days: dict[tuple[str, date], DayTruth]

    def why(self, day: DayTruth, at: datetime = FINAL) -> Why:
        """The one reason for what may be said of a day with what the house knows at `at`."""
        return (
            _freed(day, at)
            or _seen(day, at)
            or _said(day, at)
            or self._unproven(day, at)
            or Why.NOBODY_CAME
        )

    def accuses_falsely(self, day: DayTruth, at: datetime) -> bool:
        """Would it be wrong to tell the employee at `at` that the day looks absent?"""
        honest = self.why(day, at).verdict in (Verdict.ABSENT, Verdict.UNSETTLED)
        return day.there is not None or not honest

    def _unproven(self, day: DayTruth, at: datetime) -> Why | None:
        """The doubt that is left when nobody was seen and nothing was said."""
        assert day.unit and day.span and day.pin_known_at
        if at < day.span[1]:
            return Why.NOT_OVER
        if day.pin_known_at > at or self._strangers(day.unit, _widened(day.span, CLOSE), at):
            return Why.UNKNOWN_ID
        terminals = self.terminals_of[day.unit]
        if fault := next(filter(None, (_fault(t, day.span, at) for t in terminals)), None):
            return Why[fault.kind.name]
        if not all(_read_since(terminal, day.span[1], at) for terminal in terminals):
            return Why.DATA_NOT_YET
        if any(scan.arrives_at and scan.arrives_at <= at for scan in day.scans):
            return Why.ROW_IN_DOUBT
        around, near = _widened(day.span, AROUND), _widened(day.span, BETWEEN_READS)
        if any(_fault(terminal, near, at) for terminal in terminals):
            return Why.FAULT_NEARBY
        if self._strangers(day.unit, around, at) or self._odd_rows(day.unit, near, at):
            return Why.ODD_ROW_NEARBY
        return None

    def _strangers(self, unit: str, span: Span, at: datetime) -> bool:
        """Did anybody scan in the span under an ID that was not mapped yet at `at`?"""
        return any(
            known_at > at and span[0] <= scanned_at <= span[1]
            for scanned_at, known_at in self._scans_before_mapping[unit]
        )

    def _odd_rows(self, unit: str, span: Span, at: datetime) -> bool:
        """Could a row of impossible time that nobody had righted by `at` be from this span?"""
        return any(
            since < span[1] and span[0] < arrived_at <= at and not (righted_at and righted_at <= at)
            for since, arrived_at, righted_at in self._rows_of_impossible_time[unit]
        )

    @cached_property
    def terminals_of(self) -> dict[str, list[Terminal]]:
        """Unit -> the terminals at which everybody of that unit can scan."""
        return {
            unit: [terminal for terminal in self.terminals.values() if terminal.unit == unit]
            for unit in self.units
        }

    @cached_property
    def _scans_before_mapping(self) -> dict[str, list[tuple[datetime, datetime]]]:
        """Unit -> (when somebody scanned, when that ID was mapped) for all mapped afterwards."""
        found: dict[str, list[tuple[datetime, datetime]]] = {unit: [] for unit in self.units}
        for day in self.days.values():
            if day.unit and day.pin_known_at:
                known_at = day.pin_known_at
                found[day.unit] += [(s.at, known_at) for s in day.scans if s.at < known_at]
        return found

    @cached_property
    def _rows_of_impossible_time(
        self,
    ) -> dict[str, list[tuple[datetime, datetime, datetime | None]]]:
        """Unit -> (read before, read that brought it, when it was righted) of each such row."""
        found: dict[str, list[tuple[datetime, datetime, datetime | None]]]
        found = {unit: [] for unit in self.units}
        for scan in (scan for day in self.days.values() for scan in day.scans):
            if scan.arrives_at and scan.stamp - scan.at.replace(tzinfo=None) > timedelta(days=2):
                terminal = self.terminals[scan.terminal]
                before = terminal.last_read_before(scan.at)
                found[terminal.unit].append((before, scan.arrives_at, scan.believed_at))
        return found


def _freed(day: DayTruth, at: datetime) -> Why | None:
    """Nobody was asked to scan, or nobody knows yet whether this person was."""
    if day.unit is None:
        return Why.NOT_IN_SERVICE
    if day.span_known_at is None or day.span_known_at > at:
        return Why.NO_ROSTER
    if day.span is None:
        return Why.OFF
    if day.calendar and day.calendar.known_at <= at:
        return Why.WFA if day.calendar.free is Free.WFA else Why.HOLIDAY
    return None


def _seen(day: DayTruth, at: datetime) -> Why | None:
    """What the believed scans say; presses within two minutes are one press."""
    seen = [scan.at for scan in day.scans if scan.believed_at and scan.believed_at <= at]
    if not seen:
        return None
    return Why.ONE_SCAN if max(seen) - min(seen) < timedelta(minutes=2) else Why.SEEN


def _said(day: DayTruth, at: datetime) -> Why | None:
    """What words and decisions say; a refused word says nothing."""
    heard = {(w.half, w.decision_at(at)) for w in day.words if w.heard_at <= at}
    if (None, Decision.APPROVED) in heard:
        return Why.EXCUSED
    if any(decision is Decision.UNDECIDED for _, decision in heard):
        return Why.UNDECIDED
    if any(decision is Decision.APPROVED for _, decision in heard):
        return Why.HALF_EXCUSED
    return None


def _widened(span: Span, by: timedelta) -> Span:
    return span[0] - by, span[1] + by


def _fault(terminal: Terminal, span: Span, at: datetime) -> Fault | None:
    """A fault in the span that no later read can mend, or that nobody has mended by `at`."""
    for fault in terminal.faults:
        mended = fault.offset_known_at is not None and fault.offset_known_at <= at
        touches = fault.start < span[1] and span[0] < fault.end
        if touches and not mended and fault.kind is not FaultKind.OFFLINE:
            return fault
    return None


def _read_since(terminal: Terminal, since: datetime, at: datetime) -> bool:
    read_at = terminal.first_read_after(since)
    return read_at is not None and read_at <= at


def counts(world: World) -> Counter[str]:
    """How much of everything the year holds, so that a proof over it can fail."""
    found: Counter[str] = Counter()
    for day in world.days.values():
        why = world.why(day)
        found[why.verdict] += 1
        found[why.name] += 1
        found["days in faults"] += why.name in FaultKind.__members__
        found["one scan of two"] += day.there is not None and why is Why.ONE_SCAN
        found["leave days decided late"] += any(
            word.decision is Decision.APPROVED
            and day.span is not None
            and word.decided_at is not None
            and word.decided_at > day.span[0]
            for word in day.words
        )
        found["half days"] += any(word.half for word in day.words)
    found["swaps"] = len(world.swaps)
    found["transfers"] = sum(len(person.stints) - 1 for person in world.people.values())
    return found
