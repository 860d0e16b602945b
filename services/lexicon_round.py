"""Messages for the next round of words (putaran leksikon): looked through, masked, exported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.people import Role
from services import outbox
from services.cases import CaseError
from store import inbox_queries, staff
from store.cases import Case
from store.db import Database
from store.log import record as log_record
from store.messages import InboundSms
from store.people import Employee

LONG_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[ .-]?\d){6,}(?!\w)")  # phones, NIP, letters, accounts
SHORTEST_NAME = 3  # letters


def masked(text: str, names: Iterable[str]) -> str:
    """The text without the words of these names and without numbers that lead to somebody.

    A name becomes NAMA, a number of 7 digits and more ANGKA; days and clock times stay.
    """
    words = {word.strip(".,'") for name in names for word in name.split()}
    found = sorted((re.escape(w) for w in words if len(w) >= SHORTEST_NAME), key=len, reverse=True)
    if found:
        text = re.sub(rf"\b(?:{'|'.join(found)})(nya)?\b", "NAMA", text, flags=re.IGNORECASE)
    return LONG_NUMBER.sub("ANGKA", text)


def preview(session: Session) -> list[dict[str, Any]]:
    """Every message that a person has handled, masked and labelled, newest first."""
    return [
        _line(message, case, masked(message.text, _names_around(session, message)))
        for message, case in inbox_queries.looked_through(session)
    ]


def export(
    db: Database, now: datetime, viewer: Viewer, chosen: Sequence[int]
) -> list[dict[str, Any]]:
    """The chosen messages with what a person read in them as label; each is logged.

    Only BKD exports, and only what a person has handled. Names of the sender, of their unit and of
    whoever supervises there are masked. Raises CaseError for anybody else.
    """
    if viewer.role is not Role.BKD:
        raise CaseError("not_bkd", "Ekspor pesan hanya untuk BKD.")
    with db.begin() as tx:
        rows = inbox_queries.looked_through(tx, chosen)
        exported = []
        for message, case in rows:
            exported.append(_line(message, case, masked(message.text, _names_around(tx, message))))
            log_record(
                tx,
                now,
                viewer.actor,
                "exported_text",
                "inbound_sms",
                message.id,
                employee_id=message.employee_id,
            )
        return exported


def _names_around(tx: Session, message: InboundSms) -> list[str]:
    if message.employee_id is None:
        return []
    today = message.sent_at.astimezone(outbox.HOME_ZONE).date()
    person = tx.get_one(Employee, message.employee_id)
    circle = [person, *staff.colleagues_of(tx, person.id, today)]
    supervisor = staff.supervisor_of(tx, person.id, today)
    return [each.name for each in (*circle, *([supervisor] if supervisor else []))]


def _line(message: InboundSms, case: Case | None, text: str) -> dict[str, Any]:
    """One labelled line, in the fields that `flask sms parse` reads and writes."""

    def shown(value: Any) -> str | None:
        return value.isoformat() if value is not None else None

    return {
        "id": message.id,
        "now": message.sent_at.astimezone(outbox.HOME_ZONE).isoformat(),
        "sender": "employee",
        "open_requests": [],
        "text": text,
        "intent": "request" if case else "unclear",
        "type": case.kind.value if case else None,
        "start": shown(case.start_date) if case else None,
        "end": shown(case.end_date) if case else None,
        "time_from": f"{case.time_from:%H:%M}" if case and case.time_from else None,
        "time_to": f"{case.time_to:%H:%M}" if case and case.time_to else None,
    }
