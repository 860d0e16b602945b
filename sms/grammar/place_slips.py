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
    inside = {i for span in slots.spans for i in range(span.i, span.j)} | slots.taken
    return any(
        token.kind == "w" and i not in inside and _may_be_the_day(reading, slots, i)
        for i, token in enumerate(reading.tokens)
    )


def _may_be_the_day(reading: Reading, slots: Slots, i: int) -> bool:
    days = lexicon().may_be("day", reading.tokens[i].raw.lower())
    if not days:
        return False
    before, after = reading.word(i - 1), reading.word(i + 1)
    if days <= _COUNTED:
        return after == "ini" or before.isdecimal()
    beside = any(i == span.j or i + 1 == span.i for span in slots.spans)
    begins = before in _BREAKS
    return beside or before in _BEFORE or after in _BEHIND or (begins and after in _SUBJECT)


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
