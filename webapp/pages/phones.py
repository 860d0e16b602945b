"""Nomor HP: new numbers, a decider's by two people; and decisions that came in an unusual way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from domain.people import Role
from services import cases, identity
from store import phone_queries, staff
from webapp.auth import for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages import case_desk
from webapp.pages.asking import today, typed

desk = Blueprint("phones", __name__, url_prefix="/phones")
MAY_ACT = (Role.OPERATOR, Role.KASUBAG, Role.BKD)
ALARMS_FOR = timedelta(days=14)


@desk.get("")
@for_roles(*MAY_ACT)
def waiting() -> Any:
    """What waits for a second person, what was unusual, and the form for a new number."""
    return _page()


def _page(refusal: str = "") -> str:
    with db().read() as session:
        return render_template(
            "phones.html",
            waiting=phone_queries.waiting(session, viewer(), today()),
            alarms=phone_queries.alarms(session, viewer(), now() - ALARMS_FOR),
            me=str(viewer().actor),
            refusal=refusal,
            nip=typed("nip"),
            number=typed("number"),
            zone=visitor().zone,
        )


@desk.post("/propose")
@for_roles(*MAY_ACT)
def propose() -> Any:
    """Give a person a new number."""
    with db().read() as session:
        person = staff.person_by_nip(session, typed("nip").replace(" ", ""))
    if person is None:
        return _page(gettext("NIP ini tidak terdaftar. Periksa ke-18 angkanya.")), 422
    try:
        counts = identity.propose_number(db(), now(), viewer(), person.id, typed("number"))
    except cases.CaseError as error:
        return _page(case_desk.sentence(error)), 422
    flash(
        gettext("Nomor baru berlaku; pemiliknya diminta menjawab satu SMS.")
        if counts
        else gettext("Tersimpan. Nomor atasan berlaku setelah orang kedua mengonfirmasi.")
    )
    return redirect(url_for("phones.waiting"), 303)


@desk.post("/<int:phone_id>/confirm")
@for_roles(*MAY_ACT)
def confirm(phone_id: int) -> Any:
    """The second person says that the number is theirs."""
    said = gettext("Nomor baru berlaku; nomor lama diberi tahu.")
    return _settled(phone_id, identity.confirm_number, said)


@desk.post("/<int:phone_id>/refuse")
@for_roles(*MAY_ACT)
def refuse(phone_id: int) -> Any:
    """It is not theirs."""
    return _settled(phone_id, identity.refuse_number, gettext("Nomor itu tidak dipakai."))


def _settled(phone_id: int, settle: Callable[..., None], said: str) -> Any:
    try:
        settle(db(), now(), viewer(), phone_id)
    except cases.CaseError as error:
        return _page(case_desk.sentence(error)), 409
    flash(said)
    return redirect(url_for("phones.waiting"), 303)
