"""Amending an earlier request (ralat): never filed without asking."""

from __future__ import annotations

from itertools import pairwise

from domain.cases import CaseKind
from sms.grammar.answers import unclear
from sms.grammar.hours import choose_times
from sms.grammar.kinds import read_kind
from sms.grammar.meaning import Intent, Meaning, Question, WorkingDays
from sms.grammar.numbers import number_at
from sms.grammar.reading import Reading
from sms.grammar.reasons import reason_of
from sms.grammar.slots import Slots
from sms.grammar.stretch import choose

_EXTENSIONS = frozenset(["tambah", "perpanjang", "memperpanjang", "diperpanjang", "perpanjangan"])
_CHANGES = (
    "ralat", "koreksi", "revisi", "geser", "majukan", "diubah", "ubah", "mengubah", "dirubah",
    "rubah",
)  # fmt: skip
_EXCHANGES = ("ganti", "pindah", "tambah")
_MOVES = ("undur", "majukan", "geser", "dipindah", "memajukan", "memundurkan")
CUES = frozenset([*_EXTENSIONS, *_CHANGES, *_EXCHANGES, *_MOVES, "salah", "jadi", "bukan"])


def amends(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    named = (
        _extends_own(reading)
        or reading.has_word(*_CHANGES)
        or _moved(reading)
        or {"maksud", "bukan"} <= reading.vocabulary
    )
    denied = _denies_for_another(reading) and not reading.has("not.first")
    if (not named and not denied) or reading.has("other.permit", "favour"):
        return None
    if denied and not named and _complete_after_bukan(reading):
        return None
    return amended(reading, slots, calendar, "amendment")


_PAPERS = ("sim", "stnk", "paspor", "ktp", "pajak", "kontrak", "skck", "bpjs", "sewa")
_OWN_TIME = frozenset(
    [
        "cuti",
        "izin",
        "sakit",
        "istirahat",
        "waktu",
        "masa",
        "dinas",
        "lagi",
        "sampai",
        "s/d",
        "pak",
        "bu",
    ]
)


def _extends_own(reading: Reading) -> bool:
    """'cuti diperpanjang sampai Jumat', not 'urus perpanjangan SIM'."""
    if reading.has_word(*_PAPERS):
        return False
    for i, word in enumerate(reading.words) if reading.has_word(*_EXTENSIONS) else ():
        after = i + (2 if reading.word(i + 1) in ("istirahat", "cuti", "izin", "sakit") else 1)
        counted = number_at(reading.tokens, after) is not None
        if word == "tambah" and not counted:
            continue
        if word in _EXTENSIONS:
            following = reading.word(i + 1)
            if not following or following in _OWN_TIME or counted or following in (",", ".", "?"):
                return True
    return False


def _moved(reading: Reading) -> bool:
    pairs = set(pairwise(reading.words)) if reading.has_word(*_EXCHANGES) else ()
    if pairs and (
        ("ganti", "tanggal") in pairs
        or ("ganti", "hari") in pairs
        or ("ganti", "jadi") in pairs
        or ("pindah", "tanggal") in pairs
        or ("pindah", "hari") in pairs
        or (
            ("pindah", "ke") in pairs
            and reading.has("leave", "permit")
            and reading.has("day.after", "tomorrow")
        )
        or ("tambah", "hari") in pairs
    ):
        return True
    own = reading.has("leave", "own_request") and not reading.has("polite.izin")
    if own and _becomes(reading):
        return True
    return (
        own
        and reading.has_word(*_MOVES, "salah")
        and (
            not reading.has_word("salah")
            or reading.has_word("seharusnya", "harusnya", "yang", "tanggal")
        )
        and _change_of_own(reading)
    )


def _becomes(reading: Reading) -> bool:
    """'cuti saya maju jadi tgl 1'; after a comma 'jadi' only leads on."""
    return any(
        word == "jadi"
        and reading.word(i + 1) == "tanggal"
        and reading.word(i - 1) not in ("", ",", ".", "\n", "pak", "bu")
        for i, word in enumerate(reading.words)
    )


def _change_of_own(reading: Reading) -> bool:
    """The move is of the leave, not of the feast that is its reason."""
    for i, word in enumerate(reading.words):
        if word in _MOVES:
            before = list(reading.before(i, 4))
            return not any(
                w
                in (
                    "acara",
                    "rapat",
                    "pernikahan",
                    "jadwal",
                    "operasi",
                    "sidang",
                    "wisuda",
                    "kegiatan",
                )
                for w in before
            )
        if word == "salah" and reading.word(i + 1) in (
            "tanggal",
            "hari",
            "tulis",
            "ketik",
            "kirim",
        ):
            return reading.has_word("seharusnya", "harusnya", "benar", "yang")
    return False


def _denies_for_another(reading: Reading) -> bool:
    if "bukan" not in reading.vocabulary:
        return False
    place = reading.words.index("bukan")
    tail = reading.words[place + 1 : place + 14]
    return any(
        w in ("tapi", "cuma", "hanya", "cukup", "melainkan", "seharusnya", "harusnya") for w in tail
    ) or (
        "," in tail
        and place <= 6
        and not _question_tag(reading, place)
        and _something_before_is_own(reading, place)
    )


def _question_tag(reading: Reading, place: int) -> bool:
    return reading.word(place + 1) in ("pak", "bu", "?", "ya", "")


def _something_before_is_own(reading: Reading, place: int) -> bool:
    """In 'cuti Jumat depan, bukan besok' the wish comes first and is complete."""
    return not any(reading.words[i] in (",", "\n") for i in range(place)) and not any(
        m.end <= place for c in ("tomorrow", "today", "week.next") for m in reading.marks(c)
    )


def _complete_after_bukan(reading: Reading) -> bool:
    """'bukan cuti pak, saya sakit hari ini': what follows is a request of its own."""
    place = reading.words.index("bukan")
    clause = reading.clauses[place]
    turn = next(
        (
            i
            for i in range(place + 1, len(reading.words))
            if reading.words[i] in ("tapi", "cuma", "hanya", "cukup", "melainkan")
            or reading.clauses[i] != clause
        ),
        len(reading.words),
    )
    kinds = ("sick", "absence", "late", "early", "out", "duty", "leave", "permit", "sickleave")
    for concept in kinds:
        for mark in reading.true_marks(concept):
            if mark.start >= turn:
                return True
    return False


def amended(reading: Reading, slots: Slots, calendar: WorkingDays, why: str) -> Meaning:
    """New values for an earlier request: never filed without asking."""
    kind = read_kind(reading, has_days=bool(slots.spans), has_clock=bool(slots.clocks), stretches=1)
    named = kind.asked or reading.has("leave", "permit", "duty", "sick", "annual")
    if not named:
        return unclear(Question.CONFIRM_CHANGE, "fragment of a change")
    kept = _new_values(reading, slots)
    denied = reading.words.index("bukan") if "bukan" in reading.words else -1
    lengths = [n for n in kept.lengths if not (0 <= denied < n.i <= denied + 2)]
    days = choose(reading, kept.spans, lengths, kind.kind, death=False, calendar=calendar)
    time_from, time_to = choose_times(reading, kept.clocks, kind.kind)
    settled = bool(kept.spans)
    hourly = kind.kind in (
        CaseKind.LATE,
        CaseKind.EARLY,
        CaseKind.OUT,
        CaseKind.SICK,
        CaseKind.PERMISSION,
    )
    return Meaning(
        Intent.REQUEST,
        kind=kind.kind,
        start=days.start if settled or hourly else None,
        end=days.end if settled or hourly else None,
        time_from=time_from,
        time_to=time_to,
        must_ask=True,
        question=Question.CONFIRM_CHANGE,
        amends=True,
        reason=reason_of(reading),
        why=(why, *kind.why, *days.why),
    )


def _new_values(reading: Reading, slots: Slots) -> Slots:
    """Of the days named, those after 'jadi', 'ke', 'tapi' or, failing that, the last."""
    spans = [s for s in slots.spans if not s.negated]
    turns = [
        i
        for i, w in enumerate(reading.words)
        if w
        in (
            "jadi",
            "menjadi",
            "ke",
            "tapi",
            "cuma",
            "hanya",
            "seharusnya",
            "harusnya",
            "maksud",
            "melainkan",
        )
    ]
    after = [s for s in spans if turns and s.i > turns[0]]
    if len(spans) > 1:
        spans = after[-1:] or spans[-1:]
    return Slots(spans, slots.lengths, slots.clocks[-1:])
