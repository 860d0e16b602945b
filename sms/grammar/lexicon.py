"""The lexicon (kamus): what every spelling of a word means, and which phrases a message holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from sms.grammar.normalise import Token, tokens_of
from sms.grammar.phrases import GAP, Phrases
from sms.grammar.slips import Slips, begun_alike, slips_of
from sms.grammar.wordlists import WordLists, load_lists

MAX_GUESSES = 40  # unknown words of one message that are compared with the list
_LONG = 6  # letters of a word whose slips are hardly another word
_SIGNS = frozenset(",.?!;:")  # a lone one behind a word is no part of it
_REMEMBERED = 30  # characters of a word with its signs
_GROUPS = {
    "day": "senin selasa rabu kamis jumat sabtu besok lusa kemarin hari".split(),
    "kin": "anak istri suami bapak mertua adik kakak mama nenek kakek".split(),
}
"""Words whose slips are looked for by their place (`place_slips.py`)."""
_CLITICS = {
    "": 2,
    **dict.fromkeys(("nya", "ny", "lah", "kah", "pun", "ku", "mu"), 3),
    **dict.fromkeys(("ka", "ki", "mi", "ji", "pi"), 4),  # Bugis: 'sakitka'
}
"""Clitics, and how many letters a word must have before them."""
_PREFIXES = (
    "",
    "di",
    "nge",
    "ng",
    "me",
    "mem",
    "men",
    "meng",
    "ke",
    "se",
    "ber",
    "ter",
    "pe",
    "pen",
)
_SUFFIXES = ("", "in", "an", "kan", "i", "nya", "annya", "kannya")
_STEM = 4  # letters of an everyday word that affixes are looked for at
_VOWELS = frozenset("aeiou")
_RUNS = {run: re.compile(rf"(.)\1{{{run - 1},}}", re.DOTALL) for run in (2, 3)}
_Found = tuple[tuple[str, ...] | None, str, bool]
"""Canonical words, clitic that was cut off, whether the spelling was guessed."""


class Lexicon:
    """The word lists, ready for looking up."""

    def __init__(self, lists: WordLists) -> None:
        known = set(lists.spelling) | lists.ordinary
        known.update(word for canon in lists.spelling.values() for word in canon)
        known.update(word for some in lists.phrases.values() for each in some for word in each)
        self.known = frozenset(known - {GAP})
        courteous = {c for c in lists.phrases if c.startswith("courtesy.")}
        self.courtesies = Phrases({c: lists.phrases[c] for c in courteous}, lists.skip)
        self.phrases = Phrases(
            {c: some for c, some in lists.phrases.items() if c not in courteous}, lists.skip
        )
        self._meaning = {word: (word,) for word in self.known} | lists.spelling
        kinds = {word: (word, "n" if word.isdecimal() else "w") for word in self.known}
        self._single = {
            word: kinds[canon[0]] for word, canon in self._meaning.items() if len(canon) == 1
        }
        meant = lists.telling | lists.careful | lists.fuzzy | lists.spelling.keys()
        self._plain = lists.ordinary - meant
        self._slips = Slips(word for word in self.known if len(word) >= 4)
        self._fuzzy = _by_length(lists.fuzzy)
        self._careful = _with_variants(lists)
        self._names = lists.names
        said = {
            word
            for concept, some in lists.phrases.items()
            if not concept.startswith("noise")
            for each in some
            for word in each
        }
        self._telling = lists.telling
        self._said = said | {v for v, canon in lists.spelling.items() if said & set(canon)}
        self.slips_of = {
            group: slips_of(words, self._said | lists.names) for group, words in _GROUPS.items()
        }
        """By group: every slip of one of its words that has no meaning of its own, and of which."""
        self._look_up = lru_cache(maxsize=5000)(self._find)
        self._read_again = lru_cache(maxsize=5000)(self._read_chunk)
        self._rivals = _by_length(word for word in self.known if len(word) >= 4)

    def read(self, text: str) -> list[Token]:
        """The tokens of a tidied text, each with its canonical word.

        No word reaches over a blank. A known word between two, or with one sign behind it, is
        looked up as it stands; what else stands there is cut, remembered, and only moved.
        """
        out: list[Token] = []
        single, budget, offset = self._single, MAX_GUESSES, 0
        for chunk in text.split(" "):
            end = offset + len(chunk)
            known = single.get(chunk.lower())
            if known is not None and chunk.isalpha():
                out.append(Token(known[0], chunk, offset, end, known[1], False, chunk.isupper()))
            elif chunk[-1:] in _SIGNS and chunk[:-1].isalpha() and chunk[:-1].lower() in single:
                out += self._word_and_sign(chunk, offset)
            else:
                for t in self._read_other(chunk, budget):
                    budget -= t.guessed or not t.known
                    if t.guessed and out and _is_a_name(out[-1], t):
                        t = replace(t, word=t.raw.lower(), suffix="", known=False, guessed=False)
                    out.append(_moved(t, offset))
            offset = end + 1
        return out

    def _word_and_sign(self, chunk: str, start: int) -> tuple[Token, Token]:
        raw, sign = chunk[:-1], chunk[-1]
        word, kind = self._single[raw.lower()]
        end = start + len(raw)
        return (
            Token(word, raw, start, end, kind, False, raw.isupper()),
            Token(sign, sign, end, end + 1, "p", True),
        )

    def _read_other(self, chunk: str, budget: int) -> list[Token]:
        if len(chunk) <= _REMEMBERED:
            return self._read_again(chunk, budget > 0)
        return self.canonical(tokens_of(chunk), budget)

    def _read_chunk(self, chunk: str, may_guess: bool) -> list[Token]:
        return self.canonical(tokens_of(chunk), MAX_GUESSES if may_guess else 0)

    def canonical(self, tokens: Sequence[Token], budget: int = MAX_GUESSES) -> list[Token]:
        """Give every token its canonical word, in place; a word may become several.

        At most `budget` unknown words are compared with the known ones.
        """
        out: list[Token] = []
        for token in tokens:
            if token.kind == "w" or token.kind == "a":
                single = self._single.get(token.word)
                if single is not None:
                    token.word, token.kind = single
                    out.append(token)
                    continue
                may_slip = token.kind == "w" and (len(token.raw) > 4 or not token.raw.istitle())
                words, suffix, guessed = self._look_up(token.word, may_slip and budget > 0)
                if words is None:
                    budget -= 1
                    token.known = False
                    out.append(token)
                    continue
                budget -= guessed
                out += _as_words(token, words, suffix, guessed)
            else:
                out.append(token)
        return out

    def _find(self, word: str, guess: bool) -> _Found:
        found = self._meaning.get(word)
        if found:
            return found, "", False
        for form in dict.fromkeys((word, _squeezed(word, 3), _squeezed(word, 2))):
            for clitic, least in _CLITICS.items():
                stem = form.removesuffix(clitic)
                if (clitic and stem == form) or len(stem) < least:
                    continue
                found = self._meaning.get(stem)
                if found and not (
                    form != word and len(stem) < 3 and stem not in ("ya", "ok", "iy")
                ):
                    return found, "nya" if clitic == "ny" else clitic, False
        half, _, other = word.partition("-")
        if half == other and self._meaning.get(half):
            return self._meaning.get(half), "", False  # 'boleh2'
        if guess and not self._is_derived(word):
            for stem, clitic in ((half, "") if half == other else (word, ""), *_unclitic(word)):
                near = self._near_miss(stem) or self._one_slip(stem)
                if near:
                    return self._meaning.get(near), clitic, True
        return None, "", False

    def _is_derived(self, word: str) -> bool:
        """'beresin', 'dirapikan': an everyday word with an affix is no slip of another word."""
        for before in _PREFIXES:
            rest = word.removeprefix(before)
            if before and rest == word:
                continue
            stems = (rest.removesuffix(after) for after in _SUFFIXES if rest.endswith(after))
            if any(len(stem) >= _STEM and stem != word and stem in self._plain for stem in stems):
                return True
        return False

    def _near_miss(self, word: str) -> str | None:
        """The one known word this is a slip of; None when another known word is as near."""
        if not 4 <= len(word) <= 20 or not word.isascii() or word in self._names:
            return None
        if len(word) == 4 and _VOWELS.isdisjoint(word):
            return None  # an abbreviation
        reach = 2 if len(word) >= 9 else 1
        fuzzy = self._fuzzy(len(word))
        hits = process.extract(word, fuzzy, scorer=OSA.distance, score_cutoff=reach, limit=3)
        if not hits:
            return None
        best = min(score for _, score, _ in hits)
        nearest = {self._meaning.get(hit) for hit, score, _ in hits if score == best}
        rivals = process.extract(
            word, self._rivals(len(word)), scorer=OSA.distance, score_cutoff=best, limit=None
        )
        if len(nearest) != 1 or (hits[0][0][0] != word[0] and len(word) < 5):
            return None
        if any(self._meaning.get(rival) not in nearest for rival, _, _ in rivals):
            return None
        return str(hits[0][0])

    def _one_slip(self, word: str) -> str | None:
        """The known word a long one is a slip of, when all that are as near mean the same."""
        if not _LONG <= len(word) <= 20 or word in self._names:
            return None
        near = self._slips.of(word)
        meanings = {self._meaning.get(known) for known in near}
        return min(near) if len(meanings) == 1 and max(map(len, near)) >= _LONG else None

    def may_be_careful(self, word: str) -> str | None:
        """The restricting word ('belum', 'kecuali') that an unknown word may be a slip of."""
        if not 4 <= len(word) <= 12 or word in self._names:
            return None
        return min(self._slips.near(word) & self._careful, default=None)

    def may_be(self, group: str, word: str) -> frozenset[str]:
        """The names of days ('day') or relatives ('kin') that a word of no meaning may be."""
        return self.slips_of[group].get(word, frozenset())

    def may_mean(self, word: str) -> set[str]:
        """The words with a meaning that an unknown word may be a slip of."""
        return self._slips.near(word) & self._said

    def may_tell(self, word: str) -> set[str]:
        """The words of a request that an unknown word may be a slip of."""
        if not 4 <= len(word) <= 20 or word in self._names or self._is_derived(word):
            return set()
        near = self._slips.near(word)
        told = near & self._telling
        if near and len(word) >= _LONG:
            told |= begun_alike(word, near) & self._said
        return told


def _moved(t: Token, by: int) -> Token:
    return Token(
        t.word, t.raw, t.start + by, t.end + by, t.kind, t.glued,
        t.capitals, t.suffix, t.known, t.guessed,
    )  # fmt: skip


_BEFORE_A_PLACE = frozenset(
    ["ke", "di", "dari", "muara", "long", "tanjung", "loa", "desa", "teluk"]
)


def _is_a_name(previous: Token, token: Token) -> bool:
    """'ke Muara Muntai', 'sama Mindah': a capital inside a sentence is a name, and no slip."""
    lowered = previous.kind == "w" and previous.raw.islower()
    return token.raw.istitle() and (lowered or previous.word in _BEFORE_A_PLACE)


def _as_words(token: Token, words: tuple[str, ...], suffix: str, guessed: bool) -> Iterator[Token]:
    """The token as its canonical words; a clitic stays with the last."""
    for position, word in enumerate(words, 1):
        yield Token(
            word,
            token.raw,
            token.start,
            token.end,
            "n" if word.isdecimal() else "w",
            token.glued and position == 1,
            token.capitals,
            suffix if position == len(words) else "",
            guessed=guessed,
        )


def _unclitic(word: str) -> list[tuple[str, str]]:
    """'kelanjuatnnya' without 'nya'; a slip is looked for in the rest."""
    return [(word[: -len(clitic)], clitic) for clitic in ("nya", "kah") if word.endswith(clitic)]


def _by_length(words: Iterable[str]) -> Callable[[int], tuple[str, ...]]:
    """What gives the words that are at most two letters longer or shorter than a length."""
    listed = sorted(words)

    @cache
    def about_as_long(length: int) -> tuple[str, ...]:
        return tuple(word for word in listed if abs(len(word) - length) <= 2)

    return about_as_long


def _squeezed(word: str, run: int) -> str:
    """Write letters that stand `run` or more times in a row once ('okeee', 'cutii')."""
    return _RUNS[run].sub(r"\1", word)


def _with_variants(lists: WordLists) -> frozenset[str]:
    """The careful words and every spelling of them that is long enough to have slips."""
    variants = {v for v, canon in lists.spelling.items() if canon[0] in lists.careful}
    return lists.careful | {v for v in variants if len(v) >= 4}


def load(folder: Path | None = None) -> Lexicon:
    """The lexicon of a folder of word lists, else of ours; LexiconError names every fault."""
    return Lexicon(load_lists(folder))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The word lists shipped with the grammar, read once; doors ask for it when they start."""
    return load()
