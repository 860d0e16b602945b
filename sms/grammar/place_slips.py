"""A word that may be a day or a relative spelt wrong, where one would stand: 'izin jimat'.

Many slips of such words are words themselves ('amis', 'umat', 'selada', 'hati'), so no list of
unknown words finds them. Only the place tells: beside another day, behind 'mulai', before 'depan';
a relative before an illness.
"""

from __future__ import annotations

from domain.cases import CaseKind
from sms.grammar.lexicon import lexicon
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_BEFORE = frozenset(
    ["hari", "tanggal", "mulai", "sampai", "s/d", "sd", "-", "dari", "cuti", "izin", "besok"]
)
_BEHIND = frozenset(["depan", "ini", "dan", "sampai", "s/d", "sd", "-", "&"])
_SUBJECT = frozenset(["saya", "izin", "cuti", "insya", "insyaallah", "mohon", "telat"])
_BREAKS = frozenset(["", ",", ".", "\n", "pak", "bu"])
_COUNTED = frozenset(["hari"])
_NEAR = 3  # words between a relative and the illness


def day_spelt_wrong(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """Whether some word stands where a day would, and is one slip away from a day's name."""
    if lexicon().slips_of["day"].keys().isdisjoint(reading.vocabulary):
        return False
    words = reading.words
    beside = {span.i - 1 for span in slots.spans} | {span.j for span in slots.spans}
    for i, (before, after) in enumerate(zip(["", *words], [*words[1:], ""], strict=False)):
        if (
            before in _BEFORE
            or after in _BEHIND
            or i in beside
            or (before in _BREAKS and after in _SUBJECT)
        ):
            days = _days_it_may_be(reading, slots, i)
            if days and (not days <= _COUNTED or after == "ini" or before.isdecimal()):
                return True
        elif before.isdecimal() and _days_it_may_be(reading, slots, i) == _COUNTED:
            return True
    return False


def _days_it_may_be(reading: Reading, slots: Slots, i: int) -> frozenset[str]:
    token = reading.tokens[i]
    if token.kind != "w" or i in slots.taken or any(span.i <= i < span.j for span in slots.spans):
        return frozenset()
    return lexicon().may_be("day", token.raw.lower())


def relative_spelt_wrong(reading: Reading, slots: Slots, kind: CaseKind | None) -> bool:
    """'[snak] opname di RS, saya jaga' taken for an illness of one's own."""
    if kind is not CaseKind.SICK:
        return False
    return any(
        lexicon().may_be("kin", reading.tokens[i].raw.lower())
        for mark in reading.true_marks("sick")
        for i in range(max(mark.start - _NEAR, 0), mark.start)
        if reading.tokens[i].kind == "w" and reading.clauses[i] == reading.clauses[mark.start]
    )
