"""Belum terbaca: messages the machine could not read; a person files, marks or exports them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext

from domain.people import Role
from services import cases, inbox, lexicon_round
from services.conversation.talk import UNREAD
from store import board, inbox_queries
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
            may_export=viewer().role is Role.BKD,
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


@desk.post("/<int:inbound_id>/text")
@for_roles(*MAY_ACT)
def text(inbound_id: int) -> Any:
    """Open one message word for word; the click is recorded before it is shown."""
    try:
        inbox.open_unread(db(), now(), viewer(), inbound_id)
    except cases.CaseError as error:
        return _page(None, 0, case_desk.sentence(error)), 409
    return _page(None, inbound_id)


@desk.get("/handled")
@for_roles(Role.BKD)
def handled() -> Any:
    """What people have looked through: masked, to be chosen for the next round of words."""
    with db().read() as session:
        lines = lexicon_round.preview(session)
    return render_template("unread_handled.html", lines=lines, refusal="")


@desk.post("/export")
@for_roles(Role.BKD)
def export() -> Any:
    """The ticked messages, masked and labelled, as JSON lines or CSV; each is logged."""
    lines = lexicon_round.export(db(), now(), viewer(), typed_ids("message"))
    if not lines:
        with db().read() as session:
            everything = lexicon_round.preview(session)
        refusal = gettext("Centang dulu pesan yang sudah Anda periksa.")
        page = render_template("unread_handled.html", lines=everything, refusal=refusal)
        return page, 422
    as_csv = typed("format") == "csv"
    return Response(
        _csv(lines) if as_csv else "".join(json.dumps(line) + "\n" for line in lines),
        mimetype="text/csv" if as_csv else "application/x-ndjson",
        headers={
            "Content-Disposition": f"attachment; filename=leksikon.{'csv' if as_csv else 'jsonl'}"
        },
    )


def _csv(lines: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(
        out, [name for name in lines[0] if name != "open_requests"], extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows({**line, "text": _as_text(line["text"])} for line in lines)
    return "\ufeff" + out.getvalue()  # spreadsheets take a file without it for another code page


def _as_text(text: str) -> str:
    """A text that begins like a formula must stay a text when a spreadsheet opens it."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text
