"""One's own account: the password and the language."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import login_user

from services import accounts
from webapp.auth import EVERYBODY, for_roles, viewer, visitor, visitor_of
from webapp.context import db, now
from webapp.pages.forms import PasswordForm
from webapp.security import limiter

desk = Blueprint("account", __name__, url_prefix="/account")


@desk.get("")
@for_roles(*EVERYBODY)
def page() -> Any:
    """Who I am here, and what I may change."""
    return render_template("account.html", form=PasswordForm(), me=visitor())


@desk.post("/password")
@for_roles(*EVERYBODY)
@limiter.limit("10 per minute")
def change_password() -> Any:
    """A new password; every other session of this account ends with the old one."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("account.html", form=form, me=visitor()), 422
    try:
        accounts.change_password(
            db(), now(), viewer().actor, viewer().account_id, form.old.data, form.new.data
        )
    except accounts.AccountError as error:
        form.old.errors = [error.sentence]
        return render_template("account.html", form=form, me=visitor()), 422
    login_user(visitor_of(viewer().account_id))
    flash(gettext("Kata sandi Anda sudah diganti."))
    return redirect(url_for("account.page"), 303)
