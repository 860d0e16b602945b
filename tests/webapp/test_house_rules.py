"""Rules that hold for every page: who may open it, what protects it, in which languages it is."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from werkzeug.routing import Rule

import webapp
from domain.people import Role
from tests.webapp.conftest import LogIn
from webapp.auth import PUBLIC

WEBAPP = Path(webapp.__file__).parent
MAPPING = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}


def _address(rule: Rule) -> str:
    return re.sub(r"<(?:int:)?(\w+)>", lambda m: "2026-11" if m[1] == "month" else "1", rule.rule)


def _requests(app: Flask) -> list[tuple[str, str, str]]:
    return [
        (rule.endpoint, method, _address(rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_route_names_its_roles_or_is_on_the_short_list_of_public_ones(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        roles = getattr(app.view_functions[rule.endpoint], "login_rule", None)
        assert roles, f"{rule.endpoint} names no roles"
        assert roles <= set(Role)


def test_every_public_name_is_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= PUBLIC


def test_a_stranger_is_shown_the_door_everywhere(app: Flask) -> None:
    for endpoint, method, address in _requests(app):
        if endpoint in PUBLIC:
            continue
        answer = app.test_client().open(address, method=method)
        if address.startswith("/api/"):
            assert answer.status_code == 401, endpoint
        else:
            assert answer.status_code == 302, endpoint
            assert answer.location.startswith("/login"), endpoint


def test_a_role_that_a_page_does_not_name_is_refused(app: Flask, log_in: LogIn) -> None:
    clients = {
        Role.OPERATOR: log_in("dewi"),
        Role.KASUBAG: log_in("rahmat"),
        Role.PIMPINAN: log_in("hendra"),
        Role.TECHNICIAN: log_in("tono"),
        Role.AUDITOR: log_in("ayu"),
    }
    for endpoint, method, address in _requests(app):
        if endpoint in PUBLIC or endpoint == "board.today":
            continue
        for role, client in clients.items():
            if role not in app.view_functions[endpoint].login_rule:  # type: ignore[attr-defined]
                answer = client.open(address, method=method)
                assert answer.status_code == 403, f"{role} at {method} {address}"


def test_readers_change_nothing(app: Flask) -> None:
    for endpoint, method, _ in _requests(app):
        if method == "GET" or endpoint in PUBLIC:
            continue
        if endpoint.startswith(("auth.", "account.")) or endpoint in (
            "person.text",
            "closing.sign",
        ):
            continue
        # the head signs the closed month and changes nothing else
        roles = app.view_functions[endpoint].login_rule  # type: ignore[attr-defined]
        readers = {Role.PIMPINAN, Role.AUDITOR, Role.TECHNICIAN}
        if endpoint.startswith(("terminals.", "terminal.", "outages.")):
            readers.remove(Role.TECHNICIAN)  # terminals are the technician's own work
        assert not roles & readers, endpoint


def test_every_answer_carries_our_headers(app: Flask) -> None:
    for address in ("/login", "/healthz", "/nowhere", "/static/css/hadir.css"):
        headers = app.test_client().get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_needs_anything_from_outside() -> None:
    for page in WEBAPP.glob("templates/*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r'(src|href|action)="(https?:)?//', text), page
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text), page


def test_vendored_files_are_the_published_ones() -> None:
    import hashlib

    vendor = WEBAPP / "static" / "vendor"
    listed = dict(
        reversed(line.split(maxsplit=1))
        for line in (vendor / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    found = {
        str(path.relative_to(vendor)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*.min.*")
    }
    assert found == listed


def _extracted() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(
        str(WEBAPP),
        method_map=MAPPING,
        options_map={},
        keywords=KEYWORDS,  # type: ignore[arg-type]
    )
    return {message for _, _, message, _, _ in found}


def _catalogue(language: str) -> Catalog:
    path = WEBAPP / "translations" / language / "LC_MESSAGES" / "messages.po"
    return read_po(BytesIO(path.read_bytes()), locale=language)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sentence_of_the_panel_is_there_in_both_languages(language: str) -> None:
    catalogue = _catalogue(language)
    for message in _extracted():
        entry = catalogue.get(message if isinstance(message, str) else message[0])
        assert entry is not None, f"{message!r} is missing in {language}"
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(texts), f"{message!r} is empty in {language}"
        assert "fuzzy" not in entry.flags


@pytest.mark.parametrize("language", ["id", "en"])
def test_translations_keep_their_placeholders(language: str) -> None:
    for entry in _catalogue(language):
        if entry.id and entry.python_format:
            assert not list(entry.check()), entry.id
