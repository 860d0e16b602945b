"""Whether a message says anything besides greeting, address and the asking word (isi)."""

from __future__ import annotations

from sms.grammar.courtesy import ADDRESSES
from sms.grammar.reading import Reading

_ADDRESSED = ADDRESSES | {"saya", "nama"}
_PLACED = frozenset(["ke", "di", "dari"])


def content(reading: Reading) -> int:
    """Number of words that tell something: names, titles and courtesies left out."""
    inside = {
        i
        for concept in ("empty", "greeting", "thanks", "title")
        for m in reading.marks(concept)
        for i in range(m.start, m.end)
    }
    return sum(
        1
        for i, t in enumerate(reading.tokens)
        if t.kind in ("w", "a") and i not in inside and not _is_name(reading, i)
    )


def _is_name(reading: Reading, i: int) -> bool:
    """An unknown word after an address, or a name; a place ("ke Tenggarong") is none."""
    token = reading.tokens[i]
    if token.known or reading.word(i - 1) in _PLACED:
        return False
    named = reading.word(i - 1) in _ADDRESSED or token.raw.istitle()
    after_a_name = i > 0 and not reading.tokens[i - 1].known and _is_name(reading, i - 1)
    return named or after_a_name


def has_reason(reading: Reading) -> bool:
    """Some word besides greeting, address and 'izin' says why."""
    return content(reading) >= 1
