"""The panel's desks, a blueprint each."""

from __future__ import annotations

from flask import Flask

from webapp import evidence
from webapp.pages import (
    account,
    board,
    calendars,
    closing,
    kasubag,
    messages,
    operator_desk,
    outages,
    person,
    phones,
    shifts,
    terminal_acts,
    terminals,
    unread,
)
from webapp.pages.menu import menu

DESKS = (
    board,
    closing,
    kasubag,
    operator_desk,
    shifts,
    person,
    unread,
    terminals,
    terminal_acts,
    outages,
    messages,
    phones,
    calendars,
    account,
)


def register(app: Flask) -> None:
    for desk in DESKS:
        app.register_blueprint(desk.desk)
    app.jinja_env.globals["menu"] = menu
    app.jinja_env.filters.update(evidence=evidence.sentence, reason_words=evidence.reason)
