"""Languages, dates and clock times as people read them."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from flask import Flask, session
from flask_babel import Babel, get_locale
from flask_login import current_user

from config.settings import TRAINING
from domain.cases import HalfDay
from domain.people import mask_number
from store.cases import Case
from webapp import wording
from webapp.context import now

INDONESIAN, ENGLISH = "id", "en"
LANGUAGES = {INDONESIAN: "Bahasa Indonesia", ENGLISH: "English"}


def register(app: Flask) -> None:
    # Indonesian is the language of the sources; English comes from translations/en.
    Babel(app, default_locale=INDONESIAN, locale_selector=chosen)
    app.jinja_env.globals.update(
        LANGUAGES=LANGUAGES,
        language=chosen,
        words=wording,
        masked=mask_number,
        is_training=app.extensions["hadir"].settings.mode == TRAINING,
    )
    for name, function in FILTERS.items():
        app.jinja_env.filters[name] = function


def chosen() -> str:
    """The language of this request: the account's, else the one picked at the door."""
    wanted = getattr(current_user, "language", None) or session.get("language")
    return wanted if wanted in LANGUAGES else INDONESIAN


def long_day(day: date) -> str:
    """'Selasa, 24 November 2026'"""
    return format_date(day, "EEEE, d MMMM y", locale=get_locale())


def short_day(day: date) -> str:
    """'Sel, 24 Nov'"""
    return format_date(day, "EEE, d MMM", locale=get_locale())


def weekday(day: date) -> str:
    """'Sel'"""
    return format_date(day, "EEE", locale=get_locale())


def month_name(day: date) -> str:
    """'November 2026'"""
    return format_date(day, "MMMM y", locale=get_locale())


def span(first: date, last: date | None) -> str:
    """'24 Nov 2026', '24–26 Nov 2026', '30 Nov – 2 Des 2026', 'mulai 24 Nov 2026'"""
    locale = get_locale()
    if last is None:
        return wording.open_span(format_date(first, "d MMM y", locale=locale))
    end = format_date(last, "d MMM y", locale=locale)
    if last == first:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    pattern = "d MMM" if first.year == last.year else "d MMM y"
    return f"{format_date(first, pattern, locale=locale)} – {end}"


def hour(moment: time) -> str:
    """'07.30' in Indonesian, '07:30' in English"""
    return f"{moment:%H.%M}" if chosen() == INDONESIAN else f"{moment:%H:%M}"


def clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment as the clock on that zone's wall shows it; '' for none."""
    return hour(moment.astimezone(zone).time()) if moment else ""


def day_and_clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """'24 Nov, 07.12 WITA'"""
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    day = format_date(local.date(), "d MMM", locale=get_locale())
    return f"{day}, {hour(local.time())} {local:%Z}"


def ago(moment: datetime | None) -> str:
    """'3 jam yang lalu'"""
    if moment is None:
        return ""
    return format_timedelta(moment - now(), add_direction=True, locale=get_locale())


def case_span(case: Case) -> str:
    """The dates of a case with its halves and clock times: '24 Nov 2026, 10.00–12.00'."""
    parts = [span(case.start_date, case.end_date)]
    halves = {
        half
        for half in (HalfDay(case.start_half), HalfDay(case.end_half))
        if half is not HalfDay.FULL
    }
    parts += [str(wording.HALF[half]) for half in sorted(halves)]
    times = [hour(moment) for moment in (case.time_from, case.time_to) if moment]
    if times:
        parts.append("–".join(times))
    return ", ".join(parts)


FILTERS = {
    "long_day": long_day,
    "short_day": short_day,
    "month_name": month_name,
    "span": span,
    "weekday": weekday,
    "read_day": date.fromisoformat,
    "clock": clock,
    "day_and_clock": day_and_clock,
    "ago": ago,
    "case_span": case_span,
    "hour": hour,
}
