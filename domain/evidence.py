"""Evidence (alasan): why a day is what it is, as dicts of codes and plain values.

Panel, SMS and the one-page PDF turn the codes into sentences in their own language; nothing here
is a sentence. Every value can be written as JSON. Instants of a scan or a terminal stay instants
until then (to write many as text one by one takes long); there they are ISO text with offset.
"""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from enum import StrEnum

Evidence = dict[str, object]


class Reason(StrEnum):
    """Why a day is not final, or what about it deserves a look (alasan menunggu)."""

    NOT_DUE = "not_due"  # the cut-off has not come
    NOT_CLOSED_YET = "not_closed_yet"
    OPEN_CASE = "open_case"
    LAPSED_CASE = "lapsed_case"  # closed undecided; never turns against the employee
    OPEN_DRAFT = "open_draft"
    UNREAD_MESSAGE = "unread_message"
    PROVISIONAL = "provisional"
    NO_ROSTER = "no_roster"
    NO_PATTERN = "no_pattern"
    NO_TERMINAL = "no_terminal"
    NO_MAPPED_ID = "no_mapped_id"
    OUTAGE = "outage"
    NOT_READ_TO_THE_END = "not_read_to_the_end"
    CLOCK_UNKNOWN = "clock_unknown"
    UNRESOLVED_RECORDS = "unresolved_records"
    LOW_TRAFFIC = "low_traffic"
    DOUBTFUL_SCAN = "doubtful_scan"  # a scan whose instant is uncertain
    SCAN_DURING_LEAVE = "scan_during_leave"
    NOT_IN_SERVICE = "not_in_service"


def stamp(at: datetime, zone: tzinfo) -> str:
    """An instant as people of that zone read it: '2026-11-24T07:28:03+08:00'."""
    return at.astimezone(zone).isoformat()


def clock(at: time) -> str:
    """'07:30'"""
    return at.isoformat("minutes")


def clocks(starts: time, ends: time) -> str:
    """'06:30-07:30'"""
    return f"{clock(starts)}-{clock(ends)}"
