"""`flask sms send` and `flask sms status`: a test message, and the health of the roads."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select

import webapp
from domain.messages import Lane, MessageClass, OutState
from store import contacts, outbox_queries, schedule_queries
from store.calendars import Setting
from store.db import Database
from store.messages import OutboundSms


@pytest.fixture
def flask_sms(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HADIR_MODE", "training")
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("REDIS_URL", raising=False)

    def run(*arguments: str) -> Result:
        return webapp.create_command_app().test_cli_runner().invoke(args=["sms", *arguments])

    return run


def test_a_test_message_waits_in_the_outbox_and_leaves_at_any_hour(
    flask_sms: Any, db: Database
) -> None:
    result = flask_sms("send", "0811-555-0001", "Halo, ini percobaan.")
    assert result.exit_code == 0, result.output
    assert "1 part(s), GSM7, about Rp350" in result.output
    with db.read() as session:
        message = session.scalars(select(OutboundSms)).one()
    assert (message.number, message.text) == ("+628115550001", "Halo, ini percobaan.")
    assert message.state is OutState.QUEUED
    assert message.not_before <= datetime.now(UTC)


def test_what_makes_a_text_dear_or_filtered_is_said(flask_sms: Any, db: Database) -> None:
    output = flask_sms("send", "+628115550001", "Selamat pagi 😀").output
    assert "UCS2" in output
    assert "😀" in output
    assert "filtered word: selamat" in output


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [("TELKOMSEL", "halo", "TELKOMSEL"), ("12", "halo", "+628"), ("+628115550001", " ", "empty")],
)
def test_what_cannot_be_sent_is_refused_by_name(
    flask_sms: Any, db: Database, number: str, text: str, said: str
) -> None:
    result = flask_sms("send", number, text)
    assert result.exit_code == 1
    assert said in result.output
    with db.read() as session:
        assert session.scalars(select(OutboundSms)).all() == []


def test_status_of_an_empty_house(flask_sms: Any, db: Database) -> None:
    result = flask_sms("status")
    assert result.exit_code == 0, result.output
    assert "none has given a sign of life" in result.output
    assert "nothing waits" in result.output
    assert "UNKNOWN: 0" in result.output


def test_status_names_modems_cards_lanes_doubts_and_the_months_cost(
    flask_sms: Any, db: Database
) -> None:
    now = datetime.now(UTC)
    with db.begin() as tx:
        contacts.see_sim(tx, "510101234567890", "gammu", now)
        state = {"open": True, "signal_percent": 61, "problem": "modem tidak menjawab"}
        schedule_queries.beat(tx, "modem:gammu", now, state)
        outbox_queries.pause_road(tx, "twilio", now, now + timedelta(minutes=9), "Twilio 401/20003")
        tx.add(Setting(name="sms_tariff", first_day=date(2026, 1, 1), value={"sim": 200}))
        for lane, outcome, sent_at in (
            (Lane.ANSWER, OutState.QUEUED, None),
            (Lane.ALERT, OutState.SENT, now),
            (Lane.ALERT, OutState.UNKNOWN, None),
        ):
            tx.add(
                OutboundSms(
                    number="+628115550001", message_class=MessageClass.RECEIPT, lane=int(lane),
                    text="x", parts=2, state=outcome, route="sim:510101234567890",
                    not_before=now - timedelta(minutes=5), created_at=now,
                    submitted_at=None if outcome is OutState.QUEUED else now, sent_at=sent_at,
                )
            )  # fmt: skip
    told = json.loads(flask_sms("status", "--json").output)
    assert told["modems"][0]["name"] == "gammu"
    assert (told["sims"][0]["used_today"], told["sims"][0]["quota_left"]) == (4, 146)
    assert told["lanes"] == [
        {"lane": "answer", "waiting": 1, "oldest": told["oldest_waiting"]},
    ]
    assert (told["unknown"], told["cost_this_month_rupiah"]) == (1, 800)
    assert told["last_sent_at"] == told["sims"][0]["last_sent_at"] is not None
    lines = flask_sms("status").output
    for words in (
        "modem gammu: TROUBLE: modem tidak menjawab",
        "4 of 150 parts today",
        "road twilio: PAUSED",
        "lane answer: 1 waiting, oldest 5 min ago",
        "UNKNOWN: 1",
        "this month: 4 parts, about Rp800",
    ):
        assert words in lines
