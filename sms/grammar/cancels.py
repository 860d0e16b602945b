"""Cancelling an own request (pembatalan), in whole, in part, or for another instead."""

from __future__ import annotations

from sms.grammar.amendments import amended
from sms.grammar.answers import unclear
from sms.grammar.codes import named_codes
from sms.grammar.meaning import Intent, Meaning, Question, WorkingDays
from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading
from sms.grammar.reasons import reason_of
from sms.grammar.slots import Slots


def cancels(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    marks = _cancel_marks(reading)
    if not marks:
        return None
    if _replaces(reading, slots, marks):
        return amended(reading, slots, calendar, "replaced")
    own = reading.has(
        "leave",
        "permit",
        "duty",
        "sick",
        "late",
        "early",
        "out",
        "absence",
        "own_request",
        "halfday",
        "annual",
    )
    other = any(
        reading.word(m.end) in _OTHER_SUBJECTS
        or any(w in _OTHER_SUBJECTS for w in reading.before(m.start, 4, across_commas=True))
        for m in marks
    )
    codes = named_codes(reading, slots)
    if other and not own:
        return unclear(Question.INTENT, "something else is cancelled")
    if not own and not codes and reading.count_words() > 5 and not reading.has("still_present"):
        return unclear(Question.INTENT, "what is cancelled")
    if (
        "?" in reading.words
        and reading.has_word("bisa", "apakah", "bagaimana", "boleh")
        and not codes
        and not reading.has_word("saya", "tolong", "mohon")
    ):
        return Meaning(Intent.HELP, why=("how to cancel",))
    open_condition = reading.has_word(
        "kalau", "jika", "asal", "seandainya", "mungkin", "kemungkinan", "rencana"
    ) or (reading.has_word("belum") and reading.has_word("kalau"))
    part = reading.has_word("sisanya", "sebagian", "separuh", "terakhir", "pertama") or _keeps_some(
        reading, slots
    )
    why = f"cancel: {marks[0].words}"
    if open_condition or part or _puts_something_unknown_in_its_place(reading):
        return Meaning(
            Intent.CANCEL,
            codes=codes,
            must_ask=True,
            question=Question.CONFIRM_CANCEL,
            why=(why, "in part or on a condition"),
        )
    return Meaning(Intent.CANCEL, codes=codes, reason=reason_of(reading), why=(why,))


def _puts_something_unknown_in_its_place(reading: Reading) -> bool:
    """'tidak jadi Senin, tapi [Selasa]'."""
    return any(
        not token.known and token.kind == "w" and reading.word(i - 1) in ("tapi", "ganti", "jadi")
        for i, token in enumerate(reading.tokens)
    )


_OTHER_SUBJECTS = frozenset(
    [
        "rapat",
        "acara",
        "pesawat",
        "penerbangan",
        "undangan",
        "apel",
        "senam",
        "kegiatan",
        "pesanan",
        "order",
        "upacara",
        "nikahan",
        "resepsi",
        "wisuda",
        "sidang",
        "bimtek",
        "operasi",
    ]
)


def _cancel_marks(reading: Reading) -> list[Mark]:
    return [
        m
        for m in reading.true_marks("cancel")
        if not (m.words == "dicabut" and reading.has_word("gigi"))
        and not (
            m.words.startswith("tidak jadi")
            and reading.word(m.end) in ("masuk", "turun", "hadir", "masalah")
        )
        and not (
            m.words == "tidak jadi"
            and reading.word(m.end) in ("saya",)
            and reading.word(m.end + 1) in ("masuk",)
        )
    ]


def _replaces(reading: Reading, slots: Slots, marks: list[Mark]) -> bool:
    """'tidak jadi besok, tapi lusa': something else is put in its place."""
    last = marks[-1].end
    tail = reading.words[last:]
    turn = next(
        (
            last + n
            for n, w in enumerate(tail)
            if w in ("tapi", "ganti", "jadinya", "melainkan", "pindah", "geser", "undur", "menjadi")
            or (w == "jadi" and n > 1)
            if not _of_something_else(reading, last + n)
        ),
        None,
    )
    if turn is None:
        return False
    new_day = any(s.i >= turn and not s.negated for s in slots.spans)
    new_kind = any(
        m.start >= turn
        for c in ("leave", "late", "early", "out", "duty", "sickleave", "halfday", "sick", "permit")
        for m in reading.true_marks(c)
    )
    stays = any(m.start >= turn for m in reading.marks("still_present"))
    return (new_day or new_kind or any(n.i >= turn for n in slots.lengths)) and not stays


_MOVED = frozenset(["undur", "geser", "pindah", "ganti"])
_OWN_WORDS = frozenset(
    [
        "cuti", "izin", "saya", "pengajuan", "permohonan", "mau", "minta", "tolong", "mohon",
        "dinas", "jadi", "tapi", "ke", "saja", "bu", "pak", "kami",
    ]
)  # fmt: skip


def _of_something_else(reading: Reading, i: int) -> bool:
    """'ga jadi, acaranya diundur tahun depan': the feast is moved, not the leave."""
    subject = {word for word in reading.before(i, 5) if word.isalpha()}
    return reading.words[i] in _MOVED and bool(subject) and _OWN_WORDS.isdisjoint(subject)


_WHOLLY = frozenset(["masuk", "turun", "hadir", "kerja", "ke", "ngantor", "di"])


def _keeps_some(reading: Reading, slots: Slots) -> bool:
    """'yang hari Rabu saja', 'sisanya tetap': a part is cancelled, the rest stays."""
    stays = any(
        word == "tetap" and reading.word(i + 1) not in _WHOLLY
        for i, word in enumerate(reading.words)
    )
    ends = [span.j for span in slots.spans] + [length.j for length in slots.lengths]
    only = any(reading.word(end) == "saja" for end in ends)
    said = {i for m in _cancel_marks(reading) for i in range(m.start, m.end + 1)}
    limits = any(w == "saja" and i not in said for i, w in enumerate(reading.words))
    which = reading.has_word("yang") and (limits or reading.has_word("tetap", "lain"))
    return stays or only or which or slots.stretches > 1
