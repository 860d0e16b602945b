"""What happens when a word is unknown: one word of a labelled message is knocked out.

Nobody can list every word. A word that is replaced by a made-up one stands for all that are not
listed: wherever it decides, the grammar must ask, and where it does not (a place, a name, the
thing a reason is about), it must not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

from sms.grammar import Sender, lexicon
from sms.grammar.normalise import tidy, tokens_of
from tests.sms.labelled import Case, all_cases, differences, is_dangerous, read_case

EVERY = 7  # every 7th message says as much as all of them
MADE_UP = ("mbrelok", "sangrebi", "trebisu", "kelumbok")
MOST_WRONG = 0.04  # measured over all: 3.3 %; before there were cautions for unknown words 6.7 %
MOST_ASKED = 0.005  # measured over all: 0.1 %


def read_right(every: int = 1) -> list[Case]:
    cases = [c for c in all_cases()[::every] if c.sender is not Sender.STRANGER]
    return [case for case in cases if not differences(case, read_case(case))]


def knocked_out(case: Case, made_up: str) -> Iterator[Case]:
    """The message once for each of its known words, with a made-up word in its place."""
    text = tidy(case.text)
    known = [t for t in tokens_of(text) if t.kind == "w" and lexicon().canonical([t])[0].known]
    for raw in dict.fromkeys(t.raw for t in known):
        yield replace(case, text=re.sub(rf"(?<!\w){re.escape(raw)}(?!\w)", _as(raw, made_up), text))


def _as(raw: str, made_up: str) -> str:
    if raw.isupper() and len(raw) > 2:
        return made_up.upper()
    return made_up.capitalize() if raw[:1].isupper() else made_up


def in_harmless_places(case: Case) -> Iterator[Case]:
    """A made-up place, thing of a reason, name and signature."""
    if "#" in case.text:
        return
    yield replace(case, text=f"{case.text.rstrip(' .')} di mbrelok")
    yield replace(case, text=f"{case.text}\nMbrelok Sangrebi")
    if case.gold["type"] in ("permission", "annual") and not {"karena", "krn"} & set(
        case.text.lower().split()
    ):
        yield replace(case, text=f"{case.text.rstrip(' .?')}, krn ada acara mbrelok")
    named = re.sub(r"\b(pak|bu),", r"\1 Kelumbok,", case.text)
    if named != case.text:
        yield replace(case, text=named)


def test_made_up_words_are_unknown() -> None:
    assert not any(lexicon().canonical(tokens_of(word))[0].known for word in MADE_UP)


def test_an_unknown_word_seldom_makes_it_act_wrongly() -> None:
    words = cycle(MADE_UP)
    read = [
        (case.text, is_dangerous(case, read_case(case)))
        for right in read_right(EVERY)
        for case in knocked_out(right, next(words))
    ]
    wrong = [text for text, dangerous in read if dangerous]
    assert len(read) > 1500
    assert len(wrong) <= MOST_WRONG * len(read), wrong


def test_an_unknown_word_where_it_decides_nothing_is_not_asked_about() -> None:
    clear = [
        c for c in read_right(EVERY) if c.gold["intent"] == "request" and not c.gold["must_ask"]
    ]
    read = [
        (case.text, read_case(case)["must_ask"])
        for right in clear
        for case in in_harmless_places(right)
    ]
    asked = [text for text, must_ask in read if must_ask]
    assert len(read) > 200
    assert len(asked) <= MOST_ASKED * len(read), asked
