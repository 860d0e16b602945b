"""The terminals' listener (`/iclock/*`): plain HTTP for terminals that push, on its own port.

What a terminal brings is committed before it hears `OK`; a serial nobody approved hears 403 and
keeps its punches. Bad content never gets a 5xx: it would come again for ever.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import structlog
from flask import Flask, Response, request
from flask_limiter import Limiter
from werkzeug.exceptions import Forbidden

import config.settings as settings
from devices import iclock
from services import commands, pushes, reconcile
from services.pushes import Caller, NotApproved
from store import migrate
from store.bell import Bell
from store.db import Database
from webapp.security import KnownProxies

log = structlog.get_logger(__name__)

LARGEST_BODY = 16 << 20  # a whole memory of 200,000 lines sent again in one piece
CALLS_A_MINUTE = "1200 per minute"  # by serial and address; a terminal that catches up makes many


def create_iclock_app(asked: settings.Iclock | None = None) -> Flask:
    """The listener; refuses to start with a sentence when settings or database do not fit."""
    if asked is None:
        try:
            asked = settings.iclock()
        except settings.SettingsError as error:
            sys.exit(f"The listener cannot start:\n{error}")
    database = Database(asked.database_url, Bell(asked.redis_url).ring)
    if not migrate.is_current(database):
        sys.exit("The listener cannot start: run flask db upgrade first.")
    app = Flask("iclock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.wsgi_app = KnownProxies(app.wsgi_app, asked.trusted_proxies)  # type: ignore[method-assign]
    # counted in this process: a limit that needs Redis would stop terminals when Redis does
    Limiter(_caller_key, app=app, default_limits=[CALLS_A_MINUTE], storage_uri="memory://")
    door = _Door(database)
    for rule, view in (
        ("/iclock/cdata", door.cdata),
        ("/iclock/cdata.aspx", door.cdata),
        ("/iclock/getrequest", door.getrequest),
        ("/iclock/getrequest.aspx", door.getrequest),
        ("/iclock/devicecmd", door.devicecmd),
        ("/iclock/ping", door.ping),
    ):
        app.add_url_rule(rule, rule, view, methods=["GET", "POST"])
    app.add_url_rule("/iclock/<path:rest>", "other", door.other, methods=["GET", "POST"])
    app.add_url_rule("/healthz", "healthz", lambda: _text("ok"))
    return app


def _text(words: str, status: int = 200) -> Response:
    return Response(words, status, content_type="text/plain")


class _Door:
    """What each path of the protocol does."""

    def __init__(self, database: Database):
        self.db = database

    def _caller(self) -> Caller:
        serial = request.args.get("SN", "")
        if not iclock.is_serial(serial):
            raise Forbidden("No serial.")
        try:
            return pushes.recognise(self.db, _now(), serial, request.remote_addr or "")
        except NotApproved:
            raise Forbidden("Not approved.") from None

    def cdata(self) -> Response:
        """GET: the handshake. POST: a batch, an options table, an operation log."""
        caller = self._caller()
        if request.method == "GET":
            return _text(
                iclock.handshake_answer(
                    caller.serial,
                    utc_offset_minutes=caller.utc_offset_minutes,
                    push_version=request.args.get("pushver", iclock.OLDEST_PUSH_VERSION),
                )
            )
        table = request.args.get("table", "")
        lines = pushes.take_batch(self.db, _now(), caller, table, request.get_data())
        return _text(f"OK: {lines}" if lines else "OK")

    def getrequest(self) -> Response:
        """A poll for commands; with INFO it tells firmware and counts."""
        caller = self._caller()
        info = request.args.get("INFO")
        if info:
            pushes.note_info(self.db, _now(), caller, info)
        else:
            pushes.touch(self.db, _now(), caller)
        return _text(commands.answer_to_poll(self.db, _now(), caller.terminal_id))

    def devicecmd(self) -> Response:
        """Answers to commands; those to no question of ours are passed over."""
        caller = self._caller()
        reconcile.take_answers(self.db, _now(), caller.terminal_id, request.get_data())
        return _text("OK")

    def ping(self) -> Response:
        pushes.touch(self.db, _now(), self._caller())
        return _text("OK")

    def other(self, rest: str) -> Response:
        """Push 3.x and whatever else a firmware asks: answered and noted."""
        pushes.touch(self.db, _now(), self._caller())
        log.info("unknown_path", path=rest[:80], serial=request.args.get("SN", "")[:40])
        return _text("OK")


def _caller_key() -> str:
    return f"{request.remote_addr} {request.args.get('SN', '')[:40]}"


def _now() -> datetime:
    return datetime.now(UTC)
