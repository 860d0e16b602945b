"""Words of not coming, of asking for it, of being sent (tidak masuk, izin, dinas luar)."""

from __future__ import annotations

from collections.abc import Sequence

from sms.grammar.reading import Reading, once

_RELATIVES = frozenset(["suami", "istri", "ayah", "anak", "kakak", "adik"])


def only_asks(reading: Reading, i: int) -> bool:
    """The 'tidak' of 'bisa tidak saya datang siang?' puts a question and denies nothing."""
    asked = reading.word(i - 1) in ("bisa", "boleh", "dapat")
    return asked and reading.word(i + 1) in ("saya", "kami", "pak", "bu", "ya", "kalau", "izin")


@once("absence", "jadi", otherwise=())
def absences(reading: Reading) -> Sequence[str]:
    """Phrases of not coming; 'tidak jadi masuk' because of an illness is one too."""
    found = []
    for mark in reading.true_marks("absence"):
        words = mark.words.split()
        double = reading.word(mark.start - 1) == "bukan" or (
            words[0] == "tidak" and "tidak" in words[1:]
        )
        if not double and not only_asks(reading, mark.start) and words[1:2] != ["ada"]:
            found.append(mark.words)
    if "jadi" in reading.vocabulary and any(
        reading.words[i : i + 2] == ["jadi", "masuk"]
        or reading.words[i : i + 2] == ["jadi", "turun"]
        for i in range(1, len(reading.words))
        if reading.word(i - 1) == "tidak"
    ):
        found.append("tidak jadi masuk")
    return found


@once("permit", otherwise=())
def permits(reading: Reading) -> Sequence[int]:
    """Places of an 'izin' that asks, not the polite or other kind, not 'izinnya'."""
    polite = {
        i
        for c in ("polite.izin", "other.permit")
        for m in reading.marks(c)
        for i in range(m.start, m.end)
    }
    return [
        m.start
        for m in reading.true_marks("permit")
        if m.start not in polite
        and reading.tokens[m.start].suffix not in ("nya", "kah", "ku")
        and reading.word(m.start - 1) not in ("surat", "tanpa", "seizin")
        and not (m.words == "permisi" and m.start <= 1)
    ]


@once("duty", otherwise=())
def sent_on_duty(reading: Reading) -> Sequence[str]:
    return [
        m.words
        for m in reading.true_marks("duty")
        if not any(n.start <= m.start < n.end for n in reading.marks("absence"))
        and not any(
            w in ("uang", "laporan", "biaya", "spj", "honor", "anggaran")
            for w in reading.before(m.start, 2)
        )
        and not _RELATIVES.intersection(reading.words[max(m.start - 2, 0) : m.start])
        and reading.word(m.start - 1) not in ("kepala", "mobil", "nota", "rumah", "baju", "belum")
    ]
