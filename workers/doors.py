"""What every working process does first: settings, database, agreement on the mode."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import config.settings as settings
from store import migrate
from store.bell import Bell
from store.db import Database
from store.schedule_queries import installation

Asked = TypeVar("Asked", bound=settings.Ringing)


def now() -> datetime:
    return datetime.now(UTC)


def this_process(part: str) -> str:
    """A name for claims and leases, 'modem@host:123'."""
    return f"{part}@{socket.gethostname()}:{os.getpid()}"[:60]


def asked_settings(ask: Callable[[], Asked]) -> Asked:
    """Settings of this door, or the end of the process with a sentence per fault."""
    try:
        return ask()
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def open_database(asked: settings.Ringing) -> Database:
    """The database with the bell; ends the process when the schema or the mode does not fit."""
    database = Database(asked.database_url, Bell(asked.redis_url).ring)
    if not migrate.is_current(database):
        sys.exit("The database is not at this version. Run: flask db upgrade")
    with database.read() as session:
        install = installation(session)
    if install is not None and install.mode != asked.mode:
        sys.exit(
            f"This database was installed for {install.mode}, but HADIR_MODE is {asked.mode}. "
            "Point DATABASE_URL at the right database."
        )
    return database
