"""The fleet, one terminal, and how a new one joins: state at a glance, what waits, what is next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from domain.people import Role
from services import clearing, outages, suggestions, terminals, unresolved
from services.terminals import NewTerminal, TerminalProblem
from store import board, outage_queries, terminal_page, ticket_queries
from store.punches import Terminal
from webapp import terminal_words
from webapp.auth import EVERYBODY, SEE_PEOPLE, for_roles, viewer, visitor
from webapp.clock_chart import draw
from webapp.context import db, now
from webapp.pages.asking import today
from webapp.pages.terminal_state import state_of

desk = Blueprint("terminals", __name__, url_prefix="/terminals")
MAY_REGISTER = (Role.BKD, Role.TECHNICIAN)
MAY_MEND = (Role.OPERATOR, Role.BKD, Role.TECHNICIAN)
MAY_MAP = (Role.OPERATOR, Role.BKD)


@desk.get("")
@for_roles(*EVERYBODY)
def fleet() -> Any:
    """Terminals in service, the worrying ones named in words; open tickets; who asks to join."""
    with db().read() as session:
        lines = [(line, state_of(line, now())) for line in board.terminals(session, viewer())]
        tickets = ticket_queries.open_tickets(session, viewer())
        may_register = visitor().role in MAY_REGISTER
        return render_template(
            "terminals.html",
            lines=lines,
            worrying=sum(1 for _, state in lines if state.is_worrying),
            tickets=tickets,
            outages=outage_queries.since(session, viewer(), today()),
            strangers=terminals.waiting_for_approval(session, now()) if may_register else [],
            may_register=may_register,
            may_mend=visitor().role in MAY_MEND,
            may_list=visitor().role in SEE_PEOPLE,
            ticket_words=terminal_words.ticket,
            paper_until=_paper_until,
            zone=visitor().zone,
        )


def _paper_until(data: dict[str, str]) -> str:
    """The last date on the paper list of days that wait: a list holds a week."""
    a_week = date.fromisoformat(data["first"]) + timedelta(days=outages.LONGEST_LIST - 1)
    return min(data["last"], a_week.isoformat())


@desk.get("/<int:terminal_id>")
@for_roles(*EVERYBODY)
def one(terminal_id: int) -> Any:
    """One terminal: how to go on with it, its ledger, its clock, what waits."""
    return show(terminal_id)


def show(terminal_id: int, refusal: str = "", status: int = 200) -> Any:
    """The page of one terminal, perhaps with the reason why something was refused."""
    with db().read() as session:
        terminal = found(session, terminal_id)
        page = terminal_page.page_of(session, terminal, now(), terminals.today_at(terminal, now()))
        hints: dict[str, suggestions.Suggestion] = {}
        if visitor().role in MAY_MAP:
            pins = [each.pin for each in page.unknown_ids[: terminal_page.NEWEST]]
            day = terminals.today_at(terminal, now())
            hints = suggestions.suggest(session, terminal, pins, day)
        html = render_template(
            "terminal.html",
            page=page,
            terminal=terminal,
            hints=hints,
            chart=draw(page.offsets, now(), terminal_page.CHART),
            steps=_steps(page),
            words_of=terminal_words,
            ticket_words=terminal_words.ticket,
            clearing=clearing.waiting(db(), viewer(), terminal.id, now()),
            me=str(viewer().actor),
            refusal=refusal,
            may_register=visitor().role in MAY_REGISTER,
            may_mend=visitor().role in MAY_MEND,
            may_map=visitor().role in MAY_MAP,
            may_set_aside=visitor().role in unresolved.MAY_SET_ASIDE,
            zone=terminals.zone_of(terminal),
        )
    return html, status


def found(session: Any, terminal_id: int) -> Terminal:
    """The terminal of an address; another unit's is a 404 like none at all."""
    terminal = terminal_page.visible_terminal(session, viewer(), terminal_id)
    if terminal is None:
        abort(404)
    return terminal


def _steps(page: terminal_page.TerminalPage) -> list[tuple[str, bool]]:
    """What a new terminal goes through, and what of it is done."""
    terminal = page.terminal
    return [
        (gettext("terdaftar"), True),
        (gettext("tersambung"), terminal.last_contact_at is not None),
        (gettext("ID dipetakan"), page.mapped > 0 and not page.unknown_ids),
        (gettext("dibaca penuh"), terminal.complete_up_to is not None),
    ]


class RegisterForm(FlaskForm):  # type: ignore[misc]
    """A new terminal."""

    name = StringField(_l("Nama mesin"), [InputRequired(), Length(max=60)])
    unit = SelectField(_l("Unit tempat mesin"))
    host = StringField(_l("Alamat IP (bila ditarik)"), [Length(max=45)])
    port = IntegerField(_l("Port"), [Optional(), NumberRange(1, 65535)], default=4370)
    comm_key = IntegerField(_l("Comm key"), [Optional(), NumberRange(0)], default=0)
    serial = StringField(_l("Nomor seri"), [Length(max=40)])
    is_push = BooleanField(_l("Mesin mengirim sendiri (push)"))
    networks = StringField(_l("Hanya dari jaringan ini (bila push)"), [Length(max=200)])
    layout = SelectField(
        _l("Bentuk rekaman"), choices=["auto", "8", "16", "40", "49"], default="auto"
    )

    def terminal(self) -> NewTerminal:
        return NewTerminal(
            self.name.data.strip(),
            self.unit.data,
            (self.host.data or "").strip() or None,
            self.port.data or 4370,
            self.comm_key.data or 0,
            (self.serial.data or "").strip() or None,
            self.layout.data,
            self.is_push.data,
            (self.networks.data or "").strip(),
        )


def register_form() -> RegisterForm:
    """The form with the units to choose from; `?serial=` fills in whom an approval is about."""
    serial = request.args.get("serial", "")[:40]
    form = RegisterForm(serial=serial, is_push=bool(serial))
    with db().read() as session:
        units = terminal_page.units_for(session, viewer())
    form.unit.choices = [(code, f"{name} ({code})") for _, code, name in units]
    return form


@desk.route("/new", methods=["GET", "POST"])
@for_roles(*MAY_REGISTER)
def register() -> Any:
    """The first step of a terminal that joins, also for a serial that waits for approval."""
    form = register_form()
    if not form.validate_on_submit():
        return render_template("terminal_new.html", form=form), 422 if form.errors else 200
    try:
        terminal_id = terminals.register(db(), now(), viewer().actor, form.terminal())
    except TerminalProblem as error:
        form.name.errors = [terminal_words.problem(error)]
        return render_template("terminal_new.html", form=form), 422
    flash(gettext("Mesin terdaftar. Lanjutkan langkah berikutnya."))
    return redirect(url_for("terminals.one", terminal_id=terminal_id), 303)
