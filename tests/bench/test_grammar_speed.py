"""The grammar beside dateparser's search_dates on the same messages, measured side by side.

`pytest -m bench -s tests/bench/test_grammar_speed.py` prints the ratios.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from dateparser.search import search_dates

from sms.grammar import Sender, read
from sms.grammar.normalise import MAX_CHARACTERS
from tests.sms.labelled import WITA, Case, all_cases, read_case

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
ROUNDS = 5
HARD = [
    "1-2-",
    "anak sakit ",
    "tidak ya ",
    "27 ya ",
    "cuti #",
    "x1",
    "qwertyu ",
    "\n",
    "12:30",
    "s/d ",
]


def _fastest(act: Callable[[], Any], rounds: int = ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        best = min(best, _once(act))
    return best


def _once(act: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def _search(case: Case, number: int) -> date | None:
    """What search_dates finds first; every message has its own second, as in life."""
    base = (case.now + timedelta(seconds=number)).replace(tzinfo=None)
    found = search_dates(
        case.text, languages=["id"], settings={"RELATIVE_BASE": base, "DATE_ORDER": "DMY"}
    )
    return found[0][1].date() if found else None


def test_faster_and_righter_than_search_dates_on_requests_as_they_come() -> None:
    """Each message once by each, in a row, after both have read what names no day."""
    cases = all_cases()
    requests = [case for case in cases if case.gold["start"]]
    for number, case in enumerate(cases):
        if not case.gold["start"]:
            read_case(case), _search(case, number)
    ours = [_once(lambda case=case: read_case(case)) for case in requests]
    theirs = [_once(lambda case=c, number=n: _search(case, number)) for n, c in enumerate(requests)]
    right_ours = sum(read_case(case)["start"] == case.gold["start"] for case in requests)
    right_theirs = sum(str(_search(c, n)) == c.gold["start"] for n, c in enumerate(requests))

    ratio, on_the_whole = median(theirs) / median(ours), sum(theirs) / sum(ours)
    print(
        f"\n{len(requests)} requests: grammar {median(ours) * 1e3:.2f} ms at the median;"
        f" search_dates takes {ratio:.1f} x as long, {on_the_whole:.1f} x on the whole"
        f"\nright start date: grammar {right_ours / len(requests):.0%},"
        f" search_dates {right_theirs / len(requests):.0%}"
    )
    assert ratio >= 4.5  # measured 5.1 on an idle machine; the figure that counts is printed
    assert right_ours > 2 * right_theirs


def test_no_message_takes_twenty_times_the_median() -> None:
    """The fastest of five readings counts, so that a busy machine does not decide."""
    cases = all_cases()
    times = {case: _fastest(lambda case=case: read_case(case)) for case in cases}
    slowest = max(times, key=lambda case: times[case])

    spread = times[slowest] / median(times.values())
    print(
        f"\n{len(cases)} messages: slowest {spread:.1f} x the median,"
        f" {len(slowest.text)} characters"
    )
    assert spread <= 20


@pytest.mark.parametrize("sender", [Sender.EMPLOYEE, Sender.SUPERVISOR])
def test_no_adversarial_text_is_twenty_times_slower_than_a_letter_as_long(sender: Sender) -> None:
    now = datetime(2026, 12, 1, 9, tzinfo=WITA)
    cases = all_cases()
    letters = " ".join(case.text for case in cases)
    ordinary = [letters[i : i + MAX_CHARACTERS] for i in range(0, len(letters), MAX_CHARACTERS)]
    requests = next(case.requests for case in cases if len(case.requests) == 2)
    usual = median(_fastest(lambda t=t: read(t, now, sender, requests), 3) for t in ordinary[:9])
    hard = {
        unit: _fastest(
            lambda unit=unit: read((unit * MAX_CHARACTERS)[:MAX_CHARACTERS], now, sender, requests),
            3,
        )
        for unit in HARD
    }

    worst = max(hard, key=lambda unit: hard[unit])
    print(
        f"\n{sender}: {MAX_CHARACTERS} ordinary characters {usual * 1e3:.1f} ms,"
        f" {worst!r} over and over {hard[worst] / usual:.1f} x that"
    )
    assert hard[worst] <= 20 * usual
