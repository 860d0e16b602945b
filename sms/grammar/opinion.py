"""A second opinion on a request (pendapat kedua): what its words go with, counted, not read.

The rules understand a message; this only knows which words and phrases stood in labelled messages
of which kind. It decides nothing: where it firmly expects another kind than the rules found, the
sender is asked which one was meant. The reasons stand in docs/adr/0003.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from domain.cases import CaseKind
from sms.grammar.reading import Reading, read_text
from sms.grammar.wordlists import LexiconError

LEARNED = Path(__file__).parent / "words" / "opinion.json"
FIRMLY = 30
"""By how much another kind must be likelier: tenths of the logarithm of the ratio (20 to 1)."""
_ZERO = 128  # so that a row is bytes; it is added to every kind alike and changes nothing
_ALWAYS = ""  # stands in every message: how frequent the kinds are at all
_ROUNDS, _STEP, _SHRINK = 10, 0.2, 0.001
_SELDOM = 2  # messages in which a word must have stood to be counted
_TELLING = 1.3  # between the kinds a word speaks for and against; less is chance and costs time


class Opinion:
    """How much each word and phrase speaks for each kind, in tenths of a logarithm.

    A multinomial logistic regression. `weights` has a number for each of `kinds` per word.
    """

    def __init__(self, kinds: Sequence[str], weights: Mapping[str, Sequence[int]]) -> None:
        self.kinds = tuple(CaseKind(kind) for kind in kinds)
        self.weights = weights
        self._rows = {word: bytes([_ZERO + each for each in row]) for word, row in weights.items()}
        self._known = frozenset(weights)

    def expected_instead(self, said: frozenset[str], kind: CaseKind) -> CaseKind | None:
        """The kind that these words (`words_of`) go with far rather than with `kind`."""
        if kind not in self.kinds:
            return None
        rows = [self._rows[word] for word in self._known & said]
        sums = [*map(sum, zip(self._rows[_ALWAYS], *rows))]  # noqa: B905 - rows of one table
        best = max(sums)
        if best - sums[self.kinds.index(kind)] < FIRMLY:
            return None
        return self.kinds[sums.index(best)]


def kind_expected_instead(reading: Reading, kind: CaseKind | None) -> CaseKind | None:
    """The kind that the second opinion firmly expects instead of the one that the rules found."""
    return second_opinion().expected_instead(words_of(reading), kind) if kind else None


def words_of(reading: Reading) -> frozenset[str]:
    """Its canonical words and the concepts of its phrases."""
    return reading.vocabulary | reading.concepts


@lru_cache(maxsize=1)
def second_opinion() -> Opinion:
    """The opinion shipped with the grammar, read once; LexiconError when the file is damaged."""
    try:
        learned = json.loads(LEARNED.read_text(encoding="utf-8"))
        return Opinion(learned["kinds"], learned["weights"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise LexiconError(f"{LEARNED.name}: {fault!r}. Run: make opinion") from fault


# --- learning --------------------------------------------------------------------------------


def learn_from(messages: Iterable[Mapping[str, Any]]) -> Opinion:
    """The opinion that follows from labelled requests with text and type (the kind)."""
    at = datetime.now(UTC)  # no date of a message speaks for a kind
    return learn([(words_of(read_text(each["text"], at)), each["type"]) for each in messages])


def learn(messages: Sequence[tuple[frozenset[str], str]]) -> Opinion:
    """The opinion that follows from what was said (`words_of`) and the kind that was meant; from
    the same messages always the same.

    Stochastic gradient descent with a step for each weight that shrinks as it is used (AdaGrad:
    Duchi, Hazan, Singer, JMLR 12, 2011).
    """
    if not messages:
        raise ValueError("nothing to learn from")
    frequency = Counter(word for said, _ in messages for word in said if not word.isdecimal())
    kinds = sorted({kind for _, kind in messages})
    words = [_ALWAYS, *sorted(word for word, n in frequency.items() if n >= _SELDOM)]
    weights = {word: [0.0] * len(kinds) for word in words}
    moved = {word: [1e-8] * len(kinds) for word in words}
    taught = [
        ([_ALWAYS, *sorted(said & weights.keys())], kinds.index(kind)) for said, kind in messages
    ]
    order = random.Random(1)
    for _ in range(_ROUNDS):
        order.shuffle(taught)
        for said, kind in taught:
            _correct([weights[word] for word in said], [moved[word] for word in said], kind)
    return Opinion(
        kinds,
        {
            word: [round(10 * x) for x in row]
            for word, row in weights.items()
            if word == _ALWAYS or max(row) - min(row) >= _TELLING
        },
    )


def _correct(rows: list[list[float]], moved: list[list[float]], kind: int) -> None:
    """One step towards the kind that a message has."""
    sums = [*map(sum, zip(*rows, strict=True))]
    highest = max(sums)
    likely = [math.exp(each - highest) for each in sums]
    total = math.fsum(likely)
    slopes = [each / total for each in likely]
    slopes[kind] -= 1
    for row, way in zip(rows, moved, strict=True):
        for i, slope in enumerate(slopes):
            by = slope + _SHRINK * row[i]
            way[i] += by * by
            row[i] -= _STEP * by / math.sqrt(way[i])


def as_text(learned: Opinion) -> str:
    """An opinion as a file: one word a line, so that a change can be read."""
    lines = ",\n".join(
        f"  {json.dumps(word, ensure_ascii=False)}: {json.dumps(row)}"
        for word, row in sorted(learned.weights.items())
    )
    return f'{{"kinds": {json.dumps(learned.kinds)},\n"weights": {{\n{lines}\n}}}}\n'
