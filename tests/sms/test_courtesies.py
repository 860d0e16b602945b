"""Whoever greets first and thanks afterwards is read like one who does neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sms.grammar import Sender
from tests.sms.labelled import Case, all_cases, differences, read_case

OPENINGS = [
    "Assalamualaikum pak, ",
    "Selamat pagi bu. ",
    "Maaf mengganggu pak, ",
    "mohon maaf sebelumnya ibu, ",
    "Yth. Ibu Kepala Dinas, ",
    "Tabe pak, ",
]
CLOSINGS = [
    " terima kasih",
    ", mksh sblmnya bu",
    " tks ya pak",
    ". Wassalam",
    "\n\nHormat saya, Dian",
]


def says_something(case: Case) -> bool:
    """More than a lone letter, a greeting or thanks, and from somebody this service knows."""
    courtesy = case.text.split()[0].lower() in ("selamat", "halo", "nggih") or (
        case.gold["intent"] == "unclear" and not case.gold["must_ask"]
    )
    known = case.sender is not Sender.STRANGER and "not yet read" not in case.rule
    return known and len(case.text) > 1 and not courtesy


CASES = [case for case in all_cases() if says_something(case)]


@pytest.mark.parametrize("opening", OPENINGS)
def test_an_opening_changes_nothing(opening: str) -> None:
    assert changed(lambda text: opening + text) == []


@pytest.mark.parametrize("closing", CLOSINGS)
def test_a_closing_changes_nothing(closing: str) -> None:
    assert changed(lambda text: text + closing) == []


def changed(dress: Callable[[str], str]) -> list[str]:
    dressed = [replace(case, text=dress(case.text)) for case in CASES]
    return [case.text for case in dressed if differences(case, read_case(case))]
