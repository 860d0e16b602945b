"""Entry points: `wsgi:app` is the panel, `wsgi:iclock` the terminals' listener, `flask` finds the
commands here when started in the repository's root."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def __getattr__(name: str) -> "Flask":
    """Build only the door that is asked for: a command needs none of the panel's settings."""
    import webapp

    if name == "app":
        for_a_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true" and "run" not in sys.argv
        return webapp.create_command_app() if for_a_command else webapp.create_app()
    if name == "iclock":
        return webapp.create_iclock_app()
    raise AttributeError(name)
