"""What pages read from addresses and forms: days, months, fields that a person typed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from flask import abort, request

from webapp.auth import visitor
from webapp.context import now


def today() -> date:
    """Today on the wall of the visitor's own unit."""
    return now().astimezone(visitor().zone).date()


def asked_day() -> date:
    """The day in `?day=`, else today; a day nobody can mean is a 404."""
    text = request.args.get("day", "")
    if not text:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def month_span(text: str) -> tuple[date, date]:
    """First and last day of 'YYYY-MM'; anything else is a 404."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(404)
    if not 2000 <= first.year <= 2100:
        abort(404)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def typed(name: str) -> str:
    """A field of the form as typed, without the blanks around it."""
    return request.form.get(name, "").strip()


def typed_int(name: str) -> int:
    """A number our own form carries; anything else is a 400."""
    text = typed(name)
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        abort(400)
    return int(text)


def typed_ids(name: str) -> list[int]:
    """The boxes that were ticked."""
    found = request.form.getlist(name)
    return [int(text) for text in found if text.isascii() and text.isdigit() and len(text) < 13]
