"""The commands of `flask ...`; each group asks for the settings it needs, and only those."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import click
from flask import Flask

import config.settings as settings
from store import migrate
from store.bell import Bell
from store.db import Database


def register(app: Flask) -> None:
    """Add every command group of this package: each module's `group`."""
    for module in pkgutil.iter_modules(__path__):
        app.cli.add_command(importlib.import_module(f"{__name__}.{module.name}").group)


def now() -> datetime:
    return datetime.now(UTC)


def open_database(*, migrated: bool = True) -> Database:
    """The database of this environment; stops with one clear sentence when it cannot be used."""
    try:
        asked = settings.command()
    except settings.SettingsError as error:
        raise click.ClickException(str(error)) from error
    bell = Bell(asked.redis_url) if asked.redis_url else None
    database = Database(asked.database_url, bell.ring if bell else None)
    if migrated and not migrate.is_current(database):
        raise click.ClickException("The database is not at this version. Run: flask db upgrade")
    return database


def failures_as_sentences(*kinds: type[Exception]) -> Callable[[Any], Any]:
    """A command whose named errors end it with their sentence and exit code 1, no traceback."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:
            try:
                return command(*args, **kwargs)
            except kinds as error:
                click.echo(str(error), err=True)
                sys.exit(1)

        return run

    return decorate
