"""Parts of long messages: joined by who, reference, total and time apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services import inbox
from sms.gateway import RawPart
from store.db import Database
from store.messages import InboundPart, InboundSms

BUDI = "+628110000001"
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Phone:
    """A phone that sends parts; each arrival is committed as the modem does it."""

    def __init__(self, db: Database):
        self.db, self.came = db, 0

    def part(
        self, text: str, number: int, total: int, *, reference: int = 9,
        sent: datetime = NOON, sender: str = BUDI,
    ) -> bool:  # fmt: skip
        self.came += 1
        key = f"{sender}{reference}{number}{total}{sent}{text}"
        raw = RawPart("sim:1", sender, text, sent, key, reference, total, number)
        return inbox.take_in(self.db, sent + self.came * timedelta(seconds=1), raw)

    def wait(self, until: datetime) -> int:
        return inbox.pass_on_stale_parts(self.db, until)

    def messages(self) -> list[tuple[str, bool]]:
        with self.db.read() as session:
            rows = session.scalars(select(InboundSms).order_by(InboundSms.id))
            return [(row.text, row.is_partial) for row in rows]

    def loose(self) -> int:
        with self.db.read() as session:
            return len(
                session.scalars(select(InboundPart).where(InboundPart.inbound_id.is_(None))).all()
            )


@pytest.fixture
def phone(db: Database) -> Phone:
    return Phone(db)


def test_parts_may_come_in_any_order(phone: Phone) -> None:
    phone.part("tiga", 3, 3)
    phone.part("satu ", 1, 3)
    assert phone.messages() == []
    phone.part("dua ", 2, 3)
    assert phone.messages() == [("satu dua tiga", False)]


def test_parts_of_two_people_with_one_reference_stay_apart(phone: Phone) -> None:
    phone.part("a1 ", 1, 2)
    phone.part("b2", 2, 2, sender="+628110000002")
    phone.part("b1 ", 1, 2, sender="+628110000002")
    phone.part("a2", 2, 2)
    assert phone.messages() == [("b1 b2", False), ("a1 a2", False)]


def test_a_reference_used_again_never_joins_an_old_part(phone: Phone) -> None:
    phone.part("lama 1 ", 1, 2)
    later = NOON + timedelta(hours=5)
    phone.part("baru 2", 2, 2, sent=later)
    assert phone.messages() == []
    phone.part("baru 1 ", 1, 2, sent=later)
    assert phone.messages() == [("baru 1 baru 2", False)]
    assert phone.wait(later) == 1
    assert phone.messages()[-1] == ("lama 1 ", True)


def test_a_reference_used_again_at_once_joins_what_is_nearest(phone: Phone) -> None:
    phone.part("lama 1 ", 1, 2)
    soon = NOON + 20 * MINUTE
    phone.part("baru 1 ", 1, 2, sent=soon)
    phone.part("baru 2", 2, 2, sent=soon)
    assert phone.messages() == [("baru 1 baru 2", False)]
    assert phone.loose() == 1


def test_a_part_that_comes_once_more_belongs_to_the_message_that_has_it(phone: Phone) -> None:
    phone.part("satu ", 1, 2)
    phone.part("satu ", 1, 2, sent=NOON + MINUTE)
    phone.part("dua", 2, 2)
    phone.part("dua", 2, 2, sent=NOON + 2 * MINUTE)
    assert phone.messages() == [("satu dua", False)]
    assert phone.loose() == 0
    assert phone.wait(NOON + timedelta(hours=1)) == 0


def test_what_stays_incomplete_is_passed_on_flagged_but_not_while_parts_come(phone: Phone) -> None:
    phone.part("satu ", 1, 3)
    phone.part("tiga", 3, 3, sent=NOON + 8 * MINUTE)
    assert phone.wait(NOON + 12 * MINUTE) == 0
    assert phone.wait(NOON + 20 * MINUTE) == 1
    assert phone.messages() == [("satu tiga", True)]


def test_two_incomplete_messages_of_one_reference_are_not_mixed(phone: Phone) -> None:
    phone.part("lama 1", 1, 3)
    phone.part("baru 1 ", 1, 3, sent=NOON + 20 * MINUTE)
    phone.part("baru 2", 2, 3, sent=NOON + 20 * MINUTE)
    assert phone.wait(NOON + timedelta(hours=2)) == 2
    assert sorted(phone.messages()) == [("baru 1 baru 2", True), ("lama 1", True)]


def test_parts_with_impossible_numbers_are_not_taken_for_a_whole(phone: Phone) -> None:
    phone.part("nol", 0, 2)
    phone.part("satu", 1, 2)
    assert phone.messages() == []
