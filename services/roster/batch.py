"""Dated rows of one table, gathered over many subjects and written in three statements."""

from __future__ import annotations

from typing import Any

from domain.roster.succession import Succession
from services.roster.work import Work
from store import roster_queries


class Batch:
    """Changes of one table gathered to be written together."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.ends: list[tuple[int, Any]] = []
        self.drops: list[int] = []
        self.opens: list[dict[str, Any]] = []

    def take(self, change: Succession[Any], key_column: str = "", **columns: Any) -> None:
        """Add one subject's change. A new row has `columns` and what its key says: the fields of
        a tuple with names, or the one column that is named."""
        self.ends += [(row.id, last) for row, last in change.end]
        self.drops += [row.id for row in change.drop]
        for key, first, last in change.open:
            said = {key_column: key} if key_column else key._asdict()
            self.opens.append({**columns, **said, "first_day": first, "last_day": last})

    def write(self, work: Work) -> None:
        """Write them: ends and drops first, so that what follows never overlaps."""
        roster_queries.end(work.tx, self.table, self.ends)
        roster_queries.drop(work.tx, self.table, self.drops)
        roster_queries.add(work.tx, self.table, self.opens)
