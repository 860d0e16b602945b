"""The command's stream (aliran): JSON lines in, JSON lines out, a bad line never ends it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from domain.cases import CaseKind
from sms.grammar.meaning import OpenRequest, Sender, project
from sms.grammar.parse import read


class BadMessageError(ValueError):
    """A line that is no message; the text says which field is wrong and what is wanted."""


def parse_stream(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Read messages {id, now, sender, open_requests, text}; yield flat meanings or {id, error}."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name: Any = None
        try:
            message = _object(line)
            name = message.get("id")
            yield {"id": name, **_parse(message)}
        except BadMessageError as fault:
            yield {"id": name, "error": f"line {number}: {fault}"}


def _object(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise BadMessageError(f"not JSON: {fault}") from fault
    if not isinstance(message, dict):
        raise BadMessageError("not a JSON object")
    return message


def _parse(message: dict[str, Any]) -> dict[str, Any]:
    missing = [name for name in ("id", "now", "sender", "text") if name not in message]
    if missing:
        raise BadMessageError(f"missing {', '.join(missing)}")
    if not isinstance(message["text"], str):
        raise BadMessageError("text: wanted a string")
    now, sender = _now(message["now"]), _sender(message["sender"])
    return project(read(message["text"], now, sender, _requests(message.get("open_requests"))))


def _now(value: Any) -> datetime:
    try:
        now = datetime.fromisoformat(value)
    except (TypeError, ValueError) as fault:
        raise BadMessageError(f"now: wanted a time like 2026-11-24T08:00:00+08:00 ({fault})") from (
            fault
        )
    if now.tzinfo is None:
        raise BadMessageError("now: must carry its zone, for example 2026-11-24T08:00:00+08:00")
    if not 1970 <= now.year <= 9000:
        raise BadMessageError(f"now: the year {now.year} is out of range")
    return now


def _sender(value: Any) -> Sender:
    try:
        return Sender(value)
    except ValueError as fault:
        raise BadMessageError(f"sender: wanted one of {', '.join(Sender)}") from fault


def _requests(value: Any) -> list[OpenRequest]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadMessageError("open_requests: wanted a list")
    return [_request(raw, place) for place, raw in enumerate(value)]


def _request(raw: Any, place: int) -> OpenRequest:
    where = f"open_requests[{place}]"
    if not isinstance(raw, dict) or not isinstance(raw.get("code"), str | int) or raw["code"] == "":
        raise BadMessageError(f"{where}: wanted an object with a code")
    try:
        return OpenRequest(
            str(raw["code"]),
            str(raw.get("employee") or ""),
            CaseKind(raw["type"]) if raw.get("type") else None,
            _day(raw.get("start")),
            _day(raw.get("end")),
        )
    except (TypeError, ValueError) as fault:
        raise BadMessageError(f"{where}: {fault}") from fault


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
