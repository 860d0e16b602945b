"""Twilio's webhooks: a message in, a receipt for one that went out.

One transaction, then 200 with empty TwiML; everything else is a job's. A repeat gets the same
answer, a forged request 403 and nothing is stored. Without a token the routes answer 404.
"""

from __future__ import annotations

import structlog
from flask import Blueprint, Flask, Response, abort, request

from services import inbox, receipts
from sms import twilio_webhooks
from webapp.context import db, house, now
from webapp.security import csrf, limiter

log = structlog.get_logger(__name__)

hooks = Blueprint("sms_webhook", __name__, url_prefix="/sms/twilio")

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""No reply in the answer itself: it would leave without an outbox row and without a receipt."""

LARGEST = 64 * 1024  # bytes; Twilio sends at most 1,600 characters and some twenty short fields


def register(app: Flask) -> None:
    app.register_blueprint(hooks)
    csrf.exempt(hooks)  # signed by Twilio instead
    limiter.exempt(hooks)


@hooks.before_request
def only_from_twilio() -> Response | None:
    """The signature is over the public address, not over what a proxy makes of it."""
    settings = house().settings
    if settings.twilio is None:
        abort(404)
    request.max_content_length = LARGEST
    query = request.query_string.decode("latin-1")
    address = settings.public_url + request.path + (f"?{query}" if query else "")
    is_authentic = twilio_webhooks.is_authentic(
        settings.twilio.auth_token,
        address,
        request.form,
        request.headers.get(twilio_webhooks.SIGNATURE, ""),
        request.headers.get(twilio_webhooks.SIGNATURE_SETTINGS, ""),
    )
    if is_authentic:
        return None
    log.warning("webhook_forged", path=request.path, from_address=request.remote_addr)
    return _plain(403, f"The signature does not fit {settings.public_url}{request.path}.")


@hooks.post("/inbound")
def inbound() -> Response:
    """A message for us: committed, then acknowledged."""
    try:
        part = twilio_webhooks.read_inbound(request.form, now())
    except ValueError as fault:
        return _plain(400, str(fault))
    inbox.keep_whole(db(), now(), part)
    return _taken()


@hooks.post("/status")
def status() -> Response:
    """What became of a message of ours; order and repeats are harmless."""
    try:
        report = twilio_webhooks.read_status(request.form, request.args)
    except ValueError as fault:
        return _plain(400, str(fault))
    receipts.note_twilio(db(), now(), report)
    return _taken()


def _taken() -> Response:
    """The same answer to a message and to its repeats."""
    return Response(EMPTY, content_type="text/xml; charset=utf-8")


def _plain(code: int, sentence: str) -> Response:
    """An answer for Twilio's debugger rather than for people."""
    return Response(f"{sentence}\n", code, content_type="text/plain; charset=utf-8")
