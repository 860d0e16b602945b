"""The workers refuse to start with a sentence that says why."""

from __future__ import annotations

import pytest

from workers import pools


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to start with, but no Redis behind it: whoever went on would fail there."""
    monkeypatch.setenv("HADIR_MODE", "training")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///nowhere.db")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")


def test_a_contradiction_in_the_word_lists_is_named(
    contradictory_words: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pools.main(["messages"]) == 2
    assert "zz_bkd.toml: 'bsk' = 'lusa' stands as 'besok' too" in capsys.readouterr().err


def test_a_queue_nobody_knows_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert pools.main(["pesan"]) == 2
    assert "not ['pesan']" in capsys.readouterr().err
