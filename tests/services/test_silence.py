"""Sri does not answer: she is reminded, then others are asked, and nobody decides by silence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.cases import WaitingFor
from domain.people import Capacity
from services import conversation
from services.conversation import Outcome
from store.calendars import Setting
from store.db import Database
from store.log import LogEntry
from store.people import Post, PostHolder
from tests.cast import BUDI_PHONE, RAHMAT_PHONE, SRI_PHONE
from tests.services.town import Town

HENDRA_PHONE, WATI_PHONE = "+628110000010", "+628110000011"


def hendra_heads(town: Town) -> None:
    """Hendra holds the head's post, above Sri's."""
    hendra = town.move_in("Hendra Gunawan", HENDRA_PHONE, like=town.cast.sri)
    holds(town, "head", hendra, Capacity.DEFINITIVE)


def holds(town: Town, post: str, person: int, capacity: Capacity) -> None:
    with town.db.begin() as tx:
        found = tx.scalars(select(Post).where(Post.code == post)).one()
        tx.add(
            PostHolder(
                post_id=found.id,
                employee_id=person,
                capacity=capacity,
                first_day=date(2020, 1, 1),
            )
        )


def rungs(town: Town) -> list[str]:
    with town.db.read() as session:
        return list(
            session.scalars(
                select(LogEntry.why).where(LogEntry.action == "silence").order_by(LogEntry.id)
            )
        )


def wait(town: Town, **span: int) -> None:
    """Time passes and the clock looks every five minutes."""
    until = town.now + timedelta(**span)
    while town.now < until:
        town.now += timedelta(minutes=5)
        conversation.remind(town.db, town.now)


@pytest.fixture
def town(db: Database) -> Town:
    return Town(db)


def test_about_today_everybody_up_to_the_kasubag_is_asked_within_the_hour(town: Town) -> None:
    hendra_heads(town)
    town.text(BUDI_PHONE, "izin sakit hari ini")
    wait(town, minutes=65)
    assert rungs(town) == ["remind", "remind_again", "one_up", "kasubag"]
    assert "Sri Wahyuni belum menjawab" in town.last(HENDRA_PHONE)
    assert "Hendra Gunawan belum menjawab" in town.last(RAHMAT_PHONE)
    assert town.case().waiting_for is WaitingFor.SUPERVISOR  # silence has decided nothing


def test_a_stand_in_is_asked_before_anybody_above(town: Town) -> None:
    hendra_heads(town)
    town.text(BUDI_PHONE, "izin sakit hari ini")
    wati = town.move_in("Wati Handayani", WATI_PHONE, like=town.cast.sri)
    holds(town, "supervisor:sri", wati, Capacity.PLH)
    wait(town, minutes=35)
    assert rungs(town) == ["remind", "remind_again", "stand_in"]
    assert "belum menjawab" in town.last(WATI_PHONE)


def test_the_first_answer_counts_and_the_later_one_is_told_so(town: Town) -> None:
    hendra_heads(town)
    town.text(BUDI_PHONE, "izin sakit hari ini")
    code = town.code()
    wait(town, minutes=50)
    town.outbox(HENDRA_PHONE)
    assert town.text(HENDRA_PHONE, "ya").outcome == Outcome.DECIDED
    assert town.text(SRI_PHONE, f"tidak {code}").outcome == Outcome.ANSWERED
    assert "sudah selesai" in town.last(SRI_PHONE)
    assert town.case().waiting_for is WaitingFor.KASUBAG


def test_the_kasubags_own_yes_goes_straight_on_to_the_operator(town: Town) -> None:
    town.text(BUDI_PHONE, "izin sakit hari ini")
    wait(town, minutes=65)
    town.outbox(RAHMAT_PHONE)
    town.text(RAHMAT_PHONE, "ya")
    assert town.case().waiting_for is WaitingFor.OPERATOR


def test_what_is_not_about_today_waits_for_the_day_and_for_working_days(town: Town) -> None:
    town.now = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)  # Friday, 15.00
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    wait(town, hours=60)  # until Monday, 03.00
    assert rungs(town) == ["remind"]
    wait(town, hours=10)
    assert rungs(town) == ["remind", "remind_again"]


def test_a_unit_may_be_more_patient(town: Town) -> None:
    with town.db.begin() as tx:
        tx.add(
            Setting(
                name="silence_remind",
                unit_id=town.cast.unit,
                first_day=date(2026, 1, 1),
                value={"value": 480},
            )
        )
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    wait(town, hours=5)
    assert rungs(town) == []


def test_who_answered_is_not_reminded(town: Town) -> None:
    town.text(BUDI_PHONE, "cuti 7-9 Desember")
    town.text(SRI_PHONE, f"ya {town.code()}")
    wait(town, hours=30)
    assert rungs(town) == []


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 600), min_size=5, max_size=20))
def test_whenever_the_clock_looks_each_step_happens_once_and_in_order(
    sqlite_db: Database, looks: list[int]
) -> None:
    town = Town.reopened(sqlite_db)
    town.text(BUDI_PHONE, "izin sakit hari ini")
    case = town.case()
    for minutes in looks:
        town.now += timedelta(minutes=minutes)
        conversation.remind(town.db, town.now)
        conversation.remind(town.db, town.now)
    with town.db.read() as session:
        taken = list(
            session.scalars(
                select(LogEntry.why)
                .where(LogEntry.action == "silence", LogEntry.subject_id == str(case.id))
                .order_by(LogEntry.id)
            )
        )
    order = ["remind", "remind_again", "stand_in", "one_up", "kasubag", "nobody_left"]
    places = [order.index(rung) for rung in taken]
    assert places == sorted(set(places))
    assert town.case().waiting_for is WaitingFor.SUPERVISOR
