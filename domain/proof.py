"""What must be proven before a day may count against somebody (bukti): truth 6, one by one.

Each need is a small predicate with the name of the doubt that remains while it does not hold.
`until` is the instant up to which the terminals must have been read: the end of the day's window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from domain.cases import CaseStatus
from domain.day_facts import DayFacts
from domain.evidence import Reason

Proof = Callable[[DayFacts, datetime], bool]


def no_case_is_open(facts: DayFacts, until: datetime) -> bool:
    return not any(case.status is CaseStatus.OPEN for case in facts.cases)


def no_case_lapsed(facts: DayFacts, until: datetime) -> bool:
    """A case that closed undecided stays undecided: silence never turns a day against anybody."""
    return not any(case.status is CaseStatus.LAPSED for case in facts.cases)


def no_question_is_open(facts: DayFacts, until: datetime) -> bool:
    return not facts.drafts


def no_message_is_unread(facts: DayFacts, until: datetime) -> bool:
    return not facts.messages


def there_is_a_terminal(facts: DayFacts, until: datetime) -> bool:
    return bool(facts.terminals)


def the_person_is_mapped(facts: DayFacts, until: datetime) -> bool:
    return not facts.terminals or any(terminal.is_mapped for terminal in facts.terminals)


def no_terminal_is_declared_out(facts: DayFacts, until: datetime) -> bool:
    return not any(terminal.outage for terminal in facts.terminals if terminal.is_mapped)


def every_terminal_is_read_to_the_end(facts: DayFacts, until: datetime) -> bool:
    return all(
        terminal.complete_up_to is not None and terminal.complete_up_to >= until
        for terminal in facts.terminals
        if terminal.is_mapped
    )


def every_clock_is_known(facts: DayFacts, until: datetime) -> bool:
    return all(terminal.clock_known for terminal in facts.terminals if terminal.is_mapped)


def every_record_is_resolved(facts: DayFacts, until: datetime) -> bool:
    """Also on terminals where the person is not mapped: the unknown ID may be theirs."""
    return not any(terminal.unresolved for terminal in facts.terminals)


def no_terminal_is_nearly_silent(facts: DayFacts, until: datetime) -> bool:
    """A dead sensor looks like a unit that stayed at home."""
    return not any(terminal.traffic_low for terminal in facts.terminals if terminal.is_mapped)


NO_WORD_GIVEN: tuple[tuple[Reason, Proof], ...] = (
    (Reason.OPEN_CASE, no_case_is_open),
    (Reason.LAPSED_CASE, no_case_lapsed),
    (Reason.OPEN_DRAFT, no_question_is_open),
    (Reason.UNREAD_MESSAGE, no_message_is_unread),
)
"""While one of these fails the day waits for a decision: there is news (ada kabar)."""

TERMINALS_TELL_ALL: tuple[tuple[Reason, Proof], ...] = (
    (Reason.NO_TERMINAL, there_is_a_terminal),
    (Reason.NO_MAPPED_ID, the_person_is_mapped),
    (Reason.OUTAGE, no_terminal_is_declared_out),
    (Reason.NOT_READ_TO_THE_END, every_terminal_is_read_to_the_end),
    (Reason.CLOCK_UNKNOWN, every_clock_is_known),
    (Reason.UNRESOLVED_RECORDS, every_record_is_resolved),
    (Reason.LOW_TRAFFIC, no_terminal_is_nearly_silent),
)
"""While one of these fails the day waits for data: a scan may exist that we have not seen."""


def doubts(
    facts: DayFacts, needs: Sequence[tuple[Reason, Proof]], until: datetime
) -> tuple[Reason, ...]:
    """The names of the needs that do not hold, in their order."""
    return tuple(reason for reason, holds in needs if not holds(facts, until))


def news(facts: DayFacts, as_of: datetime) -> tuple[Reason, ...]:
    """What was said about the day and is not decided (ada kabar)."""
    if not (facts.cases or facts.drafts or facts.messages):
        return ()
    return doubts(facts, NO_WORD_GIVEN, as_of)
