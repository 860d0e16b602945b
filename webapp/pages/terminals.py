"""All terminals by unit with their state at a glance; read-only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from store import board
from webapp.auth import EVERYBODY, for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages.terminal_state import state_of

desk = Blueprint("terminals", __name__, url_prefix="/terminals")


@desk.get("")
@for_roles(*EVERYBODY)
def fleet() -> Any:
    """Terminals in service, the worrying ones named in words."""
    with db().read() as session:
        lines = [(line, state_of(line, now())) for line in board.terminals(session, viewer())]
    return render_template(
        "terminals.html",
        lines=lines,
        worrying=sum(1 for _, state in lines if state.is_worrying),
        zone=visitor().zone,
    )
