"""Messages, a killed process again and again: every one is stored and answered, none twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from services import conversation, inbox
from sms.gateway import RawPart
from store.cases import Case
from store.db import Database
from store.messages import InboundSms, OutboundSms
from tests.cast import BUDI_PHONE, build_cast

MESSAGES, KILLS = 60, 12
BEGAN = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)


def _answer_for_ever(url: str) -> None:
    database = Database(url)
    step = timedelta(hours=1)
    at = BEGAN + timedelta(days=1)
    while True:
        at += step  # leases of the dead end by themselves
        conversation.answer_waiting(database, lambda at=at: at)
        time.sleep(0.01)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_after_many_kills_every_message_was_answered_exactly_once(database_url: str) -> None:
    database = Database(database_url)
    build_cast(database)
    for number in range(MESSAGES):
        sent = BEGAN + timedelta(hours=2 * number)
        day = (sent + timedelta(days=1)).strftime("%d/%m/%Y")
        part = RawPart("sim:1", BUDI_PHONE, f"izin tidak masuk tgl {day}", sent, f"soak-{number}")
        assert inbox.take_in(database, sent, part)
        assert not inbox.take_in(database, sent, part), "a repeat is no second message"
    chance = random.Random(7)
    context = multiprocessing.get_context("spawn")
    for _ in range(KILLS):
        worker = context.Process(target=_answer_for_ever, args=(database_url,))
        worker.start()
        time.sleep(1.0 + chance.random())
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
    at = BEGAN + timedelta(days=400)
    conversation.answer_waiting(database, lambda: at)
    with database.read() as session:
        waiting = session.scalar(
            select(func.count()).where(InboundSms.processed_at.is_(None)).select_from(InboundSms)
        )
        answers = session.execute(
            select(OutboundSms.inbound_id, func.count())
            .where(OutboundSms.inbound_id.is_not(None))
            .group_by(OutboundSms.inbound_id)
        ).all()
        days = session.scalars(select(Case.start_date)).all()
    assert waiting == 0
    assert len(answers) == MESSAGES and all(count == 1 for _, count in answers)
    assert len(days) == len(set(days)), "no request was filed twice"
