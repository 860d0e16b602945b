"""Fixtures everybody shares: a migrated SQLite and a migrated PostgreSQL, and a real Redis."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sms.grammar import lexicon
from sms.grammar.wordlists import WORDS
from store import migrate
from store.db import Database
from store.embedded_redis import EmbeddedRedis
from tests.servers import OwnPostgres

TEMPLATE = f"template_hadir_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a server, without a database name, and a migrated template database."""
    given = os.environ.get("DATABASE_URL_TEST")
    server = None
    if given:
        base = given.rstrip("/").rsplit("/", 1)[0]
    else:
        server = OwnPostgres()
        server.start()
        base = server.url("x").rsplit("/", 1)[0]
    _admin(base, f"DROP DATABASE IF EXISTS {TEMPLATE}")
    _admin(base, f"CREATE DATABASE {TEMPLATE}")
    database = Database(f"{base}/{TEMPLATE}")
    migrate.upgrade(database, "training")
    database.engine.dispose()
    yield base
    if server is not None:
        server.stop()


def _admin(base: str, statement: str) -> None:
    with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database, "training")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture
def contradictory_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """BKD has added a word that means something else already, and starts anew."""
    folder = tmp_path / "words"
    shutil.copytree(WORDS, folder)
    (folder / "zz_bkd.toml").write_text('[spelling]\nlusa = "bsk"\n', encoding="utf-8")
    monkeypatch.setattr("sms.grammar.wordlists.WORDS", folder)
    lexicon.cache_clear()
    yield
    lexicon.cache_clear()


_clones = iter(range(1, 1_000_000))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty, migrated database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "hadir.db"
        path.write_bytes(template.read_bytes())
        yield f"sqlite:///{path}"
        return
    base: str = request.getfixturevalue("postgres")
    name = f"hadir_{os.getpid()}_{next(_clones)}"
    _admin(base, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield f"{base}/{name}"
    _admin(base, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A migrated database of its own for this test, on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def sqlite_db(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite only, for tests above the store that need no second engine."""
    path = tmp_path / "hadir.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server.url
    server.stop()
