"""Finding phrases in a row of words (frasa): a tree by first word, and phrases with gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

GAP = ".."  # in a pattern: up to three words may stand between
_LONGEST_GAP = 3
STOPS = frozenset(".!?;,\n")
"""Signs that no phrase crosses."""


@dataclass(slots=True, eq=False)
class Mark:
    """A phrase found in a message: tokens `start` up to, not including, `end`."""

    start: int
    end: int
    words: str
    concepts: frozenset[str]  # what it says


class _Gapped(NamedTuple):
    """A phrase with gaps; it can only be found where all its words are."""

    concept: str
    pattern: tuple[str, ...]
    words: frozenset[str]


_Longest = tuple[tuple[int, frozenset[str]], ...]


@dataclass(slots=True)
class _Node:
    """What the words so far mean, and how they may go on."""

    concepts: frozenset[str] = frozenset()
    next: dict[str, _Node] = field(default_factory=dict)
    gapped: list[_Gapped] = field(default_factory=list)
    longest: _Longest = ()
    """Each concept of the way here by the most words that say it: (number of words, concepts)."""


class Phrases:
    """All phrases of the word lists. `skipped` words may stand inside any phrase."""

    def __init__(
        self, phrases: Mapping[str, Iterable[tuple[str, ...]]], skipped: frozenset[str]
    ) -> None:
        self._first: dict[str, _Node] = {}
        self._skipped = skipped
        for concept, patterns in phrases.items():
            for pattern in patterns:
                self._add(concept, pattern)
        for node in self._first.values():
            _note_longest(node, 1, ())

    def _add(self, concept: str, pattern: tuple[str, ...]) -> None:
        node = self._first.setdefault(pattern[0], _Node())
        if GAP in pattern:
            node.gapped.append(_Gapped(concept, pattern, frozenset(pattern) - {GAP}))
            return
        for word in pattern[1:]:
            node = node.next.setdefault(word, _Node())
        node.concepts |= {concept}

    def find(self, words: Sequence[str], vocabulary: frozenset[str]) -> list[Mark]:
        """Every phrase, in order; the longest of each concept at each place.

        `vocabulary` is the set of the words.
        """
        out: list[Mark] = []
        first, skipped, last = self._first, self._skipped, len(words) - 1
        if first.keys().isdisjoint(vocabulary):
            return out
        for i, word in enumerate(words):
            node = first.get(word)
            if node is None:
                continue
            after = words[i + 1] if i < last else "\n"
            goes_on = after in node.next or (node.next and after in skipped)
            gapped = node.gapped and [g for g in node.gapped if g.words <= vocabulary]
            if gapped:
                out += _with_gaps(self._longest(node, words, i), gapped, words, i)
            elif goes_on:
                out += self._longest(node, words, i)
            elif node.concepts:
                out.append(Mark(i, i + 1, word, node.concepts))
        return out

    def _longest(self, node: _Node, words: Sequence[str], i: int) -> list[Mark]:
        """The longest phrase of each concept that begins at word i and has no gaps."""
        ends = [i + 1]
        j = i + 1
        while node.next:
            while j < len(words) and words[j] in self._skipped and words[j] not in node.next:
                j += 1
            if j >= len(words) or words[j] in STOPS or words[j] not in node.next:
                break
            node, j = node.next[words[j]], j + 1
            ends.append(j)
        return [
            Mark(i, ends[count - 1], " ".join(words[i : ends[count - 1]]), concepts)
            for count, concepts in node.longest
        ]


def _note_longest(node: _Node, count: int, before: _Longest) -> None:
    """Note at a node, and at those behind it, what the words so far say; it has `count` of them."""
    node.longest = before
    if node.concepts:
        shorter = [(n, some - node.concepts) for n, some in before]
        node.longest = (*[(n, some) for n, some in shorter if some], (count, node.concepts))
    for following in node.next.values():
        _note_longest(following, count + 1, node.longest)


def _with_gaps(
    marks: list[Mark], gapped: Iterable[_Gapped], words: Sequence[str], i: int
) -> list[Mark]:
    """The longest phrase of each concept that begins at word i, among those with gaps too."""
    found = [(p.concept, end) for p in gapped if (end := _end_of(p.pattern, words, i))]
    if not found:
        return marks
    ends = {concept: mark.end for mark in marks for concept in mark.concepts}
    for concept, end in found:
        ends[concept] = max(end, ends.get(concept, 0))
    return [
        Mark(i, end, " ".join(words[i:end]), frozenset(c for c in ends if ends[c] == end))
        for end in sorted(set(ends.values()))
    ]


def _end_of(pattern: tuple[str, ...], words: Sequence[str], start: int) -> int:
    """Where a phrase with gaps that begins at `start` ends; 0 when it does not stand there."""
    j, gap = start + 1, 0
    for part in pattern[1:]:
        if part == GAP:
            gap = _LONGEST_GAP
            continue
        while j < len(words) and words[j] not in STOPS and words[j] != part and gap > 0:
            j, gap = j + 1, gap - 1
        if j >= len(words) or words[j] in STOPS or words[j] != part:
            return 0
        j, gap = j + 1, 0
    return j
