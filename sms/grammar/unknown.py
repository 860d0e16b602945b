"""What an unknown word may hide (kata tak dikenal): the day, the kind, who is ill, what is done.

Unknown words are mostly names and reasons, and those harm nothing. A few places decide: beside the
wish, where a day or a length stands, before an illness, behind somebody of the family. A word there
that no list knows is asked about; what was understood of the request stays. Each rule here was kept
because in knocked-out messages (tests/sms/test_knock_out.py) it saves more than it asks in vain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.cases import CaseKind
from sms.grammar import family
from sms.grammar.courtesy import ADDRESSES
from sms.grammar.numbers import COUNTS
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_HOURLY = (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT)
_BY_REASON = (CaseKind.PERMISSION, CaseKind.ANNUAL, CaseKind.IMPORTANT)
"""Kinds that another reason would have changed."""
_BEFORE_A_NAME = ADDRESSES | {
    "ke", "di", "dari", "desa", "kota", "kampung", "muara", "long", "loa", "sungai", "via", "si",
    "nama", "kepala", "dokter", "dr", "rs", "plh", "plt",
}  # fmt: skip
_ROMAN = frozenset("IVX")
_BREAKS = ADDRESSES | {"", ",", ".", "?", "!", "\n", "ya"}
_WISH = frozenset(["cuti", "izin", "leave", "ct"])
_OWNED = frozenset(["saya", "kami"])
_DENIES = frozenset(["tidak", "belum", "sudah", "pernah", "jangan"])
_AT_WORK = frozenset(["masuk", "turun", "hadir", "kerja"])
_TURNS = frozenset(["tapi", "eh", "maksud", "mungkin", "atau", "setengah", "beberapa"])
_BORROWS = frozenset(["pakai", "pinjam"])
_RANGE = frozenset(["s/d", "sd", "sampai", "-"])
_JOINS = _RANGE | {"dan", "&", "sama", "/"}
_BEFORE_A_DAY = _RANGE | {"tanggal", "mulai", "per", "minggu", "bulan"}
_INI = 4  # letters: a slip of 'ini' behind 'hari' has less
_COMES = frozenset(["datang", "pulang"])
_EARLIER = frozenset(["duluan", "cepat", "awal", "gasik", "sebentar"])
_STILL = frozenset(["saya", "lagi", "sedang", "masih", "baru", "mau", "sudah", "nya", "kandung"])
_LIFE = ("sick", "grave", "dead", "wed", "birth")
_BODY = frozenset(["badan", "kepala", "perut", "kaki", "tangan", "mata", "gigi", "leher", "dada"])
_AFTER_AN_ILLNESS = _BREAKS | {"sejak", "dari", "terus", "lagi", "kambuh", "parah"}
_NO_REASON = _BREAKS | _WISH | _OWNED | _DENIES | _AT_WORK | _BODY | _BEFORE_A_DAY | {
    "mohon", "minta", "anda", "maaf", "dulu", "yang", "ini", "itu", "hormat", "dengan", "yth",
    "terimakasih", "sebelumnya", "pagi", "siang", "sore", "malam", "mau", "boleh", "bisa", "dapat",
    "tolong", "juga", "saja", "nya", "di", "ke", "akan", "besok", "lusa", "untuk", "kepada",
    "sangat", "karena", "kantor", "dari", "sejak", "terus", "lagi", "masih", "banget", "sekali",
    "dan", "hari", "kemarin", "tadi", "semalam", "sekarang", "jadi", "depan", "lalu",
}  # fmt: skip


@dataclass(frozen=True)
class _Place:
    """An unknown word, token i, between its neighbours."""

    reading: Reading
    slots: Slots
    kind: CaseKind | None
    today_by_default: bool
    i: int
    before: str
    after: str

    def word(self, offset: int) -> str:
        """The canonical word so many tokens further on."""
        return self.reading.word(self.i + offset)

    @property
    def is_written_small(self) -> bool:
        """Not as a name is written."""
        return not self.reading.tokens[self.i].raw.istitle()

    @property
    def begins(self) -> bool:
        """A clause begins with it: its subject."""
        clauses = self.reading.clauses
        return self.before in _BREAKS or clauses[self.i - 1] != clauses[self.i]

    def stands_before(self, *concepts: str, at: int = 1) -> bool:
        """Whether a phrase of the concepts begins so many tokens further on."""
        return any(m.start == self.i + at for c in concepts for m in self.reading.marks(c))

    def stands_behind(self, *concepts: str) -> bool:
        """Whether a phrase of the concepts ends with the token before."""
        return any(m.end == self.i for c in concepts for m in self.reading.marks(c))

    def ends_days(self, offset: int = 0) -> bool:
        """Whether named days end before the token so many further on."""
        return any(span.j == self.i + offset for span in self.slots.spans)

    def begins_days(self, offset: int = 1) -> bool:
        """Whether named days begin so many tokens further on."""
        return any(span.i == self.i + offset for span in self.slots.spans)


def hidden_by_unknown_word(
    reading: Reading, slots: Slots, kind: CaseKind | None, *, today_by_default: bool
) -> str:
    """Why an unknown word makes the request doubtful, '' when none stands where it decides."""
    for i in _unknown(reading):
        before, after = reading.word(i - 1), reading.word(i + 1)
        place = _Place(reading, slots, kind, today_by_default, i, before, after)
        for decides, why in _RULES:
            if decides(place):
                return f"{why}: {reading.tokens[i].raw}"
    return ""


def _unknown(reading: Reading) -> Iterator[int]:
    """Unknown words that are no names, no places and no 'XII'."""
    named = -1
    for i in reading.strange:
        token = reading.tokens[i]
        if token.glued or _ROMAN.issuperset(token.raw):
            continue
        goes_on = named == i - 1 >= 0 and token.raw.istitle() == reading.tokens[named].raw.istitle()
        if goes_on or _introduces_a_name(reading, i):
            named = i
        else:
            yield i


def _introduces_a_name(reading: Reading, i: int) -> bool:
    """'pak [Rahmat]', 'ke [Sebulu]', Javanese 'ten [Solo]', 'saya [Dian]', 'RS Insan [Wahau]'."""
    before, written = reading.word(i - 1), reading.tokens[i].raw
    if before == "dari" and reading.word(i + 1) in _RANGE:
        return False
    if before in _BEFORE_A_NAME or (i > 0 and reading.tokens[i - 1].raw.lower() == "ten"):
        return True
    follows_a_name = i > 1 and reading.tokens[i - 1].raw.istitle()
    return written.istitle() and (before in _OWNED or follows_a_name)


def _kind_of_leave(at: _Place) -> bool:
    """'cuti [besar] tgl 7', '[half] day leave'."""
    return at.before in ("cuti", "ct", "leave") or at.after == "leave"


def _change_of_leave(at: _Place) -> bool:
    """'cuti saya [diundur]', '[batalkan] cuti saya', 'tidak [jadi] cuti', '[geser] ke tgl 9'."""
    own = at.before in _OWNED and at.word(-2) in _WISH
    done_to_own = at.after in ("cuti", "izin") and at.word(2) in ("saya", "yang")
    denied = at.after in ("cuti", "izin") and at.before in _DENIES | {"tolong"}
    becomes = at.after == "jadi" and at.word(2) in _WISH | {"masuk", "dinas"}
    moved = at.after == "ke" and at.word(2) == "tanggal"
    return own or done_to_own or denied or becomes or moved


def _turn_of_meaning(at: _Place) -> bool:
    """'tapi [tetap] masuk', 'demam saya [tetap] turun', 'pakai [hp] teman', 'cuti atau [izin]'."""
    if at.before in _TURNS | _BORROWS or at.after == "atau":
        return True
    return at.kind is CaseKind.SICK and at.before in _OWNED and at.after in _AT_WORK


def _part_of_days(at: _Place) -> bool:
    """'mulai [besok]', '[minggu] depan', '[besok] dan lusa', 'Kamis dan [Jumat]'."""
    if at.after == "depan":
        return True
    if at.after in _JOINS and (at.begins_days(1) or at.begins_days(2)):
        return True
    if (at.before in _JOINS and at.ends_days(-1)) or (at.ends_days() and at.begins_days()):
        return True
    if at.before == "hari":
        return at.i - 1 not in at.slots.taken and len(at.reading.tokens[at.i].raw) >= _INI
    return at.before in _BEFORE_A_DAY and at.i - 1 not in at.slots.taken and _has_no_day(at)


def _has_no_day(at: _Place) -> bool:
    """No day is settled before it, and it stands beside the absence: 'air naik sampai [teras]'."""
    if at.kind in _HOURLY or any(s.state == "ok" and s.i < at.i for s in at.slots.spans):
        return False
    clauses = at.reading.clauses
    return any(
        clauses[mark.start] == clauses[at.i]
        for concept in ("permit", "absence", "leave", "sick", "rest", "duty")
        for mark in at.reading.marks(concept)
    )


def _length(at: _Place) -> bool:
    """'istirahat 2 [hari] pak': a number that nothing accounts for, and nothing counted."""
    number = at.before in COUNTS or (at.before.isdecimal() and int(at.before) <= 31)
    if not number or at.slots.lengths or at.i - 1 in at.slots.taken:
        return False
    if not {"jl", "jalan", "blok", "gang"}.isdisjoint(at.reading.words[max(at.i - 5, 0) : at.i]):
        return False
    free = not any(span.i <= at.i - 1 < span.j for span in at.slots.spans)
    return free and (at.after in _BREAKS | {"mulai", "dari", "sampai"} or at.begins_days())


def _hours(at: _Place) -> bool:
    """'izin [pulang] duluan', '[pulang] jam 3', 'datang [siang]' of a whole day's leave."""
    if at.kind in _HOURLY:
        return False
    comes = at.before in _COMES or (at.before == "masuk" and at.word(-2) in _WISH)
    if at.after in _EARLIER or (comes and at.is_written_small and at.kind in _BY_REASON):
        return True
    if at.after == "luar" and at.kind is not CaseKind.DUTY:
        return True
    return any(clock.start - at.i in (1, 2) for clock in at.slots.clocks)


def _who(at: _Place) -> bool:
    """'[istri] saya operasi', '[sepupu] nikah': whose illness, wedding or birth it is."""
    if at.kind in _HOURLY or at.kind is CaseKind.DUTY or not at.begins:
        return False
    return at.stands_before(*_LIFE[1:]) or (at.after in _STILL and at.stands_before(*_LIFE, at=2))


def _what_befell(at: _Place) -> bool:
    """'ibu saya [kritis], cuti 3 hari'."""
    if at.kind not in _BY_REASON or not at.is_written_small:
        return False
    cared = {mark.end for mark in at.reading.marks("care")}
    return at.after in _BREAKS | {"dunia"} and any(
        place < at.i
        and place not in cared
        and _STILL.issuperset(at.reading.words[place + 1 : at.i])
        for place, _ in family.relations(at.reading)
    )


def _reason(at: _Place) -> bool:
    """'izin karena [sakit]', 'badan [demam]': the one word that would tell whether one is ill."""
    if at.kind is not CaseKind.PERMISSION or not at.is_written_small:
        return False
    if at.before in _BODY or at.after in _BODY or at.after == "panas":
        return True
    if at.before == "karena" and at.after in _AFTER_AN_ILLNESS:
        return True
    if at.reading.has(*_LIFE, "event", "care"):
        return False
    return at.before == "izin" or not _tells_a_reason(at.reading, at.slots)


def _tells_a_reason(reading: Reading, slots: Slots) -> bool:
    """Some known word besides the wish, its days and its courtesies."""
    inside = {i for span in slots.spans for i in range(span.i, span.j)} | slots.taken
    return any(
        token.kind == "w" and token.known and token.word not in _NO_REASON and i not in inside
        for i, token in enumerate(reading.tokens)
    )


def _day_left_out(at: _Place) -> bool:
    """'izin tidak masuk [besok], anak wisuda', '[besok] saya izin': where no day was found."""
    if not at.today_by_default:
        return False
    ends_the_wish = at.after in _BREAKS and at.stands_behind("permit", "absence")
    return ends_the_wish or (at.begins and at.after in _OWNED)


_RULES: tuple[tuple[Callable[[_Place], bool], str], ...] = (
    (_kind_of_leave, "which leave"),
    (_change_of_leave, "what of the leave"),
    (_turn_of_meaning, "what turns it"),
    (_part_of_days, "which day"),
    (_day_left_out, "today or"),
    (_length, "how long"),
    (_hours, "day or hours"),
    (_who, "who"),
    (_what_befell, "what befell"),
    (_reason, "which reason"),
)
