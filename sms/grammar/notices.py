"""What is said about leave without asking for any (pemberitahuan): to others, about a record."""

from __future__ import annotations

from collections.abc import Sequence

from sms.grammar.answers import unclear
from sms.grammar.meaning import Meaning, Question, WorkingDays
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_MANY = frozenset(
    [
        "teman-teman", "rekan-rekan", "kawan-kawan", "bapak-bapak", "ibu-ibu", "guru-guru",
        "staf", "pegawai", "semua", "semuanya", "seluruh", "rekan", "ibu", "anggota",
    ]
)  # fmt: skip
_LEADS = frozenset(["", "untuk", "bagi", "mohon", "info", "dimohon", "tolong", "harap", "diharap"])
_URGES = ("tolong", "mohon", "dimohon", "harap", "diharap", "jangan", "info", "segera", "wajib")
_AWAY = frozenset(["cuti", "izin", "sakit", "dinas", "libur", "telat", "masuk", "turun"])
_RECORDED = ("rekap", "tercatat", "tertulis", "dianggap", "ditulis", "dicatat", "tertera")
_SHEETS = ("absen", "daftar", "laporan", "aplikasi", "sistem")
_PROTESTS = ("padahal", "kok", "kenapa", "salah", "koreksi", "perbaiki", "betulkan", "bagaimana")
_DISPUTES = (*_PROTESTS, "bukan", "merasa", "kan", "kosong", "klarifikasi")
CUES = frozenset(["yang", *_DISPUTES])


def notifies(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    """A reminder to those on leave, or a complaint about what was recorded: ask."""
    if "yang" in reading.vocabulary and _reminds_others(reading):
        return unclear(Question.INTENT, "a notice to others")
    if reading.has_word(*_DISPUTES) and _disputes_a_record(reading):
        return unclear(Question.INTENT, "a complaint about a record")
    return None


def _reminds_others(reading: Reading) -> bool:
    """'rekan2 yg kemarin cuti tolong formulirnya', 'mohon yg sakit minggu lalu suratnya'."""
    place = reading.words.index("yang")
    before = reading.word(place - 1)
    to_many = before in _MANY or _several_fellows(reading, place - 1)
    if not (to_many or before in _LEADS) or place > 4:
        return False
    tail = reading.words[place + 1 : place + 5]
    of_absence = not _AWAY.isdisjoint(tail) and tail[0] != "terhormat"
    return of_absence and (to_many or before != "" or reading.has_word(*_URGES))


def _several_fellows(reading: Reading, i: int) -> bool:
    """'rekan2', 'kawan-kawan', 'teman teman'."""
    if reading.word(i) != "teman":
        return False
    raw = reading.tokens[i].raw
    return "2" in raw or "-" in raw or reading.word(i - 1) == "teman"


def _disputes_a_record(reading: Reading) -> bool:
    """'rekap Juli saya ditulis alpa padahal sakit', 'absen Oktober saya salah'."""
    if reading.has_word(*_RECORDED):
        return _in_one_sentence(reading, _RECORDED, _DISPUTES)
    faults = ("salah", "koreksi", "perbaiki", "betulkan", "kosong", "alpa")
    return not reading.has("permit") and _in_one_sentence(reading, _SHEETS, faults)


def _in_one_sentence(reading: Reading, some: Sequence[str], others: Sequence[str]) -> bool:
    """A word of either kind in one sentence."""
    first, second = (
        {s for s, w in zip(reading.sentences, reading.words, strict=True) if w in words}
        for words in (some, others)
    )
    return not first.isdisjoint(second)
