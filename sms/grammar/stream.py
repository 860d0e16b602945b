"""The command's stream (aliran): JSON lines in, JSON lines out, a bad line never ends it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from domain.cases import CaseKind
from sms.grammar.meaning import OpenRequest, Sender, project
from sms.grammar.parse import read


def parse_stream(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Read messages {id, now, sender, open_requests, text}; yield flat meanings or {id, error}."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        message: Any = None
        try:
            message = json.loads(line)
            yield _parse_one(message)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
            name = message.get("id") if isinstance(message, dict) else None
            yield {"id": name, "error": f"line {number}: {type(fault).__name__}: {fault}"}


def _parse_one(message: Any) -> dict[str, Any]:
    if not isinstance(message, dict):
        raise ValueError("not an object")
    missing = [name for name in ("id", "now", "sender", "text") if name not in message]
    if missing:
        raise ValueError(f"missing {', '.join(missing)}")
    if not isinstance(message["text"], str):
        raise ValueError("text must be a string")
    now = datetime.fromisoformat(message["now"])
    if now.tzinfo is None:
        raise ValueError("now must carry its zone, for example 2026-11-24T08:00:00+08:00")
    requests = [_request(r) for r in message.get("open_requests") or []]
    meaning = read(message["text"], now, Sender(message["sender"]), requests)
    return {"id": message["id"], **project(meaning)}


def _request(raw: Any) -> OpenRequest:
    def day(value: Any) -> date | None:
        return date.fromisoformat(value) if value else None

    kind = CaseKind(raw["type"]) if raw.get("type") else None
    return OpenRequest(
        str(raw["code"]),
        str(raw.get("employee") or ""),
        kind,
        day(raw.get("start")),
        day(raw.get("end")),
    )
