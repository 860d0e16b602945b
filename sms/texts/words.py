"""Pieces that the sentences are made of: dates, kinds, the limit of a segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from domain.cases import CaseKind, CaseStatus, HalfDay, WaitingFor
from domain.people import short_name
from sms import segments

SEGMENT = 160

MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des")

KIND_WORDS = {
    CaseKind.ANNUAL: "cuti tahunan",
    CaseKind.SICK: "sakit",
    CaseKind.MATERNITY: "cuti melahirkan",
    CaseKind.IMPORTANT: "cuti alasan penting",
    CaseKind.LONG: "cuti besar",
    CaseKind.UNPAID: "cuti di luar tanggungan negara",
    CaseKind.PERMISSION: "izin",
    CaseKind.LATE: "izin terlambat",
    CaseKind.EARLY: "izin pulang cepat",
    CaseKind.OUT: "izin keluar",
    CaseKind.DUTY: "dinas luar",
    CaseKind.CORRECTION: "koreksi absen",
}

EXAMPLE = "CUTI TAHUNAN 12-14 DES ACARA KELUARGA"


@dataclass(frozen=True)
class Asked:
    """What a case is about, as a text needs it."""

    kind: CaseKind
    start: date
    end: date | None
    time_from: time | None = None
    time_to: time | None = None
    reason: str = ""
    start_half: HalfDay = HalfDay.FULL
    end_half: HalfDay = HalfDay.FULL


def day_words(day: date) -> str:
    """'12 Des'"""
    return f"{day.day} {MONTHS[day.month]}"


def span_words(start: date, end: date | None) -> str:
    """'12 Des', '12-14 Des', '30 Nov-2 Des', 'mulai 12 Des'"""
    if end is None:
        return f"mulai {day_words(start)}"
    if end == start:
        return day_words(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}-{day_words(end)}"
    return f"{day_words(start)}-{day_words(end)}"


def asked_words(asked: Asked) -> str:
    """'cuti tahunan 12-14 Des', 'izin keluar 3 Des 10.00-12.00', 'izin 7 Des siang'"""
    words = f"{KIND_WORDS[asked.kind]} {span_words(asked.start, asked.end)}{_half_words(asked)}"
    clock = [f"{t:%H.%M}" for t in (asked.time_from, asked.time_to) if t is not None]
    return f"{words} {'-'.join(clock)}" if clock else words


def plea_words(asked: Asked) -> str:
    """As one asks for it: 'izin sakit 3 Des'; every other kind as in `asked_words`."""
    return f"izin {asked_words(asked)}" if asked.kind is CaseKind.SICK else asked_words(asked)


def _half_words(asked: Asked) -> str:
    from_noon, until_noon = asked.start_half is HalfDay.PM, asked.end_half is HalfDay.AM
    if asked.start == asked.end and from_noon != until_noon:
        return " siang" if from_noon else " pagi"
    return (" mulai siang" if from_noon else "") + (" sampai siang" if until_noon else "")


def shown_reason(asked: Asked) -> str:
    """The reason as others may read it: of an illness only that it is one."""
    return "" if asked.kind in (CaseKind.SICK, CaseKind.MATERNITY) else plain(asked.reason)


def fit(*candidates: str) -> str:
    """The first candidate that fits one segment, by what the carriers would filter least.

    Candidates drop their fields in a fixed order; the last one holds no free text, so that it can
    always leave, and is cut rather than split. What GSM-7 cannot write is written plainly.
    """
    written = [plain(text) for text in candidates]
    fitting = [text for text in written if len(segments.plan(text).parts) == 1]
    if not fitting:
        return _cut(written[-1])
    return min(fitting, key=lambda text: len(segments.lint(text)))  # of equals, the first


def _cut(text: str) -> str:
    return segments.plan(text[:SEGMENT]).parts[0]


def plain(text: str) -> str:
    """What people wrote, in one line and in letters of GSM-7; empty when nothing is left."""
    return " ".join(segments.transliterate(text)[0].split())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def standing_words(status: CaseStatus, waiting_for: WaitingFor | None) -> str:
    """Where a case stands, for the answer to STATUS."""
    if waiting_for is not None:
        return {
            WaitingFor.EMPLOYEE: "menunggu jawaban Anda",
            WaitingFor.SUPERVISOR: "menunggu atasan",
            WaitingFor.KASUBAG: "disetujui, menunggu bagian umum",
            WaitingFor.OPERATOR: "disetujui, menunggu dicatat",
        }[waiting_for]
    return {
        CaseStatus.CONFIRMED: "sudah dicatat",
        CaseStatus.REFUSED: "belum disetujui",
        CaseStatus.POSTPONED: "ditangguhkan",
        CaseStatus.WITHDRAWN: "dibatalkan",
        CaseStatus.LAPSED: "ditutup tanpa keputusan",
        CaseStatus.OPEN: "berjalan",
    }[status]


DAY_WORDS = {
    "present": "hadir",
    "incomplete": "hadir, satu rekaman",
    "on_leave": "cuti",
    "sick": "sakit",
    "permission": "izin",
    "on_duty": "dinas luar",
    "wfa": "WFA",
    "study": "tugas belajar",
    "day_off": "bukan hari kerja",
    "awaiting_data": "menunggu data mesin",
    "awaiting_decision": "ada kabar, belum diputus",
    "absent": "tanpa keterangan",
}


LISTED_NAME = 18  # letters of a name in a list
ROOM_FOR_NAMES = 100  # letters that a list's opening and closing leave


def in_groups(names: Sequence[str]) -> list[list[str]]:
    """Full names in groups whose short forms fit one text of a list each."""
    groups: list[list[str]] = [[]]
    used = 0
    for name in names:
        length = len(short_name(name, LISTED_NAME)) + 2
        if groups[-1] and used + length > ROOM_FOR_NAMES:
            groups.append([])
            used = 0
        groups[-1].append(name)
        used += length
    return groups
