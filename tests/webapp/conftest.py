"""The real panel over a small office, on a database of its own for each test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

import webapp
from config.settings import Panel
from store.db import Database
from tests.webapp import office
from webapp.security import limiter

LogIn = Callable[[str], FlaskClient]


@pytest.fixture(scope="session")
def furnished(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, office.Office]:
    """A migrated SQLite file with the whole office in it, copied for each test."""
    path = tmp_path_factory.mktemp("office") / "office.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    found = office.open_office(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path, found


@pytest.fixture
def hadir(furnished: tuple[Path, office.Office]) -> office.Office:
    """The office's ids by name."""
    return furnished[1]


@pytest.fixture
def office_url(furnished: tuple[Path, office.Office], tmp_path: Path) -> str:
    path = tmp_path / "panel.db"
    path.write_bytes(furnished[0].read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def office_db(office_url: str) -> Iterator[Database]:
    """A second way into the panel's database, for looking behind the pages."""
    database = Database(office_url)
    yield database
    database.engine.dispose()


def settings(database_url: str, redis_url: str = "redis://127.0.0.1:1/0", **more: object) -> Panel:
    """Training settings; Redis is silent unless a test brings one."""
    values = {
        "mode": "training",
        "database_url": database_url,
        "redis_url": redis_url,
        "secret_key": "a secret of forty letters for these tests",
        "public_url": "http://localhost",
        "port": 8000,
        "trusted_proxies": (),
        "twilio": None,
        **more,
    }
    return Panel(**values)  # type: ignore[arg-type]


@pytest.fixture
def app(office_url: str) -> Iterator[Flask]:
    """The panel at half past ten on a Tuesday, without form tokens and log-in limits."""
    made = webapp.create_app(settings(office_url), clock=lambda: office.NOW)
    made.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    limiter.enabled = False
    yield made
    limiter.enabled = True
    made.extensions["hadir"].db.engine.dispose()


@pytest.fixture
def log_in(app: Flask) -> LogIn:
    """A client with somebody logged in through the real form."""

    def as_person(login: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/login", data={"login": login, "password": office.PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    return as_person


@pytest.fixture
def live(office_url: str) -> Iterator[str]:
    """The panel on a real socket, forms protected as in life; its address."""
    made = webapp.create_app(settings(office_url), clock=lambda: office.NOW)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = make_server("127.0.0.1", port, made, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    limiter.enabled = False
    thread.start()
    yield f"http://127.0.0.1:{port}"
    limiter.enabled = True
    server.shutdown()
    thread.join(10)
    made.extensions["hadir"].db.engine.dispose()
