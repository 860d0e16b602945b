"""What every page of one application shares: its settings, its database, its clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app

from config.settings import Panel
from store.db import Database


def utc_now() -> datetime:
    """The clock on the wall; tests hand in another."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """The panel's belongings, kept in `app.extensions`."""

    settings: Panel
    db: Database
    clock: Callable[[], datetime]


def house() -> House:
    """The house of the running application."""
    found: House = current_app.extensions["hadir"]
    return found


def db() -> Database:
    return house().db


def now() -> datetime:
    return house().clock()
