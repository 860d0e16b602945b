"""Days, lengths and clock times of a message, each word used once (isian)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sms.grammar.dates import find_atoms
from sms.grammar.lengths import STARTS as LENGTH_STARTS
from sms.grammar.lengths import Length, find_lengths
from sms.grammar.numbers import other_numbers
from sms.grammar.reading import Reading
from sms.grammar.spans import Span, find_spans
from sms.grammar.times import STARTS as CLOCK_STARTS
from sms.grammar.times import Clock, find_clocks

_NUMBER_WORDS = LENGTH_STARTS | CLOCK_STARTS


@dataclass(slots=True)
class Slots:
    """Days, lengths and clock times found in a message."""

    spans: list[Span]
    lengths: list[Length]
    clocks: list[Clock]
    taken: set[int] = field(default_factory=set)  # tokens of lengths, clock times, other numbers

    @property
    def stretches(self) -> int:
        """Number of different stretches of days that are settled."""
        return len({(s.start, s.end) for s in self.spans if s.state == "ok" and not s.negated})


def find_slots(reading: Reading) -> Slots:
    """Find days, lengths and clock times, each token used once."""
    clocks: list[Clock] = []
    lengths: list[Length] = []
    taken: set[int] = set()
    if reading.numbers or not reading.vocabulary.isdisjoint(_NUMBER_WORDS):
        taken = other_numbers(reading.tokens)
        by_the_clock = reading.has("late", "early", "out") and not reading.has("leave", "duty")
        clocks = find_clocks(reading.tokens, by_the_clock=by_the_clock, other=taken)
        for clock in clocks:
            taken.update(range(clock.start, clock.end))
        lengths = find_lengths(reading, taken)
        for length in lengths:
            taken.update(range(length.i, length.j))
    atoms = find_atoms(reading, taken)
    return Slots(find_spans(reading, atoms, reading.now.date()), lengths, clocks, taken)
