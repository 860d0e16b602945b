"""Deciders who do not answer (atasan diam): a reminder, then the next person, up to the Kasubag.

Every rung is one transaction and one line in the log. Silence decides nothing: the case stays
open, and an open case never turns a day against anybody.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.access import system
from domain.cases import CaseStatus, WaitingFor
from domain.silence import LADDER, Patience, Rung, rung_due
from services import cases, outbox, work_days
from store import calendar_queries, case_queries, staff
from store.cases import Case
from store.db import Database, Transaction
from store.log import record as log_record
from store.people import Employee

SETTINGS = tuple(field.name for field in fields(Patience))
LOOKS_EVERY = timedelta(minutes=5)  # nothing shorter can be kept
CLOCK = system("silence")


def remind(db: Database, now: datetime) -> int:
    """Take every rung whose time has come; returns how many. Safe to run twice."""
    with db.read() as session:
        waiting = case_queries.unanswered(session, now - LOOKS_EVERY, len(LADDER))
        ids = [case.id for case in waiting]
    return sum(_climb(db, now, case_id) for case_id in ids)


def _climb(db: Database, now: datetime, case_id: int) -> bool:
    with db.begin() as tx:
        case = tx.get_one(Case, case_id)
        if case.status is not CaseStatus.OPEN or case.waiting_for is not WaitingFor.SUPERVISOR:
            return False
        today = now.astimezone(ZoneInfo(case.unit.time_zone)).date()
        is_urgent = case.start_date == today
        patience = Patience(**calendar_queries.settings_of(tx, case.unit, today, SETTINGS))
        last_word = case.reminded_at or case.submitted_at
        rung = rung_due(patience, case.reminders, last_word, now, is_urgent=is_urgent)
        if rung is None or case.decider is None:
            return False
        if not is_urgent and not _may_be_disturbed(tx, case.decider, now):
            return False
        _take(tx, now, case, rung, is_urgent=is_urgent)
        return True


def _may_be_disturbed(tx: Transaction, decider: Employee, now: datetime) -> bool:
    """By day, on one of the decider's working days; what is urgent does not wait for that."""
    today = cases.local_today(tx, decider.id, now)
    if outbox.daytime(tx, decider.id, now) > now:
        return False
    return work_days.working_days_of(tx, decider.id, today).is_working(today)


def _take(tx: Transaction, now: datetime, case: Case, rung: Rung, *, is_urgent: bool) -> None:
    """This rung, or the next above it that leads to somebody; without one the ladder ends."""
    silent = case.decider
    assert silent is not None
    for place in range(LADDER.index(rung), len(LADDER)):
        person = _person_on(tx, LADDER[place], case, silent, now)
        if person is None:
            continue
        case_queries.change(tx, case, reminders=place + 1, reminded_at=now, decider_id=person.id)
        if person.id == silent.id:
            cases.remind_decider(tx, now, case, silent, is_urgent=is_urgent)
        else:
            cases.hand_over(tx, now, case, silent, person, is_urgent=is_urgent)
        _log(tx, now, case, LADDER[place].value, person)
        return
    case_queries.change(tx, case, reminders=len(LADDER), reminded_at=now)
    _log(tx, now, case, "nobody_left", silent)


def _person_on(
    tx: Transaction, rung: Rung, case: Case, silent: Employee, now: datetime
) -> Employee | None:
    """Whom this rung asks; None when that is nobody new, or the person the case is about."""
    today = cases.local_today(tx, case.employee_id, now)
    match rung:
        case Rung.REMIND | Rung.REMIND_AGAIN:
            return silent
        case Rung.STAND_IN:
            person = staff.supervisor_of(tx, case.employee_id, today)
        case Rung.ONE_UP:
            person = staff.supervisor_of(tx, silent.id, today)
        case Rung.KASUBAG:
            person = staff.kasubag_of(tx, case.unit_id, today)
    is_new = person is not None and person.id not in (silent.id, case.employee_id)
    return person if is_new else None


def _log(tx: Transaction, now: datetime, case: Case, rung: str, person: Employee) -> None:
    log_record(
        tx,
        now,
        CLOCK,
        "silence",
        "case",
        case.id,
        employee_id=case.employee_id,
        unit_id=case.unit_id,
        why=rung,
        data={"rung": rung, "asked": person.id},
    )
