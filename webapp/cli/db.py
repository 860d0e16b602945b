"""`flask db`: migrations."""

from __future__ import annotations

import click
from flask.cli import AppGroup

import config.settings as settings
from store import migrate
from webapp.cli import open_database

group = AppGroup("db", help="Database schema.")


@group.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema; the first time writes HADIR_MODE into it."""
    database = open_database(migrated=False)
    migrate.upgrade(database, settings.command().mode)
    click.echo("The database is up to date.")
