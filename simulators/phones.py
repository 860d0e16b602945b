"""Phones around one simulated modem (ponsel tiruan), with a page to type and read on.

    python -m simulators.phones PEOPLE.json --modem LINK --port 8010 [--fleet PORT] [--kept FILE]

PEOPLE is `{"people": [{"number", "name", "unit", "position", "duties": [...]}, ...]}`. The modem is
an AT modem on a pty that LINK leads to. What was said is kept in FILE, a JSON line per message, and
a later start goes on from it. `--fleet` is the control port of `simulators.zk_fleet`, whose
terminals the page shows. Listens on loopback only; the first line printed is the page's port.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulators.at_modem import AtModem, OnAir
from simulators.phones_http import PhonesServer

LONGEST = 1_000  # letters a phone sends at once: seven parts
NUMBER = re.compile(r"\+\d{6,15}")


@dataclass(frozen=True)
class Said:
    """One message on one phone; `mine` when its owner wrote it, `at` is UTC in ISO form."""

    id: int
    at: str
    number: str
    mine: bool
    text: str


class Phones:
    """Every phone's conversation with the service's SIM, and who waits for news of them."""

    def __init__(self, modem: AtModem, people: list[dict[str, Any]], kept: Path | None = None):
        self.modem, self.people = modem, people
        self._kept = kept
        self._said: list[Said] = []
        self._parts: dict[tuple[str, int, int], dict[int, str]] = {}
        self._news = threading.Condition()
        if kept is not None and kept.exists():
            lines = kept.read_text(encoding="utf-8").splitlines()
            self._said = [Said(place, **json.loads(line)) for place, line in enumerate(lines, 1)]
        modem.on_sent = self._arrives

    def write(self, number: str, text: str) -> Said:
        """The owner of `number` sends `text`. Raises ValueError for what no phone would send."""
        if not NUMBER.fullmatch(number):
            raise ValueError("a number looks like +628110000001")
        if not text.strip():
            raise ValueError("an empty message is not sent")
        if len(text) > LONGEST:
            raise ValueError(f"at most {LONGEST} letters")
        said = self._keep(number, True, text)
        self.modem.deliver(number, text)
        return said

    def since(self, last_seen: int, wait: float = 0.0) -> list[Said]:
        """Messages after `last_seen`; waits so many seconds for the first one."""
        with self._news:
            if len(self._said) <= last_seen:
                self._news.wait(wait)
            return self._said[last_seen:]

    def _arrives(self, air: OnAir) -> None:
        """A part left the modem; the phone shows a message once all its parts are there."""
        message = air.message
        number = message.number if message.number.startswith("+") else f"+{message.number}"
        reference, total, place = message.part
        parts = self._parts.setdefault((number, reference, total), {})
        parts[place] = message.text
        if len(parts) == total:
            del self._parts[number, reference, total]
            self._keep(number, False, "".join(parts[n] for n in sorted(parts)))

    def _keep(self, number: str, mine: bool, text: str) -> Said:
        with self._news:
            at = datetime.now(UTC).isoformat(timespec="seconds")
            said = Said(len(self._said) + 1, at, number, mine, text)
            self._said.append(said)
            if self._kept is not None:
                line = {name: value for name, value in asdict(said).items() if name != "id"}
                with self._kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._news.notify_all()
            return said


def main() -> None:
    """Run modem, phones and page until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("people", type=Path)
    parser.add_argument("--modem", type=Path, required=True)
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--fleet", type=int, help="control port of the terminals")
    parser.add_argument("--kept", type=Path)
    asked = parser.parse_args()
    modem = AtModem(asked.modem)
    modem.start()
    people = json.loads(asked.people.read_text(encoding="utf-8"))["people"]
    server = PhonesServer(Phones(modem, people, asked.kept), asked.port, asked.fleet)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    print(server.server_address[1], flush=True)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
    server.shutdown()
    modem.stop()


if __name__ == "__main__":
    main()
