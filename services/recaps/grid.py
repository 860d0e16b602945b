"""The monthly grid (rekap bulanan): the columns of sheet and paper, once for both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from domain.people import group_nip
from domain.recap import FORMULA_A, FORMULA_B, LEAVES, Tally, cell
from services.recaps.month import MonthRecap, PersonMonth, Signature, UnitMonth

MONTHS = (
    "", "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember",
)  # fmt: skip
CITY = "Samarinda"
BLANK_DATE = "........................"
LEGEND = (
    "H hadir; TL1-TL4 terlambat dan PSW1-PSW4 pulang sebelum waktunya (1-30, 31-60, 61-90, 91 "
    "menit ke atas atau tanpa rekaman); I izin; CT CB CS CM CAP cuti tahunan, besar, sakit, "
    "melahirkan, alasan penting; DL dinas luar (* surat tugas belum ada); WFA; TB tugas belajar; "
    "CLTN cuti di luar tanggungan negara; L libur; TK tanpa keterangan; ? belum pasti."
)

TOTALS: tuple[tuple[str, Callable[[Tally], str | float | int]], ...] = (
    ("Hari kerja", lambda count: count.workdays),
    ("H", lambda count: count.days("H")),
    ("TL kali", lambda count: sum(count.late.values())),
    ("TL menit", lambda count: count.late_minutes),
    ("TL 1/2/3/4", lambda count: _tiers(count, "TL")),
    ("PSW kali", lambda count: sum(count.early.values())),
    ("PSW menit", lambda count: count.early_minutes),
    ("PSW 1/2/3/4", lambda count: _tiers(count, "PSW")),
    ("I", lambda count: count.days("I")),
    *((code, lambda count, code=code: count.days(code)) for code in LEAVES),
    ("DL", lambda count: count.days("DL")),
    ("TB", lambda count: count.days("TB")),
    ("WFA", lambda count: count.days("WFA")),
    ("TK", lambda count: count.absent),
    ("?", lambda count: count.waiting),
    ("Jml", lambda count: sum(count.halves.values()) // 2),
    ("A %", lambda count: _percent(count.rate_a)),
    ("B %", lambda count: _percent(count.rate_b)),
)
"""What is counted for a person and for the unit, in the order of the columns."""

WHO = ("No", "Nama / NIP", "Gol", "Jabatan")
NOTE = "Ket"


def _tiers(count: Tally, word: str) -> str:
    found = count.late if word == "TL" else count.early
    return "/".join(str(found[f"{word}{number}"]) for number in (1, 2, 3, 4))


def _percent(rate: float | None) -> str | float:
    return "-" if rate is None else rate


def dates_of(recap: MonthRecap) -> list[date]:
    """Every date of the month."""
    return [recap.first + timedelta(days=n) for n in range((recap.last - recap.first).days + 1)]


def row_of(number: int, each: PersonMonth, dates: list[date]) -> list[str | float | int]:
    """One person's row: who, each date's cell, the counts, what deserves a note."""
    person, count = each.person, each.counted
    nip = group_nip(person.nip) if person.nip else "-"
    printed = each.printed
    cells = [cell(printed[day]) if day in printed else "" for day in dates]
    return [
        number,
        f"{person.name}\n{nip}",
        person.grade,
        person.position,
        *cells,
        *(value(count) for _, value in TOTALS),
        _note(count),
    ]


def _note(count: Tally) -> str:
    """Lateness as days, an indication only: nobody is sanctioned by a machine."""
    if not (count.late_minutes or count.early_minutes):
        return ""
    return f"TL+PSW setara {count.minutes_as_days:g} hari (indikasi)"


def title_of(recap: MonthRecap, unit: UnitMonth) -> str:
    return f"Rekap kehadiran {unit.unit.name}, {month_words(recap.first)}"


def month_words(day: date) -> str:
    """'November 2026'"""
    return f"{MONTHS[day.month]} {day.year}"


def place_and_date(recap: MonthRecap) -> str:
    """'Samarinda, 30 November 2026'; without a given date a line to be filled in by hand."""
    day = recap.printed_on
    return f"{CITY}, {f'{day.day} {month_words(day)}' if day else BLANK_DATE}"


def summary_of(unit: UnitMonth) -> list[str]:
    """The unit's two rates with their formulas, and what is not said yet."""
    count = unit.counted
    lines = [
        f"{FORMULA_A} = {_percent(count.rate_a)} %",
        f"{FORMULA_B} = {_percent(count.rate_b)} %",
        f"Hari kerja orang: {count.workdays}; tanpa keterangan {count.absent}; belum pasti "
        f"{count.waiting} (tidak dihitung hadir, tidak dihitung mangkir).",
    ]
    return [*lines, *_outages_of(unit), _close_of(unit), *_amendments(unit), LEGEND]


def _outages_of(unit: UnitMonth) -> list[str]:
    days = unit.outage_days
    return [f"Gangguan mesin dinyatakan pada {days} hari bulan ini."] if days else []


def _close_of(unit: UnitMonth) -> str:
    closing = unit.standing.closing
    if closing is None or closing.closed_at is None:
        return f"Belum ditutup; {unit.standing.blockers} hal belum beres."
    signed = closing.countersigned_at
    how = f"ditandatangani {_day(signed, unit)}" if signed else "belum ditandatangani pimpinan"
    return f"Ditutup {_day(closing.closed_at, unit)}, {how}."


def _day(at: datetime, unit: UnitMonth) -> str:
    local = at.astimezone(unit.zone)
    return f"{local.day} {month_words(local.date())}"


def _amendments(unit: UnitMonth) -> list[str]:
    """Susulan: days of earlier, closed months that are something else now."""
    return [
        f"Susulan: {each.name}, {each.before.day:%d-%m-%Y}: {cell(each.before)} menjadi "
        f"{cell(each.now)}"
        for each in unit.standing.amendments
    ]


def signature_lines(signature: Signature | None, title: str) -> list[str]:
    """Title, room for a signature, name, rank, NIP; dots where nobody holds the post."""
    if signature is None:
        return [title, "", "", BLANK_DATE, "", "NIP " + BLANK_DATE]
    rank = f"Gol. {signature.grade}" if signature.grade else ""
    return [signature.title, "", "", signature.name, rank, f"NIP {signature.nip}"]
