"""The web doors: the panel, the SMS webhooks, the terminals' listener and the commands."""

from __future__ import annotations

from flask import Flask

from webapp import cli


def create_command_app() -> Flask:
    """The application behind `flask ...`: commands only, no settings asked for yet."""
    app = Flask("hadir", static_folder=None)
    cli.register(app)
    return app
