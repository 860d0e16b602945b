"""One SMS ready for the rules (bacaan): canonical tokens, clauses and the phrases found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from sms.grammar.lexicon import Mark, lexicon
from sms.grammar.normalise import Token, tidy, tokens_of
from sms.grammar.numbers import COUNTS

_DOUBLE_SENSE = frozenset(
    ["belas", "puluh", "sakit", "tua", "kalih", "karo", "dl", "bln", "td", "t", "x", *COUNTS]
)
_HARD = frozenset(".!?;\n")
_CLAUSE_WORDS = frozenset(
    {"karena", "tapi", "jadi", "supaya", "agar", "untuk", "setelah", "habis", "sambil"}
)
_CARE_OF_DL = frozenset(
    [
        "cuti",
        "ct",
        "cek",
        "nanti",
        "jangan",
        "pulang",
        "istirahat",
        "bertanya",
        "konsultasi",
        "lihat",
        "tunggu",
        "pikir",
        "sabar",
        "makan",
        "tunda",
        "pending",
        "tidak",
        "masuk",
        "turun",
    ]
)
_NOT_TOWNS = frozenset(
    [
        "dokter",
        "rs",
        "puskesmas",
        "bank",
        "atm",
        "pasar",
        "sekolah",
        "rumah",
        "klinik",
        "kantor",
        "apotek",
        "bengkel",
    ]
)
_AFTER_A_NEGATION = frozenset(
    [
        "bisa",
        "dapat",
        "masuk",
        "turun",
        "hadir",
        "setuju",
        "boleh",
        "enak",
        "kerja",
        "ada",
        "jadi",
        "disetujui",
        "diizinkan",
        "izinkan",
        "mengizinkan",
        "acc",
    ]
)


@dataclass
class Reading:
    """Tokens of one message with their marks; `words[i]` is the canonical word of token i."""

    text: str
    tokens: list[Token]
    now: datetime
    words: list[str] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)  # number of the clause a token stands in
    sentences: list[int] = field(default_factory=list)
    by_concept: dict[str, list[Mark]] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()  # the words, for looking up
    found: dict[str, Any] = field(default_factory=dict)  # what `once` has found out

    def has(self, *concepts: str) -> bool:
        """Tell whether a phrase of any of the concepts stands in the message."""
        return not self.by_concept.keys().isdisjoint(concepts)

    def marks(self, concept: str) -> list[Mark]:
        """Phrases of a concept, in order."""
        return self.by_concept.get(concept, [])

    def true_marks(self, concept: str) -> list[Mark]:
        """Phrases of a concept that do not stand inside one of its traps (`concept.false`)."""
        found = self.by_concept.get(concept)
        if not found or f"{concept}.false" not in self.by_concept:
            return found or []
        traps = {i for m in self.marks(f"{concept}.false") for i in range(m.start, m.end)}
        return [m for m in found if not traps.intersection(range(m.start, m.end))]

    def first(self, *concepts: str) -> Mark | None:
        """The earliest phrase of the concepts."""
        found = [mark for concept in concepts for mark in self.marks(concept)]
        return min(found, key=lambda m: m.start) if found else None

    def word(self, index: int) -> str:
        """Canonical word at an index, '' outside."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def before(self, index: int, reach: int = 4, *, across_commas: bool = False) -> Iterator[str]:
        """Words to the left of an index, nearest first, inside its clause."""
        for i in range(index - 1, max(-1, index - 1 - reach), -1):
            same = (
                self.sentences[i] == self.sentences[index]
                if across_commas
                else (self.clauses[i] == self.clauses[index])
            )
            if not same:
                return
            yield self.words[i]

    def has_word(self, *words: str) -> bool:
        """Tell whether any of the canonical words stands in the message."""
        return not self.vocabulary.isdisjoint(words)

    def count_words(self) -> int:
        """Number of words (letters), signs and numbers left out."""
        return sum(1 for t in self.tokens if t.kind in ("w", "a"))

    def slice(self, start: int, end: int) -> str:
        """The raw text between two tokens, trimmed."""
        if start >= end or start >= len(self.tokens):
            return ""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end].strip(" ,.;:-\n")


_Found = TypeVar("_Found")


def once(question: Callable[[Reading], _Found]) -> Callable[[Reading], _Found]:
    """Ask a question about a reading once; rules share the answer."""

    @wraps(question)
    def asked(reading: Reading) -> _Found:
        name = question.__qualname__
        if name not in reading.found:
            reading.found[name] = question(reading)
        answer: _Found = reading.found[name]
        return answer

    return asked


def read_text(text: str, now: datetime) -> Reading:
    """Normalise, canonicalise and mark a text."""
    tidied = tidy(text)
    tokens = _settle(lexicon().canonical(tokens_of(tidied)))
    reading = Reading(tidied, tokens, now, [t.word for t in tokens])
    reading.vocabulary = frozenset(reading.words)
    _number_clauses(reading)
    breaks = [t.kind == "l" or t.word in ".!?;," for t in tokens]
    for mark in lexicon().marks(reading.words, breaks):
        reading.by_concept.setdefault(mark.concept, []).append(mark)
    return reading


def _number_clauses(reading: Reading) -> None:
    clause = sentence = 0
    tokens = reading.tokens
    for i, token in enumerate(tokens):
        if token.word in _HARD and not _inside_number(tokens, i):
            sentence += 1
            clause += 1
        elif (
            token.word in (",", "(", ")", ":") and not _inside_number(tokens, i)
        ) or token.word in _CLAUSE_WORDS:
            clause += 1
        reading.clauses.append(clause)
        reading.sentences.append(sentence)


def _inside_number(tokens: Sequence[Token], i: int) -> bool:
    return (
        0 < i < len(tokens) - 1
        and tokens[i - 1].kind == "n"
        and tokens[i + 1].kind == "n"
        and tokens[i].glued
        and tokens[i + 1].glued
    )


def _settle(tokens: list[Token]) -> list[Token]:
    """Settle words that mean two things by what stands beside them: dl, td, x, rumah sakit."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        raw = token.raw.lower()
        if raw not in _DOUBLE_SENSE and token.word not in _DOUBLE_SENSE:
            out.append(token)
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        later = tokens[i + 2].word if i + 2 < len(tokens) else ""
        previous = out[-1].word if out else ""
        if token.word in ("belas", "puluh") and out and out[-1].word in COUNTS:
            out[-1] = _tens(out[-1], token)
        elif (
            token.word in COUNTS
            and out
            and out[-1].word in ("20", "30")
            and not out[-1].raw.isdecimal()
        ):
            out[-1] = _as_number(out[-1], int(out[-1].word) + COUNTS[token.word], token.end)
        elif raw in ("kalih", "karo") and following is not None and following.word == "hari":
            out.append(token._replace(word="dua"))
        elif raw == "dl" and _is_duty(token, previous, following, later, _shouting(tokens)):
            out.append(token._replace(word="dinas", suffix=""))
            out.append(token._replace(word="luar", suffix=""))
        elif raw == "bln" and following is not None and following.word in _AFTER_A_NEGATION:
            out.append(token._replace(word="belum"))
        elif raw == "td":
            negates = following is not None and following.word in _AFTER_A_NEGATION
            out.append(token._replace(word="tidak" if negates else "tadi", known=True))
        elif _is_short_no(tokens, i):
            out.append(token._replace(word="tidak", known=True))
        elif token.word == "sakit" and previous == "rumah" and not token.suffix:
            out[-1] = out[-1]._replace(word="rs", end=token.end)
        elif token.word == "tua" and previous in ("orang", "orangnya"):
            out[-1] = out[-1]._replace(word="ortu", end=token.end)
        else:
            out.append(token)
    return out


def _shouting(tokens: Sequence[Token]) -> bool:
    """Most of it in capitals."""
    longer = [t for t in tokens if t.kind == "w" and len(t.raw) > 1]
    return 2 * sum(t.capitals for t in longer) > len(longer)


def _tens(one: Token, token: Token) -> Token:
    """'dua belas', 'dua puluh'."""
    value = COUNTS[one.word] + 10 if token.word == "belas" else COUNTS[one.word] * 10
    return _as_number(one, value, token.end)


def _as_number(first: Token, value: int, end: int) -> Token:
    return first._replace(word=str(value), kind="n", end=end)


def _is_short_no(tokens: Sequence[Token], i: int) -> bool:
    """'T' alone, 'T 27', '27 T' and the x of 'x masuk' are tidak."""
    raw, following = tokens[i].raw.lower(), tokens[i + 1].word if i + 1 < len(tokens) else ""
    if raw == "x":
        return following in ("masuk", "bisa", "turun")
    if raw != "t":
        return False
    around = [t for t in tokens[max(i - 1, 0) : i + 2] if t is not tokens[i]]
    return len(tokens) == 1 or any(t.kind in ("n", "a") for t in around)


def _is_duty(
    token: Token, previous: str, following: Token | None, later: str, shouting: bool
) -> bool:
    """Tell 'DL' (dinas luar) from 'dl' (dulu)."""
    if previous in _CARE_OF_DL:
        return False
    if token.capitals and not shouting:
        return True
    if following is not None and following.word == "ke":
        return later not in _NOT_TOWNS
    if previous in (
        "",
        "#",
        "tugas",
        "ada",
        "mau",
        "sedang",
        "lagi",
        "saya",
        "yang",
        "batal",
        "batalkan",
        "status",
    ):
        return True
    if following is not None and (
        following.kind == "n" or following.word in ("tanggal", "#", "nya")
    ):
        return True
    return token.capitals and previous in ("izin", "mohon", "melapor")
