"""Life goes on in the training house: people come to the terminals and go, by the clock.

    python -m simulators.training_life WORLD.json --fleet PORT

Puts due fingers on the terminals of a fleet through its control port. Where it got to is kept
beside WORLD in `lived_until`, so that after a pause the days between are lived as well.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote

from simulators.training_days import Away, Scan, scans_of
from simulators.training_people import Person

WITA = timezone(timedelta(hours=8))
LOOKS_EVERY = 5.0  # seconds
JUST_NOW = timedelta(minutes=2)


def local_now() -> datetime:
    """The wall clock of the training province."""
    return datetime.now(WITA).replace(tzinfo=None, microsecond=0)


class Life:
    """Everybody of a world, and until when their coming and going has been played."""

    def __init__(self, world: dict[str, Any], kept: Path, fleet_port: int):
        self.people = [Person(**{**person, "duties": ()}) for person in world["people"]]
        self.terminals: dict[str, list[str]] = world["terminals"]
        self.away = [
            Away(nip, date.fromisoformat(first), date.fromisoformat(last))
            for nip, first, last in world["away"]
        ]
        self.seed: int = world["seed"]
        self.kept, self.fleet_port = kept, fleet_port
        text = kept.read_text() if kept.exists() else world["lived_until"]
        self.lived_until = datetime.fromisoformat(text)

    def live(self, until: datetime) -> int:
        """Play every scan up to this local time; returns how many the terminals took."""
        due = sorted(self._between(self.lived_until, until), key=lambda scan: scan.at)
        taken = sum(self._touch(scan) for scan in due)
        self.lived_until = until
        beside = self.kept.with_suffix(".new")
        beside.write_text(until.isoformat())
        os.replace(beside, self.kept)
        return taken

    def _between(self, after: datetime, until: datetime) -> Iterator[Scan]:
        day = after.date() - timedelta(days=1)  # night shifts end the next morning
        while day <= until.date():
            for person in self.people:
                for scan in scans_of(
                    person, day, self.terminals[person.unit], self.away, self.seed
                ):
                    if after < scan.at <= until:
                        yield scan
            day += timedelta(days=1)

    def _touch(self, scan: Scan) -> bool:
        """One finger; False when the terminal would not take it, as in life."""
        fleet = HTTPConnection("127.0.0.1", self.fleet_port, timeout=10)
        try:
            asked = {"pin": scan.pin}
            if local_now() - scan.at > JUST_NOW:
                asked["when"] = scan.at.isoformat()  # else by the terminal's clock, right or wrong
            fleet.request("POST", f"/terminals/{quote(scan.terminal)}/punch", json.dumps(asked))
            return fleet.getresponse().status == 200
        finally:
            fleet.close()


def main() -> None:
    """Live until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("world", type=Path)
    parser.add_argument("--fleet", type=int, required=True)
    asked = parser.parse_args()
    world = json.loads(asked.world.read_text(encoding="utf-8"))
    life = Life(world, asked.world.with_name("lived_until"), asked.fleet)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set():
        try:
            life.live(local_now())
        except (OSError, HTTPException) as error:
            print(f"the terminals do not answer: {error}", flush=True)
        ended.wait(LOOKS_EVERY)


if __name__ == "__main__":
    main()
