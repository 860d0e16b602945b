"""What an employee's SMS asks (pegawai): request, cancel, status, balance, help, or none."""

from __future__ import annotations

from collections.abc import Callable

from sms.grammar import amendments, asking, matters, notices, others
from sms.grammar.amendments import amends
from sms.grammar.answers import silent, unclear
from sms.grammar.asking import asks
from sms.grammar.cancels import cancels
from sms.grammar.matters import other_matters
from sms.grammar.meaning import Meaning, Question, Signal, WorkingDays
from sms.grammar.noise import is_chain_letter, is_courtesy
from sms.grammar.others import other_people
from sms.grammar.reading import Reading, read_text
from sms.grammar.requests import read_request
from sms.grammar.slipped import same_either_way
from sms.grammar.slots import Slots, find_slots
from sms.grammar.structured import read_form


def read_employee(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning:
    """Read an employee's message; the order is that of how sure each reading is."""
    if not any(token.kind in _WORDY for token in reading.tokens):
        return unclear(Question.INTENT, "no words")
    said = reading.said
    for step, cues in _STEPS:
        if cues and said.isdisjoint(cues):
            continue
        found = step(text, reading, slots, calendar)
        if found is not None:
            return found
    found = read_request(reading, slots, calendar)
    if not found.must_ask or not reading.strange:
        return found

    def read_again(other: str) -> Meaning:
        again = read_text(other, reading.now)
        return read_employee(other, again, find_slots(again), calendar)

    return same_either_way(reading, found, read_again)


def _service_word(
    text: str, reading: Reading, slots: Slots, calendar: WorkingDays
) -> Meaning | None:
    if reading.has("not_me") and reading.count_words() <= 5:
        return unclear(Question.INTENT, "bukan saya", signal=Signal.NOT_ME)
    if reading.has("stop") and reading.count_words() <= 3:
        return unclear(Question.INTENT, "stop", signal=Signal.STOP)
    if reading.has("retract"):
        own = reading.has("absence", "leave", "cancel")
        if own and reading.count_words() > 8:
            return None
        return unclear(Question.INTENT, "taken back", signal=Signal.RETRACT)
    return None


def _form(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    return read_form(text, reading, calendar) if "#" in text else None


def _noise(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    return silent("chain letter or machine text") if is_chain_letter(reading, text) else None


def _courtesy(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    return silent("thanks or wishes") if is_courtesy(reading) else None


_WORDY = frozenset(["w", "n", "a"])  # kinds of tokens that are no signs
_Step = Callable[[str, Reading, Slots, WorkingDays], Meaning | None]
_ALWAYS: frozenset[str] = frozenset()
_STEPS: tuple[tuple[_Step, frozenset[str]], ...] = (
    (_service_word, frozenset(["not_me", "stop", "retract"])),
    (_form, _ALWAYS),
    (_noise, _ALWAYS),
    (asks, asking.CUES),
    (other_people, others.CUES),
    (notices.notices, notices.CUES),
    (_courtesy, frozenset(["thanks", "wish", "season"])),
    (cancels, frozenset(["cancel"])),
    (amends, amendments.CUES),
    (other_matters, matters.CUES),
)
"""Each with its cues: it has nothing to say where none of those words and concepts stands."""
