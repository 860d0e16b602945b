"""One person's month: each day's status, first in, last out, minutes, and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from domain.people import Role
from services import cases
from store import board, case_queries, notice_queries
from store.log import record as log_record
from store.messages import InboundSms
from webapp.auth import SEE_PEOPLE, for_roles, viewer, visitor
from webapp.context import db, now
from webapp.day_sheet import day_sheet, told_words
from webapp.pages import case_desk
from webapp.pages.asking import month_span, today, typed, typed_int

desk = Blueprint("person", __name__, url_prefix="/person")
MAY_WITHDRAW = (Role.OPERATOR, Role.BKD)


@desk.get("/<int:employee_id>")
@for_roles(*SEE_PEOPLE)
def this_month(employee_id: int) -> Any:
    """The month that runs."""
    return redirect(url_for("person.month", employee_id=employee_id, month=f"{today():%Y-%m}"))


@desk.get("/<int:employee_id>/<month>")
@for_roles(*SEE_PEOPLE)
def month(employee_id: int, month: str) -> Any:
    """A person's month; that somebody looked is recorded."""
    month_span(month)
    _record_the_look(employee_id, month)
    return _page(employee_id, month)


def _page(employee_id: int, month: str, refusal: str = "") -> str:
    first, last = month_span(month)
    with db().read() as session:
        found = board.person_month(session, viewer(), employee_id, first, last)
        if found is None:
            abort(404)
        told = notice_queries.told_of_person(session, employee_id, first, last)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return render_template(
        "person.html",
        person=found,
        told=[told_words(*each, visitor().zone) for each in told if each[0].day in found.days],
        month=month,
        first=first,
        days=[(day, found.days.get(day)) for day in _days(first, max(first, min(last, today())))],
        month_before=f"{before:%Y-%m}",
        month_after=f"{after:%Y-%m}",
        today=today(),
        shows_numbers=visitor().role is Role.OPERATOR,
        may_withdraw=visitor().role in MAY_WITHDRAW,
        refusal=refusal,
        zone=visitor().zone,
    )


@desk.get("/<int:employee_id>/<month>/<int:number>.pdf")
@for_roles(*SEE_PEOPLE)
def sheet(employee_id: int, month: str, number: int) -> Any:
    """One page that says why a day is what it is; that it was taken is recorded."""
    first, last = month_span(month)
    _record_the_look(employee_id, month)
    with db().read() as session:
        found = board.person_month(session, viewer(), employee_id, first, last)
        day = next((d for d in found.days.values() if d.day.day == number), None) if found else None
        if found is None or day is None:
            abort(404)
        told = notice_queries.told_of_person(session, employee_id, day.day, day.day)
        written = day_sheet(found.employee, found.assignment, day, list(told), visitor().zone)
    name = f"{found.employee.nip or employee_id}-{day.day}.pdf"
    return Response(
        written,
        mimetype="application/pdf",
        headers={"Content-Disposition": f"inline; filename={name}"},
    )


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _record_the_look(employee_id: int, month: str) -> None:
    first, last = month_span(month)
    with db().begin() as tx:
        found = board.person_month(tx, viewer(), employee_id, first, last)
        if found is None:
            abort(404)
        log_record(
            tx,
            now(),
            viewer().actor,
            "looked_at_person",
            "employee",
            employee_id,
            employee_id=employee_id,
            unit_id=found.assignment.unit_id,
            data={"month": month},
        )


@desk.post("/case/<int:case_id>/text")
@for_roles(*SEE_PEOPLE)
def text(case_id: int) -> Any:
    """The SMS behind a case, word for word; the click is recorded before it is shown."""
    with db().begin() as tx:
        case = case_queries.visible_case(tx, viewer(), case_id)
        if case is None or case.inbound_id is None:
            abort(404)
        message = tx.get_one(InboundSms, case.inbound_id)
        log_record(
            tx,
            now(),
            viewer().actor,
            "looked_at_text",
            "case",
            case_id,
            employee_id=case.employee_id,
            unit_id=case.unit_id,
        )
    whole_page = request.headers.get("HX-Request") != "true"
    return render_template(
        "text_page.html" if whole_page else "_text.html",
        message=message,
        case=case,
        zone=visitor().zone,
    )


@desk.post("/case/<int:case_id>/withdraw")
@for_roles(*MAY_WITHDRAW)
def withdraw(case_id: int) -> Any:
    """Take a case back for somebody who asked on paper or by phone."""
    employee_id, month = typed_int("employee"), typed("month")
    month_span(month)
    try:
        case_desk.see(case_id)
        cases.withdraw(
            db(), now(), viewer().actor, case_id, typed_int("version"), typed("why")[:500]
        )
    except cases.CaseError as error:
        return _page(employee_id, month, case_desk.sentence(error)), 409
    flash(gettext("Permohonan dibatalkan; hari-harinya dihitung ulang."))
    return redirect(url_for("person.month", employee_id=employee_id, month=month), 303)
