"""An unknown word that may be a slip of one that tells (salah ketik): 'izin jumta', 'izin sakti'.

What it would change is found out by reading the message with the word that may have been meant:
when that says the same ('bsok apgi' or 'besok pagi'), nothing is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod

from sms.grammar.courtesy import ADDRESSES
from sms.grammar.lexicon import lexicon
from sms.grammar.meaning import Meaning
from sms.grammar.reading import Reading

_MOST_READINGS = 8  # of one message
_PLACES = frozenset(
    ["muara", "long", "tanjung", "sungai", "loa", "teluk", "kampung", "desa", "kota"]
)
_TITLES = ADDRESSES | {"si"}
_BEFORE_A_NAME = _PLACES | frozenset(
    [*_TITLES, "ke", "di", "dari", "nama", "saya", "dinas", "kantor", "rs", "ibu", "bapak"]
)


def slip_that_may_tell(reading: Reading) -> str:
    """What an unknown word may be, in words; '' when none may be anything."""
    for i, near in _slips(reading):
        return f"'{reading.tokens[i].raw}' may be '{min(near)}'"
    return ""


def _slips(reading: Reading) -> Iterator[tuple[int, set[str]]]:
    for i in reading.strange:
        if not _is_a_name(reading, i):
            near = lexicon().may_tell(_raw(reading, i))
            if near:
                yield i, near


def _raw(reading: Reading, i: int) -> str:
    return reading.tokens[i].raw.lower()


def _is_a_name(reading: Reading, i: int) -> bool:
    """An unknown word behind a title or preposition, or a capital beside another unknown one."""
    if reading.word(i - 1) in _BEFORE_A_NAME:
        return reading.word(i - 1) != "saya" or not reading.tokens[i].raw.islower()
    beside = [reading.tokens[j] for j in (i - 1, i + 1) if 0 <= j < len(reading.tokens)]
    paired = any(t.raw[:1].isupper() and not t.known for t in beside)
    return reading.tokens[i].raw.istitle() and paired


def same_either_way(
    reading: Reading, found: Meaning, read_again: Callable[[str], Meaning]
) -> Meaning:
    """The meaning without its question when it is the same with every word that may be meant."""
    doubt = slip_that_may_tell(reading)
    if not doubt or found.why[-1:] != (doubt,):
        return found
    slips = [(i, near | lexicon().may_mean(_raw(reading, i))) for i, near in _slips(reading)]
    if prod(len(near) for _, near in slips) > _MOST_READINGS:
        return found
    place, near = slips[0]
    token = reading.tokens[place]
    for word in sorted(near):
        other = read_again(reading.text[: token.start] + word + reading.text[token.end :])
        if other.must_ask or _said(other) != _said(found):
            return found
    why = (*found.why[:-1], f"{doubt}, and says the same")
    return found._replace(must_ask=False, question=None, stand_in=other.stand_in, why=why)


def _said(meaning: Meaning) -> tuple[object, ...]:
    return (
        meaning.intent, meaning.kind, meaning.start, meaning.end, meaning.time_from,
        meaning.time_to, meaning.half,
    )  # fmt: skip
