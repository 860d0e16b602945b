"""Absences of hours (izin jam): late, early, out, and what only looks like them."""

from __future__ import annotations

from domain.cases import CaseKind
from sms.grammar.absences import absences, only_asks
from sms.grammar.reading import Reading

_HOURS = frozenset(["late", "early", "out"])
_AFTER_THE_OFFICE = frozenset(
    [
        "jam", "sekitar", "pak", "bu", "siang", "setengah", "nanti", "agak", "lebih", "mungkin",
        "ya", "paling",
    ]
)  # fmt: skip
_BESIDE_A_CLOCK = frozenset(
    ["saya", "mungkin", "kira-kira", ",", "ini", "nanti", "paling", "an", "wita", "bu", "pak"]
)
_BETWEEN = ("dulu", "pak", "bu")
_NOT_TO_THE_OFFICE = frozenset(
    ["balik", "kembali", "keluar", "meninggalkan", "dari", "di", "meninggal", "tinggal"]
)


def hour_kinds(reading: Reading, *, has_clock: bool) -> list[tuple[CaseKind, str]]:
    """Late, early and out, in this order, with the words that say so."""
    found: list[tuple[CaseKind, str]] = []
    if reading.concepts.isdisjoint(_HOURS):
        return found
    late = [m for m in reading.true_marks("late") if _is_late(reading, m.start, m.words, has_clock)]
    early = [
        m for m in reading.true_marks("early") if _is_early(reading, m.start, m.words, has_clock)
    ]
    out = [m for m in reading.true_marks("out") if _is_out(reading, m.start, m.words, has_clock)]
    strong_out = [
        m for m in out if m.words.split()[0] in ("keluar", "meninggalkan", "kaluar", "ke")
    ]
    if strong_out and late and not any(m.words in ("telat", "lambat", "kesiangan") for m in late):
        late = []
    if (
        strong_out
        and early
        and not any(
            w in m.words for m in early for w in ("cepat", "awal", "duluan", "lebih", "pulang")
        )
    ):
        early = []
    if early and out and not strong_out:
        out = []
    for kind, marks in ((CaseKind.LATE, late), (CaseKind.EARLY, early), (CaseKind.OUT, out)):
        if marks:
            found.append((kind, marks[0].words))
    return found


def _is_late(reading: Reading, i: int, words: str, has_clock: bool) -> bool:
    before = list(reading.before(i, 3))
    if words.startswith("kantor") and before[:1] and before[0] in _NOT_TO_THE_OFFICE:
        return False
    if _names_another_office(words):
        return False
    if before[:1] and before[0] in ("tidak", "jangan", "belum", "surat", "agar", "sudah", "tamu"):
        return False
    if reading.words[max(i - 2, 0) : i] == ["tidak", "jadi"]:
        return False
    if words in ("telat", "lambat", "kesiangan"):
        return not (
            "jangan" in before or "sinyal" in before or "internet" in before or "bis" in before
        )
    if any(w == "tidak" and not only_asks(reading, i - 1 - n) for n, w in enumerate(before)):
        return False
    if "belum" in before or "sudah" in before:
        return False
    if words == "eta":
        return has_clock
    if words.startswith("baru ") or (before[:1] == ["baru"] and words.endswith("jam")):
        place = i if words.startswith("baru ") else i - 1
        told = _BESIDE_A_CLOCK.issuperset(reading.before(place, 1))
        own = told or reading.tokens[place - 1].kind == "n"
        return has_clock and own and not absences(reading)
    if words.endswith(("jam", "setengah")) or ("kantor" in words and "siang" not in words):
        return has_clock and reading.word(i + len(words.split())) != "berapa"
    return True


def _names_another_office(words: str) -> bool:
    """'ke kantor pos jam 10' is an errand."""
    parts = words.split()
    following = parts[parts.index("kantor") + 1 :] if "kantor" in parts else []
    return bool(following) and following[0] not in _AFTER_THE_OFFICE


def _is_early(reading: Reading, i: int, words: str, has_clock: bool) -> bool:
    before = list(reading.before(i, 2))
    if before[:1] and before[0] in ("tidak", "jangan", "belum", "sudah", "baru", "sekolah", "anak"):
        return False
    if reading.has("duty") and (reading.has_word("berangkat") or words == "pulang sore"):
        return False  # the journey home
    tail = reading.words[i + len(words.split()) : i + len(words.split()) + 2]
    back = words.startswith("balik") and "duluan" not in words and "cepat" not in words
    if back and reading.true_marks("out"):
        return False
    if words.endswith(" jam"):
        return has_clock and "berapa" not in tail
    place = i + len(words.split()) < len(reading.tokens) and not (
        reading.tokens[i + len(words.split())].known
    )
    elsewhere = place or (bool(tail) and tail[0] in ("kampung", "ke", "dari", "kota"))
    return not (elsewhere and words.endswith("pulang"))


def _back_by_the_clock(reading: Reading, i: int, words: str) -> bool:
    """'jam 2 sudah balik lagi ke kantor': the end of a going out."""
    back = words.startswith(("balik", "kembali", "di kantor lagi"))
    return back and "jam" in reading.words[max(i - 4, 0) : i]


def _is_out(reading: Reading, i: int, words: str, has_clock: bool) -> bool:
    before = list(reading.before(i, 2))
    if before[:1] and before[0] in ("tidak", "jangan", "belum", "sudah"):
        return before[0] == "sudah" and has_clock and _back_by_the_clock(reading, i - 1, words)
    if words in ("di kantor lagi", "ke kantor lagi"):
        return False
    if words == "tinggal dulu":
        return has_clock and reading.has_word("balik", "kembali")
    if words == "keluar":
        after = next((w for w in reading.words[i + 1 : i + 4] if w not in _BETWEEN), "")
        hinted = reading.has("permit") or has_clock or reading.has_word("sebentar")
        return hinted or after in ("makan", "beli", "ambil", "antar", "jemput", "ya")
    if words.startswith("ke ") and words.endswith("sebentar"):
        asked = has_clock or reading.has("permit")
        return asked and not absences(reading) and not reading.has("leave")
    if words in (
        "sebentar ke",
        "izin sebentar",
        "balik lagi",
        "sebentar saja",
        "lalu kembali",
    ) or words.startswith("izin "):
        return reading.has("permit") and not absences(reading) and not reading.has("leave")
    if words in ("balik kantor", "balik ke kantor", "kembali ke kantor", "kembali kantor"):
        return not absences(reading) and not reading.has("leave")
    return True
