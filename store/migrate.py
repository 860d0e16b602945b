"""Bringing a database to the newest schema, and telling whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store.db import Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def _config(database: Database, mode: str | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database.engine
    config.attributes["mode"] = mode
    return config


def upgrade(database: Database, mode: str) -> None:
    """Run all migrations that are missing; the first one writes `mode` into the database."""
    command.upgrade(_config(database, mode), "head")


def downgrade(database: Database, revision: str) -> None:
    """Go back to `revision`, 'base' for nothing at all."""
    command.downgrade(_config(database), revision)


def is_current(database: Database) -> bool:
    """True when the database is at the newest migration."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
