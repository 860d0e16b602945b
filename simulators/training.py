"""Write the files of the training house (rumah latihan): a province in small and its last month.

    python -m simulators.training FOLDER [--days 30] [--now 2026-11-28T10:00] [--seed 1]

roster/*.csv and shifts/*.csv are what `flask roster import` and `flask roster shifts import` take;
terminals.json is a fleet's configuration (its memory holds the month); people.json is for the
phones' page; logins.json and story.json for whoever brings the month into the service; world.json
for `simulators.training_life`, which goes on where the month ends.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from simulators.training_days import SHIFTS, Away, Scan, letter_of, scans_of
from simulators.training_people import UNITS, Person, Province, build
from simulators.training_story import tell

WITA = timezone(timedelta(hours=8))
PASSWORD = "latihan-hadir"
LOGINS = (
    ("dewi", "operator", "RSUD", "Pengelola Kepegawaian"),
    ("rahmat", "kasubag", "RSUD", "Kasubag Umum"),
    ("hendra", "pimpinan", "RSUD", "Direktur"),
    ("operator.sma", "operator", "SMAN1", "Pengelola Kepegawaian"),
    ("kasubag.sma", "kasubag", "SMAN1", "Kasubag Umum"),
    ("yusuf", "bkd", "", ""),
    ("teknisi", "technician", "", ""),
    ("inspektorat", "auditor", "", ""),
)
LAYOUTS = ("40", "16")
ON_TOP = ("Budi Santoso", "Sri Wahyuni", "Rahmat Hidayat", "Dewi Lestari")
ROSTER_BEFORE = 14  # days by which the roster is older than the first scan


def write_all(folder: Path, now: datetime, days: int, seed: int, first_port: int) -> None:
    """All files at once; `now` is local wall clock."""
    first = now.date() - timedelta(days=days)
    province = build(now.date(), seed)
    story = tell(province, first, now, seed)
    known_since = first - timedelta(days=ROSTER_BEFORE)
    _write_roster(folder / "roster", province, known_since)
    _write_shifts(folder / "shifts", province, known_since, now.date())
    terminals = _terminals(province, first_port)
    scans = sorted(_past(province, terminals, story.away, first, now, seed), key=lambda s: s.at)
    for terminal in terminals:
        terminal["records"] = [
            (scan.pin, scan.at.isoformat()) for scan in scans if scan.terminal == terminal["name"]
        ]
    _write_json(folder / "terminals.json", {"terminals": terminals})
    _write_json(folder / "people.json", {"people": [_on_the_page(p) for p in province.people]})
    _write_json(folder / "logins.json", _logins(province))
    _write_json(folder / "story.json", story.acts)
    world = {
        "seed": seed,
        "people": [asdict(person) for person in province.people],
        "terminals": {unit.code: terminals_of(unit.code) for unit in UNITS},
        "away": [[a.nip, a.first.isoformat(), a.last.isoformat()] for a in story.away],
        "shifts": {"RSUD": SHIFTS},
        "lived_until": now.isoformat(),
        "known_since": known_since.isoformat(),
        "first_day": first.isoformat(),
    }
    _write_json(folder / "world.json", world)


def terminals_of(unit_code: str) -> tuple[str, ...]:
    """The names of a unit's terminals."""
    return tuple(
        f"{unit.code}{ending}"
        for unit in UNITS
        if unit.code == unit_code
        for ending in unit.terminals
    )


# --- what `flask roster import` takes --------------------------------------------------------


def _write_roster(folder: Path, province: Province, first: date) -> None:
    _write_csv(
        folder / "units.csv",
        ("code", "name", "parent_code", "kind", "time_zone", "work_pattern"),
        ((u.code, u.name, u.parent, u.kind, "WITA", u.pattern) for u in UNITS),
    )
    _write_csv(
        folder / "employees.csv",
        ("nip", "name", "employment", "unit_code", "position", "grade", "phones", "supervisor_nip",
         "pins", "work_pattern"),
        (
            (p.nip, p.name, p.employment, p.unit, p.position, p.grade, p.number, p.supervisor,
             p.pin, p.pattern)
            for p in province.people
        ),
    )  # fmt: skip
    _write_csv(
        folder / "posts.csv",
        ("unit", "post", "nip", "from", "to"),
        ((unit, post, nip, first.isoformat(), "") for unit, post, nip in province.posts),
    )


def _write_shifts(folder: Path, province: Province, known_since: date, today: date) -> None:
    """The hospital's rota, a grid a month, to the end of the month after next."""
    nurses = [person for person in province.people if person.shift_offset is not None]
    month = known_since.replace(day=1)
    while month <= today + timedelta(days=62):
        after = (month + timedelta(days=31)).replace(day=1)
        days = [month + timedelta(days=n) for n in range((after - month).days)]
        _write_csv(
            folder / f"RSUD-{month:%Y-%m}.csv",
            ("Unit:", "RSUD"),
            [
                ("Bulan:", f"{month:%Y-%m}"),
                ("NIP", "Nama", *(str(day.day) for day in days)),
                *(_rota(person, days, known_since) for person in nurses),
            ],
        )
        month = after


def _rota(person: Person, days: list[date], known_since: date) -> Sequence[str]:
    letters = [(letter_of(person, day) or "") if day >= known_since else "" for day in days]
    return (person.nip, person.name, *letters)


# --- the outside world -----------------------------------------------------------------------


def _terminals(province: Province, first_port: int) -> list[dict[str, Any]]:
    hospital_first = sorted(UNITS, key=lambda unit: unit.code != "RSUD")
    names = [name for unit in hospital_first for name in terminals_of(unit.code)]
    found = []
    for place, name in enumerate(names):
        users = [(p.pin, p.name) for p in province.people if name in terminals_of(p.unit)]
        unit = next(u.code for u in UNITS if name in terminals_of(u.code))
        found.append(
            {
                "name": name,
                "unit": unit,
                "serial": f"LATIH{place + 1:04d}",
                "layout": LAYOUTS[place % len(LAYOUTS)],
                "port": first_port + place,
                "users": users,
            }
        )
    return found


def _past(
    province: Province,
    terminals: Sequence[dict[str, Any]],
    away: list[Away],
    first: date,
    now: datetime,
    seed: int,
) -> Iterable[Scan]:
    day = first - timedelta(days=1)
    while day <= now.date():
        for person in province.people:
            # the last week has only the absences of the story: each is told as soon as it is known
            for scan in scans_of(
                person,
                day,
                terminals_of(person.unit),
                away,
                seed,
                everybody_comes=day > now.date() - timedelta(days=9),
            ):
                if scan.at <= now:
                    yield scan
        day += timedelta(days=1)


def _on_the_page(person: Person) -> dict[str, Any]:
    unit = next(unit.name for unit in UNITS if unit.code == person.unit)
    return {
        "number": person.number,
        "name": person.name,
        "unit": unit,
        "position": person.position,
        "duties": list(person.duties),
        "first": person.name in ON_TOP,  # of the page's list
    }


def _logins(province: Province) -> list[dict[str, str]]:
    return [
        {
            "login": login,
            "password": PASSWORD,
            "role": role,
            "unit": unit,
            "nip": province.officer(unit, position).nip if position else "",
        }
        for login, role, unit, position in LOGINS
    ]


def _write_csv(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, *rows])


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def main() -> None:
    """Write the training house's files into a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=30, help="of invented past")
    parser.add_argument("--now", type=datetime.fromisoformat, help="local wall clock")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first-port", type=int, default=4370, help="of the terminals")
    asked = parser.parse_args()
    now = asked.now or datetime.now(WITA).replace(tzinfo=None, microsecond=0)
    asked.folder.mkdir(parents=True, exist_ok=True)
    write_all(asked.folder, now, asked.days, asked.seed, asked.first_port)


if __name__ == "__main__":
    main()
