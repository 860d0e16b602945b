"""Many rows as the driver gives them: turning each into objects takes longer than the query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.orm import Session


def plain_rows(session: Session, statement: Executable) -> list[tuple[Any, ...]]:
    """What a statement returns, its instants and dates still to be read by `readers`."""
    cursor: Any = session.connection().execute(statement).cursor
    return cursor.fetchall()  # type: ignore[no-any-return]


def readers(session: Session) -> tuple[Callable[[Any], datetime], Callable[[Any], date]]:
    """How to read an instant and a date as this database's driver gives them."""
    if session.get_bind().dialect.name == "sqlite":
        return lambda text: datetime.fromisoformat(text + "+00:00"), _Dates().__getitem__
    return lambda at: at.astimezone(UTC), lambda day: day


class _Dates(dict[str, date]):
    """Dates by their text; the same few come again and again."""

    def __missing__(self, text: str) -> date:
        day = self[text] = date.fromisoformat(text)
        return day
