"""Evidence (alasan): why a day is what it is, as dicts of codes and plain values.

Panel, SMS and the one-page PDF turn the codes into sentences in their own language; nothing here
is a sentence. Every value can be written as JSON. Instants are local ISO text with the offset.
"""

from __future__ import annotations

from datetime import datetime, time, tzinfo

Evidence = dict[str, object]


def stamp(at: datetime, zone: tzinfo) -> str:
    """An instant as people of that zone read it: '2026-11-24T07:28:03+08:00'."""
    return at.astimezone(zone).isoformat()


def clock(at: time) -> str:
    """'07:30'"""
    return at.isoformat("minutes")


def clocks(starts: time, ends: time) -> str:
    """'06:30-07:30'"""
    return f"{clock(starts)}-{clock(ends)}"
