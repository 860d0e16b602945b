"""A rule that is entered only where a cue stands would say nothing elsewhere (pemicu aturan)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms.grammar import Meaning, Sender, parse, read, structured
from sms.grammar.lexicon import lexicon
from sms.grammar.phrases import GAP
from sms.grammar.reading import Reading, read_text
from sms.grammar.wordlists import load_lists
from tests.sms.labelled import WITA, all_cases

WAITING = next(case.requests for case in all_cases() if len(case.requests) == 2)
NOW = datetime(2026, 12, 1, 9, tzinfo=WITA)
PHRASES = [
    " ".join(w for w in p if w != GAP) for some in load_lists().phrases.values() for p in some
]
PIECES = st.one_of(
    st.sampled_from(sorted(lexicon().known)),
    st.sampled_from(PHRASES),
    st.sampled_from(["tgl", "12", "2", "jam 9", "Rina", "pak Rahmat", ",", ".", "?", "-", "\n"]),
)


class _Everything(frozenset[str]):
    """Holds whatever is looked for, so that every rule is entered."""

    def isdisjoint(self, other: Iterable[object]) -> bool:
        return False


def _with_every_cue(text: str, now: datetime) -> Reading:
    reading = read_text(text, now)
    reading.said = _Everything()
    return reading


def _read_without_cues(text: str, now: datetime, sender: Sender, requests: Any) -> Meaning:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "read_text", _with_every_cue)
        patch.setattr(structured, "read_text", _with_every_cue)
        return read(text, now, sender, requests)


def test_every_labelled_message_reads_the_same_when_every_rule_is_entered() -> None:
    for case in all_cases():
        message = (case.text, case.now, case.sender, case.requests)
        assert read(*message) == _read_without_cues(*message), case.where


@settings(max_examples=400)
@given(st.lists(PIECES, min_size=1, max_size=9).map(" ".join), st.sampled_from(Sender))
def test_any_mixture_of_words_reads_the_same_when_every_rule_is_entered(
    text: str, sender: Sender
) -> None:
    message = (text, NOW, sender, () if sender is Sender.EMPLOYEE else WAITING)
    assert read(*message) == _read_without_cues(*message)
