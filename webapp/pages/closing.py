"""Closing a month (Tutup bulan): blockers by name, the deadline, the close, the signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from domain.people import Role
from services import closings, recaps
from services.closings import ClosingError
from store import board, closing_queries, outage_queries
from store.log import record as log_record
from store.people import Unit
from webapp.auth import SEE_PEOPLE, for_roles, viewer, visitor
from webapp.context import db, now
from webapp.pages.asking import month_span, today, typed, typed_int

desk = Blueprint("closing", __name__, url_prefix="/closing")
MAY_CLOSE = (Role.KASUBAG, Role.BKD)
MAY_SIGN = (Role.PIMPINAN, Role.BKD)
FAULT = {
    "running": _l("Bulan ini belum selesai."),
    "warned": _l("Pegawai sudah diberi tahu tenggatnya; tidak bisa diubah."),
    "too_early": _l("Tenggat harus sesudah akhir bulan itu."),
    "no_deadline": _l("Tetapkan tenggatnya dulu."),
    "dirty": _l("Masih ada hari yang sedang dihitung. Coba sebentar lagi."),
    "blocked": _l("Masih ada yang belum beres. Selesaikan dulu, atau tunggu tenggat lewat."),
    "empty": _l("Belum ada hari yang dihitung di bulan itu."),
    "closed": _l("Bulan ini sudah ditutup; perubahan masuk susulan."),
    "not_closed": _l("Bulan ini belum ditutup Kasubag."),
    "moved": _l("Bulan ini sudah ditandatangani."),
    "own_close": _l("Yang menutup tidak boleh menandatangani sendiri."),
}


@desk.get("")
@for_roles(*SEE_PEOPLE)
def page() -> Any:
    """A unit's month: by default one's own unit and the month before this one."""
    return _page()


def _page(refusal: str = "") -> str:
    month = _asked_month()
    with db().read() as session:
        units = closing_queries.visible_units(session, viewer())
        unit = _asked_unit(session) or (units[0] if units else None)
        stands = closings.standing(session, unit, month) if unit else None
        first, last = month_span(month)
        return render_template(
            "closing.html",
            units=units,
            unit=unit,
            month=month,
            first=first,
            month_before=f"{first - timedelta(days=1):%Y-%m}",
            month_after=f"{last + timedelta(days=1):%Y-%m}",
            stands=stands,
            outage_days=_outage_days(session, unit, first, last),
            may_close=visitor().role in MAY_CLOSE,
            may_sign=visitor().role in MAY_SIGN,
            forms=list(recaps.WRITERS),
            refusal=refusal,
            today=today(),
            is_over=today() > last,
            zone=visitor().zone,
        )


def _outage_days(session: Session, unit: Unit | None, first: date, last: date) -> int:
    if unit is None:
        return 0
    return outage_queries.outage_days(session, [unit.id], first, last).get(unit.id, 0)


def _asked_month() -> str:
    text = request.values.get("month", "")
    if text:
        month_span(text)
        return text
    return f"{today().replace(day=1) - timedelta(days=1):%Y-%m}"


def _asked_unit(session: Session) -> Unit | None:
    text = request.values.get("unit", "")
    if not text:
        return None
    unit = board.visible_unit(session, viewer(), int(text)) if text.isdigit() else None
    return unit or abort(404)


def _step(act: Callable[[Unit, str], str]) -> Any:
    """One step for the unit and month of the form; its refusal stands on the page."""
    month = _asked_month()
    typed_int("unit")
    with db().read() as session:
        unit = _asked_unit(session) or abort(404)
    try:
        flash(act(unit, month))
    except ClosingError as error:
        return _page(str(FAULT.get(error.code, error.sentence))), 409
    return redirect(url_for("closing.page", unit=unit.id, month=month), 303)


@desk.post("/deadline")
@for_roles(*MAY_CLOSE)
def deadline() -> Any:
    """Tenggat: until when objections count."""

    def act(unit: Unit, month: str) -> str:
        try:
            day = date.fromisoformat(typed("deadline"))
        except ValueError:
            raise ClosingError("date", gettext("Tulis tanggalnya, misalnya 24-11-2026.")) from None
        closings.set_deadline(db(), now(), viewer(), unit, month, day)
        return gettext("Tenggat tersimpan.")

    return _step(act)


@desk.post("/warn")
@for_roles(*MAY_CLOSE)
def warn() -> Any:
    """One SMS to everybody with a blemish."""

    def act(unit: Unit, month: str) -> str:
        people = closings.warn(db(), now(), viewer(), unit, month)
        return ngettext("%(num)d pegawai diberi tahu.", "%(num)d pegawai diberi tahu.", people)

    return _step(act)


@desk.post("/close")
@for_roles(*MAY_CLOSE)
def close() -> Any:
    """Kasubag closes the month."""

    def act(unit: Unit, month: str) -> str:
        days = closings.close(db(), now(), viewer(), unit, month)
        return ngettext("Bulan ditutup: %(num)d hari.", "Bulan ditutup: %(num)d hari.", days)

    return _step(act)


@desk.post("/sign")
@for_roles(*MAY_SIGN)
def sign() -> Any:
    """The head countersigns."""

    def act(unit: Unit, month: str) -> str:
        closings.countersign(db(), now(), viewer(), unit, month)
        return gettext("Bulan ditandatangani.")

    return _step(act)


@desk.get("/recap/<form>")
@for_roles(*SEE_PEOPLE)
def recap(form: str) -> Any:
    """The recap as a file; that it was taken is recorded."""
    if form not in recaps.WRITERS:
        abort(404)
    month = _asked_month()
    with db().begin() as tx:
        unit = _asked_unit(tx) or abort(404)
        log_record(
            tx, now(), viewer().actor, "exported_recap", "unit", unit.id, unit_id=unit.id,
            data={"month": month, "format": form},
        )  # fmt: skip
    with db().read() as session:
        written = recaps.WRITERS[form](recaps.gather(session, month, unit.code, today()))
    return Response(
        written,
        mimetype="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename=rekap-{unit.code}-{month}.{form}"},
    )
