"""What happens to days in real life: each case as facts in a database, derived as workers do it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from services import clocks, conversation, days, inbox, pins
from sms.gateway import RawPart
from store import day_queries
from store.calendars import (
    CalendarEntry,
    CalendarKind,
    PatternAssignment,
    RosterDay,
    ShiftKind,
    WorkPatternRow,
    WorkPatternVersion,
)
from store.cases import Case, Draft
from store.days import AttendanceDay, DirtyDay
from store.db import Database
from store.log import Install
from store.messages import OutboundSms
from store.people import Assignment, Employee, Unit
from store.punches import Terminal, TerminalId
from tests.cast import BUDI_PHONE, SRI_PHONE
from tests.services.day_world import (
    FRIDAY,
    MONDAY,
    PINS,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    WITA,
    World,
    after,
    at,
)

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


@pytest.fixture
def world(db: Database) -> World:
    return World(db)


def everybody(world: World, *dates: date, now: datetime) -> dict[tuple[int, date], AttendanceDay]:
    """All stored days of these dates after a merge at `now`."""
    world.now = now
    days.merge(world.db, lambda: now, min(dates), max(dates), "UPT1")
    with world.db.read() as session:
        rows = session.scalars(select(AttendanceDay).where(AttendanceDay.day.in_(dates)))
        return {(row.employee_id, row.day): row for row in rows}


# --- terminals -------------------------------------------------------------------------------


def test_a_terminal_that_was_offline_and_tells_later_changes_only_the_days_it_tells_of(
    world: World,
) -> None:
    world.scan("budi", MONDAY, "07:20", "16:05")
    world.read_up_to(at(MONDAY, "23:59:59") + timedelta(seconds=1))
    before = everybody(world, MONDAY, TUESDAY, WEDNESDAY, now=after(WEDNESDAY))
    assert before[world.cast.budi, MONDAY].status == "present"
    assert before[world.cast.budi, TUESDAY].status == "awaiting_data"
    assert before[world.cast.budi, TUESDAY].reasons == ["not_read_to_the_end"]
    world.now = after(THURSDAY)
    world.scan("budi", TUESDAY, "07:25", "16:10")
    world.scan("budi", WEDNESDAY, "07:40", "16:01")
    world.read_up_to(after(THURSDAY))
    world.touch("budi", TUESDAY, WEDNESDAY)
    world.derive()
    assert world.stored("budi", TUESDAY).status == "present"
    assert world.stored("budi", WEDNESDAY).late_minutes == 10
    monday = world.stored("budi", MONDAY)
    assert (monday.last_out, monday.as_of) == (at(MONDAY, "16:05"), after(WEDNESDAY))


def test_who_waited_for_an_unknown_id_is_judged_once_it_is_mapped(world: World) -> None:
    """The scan was nobody's and so perhaps Budi's; now it is Sri's, and nothing else is open."""
    world.stick(world.cast.terminal, ("999", TUESDAY, "07:31", 0))
    assert world.day("budi", TUESDAY).reasons == ["unresolved_records"]
    bkd = world.cast.viewer("yusuf").actor
    pins.map_id(world.db, world.now, bkd, "UPT1-A", "999", "198002022005022002")
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"


def test_who_gets_an_id_afterwards_is_judged_also_for_days_without_a_scan(world: World) -> None:
    with world.db.begin() as tx:
        tx.execute(delete(TerminalId).where(TerminalId.employee_id == world.cast.budi))
    assert world.day("budi", TUESDAY).reasons == ["no_mapped_id"]
    bkd = world.cast.viewer("yusuf").actor
    pins.map_id(world.db, world.now, bkd, "UPT1-A", "101", "199001012015011001", MONDAY)
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"


def test_who_waited_for_a_clock_is_judged_once_it_is_corrected(world: World) -> None:
    world.now = at(TUESDAY, "12:00")
    world.read_up_to(datetime(2026, 12, 31, tzinfo=UTC), clock_offset=3600)
    world.now = after(TUESDAY)
    world.read_up_to(datetime(2026, 12, 31, tzinfo=UTC))
    assert world.day("budi", TUESDAY).reasons == ["clock_unknown"]
    clocks.correct(
        world.db, world.now, world.cast.viewer("yusuf"), "UPT1-A", f"{TUESDAY} 00:00:00",
        f"{TUESDAY} 23:59:59", 3600, "jam ponsel",
    )  # fmt: skip
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"


def test_who_waited_for_a_record_of_2030_is_judged_once_it_is_righted(world: World) -> None:
    world.now = at(TUESDAY, "09:00")
    world.stick(world.cast.terminal, ("102", date(2030, 11, 24), "07:31", 0))
    world.now = after(TUESDAY)
    assert world.day("budi", TUESDAY).reasons == ["unresolved_records"]
    ahead = (date(2030, 11, 24) - TUESDAY) // timedelta(seconds=1)
    clocks.correct(
        world.db, world.now, world.cast.viewer("yusuf"), "UPT1-A", "2030-11-24 07:31:00",
        "2030-11-24 07:31:00", ahead, "CCTV",
    )  # fmt: skip
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"
    assert world.stored("sri", TUESDAY).first_in == at(TUESDAY, "07:31")


def test_a_righted_scan_stays_with_whose_the_id_was_when_it_was_made(world: World) -> None:
    """Sri hands her ID on in December; the stamp of 2030 is of November all the same."""
    world.now = at(TUESDAY, "09:00")
    world.stick(world.cast.terminal, ("102", date(2030, 11, 24), "07:31", 0))
    ahead = (date(2030, 11, 24) - TUESDAY) // timedelta(seconds=1)
    bkd = world.cast.viewer("yusuf")
    clocks.correct(
        world.db, world.now, bkd, "UPT1-A", "2030-11-24 07:31:00", "2030-11-24 07:31:00", ahead,
        "CCTV",
    )  # fmt: skip
    pins.map_id(
        world.db, world.now, bkd.actor, "UPT1-A", "102", "199001012015011001", date(2026, 12, 1)
    )
    assert world.day("sri", TUESDAY, after(TUESDAY)).first_in == at(TUESDAY, "07:31")
    assert world.day("budi", TUESDAY).status == "absent"


def test_one_stamp_of_2030_moves_nothing_and_hides_nothing(world: World) -> None:
    world.stick(world.cast.terminal, ("101", date(2030, 1, 1), "07:20", 0))
    world.scan("budi", TUESDAY, "07:20", "16:05")
    found = everybody(world, MONDAY, TUESDAY, now=after(TUESDAY))
    assert found[world.cast.budi, TUESDAY].status == "present"
    # whose the impossible stamp is nobody knows, so nobody is accused on the days it may be of
    assert found[world.cast.sri, TUESDAY].status == "awaiting_data"
    assert found[world.cast.sri, TUESDAY].reasons == ["unresolved_records"]
    with world.db.read() as session:
        assert session.scalar(select(AttendanceDay).where(AttendanceDay.day.between(
            date(2029, 12, 1), date(2030, 12, 31)))) is None  # fmt: skip


def test_the_same_punches_twice_are_once(world: World) -> None:
    world.scan("budi", TUESDAY, "07:20", "16:05")
    first = world.day("budi", TUESDAY, after(TUESDAY))
    world.now += timedelta(minutes=5)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    with world.db.read() as session:
        assert session.scalar(select(DirtyDay.day)) is None
    assert world.stored("budi", TUESDAY).why == first.why
    assert sum(fact["code"] == "scan" for fact in first.why) == 2


def test_a_forgotten_check_out_is_a_missing_scan_and_the_next_day_stands_alone(
    world: World,
) -> None:
    world.scan("budi", MONDAY, "07:20")
    world.scan("budi", TUESDAY, "07:22", "16:03")
    found = everybody(world, MONDAY, TUESDAY, now=after(TUESDAY))
    monday = found[world.cast.budi, MONDAY]
    assert (monday.status, monday.missing_out, monday.last_out) == ("incomplete", True, None)
    assert found[world.cast.budi, TUESDAY].first_in == at(TUESDAY, "07:22")


@pytest.mark.parametrize("keys", [(255, 255), (1, 1), (4, 5)])
def test_the_key_code_makes_no_difference(world: World, keys: tuple[int, int]) -> None:
    terminal, pin = world.cast.terminal, PINS["budi"]
    world.stick(terminal, (pin, TUESDAY, "07:20", keys[0]), (pin, TUESDAY, "16:05", keys[1]))
    day = world.day("budi", TUESDAY, after(TUESDAY))
    assert (day.status, day.first_in, day.last_out) == (
        "present", at(TUESDAY, "07:20"), at(TUESDAY, "16:05"),
    )  # fmt: skip


def test_a_dead_sensor_accuses_nobody(world: World) -> None:
    """The terminal answers and is read, but lays hardly any finger down."""
    for week in (1, 2, 3, 4):
        day = TUESDAY - timedelta(days=7 * week)
        lines = [(pin, day, clock, 0) for pin in PINS.values() for clock in ("07:20", "16:05")]
        world.stick(world.cast.terminal, *lines)
    world.scan("sri", TUESDAY, "07:20")
    found = everybody(world, TUESDAY, now=after(TUESDAY))
    assert found[world.cast.budi, TUESDAY].status == "awaiting_data"
    assert "low_traffic" in found[world.cast.budi, TUESDAY].reasons


def test_a_cable_pulled_for_a_week_accuses_nobody_and_excuses_nobody(world: World) -> None:
    week = [MONDAY + timedelta(days=n) for n in range(5)]
    world.read_up_to(at(MONDAY, "06:00"))
    found = everybody(world, *week, now=after(week[-1] + timedelta(days=2)))
    assert {row.status for row in found.values()} == {"awaiting_data"}
    assert all("not_read_to_the_end" in row.reasons for row in found.values())
    world.now += timedelta(days=1)
    for day in week[:-1]:
        world.scan("budi", day, "07:20", "16:05")
    world.read_up_to(world.now)
    found = everybody(world, *week, now=world.now + timedelta(hours=2))
    budi = [found[world.cast.budi, day].status for day in week]
    assert budi == ["present"] * 4 + ["absent"]
    assert found[world.cast.sri, MONDAY].status == "absent"


def test_a_late_scan_of_an_unknown_id_takes_every_absence_of_that_date_back(world: World) -> None:
    found = everybody(world, MONDAY, TUESDAY, now=after(TUESDAY))
    assert found[world.cast.budi, TUESDAY].status == "absent"
    world.now += timedelta(hours=3)
    world.stick(world.cast.terminal, ("999", TUESDAY, "07:31", 0))
    world.derive()
    assert world.stored("budi", TUESDAY).reasons == ["unresolved_records"]
    assert world.stored("budi", MONDAY).status == "absent"
    pins.map_id(world.db, world.now, world.cast.viewer("yusuf").actor, "UPT1-A", "999",
                "198002022005022002")  # fmt: skip
    world.touch("budi", TUESDAY)
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"
    assert world.stored("sri", TUESDAY).status == "incomplete"


def test_an_unknown_id_after_midnight_may_be_the_night_nurses(world: World) -> None:
    on_shift(world, "budi", {TUESDAY: "M", WEDNESDAY: "L"})
    world.now = after(WEDNESDAY)
    world.stick(world.cast.terminal, ("999", WEDNESDAY, "01:10", 0))
    day = world.day("budi", TUESDAY, after(WEDNESDAY))
    assert (day.status, day.reasons) == ("awaiting_data", ["unresolved_records"])


def test_a_new_employee_without_an_id_waits_and_gets_their_scans_when_mapped(world: World) -> None:
    with world.db.begin() as tx:
        tx.execute(update(TerminalId).where(TerminalId.pin == "101").values(pin="777"))
    world.scan("budi", TUESDAY, "07:20", "16:05")  # the finger is laid down as 101
    with world.db.begin() as tx:
        tx.query(TerminalId).filter_by(pin="777").delete()
    day = world.day("budi", TUESDAY, after(TUESDAY))
    assert (day.status, day.reasons) == ("awaiting_data", ["no_mapped_id", "unresolved_records"])
    bkd = world.cast.viewer("yusuf").actor
    pins.map_id(world.db, world.now, bkd, "UPT1-A", "101", "199001012015011001")
    world.derive()
    assert world.stored("budi", TUESDAY).status == "present"


# --- time ------------------------------------------------------------------------------------


def on_shift(world: World, who: str, letters: dict[date, str]) -> None:
    """Somebody works by roster: P 07-14, S 14-21, M 21-07."""
    employee = world.cast.__dict__[who]
    with world.db.begin() as tx:
        shift = tx.query(WorkPatternRow).filter_by(code="SHIFT").one_or_none()
        if shift is None:
            shift = WorkPatternRow(code="SHIFT", name="Jaga", is_shift=True)
            tx.add(shift)
            tx.flush()
            for letter, starts, ends in (("P", 7, 14), ("S", 14, 21), ("M", 21, 7)):
                tx.add(
                    ShiftKind(
                        unit_id=world.cast.unit, letter=letter, name=letter,
                        starts=time(starts), ends=time(ends), first_day=date(2020, 1, 1),
                    )
                )  # fmt: skip
        tx.add(
            PatternAssignment(employee_id=employee, pattern_id=shift.id, first_day=date(2020, 1, 1))
        )
        for day, letter in letters.items():
            tx.add(
                RosterDay(
                    employee_id=employee, day=day, unit_id=world.cast.unit, letter=letter,
                    published_at=world.now,
                )
            )  # fmt: skip
        world.touch(who, *letters, tx=tx)


def test_a_night_shift_over_midnight_and_over_the_months_end(world: World) -> None:
    last, first = date(2026, 11, 30), date(2026, 12, 1)
    on_shift(world, "budi", {last: "M", first: "L", date(2026, 11, 29): "L"})
    world.now = after(first)
    world.scan("budi", last, "20:50")
    world.scan("budi", first, "07:05")
    night = world.day("budi", last, after(first))
    assert (night.status, night.first_in, night.last_out) == (
        "present", at(last, "20:50"), at(first, "07:05"),
    )  # fmt: skip
    assert world.stored("budi", first).status == "day_off"
    assert (night.late_minutes, night.early_minutes, night.final) == (0, 0, True)


def test_a_shift_person_without_a_roster_waits(world: World) -> None:
    on_shift(world, "budi", {})
    day = world.day("budi", TUESDAY, after(TUESDAY))
    assert (day.status, day.reasons) == ("awaiting_data", ["no_roster"])


@pytest.mark.parametrize("zone", [WIB, WITA, WIT], ids=["WIB", "WITA", "WIT"])
@pytest.mark.parametrize(
    ("clock", "of"), [("23:58", TUESDAY), ("00:03", WEDNESDAY), ("00:59", WEDNESDAY)]
)
def test_a_scan_around_midnight_belongs_to_the_units_own_date(
    world: World, zone: ZoneInfo, clock: str, of: date
) -> None:
    with world.db.begin() as tx:
        tx.execute(update(Unit).values(time_zone=zone.key))
    world.now = datetime(2026, 11, 27, tzinfo=UTC)
    world.scan("budi", of, clock)
    seen = [world.day("budi", day, world.now).first_in for day in (MONDAY, TUESDAY, WEDNESDAY)]
    other = [world.stored("budi", day).last_out for day in (MONDAY, TUESDAY, WEDNESDAY)]
    found = [one or two for one, two in zip(seen, other, strict=True)]
    expected = {TUESDAY: 1, WEDNESDAY: 2}[of]
    assert found[expected] == at(of, clock, zone)
    assert [n for n, instant in enumerate(found) if instant] == [expected]


def test_a_holiday_added_later_takes_absences_back(world: World) -> None:
    found = everybody(world, TUESDAY, now=after(TUESDAY))
    assert found[world.cast.budi, TUESDAY].status == "absent"
    with world.db.begin() as tx:
        tx.add(
            CalendarEntry(
                kind=CalendarKind.HOLIDAY, first_day=TUESDAY, last_day=TUESDAY,
                unit_id=world.cast.province, name="Hari pemilihan", source="Keppres uji",
                known_at=world.now,
            )
        )  # fmt: skip
        tx.flush()
        day_queries.mark_unit_dirty(tx, [world.cast.unit], TUESDAY, TUESDAY, "calendar", world.now)
    world.derive()
    day = world.stored("budi", TUESDAY)
    assert (day.status, day.why[0]["name"]) == ("day_off", "Hari pemilihan")


def test_the_first_day_after_lebaran_as_wfa_expects_no_finger(world: World) -> None:
    wfa = date(2026, 3, 25)
    with world.db.begin() as tx:
        tx.add(
            CalendarEntry(
                kind=CalendarKind.WFA, first_day=wfa, last_day=date(2026, 3, 27),
                unit_id=world.cast.province, name="WFA setelah Lebaran",
                source="SE 000.8.3/1276/B.ORG-III/2026", known_at=world.now,
                windows=[["06:30", "07:30"], ["11:00", "13:00"]],
            )
        )  # fmt: skip
    found = everybody(world, wfa, now=after(wfa))
    assert {row.status for row in found.values()} == {"wfa"}
    assert all(row.final for row in found.values())


def test_unit_pattern_and_id_change_in_the_middle_of_a_month(world: World) -> None:
    """From Wednesday on Budi works at another unit, by a six-day week, under another ID."""
    with world.db.begin() as tx:
        mine = Assignment.employee_id == world.cast.budi
        tx.execute(update(Assignment).where(mine).values(last_day=TUESDAY))
        there = tx.query(Unit).filter_by(code="BKD").one()
        tx.add(Assignment(employee_id=world.cast.budi, unit_id=there.id, first_day=WEDNESDAY))
        terminal = Terminal(
            name="BKD-A", unit_id=there.id, registered_at=datetime(2020, 1, 1, tzinfo=UTC),
            complete_up_to=datetime(2026, 12, 31, tzinfo=UTC), clock_offset=0,
        )  # fmt: skip
        six = WorkPatternRow(code="6D", name="Enam hari")
        tx.add_all([terminal, six])
        tx.flush()
        hours = {str(n): ["08:00", "15:00"] for n in range(1, 7)}
        tx.add(
            WorkPatternVersion(
                pattern_id=six.id, first_day=date(2020, 1, 1), spans=hours, source="uji"
            )
        )
        tx.add(
            PatternAssignment(employee_id=world.cast.budi, pattern_id=six.id, first_day=WEDNESDAY)
        )
        old = tx.query(TerminalId).filter_by(pin="101").one()
        old.last_day = TUESDAY
        tx.add(
            TerminalId(
                terminal_id=terminal.id, pin="42", employee_id=world.cast.budi,
                first_day=WEDNESDAY,
            )
        )  # fmt: skip
        terminal_id, unit_id = terminal.id, there.id
    saturday = date(2026, 11, 28)
    world.now = after(saturday)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    world.stick(terminal_id, ("42", WEDNESDAY, "08:10", 0), ("42", WEDNESDAY, "15:30", 0))
    tuesday = world.day("budi", TUESDAY, after(saturday))
    wednesday = world.day("budi", WEDNESDAY)
    assert (tuesday.unit_id, tuesday.status, tuesday.late_minutes) == (
        world.cast.unit, "present", 0,
    )  # fmt: skip
    assert (wednesday.unit_id, wednesday.late_minutes) == (unit_id, 10)
    # the sixth day is a working day there, and nothing in UPT1's terminal is asked about it
    assert world.day("budi", saturday).status == "absent"
    assert {f["terminal"] for f in world.stored("budi", saturday).why if f["code"] == "terminal"} \
        == {"BKD-A"}  # fmt: skip


def test_on_study_nothing_is_expected(world: World) -> None:
    with world.db.begin() as tx:
        study = WorkPatternRow(code="TB", name="Tugas belajar")
        tx.add(study)
        tx.flush()
        tx.add(
            PatternAssignment(
                employee_id=world.cast.budi, pattern_id=study.id, first_day=date(2026, 9, 1)
            )
        )
    assert world.day("budi", TUESDAY, after(TUESDAY)).status == "study"


def test_out_of_service_there_is_no_day(world: World) -> None:
    assert world.day("budi", TUESDAY, after(TUESDAY)).status == "absent"
    with world.db.begin() as tx:
        tx.get_one(Employee, world.cast.budi).in_service_to = MONDAY
        world.touch("budi", TUESDAY, tx=tx)
    world.derive()
    with world.db.read() as session:
        assert session.get(AttendanceDay, (TUESDAY, world.cast.budi)) is None


# --- words -----------------------------------------------------------------------------------


def test_leave_decided_later_takes_the_absence_back(world: World) -> None:
    case_id = world.case("budi", CaseKind.ANNUAL, TUESDAY, status=CaseStatus.OPEN)
    assert world.day("budi", TUESDAY, after(TUESDAY)).status == "awaiting_decision"
    world.decide(case_id, CaseStatus.REFUSED)
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"
    world.decide(case_id, CaseStatus.CONFIRMED)
    world.derive()
    assert world.stored("budi", TUESDAY).status == "on_leave"


@pytest.mark.parametrize("leave_first", [True, False])
def test_half_a_day_of_leave_and_half_a_day_there_in_either_order(
    world: World, leave_first: bool
) -> None:
    steps = [
        lambda: world.case("budi", CaseKind.ANNUAL, TUESDAY,
                           start_half=HalfDay.AM, end_half=HalfDay.AM),
        lambda: world.scan("budi", TUESDAY, "12:55", "16:02"),
    ]  # fmt: skip
    for step in steps if leave_first else reversed(steps):
        step()
        world.derive(after(TUESDAY))
    day = world.stored("budi", TUESDAY)
    assert (day.status, day.excuse, day.kind) == ("present", "am", "annual")
    assert (day.late_minutes, day.early_minutes, day.final) == (0, 0, True)


@pytest.mark.parametrize("waiting_for", [WaitingFor.SUPERVISOR, WaitingFor.KASUBAG])
def test_a_silent_supervisor_or_desk_never_turns_the_day_against_anybody(
    world: World, waiting_for: WaitingFor
) -> None:
    case_id = world.case("budi", CaseKind.PERMISSION, TUESDAY, status=CaseStatus.OPEN)
    with world.db.begin() as tx:
        tx.get_one(Case, case_id).waiting_for = waiting_for
    for weeks in (0, 1, 8):
        world.derive(after(TUESDAY) + timedelta(weeks=weeks))
        days.mark_passing_time(world.db, world.now)
        world.derive()
        assert world.stored("budi", TUESDAY).reasons == ["open_case"]
    world.decide(case_id, CaseStatus.LAPSED)
    world.derive()
    day = world.stored("budi", TUESDAY)
    assert (day.status, day.reasons) == ("awaiting_decision", ["lapsed_case"])


def text(world: World, number: str, words: str, sent_at: datetime) -> None:
    """An SMS comes in now that was sent then, and Hadir answers it."""
    part = RawPart("sim:1", number, words, sent_at, f"k{number}{sent_at}{words}")
    inbox.take_in(world.db, world.now, part)
    conversation.answer_waiting(world.db, lambda: world.now)


def test_an_sms_that_arrives_nine_hours_late_takes_the_absence_back(world: World) -> None:
    assert world.day("budi", TUESDAY, after(TUESDAY)).status == "absent"
    text(world, BUDI_PHONE, "SAKIT HARI INI", at(TUESDAY, "23:00"))
    world.derive()
    assert world.stored("budi", TUESDAY).status == "awaiting_decision"
    with world.db.read() as session:
        assert session.scalars(select(Case)).one().start_date == TUESDAY


def test_an_sms_that_nobody_could_read_is_word_given_until_somebody_has_read_it(
    world: World,
) -> None:
    assert world.day("budi", TUESDAY, after(TUESDAY)).status == "absent"
    text(world, BUDI_PHONE, "xyzzy qwerty blorb", at(TUESDAY, "07:00"))
    world.derive()
    assert world.stored("budi", TUESDAY).reasons == ["unread_message"]
    why = world.stored("budi", TUESDAY).why
    number = next(fact["message"] for fact in why if fact["code"] == "message")
    inbox.mark_unread(world.db, world.now, world.cast.viewer("dewi"), number, "salah kirim")
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"


def test_the_boss_reports_by_sms_and_the_day_waits_from_the_first_word_on(world: World) -> None:
    assert world.day("budi", TUESDAY, after(TUESDAY)).status == "absent"
    with world.db.begin() as tx:  # "Budi sakit hari ini" was asked back: confirm?
        tx.add(
            Draft(
                employee_id=world.cast.sri, number=SRI_PHONE, question="confirm_report",
                fields={"employee_id": world.cast.budi}, about_from=TUESDAY, about_to=TUESDAY,
                asked_at=world.now, expires_at=world.now + timedelta(hours=12),
            )
        )  # fmt: skip
        days.mark_words(tx, world.now, world.cast.budi, [(TUESDAY, TUESDAY)])
    world.derive()
    assert world.stored("budi", TUESDAY).reasons == ["open_draft"]
    assert world.day("sri", TUESDAY).status == "absent"  # the word is about Budi, not about Sri


def test_an_unreadable_word_of_the_supervisor_that_names_somebody_protects_them(
    world: World,
) -> None:
    text(world, SRI_PHONE, "budi tdk blorb qwerty zzz", at(TUESDAY, "08:10"))
    found = everybody(world, TUESDAY, now=after(TUESDAY))
    with world.db.read() as session:
        unread = session.scalar(select(OutboundSms.id).where(OutboundSms.number == SRI_PHONE))
    assert unread is not None
    assert found[world.cast.budi, TUESDAY].status == "awaiting_decision"
    assert found[world.cast.rahmat, TUESDAY].status == "absent"


# --- workers ---------------------------------------------------------------------------------


def test_a_worker_killed_in_the_middle_leaves_its_days_to_the_next(world: World) -> None:
    world.scan("budi", TUESDAY, "07:20", "16:05")
    with world.db.begin() as tx:  # claimed, then the machine lost power
        claimed = day_queries.claim(tx, world.now, world.now + days.LEASE, 100)
    assert (world.cast.budi, TUESDAY) in claimed.keys
    assert world.derive(after(TUESDAY)) == 0  # they are another's for three minutes
    assert world.derive(after(TUESDAY) + timedelta(minutes=4)) == len(claimed.keys)
    assert world.stored("budi", TUESDAY).status == "present"


def test_a_worker_that_comes_back_too_late_writes_nothing(world: World) -> None:
    world.touch("budi", TUESDAY)
    late_until = world.now + days.LEASE
    with world.db.begin() as tx:
        claimed = day_queries.claim(tx, world.now, late_until, 100)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    world.derive(world.now + timedelta(minutes=10))
    with world.db.begin() as tx:
        assert day_queries.still_held(tx, claimed) == []
    assert world.stored("budi", TUESDAY).status == "present"


def test_a_fact_that_comes_while_its_day_is_derived_is_not_lost(world: World) -> None:
    world.touch("budi", TUESDAY)
    with world.db.begin() as tx:
        claimed = day_queries.claim(tx, world.now, world.now + days.LEASE, 100)
    world.scan("budi", TUESDAY, "07:20", "16:05")  # marks the day once more
    with world.db.begin() as tx:
        day_queries.finish(tx, claimed)
    assert world.derive(after(TUESDAY)) >= 1
    assert world.stored("budi", TUESDAY).status == "present"


def test_the_clock_alone_moves_a_day_from_not_due_to_asked_to_absent(world: World) -> None:
    with world.db.begin() as tx:
        tx.get_one(Install, 1).first_day = THURSDAY
    seen = []
    for clock in ("06:00", "09:01", "16:30"):
        now = at(THURSDAY, clock)
        days.mark_passing_time(world.db, now)
        world.derive(now)
        seen.append((world.stored("budi", THURSDAY).status, world.stored("budi", THURSDAY).reasons))
    days.mark_passing_time(world.db, at(FRIDAY, "00:01"))
    world.derive(at(FRIDAY, "00:01"))
    assert seen == [
        ("awaiting_data", ["not_due"]),
        ("awaiting_data", ["not_closed_yet"]),
        ("awaiting_data", ["not_closed_yet"]),
    ]
    assert world.stored("budi", THURSDAY).status == "absent"
    assert world.stored("budi", THURSDAY).final
