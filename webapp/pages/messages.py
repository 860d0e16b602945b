"""Health of the messages: roads, lanes, signs of life, cost; and doubts, to be settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from domain.people import Role
from services import cases, uncertain
from store import board, vitals
from store.message_health import message_health
from webapp.auth import SEE_PEOPLE, for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages import case_desk
from webapp.pages.asking import typed

desk = Blueprint("messages", __name__, url_prefix="/messages")
MAY_ACT = (Role.OPERATOR, Role.BKD)


@desk.get("")
@for_roles(*MAY_ACT, Role.TECHNICIAN, Role.AUDITOR)
def health() -> Any:
    """Lanes, uncertain sends, heartbeats and SIMs."""
    return _page()


def _page(refusal: str = "", refused_id: int = 0) -> str:
    with db().read() as session:
        doubts = vitals.uncertain_messages(session, viewer())
        may_name = visitor().role in SEE_PEOPLE
        people = [each.employee_id for each in doubts if each.employee_id and may_name]
        return render_template(
            "messages.html",
            health=message_health(session, now()),
            heartbeats=vitals.heartbeats(session, now()),
            uncertain=doubts,
            names=board.names_of(session, viewer(), people),
            may_act=visitor().role in MAY_ACT,
            refusal=refusal,
            refused_id=refused_id,
            now=now(),
            zone=visitor().zone,
        )


@desk.post("/<int:outbound_id>/arrived")
@for_roles(*MAY_ACT)
def arrived(outbound_id: int) -> Any:
    """The recipient has said that it arrived."""
    return _settled(outbound_id, uncertain.mark_sent, gettext("Dicatat: pesan itu sudah sampai."))


@desk.post("/<int:outbound_id>/give-up")
@for_roles(*MAY_ACT)
def give_up(outbound_id: int) -> Any:
    """It did not arrive, or does not matter any more."""
    return _settled(outbound_id, uncertain.give_up, gettext("Dicatat: pesan itu dibiarkan."))


def _settled(outbound_id: int, settle: Callable[..., None], said: str) -> Any:
    why = typed("why")[:300]
    if not why:
        return _page(gettext("Tuliskan singkat dari mana Anda tahu."), outbound_id), 422
    try:
        settle(db(), now(), viewer(), outbound_id, why)
    except cases.CaseError as error:
        return _page(case_desk.sentence(error)), 409
    flash(said)
    return redirect(url_for("messages.health"), 303)


@desk.post("/<int:outbound_id>/again")
@for_roles(*MAY_ACT)
def again(outbound_id: int) -> Any:
    """Send a copy that says it is one."""
    try:
        uncertain.resend(db(), now(), viewer(), outbound_id)
    except cases.CaseError as error:
        return _page(case_desk.sentence(error)), 409
    flash(gettext("Pesan dikirim sekali lagi, dengan tanda (ulang)."))
    return redirect(url_for("messages.health"), 303)
