"""Days, lengths and clock times of a message, each word used once (isian)."""

from __future__ import annotations

from dataclasses import dataclass

from sms.grammar.dates import find_atoms
from sms.grammar.lengths import Length, find_lengths
from sms.grammar.numbers import other_numbers
from sms.grammar.reading import Reading
from sms.grammar.spans import Span, find_spans
from sms.grammar.times import Clock, find_clocks


@dataclass
class Slots:
    """Days, lengths and clock times found in a message."""

    spans: list[Span]
    lengths: list[Length]
    clocks: list[Clock]

    @property
    def stretches(self) -> int:
        """Number of different stretches of days that are settled."""
        return len({(s.start, s.end) for s in self.spans if s.state == "ok" and not s.negated})


def find_slots(reading: Reading) -> Slots:
    """Find days, lengths and clock times, each token used once."""
    other = other_numbers(reading.tokens)
    by_the_clock = reading.has("late", "early", "out") and not reading.has("leave", "duty")
    clocks = find_clocks(reading.tokens, by_the_clock=by_the_clock, other=other)
    taken = other | {i for c in clocks for i in range(c.start, c.end)}
    lengths = find_lengths(reading, taken)
    counted = {i for n in lengths for i in range(n.i, n.j)}
    atoms = find_atoms(reading, taken | counted)
    return Slots(find_spans(reading, atoms, reading.now.date()), lengths, clocks)
