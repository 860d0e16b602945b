"""The word lists (kamus): spelling variants, phrases and ordinary words, read from words/*.toml.

A file may hold
    [spelling]   canonical = "variant variant ..."        one word each way; dialects, typos, chat
    [phrases]    concept   = ["word word", "word .. word"] `..` skips up to three words
    [ordinary]   words     = "word word ..."               known words that mean nothing here
    [fuzzy]      words     = "word word ..."               canonical words that bear a near miss
    [careful]    words     = "word word ..."               words whose slips make a yes doubtful
    [telling]    words     = "word word ..."               words whose slips make a request doubtful
BKD extends the files without touching code. Whatever is written twice or means two things is named
in one error when the lists are loaded.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sms.grammar.normalise import Token

WORDS = Path(__file__).parent / "words"
MAX_GUESSES = 40  # unknown words of one message that are compared with the list
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")
_VOWELS = frozenset("aeiou")
_OPPOSITES = (("yes", "no"), ("yes", "objection"), ("postpone", "yes"), ("wish", "no"))


_Found = tuple[tuple[str, ...] | None, str, bool]
"""Canonical words, clitic that was cut off, whether the spelling was guessed."""


class LexiconError(RuntimeError):
    """The word lists contradict themselves; the message names every fault."""


@dataclass
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    concepts: list[str] = field(default_factory=list)


class Mark(NamedTuple):
    """A phrase found in a message: tokens `start` up to, not including, `end`."""

    concept: str
    start: int
    end: int
    words: str


@dataclass
class Lexicon:
    """Loaded word lists: spelling, a tree of phrases, and the words that bear a near miss."""

    spelling: dict[str, tuple[str, ...]]
    root: _Node
    gapped: dict[str, list[tuple[tuple[str, ...], str]]]
    known: frozenset[str]
    fuzzy: tuple[str, ...]
    careful: tuple[str, ...]
    telling: tuple[str, ...]
    skip: frozenset[str]
    concepts: dict[str, frozenset[str]]
    looked_up: dict[tuple[str, bool], _Found] = field(default_factory=dict)
    by_length: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def canonical(self, tokens: Sequence[Token]) -> list[Token]:
        """Replace every word by its canonical spelling; a word may become several."""
        out: list[Token] = []
        budget = MAX_GUESSES
        for token in tokens:
            if token.kind not in ("w", "a"):
                out.append(token)
                continue
            plain = self._plain(token.word)
            if plain is not None and len(plain) == 1:
                word = plain[0]
                kind = "n" if word.isdecimal() else "w"
                same = word == token.word and kind == token.kind
                out.append(token if same else token._replace(word=word, kind=kind))
                continue
            may_slip = token.kind == "w" and (len(token.raw) > 4 or not token.raw.istitle())
            words, suffix, guessed = self._look_up(token.word, may_slip and budget > 0)
            if words is None:
                budget -= 1
                out.append(token._replace(known=False))
                continue
            budget -= guessed
            out += _as_words(token, words, suffix, guessed)
        return out

    def _look_up(self, word: str, guess: bool) -> _Found:
        """Canonical words, clitic that was cut off, and whether the spelling was guessed."""
        if (word, guess) not in self.looked_up:
            if len(self.looked_up) > 5000:
                self.looked_up.clear()
            self.looked_up[word, guess] = self._find(word, guess)
        return self.looked_up[word, guess]

    def _find(self, word: str, guess: bool) -> _Found:
        found = self._plain(word)
        if found:
            return found, "", False
        for form in (word, _squeezed(word, 3), _squeezed(word, 2)):
            for clitic in ("", *_CLITICS):
                stem = form[: -len(clitic)] if clitic and form.endswith(clitic) else form
                if (clitic and stem == form) or len(stem) < 2 or (clitic and len(stem) < 3):
                    continue
                found = self._plain(stem)
                if found and not (
                    form != word and len(stem) < 3 and stem not in ("ya", "ok", "iy")
                ):
                    return found, clitic, False
        half, _, other = word.partition("-")
        if half == other and self._plain(half):
            return self._plain(half), "", False  # 'boleh2'
        near = self._near_miss(word) if guess else None
        if near:
            return self._plain(near), "", True
        return None, "", False

    def _plain(self, word: str) -> tuple[str, ...] | None:
        found = self.spelling.get(word)
        if found:
            return found
        return (word,) if word in self.known else None

    def _near_miss(self, word: str) -> str | None:
        """The one known word this is a slip of; None when another known word is as near."""
        if len(word) < 4 or len(word) > 20 or not word.isascii():
            return None
        return self._nearest(word)

    def may_be_careful(self, word: str) -> str | None:
        """The restricting word ('belum', 'kecuali') that an unknown word may be a slip of."""
        if not 4 <= len(word) <= 12:
            return None
        hit = process.extractOne(word, self.careful, scorer=OSA.distance, score_cutoff=1)
        return str(hit[0]) if hit else None

    def may_tell(self, word: str) -> str | None:
        """The word of day, kind or family that an unknown word of a request may be a slip of."""
        if not 5 <= len(word) <= 12:
            return None
        hit = process.extractOne(word, self.telling, scorer=OSA.distance, score_cutoff=1)
        return str(hit[0]) if hit else None

    def _nearest(self, word: str) -> str | None:
        reach = 2 if len(word) >= 9 else 1
        if len(word) == 4 and not set(word) & _VOWELS:
            return None  # an abbreviation
        hits = process.extract(word, self.fuzzy, scorer=OSA.distance, score_cutoff=reach, limit=3)
        if not hits:
            return None
        best = min(score for _, score, _ in hits)
        nearest = {self._plain(hit) for hit, score, _ in hits if score == best}
        rivals = process.extract(
            word, self._rivals(len(word)), scorer=OSA.distance, score_cutoff=best, limit=None
        )
        if len(nearest) != 1 or (hits[0][0][0] != word[0] and len(word) < 5):
            return None
        if any(self._plain(rival) not in nearest for rival, _, _ in rivals):
            return None
        return str(hits[0][0])

    def _rivals(self, length: int) -> tuple[str, ...]:
        """Known words of about this length."""
        if length not in self.by_length:
            self.by_length[length] = tuple(
                w for w in self.known if abs(len(w) - length) <= 2 and len(w) >= 4
            )
        return self.by_length[length]

    def marks(self, words: Sequence[str], breaks: Sequence[bool]) -> list[Mark]:
        """Find every phrase; the longest of each concept at each place.

        `breaks[i]` tells that a sentence or clause ends before word i; no phrase crosses it.
        """
        out: list[Mark] = []
        for i, word in enumerate(words):
            node, j = self.root.next.get(word), i + 1
            if word not in self.gapped and (node is None or not node.next):
                out += [Mark(c, i, j, word) for c in node.concepts] if node else ()
                continue
            longest: dict[str, int] = {}
            while node is not None:
                for concept in node.concepts:
                    longest[concept] = j
                while j < len(words) and words[j] in self.skip and words[j] not in node.next:
                    if breaks[j] or not node.next:
                        break
                    j += 1
                if j >= len(words) or breaks[j]:
                    break
                node, j = node.next.get(words[j]), j + 1
            for pattern, concept in self.gapped.get(word, ()):
                found = _match_gapped(words, breaks, i, pattern)
                if found and found > longest.get(concept, 0):
                    longest[concept] = found
            for concept, end in longest.items():
                out.append(Mark(concept, i, end, " ".join(words[i:end])))
        return out


def _as_words(token: Token, words: tuple[str, ...], suffix: str, guessed: bool) -> Iterator[Token]:
    """The token as its canonical words; a clitic stays with the last."""
    for position, word in enumerate(words):
        yield token._replace(
            word=word,
            kind="n" if word.isdecimal() else "w",
            suffix=suffix if position == len(words) - 1 else "",
            guessed=guessed,
            glued=token.glued and position == 0,
        )


def _match_gapped(
    words: Sequence[str], breaks: Sequence[bool], start: int, pattern: tuple[str, ...]
) -> int | None:
    j, gap = start + 1, 0
    for part in pattern[1:]:
        if part == "..":
            gap = 3
            continue
        while j < len(words) and not breaks[j] and words[j] != part and gap > 0:
            j, gap = j + 1, gap - 1
        if j >= len(words) or breaks[j] or words[j] != part:
            return None
        j, gap = j + 1, 0
    return j


def _squeezed(word: str, run: int) -> str:
    """Write letters that stand `run` or more times in a row once ('okeee', 'cutii')."""
    out: list[str] = []
    i = 0
    while i < len(word):
        j = i
        while j < len(word) and word[j] == word[i]:
            j += 1
        out.append(word[i] if j - i >= run else word[i:j])
        i = j
    return "".join(out)


def load(folder: Path = WORDS) -> Lexicon:
    """Read and check all word lists of a folder; raise LexiconError naming every fault."""
    tables = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            tables[path.name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as fault:
            raise LexiconError(f"{path.name}: {fault}") from fault
    return build(tables)


def build(tables: Mapping[str, Mapping[str, Mapping[str, object]]]) -> Lexicon:
    """Make a lexicon from parsed tables, keyed by file name."""
    faults: list[str] = []
    spelling = _spelling(tables, faults)
    phrases = _phrases(tables, spelling, faults)
    ordinary = _words(tables, "ordinary")
    for where, word in ordinary:
        if word in spelling and spelling[word] != (word,):
            faults.append(f"{where}: '{word}' is ordinary and also means '{spelling[word][0]}'")
    if faults:
        raise LexiconError("word lists: " + "; ".join(faults))
    root = _Node()
    gapped: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    concepts: dict[str, set[str]] = {}
    known = set(spelling) | {w for _, w in ordinary}
    for canon in spelling.values():
        known.update(canon)
    for concept, patterns in phrases.items():
        for pattern in patterns:
            known.update(w for w in pattern if w != "..")
            concepts.setdefault(concept, set()).add(" ".join(pattern))
            if ".." in pattern:
                gapped.setdefault(pattern[0], []).append((pattern, concept))
            else:
                node = root
                for word in pattern:
                    node = node.next.setdefault(word, _Node())
                node.concepts.append(concept)
    return Lexicon(
        spelling,
        root,
        gapped,
        frozenset(known),
        tuple(sorted({w for _, w in _words(tables, "fuzzy")})),
        _with_variants({w for _, w in _words(tables, "careful")}, spelling),
        tuple(sorted({w for _, w in _words(tables, "telling")})),
        frozenset(w for _, w in _words(tables, "skip")),
        {c: frozenset(p) for c, p in concepts.items()},
    )


def _with_variants(words: set[str], spelling: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The words and every spelling of them that is long enough to have slips."""
    variants = {v for v, canon in spelling.items() if canon[0] in words and len(v) >= 4}
    return tuple(sorted(words | variants))


def _words(
    tables: Mapping[str, Mapping[str, Mapping[str, object]]], section: str
) -> list[tuple[str, str]]:
    return [
        (name, word)
        for name, table in tables.items()
        for value in table.get(section, {}).values()
        for word in str(value).split()
    ]


def _spelling(
    tables: Mapping[str, Mapping[str, Mapping[str, object]]], faults: list[str]
) -> dict[str, tuple[str, ...]]:
    spelling: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    for name, table in tables.items():
        for canonical, variants in table.get("spelling", {}).items():
            target = tuple(canonical.split())
            for variant in str(variants).split():
                if variant in spelling:
                    same = spelling[variant] == target
                    kind = "twice" if same else f"as '{' '.join(spelling[variant])}' too"
                    faults.append(
                        f"{name}: '{variant}' = '{canonical}' stands {kind} ({seen[variant]})"
                    )
                spelling[variant] = target
                seen[variant] = name
            if len(target) == 1:
                clash = spelling.get(canonical, target)
                if clash != target:
                    faults.append(f"{name}: '{canonical}' is a word and a variant of '{clash[0]}'")
                spelling[canonical] = target
                seen.setdefault(canonical, name)
    return spelling


def _phrases(
    tables: Mapping[str, Mapping[str, Mapping[str, object]]],
    spelling: Mapping[str, tuple[str, ...]],
    faults: list[str],
) -> dict[str, list[tuple[str, ...]]]:
    phrases: dict[str, list[tuple[str, ...]]] = {}
    home: dict[tuple[str, tuple[str, ...]], str] = {}
    for name, table in tables.items():
        for concept, entries in table.get("phrases", {}).items():
            if not isinstance(entries, Iterable) or isinstance(entries, str):
                faults.append(f"{name}: phrases of '{concept}' must be a list")
                continue
            for entry in entries:
                pattern = tuple(
                    word for part in str(entry).split() for word in spelling.get(part, (part,))
                )
                if (concept, pattern) in home:
                    faults.append(f"{name}: '{entry}' stands twice under '{concept}'")
                home[concept, pattern] = name
                phrases.setdefault(concept, []).append(pattern)
    for one, other in _OPPOSITES:
        for pattern in set(phrases.get(one, ())) & set(phrases.get(other, ())):
            faults.append(f"'{' '.join(pattern)}' is both '{one}' and '{other}'")
    return phrases


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The word lists shipped with the grammar, read once."""
    return load()
