"""Lengths (lama): 'N hari', 'seminggu', '3 bulan', and what only looks like one."""

from __future__ import annotations

from dataclasses import dataclass

from sms.grammar.numbers import COUNTS, number_at
from sms.grammar.reading import Reading

_WHOLE = {
    "sehari": (1, "day"),
    "seminggu": (1, "week"),
    "sebulan": (1, "month"),
    "setahun": (1, "year"),
}
STARTS = COUNTS.keys() | _WHOLE.keys()
"""Words that may begin a length."""
_UNITS = {
    "hari": "day",
    "day": "day",
    "days": "day",
    "minggu": "week",
    "week": "week",
    "weeks": "week",
    "bulan": "month",
    "month": "month",
    "months": "month",
    "tahun": "year",
    "year": "year",
}
_NOT_BEFORE = frozenset(
    [
        "umur",
        "usia",
        "hamil",
        "kandungan",
        "kehamilan",
        "sudah",
        "tiap",
        "peringatan",
        "haul",
        "selamatan",
        "tahlilan",
        "ke",
        "sejak",
        "per",
        "masa",
        "meninggal",
        "dalam",
        "yasinan",
        "arwah",
        "janin",
        "bayi",
        "kontrak",
        "berusia",
        "selamatannya",
        "tinggal",
        "sisa",
        "kurang",
        "hampir",
        "pernikahan",
        "anniversary",
        "lewat",
        "tadi",
        "masih",
        "kepakai",
        "terpakai",
    ]
)
_NOT_AFTER = frozenset(
    [
        "lalu",
        "lagi",
        "sekali",
        "yang-lalu",
        "harian",
        "hpl",
        "kehamilan",
        "mendekati",
        "sebelumnya",
        "kemudian",
        "ke",
        "meninggal",
        "meninggalnya",
        "almarhum",
        "wafatnya",
        "belakangan",
        "terakhir",
        "lebih-dulu",
        "sudah",
    ]
)


_KIN = frozenset(
    ["anak", "bayi", "cucu", "ponakan", "keponakan", "putri", "putra", "ibu", "ayah", "bapak"]
)


@dataclass(frozen=True)
class Length:
    """A length of leave: `count` of `unit` ('day', 'week', 'month', 'year'), tokens i..j."""

    count: int
    unit: str
    i: int
    j: int
    calendar_days: bool = False


def find_lengths(reading: Reading, taken: set[int]) -> list[Length]:
    """Find lengths of absence; ages, terms of pregnancy, ceremonies and history are passed over."""
    out: list[Length] = []
    end = 0
    for i in _places(reading):
        found = _length_at(reading, i) if i >= end else None
        if found and taken.isdisjoint(range(found.i, found.j)):
            if not _is_other(reading, found):
                out.append(found)
            end = found.j
    return out


def _places(reading: Reading) -> list[int]:
    """Where a length may begin: numbers in digits and in words."""
    if reading.vocabulary.isdisjoint(STARTS):
        return reading.numbers
    return [i for i, t in enumerate(reading.tokens) if t.kind == "n" or t.word in STARTS]


def _length_at(reading: Reading, i: int) -> Length | None:
    word = reading.words[i]
    if word in _WHOLE:
        if word == "sehari" and reading.word(i + 1) in ("semalam", "sebelum", "setelah", "lagi"):
            return None
        return Length(*_WHOLE[word], i, i + 1)
    if reading.word(i + 1) not in _UNITS and reading.word(i + 1) != "(":
        return None
    count = number_at(reading.tokens, i)
    if count is None or not 0 < count <= 400:
        return None
    j = i + 1
    if (
        reading.word(j) == "("
        and number_at(reading.tokens, j + 1) == count
        and reading.word(j + 2) == ")"
    ):
        j += 3
    if reading.word(j) == "(" and reading.word(j + 2) == ")":
        return None
    unit = _UNITS.get(reading.word(j))
    if unit is None or (
        reading.word(i - 1) in ("tanggal", "jam", "/", "-") and reading.word(i - 1) != "-"
    ):
        return None
    if (
        unit == "month"
        and number_at(reading.tokens, j + 1) is not None
        and reading.word(j + 1) not in ("1",)
    ):
        following = number_at(reading.tokens, j + 1)
        if following is not None and following <= 12 and reading.word(j + 2) not in _UNITS:
            return None
    if reading.word(j) in ("minggu", "bulan") and reading.word(j + 1) in ("depan", "ini"):
        return None
    calendar = reading.word(j + 1) == "kalender"
    return Length(count, unit, i, j + 1, calendar)


def _is_other(reading: Reading, found: Length) -> bool:
    before = next((w for w in reading.before(found.i, 2) if w not in ("selama", "genap")), "")
    second = (
        reading.word(found.i - 2)
        if reading.clauses[max(found.i - 2, 0)] == reading.clauses[found.i]
        else ""
    )
    after = reading.word(found.j)
    token = reading.tokens[found.j - 1]
    if before in ("tahun", "bulan"):  # '33 tahun 4 bulan' of service
        return True
    if before in _NOT_BEFORE and before != "sudah":
        return True
    if before == "sudah" or (second == "sudah" and before not in ("cuti", "izin")):
        return True
    if (
        second in ("umur", "usia", "hamil", "kandungan", "haul", "masa", "peringatan", "acara")
        and before != "izin"
    ):
        return True
    if not {"masa", "umur", "usia"}.isdisjoint(reading.before(found.i, 4)):
        return True
    if found.unit == "year" and not _KIN.isdisjoint(reading.before(found.i, 2)):
        return True  # 'anak saya 3 tahun'
    if token.raw.lower().endswith(("harian", "han")):
        return True
    if after == "ini" and reading.word(found.j + 1) in ("saya", "sakit", "demam", ",", ""):
        return reading.word(found.i - 1) not in ("cuti", "izin", "sakit")
    if after == "kerja" and found.unit in ("year", "month"):
        return True
    return after in _NOT_AFTER or (after == "yang" and reading.word(found.j + 1) == "lalu")
