"""Conditions over many values as one parameter, so that a statement's size never follows theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, cast, func, literal_column, select, tuple_
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

MANY = 5_000  # rows a statement; SQLite takes 32,766 values


def one_of(session: Session, wanted: Any, values: Sequence[int]) -> ColumnElement[bool]:
    """Condition: the column `wanted` holds one of these numbers, however many they are."""
    if session.get_bind().dialect.name == "sqlite":
        listed = func.json_each(json.dumps(values)).table_valued("value")
        return wanted.in_(select(listed.c.value))  # type: ignore[no-any-return]
    return wanted == func.any(cast(list(values), postgresql.ARRAY(wanted.type)))  # type: ignore[no-any-return]


def one_of_rows(
    session: Session, columns: Sequence[Any], rows: Sequence[Sequence[Any]]
) -> ColumnElement[bool]:
    """Condition: these columns hold one of these rows; at most MANY on SQLite.

    PostgreSQL gets arrays, which it joins; a long list of rows it would compare one by one.
    """
    if session.get_bind().dialect.name == "sqlite":
        return tuple_(*columns).in_([tuple(row) for row in rows])
    arrays = (
        cast([row[n] for row in rows], postgresql.ARRAY(each.type))
        for n, each in enumerate(columns)
    )
    return tuple_(*columns).in_(select(*(func.unnest(array) for array in arrays)))


def one_of_dates(wanted: Any, days: Sequence[date]) -> ColumnElement[bool]:
    """Condition: the column `wanted` holds one of these sorted dates; a whole span is one range."""
    if (days[-1] - days[0]).days + 1 == len(days):
        return wanted.between(days[0], days[-1])  # type: ignore[no-any-return]
    return wanted.in_(days)  # type: ignore[no-any-return]


def chosen(session: Session, table: type[Any], query: Select[Any]) -> ColumnElement[bool]:
    """Condition: a row of `table` that this query out of it chose, found again by its place.

    Meant for a query that locks what it chose: a row's place holds while nobody else changes it.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    place: ColumnElement[Any] = literal_column(
        f"{table.__tablename__}.{'rowid' if is_sqlite else 'ctid'}"
    )
    places = query.with_only_columns(place, maintain_column_froms=True).correlate(None)
    if is_sqlite:
        return place.in_(places)
    return place == func.any(func.array(places.scalar_subquery()))


def parts(rows: Iterable[Any], size: int = MANY) -> Iterator[list[Any]]:
    """The rows, `size` at a time."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part
