"""What an employee's SMS asks (pegawai): request, cancel, status, balance, help, or none."""

from __future__ import annotations

from sms.grammar.amendments import amends
from sms.grammar.answers import silent, unclear
from sms.grammar.asking import asks
from sms.grammar.cancels import cancels
from sms.grammar.matters import other_matters
from sms.grammar.meaning import Meaning, Question, Signal, WorkingDays
from sms.grammar.noise import is_chain_letter, is_courtesy
from sms.grammar.others import other_people
from sms.grammar.reading import Reading
from sms.grammar.requests import read_request
from sms.grammar.slots import Slots
from sms.grammar.structured import read_form


def read_employee(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning:
    """Read an employee's message; the order is that of how sure each reading is."""
    for step in (
        _service_word,
        _form,
        _noise,
        asks,
        other_people,
        _courtesy,
        cancels,
        amends,
        other_matters,
    ):
        found = step(text, reading, slots, calendar)
        if found is not None:
            return found
    return read_request(reading, slots, calendar)


def _service_word(
    text: str, reading: Reading, slots: Slots, calendar: WorkingDays
) -> Meaning | None:
    if not any(t.kind in ("w", "n", "a") for t in reading.tokens):
        return unclear(Question.INTENT, "no words")
    if not reading.has("not_me", "stop", "retract"):
        return None
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
