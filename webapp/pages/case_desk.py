"""What the desks of Kasubag and operator share when they move a case."""

from __future__ import annotations

from flask_babel import gettext

from domain.cases import WaitingFor
from services.cases import CaseError
from store import case_queries
from webapp import wording
from webapp.auth import viewer
from webapp.context import db
from webapp.pages.asking import typed


def see(case_id: int) -> None:
    """A case outside one's own units does not exist for the visitor; raises CaseError."""
    with db().read() as session:
        if case_queries.visible_case(session, viewer(), case_id) is None:
            raise CaseError("gone", "Permohonan ini tidak ada.")


def back_to(allowed: tuple[WaitingFor, ...]) -> WaitingFor:
    """The desk picked in the form; raises CaseError when none was."""
    named = [who for who in allowed if who.value == typed("to")]
    if not named:
        raise CaseError("no_desk", gettext("Pilih dulu kepada siapa dikembalikan."))
    return named[0]


def sentence(error: CaseError) -> str:
    """The fault in the visitor's language."""
    return wording.fault(error.code, error.sentence)
