"""The menu: the desks that the visitor's role may open, each with what waits there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from webapp.auth import visitor

ENTRIES = (
    ("board.today", _l("Papan hari ini")),
    ("kasubag.queue", _l("Meja Kasubag")),
    ("operator.queue", _l("Meja operator")),
    ("shifts.units", _l("Jadwal jaga")),
    ("closing.page", _l("Tutup bulan")),
    ("unread.waiting", _l("Belum terbaca")),
    ("terminals.fleet", _l("Mesin absensi")),
    ("messages.health", _l("Pesan")),
    ("phones.waiting", _l("Nomor HP")),
    ("calendars.year", _l("Kalender")),
)


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: str
    address: str
    is_here: bool


def menu() -> list[Entry]:
    """What this visitor may open, in the order of a day's work."""
    role = visitor().role
    return [
        Entry(str(label), url_for(endpoint), request.blueprint == endpoint.split(".")[0])
        for endpoint, label in ENTRIES
        if role in current_app.view_functions[endpoint].login_rule  # type: ignore[attr-defined, union-attr]
    ]
