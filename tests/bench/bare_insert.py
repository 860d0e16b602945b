"""The floor of the webhook's bench: a Flask route that does one INSERT and commits."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, insert

from store.db import Database

app = Flask(__name__)
database = Database(os.environ["DATABASE_URL"])  # with the same promises of durability
metadata = MetaData()
message = Table(
    "message", metadata,
    Column("id", Integer, primary_key=True), Column("sid", String(40), unique=True),
    Column("sender", String(40)), Column("body", String(1600)), Column("at", DateTime),
)  # fmt: skip
metadata.create_all(database.engine)


@app.post("/sms/twilio/inbound")
def inbound() -> Response:
    form = request.form
    values = {"sid": form["MessageSid"], "sender": form["From"], "body": form["Body"]}
    with database.begin() as tx:
        tx.execute(insert(message).values(at=datetime.now(UTC), **values))
    return Response("<Response></Response>", content_type="text/xml")
