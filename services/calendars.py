"""Calendars and patterns as they come with the house: holidays by law, the built-in patterns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import holidays

from domain.patterns import BUILT_IN, store_spans
from store.calendars import CalendarEntry, CalendarKind, WorkPatternRow, WorkPatternVersion
from store.db import Database, Transaction
from store.people import Unit
from store.seed_queries import entries_of_year, pattern_by_code, top_units

PATTERN_NAMES = {
    "5D": "Lima hari kerja",
    "6D": "Enam hari kerja",
    "SHIFT": "Menurut jadwal jaga",
    "TB": "Tugas belajar",
}
CATEGORIES = {
    "public": CalendarKind.HOLIDAY,  # libur nasional
    "government": CalendarKind.COLLECTIVE_LEAVE,  # cuti bersama
}
SOURCE = "paket holidays (SKB tiga menteri)"
EARLIEST = date(2020, 1, 1)


def seed_patterns(db: Database) -> None:
    """The built-in work patterns 5D, 6D and SHIFT, if they are not there yet.

    The oldest known hours also hold for the years before them: a day needs some pattern.
    """
    with db.begin() as tx:
        add_missing_patterns(tx)


def add_missing_patterns(tx: Transaction) -> None:
    """The same, within a transaction that needs them."""
    for code, pattern in BUILT_IN.items():
        if pattern_by_code(tx, code) is not None:
            continue
        row = WorkPatternRow(code=code, name=PATTERN_NAMES[code], is_shift=pattern.is_shift)
        tx.add(row)
        tx.flush()
        for version in pattern.versions:
            tx.add(
                WorkPatternVersion(
                    pattern_id=row.id,
                    first_day=EARLIEST,
                    in_ramadan=version.in_ramadan,
                    spans=store_spans(version.spans),
                    source=version.source,
                )
            )


def seed_holidays(db: Database, now: datetime, years: Iterable[int]) -> list[str]:
    """Holidays and collective leave of these years for every top unit; existing ones stay.

    Returns a warning for every year without collective leave: the decree is then not known yet,
    and the package says nothing about it.
    """
    warnings: list[str] = []
    with db.begin() as tx:
        for year in years:
            found = {kind: _of_year(year, category) for category, kind in CATEGORIES.items()}
            if not found[CalendarKind.COLLECTIVE_LEAVE]:
                warnings.append(
                    f"{year}: tidak ada cuti bersama; SKB belum diketahui. BKD perlu mengisinya."
                )
            for unit in top_units(tx):
                _add_missing(tx, unit, year, found, now)
    return warnings


def _of_year(year: int, category: str) -> dict[date, str]:
    days = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
    return dict(days.items())


def _add_missing(
    tx: Transaction,
    unit: Unit,
    year: int,
    found: dict[CalendarKind, dict[date, str]],
    now: datetime,
) -> None:
    if entries_of_year(tx, unit.id, year, SOURCE):
        return  # BKD may have edited or removed some since
    for kind, days in found.items():
        for day, name in days.items():
            tx.add(
                CalendarEntry(
                    kind=kind,
                    first_day=day,
                    last_day=day,
                    unit_id=unit.id,
                    name=name[:120],
                    source=SOURCE,
                    known_at=now,
                )
            )
