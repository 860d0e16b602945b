"""Whom a text names (nama): people write one word of a name, with a slip, in small letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from rapidfuzz.distance import OSA

from domain.people import short_name
from sms.grammar.pieces import strange_words
from store.people import Employee

LONG_ENOUGH_FOR_A_SLIP = 5  # letters


def named_in(text: str, people: Sequence[Employee], sent_at: datetime) -> list[Employee]:
    """Those whose name fits the text best; empty when it names none of them.

    A word that is an everyday word too ('Hari', 'Lestari') counts only beside another word of the
    same name. A full NIP names its owner.
    """
    digits = re.sub(r"\D", "", text)
    by_nip = [person for person in people if person.nip and person.nip in digits]
    if by_nip:
        return by_nip
    words = re.findall(r"[a-z']{3,}", text.lower())
    strange = set(strange_words(text, sent_at))
    for slips in (0, 1):
        fits = {person.id: _fit(person, words, strange, slips) for person in people}
        best = max(fits.values(), default=0)
        if best:
            return [person for person in people if fits[person.id] == best]
    return []


def _fit(person: Employee, words: Sequence[str], strange: set[str], slips: int) -> int:
    """How many words of the name stand in the text."""
    own = [word.strip(".,'").lower() for word in short_name(person.name, limit=60).split()]
    found = {
        word for word in words if any(_same(word, name, slips) for name in own if len(name) > 2)
    }
    return len(found) if len(found) > 1 or found & strange else 0


def _same(word: str, name: str, slips: int) -> bool:
    if slips == 0 or min(len(word), len(name)) < LONG_ENOUGH_FOR_A_SLIP:
        return word == name
    return OSA.distance(word, name, score_cutoff=slips) <= slips


def without_names(text: str, person: Employee) -> str:
    """The text without the words of a name and the address before them."""
    own = [word.strip(".,'").lower() for word in short_name(person.name, limit=60).split()]
    kept: list[str] = []
    for word in text.split():
        bare = word.strip(".,;:!'\"").lower()
        if len(bare) > 2 and any(_same(bare, name, 1) for name in own):
            if kept and kept[-1].lower().strip(".,") in ADDRESSES:
                kept.pop()
            continue
        kept.append(word)
    return " ".join(kept)


ADDRESSES = frozenset({"pak", "bu", "bapak", "ibu", "mas", "mbak", "sdr", "sdri", "bpk", "si"})
