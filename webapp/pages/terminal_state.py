"""A terminal's state in words: what worries about it, seen from its row and last contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from store.board import TerminalLine

SILENT_AFTER = timedelta(hours=26)  # a terminal is read at least every night
CLOCK_TOLERANCE = 120  # seconds; beyond it minutes of lateness change
NEARLY_FULL = 0.8


@dataclass(frozen=True)
class State:
    """What to say about a terminal, worst first; nothing to say means all is well."""

    worries: tuple[str, ...]
    share_used: float | None

    @property
    def is_worrying(self) -> bool:
        return bool(self.worries)


def state_of(line: TerminalLine, now: datetime) -> State:
    """Look at one terminal as of `now`."""
    terminal, contact = line.terminal, line.last_contact
    used = _share_used(terminal.records_on_device, terminal.record_capacity)
    worries = []
    if terminal.last_contact_at is None:
        worries.append(gettext("belum pernah terhubung"))
    elif now - terminal.last_contact_at > SILENT_AFTER:
        worries.append(gettext("diam lebih dari sehari"))
    if contact is not None and not contact.ok:
        worries.append(
            gettext("kontak terakhir gagal: %(problem)s", problem=contact.problem or "?")
        )
    if abs(terminal.clock_offset or 0) > CLOCK_TOLERANCE:
        worries.append(gettext("jam meleset"))
    if used is not None and used >= NEARLY_FULL:
        worries.append(gettext("hampir penuh"))
    return State(tuple(worries), used)


def _share_used(records: int | None, capacity: int | None) -> float | None:
    return records / capacity if records is not None and capacity else None
