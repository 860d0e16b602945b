"""`flask sms parse`: one meaning per line, whatever the lines hold."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sms.grammar import parse_stream
from tests.servers import PYTHON

ROOT = Path(__file__).parents[2]
GOOD: dict[str, Any] = {
    "id": "m1",
    "now": "2026-12-01T09:00:00+08:00",
    "sender": "employee",
    "open_requests": [],
    "text": "izin sakit hari ini pak",
}
OPEN = {
    "code": "27",
    "employee": "Rina Wulandari",
    "type": "annual",
    "start": "2026-12-07",
    "end": "2026-12-09",
}


def _with(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes})


def _without(name: str) -> str:
    return json.dumps({k: v for k, v in GOOD.items() if k != name})


MALFORMED = {
    "no JSON": ("{oops", None, "not JSON"),
    "a list": ("[1, 2]", None, "not a JSON object"),
    "a number": ("7", None, "not a JSON object"),
    "nested too deep": ("[" * 100_000, None, "not JSON"),
    "text is null": (_with(text=None), "m1", "text: wanted a string"),
    "text is a number": (_with(text=5), "m1", "text: wanted a string"),
    "text is missing": (_without("text"), "m1", "missing text"),
    "id is missing": (_without("id"), None, "missing id"),
    "now is no time": (_with(now="besok"), "m1", "now: wanted a time"),
    "now is null": (_with(now=None), "m1", "now: wanted a time"),
    "now has no zone": (_with(now="2026-12-01T09:00:00"), "m1", "must carry its zone"),
    "now is at the end of time": (_with(now="9999-12-31T23:00:00+08:00"), "m1", "out of range"),
    "sender is unknown": (_with(sender="boss"), "m1", "sender: wanted one of employee"),
    "sender is a list": (_with(sender=["employee"]), "m1", "sender: wanted one of"),
    "requests are an object": (_with(open_requests={"code": "27"}), "m1", "wanted a list"),
    "a request is a string": (_with(open_requests=["27"]), "m1", "open_requests[0]"),
    "a request has no code": (_with(open_requests=[{**OPEN, "code": None}]), "m1", "with a code"),
    "a request's kind is unknown": (_with(open_requests=[{**OPEN, "type": "x"}]), "m1", "'x'"),
    "a request's day is none": (_with(open_requests=[{**OPEN, "end": "2026-02-30"}]), "m1", "[0]"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_line_is_named_and_the_stream_goes_on(name: str) -> None:
    line, known_id, message = MALFORMED[name]

    fault, meaning = parse_stream([line, json.dumps(GOOD)])

    assert fault["id"] == known_id
    assert message in fault["error"] and "line 1" in fault["error"]
    assert meaning["type"] == "sick"


def test_open_requests_may_be_left_out_or_null() -> None:
    left_out, null = parse_stream([_without("open_requests"), _with(open_requests=None)])

    assert left_out == null and "error" not in null


def test_every_field_of_the_contract_is_there_and_why_names_rule_and_words() -> None:
    (meaning,) = parse_stream([_with(sender="supervisor", open_requests=[OPEN], text="27 acc")])

    assert meaning == {
        "id": "m1",
        "intent": "approve",
        "type": None,
        "start": None,
        "end": None,
        "time_from": None,
        "time_to": None,
        "codes": ["27"],
        "reason": None,
        "must_ask": False,
        "why": meaning["why"],
    }
    assert any("acc" in reason for reason in meaning["why"])


def test_the_command_answers_line_by_line_without_settings_or_database() -> None:
    """The next line is written only after the answer to the one before has come."""
    command = [str(Path(PYTHON).with_name("flask")), "sms", "parse"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    lines = [json.dumps(GOOD).encode(), b"\xff\xfe not even text", _with(id="\ud800").encode()]
    answers = []
    for line in lines:
        process.stdin.write(line + b"\n")
        process.stdin.flush()
        answers.append(json.loads(process.stdout.readline()))
    process.stdin.close()

    assert process.wait(timeout=60) == 0
    process.stdout.close()
    assert answers[0]["type"] == "sick"
    assert "not JSON" in answers[1]["error"]
    assert answers[2]["id"] == "\ud800" and answers[2]["intent"] == "request"
