"""Leave that is only spoken of (dibicarakan): what becomes of it, when it was, whether it may be.

'cuti tgl 7 ditolak', 'selama saya cuti tgl 7-9', 'barangkali besok cuti' name a kind and a day as a
request does; what stands around them says that nothing is asked for, or not yet.
"""

from __future__ import annotations

from domain.cases import CaseKind
from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_WHOLE_DAYS = (
    CaseKind.ANNUAL, CaseKind.PERMISSION, CaseKind.IMPORTANT, CaseKind.LONG, CaseKind.UNPAID,
    CaseKind.MATERNITY, CaseKind.SICK,
)  # fmt: skip
_ASKS = frozenset(
    [
        "mohon", "minta", "mengajukan", "ajukan", "pengajuan", "permohonan", "ambil", "mau",
        "semoga", "tolong", "kiranya", "bisa", "boleh", "dapat", "agar", "supaya", "berkenan",
        "bermaksud",
    ]
)  # fmt: skip
_GRANTED = frozenset(
    ["disetujui", "diizinkan", "acc", "approved", "dikabulkan", "diproses", "diteken", "diterima"]
)
_DONE_TO_IT = frozenset(
    [
        "ditolak", "ditiadakan", "dipotong", "dikurangi", "diperpendek", "disambung", "diulur",
        "dihapus", "dicoret", "dianulir", "digagalkan", "dilepas", "dipakai", "dipangkas",
        "diperpanjang", "ditarik", "dicabut", "ditutup", "dihitung", "didobel", "hangus", "rampung",
        "kelar", "terpakai", "terpotong", "kepake", "kepakai",
        "molor", "extend", "hilang", "dobel", "skip", "drop", "tarik", "lepas", "tunda",
        "urungkan", "gagalkan", "coret", "anulir", "usah", "nyambung", "wurungaken",
    ]
)  # fmt: skip
_REASONS = frozenset(["ada", "acara", "mau", "antar", "jemput", "mengurus", "urusan", "keperluan"])
_WHILE = frozenset(["selama", "ketika", "saat", "sewaktu", "waktu", "pas", "semasa", "sehabis"])
_BACK_FROM = frozenset(["pulang", "balik", "kembali", "habis", "selesai"])
_QUOTA = frozenset(["sisa", "jatah", "hak", "saldo", "kuota"])
_LONG_AGO = frozenset(["dulu", "itu"])
UNSURE = ("barangkali", "tergantung")
_LOOKING_BACK = frozenset(["kecewa", "protes", "lega", "konon", "mimpi"])


def only_spoken_of(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """Whether the leave named is no wish of now."""
    if kind not in _WHOLE_DAYS:
        return False
    leave = reading.true_marks("leave")
    marks = [*leave, *reading.true_marks("permit")]
    if not marks:
        return False
    asked = not _ASKS.isdisjoint(reading.vocabulary)
    if not asked and (_is_had(reading) or not _LOOKING_BACK.isdisjoint(reading.vocabulary)):
        return True
    if reading.vocabulary.isdisjoint(_TURNS):
        return False
    return all(_is_past_or_meanwhile(reading, mark) for mark in marks) or any(
        _is_done_to(reading, mark, asked=asked) for mark in leave
    )


def not_yet_sure(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'barangkali besok saya cuti', 'tergantung cuaca': whole days are not asked for like that."""
    named = bool(reading.true_marks("leave") or reading.true_marks("permit"))
    return kind in _WHOLE_DAYS and named and reading.has_word(*UNSURE)


def _is_had(reading: Reading) -> bool:
    """'cuti saya tgl 7 ..': a leave one has; who wishes one says 'saya cuti'."""
    return {"cuti", "saya"} <= reading.vocabulary and any(
        word == "cuti" and reading.word(i + 1) == "saya" and reading.word(i - 1) not in _QUOTA
        for i, word in enumerate(reading.words)
    )


def _is_past_or_meanwhile(reading: Reading, mark: Mark) -> bool:
    """'selama saya cuti', 'balik dari cuti', 'habis cuti', 'dulu saya cuti'."""
    before = [w for w in reading.before(mark.start, 3) if w not in ("saya", "kami")]
    if not before:
        return False
    if before[0] in _WHILE or (before[0] == "dari" and before[1:2] and before[1] in _BACK_FROM):
        return True
    return before[0] in _LONG_AGO and mark.start - len(before) <= 2


def _is_done_to(reading: Reading, mark: Mark, *, asked: bool) -> bool:
    """'cuti tgl 7 hangus', 'cuti tgl 7 di acc': said behind it in its clause, before a reason."""
    said = set()
    for i in range(mark.end, len(reading.words)):
        if reading.clauses[i] != reading.clauses[mark.start] or reading.words[i] in _REASONS:
            break
        said.add(reading.words[i])
    return bool(said & _DONE_TO_IT) or (not asked and bool(said & _GRANTED))


_TURNS = frozenset([*_WHILE, *_DONE_TO_IT, *_GRANTED, *_LONG_AGO, "dari"])
SPOKEN_OF = (*_TURNS, *_LOOKING_BACK, "saya")
