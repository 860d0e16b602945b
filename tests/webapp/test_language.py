"""Indonesian first, English by a click; dates, hours and errors in the reader's language."""

from __future__ import annotations

from flask import Flask

from tests.webapp.conftest import LogIn
from tests.webapp.office import Office


def test_the_door_speaks_indonesian_and_english(app: Flask) -> None:
    client = app.test_client()
    assert "Kata sandi" in client.get("/login").text
    client.post("/language", data={"language": "en", "next": "/login"})
    page = client.get("/login").text
    assert "Password" in page and '<html lang="en">' in page


def test_the_language_stays_with_the_account(log_in: LogIn) -> None:
    log_in("dewi").post("/language", data={"language": "en"})
    page = log_in("dewi").get("/").text
    assert "Tuesday, November 24, 2026" in page or "Tuesday, 24 November 2026" in page
    assert "waiting for terminal data" in page
    assert "07:12" in page


def test_a_language_we_do_not_have_changes_nothing(app: Flask) -> None:
    client = app.test_client()
    client.post("/language", data={"language": "xx"})
    assert '<html lang="id">' in client.get("/login").text


def test_faults_are_told_in_the_readers_language(log_in: LogIn, hadir: Office) -> None:
    rahmat = log_in("rahmat")
    rahmat.post("/language", data={"language": "en"})
    answer = rahmat.post(f"/kasubag/{hadir.case['budi_leave']}/pass-on", data={"version": 9})
    assert "Somebody else changed it first" in answer.text


def test_errors_say_what_to_do(log_in: LogIn) -> None:
    missing, forbidden = log_in("dewi").get("/nowhere"), log_in("tono").get("/kasubag")
    assert (missing.status_code, forbidden.status_code) == (404, 403)
    assert "Mulailah dari papan hari ini" in missing.text
    assert "mintalah BKD memberi akses" in forbidden.text


def test_a_breakdown_says_so_without_its_inside(app: Flask, log_in: LogIn) -> None:
    dewi = log_in("dewi")
    app.extensions["hadir"].db.engine.dispose()

    def broken() -> object:
        raise RuntimeError("secret inside")

    object.__setattr__(app.extensions["hadir"], "clock", broken)
    answer = dewi.get("/")
    assert answer.status_code == 500
    assert "secret inside" not in answer.text
    assert "sudah tercatat" in answer.text
