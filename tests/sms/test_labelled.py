"""Every labelled message is read as its label says; whoever changes the grammar sees the rule."""

from __future__ import annotations

import pytest

from tests.sms.labelled import Case, all_cases, differences, read_case

NOT_YET = pytest.mark.xfail(
    strict=True, reason="asked about where the label would act or name more"
)
CASES = [
    pytest.param(case, marks=NOT_YET if case.rule.endswith("not yet read") else ())
    for case in all_cases()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.text[:60]}")
def test_the_message_is_read_as_labelled(case: Case) -> None:
    meaning = read_case(case)

    wrong = differences(case, meaning)

    assert not wrong, f"{case.where} [{case.rule}] {case.text!r}: {wrong}, why {meaning['why']}"


def test_at_least_twelve_hundred_messages_are_labelled() -> None:
    assert len({(case.text, case.now, case.sender) for case in all_cases()}) >= 1200
