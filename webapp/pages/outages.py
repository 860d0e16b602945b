"""Declared outages, and the paper lists that stand in for a terminal: page, print, sheet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext

from domain.people import Role
from services import outages
from services.terminals import TerminalProblem
from store import board, outage_queries, terminal_page
from store.log import record as log_record
from webapp import terminal_words
from webapp.auth import EVERYBODY, for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages.asking import today, typed, typed_int

desk = Blueprint("outages", __name__, url_prefix="/outages")
MAY_LIST = (Role.OPERATOR, Role.KASUBAG, Role.BKD)
LOOK_BACK = timedelta(days=60)


@desk.get("")
@for_roles(*EVERYBODY)
def listed() -> Any:
    """Outages of the last two months and those to come."""
    return _page()


def _page(refusal: str = "", status: int = 200) -> Any:
    with db().read() as session:
        html = render_template(
            "outages.html",
            outages=outage_queries.since(session, viewer(), today() - LOOK_BACK),
            units=terminal_page.units_for(session, viewer()),
            may_declare=visitor().role in outages.MAY_DECLARE,
            may_list=visitor().role in MAY_LIST,
            longest=outages.DEFAULT_LONGEST,
            today=today(),
            refusal=refusal,
        )
    return html, status


@desk.post("")
@for_roles(*outages.MAY_DECLARE)
def declare() -> Any:
    """Declare a unit's terminals out of order for some days."""
    try:
        first, last = date.fromisoformat(typed("first")), date.fromisoformat(typed("last"))
    except ValueError:
        return _page(gettext("Tulis tanggalnya, misalnya 24-11-2026."), 422)
    try:
        outages.declare(
            db(),
            now(),
            viewer(),
            typed_int("unit"),
            first,
            last,
            typed("why"),
            typed("terminal") or None,
        )
    except TerminalProblem as error:
        return _page(terminal_words.problem(error), 422)
    flash(gettext("Dinyatakan rusak. Cetak daftar hadir kertasnya."))
    return redirect(url_for("outages.listed"), 303)


@desk.post("/<int:outage_id>/end")
@for_roles(*outages.MAY_DECLARE)
def end(outage_id: int) -> Any:
    """The terminals work again from today on."""
    try:
        outages.end(db(), now(), viewer(), outage_id)
        flash(gettext("Masa rusak diakhiri mulai hari ini."))
    except TerminalProblem as error:
        return _page(terminal_words.problem(error), 422)
    return redirect(url_for("outages.listed"), 303)


@desk.get("/paper/<int:unit_id>/<first>/<last>")
@for_roles(*MAY_LIST)
def paper(unit_id: int, first: str, last: str) -> Any:
    """The list to print and sign."""
    unit, lines = _list(unit_id, first, last)
    return render_template(
        "paper.html", unit=unit, lines=lines, first=date.fromisoformat(first), last=last
    )


@desk.get("/paper/<int:unit_id>/<first>/<last>/sheet")
@for_roles(*MAY_LIST)
def sheet(unit_id: int, first: str, last: str) -> Any:
    """The same list as a CSV to type into; it comes back by the upload or `import-csv`."""
    unit, lines = _list(unit_id, first, last)
    with db().begin() as tx:
        log_record(
            tx, now(), viewer().actor, "paper_exported", "unit", unit.id, unit_id=unit.id,
            data={"first": first, "last": last, "lines": len(lines)},
        )  # fmt: skip
    name = f"daftar-hadir-{unit.code}-{first}.csv"
    return Response(
        outages.paper_csv(unit, lines),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _list(unit_id: int, first: str, last: str) -> Any:
    try:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        abort(404)
    with db().read() as session:
        unit = board.visible_unit(session, viewer(), unit_id)
        if unit is None:
            abort(404)
        try:
            return unit, outages.paper_list(session, unit, begins, ends)
        except TerminalProblem:
            abort(404)
