"""Labelled messages (pesan berlabel): what people write, and what it means by the rules.

A file of tests/sms/cases reads

    [4.2 weekdays]                                   the rule that the next messages test
    now 2026-12-01 09:00                             local clock until the next such line
    open rina = 27 Rina Wulandari annual 2026-12-07..2026-12-09
    employee: izin senin pak -> request permission 2026-12-07
    supervisor(rina): 27 ok -> approve 27
    supervisor(rina+budi): ya -> approve ask

Right of the last '->': intent, kind, first day or 'first..last' ('first..' without an end),
'<9:00' leaves at, '>9:00' arrives or is back at, codes, 'ask', 'silent' when no answer is right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.cases import CaseKind
from sms.grammar import Intent, OpenRequest, Sender, project, read

CASES = Path(__file__).parent / "cases"
WITA = ZoneInfo("Asia/Makassar")
ACTING = {"request", "approve", "reject", "cancel"}
_LINE = re.compile(r"(employee|supervisor|both|stranger)(?:\(([\w+]*)\))?: (.*) -> (.*)")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:(\.\.)(\d{4}-\d\d-\d\d)?)?")


@dataclass(frozen=True)
class Case:
    """One labelled message."""

    where: str
    rule: str
    text: str
    now: datetime
    sender: Sender
    requests: tuple[OpenRequest, ...]
    gold: dict[str, Any] = field(hash=False)


def all_cases(folder: Path = CASES) -> list[Case]:
    """Every labelled message, in the order of the files."""
    return [case for path in sorted(folder.glob("*.txt")) for case in cases_of(path)]


def cases_of(path: Path) -> list[Case]:
    """The labelled messages of one file; a line that is no case is an error."""
    rule, now = "", datetime(2026, 12, 1, 9, tzinfo=WITA)
    known: dict[str, OpenRequest] = {}
    out: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            rule = line.strip("[] ")
        elif line.startswith("now "):
            now = datetime.fromisoformat(line[4:].strip()).replace(tzinfo=WITA)
        elif line.startswith("open "):
            name, _, described = line[5:].partition("=")
            known[name.strip()] = _request(described.split())
        else:
            found = _LINE.fullmatch(line)
            if not found:
                raise ValueError(f"{path.name}:{number}: no labelled message: {line!r}")
            sender, names, text, label = found.groups()
            requests = tuple(known[name] for name in (names or "").split("+") if name)
            out.append(
                Case(
                    f"{path.stem}:{number}",
                    rule,
                    text.replace("\\n", "\n"),
                    now,
                    Sender(sender),
                    requests,
                    label_of(label, requests),
                )
            )
    return out


def _request(words: list[str]) -> OpenRequest:
    start, end = words[-1].split("..")
    return OpenRequest(
        words[0],
        " ".join(words[1:-2]),
        CaseKind(words[-2]),
        date.fromisoformat(start),
        date.fromisoformat(end),
    )


def label_of(label: str, requests: tuple[OpenRequest, ...]) -> dict[str, Any]:
    """The fields that a label stands for."""
    gold: dict[str, Any] = {
        "intent": "unclear",
        "type": None,
        "start": None,
        "end": None,
        "time_from": None,
        "time_to": None,
        "codes": [],
        "must_ask": False,
    }
    intents, kinds = set(Intent), {k.value for k in CaseKind}
    for word in label.split():
        days = _DAYS.fullmatch(word)
        if word in intents:
            gold["intent"] = word
        elif word == "ask":
            gold["must_ask"] = True
        elif word == "silent":
            pass
        elif word in kinds:
            gold["type"] = word
        elif days:
            gold["start"] = days[1]
            gold["end"] = days[3] if days[2] else days[1]
        elif word[0] in "<>":
            gold["time_from" if word[0] == "<" else "time_to"] = word[1:].zfill(5)
        elif word == "all":
            gold["codes"] = [r.code for r in requests]
        else:
            gold["codes"].append(word)
    return gold


def canonical(meaning: dict[str, Any], case: Case) -> dict[str, Any]:
    """Fields as they are compared: codes in order; a lone open request need not be named."""
    fields = {name: meaning[name] for name in case.gold}
    fields["codes"] = sorted(code.upper() for code in fields["codes"])
    decided = fields["intent"] in ("approve", "reject") and not fields["must_ask"]
    if decided and not fields["codes"] and len(case.requests) == 1:
        fields["codes"] = [case.requests[0].code.upper()]
    return fields


def read_case(case: Case) -> dict[str, Any]:
    """What the grammar makes of the message."""
    return project(read(case.text, case.now, case.sender, case.requests))


def differences(case: Case, meaning: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields that differ: (wanted, got)."""
    gold, got = canonical(case.gold, case), canonical(meaning, case)
    return {name: (gold[name], got[name]) for name in gold if gold[name] != got[name]}


def is_dangerous(case: Case, meaning: dict[str, Any]) -> bool:
    """Whether the grammar acts where it should not, or acts otherwise than was meant."""
    if meaning["must_ask"] or meaning["intent"] not in ACTING:
        return False
    wrong = set(differences(case, meaning)) - {"time_from", "time_to"}
    return bool(wrong)


def lessons(cases: Iterable[Case]) -> Iterator[str]:
    """What the second opinion learns from: a JSON line for each employee's request of a kind."""
    for case in cases:
        if case.sender is Sender.EMPLOYEE and case.gold["type"]:
            yield json.dumps({"text": case.text, "type": case.gold["type"]}, ensure_ascii=False)


if __name__ == "__main__":
    for line in lessons(all_cases()):
        print(line)
