"""Recaps (rekap): a unit's month for people's eyes, for paper and for programs."""

from __future__ import annotations

from collections.abc import Callable

from domain.recap import month_span
from services.recaps import grid
from services.recaps.lines import as_csv, as_json
from services.recaps.month import MonthRecap, gather
from services.recaps.pdf import as_pdf
from services.recaps.xlsx import as_xlsx

WRITERS: dict[str, Callable[[MonthRecap], bytes]] = {
    "xlsx": as_xlsx,
    "pdf": as_pdf,
    "csv": as_csv,
    "json": as_json,
}

__all__ = ["WRITERS", "MonthRecap", "gather", "grid", "month_span"]
