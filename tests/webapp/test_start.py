"""The panel refuses to start over the wrong database, with a sentence that says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import webapp
from store import migrate
from store.db import Database
from tests.webapp.conftest import settings


def test_mode_and_database_must_agree(office_url: str) -> None:
    with pytest.raises(SystemExit, match="made for training"):
        webapp.create_app(replace(settings(office_url), mode="production"))


def test_production_refuses_training_log_ins(office_url: str) -> None:
    database = Database(office_url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE install SET mode = 'production'")
    database.engine.dispose()
    with pytest.raises(SystemExit, match=r"training log-ins \(.*dewi"):
        webapp.create_app(replace(settings(office_url), mode="production"))


def test_an_unmigrated_database_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="flask db upgrade"):
        webapp.create_app(settings(f"sqlite:///{tmp_path}/empty.db"))


def test_missing_settings_are_told_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HADIR_MODE", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HADIR_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit) as stopped:
        webapp.create_app()
    for name in ("HADIR_MODE", "DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        assert name in str(stopped.value)


def test_a_contradiction_in_the_word_lists_is_named(
    office_url: str, contradictory_words: None
) -> None:
    with pytest.raises(SystemExit, match=r"cannot start: .*zz_bkd\.toml: 'bsk' = 'lusa' stands as"):
        webapp.create_app(settings(office_url))


def test_a_fresh_database_starts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/fresh.db"
    database = Database(url)
    migrate.upgrade(database, "training")
    database.engine.dispose()
    assert webapp.create_app(settings(url)).test_client().get("/healthz").status_code == 200
