"""Health of the messages: what waits in each lane, what is uncertain, who gives signs of life."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from domain.people import Role
from store import outbox_queries, vitals
from webapp.auth import for_roles, viewer, visitor
from webapp.context import db, now

desk = Blueprint("messages", __name__, url_prefix="/messages")


@desk.get("")
@for_roles(Role.BKD, Role.TECHNICIAN, Role.AUDITOR)
def health() -> Any:
    """Lanes, uncertain sends, heartbeats and SIMs."""
    with db().read() as session:
        return render_template(
            "messages.html",
            lanes=outbox_queries.lanes(session),
            uncertain=vitals.uncertain_messages(session, viewer()),
            inbox_waiting=vitals.inbox_waiting(session),
            heartbeats=vitals.heartbeats(session, now()),
            sims=vitals.sims(session),
            zone=visitor().zone,
        )
