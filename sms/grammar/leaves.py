"""Kinds of leave by law (jenis cuti): by name, by abbreviation, or plain leave by its reason."""

from __future__ import annotations

from domain.cases import CaseKind
from sms.grammar import family
from sms.grammar.reading import Reading, once

_ABBREVIATIONS = {
    "ct": CaseKind.ANNUAL,
    "cs": CaseKind.SICK,
    "cb": CaseKind.LONG,
    "cm": CaseKind.MATERNITY,
    "cap": CaseKind.IMPORTANT,
    "cltn": CaseKind.UNPAID,
}


_ASKS_FOR = frozenset(
    [
        "ambil",
        "cuti",
        "izin",
        "mohon",
        "mengajukan",
        "pengajuan",
        "mau",
        "saya",
        "minta",
        "#",
        "ajukan",
        "hari",
        "senin",
        "selasa",
        "rabu",
        "kamis",
        "jumat",
        "besok",
        "lusa",
    ]
)


_EXPLICIT = {
    "maternity": CaseKind.MATERNITY,
    "important": CaseKind.IMPORTANT,
    "unpaid": CaseKind.UNPAID,
    "long": CaseKind.LONG,
    "sickleave": CaseKind.SICK,
    "annual": CaseKind.ANNUAL,
}


@once(*_EXPLICIT, "leave", "cm", "cuma", otherwise=None)  # 'cm' is read as 'cuma' too
def leave_kind(reading: Reading) -> tuple[CaseKind, str] | None:
    """A kind of leave by law, or plain 'cuti' by its reason; None when no leave is named."""
    wife = family.wife_gives_birth(reading)
    for concept, kind in _EXPLICIT.items() if reading.has(*_EXPLICIT) else ():
        for mark in reading.true_marks(concept):
            denied = reading.word(mark.start - 1) == "bukan"
            if denied or not _abbreviation_meant(reading, mark.start, mark.words):
                continue
            if concept == "maternity" and wife:
                if not reading.true_marks("leave"):
                    continue
                return CaseKind.IMPORTANT, "istri melahirkan"
            if (
                concept == "sickleave"
                and family.relation_near(reading, mark)
                and not family.is_own_illness(reading)
            ):
                continue
            return kind, mark.words
    for i, token in enumerate(reading.tokens) if "cm" in reading.text.lower() else ():
        if token.raw.lower() == "cm" and _maternity_meant(reading, i):
            return CaseKind.MATERNITY, "cm"
    marks = [
        m
        for m in reading.true_marks("leave")
        if reading.tokens[m.start].suffix != "kah" and reading.word(m.start - 1) != "bukan"
    ]
    if not marks:
        return None
    reason = (
        "istri melahirkan"
        if wife
        else "kematian keluarga inti"
        if family.death(reading) == "core"
        else "keluarga inti sakit keras"
        if family.gravely_ill(reading)
        else "pernikahan sendiri"
        if family.own_wedding(reading)
        else None
    )
    if reason:
        return CaseKind.IMPORTANT, reason
    if reading.has("birth") and not family.relations(reading):
        return CaseKind.MATERNITY, "cuti and birth"
    if family.is_own_illness(reading) and family.death(reading) is None:
        return CaseKind.SICK, "cuti and own illness"
    return CaseKind.ANNUAL, "cuti"


def _maternity_meant(reading: Reading, i: int) -> bool:
    """'cm' also stands for 'cuma': 'CM 3 bulan' at the start of the message is no 'cuma'."""
    if reading.words[i] == "cm":
        return _abbreviation_meant(reading, i, "cm")
    named = reading.word(2) == "bulan" or reading.word(1) in ("mulai", "tanggal", "dari", "per")
    return reading.tokens[i].raw == "CM" and i == 0 and named


def _abbreviation_meant(reading: Reading, i: int, words: str) -> bool:
    if words not in _ABBREVIATIONS:
        return True
    token = reading.tokens[i]
    shouting = all(t.capitals for t in reading.tokens if t.kind == "w" and len(t.raw) > 1)
    asked = reading.word(i - 1) in _ASKS_FOR or reading.word(i + 1) == "#"
    return asked or (token.capitals and not shouting) or (words in ("ct", "cltn"))
