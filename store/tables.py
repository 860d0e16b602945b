"""Every table, imported once so that migrations and tests see them all."""

from store import (
    calendars,
    cases,
    closings,
    days,
    log,
    messages,
    people,
    punches,
    shifts,
    terminal_care,
)
from store.db import Base

__all__ = [
    "Base",
    "calendars",
    "cases",
    "closings",
    "days",
    "log",
    "messages",
    "people",
    "punches",
    "shifts",
    "terminal_care",
]
