"""Dates of people who work by shift (dinas jaga): 'malam ini', 'hari ini' at 02.10 in the night."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from domain.cases import CaseKind
from domain.work_calendar import DayPlan
from services import work_days
from sms.grammar import Intent, Meaning, Question
from sms.grammar.pieces import find_pieces
from store.db import Transaction

ABOUT_A_SHIFT = frozenset(
    {CaseKind.SICK, CaseKind.PERMISSION, CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT}
)
DATE = re.compile(r"\b(?:tgl|tanggal)\b|\d\s*[/-]\s*\d", re.IGNORECASE)
COMES_NEXT = timedelta(hours=12)
NIGHT_ENDS = 6  # o'clock: a shift that begins before is still that of the night


def on_own_shift(
    tx: Transaction, employee_id: int, meaning: Meaning, text: str, sent_at: datetime
) -> Meaning:
    """The meaning with dates of the sender's own shifts; unchanged for who works by day.

    A shift belongs to the date on which it begins. What is said of "today" in the night is about
    the shift that runs; without any date it is about that one or the one that comes next.
    """
    if meaning.intent is not Intent.REQUEST or meaning.kind not in ABOUT_A_SHIFT:
        return meaning
    plans = [
        plan
        for plan in work_days.plans_around(tx, employee_id, sent_at)
        if plan.is_shift and plan.starts is not None and plan.ends is not None
    ]
    if not plans:
        return meaning
    today = sent_at.date()
    running = next((plan.day for plan in plans if _runs(plan, sent_at)), None)
    if meaning.must_ask:
        has_no_day = meaning.question is Question.DATES and meaning.start is None
        pieces = find_pieces(text, sent_at)
        day = running or _next(plans, sent_at)
        if not has_no_day or not pieces.is_bare or day is None:
            return meaning
        return meaning._replace(start=day, end=day, must_ask=False, question=None)
    if (meaning.start, meaning.end) != (today, today) or DATE.search(text):
        return meaning
    words = text.lower()
    if running is not None and "nanti malam" not in words:
        return _on(meaning, running)
    if "malam" in words:
        return _on(meaning, _tonight(plans, today) or today)
    return meaning


def _on(meaning: Meaning, day: date) -> Meaning:
    return meaning._replace(start=day, end=day)


def _runs(plan: DayPlan, at: datetime) -> bool:
    assert plan.starts is not None and plan.ends is not None
    return plan.starts <= at < plan.ends


def _next(plans: list[DayPlan], at: datetime) -> date | None:
    coming = [p for p in plans if p.starts is not None and at <= p.starts <= at + COMES_NEXT]
    return min(coming, key=lambda plan: plan.starts or at).day if coming else None


def _tonight(plans: list[DayPlan], today: date) -> date | None:
    """The shift of the coming night: of today, or one that begins after midnight."""
    for plan in plans:
        assert plan.starts is not None
        begins = plan.starts.astimezone(plan.zone)
        in_the_night = begins.hour < NIGHT_ENDS
        if plan.day == today and not in_the_night:
            return today
        if plan.day == today + timedelta(days=1) and in_the_night:
            return plan.day
    return None
