"""From named days to stretches of days (rentang): ranges, lists, days said twice in two ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from sms.grammar.days import (
    DAY,
    DAY_ONLY_LOOK_BACK,
    Atom,
    ImpossibleDateError,
    resolve,
    resolve_alone,
)
from sms.grammar.links import absorb_weeks_and_months, is_back, is_since, link_between
from sms.grammar.reading import Reading

_LONGEST_OVER_NEW_YEAR = timedelta(days=183)  # half a year: 'Desember s/d Februari' and the like
_DAYS = frozenset({"cal", "wd", "rel"})  # classes of atoms that name one day
_ALONE = {cls: frozenset({cls}) for cls in (*_DAYS, "week", "month", "vague")}
_UNTIL = frozenset({"sampai", "s/d", "sd", "until", "till"})


@dataclass(slots=True)
class Span:
    """A stretch of days the text names: tokens i..j, dates, and what is wrong with it.

    `state` is 'ok', 'gaps' (days apart), 'either' (this or that), 'bad' (impossible or
    contradictory), 'vague' (a week, a month) or 'doubt' (could be a day or a range).
    """

    i: int
    j: int
    start: date | None
    end: date | None
    state: str
    only_until: bool = False  # 'sampai Jumat' without a first day
    negated: bool = False
    classes: frozenset[str] = frozenset()
    corrected: bool = False  # 'eh', 'maksudnya' stands before it
    singles: list[date] = field(default_factory=list)


@dataclass(slots=True)
class _Item:
    """Atoms side by side that name one day."""

    atoms: list[Atom]
    link: str  # how it hangs on the item before: RANGE, AND, OR or ''


def find_spans(reading: Reading, atoms: list[Atom], today: date) -> list[Span]:
    """Group atoms into spans and resolve each against `today`."""
    atoms = absorb_weeks_and_months(reading, atoms, today)
    if len(atoms) == 1:
        return [_resolve_alone(reading, atoms[0], today)]
    spans: list[Span] = []
    group: list[tuple[Atom, str]] = []
    corrected = False
    for previous, atom in zip([None, *atoms], atoms, strict=False):
        link = link_between(reading, previous, atom) if previous else "FAR"
        if previous is not None and previous.negated and link == "RANGE":
            atom.negated = True  # 'bukan 15 s/d 16'
        since = previous is not None and link != "RANGE" and is_since(reading, previous)
        if since or (link != "RANGE" and is_back(reading, previous, atom)):
            link = "FAR"
        if link in ("FAR", "CORR") or (previous and previous.negated != atom.negated):
            if group:
                spans += _spans_of(reading, group, today, corrected)
            group, corrected = [(atom, "")], link == "CORR"
        else:
            group.append((atom, link))
    if group:
        spans += _spans_of(reading, group, today, corrected)
    return spans


def _spans_of(
    reading: Reading, group: list[tuple[Atom, str]], today: date, corrected: bool
) -> list[Span]:
    """Resolve one group; runs of two kinds ('Senin s/d Rabu tgl 4 s/d 6') must agree."""
    spans: list[Span] = []
    if len(group) == 1:
        alone = _resolve_alone(reading, group[0][0], today)
        alone.corrected = corrected
        return [alone]
    runs = _runs(group)
    index = 0
    while index < len(runs):
        run = runs[index]
        following = runs[index + 1] if index + 1 < len(runs) else None
        beside = following is not None and following[0][1] in ("NONE", "COMMA", "LINE")
        if (
            beside
            and following
            and (len(run) > 1 or len(following) > 1)
            and not _pairs_up(runs, index)
        ):
            first, second = (
                _resolve_run(reading, run, today),
                _resolve_run(reading, following, today),
            )
            spans.append(_agree(first, second))
            index += 2
        elif (beside and following and not _is_day(run[0][0])) or (
            beside and following and not _is_day(following[0][0])
        ):
            spans.append(_resolve_run(reading, run, today))
            index += 1
        else:
            items, index = _items_from(runs, index)
            spans.append(_resolve_items(reading, items, today))
    spans = [s for s in spans if s is not None]
    if spans:
        spans[0].corrected = corrected
    return spans


def _is_day(atom: Atom) -> bool:
    return atom.cls in _DAYS


def _runs(group: list[tuple[Atom, str]]) -> list[list[tuple[Atom, str]]]:
    """Cut a group where the kind of day changes without 'sampai' or 'dan' between."""
    runs: list[list[tuple[Atom, str]]] = []
    for atom, link in group:
        last = runs[-1][-1][0] if runs else None
        same = last is not None and last.cls == atom.cls
        if (same and link in ("RANGE", "AND", "OR", "COMMA", "LINE")) or (
            same and link == "NONE" and atom.cls == "wd"
        ):
            runs[-1].append((atom, "AND" if link in ("COMMA", "NONE", "LINE") else link))
        else:
            runs.append([(atom, link)])
    return runs


def _pairs_up(runs: list[list[tuple[Atom, str]]], index: int) -> bool:
    """'Senin tgl 4 s/d Rabu tgl 6': single days side by side, joined to further such pairs."""
    return len(runs[index]) == 1 and len(runs[index + 1]) == 1


def _items_from(runs: list[list[tuple[Atom, str]]], index: int) -> tuple[list[_Item], int]:
    """Take runs that hang together by range or list; days side by side become one item."""
    items: list[_Item] = []
    while index < len(runs):
        run = runs[index]
        link = run[0][1]
        if items and link in ("NONE", "COMMA", "LINE"):
            if len(run) == 1 and len(items[-1].atoms) == 1 and _is_day(run[0][0]):
                items[-1].atoms.append(run[0][0])
                index += 1
                continue
            if len(items[-1].atoms) == 2 and len(run) == 1 and _is_day(run[0][0]):
                items[-1].atoms.append(run[0][0])
                index += 1
                continue
            break
        items.append(_Item([run[0][0]], link if items else ""))
        for atom, inner in run[1:]:
            items.append(_Item([atom], inner))
        index += 1
    return items, index


def _resolve_run(reading: Reading, run: list[tuple[Atom, str]], today: date) -> Span:
    return _resolve_items(
        reading, [_Item([atom], link if n else "") for n, (atom, link) in enumerate(run)], today
    )


def _resolve_alone(reading: Reading, atom: Atom, today: date) -> Span:
    """The span of one atom with nothing beside it, as most messages have it."""
    span = Span(atom.i, atom.j, None, None, "ok", negated=atom.negated, classes=_ALONE[atom.cls])
    _note_lone_until(reading, span)
    if atom.cls not in _DAYS:
        span.state = "vague"
        return span
    try:
        span.start = span.end = day = resolve_alone(atom, today, None)
        span.singles = [day]
    except (ImpossibleDateError, OverflowError):
        span.state = "bad"
    return span


def _resolve_items(reading: Reading, items: list[_Item], today: date) -> Span:
    atoms = [atom for item in items for atom in item.atoms]
    span = Span(
        atoms[0].i,
        max([atom.j for atom in atoms]),
        None,
        None,
        "ok",
        negated=atoms[0].negated,
        classes=frozenset([atom.cls for atom in atoms]),
    )
    _note_lone_until(reading, span)
    if not span.classes <= _DAYS:
        span.state = "vague"
        return span
    if len(items) > 1:
        if "cal" in span.classes:
            _fill_months(items)
        if "wd" in span.classes:
            _cover(items)
        if _is_doubtful(items):
            span.state = "doubt"
            return span
        if "OR" in [item.link for item in items]:
            span.state = "either"
            return span
    try:
        _set_days(span, items, today)
    except (ImpossibleDateError, OverflowError):
        span.state, span.start, span.end = "bad", None, None
    return span


def _note_lone_until(reading: Reading, span: Span) -> None:
    if reading.vocabulary.isdisjoint(_UNTIL):
        return
    for word in reading.before(span.i, 4):
        if word in ("hari", "tanggal", "dengan", "pada"):
            continue
        span.only_until = word in _UNTIL
        return


def _fill_months(items: list[_Item]) -> None:
    """'12 s/d 14 Des 2026': the first day takes month and year of the last."""
    cals = [[a for a in item.atoms if a.cls == "cal"] for item in items]
    flat = [c[0] if c else None for c in cals]
    for left, right in reversed(list(pairwise(flat))):
        if left is None or right is None or left.which:
            continue
        if not left.month and right.month:
            left.month, left.year, left.filled = right.month, right.year, True
            if left.day > right.day:
                left.month, left.turned = right.month - 1 or 12, True
                if left.year and right.month == 1:
                    left.year -= 1
        elif left.month and right.year and not left.year:
            left.year = right.year if left.month <= right.month else right.year - 1


def _cover(items: list[_Item]) -> None:
    """'Selasa dan Rabu depan': 'depan' and 'ini' at the end cover the days before."""
    last = items[-1].atoms[-1]
    for item in items[:-1]:
        for atom in item.atoms:
            if atom.cls == last.cls == "wd" and last.which and not atom.which:
                atom.which = last.which


def _is_doubtful(items: list[_Item]) -> bool:
    """A bare '8-10' may be a date or days."""
    first, second = items[0].atoms[0], items[1].atoms[0]
    if first.bare and first.dashed and not first.month and items[1].link == "RANGE":
        return 1 <= second.day <= 12
    return False


def _set_days(span: Span, items: list[_Item], today: date) -> None:
    first = resolve(items[0].atoms, today, None)
    if _took_a_month_long_past(items[0], first, today):
        raise ImpossibleDateError("end before start")
    days, apart = [first], False
    for item in items[1:]:
        found = resolve(item.atoms, today, days[-1])
        if item.link == "RANGE":
            if found < days[-1] or _took_a_year_too_many(item, days[-1], found):
                raise ImpossibleDateError("end before start")
            day = days[-1] + DAY
            if (found - day).days > 1500:
                raise ImpossibleDateError("too long")
            while day <= found:
                days.append(day)
                day += DAY
        else:
            apart = apart or found - days[-1] != DAY
            days.append(found)
    span.singles = days
    if apart:
        span.state = "gaps"
    else:
        span.start, span.end = days[0], days[-1]


def _took_a_month_long_past(item: _Item, found: date, today: date) -> bool:
    """'tgl 12 sampai 8 Februari' on 4 February: no '12 Januari' is meant, the days are swapped."""
    return found < today - DAY_ONLY_LOOK_BACK and any(a.turned for a in item.atoms)


def _took_a_year_too_many(item: _Item, start: date, found: date) -> bool:
    """'12 Jan s/d 10 Jan': a last day without a year rolls over only for a short stretch."""
    return found - start > _LONGEST_OVER_NEW_YEAR and any(
        a.cls == "cal" and a.month and not a.year for a in item.atoms
    )


def _agree(first: Span, second: Span) -> Span:
    """Two ways of naming the same days; a single day agrees with the start of a range."""
    out = Span(
        first.i,
        second.j,
        None,
        None,
        "bad",
        first.only_until,
        first.negated,
        first.classes | second.classes,
    )
    states = {first.state, second.state}
    if states <= {"ok"}:
        one, two = (first, second) if len(first.singles) >= len(second.singles) else (second, first)
        if len(two.singles) == 1 and len(one.singles) > 1:
            matches = one.start == two.start
        else:
            matches = (first.start, first.end) == (second.start, second.end)
        if not matches and _same_weekdays(first, second):
            one, matches = second, True
        if matches:
            out.start, out.end, out.state, out.singles = one.start, one.end, "ok", one.singles
    elif "bad" not in states:
        out.state = next(s for s in (second.state, first.state) if s != "ok")
    return out


def _same_weekdays(first: Span, second: Span) -> bool:
    """'Senin s/d Rabu tgl 14-16' two weeks ahead: the weekdays fit, the dates say which week."""
    if (
        "wd" not in first.classes
        or not second.start
        or not first.start
        or not second.end
        or not first.end
    ):
        return False
    return (
        first.start.weekday() == second.start.weekday()
        and first.end.weekday() == second.end.weekday()
        and len(first.singles) == len(second.singles)
    )
