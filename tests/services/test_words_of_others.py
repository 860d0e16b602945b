"""Word given from a phone that is not one's own alone: nobody whom it may mean is accused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from services import conversation
from services.conversation import answering
from store.db import Database
from store.people import Assignment, Employee, Phone
from tests.cast import BUDI_PHONE, SRI_PHONE
from tests.services.day_world import MONDAY, TUESDAY, WEDNESDAY, World, after, at
from tests.services.test_day_cases import text


@pytest.fixture
def world(sqlite_db: Database) -> World:
    return World(sqlite_db)


def move_in(world: World, name: str, number: str | None = None) -> int:
    """A colleague of Budi's who reports to Sri; `number` may be another's phone."""
    with world.db.begin() as tx:
        post = tx.scalars(
            select(Assignment.reports_to_id).where(Assignment.employee_id == world.cast.budi)
        ).one()
        person = Employee(name=name, employment="pns", in_service_from=date(2020, 1, 1))
        tx.add(person)
        tx.flush()
        world.employ(tx, person.id, post, f"9{person.id}")
        if number:
            tx.add(Phone(employee_id=person.id, number=number, first_day=date(2020, 1, 1)))
        return person.id


def statuses(world: World, day: date, *people: int) -> list[str]:
    return [world.day(person, day, max(world.now, after(day))).status for person in people]


def test_a_shared_phone_holds_the_dates_its_text_names_for_each_of_its_owners(
    world: World,
) -> None:
    """'kemarin sakit' is about yesterday, not about the day on which it was sent."""
    ani = move_in(world, "Ani Lestari", BUDI_PHONE)
    both = (world.cast.budi, ani)
    assert statuses(world, MONDAY, *both) == ["absent", "absent"]
    text(world, BUDI_PHONE, "mohon izin kemarin saya sakit", at(TUESDAY, "09:00"))
    world.derive()
    assert [world.stored(who, MONDAY).reasons for who in both] == [["open_draft"]] * 2
    assert statuses(world, TUESDAY, *both) == ["absent", "absent"], "it speaks of Monday only"


def test_a_second_text_of_a_shared_phone_takes_nothing_from_the_first(world: World) -> None:
    ani = move_in(world, "Ani Lestari", BUDI_PHONE)
    text(world, BUDI_PHONE, "izin sakit hari ini", at(MONDAY, "20:00"))
    text(world, BUDI_PHONE, "halo min, izin sakit", at(TUESDAY, "07:00"))
    assert statuses(world, MONDAY, world.cast.budi, ani) == ["awaiting_decision"] * 2


def test_a_name_that_comes_frees_the_other_owner_at_once(world: World) -> None:
    ani = move_in(world, "Ani Lestari", BUDI_PHONE)
    text(world, BUDI_PHONE, "izin sakit hari ini", at(TUESDAY, "07:00"))
    assert statuses(world, TUESDAY, world.cast.budi, ani) == ["awaiting_decision"] * 2
    text(world, BUDI_PHONE, "Ani", at(TUESDAY, "07:10"))
    world.derive()
    assert world.stored("budi", TUESDAY).status == "absent"
    assert world.stored(ani, TUESDAY).reasons == ["open_case"]


def test_what_a_colleague_asks_for_from_ones_phone_is_word_of_the_colleague(world: World) -> None:
    rina = move_in(world, "Rina Marlina")
    assert statuses(world, TUESDAY, rina) == ["absent"]
    text(world, BUDI_PHONE, "ini Rina, pakai HP Budi, izin sakit hari ini", at(TUESDAY, "08:00"))
    world.derive()
    assert world.stored(rina, TUESDAY).reasons == ["open_draft"]
    assert statuses(world, TUESDAY, world.cast.budi) == ["absent"], "Budi only lent his phone"


def test_of_two_who_may_be_meant_neither_is_accused(world: World) -> None:
    both = move_in(world, "Rina Marlina"), move_in(world, "Rina Wulandari")
    text(world, BUDI_PHONE, "Rina tidak masuk hari ini", at(TUESDAY, "08:00"))
    assert statuses(world, TUESDAY, *both) == ["awaiting_decision"] * 2


@pytest.mark.parametrize(
    "words", ["Rina sakit hari ini, sudah saya izinkan", "Rina sakit, sudah izin ke saya"]
)
def test_a_report_that_must_be_written_again_protects_whom_it_names(
    world: World, words: str
) -> None:
    """Two of that name, or no date: the supervisor is asked, and meanwhile nobody is absent."""
    both = move_in(world, "Rina Marlina"), move_in(world, "Rina Wulandari")
    assert statuses(world, TUESDAY, *both) == ["absent", "absent"]
    text(world, SRI_PHONE, words, at(TUESDAY, "08:00"))
    world.derive()
    assert [world.stored(who, TUESDAY).status for who in both] == ["awaiting_decision"] * 2


def test_a_message_that_failed_protects_every_owner_of_the_phone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ani = move_in(world, "Ani Lestari", BUDI_PHONE)

    def broken(*_: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(answering, "answer", broken)
    text(world, BUDI_PHONE, "izin sakit hari ini", at(TUESDAY, "07:00"))
    for minute in range(10):
        now = world.now.replace(minute=minute + 1)
        conversation.answer_waiting(world.db, lambda now=now: now)
    assert statuses(world, WEDNESDAY, world.cast.budi, ani) == ["absent", "absent"]
    assert statuses(world, TUESDAY, world.cast.budi, ani) == ["awaiting_decision"] * 2
