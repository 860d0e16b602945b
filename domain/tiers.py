"""Tiers of lateness and early leaving (TL, PSW): tables by date; the minutes are the fact.

The codes are national habit, what a tier costs is local and stands in no table here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TierTable:
    """Tiers from a date on: the highest minute of each tier but the last, which has no end.

    (30, 60, 90) reads: 1 to 30 minutes tier 1, 31 to 60 tier 2, 61 to 90 tier 3, from 91 on tier
    4. A missing scan is the last tier.
    """

    first_day: date
    highest: tuple[int, ...]
    source: str

    def tier(self, minutes: int, *, missing: bool) -> int:
        """0 for none, else the tier's number."""
        if missing:
            return len(self.highest) + 1
        if minutes <= 0:
            return 0
        return 1 + sum(minutes > highest for highest in self.highest)


NATIONAL_HABIT = TierTable(
    date(2012, 1, 1), (30, 60, 90), "Permentan 68/2012, PMK 221/2021, Kepmendagri 900-4700/2020"
)


def table_on(day: date, tables: Sequence[TierTable] = (NATIONAL_HABIT,)) -> TierTable | None:
    """The newest table in force on a date, None before the first."""
    in_force = [table for table in tables if table.first_day <= day]
    return max(in_force, key=lambda table: table.first_day, default=None)


def late_tier(table: TierTable, late_minutes: int, missing_in: bool) -> str | None:
    """'TL1' to 'TL4', None when on time."""
    tier = table.tier(late_minutes, missing=missing_in)
    return f"TL{tier}" if tier else None


def early_tier(table: TierTable, early_minutes: int, missing_out: bool) -> str | None:
    """'PSW1' to 'PSW4', None when the day was worked to its end."""
    tier = table.tier(early_minutes, missing=missing_out)
    return f"PSW{tier}" if tier else None
