"""One import under way: what it was given, what it found, what it changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from domain.access import Actor
from domain.roster.faults import Fault
from domain.roster.rows import Roster
from store.db import Transaction

Progress = Callable[[str], None]
"""Told what is being done next, in words for people."""


@dataclass
class Report:
    """What an import found and did (laporan impor); with `stored` False nothing was kept."""

    as_of: date
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    refusal: str | None = None
    stored: bool = False

    @property
    def changes_anything(self) -> bool:
        return self.counts.total() > 0


@dataclass
class Work:
    """The import as its steps hand it on."""

    tx: Transaction
    now: datetime
    actor: Actor
    as_of: date
    roster: Roster
    report: Report
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What to log, by employee."""
    touched: set[int] = field(default_factory=set)
    """Employees whose days are to be derived again."""
    touched_units: set[int] = field(default_factory=set)

    def note(self, employee_id: int, what: str, value: Any) -> None:
        """Keep a person's change for the log."""
        self.changes.setdefault(employee_id, {})[what] = value
