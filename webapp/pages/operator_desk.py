"""Operator's desk: record what was passed on, type duty travel, file for who cannot text."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from domain.cases import WaitingFor
from domain.people import Role
from services import cases, duty
from services.roster.missing_shifts import missing_rosters
from store import board, case_queries, staff
from webapp import wording
from webapp.auth import for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages import case_desk
from webapp.pages.asking import today, typed, typed_int
from webapp.pages.forms import DutyForm, FilingForm

desk = Blueprint("operator", __name__, url_prefix="/operator")
MAY_ACT = (Role.OPERATOR, Role.BKD)
MOST_CHOICES = 20  # more radio buttons than that help nobody
BACK_TO = (WaitingFor.KASUBAG, WaitingFor.SUPERVISOR)


@desk.get("")
@for_roles(*MAY_ACT, Role.PIMPINAN, Role.AUDITOR)
def queue() -> Any:
    """Cases that were passed on and wait to be recorded."""
    return _page()


def _page(refused_id: int = 0, refusal: str = "") -> str:
    with db().read() as session:
        return render_template(
            "operator.html",
            cases=case_queries.waiting(session, viewer(), WaitingFor.OPERATOR),
            without_letter=board.duty_without_letter(session, viewer()),
            missing=missing_rosters(session, viewer(), today()),
            may_act=visitor().role in MAY_ACT,
            back_to=BACK_TO,
            refused_id=refused_id,
            refusal=refusal,
            zone=visitor().zone,
        )


@desk.post("/<int:case_id>/record")
@for_roles(*MAY_ACT)
def record(case_id: int) -> Any:
    """Catat: the case counts from now on."""
    try:
        case_desk.see(case_id)
        cases.record(
            db(), now(), viewer().actor, case_id, typed_int("version"), typed("letter_number")[:80]
        )
    except cases.CaseError as error:
        return _page(case_id, case_desk.sentence(error)), 409
    flash(gettext("Permohonan tercatat; hari-harinya dihitung ulang."))
    return _back()


@desk.post("/<int:case_id>/give-back")
@for_roles(*MAY_ACT)
def give_back(case_id: int) -> Any:
    """Kembalikan: to Kasubag or the supervisor, with a reason."""
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


@desk.post("/<int:case_id>/letter")
@for_roles(*MAY_ACT)
def letter(case_id: int) -> Any:
    """The surat tugas number of duty travel that stood without one."""
    if duty.add_letter(db(), now(), viewer(), case_id, typed("letter_number")[:80]):
        flash(gettext("Nomor surat tugas tersimpan."))
        return _back()
    return _page(case_id, gettext("Isi nomor surat tugasnya, lalu simpan lagi.")), 422


@desk.route("/duty", methods=["GET", "POST"])
@for_roles(*MAY_ACT)
def type_duty() -> Any:
    """Dinas luar for one or many: good lines are stored, the others stay in the box."""
    form = DutyForm()
    if not form.validate_on_submit():
        return render_template("duty.html", form=form), 422 if form.errors else 200
    outcome = duty.type_duty(
        db(),
        now(),
        viewer(),
        form.people.data,
        form.start.data,  # type: ignore[arg-type]  # required, so there after validation
        form.end.data or form.start.data,  # type: ignore[arg-type]
        form.place.data,
        form.purpose.data or "",
        form.letter_number.data or "",
    )
    if outcome.case_ids:
        stored = len(outcome.case_ids)
        flash(
            ngettext(
                "Dinas luar tersimpan untuk %(num)d orang.",
                "Dinas luar tersimpan untuk %(num)d orang.",
                stored,
            )
        )
    if not outcome.faults:
        return redirect(url_for("operator.type_duty"), 303)
    form.people.data = _lines_at_fault(form.people.data, outcome.faults)
    form.people.errors = [wording.line_fault(fault) for fault in outcome.faults]
    return render_template("duty.html", form=form), 422


def _lines_at_fault(pasted: str, faults: list[str]) -> str:
    """What stays in the box: the lines that a fault names, or all when none was stored."""
    lines = [line.strip() for line in pasted.replace(",", "\n").replace(";", "\n").splitlines()]
    kept = [line for line in lines if any(fault.startswith(f"{line}:") for fault in faults)]
    return "\n".join(kept) or pasted


@desk.route("/file", methods=["GET", "POST"])
@for_roles(*MAY_ACT)
def file_for() -> Any:
    """File for a person who phoned or brought paper; says who told whom."""
    form = FilingForm()
    if not form.validate_on_submit():
        return render_template("file.html", form=form, found=[]), 422 if form.errors else 200
    with db().read() as session:
        found = staff.find_visible(session, viewer(), form.who.data.strip(), today())
    chosen = [person for person in found if str(person.id) == typed("chosen")]
    found = chosen or found
    if len(found) != 1:
        if not found:
            fault = gettext("Tidak ada di unit Anda. Tulis NIP atau nama lengkapnya.")
        elif len(found) > MOST_CHOICES:
            fault = gettext("Terlalu banyak yang cocok. Tulis NIP atau nama lengkapnya.")
            found = []
        else:
            fault = gettext("Lebih dari satu orang bernama begitu. Pilih salah satu di bawah.")
        form.who.errors = [fault]
        return render_template("file.html", form=form, found=found), 422
    try:
        cases.file_for(
            db(),
            now(),
            viewer().actor,
            found[0].id,
            form.request(),
            form.told_by.data.strip(),
            agreed=form.agreed.data,
        )
    except cases.CaseError as error:
        form.who.errors = [case_desk.sentence(error)]
        return render_template("file.html", form=form, found=[]), 422
    flash(gettext("Permohonan untuk %(name)s tersimpan.", name=found[0].name))
    return redirect(url_for("operator.file_for"), 303)


def _back() -> Response:
    return redirect(url_for("operator.queue"), 303)
