"""Whatever is typed, the grammar answers; what may act obeys the rules of acting."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cases import CaseKind
from sms.grammar import Intent, Meaning, OpenRequest, Sender, project, read
from sms.grammar.lexicon import lexicon
from sms.grammar.normalise import MAX_CHARACTERS
from tests.sms.labelled import WITA, all_cases, is_dangerous

NOW = datetime(2026, 12, 1, 9, tzinfo=WITA)
RINA = OpenRequest("27", "Rina Wulandari", CaseKind.ANNUAL, date(2026, 12, 7), date(2026, 12, 9))
BUDI = OpenRequest("D8R6", "Budi Santoso", CaseKind.SICK, date(2026, 12, 1), date(2026, 12, 2))

WORDS = st.sampled_from(sorted(lexicon().known))
NUMBERS = st.one_of(
    st.integers(0, 10**19).map(str),
    st.from_regex(r"\A\d{1,4}[-/.:,]\d{1,4}([-/.:,]\d{1,6}){0,4}\Z"),
    st.sampled_from(
        ["0", "00", "31/02", "99-99-9999", "1-2-3-4-5", "24:61", "٣", "１２", "²", "½"]
    ),
)
SIGNS = st.sampled_from(
    ["#", "##", ",", ".", "?", "!", "\n", "-", "s/d", "👍", "👎", "'", "/", "&"]
)
SMS = st.lists(st.one_of(WORDS, NUMBERS, SIGNS), max_size=25).map(" ".join)
ANY_TEXT = st.one_of(st.text(max_size=300), SMS, st.text(st.characters(codec=None), max_size=60))
NOWS = st.integers(0, 220_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
REQUESTS = st.sampled_from([(), (RINA,), (RINA, BUDI)])


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT, st.sampled_from(list(Sender)), REQUESTS, NOWS)
def test_any_text_has_a_meaning_that_keeps_the_rules(
    text: str, sender: Sender, requests: tuple[OpenRequest, ...], now: datetime
) -> None:
    meaning = read(text, now, sender, requests)

    project(meaning)
    _keeps_the_rules(meaning, sender, requests)


def _keeps_the_rules(meaning: Meaning, sender: Sender, requests: tuple[OpenRequest, ...]) -> None:
    decides = meaning.intent in (Intent.APPROVE, Intent.REJECT)
    open_codes = {request.code for request in requests}
    assert meaning.must_ask == (meaning.question is not None)
    if sender is Sender.STRANGER:
        assert meaning.intent is Intent.UNCLEAR
    if decides:
        assert sender in (Sender.SUPERVISOR, Sender.BOTH) and requests
        assert set(meaning.codes) <= open_codes
        assert meaning.must_ask or meaning.codes or len(requests) == 1
    if meaning.intent is not Intent.REQUEST:
        assert (meaning.kind, meaning.start, meaning.end) == (None, None, None)
    if meaning.intent is Intent.REQUEST and not meaning.must_ask:
        assert meaning.kind is not None and meaning.start is not None
        assert meaning.end is not None or meaning.kind is CaseKind.MATERNITY
        assert meaning.end is None or meaning.start <= meaning.end
    if meaning.intent in (Intent.STATUS, Intent.BALANCE, Intent.HELP):
        assert not meaning.must_ask


_NEIGHBOURS = {"a": "s", "i": "o", "t": "r", "d": "f", "k": "j", "o": "p", "e": "r", "n": "m"}


def _slips(word: str) -> list[str]:
    """One letter dropped, doubled, swapped with the next, or hit beside its key."""
    out = []
    for i, letter in enumerate(word):
        out += [word[:i] + word[i + 1 :], word[:i] + letter + word[i:]]
        out.append(word[:i] + word[i + 1 : i + 2] + letter + word[i + 2 :])
        out.append(word[:i] + _NEIGHBOURS.get(letter.lower(), letter) + word[i + 1 :])
    return out


def test_a_slip_in_a_longer_word_may_be_asked_back_but_never_makes_another_decision() -> None:
    decisions = [
        case
        for case in all_cases()
        if case.gold["intent"] in ("approve", "reject") and not case.gold["must_ask"]
    ]
    tried, wrong = 0, []
    for number, case in enumerate(decisions):
        for word in re.finditer(r"[A-Za-z]{5,}", case.text):
            for slip in _slips(word.group())[number % 3 :: 3]:
                text = case.text[: word.start()] + slip + case.text[word.end() :]
                meaning = project(read(text, case.now, case.sender, case.requests))
                tried += 1
                if is_dangerous(case, meaning):
                    wrong.append((text, meaning["intent"], meaning["codes"]))

    assert tried > 2000
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "izin sakit " * 1000,
        "CUTI#" * 2000,
        "#" * 10_000,
        "1-2-" * 2500,
        "ya tidak " * 1100,
        "anak sakit " * 900,
        "\n" * 10_000,
        "a" * 10_000,
        "27 " * 3300,
        "‮‭﷽" * 3000,
        "s/d " * 2500,
    ],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.parametrize("sender", list(Sender))
def test_ten_thousand_characters_are_no_decision_and_no_request(text: str, sender: Sender) -> None:
    meaning = read(text, NOW, sender, (RINA, BUDI))

    assert len(text) > MAX_CHARACTERS
    assert meaning.intent is Intent.UNCLEAR and not meaning.codes


@given(st.integers(0, 400), st.sampled_from(["hari", "minggu", "bulan", "tahun"]))
@settings(max_examples=60, deadline=None)
def test_any_length_of_leave_ends_on_or_after_its_start(count: int, unit: str) -> None:
    meaning = read(f"cuti {count} {unit} mulai besok", NOW, Sender.EMPLOYEE, ())

    assert meaning.intent is Intent.REQUEST
    if not meaning.must_ask:
        assert meaning.start == NOW.date() + timedelta(days=1)
        assert meaning.end is not None and meaning.end >= meaning.start


def test_a_day_that_may_be_mistyped_is_asked_for_instead_of_taken_as_today() -> None:
    """'jumta' is as near to 'juta' as to 'jumat': nobody guesses."""
    meaning = read("izin jumta pak, urus paspor", NOW, Sender.EMPLOYEE, ())

    assert meaning.intent is Intent.REQUEST and meaning.must_ask
    assert any("may be" in reason for reason in meaning.why)


@pytest.mark.parametrize("reply", ["ya {}", "ok {}", "tidak {} ada rapat", "{} setuju"])
@pytest.mark.parametrize("sender", [Sender.SUPERVISOR, Sender.BOTH])
def test_no_code_is_taken_for_anything_but_a_code(reply: str, sender: Sender) -> None:
    """'86' is also how one says 'received'."""
    for code in map(str, range(10, 1000)):
        request = OpenRequest(code, RINA.employee, RINA.kind, RINA.start, RINA.end)
        meaning = read(reply.format(code), NOW, sender, [request])
        assert not meaning.must_ask and meaning.codes == (code,), code
