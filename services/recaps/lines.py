"""Recaps for programs: a line for each person and date, as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from services.recaps.month import MonthRecap, PersonMonth, UnitMonth
from store.days import AttendanceDay

COLUMNS = (
    "nip", "date", "unit", "status", "kind", "first_in", "last_out", "late_minutes",
    "early_minutes", "excuse", "final", "why",
)  # fmt: skip


def day_lines(recap: MonthRecap) -> Iterator[dict[str, object]]:
    """One dict of `COLUMNS` for each person and date; instants are ISO text with their offset."""
    for unit in recap.units:
        for each in unit.people:
            for _, day in sorted(each.days.items()):
                yield _line(unit, each, day)


def _line(unit: UnitMonth, each: PersonMonth, day: AttendanceDay) -> dict[str, object]:
    return {
        "nip": each.person.nip,
        "date": day.day.isoformat(),
        "unit": unit.unit.code,
        "status": day.status,
        "kind": day.kind,
        "first_in": _stamp(day.first_in, unit.zone),
        "last_out": _stamp(day.last_out, unit.zone),
        "late_minutes": day.late_minutes,
        "early_minutes": day.early_minutes,
        "excuse": day.excuse,
        "final": day.final,
        "why": [_in_order(fact) for fact in day.why],
    }


def _in_order(fact: object) -> object:
    """A piece of evidence with its keys in one order: databases keep them in their own."""
    return dict(sorted(fact.items())) if isinstance(fact, dict) else fact


def _stamp(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


def as_json(recap: MonthRecap) -> bytes:
    """JSON lines, one for each person and date."""
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in day_lines(recap)]
    return "".join(lines).encode()


def as_csv(recap: MonthRecap) -> bytes:
    """The same columns as CSV; `why` is JSON, what is not there is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for line in day_lines(recap):
        why = json.dumps(line["why"], ensure_ascii=False)
        final = "true" if line["final"] else "false"
        writer.writerow({**line, "final": final, "why": why})
    return text.getvalue().encode()
