"""`flask sms`: reading messages from a stream."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup

group = AppGroup("sms", help="Reading SMS.")


@group.command("parse")
def parse() -> None:
    """Read JSON lines from standard input, write what each SMS means as JSON lines.

    Takes id, now, sender, open_requests and text; needs no settings and no database.
    """
    from sms.grammar import parse_stream

    lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    for meaning in parse_stream(lines):
        click.echo(json.dumps(meaning, ensure_ascii=False))
