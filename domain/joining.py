"""Joining the parts of a long SMS (menyambung bagian pesan).

A sender numbers long messages with 8 bits and starts over, so sender and reference do not name a
message; the time at which the network took its parts does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WITHIN = timedelta(hours=1)
"""Parts of one message reach the network within seconds, with a bad signal within minutes."""


@dataclass(frozen=True)
class Piece:
    """One part: its row, its place in the whole, its words, and when the network took it."""

    id: int
    number: int
    total: int
    sent_at: datetime
    text: str


def whole(newest: Piece, pieces: Iterable[Piece]) -> list[Piece] | None:
    """The message that `newest` completes, in order; None while a part is missing.

    Of several parts with one number the one nearest in time is taken: the others belong to another
    message of the same reference, or are the same part twice.
    """
    chosen: dict[int, Piece] = {}
    for piece in sorted((newest, *pieces), key=lambda each: (_apart(each, newest), each.id)):
        if _apart(piece, newest) <= WITHIN:
            chosen.setdefault(piece.number, piece)
    numbers = range(1, newest.total + 1)
    return [chosen[number] for number in numbers] if chosen.keys() == set(numbers) else None


def repeated(message: Sequence[Piece], others: Iterable[Piece]) -> list[Piece]:
    """Those of `others` that are parts of `message` delivered once more."""
    known = {(piece.number, piece.text): piece for piece in message}
    return [
        other
        for other in others
        if (same := known.get((other.number, other.text))) is not None
        and _apart(other, same) <= WITHIN
    ]


def incomplete(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Left-over parts of one sender, reference and total, put to the messages they are of."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda each: (each.sent_at, each.id)):
        _nearest(piece, groups).append(piece)
    return [sorted(group, key=lambda each: each.number) for group in groups]


def _nearest(piece: Piece, groups: list[list[Piece]]) -> list[Piece]:
    """The message nearest in time that lacks this part; a new one where there is none."""
    fitting = [group for group in groups if _fits(piece, group)]
    if not fitting:
        groups.append([])
        return groups[-1]
    return min(fitting, key=lambda group: _apart(piece, group[-1]))


def _fits(piece: Piece, group: list[Piece]) -> bool:
    is_near = _apart(piece, group[0]) <= WITHIN
    return is_near and all(piece.number != other.number for other in group)


def _apart(one: Piece, other: Piece) -> timedelta:
    return abs(one.sent_at - other.sent_at)
