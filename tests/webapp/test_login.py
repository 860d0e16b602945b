"""Logging in and out, and what keeps a session safe."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update

import webapp
from store.db import Database
from store.people import Account
from tests.webapp import office
from tests.webapp.conftest import LogIn, settings


def test_dewi_logs_in_and_sees_the_board(app: Flask) -> None:
    client = app.test_client()
    answer = client.post("/login", data={"login": "dewi", "password": office.PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Selasa, 24 November 2026" in client.get("/").text


def test_a_wrong_password_is_told_and_the_name_stays(app: Flask) -> None:
    answer = app.test_client().post("/login", data={"login": "dewi", "password": "salah"})
    assert answer.status_code == 422
    assert 'value="dewi"' in answer.text
    assert "salah" not in answer.text.split('id="password"')[1].split(">")[0]
    assert 'role="alert"' in answer.text


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(app: Flask) -> None:
    wrong, unknown = (
        app.test_client().post("/login", data={"login": login, "password": "salah"}).text
        for login in ("dewi", "siapa")
    )

    def told(page: str) -> str:
        return page.split('role="alert">')[1].split("</div>")[0]

    assert told(wrong) == told(unknown)


def test_after_the_log_in_one_lands_where_one_wanted_to_go(app: Flask) -> None:
    client = app.test_client()
    asked = client.get("/operator/duty")
    answer = client.post(asked.location, data={"login": "dewi", "password": office.PASSWORD})
    assert answer.location == "/operator/duty"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_after_the_log_in(app: Flask, away: str) -> None:
    answer = app.test_client().post(
        "/login", query_string={"next": away}, data={"login": "dewi", "password": office.PASSWORD}
    )
    assert answer.location == "/"


def test_who_left_is_out(log_in: LogIn) -> None:
    client = log_in("dewi")
    client.post("/logout")
    assert client.get("/").location.startswith("/login")


def test_a_disabled_account_is_out_at_once(log_in: LogIn, office_db: Database) -> None:
    client = log_in("dewi")
    with office_db.begin() as tx:
        tx.execute(update(Account).where(Account.login == "dewi").values(disabled_at=office.NOW))
    assert client.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions(log_in: LogIn) -> None:
    here, elsewhere = log_in("dewi"), log_in("dewi")
    new = "kapal klotok di mahakam"
    answer = here.post("/account/password", data={"old": office.PASSWORD, "new": new, "again": new})
    assert answer.status_code == 303, answer.text
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_two_different_new_passwords_are_refused(log_in: LogIn) -> None:
    answer = log_in("dewi").post(
        "/account/password",
        data={"old": office.PASSWORD, "new": "satu kalimat", "again": "kalimat lain"},
    )
    assert answer.status_code == 422
    assert "tidak sama" in answer.text


def test_a_temporary_password_must_be_changed_first(log_in: LogIn, office_db: Database) -> None:
    with office_db.begin() as tx:
        tx.execute(update(Account).where(Account.login == "dewi").values(must_change_password=True))
    client = log_in("dewi")
    assert client.get("/operator").location == "/account"
    assert "Ganti dulu kata sandi" in client.get("/account").text


def test_a_form_without_its_token_is_refused_in_plain_words(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/login", data={"login": "dewi", "password": office.PASSWORD})
    assert answer.status_code == 400
    assert "Tidak ada yang tersimpan" in answer.text


def _tries(app: Flask, login: str, count: int) -> list[int]:
    data = {"login": login, "password": "salah"}
    return [app.test_client().post("/login", data=data).status_code for _ in range(count)]


def test_guessing_a_password_is_slowed_down(office_url: str, redis_url: str) -> None:
    app = webapp.create_app(settings(office_url, redis_url))
    app.config["WTF_CSRF_ENABLED"] = False
    assert _tries(app, "tono", 6) == [422] * 5 + [429]
    assert "Tunggu satu menit" in app.test_client().post("/login", data={"login": "tono"}).text


def test_guessing_is_slowed_down_also_when_redis_is_silent(office_url: str) -> None:
    app = webapp.create_app(settings(office_url))
    app.config["WTF_CSRF_ENABLED"] = False
    assert 429 in _tries(app, "ayu", 7)


def test_cookies_are_closed_to_scripts_and_secure_behind_https(office_url: str) -> None:
    app = webapp.create_app(replace(settings(office_url), public_url="https://hadir.go.id"))
    cookie = app.test_client().get("/login").headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
