"""Slips of spelling (salah ketik): known words that are one letter away from an unknown one.

A slip is one letter left out, doubled or put in, one letter for another, or two letters swapped
(optimal string alignment distance 1). Two words one slip apart share the word itself or a word that
is left when one letter is taken out, so a table of those finds all of them without comparing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from string import ascii_lowercase

from rapidfuzz.distance import OSA


class Slips:
    """The words that may have been meant, by what is left of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_rest: dict[str, list[str]] = {}
        for word in sorted(words):
            for rest in _rests(word):
                self._by_rest.setdefault(rest, []).append(word)

    def of(self, word: str) -> set[str]:
        """The words that `word` is a slip of; one that begins otherwise ('pondok', 'mondok') is
        another word, unless its first two letters were swapped.
        """
        return begun_alike(word, self.near(word))

    def near(self, word: str) -> set[str]:
        """All words one letter away."""
        near: set[str] = set()
        for rest in _rests(word):
            if rest in self._by_rest:
                near.update(self._by_rest[rest])
        return {known for known in near if OSA.distance(word, known, score_cutoff=1) == 1}


def begun_alike(word: str, near: Iterable[str]) -> set[str]:
    """Those of the words that begin as `word` does, or as it did before two letters swapped."""
    return {known for known in near if known[0] in (word[0], word[1])}


def _rests(word: str) -> set[str]:
    rests = {word[:i] + word[i + 1 :] for i in range(len(word))}
    rests.add(word)
    return rests


def slips_of(words: Iterable[str], but: Container[str]) -> dict[str, frozenset[str]]:
    """Every slip of a few words, of three letters and more, with the words it may be: a table for
    looking up where comparing would take too long. What stands in `but` is no slip."""
    found: dict[str, set[str]] = {}
    for word in words:
        for slip in _one_away(word):
            if len(slip) >= 3 and slip not in but:
                found.setdefault(slip, set()).add(word)
    return {slip: frozenset(meant) for slip, meant in found.items()}


def _one_away(word: str) -> set[str]:
    """All that is one letter left out, put in or changed, or two swapped, away from a word."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    away = {head + tail[1:] for head, tail in cuts if tail}
    away |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    for letter in ascii_lowercase:
        away |= {head + letter + tail for head, tail in cuts}
        away |= {head + letter + tail[1:] for head, tail in cuts if tail}
    return away - {word}
