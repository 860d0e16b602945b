"""Whole days or hours (sehari atau sejam): a clock time beside a wish that names no hour's kind."""

from __future__ import annotations

from domain.cases import CaseKind
from sms.grammar import family
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_LIMBS = frozenset(
    [
        "gigi", "gusi", "perut", "kaki", "lutut", "punggung", "pinggang", "telinga", "leher",
        "dada", "tenggorokan", "lambung", "hidung", "bahu", "pundak", "tangan", "jari", "mata",
    ]
)  # fmt: skip
_NO_LIMBS = frozenset(
    [
        "sampai",
        "setinggi",
        "sedalam",
        "tanda",
        "pelajaran",
        "uang",
        "kuliah",
        "lima",
        "rantai",
        "air",
    ]
)
LIMBS = tuple(_LIMBS)
_NEAR = 2  # words between the wish and its hour


def part_of_the_day(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'izin dari jam 1', 'izin, habis rapat tidak balik': not the whole day, but which hours?"""
    if kind is not CaseKind.PERMISSION:
        return False
    if not slots.clocks:
        return reading.has("not_back")
    by_the_clock = any(
        clock.until or reading.word(clock.start - 1) in ("dari", "mulai", "izin")
        for clock in slots.clocks
    )
    return by_the_clock or reading.has("not_back") or _names_an_hour(reading, slots)


def _names_an_hour(reading: Reading, slots: Slots) -> bool:
    """'izin mendahului jam 2', 'jam 2 pulang'; not the hour of the thing that is the reason."""
    events = [m.start for c in ("event", "other_topic") for m in reading.marks(c)]
    return any(
        reading.word(clock.end) == "pulang"
        or any(
            mark.end <= clock.start
            and reading.clauses[mark.start] == reading.clauses[clock.start]
            and clock.start - mark.end <= _NEAR
            and not any(mark.end <= event < clock.start for event in events)
            for mark in reading.marks("permit")
        )
        for clock in slots.clocks
        if not slots.stretches
    )


def out_and_home(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'keluar jam 9 s/d 11, lalu pulang jam 3' are two requests, or one badly said."""
    if kind not in (CaseKind.EARLY, CaseKind.OUT) or len(slots.clocks) < 2:
        return False
    home = any(mark.words.startswith("pulang") for mark in reading.true_marks("early"))
    return home and reading.has_word("keluar")


def back_or_home(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'jemput jam 11, balik jam 1': 'balik' is to come back or to go home."""
    if kind is not CaseKind.EARLY:
        return False
    if _comes_back(reading):
        return True
    return len(slots.clocks) > 1 and all(
        mark.words.startswith("balik") for mark in reading.true_marks("early")
    )


def _comes_back(reading: Reading) -> bool:
    """'izin pulang ambil berkas, nanti balik lagi'."""
    words = reading.words
    return any(
        word in ("balik", "kembali") and reading.word(i + 1) in ("lagi", "kantor", "ke")
        for i, word in enumerate(words)
        if i and "pulang" in words[:i]
    )


def ill_or_errand(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'izin, tangan saya kena pisau': a limb, and no word of an illness that is known."""
    if kind is not CaseKind.PERMISSION or family.relations(reading) or reading.has("care", "sick"):
        return False
    return any(
        word in _LIMBS and _NO_LIMBS.isdisjoint((reading.word(i - 1), reading.word(i + 1)))
        for i, word in enumerate(reading.words)
    )
