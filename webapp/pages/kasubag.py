"""Kasubag's desk: what supervisors decided waits here to be passed on or given back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from domain.cases import WaitingFor
from domain.people import Role
from services import cases, duty
from store import case_queries
from webapp.auth import for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages import case_desk
from webapp.pages.asking import today, typed, typed_ids, typed_int

desk = Blueprint("kasubag", __name__, url_prefix="/kasubag")
MAY_ACT = (Role.KASUBAG, Role.BKD)
BACK_TO = (WaitingFor.SUPERVISOR, WaitingFor.EMPLOYEE)


@desk.get("")
@for_roles(*MAY_ACT, Role.PIMPINAN, Role.AUDITOR)
def queue() -> Any:
    """The queue and this week's duty travel."""
    return _page()


def _page(refused_id: int = 0, refusal: str = "") -> str:
    monday = today() - timedelta(days=today().weekday())
    with db().read() as session:
        waiting = case_queries.waiting(session, viewer(), WaitingFor.KASUBAG)
        travel = case_queries.duty_to_check(session, viewer(), monday, monday + timedelta(days=6))
        return render_template(
            "kasubag.html",
            cases=waiting,
            travel=travel,
            monday=monday,
            sunday=monday + timedelta(days=6),
            may_act=visitor().role in MAY_ACT,
            back_to=BACK_TO,
            refused_id=refused_id,
            refusal=refusal,
            zone=visitor().zone,
        )


@desk.post("/<int:case_id>/pass-on")
@for_roles(*MAY_ACT)
def pass_on(case_id: int) -> Any:
    """Teruskan: the case goes to the operator."""
    try:
        case_desk.see(case_id)
        cases.pass_on(db(), now(), viewer().actor, case_id, typed_int("version"))
    except cases.CaseError as error:
        return _page(case_id, case_desk.sentence(error)), 409
    flash(gettext("Permohonan diteruskan ke operator."))
    return _back()


@desk.post("/<int:case_id>/give-back")
@for_roles(*MAY_ACT)
def give_back(case_id: int) -> Any:
    """Kembalikan: to the supervisor or the employee, with a reason."""
    try:
        case_desk.see(case_id)
        to = case_desk.back_to(BACK_TO)
        cases.give_back(
            db(), now(), viewer().actor, case_id, typed_int("version"), to, typed("why")
        )
    except cases.CaseError as error:
        return _page(case_id, case_desk.sentence(error)), 409
    flash(gettext("Permohonan dikembalikan."))
    return _back()


@desk.post("/duty")
@for_roles(*MAY_ACT)
def check_travel() -> Response:
    """Tick the week's duty travel that was looked through."""
    ticked = duty.check_duty(db(), now(), viewer(), typed_ids("case"))
    flash(
        ngettext("%(num)d perjalanan dicentang.", "%(num)d perjalanan dicentang.", ticked)
        if ticked
        else gettext("Belum ada yang dicentang. Pilih dulu perjalanannya.")
    )
    return _back()


def _back() -> Response:
    return redirect(url_for("kasubag.queue"), 303)
