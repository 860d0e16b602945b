"""Questions, morning lists, alerts, corrections, the ladder, through the store: who heard what."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.cases import CaseKind, CaseStatus
from domain.messages import MessageClass, OutState
from domain.people import Stage
from services import days, notices, outbox, time_rules
from store.calendars import CalendarEntry, CalendarKind
from store.db import Database
from store.log import Install
from store.messages import Notice, OutboundSms
from store.people import Employee, PostHolder, UnitStage
from tests.cast import BUDI_PHONE, DEWI_PHONE, SRI_PHONE
from tests.services.day_world import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY, World, at

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


def test_who_turns_out_unseen_later_stands_on_a_second_list_alone(world: World) -> None:
    """Another is mapped to a terminal that was read late."""
    tick(world, TEN)
    with world.db.begin() as tx:
        post = tx.get_one(Employee, world.cast.budi).assignments[0].reports_to_id
        late = Employee(name="Agus Salim", employment="pns", in_service_from=date(2020, 1, 1))
        tx.add(late)
        tx.flush()
        world.employ(tx, late.id, post, "200")
    assert tick(world, TEN + timedelta(hours=1)) == {"cutoff_question": 1, "morning_list": 1}
    assert heard(world, SRI_PHONE)[1:] == [
        "Daftar pagi 24 Nov, belum terekam: Agus Salim. Mereka sudah kami tanya."
    ]


def test_a_day_that_is_to_be_derived_anew_is_not_spoken_of_until_it_is(world: World) -> None:
    """Word came a moment ago and nobody has looked yet what it makes of the day."""
    days.mark_passing_time(world.db, TEN)
    world.derive(TEN)
    world.case("budi", CaseKind.SICK, TUESDAY, status=CaseStatus.OPEN)
    assert notices.raise_due(world.db, TEN) == {}
    assert tick(world, TEN) == {}
    assert heard(world, BUDI_PHONE) == heard(world, SRI_PHONE) == []


def test_after_days_of_silence_of_ours_each_absence_is_told_once(world: World) -> None:
    for day in (WEDNESDAY, THURSDAY):
        for who in ("sri", "rahmat", "dewi"):
            world.scan(who, day, "07:20", "16:05")
    raised = tick(world, at(FRIDAY, "08:00"))
    assert raised["absence_alert"] == 2 * 3 + 1, "three days to two people, the third to Kasubag"
    assert "absence_alert" not in tick(world, at(FRIDAY, "08:01"))


def test_who_becomes_supervisor_later_hears_of_it_within_a_day(world: World) -> None:
    with world.db.begin() as tx:
        tx.query(PostHolder).filter_by(employee_id=world.cast.sri).one().first_day = THURSDAY
    assert tick(world, NEXT_MORNING)["absence_alert"] == 1, "nobody else is there to hear it"
    with world.db.begin() as tx:
        tx.query(PostHolder).filter_by(employee_id=world.cast.sri).one().first_day = MONDAY
    tick(world, NEXT_MORNING + timedelta(days=1))
    assert sum("tanpa keterangan 24 Nov" in text for text in heard(world, SRI_PHONE)) == 1


def test_a_crash_at_any_message_loses_nothing_and_says_nothing_twice(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every batch is a transaction of its own; the process dies at the n-th message."""
    monkeypatch.setattr(notices, "BATCH", 1)
    write = outbox.queue
    said: list[list[tuple[object, ...]]] = []
    for dies_at in range(9):
        path = tmp_path / f"{dies_at}.db"
        path.write_bytes(sqlite_template.read_bytes())
        world = begin(Database(f"sqlite:///{path}"))
        for day in (WEDNESDAY, THURSDAY):
            for who in ("sri", "rahmat", "dewi"):
                world.scan(who, day, "07:20", "16:05")
        days.mark_passing_time(world.db, at(FRIDAY, "08:00"))
        world.derive(at(FRIDAY, "08:00"))
        count = 0

        def dying(*given: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            if count == dies_at:  # noqa: B023
                raise KeyboardInterrupt
            return write(*given, **more)

        monkeypatch.setattr(outbox, "queue", dying)
        for _ in range(2):
            with suppress(KeyboardInterrupt):
                notices.raise_due(world.db, at(FRIDAY, "08:00"))
        monkeypatch.setattr(outbox, "queue", write)
        with world.db.read() as session:
            notes = session.execute(
                select(Notice.kind, Notice.day, Notice.recipient_id, OutboundSms.text)
                .outerjoin(OutboundSms, OutboundSms.id == Notice.outbound_id)
                .order_by(Notice.day, Notice.recipient_id, Notice.id)
            )
            said.append([tuple(row) for row in notes])
            assert len(said[-1]) == session.scalar(select(func.count(OutboundSms.id)))
        world.db.engine.dispose()
    assert len(said[0]) == 7
    assert all(each == said[0] for each in said)


def test_in_pantau_nothing_leaves_and_in_uji_only_the_operator_hears(world: World) -> None:
    with world.db.begin() as tx:
        tx.add(UnitStage(unit_id=world.cast.unit, first_day=date(2020, 1, 1), stage=Stage.WATCH))
    assert tick(world, TEN) == {}
    assert tick(world, NEXT_MORNING) == {}
    bkd = world.cast.viewer("yusuf")
    time_rules.set_stage(
        world.db, NEXT_MORNING, bkd, world.cast.unit, Stage.TRIAL, date(2020, 1, 1)
    )
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
