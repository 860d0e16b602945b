"""`flask sim`: the office's hand on its SIM cards."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import Result

import webapp
from store.db import Database
from store.messages import Sim

CARD = "510101234567890"


@pytest.fixture
def flask_sim(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HADIR_MODE", "training")
    monkeypatch.setenv("DATABASE_URL", str(sqlite_db.engine.url))
    monkeypatch.delenv("REDIS_URL", raising=False)

    def run(*arguments: str) -> Result:
        return webapp.create_command_app().test_cli_runner().invoke(args=["sim", *arguments])

    return run


def test_limits_change_one_by_one_and_are_listed(flask_sim: Any, sqlite_db: Database) -> None:
    assert flask_sim("set", CARD, "--number", "0811-555-0001", "--quota", "90").exit_code == 0
    assert flask_sim("set", CARD, "--rate", "6", "--time-zone", "Asia/Jakarta").exit_code == 0
    with sqlite_db.read() as session:
        sim = session.get_one(Sim, CARD)
    assert (sim.number, sim.daily_quota, sim.parts_per_minute, sim.time_zone) == (
        "+628115550001", 90, 6, "Asia/Jakarta",
    )  # fmt: skip
    assert "90 of 90 parts left today, 30 kept for answers, 6 a minute" in flask_sim("list").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("51010", "--quota", "9"), "no IMSI"),
        ((CARD, "--number", "TELKOMSEL"), "no phone number"),
        ((CARD, "--time-zone", "Asia/Samarinda"), "no time zone"),
        ((CARD, "--rate", "0"), "--rate"),
    ],
)
def test_what_no_card_can_be_is_refused_with_a_sentence(
    flask_sim: Any, sqlite_db: Database, arguments: tuple[str, ...], said: str
) -> None:
    answer = flask_sim("set", *arguments)
    assert answer.exit_code != 0
    assert said in answer.output
    with sqlite_db.read() as session:
        assert session.get(Sim, CARD) is None
