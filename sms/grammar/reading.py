"""One SMS ready for the rules (bacaan): canonical tokens, clauses and the phrases found in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from sms.grammar.courtesy import without_courtesies
from sms.grammar.lexicon import lexicon
from sms.grammar.normalise import Token, tidy
from sms.grammar.phrases import Mark
from sms.grammar.senses import settle

_HARD = frozenset(".!?;\n")
_CLAUSE_WORDS = frozenset(
    {"karena", "tapi", "jadi", "supaya", "agar", "untuk", "setelah", "habis", "sambil"}
)
_CLAUSE_ENDS = _HARD | _CLAUSE_WORDS | {",", "(", ")", ":"}


@dataclass(slots=True)
class Reading:
    """Tokens of one message with their marks; `words[i]` is the canonical word of token i."""

    text: str
    tokens: list[Token]
    now: datetime
    words: list[str]
    clauses: list[int]  # number of the clause a token stands in
    sentences: list[int]
    phrases: list[Mark]
    concepts: frozenset[str]  # those of the phrases, for looking up
    vocabulary: frozenset[str]  # the words, for looking up
    said: frozenset[str]  # words and concepts; a rule is entered only where a cue of its own is
    numbers: list[int]  # places of the tokens in digits
    strange: list[int]  # places of the words that no list knows
    by_concept: dict[str, list[Mark]] = field(default_factory=dict)  # as far as asked for
    found: dict[Any, Any] = field(default_factory=dict)  # what `once` has found out

    def has(self, *concepts: str) -> bool:
        """Tell whether a phrase of any of the concepts stands in the message."""
        return not self.concepts.isdisjoint(concepts)

    def marks(self, concept: str) -> Sequence[Mark]:
        """Phrases of a concept, in order."""
        if concept not in self.concepts:
            return ()
        found = self.by_concept.get(concept)
        if found is None:
            found = [mark for mark in self.phrases if concept in mark.concepts]
            self.by_concept[concept] = found
        return found

    def true_marks(self, concept: str) -> Sequence[Mark]:
        """Phrases of a concept that do not stand inside one of its traps (`concept.false`)."""
        if concept not in self.concepts:
            return ()
        found = self.marks(concept)
        if f"{concept}.false" not in self.concepts:
            return found
        traps = {i for m in self.marks(f"{concept}.false") for i in range(m.start, m.end)}
        return [m for m in found if not traps.intersection(range(m.start, m.end))]

    def first(self, *concepts: str) -> Mark | None:
        """The earliest phrase of the concepts."""
        found = [self.marks(concept)[0] for concept in concepts if concept in self.concepts]
        return min(found, key=lambda m: m.start) if found else None

    def word(self, index: int) -> str:
        """Canonical word at an index, '' outside."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def before(self, index: int, reach: int = 4, *, across_commas: bool = False) -> list[str]:
        """Words to the left of an index, nearest first, inside its clause."""
        numbers = self.sentences if across_commas else self.clauses
        first = index - reach if index > reach else 0
        while first < index and numbers[first] != numbers[index]:
            first += 1
        return self.words[first:index][::-1]

    def has_word(self, *words: str) -> bool:
        """Tell whether any of the canonical words stands in the message."""
        return not self.vocabulary.isdisjoint(words)

    def count_words(self) -> int:
        """Number of words (letters), signs and numbers left out."""
        return sum(1 for t in self.tokens if t.kind in ("w", "a"))

    @property
    def body(self) -> str:
        """The raw text without the courtesies around it."""
        return self.slice(0, len(self.tokens))

    def slice(self, start: int, end: int) -> str:
        """The raw text between two tokens, trimmed."""
        if start >= end or start >= len(self.tokens):
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end].strip(" ,.;:-\n")


_Found = TypeVar("_Found")
_Question = Callable[[Reading], _Found]


def once(*cues: str, otherwise: Any) -> Callable[[_Question[_Found]], _Question[_Found]]:
    """Ask a question about a reading once; rules share the answer.

    Where none of the `cues` (words or concepts) stands, it is `otherwise` without being asked.
    """
    needed = frozenset(cues)

    def ask_once(question: _Question[_Found]) -> _Question[_Found]:
        @wraps(question)
        def asked(reading: Reading) -> _Found:
            if reading.said.isdisjoint(needed):
                return otherwise  # type: ignore[no-any-return]
            found: dict[_Question[_Found], _Found] = reading.found
            if question not in found:
                found[question] = question(reading)
            return found[question]

        return asked

    return ask_once


def read_text(text: str, now: datetime) -> Reading:
    """Normalise, canonicalise and mark what a text says between its courtesies."""
    tidied = tidy(text)
    tokens = settle(lexicon().read(tidied))
    words = [token.word for token in tokens]
    vocabulary = frozenset(words)
    courtesies = lexicon().courtesies.find(words, vocabulary)
    if courtesies or "yth" in vocabulary:
        tokens = without_courtesies(tokens, courtesies)
        words = [token.word for token in tokens]
        vocabulary = frozenset(words)
    if vocabulary.isdisjoint(_CLAUSE_ENDS):
        clauses = sentences = [0] * len(tokens)
    else:
        clauses, sentences = _number_clauses(tokens)
    phrases = lexicon().phrases.find(words, vocabulary)
    concepts = frozenset().union(*[mark.concepts for mark in phrases])
    return Reading(
        tidied,
        tokens,
        now,
        words,
        clauses,
        sentences,
        phrases,
        concepts,
        vocabulary,
        vocabulary | concepts,
        [i for i, token in enumerate(tokens) if token.kind == "n"],
        [i for i, token in enumerate(tokens) if not token.known and token.kind == "w"],
    )


def _number_clauses(tokens: Sequence[Token]) -> tuple[list[int], list[int]]:
    """The number of the clause and of the sentence that each token stands in."""
    clauses: list[int] = []
    sentences: list[int] = []
    clause = sentence = 0
    for i, token in enumerate(tokens):
        word = token.word
        if word in _CLAUSE_ENDS and (word in _CLAUSE_WORDS or not _inside_number(tokens, i)):
            clause += 1
            sentence += word in _HARD
        clauses.append(clause)
        sentences.append(sentence)
    return clauses, sentences


def _inside_number(tokens: Sequence[Token], i: int) -> bool:
    return (
        0 < i < len(tokens) - 1
        and tokens[i - 1].kind == "n"
        and tokens[i + 1].kind == "n"
        and tokens[i].glued
        and tokens[i + 1].glued
    )
