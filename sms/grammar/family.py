"""Who is meant (keluarga): own illness or another's, a death in the family, the own wedding."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading, once

_ADDRESS_TOO = frozenset(["bapak", "ibu", "ibuk", "bapa", "mami", "bunda", "ayahanda"])
_OWNER = frozenset(["saya", "kandung", "mertua", "kami", "angkat", "tiri", "nya", "ku"])
_AFTER_PARENT = _OWNER | frozenset(
    [
        "opname",
        "sakit",
        "meninggal",
        "demam",
        "kritis",
        "koma",
        "masuk",
        "dirawat",
        "operasi",
        "drop",
        "jatuh",
        "kontrol",
        "stroke",
        "pingsan",
        "di",
        "sedang",
        "lagi",
        "baru",
        "sudah",
        "mau",
        "hendak",
        "mengalami",
        "tiada",
        "sesak",
        "kena",
    ]
)
_ASKING = frozenset(
    [
        "izin",
        "mohon",
        "mau",
        "tidak",
        "minta",
        "cuti",
        "hari",
        "besok",
        "lusa",
        "ingin",
        "akan",
        "telat",
        "ada",
        "dinas",
    ]
)
_CEREMONY = frozenset(
    [
        "peringatan",
        "haul",
        "harian",
        "selamatan",
        "tahlil",
        "tahlilan",
        "yasinan",
        "arwah",
        "mengenang",
        "ziarah",
        "nyekar",
    ]
)
_ASIDE = frozenset({"mertua", "menantu"})


@once("core", "distant", otherwise=())
def relations(reading: Reading) -> Sequence[tuple[int, str]]:
    """Places of family words with 'core' or 'distant'; forms of address are left out."""
    found: dict[int, str] = {}
    for closeness in ("core", "distant"):
        for mark in reading.marks(closeness):
            if _is_relation(reading, mark):
                whole = mark.words == "asisten rumah tangga"
                found[mark.end - 1 if whole else mark.start] = closeness
    out = dict(found)
    for place in sorted(found):
        following = next((p for p in (place + 1, place + 2) if p in found), None)
        if following is None or (
            following == place + 2 and reading.word(place + 1) not in ("dari", "saya", "si")
        ):
            if reading.word(place + 1) in ("ipar", "sepupu", "teman", "tetangga") or (
                reading.word(place + 1) == "dari"
                and reading.word(place + 2) in ("teman", "tetangga")
            ):
                out[place] = "distant"
            continue
        if following == place + 2 and reading.word(place + 1) == "saya":
            continue
        first, second = reading.words[place], reading.words[following]
        core = second in _ASIDE or (
            first in ("ibu", "ayah", "ortu", "bapak") and second in ("istri", "suami")
        )
        core = core or (
            first in ("istri", "anak", "suami") and second in ("bayi", "bungsu", "sulung", "balita")
        )
        out[place] = out[following] = "core" if core and found[place] == "core" else "distant"
    return sorted(out.items())


def _is_relation(reading: Reading, mark: Mark) -> bool:
    i = mark.start
    word, raw = reading.words[i], reading.tokens[i].raw.lower()
    previous, following = reading.word(i - 1), reading.word(mark.end)
    if word == "anak" and following in ("buah", "magang", "pkl", "muda"):
        return False
    if word in ("kepala", "dokter"):
        return False
    if word in ("bapak", "ibu") and raw in _ADDRESS_TOO:
        cared = any(m.start <= i - 1 < m.end for m in reading.marks("care"))
        after = following in _AFTER_PARENT
        if following == "saya" and reading.word(mark.end + 1) in _ASKING:
            after = False
        if previous in ("yth", "pak", "bu") and following not in ("saya", "kandung", "mertua"):
            after = False
        return (
            after
            or cared
            or reading.tokens[i].suffix in ("ku", "nya")
            or previous in ("kondisi", "karena", "almarhum")
        )
    if word in ("teman", "keluarga", "saudara", "atasan", "guru", "warga") and raw in ("saudara",):
        return previous not in ("yth", "")
    return True


def relation_near(reading: Reading, mark: Mark) -> str | None:
    """The family word a phrase is about: nearest before it in the clause, else just after it."""
    places = relations(reading)
    clause = reading.clauses[mark.start]
    before = [(p, c) for p, c in places if p < mark.start and reading.clauses[p] == clause]
    own = [
        i
        for i in range(mark.start - 1, -1, -1)
        if reading.words[i] == "saya" and reading.clauses[i] == clause
    ]
    if before:
        place, closeness = before[-1]
        apart = (
            own
            and own[0] > place + 1
            and reading.word(own[0] - 1) not in ("anak", "istri", "suami", "kandung")
        )
        if not apart or _cared_for(reading, mark):
            return closeness
        return None
    after = [
        (p, c) for p, c in places if mark.end <= p <= mark.end + 2 and reading.clauses[p] == clause
    ]
    return after[0][1] if after else None


def _cared_for(reading: Reading, mark: Mark) -> bool:
    clause = reading.clauses[mark.start]
    return any(
        m.start < mark.start and reading.clauses[m.start] == clause for m in reading.marks("care")
    )


@once("relative_writes", otherwise=False)
def relative_writes(reading: Reading) -> bool:
    """'ini istri pak Rahman', 'saya anaknya': the family writes; not 'hari ini anak sakit'."""
    return any(_introduces_itself(reading, mark) for mark in reading.marks("relative_writes"))


def _introduces_itself(reading: Reading, mark: Mark) -> bool:
    if reading.word(mark.start - 1) in ("hari", "pagi", "siang", "sore", "minggu", "saat", "malam"):
        return False
    if any(m.end == mark.start for m in reading.marks("care")):
        return False  # 'jemput anak dari pondok'
    following = reading.word(mark.end)
    named = mark.end < len(reading.tokens) and (
        reading.tokens[mark.end].raw[:1].isupper() or not reading.tokens[mark.end].known
    )
    return (
        mark.words.split()[-1] in ("dari", "pak", "bu", "bapak", "ibu")
        or reading.tokens[mark.end - 1].suffix == "nya"
        or following in ("dari", "pak", "bu", "bapak", "ibu", "beliau", "si")
        or named
    )


@once("sick", otherwise=False)
def is_own_illness(reading: Reading) -> bool:
    """Own illness or treatment, not that of family, a friend, or somebody visited."""
    by_relative = relative_writes(reading)
    for mark in reading.true_marks("sick"):
        if relation_near(reading, mark) and not by_relative and not _both_ill(reading):
            continue
        if _cared_for(reading, mark) and not by_relative:
            continue
        if reading.word(mark.start - 1) in ("tidak", "bukan") and mark.words.split()[0] not in (
            "tidak",
            "kurang",
        ):
            continue
        if mark.words == "sakit" and reading.word(mark.start - 1) == "surat":
            continue
        if not by_relative and _carried_over(reading, mark):
            continue
        return True
    return False


def _both_ill(reading: Reading) -> bool:
    """'saya sama istri positif covid'."""
    return any(
        reading.word(place - 2) == "saya" and reading.word(place - 1) in ("sama", "dan", "dengan")
        for place, _ in relations(reading)
    )


def _carried_over(reading: Reading, mark: Mark) -> bool:
    """'anak panas, muntah terus', 'suami masuk RS. Gula darah 480': it was said whose it is."""
    clause = reading.clauses[mark.start]
    start = reading.clauses.index(clause)
    words = [w for w, c in zip(reading.words, reading.clauses, strict=True) if c == clause]
    before = [i for i in range(start) if reading.tokens[i].kind != "l" and reading.words[i] != "."]
    if "saya" in words or not before:
        return False
    sentence = reading.sentences[before[-1]]
    same = sentence == reading.sentences[start]
    kin = {p for p, _ in relations(reading)}
    named = [p for p in kin if p < start and reading.sentences[p] == sentence]
    if not named or not (same or _ill_in(reading, sentence)):
        return False
    return not any(
        reading.words[i] == "saya" and i - 1 not in kin and reading.word(i - 1) != "kandung"
        for i in range(max(named), start)
    )


def _ill_in(reading: Reading, sentence: int) -> bool:
    return any(
        reading.sentences[m.start] == sentence for c in ("sick", "grave") for m in reading.marks(c)
    )


@once("dead", otherwise=None)
def death(reading: Reading) -> str | None:
    """'core' or 'distant' when somebody has just died, None otherwise."""
    found: set[str] = set()
    for mark in reading.marks("dead"):
        clause = reading.clauses[mark.start]
        words = {w for w, c in zip(reading.words, reading.clauses, strict=True) if c == clause}
        if words & _CEREMONY or _counts_the_days(reading, mark):
            continue
        if any(t.raw.lower().endswith("harian") for t in reading.tokens):
            continue
        found.add(relation_near(reading, mark) or _relation_in_sentence(reading, mark) or "distant")
    if not found:
        return None
    return "core" if "core" in found else "distant"


_REMEMBERED = frozenset(["25", "40", "100", "1000"])  # days after a death that are kept


def _counts_the_days(reading: Reading, mark: Mark) -> bool:
    """'100 hari almarhum bapak' is a ceremony."""
    words = reading.words[max(mark.start - 4, 0) : mark.start]
    return any(number in _REMEMBERED and unit == "hari" for number, unit in pairwise(words))


def _relation_in_sentence(reading: Reading, mark: Mark) -> str | None:
    sentence = reading.sentences[mark.start]
    near = [
        c
        for p, c in relations(reading)
        if reading.sentences[p] == sentence and abs(p - mark.start) <= 8
    ]
    return near[0] if near else None


@once("grave", otherwise=False)
def gravely_ill(reading: Reading) -> bool:
    """A core family member in danger, or before an operation."""
    return any(
        (relation_near(reading, mark) or _relation_in_sentence(reading, mark)) == "core"
        for mark in reading.marks("grave")
    )


@once("wed", otherwise=False)
def own_wedding(reading: Reading) -> bool:
    """The sender's own wedding; that of family or friends is a feast like others."""
    if reading.has("wed_other"):
        return False
    for mark in reading.marks("wed"):
        clause = reading.clauses[mark.start]
        near = [
            p
            for p, _ in relations(reading)
            if reading.clauses[p] == clause and abs(p - mark.start) <= 5
        ]
        if near:
            continue
        if mark.words == "pernikahan" or reading.words[mark.start] in ("pernikahan", "resepsi"):
            own = (
                mark.words.endswith("saya")
                or reading.word(mark.end) in ("saya", "kami", "sendiri")
                or reading.word(mark.start - 1) in ("cuti", "persiapan")
            )
            if not own and not mark.words.startswith("melangsungkan"):
                continue
        return True
    return False


@once("birth", otherwise=False)
def wife_gives_birth(reading: Reading) -> bool:
    """Birth seen by the father; the mother's own is maternity."""
    births = reading.marks("birth")
    wife = any(reading.words[p] == "istri" for p, _ in relations(reading))
    beside = any(
        0 <= birth.start - care.end <= 3 for care in reading.marks("care") for birth in births
    )
    return bool(births) and (wife or beside)
