"""Who is at the door: log-in, log-out, and the rule that every page names who may open it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from domain.access import Viewer
from domain.people import Role
from services import accounts
from store import board
from store.people import Account
from webapp.context import db, now
from webapp.language import LANGUAGES
from webapp.security import limiter

View = TypeVar("View", bound=Callable[..., Any])
EVERYBODY = tuple(Role)
SEE_PEOPLE = (Role.OPERATOR, Role.KASUBAG, Role.PIMPINAN, Role.BKD, Role.AUDITOR)
"""Who may read names and days; a technician's work needs neither."""

PUBLIC = frozenset(
    {
        "static",
        "auth.log_in",
        "auth.choose_language",
        "health.healthz",
        "health.readyz",
        "health.metrics",  # inner addresses only, by its own rule
        "api-docs.openapi_json",
        "sms_webhook.inbound",  # signed by Twilio instead
        "sms_webhook.status",
    }
)
"""Endpoints that need no log-in; everything else is closed unless it names its roles."""

HOME = "board.today"
"""Where everybody begins; who may not read names is sent on to the terminals."""

door = Blueprint("auth", __name__)
manager = LoginManager()


@dataclass
class Visitor:
    """Somebody who is logged in: what pages ask about them."""

    account: Account
    viewer: Viewer
    zone: ZoneInfo

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def role(self) -> Role:
        return self.viewer.role

    @property
    def language(self) -> str:
        return self.account.language

    @property
    def name(self) -> str:
        return self.account.employee.name if self.account.employee else self.account.login

    @property
    def unit_path(self) -> str:
        """Where this person's pages begin: their own unit, or everything."""
        return "/" if self.viewer.sees_everything else self.viewer.unit_path or "/"

    def get_id(self) -> str:
        """A changed password ends every session that was opened with the old one."""
        fingerprint = hashlib.sha256(self.account.password_hash.encode()).hexdigest()[:16]
        return f"{self.account.id}.{fingerprint}"


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Names the roles that may open a page; the guard lets nobody else in."""

    def mark(view: View) -> View:
        view.login_rule = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def visitor() -> Visitor:
    """The person logged in; only pages behind the guard call it."""
    found: Visitor = current_user._get_current_object()
    return found


def viewer() -> Viewer:
    return visitor().viewer


def register(app: Flask) -> None:
    manager.init_app(app)
    manager.session_protection = "basic"  # phones change their address all day long
    app.before_request(_guard)
    app.register_blueprint(door)


def visitor_of(account_id: int) -> Visitor | None:
    """The account as it stands in the database now; None when it was disabled."""
    with db().read() as reading:
        account = board.account_by_id(reading, account_id)
        if account is None:
            return None
        zone = account.unit.time_zone if account.unit else board.province_zone(reading)
    return Visitor(account, accounts.viewer_of(account), ZoneInfo(zone))


@manager.user_loader  # type: ignore[untyped-decorator]
def _load(session_id: str) -> Visitor | None:
    account_id, _, _ = session_id.partition(".")
    found = visitor_of(int(account_id)) if account_id.isdigit() else None
    return found if found is not None and found.get_id() == session_id else None


def _guard() -> Any:
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC:
        return None
    if not current_user.is_authenticated:
        if request.path.startswith("/api/"):
            abort(401)
        return redirect(url_for("auth.log_in", next=_here()))
    rule: frozenset[Role] = getattr(current_app.view_functions[endpoint], "login_rule", frozenset())
    if current_user.role not in rule:
        if endpoint == HOME:
            return redirect(url_for("terminals.fleet"))
        abort(403)
    if current_user.account.must_change_password and endpoint not in (
        "account.page",
        "account.change_password",
        "auth.log_out",
    ):
        return redirect(url_for("account.page"))
    return None


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def safe_next(address: str | None) -> str:
    """A way back inside this panel; anything that could lead elsewhere becomes the front page."""
    if address and address.startswith("/") and not address.startswith(("//", "/\\")):
        return address
    return url_for(HOME)


class LoginForm(FlaskForm):  # type: ignore[misc]
    login = StringField(_l("Nama masuk"), [InputRequired(_l("Isi nama masuk Anda."))])
    password = PasswordField(_l("Kata sandi"), [InputRequired(_l("Isi kata sandi Anda."))])


def _login_name() -> str:
    return request.form.get("login", "").strip().lower()


@door.route("/login", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
@limiter.limit("5 per minute; 30 per hour", methods=["POST"], key_func=_login_name)
def log_in() -> Any:
    """Log in with name and password; where to go afterwards comes as `next`."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("login.html", form=form), 422 if form.errors else 200
    try:
        account = accounts.authenticate(db(), now(), form.login.data.strip(), form.password.data)
    except accounts.AccountError as error:
        form.password.errors = [error.sentence]
        return render_template("login.html", form=form), 422
    session.clear()
    session.permanent = True
    login_user(visitor_of(account.id))
    return redirect(safe_next(request.args.get("next")), 303)


@door.post("/logout")
@for_roles(*EVERYBODY)
def log_out() -> Response:
    """Leave; the session's content goes with it."""
    logout_user()
    session.clear()
    flash(gettext("Anda sudah keluar."))
    return redirect(url_for("auth.log_in"), 303)


@door.post("/language")
def choose_language() -> Response:
    """Switch the language, for the account when somebody is logged in, else for this browser."""
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session["language"] = wanted
        if current_user.is_authenticated:
            accounts.choose_language(db(), now(), viewer().actor, viewer().account_id, wanted)
    return redirect(safe_next(request.form.get("next")), 303)
