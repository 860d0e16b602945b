"""What Dewi does with messages of which nobody knows whether they left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.messages import DOUBTS, MessageClass, OutState
from services import cases, outbox, uncertain
from store import vitals
from store.db import Database
from store.log import LogEntry
from store.messages import OutboundSms
from tests.cast import Cast, build_cast

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=20)


@pytest.fixture
def cast(db: Database) -> Cast:
    return build_cast(db)


def in_doubt(db: Database, cast: Cast) -> int:
    """An answer to Budi that was handed to the modem and never confirmed."""
    with db.begin() as tx:
        message = outbox.queue(
            tx, NOON, MessageClass.RECEIPT, "Permohonan diterima.", employee_id=cast.budi
        )
        assert message is not None
        message.state, message.submitted_at = OutState.UNKNOWN, NOON
        return message.id


def row(db: Database, outbound_id: int) -> OutboundSms:
    with db.read() as session:
        return session.get_one(OutboundSms, outbound_id)


def test_every_class_says_what_a_doubt_means() -> None:
    assert set(DOUBTS) == set(MessageClass)


def test_a_copy_says_that_it_is_one_and_the_first_stays_unknown(db: Database, cast: Cast) -> None:
    first = in_doubt(db, cast)
    copy = uncertain.resend(db, LATER, cast.viewer("dewi"), first)
    assert row(db, copy).text == "(ulang) Permohonan diterima."
    assert (row(db, copy).state, row(db, copy).repeat_of) == (OutState.QUEUED, first)
    assert row(db, first).state is OutState.UNKNOWN
    with db.read() as session:
        assert vitals.uncertain_count(session) == 0
        entry = session.scalars(select(LogEntry).where(LogEntry.subject == "outbound_sms")).one()
    assert entry.actor == str(cast.viewer("dewi").actor)


def test_who_is_told_that_it_arrived_says_so_and_who_gives_up_too(db: Database, cast: Cast) -> None:
    arrived, lost = in_doubt(db, cast), in_doubt(db, cast)
    uncertain.mark_sent(db, LATER, cast.viewer("dewi"), arrived, "Budi sudah baca")
    uncertain.give_up(db, LATER, cast.viewer("dewi"), lost, "sudah ditelepon")
    assert (row(db, arrived).state, row(db, arrived).sent_at) == (OutState.SENT, NOON)
    assert row(db, lost).state is OutState.FAILED


def test_the_second_of_two_is_told_that_somebody_was_quicker(db: Database, cast: Cast) -> None:
    message = in_doubt(db, cast)
    uncertain.resend(db, LATER, cast.viewer("dewi"), message)
    with pytest.raises(cases.CaseError):
        uncertain.resend(db, LATER, cast.viewer("dewi"), message)


def test_nobody_ends_a_doubt_about_people_they_do_not_see(db: Database, cast: Cast) -> None:
    message = in_doubt(db, cast)
    elsewhere = cast.viewer("rahmat").__class__(99, cast.viewer("rahmat").role, "/99/", None)
    with pytest.raises(cases.CaseError):
        uncertain.give_up(db, LATER, elsewhere, message, "")
