"""The reason given (alasan): a short piece of the text, for the case, never scored."""

from __future__ import annotations

from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading

MAX_LENGTH = 80
_STARTERS = (
    "karena",
    "untuk",
    "keperluan",
    "alasan",
    "acara",
    "ada",
    "menghadiri",
    "mengurus",
    "antar",
    "jemput",
    "mau",
    "dalam",
)
_LEADS = frozenset(_STARTERS)
_REASONS = ("sick", "dead", "wed", "care", "event")


def reason_of(reading: Reading) -> str | None:
    """The words after 'karena', 'untuk', 'ada ...', else the illness or the death itself."""
    for starter in _STARTERS if not _LEADS.isdisjoint(reading.vocabulary) else ():
        if starter not in reading.vocabulary:
            continue
        for i, word in enumerate(reading.words):
            if word == starter and i + 1 < len(reading.words):
                first = i + 1 if starter in ("karena", "untuk", "alasan", "keperluan") else i
                text = _to_end(reading, first)
                if len(text) > 3:
                    return text
    if reading.concepts.isdisjoint(_REASONS):
        return None
    mark = reading.first(*_REASONS)
    return _around(reading, mark) if mark else None


def _to_end(reading: Reading, first: int) -> str:
    while reading.word(first) in (":", ",", "nya"):
        first += 1
    last = first
    while last < len(reading.words) and reading.words[last] not in (".", "!", "?", ";", "\n", ","):
        last += 1
    return reading.slice(first, last)[:MAX_LENGTH]


def _around(reading: Reading, mark: Mark) -> str:
    return reading.slice(mark.start, mark.end)[:MAX_LENGTH]
