"""What makes a request that was understood doubtful after all (kehati-hatian): ask, never act.

Each caution names a class of messages that hold more than the slots took from them: numbers and
last days left over, a condition, a question about something, somebody else's word, a denial, the
sender's own "I am coming". What is understood of the request stays; only the act is withheld.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

from domain.cases import CaseKind
from sms.grammar import family
from sms.grammar.courtesy import ADDRESSES
from sms.grammar.dates import VAGUE_CUES
from sms.grammar.normalise import Token
from sms.grammar.others import SAID, others_say
from sms.grammar.part_days import LIMBS, back_or_home, ill_or_errand, out_and_home, part_of_the_day
from sms.grammar.place_slips import day_spelt_wrong, relative_spelt_wrong
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots
from sms.grammar.spoken_of import SPOKEN_OF, UNSURE, not_yet_sure, only_spoken_of

UNTIL_WHEN = "until when"
_WHILE_AWAY = frozenset(["cuti", "izin", "saya", "ini", "itu", "tidak", "pergi"])  # no length
_HOURLY = (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT)
_COUNTED = frozenset(
    ["menit", "jam", "tahun", "hari", "minggu", "bulan", "derajat", "meter", "an", "harian"]
)
_COUNTING = frozenset(["sisa", "anda", "nomor", "no", "anak", "tahun"])  # 'km 9' too
_ADDRESS = frozenset(["jalan", "jl", "rt", "rw", "blok", "gang", "gg"])
_HOSPITAL = ("rs", "icu", "igd", "ugd", "hcu", "iccu", "nicu", "puskesmas", "klinik", "dokter")
_NOT_THE_OFFICE = frozenset([*_HOSPITAL, "angin", "siang"])  # 'masuk angin'
_IF = ("kalau", "jika", "asal")
_QUESTIONS = ("bagaimana", "kenapa", "kapan", "siapa", "berapa", "mana", "dimana", "kemana")
_NO_QUESTION = {
    "siapa": ("tahu",),
    "bagaimana": ("juga", "pun"),
    "kapan": ("pun",),
    "berapa": ("pun",),
}
"""What makes a question word no question: 'siapa tahu', 'bagaimanapun'."""
_ASKED_KINDS = frozenset(["cuti", "izin", "sakit", "dinas", "libur", "telat"])
_SINCE = ("dari", "sejak")
_UNTIL = frozenset(["sampai", "s/d", "sd", "hingga"])
_REPEATED = ("tiap", "rutin")
_POLITE_IF = frozenset(
    [
        "boleh",
        "bisa",
        "diizinkan",
        "diperkenankan",
        "berkenan",
        "dapat",
        "memungkinkan",
        "izinkan",
        "begitu",
        "disetujui",
        "bapak",
        "ibu",
        "pak",
        "bu",
    ]
)
_TITLES = ADDRESSES | {"si"}
_EVENTS = frozenset(["rapat", "apel", "upacara", "senam", "acara", "kegiatan", "undangan", "rakor"])
_AWAY = frozenset(["ada", "izin", "cuti", "telat", "libur"])
_FORBIDDEN = _AWAY | {"sakit"}
_DENIALS = frozenset(["tidak", "belum"])
_DENIED_KINDS = ("leave", "annual", "long", "important", "unpaid", "maternity", "permit", "duty")


def caution(reading: Reading, slots: Slots, kind: CaseKind | None) -> str:
    """Why the request should be asked about first, '' when nothing speaks against it."""
    said = reading.said
    for doubted, why, cues in _GATED:
        if cues and said.isdisjoint(cues):
            continue
        if doubted(reading, slots, kind):
            return why
    return ""


def _number_left_over(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'cuti tgl 7 8 9 des': a number that may be a day and that no slot accounts for."""
    if not reading.numbers:
        return False
    used = slots.taken.union(*[range(span.i, span.j) for span in slots.spans])
    loose = [i for i in reading.numbers if i not in used]
    return bool(loose) and any(
        _may_be_a_day(reading.tokens[i])
        and not used.isdisjoint((i - 3, i - 2, i - 1, i + 1, i + 2, i + 3))
        and not _is_counted(reading, i)
        and reading.word(i - 1) not in _COUNTING
        and reading.words[max(i - 2, 0) : i] != ["yang", "ke"]
        and _ADDRESS.isdisjoint(reading.words[max(i - 3, 0) : i])
        for i in loose
    )


def _is_counted(reading: Reading, i: int) -> bool:
    """'30 menit', the 1 of 'telat 1-2 jam'; 'bulan depan' counts nothing."""
    unit = i + 3 if reading.word(i + 1) == "-" else i + 1
    return reading.word(unit) in _COUNTED and reading.word(unit + 1) not in ("depan", "ini")


def _may_be_a_day(token: Token) -> bool:
    return token.word.isdecimal() and 1 <= int(token.word) <= 31


def _conditional(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'kalau besok hujan saya tidak masuk', not the polite 'kalau boleh'."""
    return any(
        word in _IF
        and reading.word(i + 1) not in _POLITE_IF
        and not _cares_for_the_work(reading, i)
        and not _asked_politely(reading, i)
        for i, word in enumerate(reading.words)
    )


_MAY = frozenset(["boleh", "bisa", "keberatan", "dapat", "apa-apa"])
_TAGS = _MAY | ADDRESSES | {"tidak", "ya", "kan", ","}
_ASIDE = (_TAGS - _MAY) | {"kah", "?", ".", "\n"}


def _asked_politely(reading: Reading, i: int) -> bool:
    """'boleh tidak pak kalau besok saya cuti': nothing but the question stands before the if."""
    before = reading.before(i, 4, across_commas=True)
    ends = [w for w in reading.words[i + 1 :] if w not in _ASIDE]
    if i <= 1 and ends and ends[-1] in _MAY:
        return True  # 'kalau Jumat saya cuti bisa?'
    asked = next((n for n, word in enumerate(before) if word in _MAY), None)
    return asked is not None and _TAGS.issuperset(before[:asked])


_SOUGHT = frozenset(
    [
        "perlu", "butuh", "keperluan", "tamu", "surat", "mendesak", "urgent", "penting", "cari",
        "mencari", "pertanyaan", "bertanya", "hubungi", "panggilan", "apa-apa", "info",
    ]
)  # fmt: skip
_TOLD = frozenset(
    [
        "hubungi", "tolong", "bilang", "suruh", "titip", "kabari", "bisa", "minta", "silakan",
        "ke", "ada", "wa", "sms", "call", "dari",
    ]
)  # fmt: skip


def _cares_for_the_work(reading: Reading, i: int) -> bool:
    """'kalau ada yang cari saya bilang ke bank', 'kalau ada perlu hubungi Bu Rina'."""
    sought = next((j for j in range(i + 1, i + 4) if reading.word(j) in _SOUGHT), 0)
    between = {"ada", "yang", "nanti", "saja"}.issuperset(reading.words[i + 1 : sought])
    told = _TOLD.intersection(reading.words[sought + 1 : sought + 7]) or reading.word(sought) in (
        "hubungi",
    )
    return i > 1 and sought > 0 and between and bool(told)


def _asks_about_something(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'izin saya kemarin bagaimana': no wish is put with these words."""
    return any(
        word in _QUESTIONS and reading.word(i + 1) not in _NO_QUESTION.get(word, ())
        for i, word in enumerate(reading.words)
    )


def _since_yesterday(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'opname dari kemarin, kata dokter sampai Sabtu': whether yesterday is asked for, too."""
    if reading.has("today") or reading.vocabulary.isdisjoint(_UNTIL):
        return False
    yesterday = reading.now.date() - timedelta(days=1)
    return any(
        word in _SINCE and following == "kemarin" for word, following in pairwise(reading.words)
    ) and not any(span.start == yesterday != span.end for span in slots.spans)


def _whether_somebody_is_away(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'bu Yuli kok tidak ada, cuti kah?': wondering, not wishing."""
    return any(
        word == "kah" and reading.word(i - 1) in _ASKED_KINDS
        for i, word in enumerate(reading.words)
    )


def _reported(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'kata bu Sri saya boleh cuti', a forwarded or quoted text; what a doctor said is a reason."""
    said = others_say(reading) and not _said_of_the_reason(reading, slots)
    return said or reading.has("forwarded") or '"' in reading.vocabulary


_CONSENT = frozenset(
    ["boleh", "bisa", "izin", "cuti", "setuju", "disetujui", "diizinkan", "acc", "libur", "ya"]
)


def _said_of_the_reason(reading: Reading, slots: Slots) -> bool:
    """'rumah kemalingan kata tetangga': the clause holds no day, no leave and no consent."""
    clauses = {c for c, w in zip(reading.clauses, reading.words, strict=True) if w in SAID}
    words = {w for c, w in zip(reading.clauses, reading.words, strict=True) if c in clauses}
    days = {reading.clauses[span.i] for span in slots.spans}
    return _CONSENT.isdisjoint(words) and days.isdisjoint(clauses) and 0 not in clauses


def _denied(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'saya tidak cuti besok': a denial right before the word that would make it a request."""
    if kind in _HOURLY:
        return False
    if kind is CaseKind.PERMISSION and "bukan" in reading.vocabulary and not slots.spans:
        return True
    if reading.has("absence", "sick"):
        return False
    return any(
        reading.word(mark.start - 1) in _DENIALS
        for concept in _DENIED_KINDS
        if concept in reading.concepts
        for mark in reading.true_marks(concept)
    )


def _forbids(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'jangan ada yang izin Jumat': said to others, and no wish."""
    return any(
        word == "jangan" and not _FORBIDDEN.isdisjoint(reading.words[i + 1 : i + 5])
        for i, word in enumerate(reading.words)
    )


def _of_others(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'rapat jam 9, yang cuti tolong kabari': whoever that is, not the sender's own wish."""
    return any(word == "yang" and following in _AWAY for word, following in pairwise(reading.words))


def _told_not_asked(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'saya masih cuti sampai Jumat', 'cuti selesai', 'saya tidak pernah minta cuti': news."""
    today = reading.now.date()
    ahead = any(s.state == "ok" and s.start and s.start >= today for s in slots.spans)
    return any(not (ahead and mark.words.endswith(" lalu")) for mark in reading.marks("told"))


def _comes_after_all(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'demam tapi tetap masuk' asks for nothing, unless for an hour or of another day."""
    others = {span.j for span in slots.spans} if len(slots.spans) > 1 else set()
    return kind not in _HOURLY and any(
        reading.word(mark.start - 1) not in _DENIALS
        and reading.word(mark.end) not in _NOT_THE_OFFICE
        and mark.start not in others
        for mark in reading.marks("still_present")
    )


def _already_settled(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'sudah saya ajukan cuti tgl 7', 'cuti saya yang tgl 25': of an earlier request."""
    again = any(
        word in ("mohon", "minta", "mengajukan") and following in ("izin", "cuti")
        for word, following in pairwise(reading.words)
    )
    named = any(
        reading.word(i + 1) == "saya" and reading.word(i + 2) in ("yang", "ke")
        for i, word in enumerate(reading.words)
        if word in ("cuti", "izin")
    )
    return (named or reading.has("already_asked")) and not again


def _unknown_patient(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'[inang] masuk ICU, cuti 3 hari': who is ill or dead decides the kind of leave."""
    if kind not in (CaseKind.ANNUAL, CaseKind.PERMISSION) or family.relations(reading):
        return False
    return any(
        not reading.tokens[i].known
        and not reading.tokens[i].raw[:1].isupper()
        and reading.word(i - 1) not in ("pak", "bu")
        for mark in (*reading.marks("grave"), *reading.marks("dead"))
        for i in range(max(mark.start - 3, 0), mark.start)
    )


def _at_the_doctor(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'izin, masih di puskesmas': whether one is ill or visits somebody is not said."""
    if kind is not CaseKind.PERMISSION or family.relations(reading) or reading.has("care"):
        return False
    return reading.has_word(*_HOSPITAL)


def _again_and_again(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'tiap Jumat pulang jam 10': one SMS files one stretch; 'cuci darah rutin' is a reason."""
    return "tiap" in reading.vocabulary or any(
        word == "rutin" and reading.word(i - 1) in ("izin", "telat", "pulang", "keluar", "cuti")
        for i, word in enumerate(reading.words)
    )


def _all_of_next_week(reading: Reading, slots: Slots) -> bool:
    """'minggu depan 3 hari mulai Selasa': the day lies in the week that is named."""
    today = reading.now.date()
    monday = today + timedelta(days=7 - today.weekday())
    weeks = [span for span in slots.spans if span.state == "vague"]
    days = [span.start for span in slots.spans if span.state == "ok" and span.start]
    return (
        reading.has("week.next")
        and all(span.classes == {"week"} for span in weeks)
        and all(monday <= day < monday + timedelta(days=7) for day in days)
    )


def _which_week(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'Senin pekan depan lagi', 'habis lebaran, Jumatnya': counted from a day that is not named."""
    states = [span.state for span in slots.spans]
    if "vague" in states and "ok" in states and not _all_of_next_week(reading, slots):
        days = [span.classes for span in slots.spans if span.state == "ok"]
        if all(classes == {"wd"} for classes in days):
            return True
    return "depan" in reading.vocabulary and ("depan", "lagi") in pairwise(reading.words)


def _range_left_open(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'hari ini sampai [minggu]': a day, a sign of range, and no last day that was understood."""
    if kind in _HOURLY:
        return False
    firsts = {span.i for span in slots.spans} | {clock.start for clock in slots.clocks}
    return any(
        reading.word(span.j) in ("-", "s/d", "sd", "sampai")
        and firsts.isdisjoint(range(span.j, span.j + 4))
        for span in slots.spans
    )


def _from_one_event(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'izin besok tidak bisa ikut apel': away from the roll call or for the whole day?"""
    if kind is not CaseKind.PERMISSION:
        return False
    return any(
        word == "ikut" and not _DENIALS.isdisjoint(reading.before(i, 3))
        for i, word in enumerate(reading.words)
    ) or any(
        "hadir" in mark.words and not _EVENTS.isdisjoint(reading.words[mark.end : mark.end + 3])
        for mark in reading.marks("absence")
    )


def _whose_illness(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'bu Ani sakit, saya yang gantikan': a name right before the illness, no izin of one's own."""
    if kind is not CaseKind.SICK or reading.has("permit", "absence", "relative_writes"):
        return False
    return any(
        not reading.tokens[mark.start - 1].known and reading.word(mark.start - 2) in _TITLES
        for mark in reading.marks("sick")
        if mark.start > 1
    )


def _did_not_register(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'sudah finger tapi tidak masuk': the terminal or the sender?"""
    return kind is CaseKind.PERMISSION and reading.has("clockin") and not reading.has("permit")


def _as_long_as(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'masuk jam 9 selama [acara]': how long is not said in days."""
    settled = slots.lengths or any(s.start != s.end for s in slots.spans)
    return not settled and any(
        word == "selama" and reading.word(i + 1) not in _WHILE_AWAY
        for i, word in enumerate(reading.words)
    )


_Caution = Callable[[Reading, Slots, CaseKind | None], bool]
_CAUTIONS: tuple[tuple[_Caution, str, tuple[str, ...]], ...] = (
    (_conditional, "on a condition", _IF),
    (_asks_about_something, "a question about it", _QUESTIONS),
    (_since_yesterday, "since yesterday or from today", ("kemarin",)),
    (_whether_somebody_is_away, "whether somebody is away", ("kah",)),
    (_reported, "somebody else's words", (*SAID, '"', "forwarded")),
    (_denied, "denied", ("bukan", *_DENIALS)),
    (_forbids, "forbidden to others", ("jangan",)),
    (_of_others, "of others", ("yang",)),
    (_told_not_asked, "told, not asked", ("told",)),
    (_comes_after_all, "comes after all", ("still_present",)),
    (_already_settled, "asked for earlier", ("already_asked", "yang", "ke")),
    (only_spoken_of, "spoken of, not asked", SPOKEN_OF),
    (not_yet_sure, "not yet sure", UNSURE),
    (_again_and_again, "again and again", _REPEATED),
    (part_of_the_day, "part of the day", ()),
    (_which_week, "which week", ("depan", *VAGUE_CUES)),
    (out_and_home, "out and home", ("keluar",)),
    (_did_not_register, "the terminal or the sender", ("clockin",)),
    (_as_long_as, "how long", ("selama",)),
    (ill_or_errand, "ill or an errand", LIMBS),
    (back_or_home, "back or home", ("early",)),
    (_range_left_open, UNTIL_WHEN, ("-", "s/d", "sd", "sampai")),
    (_from_one_event, "from one event", ("ikut", "absence")),
    (_whose_illness, "whose illness", ("sick",)),
    (_at_the_doctor, "ill or visiting", _HOSPITAL),
    (_unknown_patient, "who is ill or dead", ("grave", "dead")),
    (day_spelt_wrong, "may be a day spelt wrong", ()),
    (relative_spelt_wrong, "may be a relative spelt wrong", ("sick",)),
    (_number_left_over, "a number left over", ()),
)
"""Each with why, and the words and concepts one of which must stand there; without any: always."""
_GATED = tuple((doubted, why, frozenset(cues)) for doubted, why, cues in _CAUTIONS)
