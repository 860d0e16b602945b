"""The gammurc file: one section per modem, 'gammu', 'gammu1', 'gammu2' ..."""

from __future__ import annotations

import re
from configparser import ConfigParser, Error
from dataclasses import dataclass
from pathlib import Path

SECTION = re.compile(r"gammu(\d*)", re.IGNORECASE)


class BadGammurc(Exception):
    """The file cannot be read; the sentence says where."""


@dataclass(frozen=True)
class Section:
    """One modem of a gammurc: its section's name and number, and the device it names."""

    name: str
    number: int
    device: str


def sections(gammurc: Path) -> list[Section]:
    """The modems of a file in its order; other sections are none of ours.

    libgammu counts by the number in the name: 'gammu2' is number 2, also without a 'gammu1'.
    """
    parser = ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(gammurc, encoding="utf-8")
    except (Error, UnicodeDecodeError) as error:
        raise BadGammurc(f"{gammurc}: {error}") from error
    found = []
    for name in parser.sections():
        if match := SECTION.fullmatch(name):
            keys = parser[name]
            device = keys.get("device") or keys.get("port") or ""
            found.append(Section(name, int(match[1] or 0), device))
    return found
