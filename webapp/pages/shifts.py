"""Shift rosters of a unit: a month of letters, its drafts, the letters' hours, swaps by two."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from domain.people import Role
from domain.shifts import LONGEST_LETTER, BadCell, Grid
from services.roster import swaps
from services.roster.missing_shifts import missing_rosters
from services.roster.shifts import (
    ShiftProblem,
    Ward,
    copied,
    publish,
    save_draft,
    set_letter,
    ward,
)
from store import shift_queries
from store.people import Unit
from webapp import wording
from webapp.auth import for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages.asking import month_span, today, typed, typed_int

desk = Blueprint("shifts", __name__, url_prefix="/shifts")
MAY_ACT = (Role.OPERATOR, Role.KASUBAG, Role.BKD)
MAY_LOOK = (*MAY_ACT, Role.PIMPINAN, Role.AUDITOR)


@desk.get("")
@for_roles(*MAY_LOOK)
def units() -> Any:
    """The units in sight where people work by shift, with what is not published yet."""
    first = today().replace(day=1)
    with db().read() as session:
        people = shift_queries.may_work_by_shift(session, viewer(), first, first + timedelta(62))
        missing = missing_rosters(session, viewer(), today())
        ids = dict.fromkeys(unit_id for _, unit_id in people)
        found = [session.get_one(Unit, unit_id) for unit_id in ids]
    if len(found) == 1 and not missing:
        return redirect(url_for("shifts.month", unit_id=found[0].id, month=f"{first:%Y-%m}"))
    next_month = (first + timedelta(31)).replace(day=1)
    return render_template(
        "shift_units.html", units=found, missing=missing, months=(first, next_month)
    )


@desk.get("/<int:unit_id>/<month>")
@for_roles(*MAY_LOOK)
def month(unit_id: int, month: str) -> Any:
    """The roster of a month: the draft where there is one, else what is published."""
    return _page(unit_id, month)


@desk.post("/<int:unit_id>/<month>")
@for_roles(*MAY_ACT)
def write(unit_id: int, month: str) -> Any:
    """Keep the grid as a draft, fill it from four weeks before, or publish it."""
    first, _ = month_span(month)
    with db().read() as session:
        place = ward(session, _unit(session, unit_id), first)
        grid = _typed_grid(place)
    if typed("do") == "publish":
        outcome = publish(db(), now(), viewer().actor, unit_id, first, grid)
        if outcome.bad:
            save_draft(db(), now(), viewer().actor, unit_id, first, grid)
            return _page(unit_id, month, bad=outcome.bad), 422
        flash(
            ngettext(
                "Jadwal terbit; %(num)d sel berubah.",
                "Jadwal terbit; %(num)d sel berubah.",
                outcome.changed,
            )
            if outcome.changed
            else gettext("Jadwal terbit; tidak ada yang berubah.")
        )
        return _back(unit_id, month)
    if typed("do") == "copy":
        grid = copied(place, grid)
        flash(gettext("Sel kosong diisi dari empat minggu sebelumnya. Periksa, lalu terbitkan."))
    else:
        flash(gettext("Rancangan tersimpan; belum berlaku sampai diterbitkan."))
    save_draft(db(), now(), viewer().actor, unit_id, first, grid)
    return _back(unit_id, month)


@desk.post("/<int:unit_id>/<month>/letter")
@for_roles(*MAY_ACT)
def letter(unit_id: int, month: str) -> Any:
    """The hours of a letter at this unit from a day on."""
    month_span(month)
    with db().read() as session:
        _unit(session, unit_id)
    try:
        set_letter(
            db(),
            now(),
            viewer().actor,
            unit_id,
            typed("letter"),
            _typed_clock("starts"),
            _typed_clock("ends"),
            _typed_day("first_day"),
            typed("name"),
        )
    except ShiftProblem as problem:
        return _page(unit_id, month, letter_problem=wording.SHIFT_PROBLEM[problem.code]), 422
    flash(gettext("Jam huruf %(letter)s tersimpan.", letter=typed("letter").upper()))
    return _back(unit_id, month)


@desk.post("/<int:unit_id>/<month>/swap")
@for_roles(*MAY_ACT)
def propose_swap(unit_id: int, month: str) -> Any:
    """Propose that two people exchange their letters."""
    first, last = month_span(month)
    with db().read() as session:
        _unit(session, unit_id)
    numbers = sorted({int(number) for number in re.findall(r"\d{1,2}", typed("days"))})
    days = [first.replace(day=number) for number in numbers if 1 <= number <= last.day]
    try:
        swaps.propose(
            db(), now(), viewer(), unit_id, typed_int("one"), typed_int("other"), days, typed("why")
        )
    except ShiftProblem as problem:
        return _page(unit_id, month, swap_problem=wording.SHIFT_PROBLEM[problem.code]), 422
    flash(gettext("Tukar jaga diusulkan; berlaku setelah orang kedua mengonfirmasi."))
    return _back(unit_id, month)


@desk.post("/<int:unit_id>/<month>/swap/<int:swap_id>")
@for_roles(*MAY_ACT)
def end_swap(unit_id: int, month: str, swap_id: int) -> Any:
    """Confirm or refuse a swap that somebody else proposed."""
    month_span(month)
    is_confirmed = typed("do") == "confirm"
    try:
        (swaps.confirm if is_confirmed else swaps.refuse)(db(), now(), viewer(), swap_id)
    except ShiftProblem as problem:
        return _page(unit_id, month, swap_problem=wording.SHIFT_PROBLEM[problem.code]), 409
    flash(
        gettext("Tukar jaga berlaku; hari-harinya dihitung ulang.")
        if is_confirmed
        else gettext("Usulan tukar jaga dihapus.")
    )
    return _back(unit_id, month)


# --- the page --------------------------------------------------------------------------------


def _page(
    unit_id: int,
    month: str,
    bad: list[BadCell] | None = None,
    letter_problem: str = "",
    swap_problem: str = "",
) -> str:
    first, last = month_span(month)
    with db().read() as session:
        place = ward(session, _unit(session, unit_id), first)
        draft = shift_queries.draft_of(session, unit_id, first)
        waiting = shift_queries.open_swaps(session, unit_id)
        grid = shift_queries.grid_of(draft) if draft else place.published
        return render_template(
            "shifts.html",
            place=place,
            people=_rows(place),
            grid=grid,
            draft=draft,
            month=month,
            first=first,
            before=f"{first - timedelta(1):%Y-%m}",
            after=f"{last + timedelta(1):%Y-%m}",
            today=today(),
            bad={(cell.employee_id, cell.day): cell for cell in bad or ()},
            names={person.id: person.name for person in place.people},
            is_complete=_is_complete(place),
            swaps=[(swap, swaps.is_proposer(swap, viewer())) for swap in waiting],
            may_act=visitor().role in MAY_ACT,
            letter_problem=letter_problem,
            swap_problem=swap_problem,
            fault_words=wording.CELL_FAULT,
            longest=LONGEST_LETTER,
            zone=visitor().zone,
        )


def _rows(place: Ward) -> list[Any]:
    """Who stands in the grid: those who work by shift, and whoever has a letter there."""
    return [
        person
        for person in place.people
        if person.id in place.by_shift
        or any(day in place.days for day in place.published.get(person.id, ()))
    ]


def _is_complete(place: Ward) -> bool:
    return all(
        day in place.published.get(employee_id, {})
        for employee_id in place.by_shift
        for day in place.here[employee_id]
    )


def _typed_grid(place: Ward) -> Grid:
    """The cells of the form; a cell that was not sent keeps what is published."""
    return {
        person.id: {
            day: _cell(place, person.id, day) for day in place.days if day in place.here[person.id]
        }
        for person in _rows(place)
    }


def _cell(place: Ward, employee_id: int, day: date) -> str:
    written = request.form.get(f"{employee_id}.{day.day}")
    if written is None:
        return place.published.get(employee_id, {}).get(day, "")
    return "".join(written.upper().split())[: LONGEST_LETTER + 1]


def _unit(session: Any, unit_id: int) -> Unit:
    unit = shift_queries.visible_unit(session, viewer(), unit_id)
    if unit is None:
        abort(404)
    return unit


def _typed_clock(name: str) -> time:
    try:
        return time.fromisoformat(typed(name).replace(".", ":"))
    except ValueError:
        raise ShiftProblem("clock") from None


def _typed_day(name: str) -> date:
    try:
        return date.fromisoformat(typed(name))
    except ValueError:
        raise ShiftProblem("day") from None


def _back(unit_id: int, month: str) -> Response:
    return redirect(url_for("shifts.month", unit_id=unit_id, month=month), 303)
