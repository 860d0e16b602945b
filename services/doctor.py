"""The doctor (periksa kesehatan): every invariant of the house, looked for on any database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.days import DayStatus, derive
from services.outbox import HOME_ZONE
from store import invariants
from store.day_facts import FactBook
from store.db import Database
from store.log import Install

BATCH = 2_000
ABSENT_IS_PROVEN = "no absence without proof"
ONE_DAY_EACH = "one day for each employee and date"
INSTALLED = "this house was installed"


@dataclass(frozen=True)
class Finding:
    """One invariant and what breaks it; `breaches` is empty where it holds."""

    invariant: str
    breaches: list[str]


def examine(db: Database, now: datetime) -> Iterator[Finding]:
    """Look at every invariant, one after the other."""
    today = now.astimezone(HOME_ZONE).date()
    with db.read() as session:
        installed = session.get(Install, 1) is not None
        yield Finding(INSTALLED, [] if installed else ["no migration wrote how it was installed"])
        yield Finding(ONE_DAY_EACH, invariants.days_missing(session, now, today))
        yield Finding(ABSENT_IS_PROVEN, list(_unproven(session, now)))
        for name, find in invariants.BY_QUERY:
            yield Finding(name, find(session, now))


def _unproven(session: Session, now: datetime) -> Iterator[str]:
    """Days that say absent although their facts, read again, do not."""
    absent = invariants.absences(session)
    for start in range(0, len(absent), BATCH):
        part = absent[start : start + BATCH]
        book = FactBook(session, part)
        for employee_id, day in part:
            derived = derive(book.facts(employee_id, day), now)
            if derived.status is not DayStatus.ABSENT:
                name = book.rules.employees[employee_id].name
                why = ", ".join(derived.reasons) or "the facts say so"
                yield f"{name}, {day}: is {derived.status} ({why})"
