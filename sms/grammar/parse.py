"""From text to meaning (membaca SMS): normalise, lexicon, slots, decision, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sms.grammar.answers import silent, unclear
from sms.grammar.decisions import decide
from sms.grammar.doubts import ask
from sms.grammar.employee import read_employee
from sms.grammar.lookalikes import asks_for_oneself
from sms.grammar.meaning import (
    MONDAY_TO_FRIDAY,
    Intent,
    Meaning,
    OpenRequest,
    Question,
    Sender,
    Signal,
    WorkingDays,
)
from sms.grammar.noise import is_chain_letter, is_courtesy, stranger
from sms.grammar.normalise import MAX_CHARACTERS
from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading, read_text
from sms.grammar.reply import Reply, read_reply
from sms.grammar.slots import Slots, find_slots

_OWN_REQUEST = (
    "leave", "permit", "absence", "sick", "late", "early", "out", "duty", "cancel", "sickleave",
    "wfh", "dayoff", "halfday",
)  # fmt: skip


def read(
    text: str,
    now: datetime,
    sender: Sender,
    open_requests: Sequence[OpenRequest],
    calendar: WorkingDays = MONDAY_TO_FRIDAY,
) -> Meaning:
    """Read one SMS as it was meant when it was sent.

    `now` is aware and in the unit's zone: its date is "today". `open_requests` are those waiting
    for this supervisor. `calendar` tells the sender's working days. Never raises on any text.
    """
    if len(text) > MAX_CHARACTERS:
        if sender is Sender.STRANGER:
            return silent("too long")
        return unclear(Question.INTENT, "too long for an SMS")
    reading = read_text(text, now)
    if sender is Sender.STRANGER:
        return stranger(reading, text)
    slots = find_slots(reading)
    if sender is Sender.SUPERVISOR:
        return _supervisor(text, reading, slots, open_requests)
    if sender is Sender.BOTH:
        return _both(text, reading, slots, open_requests, calendar)
    return read_employee(text, reading, slots, calendar)


def _supervisor(
    text: str, reading: Reading, slots: Slots, requests: Sequence[OpenRequest]
) -> Meaning:
    """A supervisor's reply, or a question about the service."""
    reply = read_reply(reading, requests, slots.spans)
    if is_chain_letter(reading, text):
        return silent("chain letter or machine text")
    if not reply.events or not requests:
        aside = _asks_service(text, reading, slots)
        if aside is not None:
            return aside
        if (
            is_courtesy(reading)
            and (reading.has("season") or not requests)
            and not reading.has("exclaim")
        ):
            return silent("thanks or wishes")
    decided = decide(reply)
    if decided.intent is Intent.APPROVE and asks_for_oneself(reply):
        return ask(reply, Question.ONE_AT_A_TIME, "a decision and an own request")
    return decided


def _asks_service(text: str, reading: Reading, slots: Slots) -> Meaning | None:
    """Help, and the supervisor's own balance or status, which harm nobody."""
    found = read_employee(text, reading, slots, MONDAY_TO_FRIDAY)
    if found.intent is Intent.HELP or found.signal not in (None, Signal.YES, Signal.NO):
        return found
    own = reading.has_word("saya")
    if found.intent in (Intent.BALANCE, Intent.STATUS) and own:
        return found
    return None


def _both(
    text: str,
    reading: Reading,
    slots: Slots,
    requests: Sequence[OpenRequest],
    calendar: WorkingDays,
) -> Meaning:
    """Somebody who both asks and decides: one's own request wins unless something is decided."""
    own = read_employee(text, reading, slots, calendar)
    reply = read_reply(reading, requests, slots.spans)
    decided = decide(reply)
    decides = _decides(reply, decided)
    asks = own.intent in (Intent.REQUEST, Intent.CANCEL) and _asks_for_self(reading, reply)
    named = any(s.targets.by == "code" and s.targets.codes for s in reply.segments)
    if asks and (decides or (named and reading.has_word("saya"))):
        return ask(reply, Question.ONE_AT_A_TIME, "a decision and an own request")
    if asks or own.intent in (Intent.STATUS, Intent.BALANCE, Intent.HELP):
        return own
    if not requests and not reply.events:
        return own
    if is_courtesy(reading) and not reply.events:
        return own if reading.has("season") or not requests else decided
    if not requests:
        return (
            own._replace(why=(*own.why, "nothing open"))
            if own.intent is Intent.UNCLEAR
            else decided
        )
    return decided


def _decides(reply: Reply, decided: Meaning) -> bool:
    """A deciding word that cannot be the politeness of an own request."""
    named = any(s.targets.codes or s.targets.everything for s in reply.segments if s.events)
    firm = any(
        e.firm and e.words not in ("boleh", "bisa", "saya izin")
        for e in reply.events
        if e.polarity == "yes"
    )
    refused = decided.intent is Intent.REJECT and not reply.reading.has("absence")
    return (
        named
        or (firm and not reply.reading.has_word("mohon"))
        or refused
        or (decided.intent is Intent.APPROVE and not reply.reading.has("absence"))
    )


def _asks_for_self(reading: Reading, reply: Reply) -> bool:
    """'saya cuti tgl 9', 'izin sakit': not the leave of the request that is decided."""
    decided_words = {w for e in reply.events for w in e.words.split()}
    if decided_words & {
        "izinkan",
        "diizinkan",
        "mengizinkan",
        "disetujui",
        "ditolak",
        "tolak",
        "setuju",
        "acc",
    }:
        return any(
            reading.words[i] == "saya"
            and reading.word(i + 1)
            in (
                "cuti",
                "mohon",
                "izin",
                "mau",
                "sakit",
                "tidak",
                "sendiri",
                "juga",
                "besok",
                "ambil",
                "minta",
            )
            for i in range(len(reading.words))
        )
    return any(
        not _points_at_one_waiting(reading, mark)
        for concept in _OWN_REQUEST
        for mark in reading.marks(concept)
    )


def _points_at_one_waiting(reading: Reading, mark: Mark) -> bool:
    """'yang cuti', 'cutinya': the absence word tells which open request, and asks for none."""
    return reading.word(mark.start - 1) == "yang" or reading.tokens[mark.end - 1].suffix == "nya"
