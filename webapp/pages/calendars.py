"""BKD's rules of time: a year's calendar, work patterns by date, and how far units have joined."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from domain.people import Role, Stage
from services import time_rules
from services.time_rules import NewEntry, RuleProblem
from store import roster_queries, seed_queries
from store.calendars import CalendarKind
from webapp import wording
from webapp.auth import for_roles, viewer
from webapp.context import db, now
from webapp.pages.asking import today, typed, typed_int

MOST_OWN = 50  # patterns of single persons shown; a hospital gives one to each nurse
desk = Blueprint("calendars", __name__, url_prefix="/calendars")


@desk.get("")
@for_roles(Role.BKD)
def year() -> Any:
    """A year's calendar with what is missing, the patterns and the stages of units."""
    return _page()


def _page(refusal: str = "", at: str = "") -> str:
    shown = _year()
    with db().read() as session:
        entries = seed_queries.entries_between(session, date(shown, 1, 1), date(shown, 12, 31))
        units = seed_queries.all_units(session)
        own, count = seed_queries.person_patterns(session, viewer(), today(), MOST_OWN)
        return render_template(
            "calendars.html",
            year=shown,
            entries=entries,
            units=units,
            unit_names={unit.id: unit.name for unit in units},
            has_collective=any(e.kind is CalendarKind.COLLECTIVE_LEAVE for e in entries),
            has_ramadan=any(e.kind is CalendarKind.RAMADAN for e in entries),
            kinds=wording.CALENDAR_KIND,
            stages=seed_queries.stages(session),
            stage_words=wording.STAGE,
            patterns=sorted(roster_queries.patterns(session)),
            given=seed_queries.unit_patterns(session),
            own=own,
            more_own=count - len(own),
            today=today(),
            refusal=refusal,
            refused_at=at,
        )


def _year() -> int:
    text = request.args.get("year") or str(today().year)
    if not (text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100):
        abort(404)
    return int(text)


@desk.post("/entry")
@for_roles(Role.BKD)
def add() -> Any:
    """A holiday, collective leave, WFA days, a school break or Ramadan."""

    def act() -> None:
        first = _day("first_day")
        last = _day("last_day") if typed("last_day") else first
        time_rules.add_entry(
            db(),
            now(),
            viewer(),
            NewEntry(
                _word(CalendarKind, "kind"),
                first,
                last,
                typed_int("unit"),
                typed("name"),
                typed("source"),
                typed("weekdays"),
                typed("windows"),
            ),
        )

    return _done(act, "entry", gettext("Kalender tersimpan; hari-harinya dihitung ulang."))


@desk.post("/entry/<int:entry_id>/remove")
@for_roles(Role.BKD)
def remove(entry_id: int) -> Any:
    """An entry is taken out, with a reason."""
    return _done(
        lambda: time_rules.remove_entry(db(), now(), viewer(), entry_id, typed("why")),
        "entries",
        gettext("Dihapus dari kalender; hari-harinya dihitung ulang."),
    )


@desk.post("/seed")
@for_roles(Role.BKD)
def seed() -> Any:
    """Holidays and collective leave of the year as far as they are known."""
    for warning in time_rules.seed_year(db(), now(), viewer(), _year()):
        flash(warning)
    flash(gettext("Libur yang diketahui untuk tahun itu sudah diisi."))
    return _back()


@desk.post("/stage")
@for_roles(Role.BKD)
def stage() -> Any:
    """How far a unit has joined from a day on."""
    return _done(
        lambda: time_rules.set_stage(
            db(), now(), viewer(), typed_int("unit"), _word(Stage, "stage"), _day("first_day")
        ),
        "stage",
        gettext("Tahap unit tersimpan."),
    )


@desk.post("/pattern")
@for_roles(Role.BKD)
def pattern() -> Any:
    """A unit, or one person by NIP, works by a pattern from a day on."""
    return _done(
        lambda: time_rules.give_pattern(
            db(), now(), viewer(), typed("pattern"), _day("first_day"), typed_int("unit"),
            typed("nip"),
        ),
        "pattern",
        gettext("Pola kerja tersimpan; hari-harinya dihitung ulang."),
    )  # fmt: skip


def _done(act: Callable[[], None], at: str, said: str) -> Any:
    try:
        act()
    except RuleProblem as problem:
        return _page(str(wording.RULE_PROBLEM[problem.code]), at), 422
    flash(said)
    return _back()


def _back() -> Response:
    return redirect(url_for("calendars.year", year=_year()), 303)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(typed(name))
    except ValueError:
        raise RuleProblem("dates") from None


def _word(words: Any, name: str) -> Any:
    try:
        return words(typed(name))
    except ValueError:
        abort(400)
