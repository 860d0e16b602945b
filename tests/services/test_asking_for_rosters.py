"""A shift roster that nobody published is asked for: of whom, when, how often."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain.access import Viewer
from domain.messages import OutState
from domain.people import Role, Stage
from domain.shifts import days_of_month
from services import time_rules
from services.roster.asking import ask_for_rosters
from services.roster.shifts import publish
from services.settings import change_setting
from store.db import Database
from store.messages import OutboundSms
from tests.rosters import BUDI, DEWI, PEOPLE, RAHMAT, SRI, bring, changed, tables
from tests.services.test_shift_rosters import NOBODY, person_id, unit_id

SRI_PHONE, RAHMAT_PHONE, DEWI_PHONE = "+628110000002", "+628110000003", "+628110000004"
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
BKD = Viewer(1, Role.BKD, None)


@pytest.fixture
def ward_db(sqlite_db: Database) -> Database:
    """Budi and Dewi work by shift, Budi for Sri; November is published for both."""
    people = changed(PEOPLE, BUDI, work_pattern="SHIFT")
    bring(
        sqlite_db,
        tables(people=changed(people, DEWI, work_pattern="SHIFT", supervisor_nip=SRI)),
        NOVEMBER,
    )
    publish_off(sqlite_db, NOVEMBER, BUDI, DEWI)
    return sqlite_db


def publish_off(db: Database, month: date, *nips: str) -> None:
    grid = {person_id(db, nip): dict.fromkeys(days_of_month(month), "L") for nip in nips}
    assert not publish(db, morning(month), NOBODY, unit_id(db), month, grid).bad


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8), ZoneInfo("Asia/Makassar"))


def november(day: int) -> datetime:
    return morning(NOVEMBER.replace(day=day))


def asked(db: Database) -> list[tuple[str, str]]:
    with db.read() as session:
        rows = session.scalars(
            select(OutboundSms)
            .where(OutboundSms.state != OutState.WITHHELD)
            .order_by(OutboundSms.id)
        )
        return [(row.number, row.text) for row in rows]


def test_from_the_25th_the_ward_head_is_asked_for_the_next_month(ward_db: Database) -> None:
    assert ask_for_rosters(ward_db, november(24)) == 0
    assert ask_for_rosters(ward_db, november(25)) == 1
    assert asked(ward_db) == [
        (
            SRI_PHONE,
            "Yth. Sri Wahyuni, jadwal jaga mulai 1 Des untuk 2 pegawai UPT Contoh Satu belum "
            "terbit. Mohon serahkan ke operator unit agar kehadiran terhitung. Terima kasih.",
        )
    ]


def test_asked_again_after_three_days_and_no_more_once_it_is_published(ward_db: Database) -> None:
    for day in (25, 25, 26, 27):
        ask_for_rosters(ward_db, november(day))
    assert len(asked(ward_db)) == 1
    publish_off(ward_db, DECEMBER, DEWI)
    assert ask_for_rosters(ward_db, november(28)) == 1
    assert "untuk 1 pegawai" in asked(ward_db)[1][1]
    publish_off(ward_db, DECEMBER, BUDI)
    assert ask_for_rosters(ward_db, morning(DECEMBER)) == 0


def test_a_month_that_runs_without_a_roster_is_asked_for_on_any_day(ward_db: Database) -> None:
    people = changed(PEOPLE, BUDI, work_pattern="SHIFT")
    people = changed(people, DEWI, work_pattern="SHIFT", supervisor_nip=SRI)
    newcomer = {
        "nip": "199006062016061006", "name": "Agus Salim", "unit_code": "UPT1",
        "supervisor_nip": SRI, "work_pattern": "SHIFT",
    }  # fmt: skip
    bring(ward_db, tables(people=[*people, newcomer]), date(2026, 11, 25))
    change_setting(
        ward_db, november(1), NOBODY, "roster_asked_from", {"value": 28}, NOVEMBER, "UPT1"
    )
    assert ask_for_rosters(ward_db, november(26)) == 1
    assert "mulai 25 Nov untuk 1 pegawai" in asked(ward_db)[0][1]


def test_the_days_are_settings(ward_db: Database) -> None:
    for name, value in (("roster_asked_from", 20), ("roster_asked_again_days", 1)):
        change_setting(ward_db, november(1), NOBODY, name, {"value": value}, NOVEMBER)
    for day in (19, 20, 21):
        ask_for_rosters(ward_db, november(day))
    assert len(asked(ward_db)) == 2


def test_a_head_who_works_by_shift_answers_for_the_own_ward(ward_db: Database) -> None:
    people = changed(PEOPLE, BUDI, work_pattern="SHIFT")
    bring(ward_db, tables(people=changed(people, SRI, work_pattern="SHIFT")), date(2026, 11, 24))
    publish_off(ward_db, NOVEMBER, SRI)
    ask_for_rosters(ward_db, november(25))
    assert [number for number, _ in asked(ward_db)] == [SRI_PHONE], "and not Rahmat for Sri"


def test_each_head_of_a_unit_with_several_wards_hears_of_the_own_people(ward_db: Database) -> None:
    people = changed(PEOPLE, BUDI, work_pattern="SHIFT")
    people = changed(people, DEWI, work_pattern="SHIFT", supervisor_nip=RAHMAT)
    bring(ward_db, tables(people=people), date(2026, 11, 24))
    ask_for_rosters(ward_db, november(25))
    assert [(number, "1 pegawai" in text) for number, text in asked(ward_db)] == [
        (SRI_PHONE, True),
        (RAHMAT_PHONE, True),
    ]


def test_in_pantau_nobody_is_asked_and_in_uji_the_operator(ward_db: Database) -> None:
    time_rules.set_stage(ward_db, november(1), BKD, unit_id(ward_db), Stage.WATCH, date(2020, 1, 1))
    assert ask_for_rosters(ward_db, november(25)) == 0
    time_rules.set_stage(ward_db, november(1), BKD, unit_id(ward_db), Stage.TRIAL, date(2020, 1, 1))
    assert ask_for_rosters(ward_db, november(25)) == 1
    ((number, text),) = asked(ward_db)
    assert number == DEWI_PHONE
    assert "Mohon diterbitkan di panel Hadir" in text


def test_without_a_head_the_operator_is_asked(ward_db: Database) -> None:
    alone = changed(PEOPLE, BUDI, work_pattern="SHIFT", supervisor_nip="")
    bring(ward_db, tables(people=alone), date(2026, 11, 24))
    ask_for_rosters(ward_db, november(25))
    assert [number for number, _ in asked(ward_db)] == [DEWI_PHONE]


def test_nobody_is_woken_and_a_day_off_is_left_in_peace(ward_db: Database) -> None:
    friday_night = november(27) + timedelta(hours=14)
    ask_for_rosters(ward_db, friday_night)
    with ward_db.read() as session:
        leaves = session.scalars(select(OutboundSms.not_before)).one()
    assert leaves == morning(date(2026, 11, 30)) - timedelta(hours=2)  # Monday, 06.00
