"""Belum terbaca: messages the machine could not read; a person files, marks or exports them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from domain.people import Role
from services import cases, inbox
from services.conversation.talk import UNREAD
from store import board, inbox_queries
from store.log import record as log_record
from store.messages import InboundSms
from webapp.auth import for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages import case_desk
from webapp.pages.asking import typed, typed_ids
from webapp.pages.forms import UnreadForm

desk = Blueprint("unread", __name__, url_prefix="/unread")
MAY_ACT = (Role.OPERATOR, Role.BKD)


@desk.get("")
@for_roles(*MAY_ACT)
def waiting() -> Any:
    """The messages that wait for a person."""
    return _page()


def _page(form: UnreadForm | None = None, refused_id: int = 0, refusal: str = "") -> str:
    with db().read() as session:
        messages = inbox_queries.unread(session, viewer(), UNREAD)
        ids = [message.employee_id for message in messages if message.employee_id]
        return render_template(
            "unread.html",
            messages=messages,
            names=board.names_of(session, viewer(), ids),
            form_of=lambda message: (
                form if form and message.id == refused_id else _fresh_form(message)
            ),
            refused_id=refused_id,
            refusal=refusal,
            zone=visitor().zone,
        )


def _fresh_form(message: InboundSms) -> UnreadForm:
    sent_on = message.sent_at.astimezone(visitor().zone).date()
    return UnreadForm(formdata=None, start=sent_on, prefix=f"m{message.id}")


@desk.post("/<int:inbound_id>/file")
@for_roles(*MAY_ACT)
def file(inbound_id: int) -> Any:
    """File what the sender meant; the message is handled with it."""
    form = UnreadForm(prefix=f"m{inbound_id}")
    if not form.validate():
        return _page(form, inbound_id), 422
    try:
        inbox.file_unread(db(), now(), viewer(), inbound_id, form.request())
    except cases.CaseError as error:
        return _page(form, inbound_id, case_desk.sentence(error)), 409
    flash(gettext("Permohonan tersimpan dari pesan itu."))
    return redirect(url_for("unread.waiting"), 303)


@desk.post("/<int:inbound_id>/mark")
@for_roles(*MAY_ACT)
def mark(inbound_id: int) -> Any:
    """Nothing is to be filed; the note says why."""
    note = typed("note")[:500]
    if not note:
        refusal = gettext("Tuliskan singkat mengapa tidak ada yang perlu dicatat.")
        return _page(None, inbound_id, refusal), 422
    try:
        inbox.mark_unread(db(), now(), viewer(), inbound_id, note)
    except cases.CaseError as error:
        return _page(None, inbound_id, case_desk.sentence(error)), 409
    flash(gettext("Pesan ditandai sudah dibaca."))
    return redirect(url_for("unread.waiting"), 303)


@desk.post("/export")
@for_roles(*MAY_ACT)
def export() -> Any:
    """The ticked messages as CSV for the next round of words: no name, no number, logged."""
    wanted = set(typed_ids("message"))
    with db().begin() as tx:
        messages = inbox_queries.unread(tx, viewer(), UNREAD)
        chosen = [message for message in messages if message.id in wanted]
        for message in chosen:
            log_record(
                tx,
                now(),
                viewer().actor,
                "exported_text",
                "inbound_sms",
                message.id,
                employee_id=message.employee_id,
            )
    if not chosen:
        return _page(None, 0, gettext("Centang dulu pesan yang sudah Anda periksa.")), 422
    return Response(
        "".join(_csv(chosen)),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=belum-terbaca.csv"},
    )


def _csv(messages: Sequence[InboundSms]) -> Iterator[str]:
    yield "\ufeff"  # spreadsheets take a file without it for another code page
    for row in [("id", "sent_at", "text"), *map(_row, messages)]:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def _row(message: InboundSms) -> tuple[int, str, str]:
    # a text that begins like a formula must stay a text when a spreadsheet opens it
    text = "'" + message.text if message.text[:1] in ("=", "+", "-", "@", "\t") else message.text
    return message.id, message.sent_at.isoformat(), text
