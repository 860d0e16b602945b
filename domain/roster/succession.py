"""What follows what, by dates: the past stays, from a day on only what is said holds."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

ONE_DAY = timedelta(days=1)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Held(Generic[Key]):
    """A stored row that says `key` from a day to a day, both included."""

    id: int
    key: Key
    first: date
    last: date | None


@dataclass(frozen=True)
class Wanted(Generic[Key]):
    """What is to hold; without a first day from the day of the change on."""

    key: Key
    first: date | None = None
    last: date | None = None


@dataclass
class Succession(Generic[Key]):
    """How the stored rows become what is wanted: last days to write, rows to drop, rows to add."""

    end: list[tuple[Held[Key], date | None]] = field(default_factory=list)
    drop: list[Held[Key]] = field(default_factory=list)
    open: list[tuple[Key, date, date | None]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.end or self.drop or self.open)


def succeed(
    stored: Iterable[Held[Key]], wanted: Iterable[Wanted[Key]], as_of: date
) -> Succession[Key]:
    """The least change after which exactly `wanted` holds from `as_of` on, the past untouched.

    A row that began before and is no longer wanted ends the day before; one that would only have
    begun is dropped. A wanted row that begins earlier than `as_of` begins at `as_of`, unless it
    is already there.
    """
    change: Succession[Key] = Succession()
    present = [row for row in stored if row.last is None or row.last >= as_of]
    there = {(row.key, max(row.first, as_of)): row for row in present}
    kept: set[int] = set()
    for wish in wanted:
        if wish.last is not None and wish.last < as_of:
            continue
        begins = max(wish.first or as_of, as_of)
        row = there.get((wish.key, begins))
        if row is None:
            change.open.append((wish.key, begins, wish.last))
            continue
        kept.add(row.id)
        if row.last != wish.last:
            change.end.append((row, wish.last))
    for row in present:
        if row.id in kept:
            continue
        if row.first < as_of:
            change.end.append((row, as_of - ONE_DAY))
        else:
            change.drop.append(row)
    return change
