"""The ward head is asked for a roster that nobody published (jadwal jaga belum terbit)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from domain.messages import MessageClass
from domain.notices import Audience, heard_by
from services import outbox
from services.roster.missing_shifts import MissingRoster, missing_rosters
from sms import texts
from store import outbox_queries, staff
from store.db import Database, Transaction
from store.people import Employee


def ask_for_rosters(db: Database, now: datetime) -> int:
    """One SMS for each ward and month to its head, again after some days; returns how many.

    Nobody is asked for a unit in *pantau*, and in *uji* only its operator. Safe to run at any time.
    """
    today = now.astimezone(outbox.HOME_ZONE).date()
    with db.read() as session:
        missing = missing_rosters(session, None, today)
    asked = 0
    for roster in missing:
        with db.begin() as tx:
            asked += _ask(tx, now, today, roster)
    return asked


def _ask(tx: Transaction, now: datetime, today: date, roster: MissingRoster) -> int:
    audience = heard_by(staff.stage_of(tx, roster.unit.id, today), Audience.SUPERVISOR)
    operator = staff.operator_of(tx, roster.unit.id, today)
    wards: dict[int | None, list[int]] = defaultdict(list)
    for employee_id, head_id in _heads(tx, roster, today).items():
        wards[head_id if audience == (Audience.SUPERVISOR,) else None].append(employee_id)
    asked = 0
    for head_id, people in wards.items() if audience else ():
        recipient = tx.get(Employee, head_id) if head_id else operator
        if recipient is None:
            continue
        text = texts.roster_missing(
            recipient.name,
            min(roster.lacking[employee_id] for employee_id in people),
            len(people),
            roster.unit.name,
            to_operator=head_id is None,
        )
        asked += _ask_once(tx, now, today, roster, recipient, text)
    return asked


def _heads(tx: Transaction, roster: MissingRoster, today: date) -> dict[int, int | None]:
    """Each person's ward head: their direct supervisor; a head who works by shift, too, is
    their own."""
    heads: dict[int, int | None] = {}
    for employee_id in roster.lacking:
        head = staff.supervisor_of(tx, employee_id, today)
        heads[employee_id] = head.id if head else None
    leading = set(heads.values())
    return {
        employee_id: employee_id if employee_id in leading else head_id
        for employee_id, head_id in heads.items()
    }


def _ask_once(
    tx: Transaction,
    now: datetime,
    today: date,
    roster: MissingRoster,
    recipient: Employee,
    text: str,
) -> bool:
    key = f"roster:{roster.unit.id}:{roster.month:%Y-%m}:{recipient.id}"
    dates = (today - timedelta(days=n) for n in range(roster.asking.roster_asked_again_days))
    if outbox_queries.is_written(tx, *(f"{key}:{day}" for day in dates)):
        return False
    message = outbox.queue(
        tx,
        now,
        MessageClass.QUEUE_NOTICE,
        text,
        employee_id=recipient.id,
        dedupe_key=f"{key}:{today}",
    )
    return message is not None
