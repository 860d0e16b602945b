"""A roster comes in whole or not at all; again it changes nothing, changed only what changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update

from domain.access import Viewer, system
from domain.people import PostKind, Role
from services import identity, pins, terminals
from services.terminals import NewTerminal
from store import staff
from store.calendar_queries import RuleBook
from store.contacts import WAITS_FOR_SECOND
from store.days import DirtyDay
from store.db import Database
from store.log import LogEntry
from store.people import Assignment, Employee, Phone, PostHolder, Unit
from store.punches import TerminalId
from tests.rosters import (
    BUDI,
    DEWI,
    MONDAY,
    NOW,
    PEOPLE,
    POSTS,
    RAHMAT,
    SRI,
    UNITS,
    YUSUF,
    bring,
    changed,
    tables,
    without,
)

TUESDAY = MONDAY + timedelta(days=1)
FRIDAY = MONDAY + timedelta(days=4)
MANY = [
    {"nip": f"1990010120150110{n:02}", "name": f"Pegawai {n}", "unit_code": "UPT1"}
    for n in range(10, 40)
]


def person(db: Database, nip: str) -> Employee:
    with db.read() as session:
        found = staff.person_by_nip(session, nip)
    assert found is not None
    return found


def boss_of(db: Database, nip: str, day: date) -> str | None:
    with db.read() as session:
        boss = staff.supervisor_of(session, person(db, nip).id, day)
    return boss.nip if boss else None


def numbers_of(db: Database, nip: str, day: date) -> dict[str, str | None]:
    """A person's numbers on a day, each with why it is stopped."""
    with db.read() as session:
        rows = session.scalars(
            select(Phone).where(
                Phone.employee_id == person(db, nip).id,
                staff.holds_on(Phone.first_day, Phone.last_day, day),
            )
        )
        return {row.number: row.stop_reason for row in rows}


def count(db: Database, table: type) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_first_import_makes_units_people_posts_and_who_answers_for_whom(db: Database) -> None:
    report = bring(db, tables())
    assert report.stored and not report.faults
    assert boss_of(db, BUDI, MONDAY) == SRI  # by a post of Sri's own
    assert boss_of(db, SRI, MONDAY) == RAHMAT == boss_of(db, DEWI, MONDAY)  # by the Kasubag's post
    with db.read() as session:
        upt = session.scalars(select(Unit).where(Unit.code == "UPT1")).one()
        kasubag = staff.kasubag_of(session, upt.id, MONDAY)
        operator = staff.operator_of(session, upt.id, MONDAY)
        held = [post.kind for post in staff.posts_held_by(session, person(db, SRI).id, MONDAY)]
        rules = RuleBook(session, [person(db, BUDI).id], MONDAY, MONDAY)
        plan = rules.plan(person(db, BUDI).id, MONDAY)
    assert (kasubag and kasubag.nip, operator and operator.nip) == (RAHMAT, DEWI)
    assert held == [PostKind.SUPERVISOR]
    assert plan.starts == datetime.fromisoformat("2026-11-22T23:30:00+00:00")  # 07.30 WITA by 5D
    assert count(db, DirtyDay) == len(PEOPLE)


def test_the_same_file_again_changes_nothing_also_on_a_later_day(db: Database) -> None:
    bring(db, tables())
    entries = count(db, LogEntry)
    for day in (MONDAY, FRIDAY):
        report = bring(db, tables(), day)
        assert report.stored and not report.changes_anything
    assert count(db, LogEntry) == entries


def test_one_bad_row_and_nothing_is_stored(db: Database) -> None:
    report = bring(db, tables(people=changed(PEOPLE, BUDI, phones="rumah")))
    assert [fault.line for fault in report.faults] == [2]
    assert not report.stored and count(db, Employee) == count(db, Unit) == 0


def test_with_skip_bad_the_good_rows_are_stored_and_the_bad_person_stays_as_before(
    db: Database,
) -> None:
    bring(db, tables())
    rows = changed(PEOPLE, BUDI, phones="rumah", position="Staf")
    report = bring(db, tables(people=changed(rows, DEWI, position="Admin")), FRIDAY, skip_bad=True)
    assert report.stored and len(report.faults) == 1
    assert person(db, BUDI).in_service_to is None
    with db.read() as session:
        for nip, position in ((BUDI, ""), (DEWI, "Admin")):
            assignment = staff.assignment_on(session, person(db, nip).id, FRIDAY)
            assert assignment is not None and assignment.position == position


def test_with_a_nip_that_nobody_can_read_nobody_is_ended(db: Database) -> None:
    bring(db, tables())
    rows = [{**PEOPLE[0], "nip": "1.99E+17"}, *PEOPLE[1:]]
    report = bring(db, tables(people=rows), FRIDAY, skip_bad=True)
    assert report.stored and any("tidak seorang pun" in remark for remark in report.remarks)
    assert person(db, BUDI).in_service_to is None


def test_a_dry_run_says_the_same_and_stores_nothing(db: Database) -> None:
    dry = bring(db, tables(), dry_run=True)
    assert count(db, Employee) == 0 and not dry.stored
    real = bring(db, tables())
    assert (dry.counts, dry.remarks) == (real.counts, real.remarks)


def test_a_transfer_holds_from_its_day_and_the_past_stays(db: Database) -> None:
    bring(db, tables())
    moved = changed(PEOPLE, BUDI, unit_code="BKD", supervisor_nip=YUSUF, pins="7")
    bring(db, tables(people=moved), FRIDAY)
    assert boss_of(db, BUDI, FRIDAY - timedelta(days=1)) == SRI
    assert boss_of(db, BUDI, FRIDAY) == YUSUF
    with db.read() as session:
        before = staff.unit_of(session, person(db, BUDI).id, MONDAY)
        after = staff.unit_of(session, person(db, BUDI).id, FRIDAY)
    assert (before and before.code, after and after.code) == ("UPT1", "BKD")


def test_a_new_kasubag_takes_over_everybody_by_one_row(db: Database) -> None:
    bring(db, tables())
    posts = [{**POSTS[0], "nip": SRI, "from": "2026-11-27"}, POSTS[1]]
    people = changed(changed(PEOPLE, DEWI, supervisor_nip=SRI), RAHMAT, supervisor_nip=SRI)
    people = changed(changed(people, SRI, supervisor_nip=""), BUDI, supervisor_nip=SRI)
    bring(db, tables(people=people, posts=posts), FRIDAY)
    assert boss_of(db, DEWI, FRIDAY - timedelta(days=1)) == RAHMAT
    assert boss_of(db, DEWI, FRIDAY) == SRI
    with db.read() as session:
        assert len(session.scalars(
            select(Assignment).where(Assignment.employee_id == person(db, DEWI).id)
        ).all()) == 1  # fmt: skip


def test_who_is_missing_from_a_complete_file_left_the_day_before(db: Database) -> None:
    bring(db, tables())
    report = bring(db, tables(people=without(PEOPLE, BUDI)), FRIDAY)
    assert report.counts["pegawai keluar"] == 1
    last = FRIDAY - timedelta(days=1)
    assert person(db, BUDI).in_service_to == last
    assert numbers_of(db, BUDI, FRIDAY) == {} != numbers_of(db, BUDI, last)
    with db.read() as session:
        assert staff.unit_id_of(session, person(db, BUDI).id, FRIDAY) is None
        assert staff.unit_id_of(session, person(db, BUDI).id, last) is not None


def test_who_comes_back_is_in_service_again_with_the_gap_between(db: Database) -> None:
    bring(db, tables(people=[*PEOPLE, *MANY]))
    bring(db, tables(people=[*without(PEOPLE, BUDI), *MANY]), TUESDAY)
    report = bring(db, tables(people=[*PEOPLE, *MANY]), FRIDAY)
    assert report.counts["pegawai kembali"] == 1
    with db.read() as session:
        known = [
            staff.unit_id_of(session, person(db, BUDI).id, day) is not None
            for day in (MONDAY, TUESDAY, FRIDAY)
        ]
    assert known == [True, False, True] and person(db, BUDI).in_service_to is None


def test_a_file_that_looks_cut_off_is_refused_until_it_is_confirmed(db: Database) -> None:
    bring(db, tables(people=[*PEOPLE, *MANY]))
    report = bring(db, tables(), FRIDAY)
    assert report.refusal is not None and "--confirm-leavers" in report.refusal
    assert person(db, MANY[0]["nip"]).in_service_to is None
    report = bring(db, tables(), FRIDAY, leavers_confirmed=True)
    assert report.counts["pegawai keluar"] == len(MANY)


def test_a_unit_that_loses_everybody_is_asked_about_too(db: Database) -> None:
    few = [{**row, "unit_code": "BKD"} for row in MANY[:10]]
    others = [{**row, "nip": row["nip"].replace("1990", "1980", 1)} for row in MANY]
    others += [{**row, "nip": row["nip"].replace("1990", "1985", 1)} for row in MANY]
    bring(db, tables(people=[*without(PEOPLE, YUSUF), *few, *others]))
    report = bring(db, tables(people=[*without(PEOPLE, YUSUF), *others]), FRIDAY)
    assert report.refusal is not None and "BKD" in report.refusal


def test_an_import_never_goes_back_behind_the_last_one(db: Database) -> None:
    bring(db, tables(), FRIDAY)
    report = bring(db, tables(), MONDAY)
    assert report.refusal is not None and "2026-11-27" in report.refusal


# --- phones ----------------------------------------------------------------------------------


def verify(db: Database, nip: str) -> None:
    with db.begin() as tx:
        tx.execute(
            update(Phone).where(Phone.employee_id == person(db, nip).id).values(verified_at=NOW)
        )


def test_an_employees_new_number_holds_from_the_day_and_is_not_verified(db: Database) -> None:
    bring(db, tables())
    verify(db, BUDI)
    bring(db, tables(people=changed(PEOPLE, BUDI, phones="08110000009")), FRIDAY)
    assert numbers_of(db, BUDI, MONDAY) == {"+628110000001": None}
    assert numbers_of(db, BUDI, FRIDAY) == {"+628110000009": None}


def test_a_deciders_new_number_waits_for_a_second_person_and_the_old_one_stays(
    db: Database,
) -> None:
    bring(db, tables())
    verify(db, SRI)
    new = tables(people=changed(PEOPLE, SRI, phones="08110000009"))
    report = bring(db, new, FRIDAY)
    assert numbers_of(db, SRI, FRIDAY) == {
        "+628110000002": None,
        "+628110000009": WAITS_FOR_SECOND,
    }
    assert any("Sri Wahyuni" in remark for remark in report.remarks)
    with db.read() as session:
        assert staff.people_by_phone(session, "+628110000009", FRIDAY) == []
    assert not bring(db, new, FRIDAY).changes_anything


def test_a_number_that_waits_is_confirmed_in_the_panel_and_an_old_file_cannot_undo_it(
    db: Database,
) -> None:
    bring(db, tables())
    verify(db, SRI)
    bring(db, tables(people=changed(PEOPLE, SRI, phones="08110000009")))
    with db.read() as session:
        waiting = session.scalars(select(Phone).where(Phone.number == "+628110000009")).one()
    bkd = Viewer(1, Role.BKD, None)
    identity.confirm_number(db, NOW, bkd, waiting.id)
    assert {n for n, why in numbers_of(db, SRI, TUESDAY).items() if why is None} == {
        "+628110000009"
    }
    bring(db, tables(), TUESDAY)  # a file that still has the number that was given up
    now_held = numbers_of(db, SRI, TUESDAY)
    assert [n for n, why in now_held.items() if why is None] == ["+628110000009"]


def test_a_shared_number_is_taken_and_named(db: Database) -> None:
    report = bring(db, tables(people=changed(PEOPLE, BUDI, phones="08110000004")))
    assert report.stored and any("dipakai bersama" in remark for remark in report.remarks)


def test_a_column_that_was_not_sent_says_nothing(db: Database) -> None:
    bring(db, tables())
    sheets = tables(units=None, posts=None)
    heading = ("nip", "name", "unit_code")
    rows = [[row[column] for column in heading] for row in PEOPLE]
    lines = [(1, list(heading)), *enumerate(rows, 2)]
    sheets["employees"] = type(sheets["employees"])("employees.csv", lines)
    report = bring(db, sheets, FRIDAY)
    assert report.stored and not report.changes_anything


# --- IDs at terminals ------------------------------------------------------------------------


def ids_at(db: Database, name: str, day: date) -> dict[str, str | None]:
    with db.read() as session:
        rows = session.execute(
            select(TerminalId.pin, Employee.nip)
            .join(Employee, Employee.id == TerminalId.employee_id)
            .where(
                TerminalId.terminal_id == terminals.named(session, name).id,
                staff.holds_on(TerminalId.first_day, TerminalId.last_day, day),
            )
        )
        return {row[0]: row[1] for row in rows}


def test_a_terminal_that_comes_later_knows_the_ids_of_its_unit_and_its_own(db: Database) -> None:
    bring(db, tables(people=changed(PEOPLE, DEWI, pins="104; 9@BKD-A")))
    for name, unit in (("UPT1-A", "UPT1"), ("BKD-A", "BKD")):
        terminals.register(db, NOW, system("test"), NewTerminal(name, unit))
    assert ids_at(db, "UPT1-A", MONDAY) == {"101": BUDI, "102": SRI, "103": RAHMAT, "104": DEWI}
    assert ids_at(db, "BKD-A", MONDAY) == {"101": YUSUF, "9": DEWI}


def test_an_id_that_moves_to_another_person_moves_from_the_day_on(db: Database) -> None:
    bring(db, tables())
    terminals.register(db, NOW, system("test"), NewTerminal("UPT1-A", "UPT1"))
    swapped = changed(changed(PEOPLE, BUDI, pins="102"), SRI, pins="101")
    bring(db, tables(people=swapped), FRIDAY)
    before, after = ids_at(db, "UPT1-A", MONDAY), ids_at(db, "UPT1-A", FRIDAY)
    assert (before["101"], before["102"]) == (BUDI, SRI)
    assert (after["101"], after["102"]) == (SRI, BUDI)


def test_an_id_mapped_by_hand_stays_until_its_person_leaves(db: Database) -> None:
    bring(db, tables(people=[*PEOPLE, *MANY]))
    terminals.register(db, NOW, system("test"), NewTerminal("BKD-A", "BKD"))
    pins.map_id(db, NOW, system("test"), "BKD-A", "55", BUDI)
    bring(db, tables(people=[*changed(PEOPLE, BUDI, pins="99"), *MANY]), TUESDAY)
    assert ids_at(db, "BKD-A", TUESDAY)["55"] == BUDI
    bring(db, tables(people=[*without(PEOPLE, BUDI), *MANY]), FRIDAY)
    assert "55" not in ids_at(db, "BKD-A", FRIDAY)


# --- the rest --------------------------------------------------------------------------------


def test_a_stand_in_named_by_sms_outlives_an_import(db: Database) -> None:
    bring(db, tables())
    with db.begin() as tx:
        staff.name_stand_in(
            tx, NOW, system("test"), person(db, RAHMAT).id, person(db, SRI).id, TUESDAY, FRIDAY
        )
    report = bring(db, tables(), TUESDAY)
    assert not report.changes_anything
    assert boss_of(db, DEWI, FRIDAY) == SRI


def test_every_change_of_a_person_is_in_the_log(db: Database) -> None:
    bring(db, tables())
    bring(db, tables(people=changed(PEOPLE, BUDI, name="Budi Santoso, S.E.")), FRIDAY)
    with db.read() as session:
        entries = session.scalars(
            select(LogEntry).where(LogEntry.employee_id == person(db, BUDI).id)
        ).all()
    assert [entry.action for entry in entries] == ["roster_added", "roster_changed"]
    assert entries[1].data["was"]["name"] == "Budi Santoso"


def test_a_unit_without_people_that_is_listed_no_more_is_closed(db: Database) -> None:
    bring(db, tables(units=[*UNITS, {**UNITS[2], "code": "UPT2"}]))
    report = bring(db, tables(), FRIDAY)
    assert report.counts["unit ditutup"] == 1
    assert not bring(db, tables(), FRIDAY).changes_anything


def test_a_unit_may_have_several_operators(db: Database) -> None:
    posts = [*POSTS, {"unit": "UPT1", "post": "Operator 2", "nip": BUDI}]
    bring(db, tables(posts=posts))
    assert count(db, PostHolder) == 4  # with Sri's own
