"""Whose leave it is: the sender's, a colleague's, somebody's one asks about (orang lain)."""

from __future__ import annotations

from sms.grammar import family
from sms.grammar.absences import permits
from sms.grammar.answers import unclear
from sms.grammar.courtesy import ADDRESSES
from sms.grammar.meaning import Meaning, Question, WorkingDays
from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

SAID = ("kata", "katanya", "bilang", "menurut", "konon")
_ASKED = frozenset(["?", "kapan", "apakah", "berapa", "siapa"])
CUES = ADDRESSES | _ASKED | {"news", "dokter"}


_HEALERS = frozenset(
    ["dokter", "mantri", "bidan", "perawat", "suster", "puskesmas", "rs", "klinik", "urut", "dr"]
)


def others_say(reading: Reading) -> bool:
    """'kata bu Sri saya boleh cuti', 'katanya disetujui'; what a doctor said is a reason."""
    return reading.has_word(*SAID) and any(
        word in SAID
        and reading.word(i + 1) != "saya"
        and reading.word(i - 1) not in ("saya", "tolong", "cari")
        and not _a_healer_says(reading, i)
        for i, word in enumerate(reading.words)
    )


def _a_healer_says(reading: Reading, i: int) -> bool:
    """'kata mantri', 'dr. Yuni bilang'."""
    first = max(i - 3, 0) if reading.words[i] == "bilang" else i + 1
    beside = reading.tokens[first : i if first < i else i + 4]
    return any(t.word in _HEALERS or t.raw.lower() == "dr" for t in beside)


def other_people(
    text: str, reading: Reading, slots: Slots, calendar: WorkingDays
) -> Meaning | None:
    if "news" in reading.concepts and not _leave_besides_news(reading):
        return unclear(Question.INTENT, "cuti bersama")
    asks_who = "siapa" in reading.vocabulary and (
        "?" in reading.vocabulary or reading.has("other_people")
    )
    if asks_who and not reading.has_word("saya"):
        return unclear(Question.INTENT, "asks about others")
    if third_person(reading) or _tells_of_another(reading):
        return unclear(Question.INTENT, "somebody else's leave")
    return None


def _leave_besides_news(reading: Reading) -> bool:
    return bool(reading.true_marks("leave")) or bool(permits(reading)) or reading.has("absence")


_OF_ONESELF = frozenset(["saya", "mohon", "minta", "boleh", "bisa"])


def third_person(reading: Reading) -> bool:
    """'Pak Kabid cuti sampai kapan', 'Bu Rina hari ini masuk?': a named other as the subject."""
    words = reading.words
    asked = words[: words.index("?")] if "?" in reading.vocabulary else words
    if reading.vocabulary.isdisjoint(_ASKED) or not _OF_ONESELF.isdisjoint(asked):
        return False
    for i, word in enumerate(words):
        if word not in ADDRESSES or not _named(reading, i + 1):
            continue
        j = i + 2
        while j < len(words) and (
            words[j]
            in ("hari", "ini", "besok", "sedang", "lagi", "masih", "sudah", "itu", "minggu")
            or not reading.tokens[j].known
        ):
            j += 1
        predicate = reading.word(j) in (
            "mengajukan",
            "ajukan",
            "sampai",
            "cuti",
            "sakit",
            "tidak",
            "masuk",
            "dinas",
            "ada",
            "libur",
            "hadir",
            "telat",
            "izin",
            "kembali",
            "turun",
            "opname",
        )
        if predicate:
            return True
    return False


_WHEN = frozenset(
    ["hari", "ini", "besok", "lusa", "kemarin", "tadi", "pagi", "masih", "sedang", "itu"]
)
_BEFALLS = ("sakit", "cuti", "opname", "dinas", "meninggal", "sudah")
_OWN = frozenset(["saya", "izin", "mohon", "minta", "boleh", "bisa", "kami", "maaf"])


_WHO = ADDRESSES | {"dokter"}


def _tells_of_another(reading: Reading) -> bool:
    """'Pak Rahmat sakit, sekarang di RS', 'bu Rina besok cuti ya? saya yang gantikan': a name and
    what befell him, before anything of the sender."""
    words = reading.words
    if "?" not in reading.vocabulary and not reading.vocabulary.isdisjoint(_OWN):
        return False
    for i in range(1, min(len(words), 4)):
        if words[i - 1] not in _WHO or not _named(reading, i):
            continue
        after = i + 1
        while after < len(words) and (words[after] in _WHEN or not reading.tokens[after].known):
            after += 1
        if reading.word(after) in _BEFALLS and reading.word(after + 1) != "saya":
            return _OWN.isdisjoint(words[:after])
    return False


def _named(reading: Reading, i: int) -> bool:
    if i >= len(reading.tokens):
        return False
    title = any(m.start <= i < m.end for m in reading.marks("title"))
    token = reading.tokens[i]
    return title or (token.kind == "w" and not token.known)


_FOR_ANOTHER = frozenset(["borrowed", "for_another", "colleague", "si"])


def for_somebody_else(reading: Reading) -> bool:
    """A colleague's leave, or a colleague's phone."""
    if reading.said.isdisjoint(_FOR_ANOTHER) or family.relative_writes(reading):
        return False
    if reading.has("for_another") or any(
        not _of_the_family(reading, mark) for mark in reading.marks("borrowed")
    ):
        return True
    if reading.has("colleague") and not _colleague_is_reason(reading):
        return True
    return "si" in reading.vocabulary and any(
        reading.words[i] == "si" and i + 1 < len(reading.words) and not reading.tokens[i + 1].known
        for i in range(len(reading.words))
    )


def _of_the_family(reading: Reading, mark: Mark) -> bool:
    """'pakai hp istri': the phone of somebody at home."""
    kin = {place for place, closeness in family.relations(reading) if closeness == "core"}
    return not kin.isdisjoint(range(mark.end, mark.end + 2)) or any(
        not kin.isdisjoint(range(other.end, other.end + 2)) for other in reading.marks("borrowed")
    )


def _colleague_is_reason(reading: Reading) -> bool:
    """'jenguk teman saya', 'pernikahan teman kantor': the colleague is only the reason."""
    for mark in reading.marks("colleague"):
        if mark.words in ("atas nama", "atasnama") and reading.word(mark.end) == "saya":
            continue
        if mark.words == "titip" and _papers_handed_over(reading, mark):
            continue
        if mark.words.split()[0] in (
            "titip",
            "mewakili",
            "atasnama",
            "atas",
            "menyampaikan",
            "izinkan",
            "nitip",
            "dititipi",
            "titipan",
        ):
            return False
        if mark.words in ("beliau", "izin dari", "izin untuk teman"):
            continue
        before = list(reading.before(mark.start, 4))
        first = mark.start <= 3 or (before and before[0] in ("izin", "untuk"))
        if first and not any(
            w
            in (
                "jenguk",
                "antar",
                "pernikahan",
                "melayat",
                "menghadiri",
                "jemput",
                "nikahan",
                "jaga",
                "resepsi",
                "acara",
                "ke",
            )
            for w in before
        ):
            return False
    return True


_PAPERS = frozenset(
    [
        "surat", "suratnya", "kunci", "berkas", "laporan", "form", "formulir", "resep", "tugas",
        "kerjaan", "map",
    ]
)  # fmt: skip


def _papers_handed_over(reading: Reading, mark: Mark) -> bool:
    """'surat dokter saya titip Bu Nor', 'kunci titip di satpam'."""
    return reading.word(mark.end) in ("ke", "di", "sama", "pada") or not _PAPERS.isdisjoint(
        reading.before(mark.start, 4)
    )


def stand_in_of(reading: Reading) -> str | None:
    """The person named after Plh ('Plh Rina Wulandari')."""
    if "plh" not in reading.concepts:
        return None
    mark = reading.marks("plh")[0]
    last = mark.end
    while (
        last < len(reading.tokens)
        and last < mark.end + 4
        and reading.tokens[last].kind == "w"
        and (
            not reading.tokens[last].known
            or reading.words[last] in ("pak", "bu")
            or reading.tokens[last].raw[:1].isupper()
        )
    ):
        last += 1
    return reading.slice(mark.end, last) or None
