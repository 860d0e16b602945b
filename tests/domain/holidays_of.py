"""Holidays and collective leave as decreed: SKB 1497/2/5 of 2025 for 2026, SKB for 2027."""

from __future__ import annotations

from datetime import date

from domain.work_calendar import CalendarEntry, CalendarKind

_PUBLIC = {
    2026: "1/1 16/1 17/2 19/3 21/3 22/3 3/4 5/4 1/5 14/5 27/5 31/5 1/6 16/6 17/8 25/8 25/12",
    2027: ("1/1 5/1 6/2 8/3 10/3 11/3 26/3 28/3 1/5 6/5 17/5 20/5 1/6 6/6 15/8 17/8 25/12 26/12"),
}
_COLLECTIVE = {
    2026: "16/2 18/3 20/3 23/3 24/3 15/5 28/5 24/12",
    2027: "5/2 9/3 12/3 15/3 25/3 18/5 19/5 24/12",
}


def holidays_of(year: int) -> list[CalendarEntry]:
    """Every free day of the year by decree, as calendar entries."""
    return [
        CalendarEntry(kind, day, day, str(kind), f"SKB {year}")
        for kind, dates in (
            (CalendarKind.HOLIDAY, _PUBLIC[year]),
            (CalendarKind.COLLECTIVE_LEAVE, _COLLECTIVE[year]),
        )
        for day in _dates(year, dates)
    ]


def _dates(year: int, written: str) -> list[date]:
    return [date(year, int(m), int(d)) for d, m in (each.split("/") for each in written.split())]
