"""What an unknown word may hide (kata tak dikenal): the day, the kind, who is ill, what is done.

Unknown words are mostly names and reasons, and those harm nothing. A few places decide: beside the
wish, where a day, a month or a length stands, before an illness, behind somebody of the family. A
word there that no list knows is asked about; what was understood of the request stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.cases import CaseKind
from sms.grammar import family
from sms.grammar.courtesy import ADDRESSES
from sms.grammar.days import WEEKDAYS
from sms.grammar.numbers import COUNTS
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_HOURLY = (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT)
_BY_REASON = (CaseKind.PERMISSION, CaseKind.ANNUAL, CaseKind.IMPORTANT)
"""Kinds that another reason would have changed."""
_PLACES = frozenset(
    ["ke", "di", "dari", "desa", "kota", "kampung", "muara", "long", "loa", "sungai", "via"]
)
_BEFORE_A_NAME = ADDRESSES | _PLACES | {"si", "nama", "kepala", "dokter", "dr", "rs", "plh", "plt"}
_ROMAN = frozenset("IVX")
_WISH = frozenset(["cuti", "izin", "leave", "ct"])
_OWNED = frozenset(["saya", "kami"])
_DO = frozenset(["tidak", "belum", "bisa", "dapat", "jangan"])
_NOT_DONE = frozenset(
    [
        "masuk", "turun", "hadir", "kerja", "kantor", "ke", "minta", "apel", "rapat", "upacara",
        "senam", "jadi",
    ]
)  # fmt: skip
_BORROWS = frozenset(["pakai", "pinjam"])
_COMES_TRUE = _WISH | {"masuk", "dinas"}
_TURNS = frozenset(["tapi", "eh", "maksud", "mungkin", "atau", "setengah", "beberapa"])
_ON_DUTY = frozenset(["dinas", "tugas", "perjalanan"])
_BEFORE_A_DAY = frozenset(
    ["hari", "tanggal", "mulai", "per", "sampai", "s/d", "sd", "bulan", "minggu"]
)
_PART_OF_DAY = frozenset(["pagi", "siang", "sore"])
_BEHIND_A_DAY = frozenset(["depan", "ini", "lalu", "besok"])
_RANGE = frozenset(["s/d", "sd", "sampai", "-"])
_JOINS = _RANGE | {"dan", "&", "sama", "/"}
_COMES = frozenset(["datang", "pulang"])
_EARLIER = frozenset(["duluan", "cepat", "awal", "gasik", "sebentar"])
_OF_A_LIMB = frozenset(
    [
        "kambuh",
        "bengkak",
        "patah",
        "terkilir",
        "keseleo",
        "luka",
        "nyeri",
        "kram",
        "mules",
        "gatal",
        "pegal",
        "ngilu",
        "linu",
        "kebas",
        "perih",
        "kembung",
    ]
)
_BREAKS = frozenset(["", ",", ".", "?", "!", "\n", "ya"]) | ADDRESSES
_BEFORE_A_SUBJECT = _BREAKS | {"karena", "jadi", "tapi", "kemarin", "tadi", "hari", "meski"}
_STILL = frozenset(["saya", "lagi", "sedang", "masih", "baru", "mau", "sudah", "nya", "kandung"])
_LIFE = ("sick", "grave", "dead", "wed", "birth")
_KNOWN_REASONS = (*_LIFE, "event", "care")
_BODY = frozenset(["badan", "kepala", "perut", "kaki", "tangan", "mata", "gigi", "leher", "dada"])
_AFTER_AN_ILLNESS = _BREAKS | {"sejak", "dari", "terus", "lagi", "kambuh", "parah"}
_NO_REASON = frozenset(
    [
        *ADDRESSES, *_WISH, *_OWNED, *_DO, *_BODY, *_BEFORE_A_DAY, *_BEHIND_A_DAY, "mohon", "minta",
        "ya", "anda", "maaf", "dulu", "yang", "itu", "hormat", "dengan", "yth", "terimakasih",
        "sebelumnya", "pagi", "siang", "sore", "malam", "mau", "boleh", "tolong", "juga", "saja",
        "nya", "di", "ke", "akan", "lusa", "untuk", "kepada", "sangat", "karena", "masuk", "turun",
        "kantor", "kerja", "hadir", "dari", "sejak", "terus", "lagi", "masih", "banget", "sekali",
        "dan", "kemarin", "tadi", "semalam", "sekarang", "minggu", "jadi",
    ]
)  # fmt: skip


@dataclass(frozen=True)
class _Place:
    """An unknown word, token i, between its neighbours."""

    reading: Reading
    slots: Slots
    kind: CaseKind | None
    i: int
    before: str
    after: str
    ends: frozenset[int]  # where the named days end
    starts: frozenset[int]

    @property
    def is_written_small(self) -> bool:
        """Not as a name is written."""
        return not self.reading.tokens[self.i].raw.istitle()


def hidden_by_unknown_word(
    reading: Reading, slots: Slots, kind: CaseKind | None, *, today_by_default: bool
) -> str:
    """Why an unknown word makes the request doubtful, '' when none stands where it decides."""
    ends = frozenset(span.j for span in slots.spans)
    starts = frozenset(span.i for span in slots.spans)
    for i in _unknown(reading):
        place = _Place(
            reading, slots, kind, i, reading.word(i - 1), reading.word(i + 1), ends, starts
        )
        for decides, why in _RULES:
            if decides(place):
                return f"{why}: {reading.tokens[i].raw}"
        if today_by_default and _may_be_the_day(place):
            return f"which day: {reading.tokens[i].raw}"
    return ""


def _unknown(reading: Reading) -> Iterator[int]:
    """Unknown words that are no names, no places and no 'XII'."""
    named = -1
    for i, token in enumerate(reading.tokens):
        if token.known or token.kind != "w" or token.glued or _ROMAN.issuperset(token.raw):
            continue
        goes_on = named == i - 1 >= 0 and token.raw.istitle() == reading.tokens[named].raw.istitle()
        if goes_on or _introduces_a_name(reading, i):
            named = i
        else:
            yield i


def _introduces_a_name(reading: Reading, i: int) -> bool:
    """'pak [Rahmat]', 'ke [Sebulu]', Javanese 'ten [Solo]', 'saya [Dian]', '[Dian] NIP 19..'."""
    before, written = reading.word(i - 1), reading.tokens[i].raw
    if before == "dari" and reading.word(i + 1) in _RANGE:
        return False
    if before in _BEFORE_A_NAME or (i > 0 and reading.tokens[i - 1].raw.lower() == "ten"):
        return True
    if not written.istitle():
        return False
    named = i > 1 and reading.tokens[i - 1].raw.istitle()  # 'RS Harapan Insan [Sendawar]'
    return named or before in _OWNED or (i == 0 and "nip" in reading.vocabulary)


def _beside_the_wish(at: _Place) -> bool:
    """'mohon [batalkan] izin saya', 'cuti [besar]', 'cuti saya [diperpanjang] sampai Jumat'."""
    if at.before in _WISH or at.after in _WISH:
        return True
    if at.before in _ON_DUTY and at.kind is not CaseKind.DUTY:
        return True
    return at.before in _OWNED and at.reading.word(at.i - 2) in _WISH


def _opens_the_message(at: _Place) -> bool:
    """'[kata] bu Sri saya boleh cuti', '[sudah] saya ajukan'."""
    told = at.after in ADDRESSES and at.reading.word(at.i + 3) in _OWNED
    return at.i == 0 and (at.after in _OWNED or told)


def _what_one_does(at: _Place) -> bool:
    """'saya [tetap] turun', 'tidak bisa [ikut] apel', 'tapi [tetap] masuk'."""
    if (
        (at.before in _DO | _OWNED and at.after in _NOT_DONE)
        or at.before in _TURNS
        or at.after == "atau"
    ):
        return True
    if at.before in _BORROWS or (at.after == "jadi" and at.reading.word(at.i + 2) in _COMES_TRUE):
        return True
    if at.kind in _HOURLY and any(
        mark.start == at.i + 1 for c in ("late", "early", "out") for mark in at.reading.marks(c)
    ):
        return True
    if at.before not in _OWNED or at.kind is CaseKind.DUTY or at.after == "terimakasih":
        return False
    return at.reading.word(at.i - 2) in _BEFORE_A_SUBJECT or at.i - 1 in at.ends


def _part_of_a_day(at: _Place) -> bool:
    """'hari [Senin]', 'mulai [besok]', '[minggu] depan', '[besok] dan lusa', 'tgl 3 [Nov]'."""
    i, reading = at.i, at.reading
    reaches = at.before == "sampai" and (at.kind in _HOURLY or not _beside_an_absence(at))
    if at.before in _BEFORE_A_DAY and i - 1 not in at.slots.taken and not reaches:
        return True
    if at.after in _BEHIND_A_DAY or reading.words[i + 1 : i + 3] == ["ke", "tanggal"]:
        return True
    joined = at.after in _JOINS and not at.starts.isdisjoint((i + 1, i + 2))
    if joined or (at.before in _JOINS and i - 1 in at.ends):
        return True
    if at.after in _PART_OF_DAY and _begins(at) and reading.word(i + 2) not in _BREAKS:
        return True
    if any(mark.end == i for mark in reading.marks("back_to_work")):
        return True
    if i in at.ends and (i + 1 in at.starts or _ends_open(at)):
        return True
    return i + 1 in at.starts and at.is_written_small


def _beside_an_absence(at: _Place) -> bool:
    """In one clause with it: 'izin sampai [Kamis]', not 'izin, air naik sampai [teras]'."""
    clauses = at.reading.clauses
    return any(
        clauses[mark.start] == clauses[at.i]
        for concept in ("permit", "absence", "leave", "sick", "rest", "duty")
        for mark in at.reading.marks(concept)
    )


def _ends_open(at: _Place) -> bool:
    """'tgl 3 [Nov]', 'Kamis [Jumat] bu': the days may go on with this word."""
    sign, last = at.reading.word(at.i - 2), at.reading.word(at.i - 1)
    if not last.isdecimal():
        return last in WEEKDAYS and at.after in _BREAKS and at.is_written_small
    has_month = sign in ("/", ".") or (sign == "-" and int(last) <= 12) or len(last) > 2
    return not has_month


def _counts_something(at: _Place) -> bool:
    """'istirahat 2 [hari]', '[jam] 1 siang': a number that nothing accounts for."""
    for place, word in ((at.i - 1, at.before), (at.i + 1, at.after)):
        counted = (word.isdecimal() and int(word) <= 31) or word in COUNTS
        free = place not in at.slots.taken and not any(
            span.i <= place < span.j for span in at.slots.spans
        )
        if counted and free and not at.slots.lengths:
            return True
    return False


def _what_hour(at: _Place) -> bool:
    """'izin [pulang] duluan', '[pulang] jam 3' of a whole day's leave, 'dinas [luar]'."""
    if at.kind in _HOURLY:
        return False
    comes = at.before in _COMES or (at.before == "masuk" and at.reading.word(at.i - 2) in _WISH)
    if at.after in _EARLIER or (comes and at.is_written_small):
        return True
    if at.after in ("luar", "dinas") and at.kind is not CaseKind.DUTY:
        return True
    return any(clock.start in (at.i + 1, at.i + 2) for clock in at.slots.clocks)


def _who_is_meant(at: _Place) -> bool:
    """'[istri] saya operasi', '[sepupu] nikah': whose illness, wedding or birth it is."""
    if at.kind in _HOURLY or at.kind is CaseKind.DUTY or not _begins(at):
        return False
    return (at.kind is CaseKind.MATERNITY and at.before == "melahirkan") or any(
        (at.i == mark.start - 1 and mark.words not in _OF_A_LIMB)
        or (at.i == mark.start - 2 and at.after in _STILL)
        for concept in _LIFE
        for mark in at.reading.marks(concept)
    )


def _begins(at: _Place) -> bool:
    """A clause begins with it: its subject."""
    clauses = at.reading.clauses
    return at.before in _BREAKS or clauses[at.i - 1] != clauses[at.i]


def _what_befell(at: _Place) -> bool:
    """'ibu saya [kritis], cuti 3 hari', 'kakak [ipar] meninggal'."""
    if at.kind not in _BY_REASON or not at.is_written_small:
        return False
    named = any(mark.start == at.i + 1 for c in _LIFE[1:] for mark in at.reading.marks(c))
    if not named and at.after not in _BREAKS and at.after != "dunia":
        return False
    cared = {m.end for m in at.reading.marks("care")}
    return any(
        place < at.i
        and place not in cared
        and _STILL.issuperset(at.reading.words[place + 1 : at.i])
        for place, _ in family.relations(at.reading)
    )


def _which_reason(at: _Place) -> bool:
    """'izin karena [sakit]': the one word that would tell whether one is ill."""
    if at.kind is not CaseKind.PERMISSION or not at.is_written_small:
        return False
    if at.before in _BODY or at.after in _BODY or at.after == "panas":
        return True
    if at.before == "karena" and at.after in _AFTER_AN_ILLNESS:
        return True
    if at.reading.has(*_KNOWN_REASONS):
        return False
    inside = {i for span in at.slots.spans for i in range(span.i, span.j)} | at.slots.taken
    return not any(
        token.kind == "w" and token.known and token.word not in _NO_REASON and i not in inside
        for i, token in enumerate(at.reading.tokens)
    )


def _may_be_the_day(at: _Place) -> bool:
    """'izin tidak masuk [besok], anak wisuda': beside the wish, where no day was found."""
    if _begins(at) and at.after in _OWNED:
        return True
    return any(
        (mark.end == at.i and at.after in _BREAKS) or (mark.start == at.i + 1 and _begins(at))
        for concept in ("permit", "absence", "late", "early", "leave")
        for mark in at.reading.marks(concept)
    )


_RULES: tuple[tuple[Callable[[_Place], bool], str], ...] = (
    (_beside_the_wish, "unknown beside the wish"),
    (_opens_the_message, "unknown opening"),
    (_what_one_does, "what is done"),
    (_part_of_a_day, "which day"),
    (_counts_something, "what is counted"),
    (_what_hour, "whole day or hours"),
    (_who_is_meant, "who"),
    (_what_befell, "what befell"),
    (_which_reason, "which reason"),
)
