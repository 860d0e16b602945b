"""The web doors: the panel, the SMS webhooks, the terminals' listener and the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

from flask import Flask

import config.settings
from store import board, migrate
from store.bell import Bell
from store.db import Database
from store.log import Install
from webapp import cli
from webapp.context import House, utc_now
from webapp.iclock import create_iclock_app

__all__ = ["create_app", "create_command_app", "create_iclock_app"]


def create_command_app() -> Flask:
    """The application behind `flask ...`: commands only, no settings asked for yet."""
    app = Flask("hadir", static_folder=None)
    cli.register(app)
    return app


def create_app(
    settings: config.settings.Panel | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Flask:
    """The panel with its API and health pages; refuses to start with a sentence that says why."""
    from webapp import api, auth, errors, health, language, pages, security, sms_webhook

    if settings is None:
        settings = _settings_or_stop()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,  # a pasted list of a thousand NIPs is 20 KB
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    _refuse_contradictory_words()
    database = Database(settings.database_url, Bell(settings.redis_url).ring)
    _refuse_a_wrong_database(settings, database)
    app.extensions["hadir"] = House(settings, database, clock)
    # errors last: the API library brings its own handlers, ours speak to people as well
    for part in (security, language, auth, health, sms_webhook, pages, api, errors):
        part.register(app)
    return app


def _settings_or_stop() -> config.settings.Panel:
    try:
        return config.settings.panel()
    except config.settings.SettingsError as error:
        sys.exit(f"The panel cannot start:\n{error}")


def _refuse_contradictory_words() -> None:
    """The word lists are read now, so that a slip in them is named here and not by an SMS."""
    from sms.grammar import LexiconError, lexicon, second_opinion

    try:
        lexicon()
        second_opinion()
    except LexiconError as error:
        sys.exit(f"The panel cannot start: {error}")


def _refuse_a_wrong_database(settings: config.settings.Panel, database: Database) -> None:
    """One clear sentence when mode and database disagree or production holds training log-ins."""
    if not migrate.is_current(database):
        sys.exit(
            "The panel cannot start: the database is not at this version. Run: flask db upgrade"
        )
    with database.read() as session:
        install = session.get(Install, 1)
        training = board.training_accounts(session)
    written = install.mode if install else "nothing"
    if written != settings.mode:
        sys.exit(
            f"The panel cannot start: HADIR_MODE says {settings.mode}, but this database was made "
            f"for {written}. Give the right DATABASE_URL or the right HADIR_MODE."
        )
    if settings.mode == config.settings.PRODUCTION and training:
        sys.exit(
            "The panel cannot start: production holds training log-ins "
            f"({', '.join(training[:5])}). Disable them first."
        )
