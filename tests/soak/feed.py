"""The simulated year put into the house: every fact at the instant it arrived, by its own door.

Rosters by import, calendars by BKD, shifts by the ward, leave by the desks, terminals by the pull
story with a reader that shows the memory of that instant. Nothing here knows how a day is derived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from typing import TypeVar

from sqlalchemy import select, update

from domain.access import Actor, Viewer, employee, system
from domain.cases import CaseKind, HalfDay, Move, WaitingFor
from domain.messages import OutState
from domain.people import Role, Stage
from domain.roster.sheets import Sheet
from services import cases, clocks, duty, outages, pins, pulls, replacement, terminals, time_rules
from services.cases import Request
from services.roster import shifts, swaps
from services.roster.importing import Options, import_roster
from services.terminals import NewTerminal
from store.calendars import CalendarKind, WorkPatternRow, WorkPatternVersion
from store.cases import Case
from store.db import Database
from store.log import Install
from store.messages import OutboundSms
from store.people import Account, Employee, Unit
from tests.soak import truth
from tests.soak.terminal_memory import Memory
from tests.soak.truth import Decision, FaultKind, Stint, Word, WordKind, World

FURNISHED = date(2025, 12, 1)
EVE = datetime(2025, 12, 1, 2, 0, tzinfo=UTC)
"""When the house was furnished: a month before the year, 10.00 WITA."""
WATCHED, JOINED = "SMKN-2", date(2026, 7, 1)
"""A unit that is only watched (pantau) until it joins."""
CALLS_AT_ONCE = "DISHUB"
"""The unit where a dead sensor is told to the technician."""
DECREED = timedelta(days=40)
"""So long before its day a transfer is known and imported: wards write their rosters with it."""
SECOND = timedelta(seconds=1)
HOME_HOURS = timedelta(hours=8)
TEAM = 9  # people under one supervisor
UNIT_COLUMNS = ("code", "name", "parent_code", "kind", "time_zone", "work_pattern")
PEOPLE_COLUMNS = ("nip", "name", "employment", "unit_code", "phones", "supervisor_nip", "pins")
POST_COLUMNS = ("unit", "post", "nip", "from")
KINDS = {
    WordKind.ANNUAL: CaseKind.ANNUAL,
    WordKind.IMPORTANT: CaseKind.IMPORTANT,
    WordKind.SICK: CaseKind.SICK,
    WordKind.PERMISSION: CaseKind.PERMISSION,
    WordKind.FORGOT_SCANS: CaseKind.CORRECTION,
}
CALENDAR = {
    truth.Free.HOLIDAY: CalendarKind.HOLIDAY,
    truth.Free.COLLECTIVE: CalendarKind.COLLECTIVE_LEAVE,
    truth.Free.WFA: CalendarKind.WFA,
}
T = TypeVar("T")


@dataclass(order=True)
class Arrival:
    """A fact on its way: when it reaches the house, and what happens then."""

    at: datetime
    turn: int
    number: int
    happens: Callable[[datetime], object]


class House:
    """The house that is told of a world, one arrival after the other."""

    def __init__(self, db: Database, world: World):
        self.db, self.world = db, world
        self._arrivals: list[Arrival] = []
        self._numbers = count()
        self._cases: dict[int, int] = {}  # a word's place -> its case
        self._hanging: dict[str, list[str]] = {}  # a terminal's name -> those that hung there
        self._memories = self._remember()
        self._furnish()
        self._plan()
        self._arrivals.sort(reverse=True)

    def take_in_until(self, at: datetime) -> int:
        """Let everything arrive that reaches the house up to `at`; returns how many facts."""
        done = 0
        while self._arrivals and self._arrivals[-1].at <= at:
            arrival = self._arrivals.pop()
            arrival.happens(arrival.at)
            done += 1
        return done

    def send_all(self, now: datetime) -> None:
        """The modems have sent what waits."""
        with self.db.begin() as tx:
            tx.execute(
                update(OutboundSms)
                .where(OutboundSms.state == OutState.QUEUED)
                .values(state=OutState.SENT, sent_at=now)
            )

    # --- before the year ---------------------------------------------------------------------

    def _remember(self) -> dict[str, Memory]:
        scans: dict[str, list[truth.Scan]] = defaultdict(list)
        for day in self.world.days.values():
            for scan in day.scans:
                scans[scan.terminal].append(scan)
        return {
            name: Memory(terminal, scans[name]) for name, terminal in self.world.terminals.items()
        }

    def _furnish(self) -> None:
        with self.db.begin() as tx:
            tx.get_one(Install, 1).first_day = truth.FIRST
        first = self._import(EVE, FURNISHED, people=False)
        assert first.stored, first.faults
        with self.db.read() as session:
            self.unit_ids = dict(session.execute(select(Unit.code, Unit.id)).all())
        for name, terminal in sorted(self.world.terminals.items()):
            self._hang(EVE, name, name, terminal.unit)
        self._write_hours()
        self._officials = {code: self._officials_of(code) for code in self.world.units}
        whole = self._import(EVE, FURNISHED)
        assert whole.stored, (whole.refusal, whole.faults)
        self._learn_people()
        self.bkd = self._account("bkd", Role.BKD, None)
        self.technician = self._account("teknisi", Role.TECHNICIAN, None)
        self._ward = {
            code: (
                self._account(f"operator-{code}", Role.OPERATOR, code),
                self._account(f"kasubag-{code}", Role.KASUBAG, code),
            )
            for code in self.world.units
        }
        if WATCHED in self.world.units:
            for first, stage in ((FURNISHED, Stage.WATCH), (JOINED, Stage.LIVE)):
                time_rules.set_stage(self.db, EVE, self.bkd, self.unit_ids[WATCHED], stage, first)

    def _hang(self, now: datetime, name: str, as_name: str, unit: str) -> None:
        new = NewTerminal(as_name, unit, host=self._free_address())
        terminals.register(self.db, now, system("feed"), new)
        self._hanging[name] = [as_name]

    def _free_address(self) -> str:
        number = sum(map(len, self._hanging.values())) + 1
        return f"10.1.{number // 250}.{number % 250 + 1}"

    def _write_hours(self) -> None:
        """The hours of the year's patterns as decreed, and what the wards' letters mean."""
        with self.db.begin() as tx:
            ids = dict(tx.execute(select(WorkPatternRow.code, WorkPatternRow.id)).all())
            for code in {version.pattern for version in self.world.patterns} - ids.keys():
                row = WorkPatternRow(code=code, name=code)
                tx.add(row)
                tx.flush()
                ids[code] = row.id
            for version in self.world.patterns:
                spans = {
                    str(weekday + 1): [f"{starts:%H:%M}", f"{ends:%H:%M}"]
                    for weekday, (starts, ends) in version.hours.items()
                }
                tx.add(
                    WorkPatternVersion(
                        pattern_id=ids[version.pattern], first_day=version.valid_from,
                        spans=spans, source="SE tahun simulasi",
                    )
                )  # fmt: skip
        for code, unit in self.world.units.items():
            if unit.pattern == "SHIFT":
                for letter, (starts, ends) in truth.SHIFT_HOURS.items():
                    shifts.set_letter(
                        self.db, EVE, system("feed"), self.unit_ids[code], letter, starts, ends,
                        date(2025, 1, 1),
                    )  # fmt: skip

    def _officials_of(self, code: str) -> list[str]:
        """Who may hold a unit's posts: those who are there all the year, by NIP."""
        return sorted(
            nip
            for nip, person in self.world.people.items()
            if [(s.unit, s.last) for s in person.stints] == [(code, None)]
            and person.stints[0].first <= truth.FIRST
        )

    def _account(self, login: str, role: Role, code: str | None) -> Viewer:
        with self.db.begin() as tx:
            unit = tx.get_one(Unit, self.unit_ids[code]) if code else None
            account = Account(
                login=login, password_hash="-", role=role, unit_id=unit.id if unit else None,
                created_at=EVE,
            )  # fmt: skip
            tx.add(account)
            tx.flush()
            return Viewer(account.id, role, unit.path if unit else None)

    # --- the roster --------------------------------------------------------------------------

    def _import(self, now: datetime, as_of: date, *, people: bool = True) -> object:
        """The agency's whole list as it stands on a day, imported as a whole."""
        sheets = {"units": _sheet("units", UNIT_COLUMNS, self._unit_rows())}
        if people:
            rows = list(self._people_rows(now, as_of))
            sheets["employees"] = _sheet("employees", PEOPLE_COLUMNS, rows)
            sheets["posts"] = _sheet("posts", POST_COLUMNS, list(self._post_rows()))
        return import_roster(self.db, now, system("feed"), sheets, Options(as_of))

    def _unit_rows(self) -> list[tuple[str, ...]]:
        top = ("PROV", "Provinsi Simulasi", "", "Provinsi", "", "")
        return [top] + [
            (
                unit.code, unit.name, "PROV", "RSUD" if unit.pattern == "SHIFT" else "UPT",
                unit.zone, unit.pattern,
            )
            for unit in self.world.units.values()
        ]  # fmt: skip

    def _people_rows(self, now: datetime, as_of: date) -> Iterator[tuple[str, ...]]:
        for number, (nip, person) in enumerate(sorted(self.world.people.items())):
            stint = stint_on(person, as_of)
            if stint is None:
                continue
            pin = stint.pin if stint.pin_known_at <= now else ""
            boss = self._boss_of(nip, stint.unit, number)
            employment = "PPPK" if int(nip[12:14]) > 12 else "PNS"
            phone = f"0811{number:07d}"
            yield nip, person.name, employment, stint.unit, phone, boss, pin

    def _boss_of(self, nip: str, unit: str, number: int) -> str:
        """The head leads the officials and the teams' supervisors, these everybody else."""
        head, kasubag, operator, *others = self._officials[unit]
        if nip == head:
            return ""
        leads = others[: max(self.world.units[unit].headcount // TEAM, 1)]
        if nip in (kasubag, operator, *leads):
            return head
        return leads[number % len(leads)]

    def _post_rows(self) -> Iterator[tuple[str, ...]]:
        for unit, (head, kasubag, operator, *_) in self._officials.items():
            yield unit, "Kepala", head, "01/12/2025"
            yield unit, "Kasubag Umum", kasubag, "01/12/2025"
            yield unit, "Operator", operator, "01/12/2025"
        sekda = self._officials[next(iter(self._officials))][-1]
        yield "PROV", "Kepala", sekda, "01/12/2025"

    def _learn_people(self) -> None:
        with self.db.read() as session:
            rows = session.execute(select(Employee.nip, Employee.id)).all()
        self.ids = {str(nip): employee_id for nip, employee_id in rows}
        self.nip_of = {employee_id: nip for nip, employee_id in self.ids.items()}

    def _change_roster(self, as_of: date, now: datetime) -> None:
        report = self._import(now, as_of)
        assert report.stored, (report.refusal, report.faults)  # type: ignore[attr-defined]
        self._learn_people()

    # --- the year ----------------------------------------------------------------------------

    def _later(self, at: datetime, happens: Callable[[datetime], object], turn: int = 5) -> None:
        self._arrivals.append(Arrival(max(at, EVE), turn, next(self._numbers), happens))

    def _plan(self) -> None:
        """Every fact of the world becomes an arrival at the instant at which it becomes known."""
        for each in self.world.calendar:
            self._later(each.known_at, partial(self._declare_day, each))
        self._plan_people()
        for roster in self.world.rosters:
            if roster.published_at is not None:
                self._later(roster.published_at, partial(self._publish, roster))
        for swap in self.world.swaps:
            self._later(swap.agreed_at, partial(self._swap, swap))
        for place, word in enumerate(self.world.words):
            self._later(word.heard_at, partial(self._hear, place, word))
            if word.decided_at is not None and word.by == "employee":
                self._later(word.decided_at, partial(self._decide, place, word), 6)
        for name, terminal in self.world.terminals.items():
            for at in terminal.reads:
                self._later(at, partial(self._pull, name), 4)
            for fault in terminal.faults:
                self._plan_fault(name, terminal, fault)
        for day in self.world.days.values():
            for scan in day.scans:
                if scan.believed_at is not None and (ahead := self._ahead_alone(day, scan)):
                    self._later(scan.believed_at, partial(self._right_row, scan, ahead))

    def _plan_people(self) -> None:
        changes: set[date] = set()
        for nip, person in self.world.people.items():
            for stint in person.stints:
                changes.add(stint.first)
                if stint.last is not None:
                    changes.add(stint.last + timedelta(days=1))
                if stint.pin_known_at > max(midnight(stint.first) - DECREED, EVE):
                    self._later(stint.pin_known_at, partial(self._map_id, nip, stint))
            if person.own_pattern is not None:
                since, pattern = person.own_pattern
                self._later(midnight(since), partial(self._give_pattern, nip, since, pattern), 1)
        for day in changes:
            if truth.FIRST < day <= truth.LAST:
                self._later(midnight(day) - DECREED, partial(self._change_roster, day), 0)

    def _declare_day(self, each: truth.CalendarDay, now: datetime) -> None:
        for code in sorted(each.units):
            time_rules.add_entry(
                self.db, now, self.bkd,
                time_rules.NewEntry(
                    CALENDAR[each.free], each.day, each.day, self.unit_ids[code], each.name, "SKB"
                ),
            )  # fmt: skip

    def _give_pattern(self, nip: str, since: date, pattern: str, now: datetime) -> None:
        time_rules.give_pattern(self.db, now, self.bkd, pattern, since, nip=nip)

    def _map_id(self, nip: str, stint: Stint, now: datetime) -> None:
        """The operator finds out whose the unknown ID is, back to the first day in the unit."""
        for name in self._names_in(stint.unit):
            pins.map_id(self.db, now, system("feed"), name, stint.pin, nip, stint.first)

    def _names_in(self, unit: str) -> list[str]:
        return [
            name
            for terminal in self.world.terminals.values()
            if terminal.unit == unit
            for name in self._hanging[terminal.name]
        ]

    # --- wards -------------------------------------------------------------------------------

    def _publish(self, roster: truth.Roster, now: datetime) -> None:
        grid = {self.ids[nip]: letters for nip, letters in roster.letters.items()}
        done = shifts.publish(
            self.db, now, self._ward[roster.unit][0].actor, self.unit_ids[roster.unit],
            roster.month, grid,
        )  # fmt: skip
        assert not done.bad, done.bad

    def _swap(self, swap: truth.Swap, now: datetime) -> None:
        one, other = self._ward[swap.unit]
        number = swaps.propose(
            self.db, now, one, self.unit_ids[swap.unit], self.ids[swap.one], self.ids[swap.other],
            [swap.day], "keluarga",
        )  # fmt: skip
        swaps.confirm(self.db, now, other, number)

    # --- words -------------------------------------------------------------------------------

    def _hear(self, place: int, word: Word, now: datetime) -> None:
        if word.by == "operator":
            done = duty.type_duty(
                self.db,
                now,
                self.bkd,
                word.nip,
                word.first,
                word.last,
                "Samarinda",
                "rapat",
                "ST-1",
            )
            assert done.case_ids, done.faults
            return
        about = self.ids[word.nip]
        half = HalfDay(word.half) if word.half else HalfDay.FULL
        forgot = word.kind is WordKind.FORGOT_SCANS
        request = Request(
            KINDS[word.kind], word.first, word.last, half, half,
            correction="forgot_scan" if forgot else None,
        )  # fmt: skip
        with self.db.begin() as tx:
            filed = cases.submit(
                tx, now, employee(about), about, request, source="sms",
                asks=word.by == "employee",
            )  # fmt: skip
            assert not filed.was_there, word
            self._cases[place] = filed.case.id
        if word.by == "supervisor":
            self._decide(place, word, now)

    def _decide(self, place: int, word: Word, now: datetime) -> None:
        """The supervisor answers; what is approved goes over both desks at once."""
        with self.db.begin() as tx:
            case = tx.get_one(Case, self._cases[place])
            if case.decider is not None:
                agrees = word.decision is Decision.APPROVED
                move = Move.AGREE if agrees else Move.REFUSE
                cases.decide(
                    tx, now, employee(case.decider.id), case, case.decider, move, note="lewat SMS"
                )
            elif word.decision is Decision.REFUSED:
                cases.withdraw_in(tx, now, self.bkd.actor, case, "ditolak BKD")
        if word.decision is Decision.APPROVED:
            self._over_the_desks(self._cases[place], now)

    def _over_the_desks(self, case_id: int, now: datetime) -> None:
        desk: dict[WaitingFor, Callable[[Database, datetime, Actor, int, int], None]] = {
            WaitingFor.KASUBAG: cases.pass_on,
            WaitingFor.OPERATOR: cases.record,
        }
        while (case := self._case(case_id)).waiting_for in desk:
            desk[case.waiting_for](self.db, now, self.bkd.actor, case_id, case.version)  # type: ignore[index]

    def _case(self, case_id: int) -> Case:
        with self.db.read() as session:
            return session.get_one(Case, case_id)

    # --- terminals ---------------------------------------------------------------------------

    def _pull(self, name: str, now: datetime) -> None:
        memory = self._memories[name]
        with self.db.read() as session:
            terminal_id = terminals.named(session, self._hanging[name][-1]).id
        outcome = pulls.pull(
            self.db, lambda: now,
            lambda address, *, held=None, deadline_s=0.0: memory.read(now, address, held),
            terminal_id, full=False,
        )  # fmt: skip
        assert outcome.ok, outcome

    def _plan_fault(self, name: str, terminal: truth.Terminal, fault: truth.Fault) -> None:
        if fault.kind is FaultKind.DEAD_SENSOR and terminal.unit == CALLS_AT_ONCE:
            self._plan_outage(terminal, fault)
        elif fault.kind is FaultKind.DATA_LOST:
            self._later(fault.end, partial(self._replace, name, terminal.unit), 3)
        elif fault.kind is FaultKind.WRONG_CLOCK and fault.offset_known_at is not None:
            self._later(fault.offset_known_at, partial(self._right_clock, name, terminal, fault))

    def _plan_outage(self, terminal: truth.Terminal, fault: truth.Fault) -> None:
        """Here somebody calls the technician at once, who declares it, for five days at a time.
        Everywhere else the house has to find out by itself that a sensor is dead."""
        unit = self.world.units[terminal.unit]
        first, last = (unit.local(at).date() for at in (fault.start, fault.end - SECOND))
        declared_at = fault.start
        while first <= last:
            until = min(first + timedelta(days=4), last)
            self._later(declared_at, partial(self._declare_out, terminal, first, until), 3)
            first = until + timedelta(days=1)
            declared_at = unit.utc(first, time(0))

    def _declare_out(
        self, terminal: truth.Terminal, first: date, until: date, now: datetime
    ) -> None:
        outages.declare(
            self.db, now, self.technician, self.unit_ids[terminal.unit], first, until,
            "sensor mati", self._hanging[terminal.name][-1],
        )  # fmt: skip

    def _replace(self, name: str, unit: str, now: datetime) -> None:
        """The burnt terminal goes, another takes its place."""
        hung = self._hanging[name]
        new = NewTerminal(f"{name}-{len(hung) + 1}", unit, host=self._free_address())
        replacement.replace(self.db, now, system("feed"), hung[-1], new, "terbakar")
        hung.append(new.name)

    def _right_clock(
        self, name: str, terminal: truth.Terminal, fault: truth.Fault, now: datetime
    ) -> None:
        """People have found out how wrong the clock was; the period as it wrote it is corrected."""
        unit = self.world.units[terminal.unit]
        shown = [f"{unit.local(at) + fault.offset}" for at in (fault.start, fault.end)]
        clocks.correct(
            self.db, now, self.technician, self._hanging[name][-1], shown[0][:19], shown[1][:19],
            int(fault.offset.total_seconds()), "dibandingkan dengan jam ponsel",
        )  # fmt: skip

    def _ahead_alone(self, day: truth.DayTruth, scan: truth.Scan) -> timedelta:
        """By how much one row is wrong although its terminal's clock is right."""
        ahead = scan.stamp - self.world.units[day.unit or ""].local(scan.at)
        return ahead - self._memories[scan.terminal].offset_at(scan.at)

    def _right_row(self, scan: truth.Scan, ahead: timedelta, now: datetime) -> None:
        """One record of an impossible year gets its true time."""
        clocks.correct(
            self.db, now, self.technician, self._hanging[scan.terminal][-1], f"{scan.stamp}",
            f"{scan.stamp}", int(ahead.total_seconds()), "satu rekaman bertahun 2030",
        )  # fmt: skip


def stint_on(person: truth.Person, day: date) -> Stint | None:
    """Where a person works on a date."""
    return next(
        (s for s in person.stints if s.first <= day and (s.last is None or day <= s.last)), None
    )


def midnight(day: date) -> datetime:
    """Five minutes past midnight in WITA."""
    return datetime.combine(day, time(0, 5), UTC) - HOME_HOURS


def _sheet(name: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Sheet:
    lines = [(1, list(columns)), *((n, list(row)) for n, row in enumerate(rows, 2))]
    return Sheet(f"{name}.csv", lines)
