"""Greetings before and thanks after what an SMS says (basa-basi)."""

from __future__ import annotations

from collections.abc import Sequence

from sms.grammar.normalise import Token
from sms.grammar.phrases import Mark

ADDRESSES = frozenset(
    [
        "pak", "bu", "bapak", "ibu", "mas", "mbak", "bang", "kak", "sdr", "sdri", "saudara",
        "saudari", "mbah", "dik",
    ]
)  # fmt: skip
"""Words that stand before a name, or for it (sapaan)."""
_BREAKS = frozenset(",.!;:-\n")
_AFTER_THANKS = ADDRESSES | {"ya", "banyak", "sebelum", "sebelumnya", "salam"}
_LONGEST_NAME = 5  # words of an addressee ('Yth. Ibu Kepala Dinas') or a signature
_Marks = Sequence[Mark]


def without_courtesies(tokens: list[Token], marks: _Marks) -> list[Token]:
    """The tokens between opening and closing courtesies; all of them if nothing else is there.

    Whether somebody greets and thanks must not change what is read from the rest.
    """
    first, last = _opening(tokens, marks), _closing(tokens, marks)
    kept = tokens[first:last]
    return kept if any(t.kind in ("w", "n", "a") for t in kept) else tokens


def _opening(tokens: Sequence[Token], marks: _Marks) -> int:
    """Index of the first token after greetings ('Assalamualaikum pak,', 'Yth. Ibu Kepala,')."""
    ends = {m.start: m.end for m in marks if "courtesy.opening" in m.concepts}
    i = done = 0
    while i < len(tokens):
        if i in ends:
            i = done = _past_address(tokens, ends[i])
        elif tokens[i].word == "yth" and (end := _past_addressee(tokens, i)):
            i = done = end
        elif tokens[i].word in _BREAKS:
            i += 1
            done = i if done else 0
        else:
            break
    return done


def _past_address(tokens: Sequence[Token], i: int) -> int:
    """After 'pak' or 'bu Rina,'; 'pak Rahmat sakit' is spoken of, not to."""
    if i >= len(tokens) or tokens[i].word not in ADDRESSES:
        return i
    end = i + 1
    while end < len(tokens) and not tokens[end].known and end - i <= _LONGEST_NAME:
        end += 1
    closed = end == i + 1 or end >= len(tokens) or tokens[end].word in _BREAKS
    return end if closed else i


def _past_addressee(tokens: Sequence[Token], i: int) -> int:
    for end in range(i + 1, min(i + 2 + _LONGEST_NAME, len(tokens))):
        if tokens[end].word in _BREAKS and end > i + 1:
            return end
    return 0


def _closing(tokens: Sequence[Token], marks: _Marks) -> int:
    """Index after the last token before thanks and farewell ('terima kasih bu', 'Hormat saya')."""
    starts = {m.end: m.start for m in marks if "courtesy.closing" in m.concepts}
    last = len(tokens)
    for mark in marks:
        if "courtesy.signature" not in mark.concepts:
            continue
        if last - mark.end <= _LONGEST_NAME and mark.start > 0:
            last = mark.start
            break
    i = done = last
    while i > 0:
        if i in starts:
            i = done = starts[i]
        elif tokens[i - 1].word in _BREAKS or tokens[i - 1].word in _AFTER_THANKS:
            i -= 1
        else:
            break
    return done
