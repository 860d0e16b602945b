"""Questions, morning lists, alerts, corrections, the ladder, through the store: who heard what."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from domain.cases import CaseKind, CaseStatus
from domain.messages import MessageClass, OutState
from domain.people import Stage
from services import days, notices
from store.calendars import CalendarEntry, CalendarKind
from store.db import Database
from store.log import Install
from store.messages import Notice, OutboundSms
from store.people import Employee, UnitStage
from tests.cast import BUDI_PHONE, DEWI_PHONE, SRI_PHONE
from tests.services.day_world import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, World, at

TEN, NEXT_MORNING = at(TUESDAY, "10:00"), at(WEDNESDAY, "07:30")


@pytest.fixture
def world(db: Database) -> World:
    return begin(db)


def begin(db: Database) -> World:
    world = World(db)
    with db.begin() as tx:
        tx.get_one(Install, 1).first_day = TUESDAY
    for who in ("budi", "sri", "rahmat", "dewi"):
        world.scan(who, MONDAY, "07:20", "16:05")
        if who != "budi":
            world.scan(who, TUESDAY, "07:20", "16:05")
    return world


def tick(world: World, now: datetime) -> dict[str, int]:
    """The clock's jobs at `now`: what is due is derived, then said."""
    days.mark_passing_time(world.db, now)
    world.derive(now)
    return notices.raise_due(world.db, now)


def heard(world: World, number: str) -> list[str]:
    with world.db.read() as session:
        rows = session.scalars(
            select(OutboundSms).where(OutboundSms.number == number).order_by(OutboundSms.id)
        )
        return [row.text for row in rows]


def test_who_is_not_seen_is_asked_once_and_the_supervisor_gets_a_list(world: World) -> None:
    assert tick(world, TEN)["cutoff_question"] == 1
    assert tick(world, TEN + timedelta(minutes=5)) == {}
    assert [text for text in heard(world, BUDI_PHONE) if "belum terekam" in text] == [
        "Yth. Budi Santoso, kehadiran Anda belum terekam sampai 09.00. Balas SAKIT, IZIN, DINAS "
        "atau HADIR. Terima kasih."
    ]
    assert heard(world, SRI_PHONE) == [
        "Daftar pagi 24 Nov, belum terekam: Budi Santoso. Mereka sudah kami tanya."
    ]
    with world.db.read() as session:
        kept = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(n.kind, n.employee_id, n.recipient_id) for n in kept] == [
        (MessageClass.CUTOFF_QUESTION, world.cast.budi, world.cast.budi),
        (MessageClass.MORNING_LIST, world.cast.budi, world.cast.sri),
    ]
    assert all(notice.outbound_id for notice in kept)


def test_a_long_list_is_several_texts_and_names_everybody_once(world: World) -> None:
    with world.db.begin() as tx:
        post = tx.get_one(Employee, world.cast.budi).assignments[0].reports_to_id
        for number in range(40):
            person = Employee(
                name=f"Maria Magdalena {'ABCDEFGH'[number % 8]}anu {number}", employment="pns",
                in_service_from=date(2020, 1, 1),
            )  # fmt: skip
            tx.add(person)
            tx.flush()
            world.employ(tx, person.id, post, f"9{number}")
    tick(world, TEN)
    texts = heard(world, SRI_PHONE)
    assert len(texts) > 3
    assert all(len(text) <= 160 for text in texts)
    with world.db.read() as session:
        named = session.scalars(
            select(Notice.employee_id).where(Notice.kind == MessageClass.MORNING_LIST)
        ).all()
    assert len(named) == len(set(named)) == 41


def _leave(world: World) -> None:
    world.case("budi", CaseKind.ANNUAL, TUESDAY)


def _word(world: World) -> None:
    world.case("budi", CaseKind.SICK, TUESDAY, status=CaseStatus.OPEN)


def _wfa(world: World) -> None:
    _calendar(world, CalendarKind.WFA)


def _holiday(world: World) -> None:
    _calendar(world, CalendarKind.HOLIDAY)


def _calendar(world: World, kind: CalendarKind) -> None:
    with world.db.begin() as tx:
        tx.add(
            CalendarEntry(
                kind=kind, first_day=TUESDAY, last_day=TUESDAY, unit_id=world.cast.province,
                name="uji", source="uji", known_at=world.now,
            )
        )  # fmt: skip


def _silent_terminal(world: World) -> None:
    world.read_up_to(at(TUESDAY, "06:00"))


@pytest.mark.parametrize("known", [_leave, _word, _wfa, _holiday, _silent_terminal])
def test_nobody_is_asked_or_accused_with_word_given_leave_wfa_holiday_or_an_outage(
    world: World, known: object
) -> None:
    known(world)  # type: ignore[operator]
    assert tick(world, TEN) == {}
    assert tick(world, NEXT_MORNING) == {}


def test_a_proven_absence_is_told_next_morning_to_both_and_once(world: World) -> None:
    tick(world, at(WEDNESDAY, "00:30"))
    assert not any("tanpa keterangan" in text for text in heard(world, BUDI_PHONE))
    assert tick(world, NEXT_MORNING)["absence_alert"] == 2
    assert "absence_alert" not in tick(world, NEXT_MORNING + timedelta(minutes=5))
    assert sum("tanpa keterangan" in text for text in heard(world, BUDI_PHONE)) == 1
    assert sum("tanpa keterangan" in text for text in heard(world, SRI_PHONE)) == 1


def test_a_flip_is_corrected_to_exactly_those_who_heard_the_wrong_word(world: World) -> None:
    tick(world, NEXT_MORNING)
    world.scan("budi", TUESDAY, "07:25", "16:10")
    assert tick(world, NEXT_MORNING + timedelta(hours=1)) == {"correction": 2}
    assert "correction" not in tick(world, NEXT_MORNING + timedelta(hours=2))
    with world.db.read() as session:
        told = session.scalars(
            select(Notice.recipient_id).where(Notice.kind == MessageClass.CORRECTION)
        ).all()
    assert sorted(told) == sorted([world.cast.budi, world.cast.sri])
    ralat = [text for text in heard(world, BUDI_PHONE) if text.startswith("Ralat")]
    assert ralat == [
        "Ralat: Budi Santoso tanggal 24 Nov kini tercatat hadir. Mohon maaf atas pesan sebelumnya."
    ]


def test_in_pantau_nothing_leaves_and_in_uji_only_the_operator_hears(world: World) -> None:
    with world.db.begin() as tx:
        tx.add(UnitStage(unit_id=world.cast.unit, first_day=date(2020, 1, 1), stage=Stage.WATCH))
    assert tick(world, TEN) == {}
    assert tick(world, NEXT_MORNING) == {}
    with world.db.begin() as tx:
        tx.query(UnitStage).one().stage = Stage.TRIAL
    tick(world, NEXT_MORNING)
    with world.db.read() as session:
        numbers = session.scalars(
            select(OutboundSms.number).where(OutboundSms.state != OutState.WITHHELD)
        ).all()
    assert set(numbers) == {DEWI_PHONE}


def test_days_in_a_row_reach_kasubag_on_the_third_and_bkd_on_the_tenth(db: Database) -> None:
    world = World(db)
    start = date(2026, 11, 2)  # a Monday
    with db.begin() as tx:
        tx.get_one(Install, 1).first_day = start
    working = [start + timedelta(days=n) for n in range(16) if n % 7 < 5]
    for day in working:
        world.now = at(day, "18:00")
        for who in ("sri", "rahmat", "dewi"):
            world.scan(who, day, "07:20", "16:05" if day.weekday() < 4 else "11:05")
    told: dict[int, date] = {}
    for day in working:
        tick(world, at(day + timedelta(days=1), "07:30"))
        with db.read() as session:
            for notice in session.scalars(select(Notice).order_by(Notice.id)):
                told.setdefault(notice.recipient_id, day)
    assert told[world.cast.sri] == working[0]
    assert told[world.cast.rahmat] == working[2]
    assert told[world.cast.yusuf] == working[9]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_nobody_with_word_is_alerted_and_every_flip_is_corrected_once(
    sqlite_template: Path, tmp_path: Path, seed: int
) -> None:
    """Facts and ticks in random order; what people were told last is never left wrong."""
    path = tmp_path / "hadir.db"
    path.write_bytes(sqlite_template.read_bytes())
    world, dice = begin(Database(f"sqlite:///{path}")), Random(seed)
    case_id, now = 0, at(TUESDAY, "06:00")
    for _ in range(14):
        now += timedelta(hours=dice.choice((1, 3, 9, 15)))
        world.now = now
        event = dice.choice(("scan", "ask", "refuse", "withdraw", "confirm", "tick", "tick"))
        if event == "scan" and dice.random() < 0.4 and now > at(TUESDAY, "16:30"):
            world.scan("budi", TUESDAY, "07:25", "16:10")
        elif event == "ask" and not case_id:
            case_id = world.case("budi", CaseKind.SICK, TUESDAY, status=CaseStatus.OPEN)
        elif event in ("refuse", "withdraw", "confirm") and case_id:
            world.decide(
                case_id,
                {"refuse": CaseStatus.REFUSED, "withdraw": CaseStatus.WITHDRAWN}.get(
                    event, CaseStatus.CONFIRMED
                ),
            )
        status_before = world.day("budi", TUESDAY, now).status
        before = _said_about_tuesday(world)
        tick(world, now)
        said = _said_about_tuesday(world)[len(before) :]
        if status_before not in ("absent", "awaiting_data"):
            assert MessageClass.CUTOFF_QUESTION not in said
            assert MessageClass.ABSENCE_ALERT not in said
        _nothing_is_said_twice(world)
    final = world.day("budi", TUESDAY, now + timedelta(days=1)).status
    tick(world, at(THURSDAY, "07:30") + timedelta(days=9))
    if final not in ("awaiting_data", "awaiting_decision"):
        for said in _last_words(world).values():
            assert (said == "absent") == (final == "absent")
    world.db.engine.dispose()


def _said_about_tuesday(world: World) -> list[MessageClass]:
    with world.db.read() as session:
        return list(
            session.scalars(
                select(Notice.kind)
                .where(Notice.employee_id == world.cast.budi, Notice.day == TUESDAY)
                .order_by(Notice.id)
            )
        )


def _last_words(world: World) -> dict[int, str]:
    with world.db.read() as session:
        rows = session.scalars(
            select(Notice)
            .where(
                Notice.employee_id == world.cast.budi,
                Notice.day == TUESDAY,
                Notice.kind.in_((MessageClass.ABSENCE_ALERT, MessageClass.CORRECTION)),
            )
            .order_by(Notice.id)
        )
        return {row.recipient_id: row.said for row in rows}


def _nothing_is_said_twice(world: World) -> None:
    """To one person about one day alerts and corrections take turns."""
    with world.db.read() as session:
        rows = session.scalars(
            select(Notice)
            .where(Notice.kind.in_((MessageClass.ABSENCE_ALERT, MessageClass.CORRECTION)))
            .order_by(Notice.id)
        ).all()
    last: dict[tuple[int, int, date], str] = {}
    for row in rows:
        key = (row.recipient_id, row.employee_id, row.day)
        assert last.get(key) != row.said or row.kind is MessageClass.CORRECTION
        last[key] = row.said
