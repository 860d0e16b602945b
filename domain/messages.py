"""Outgoing messages: their states, lanes and classes (pesan keluar)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from enum import IntEnum, StrEnum


class OutState(StrEnum):
    """Where an outgoing message stands; UNKNOWN is a state, not an error to retry away."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SUBMITTING = "submitting"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DIED = "died"  # its deadline passed before it could leave
    WITHHELD = "withheld"  # the unit's stage or a stop keeps it from leaving


class Lane(IntEnum):
    """Which queue a message leaves in; a lower number goes first."""

    ANSWER = 1  # receipts, questions back, approval requests, echoes
    NOTICE = 2  # outcomes, queue notices
    ALERT = 3  # questions at the cut-off, morning lists, absence alerts
    BULK = 4  # month's end, announcements


class MessageClass(StrEnum):
    """What a message is for; decides lane, quiet hours, deadline and what UNKNOWN means."""

    RECEIPT = "receipt"
    QUESTION = "question"
    TEACHING = "teaching"
    APPROVAL_REQUEST = "approval_request"
    ECHO = "echo"
    OUTCOME = "outcome"
    QUEUE_NOTICE = "queue_notice"
    STRANGER = "stranger"
    CUTOFF_QUESTION = "cutoff_question"
    MORNING_LIST = "morning_list"
    ABSENCE_ALERT = "absence_alert"
    CORRECTION = "correction"
    DUTY_NOTICE = "duty_notice"
    TECHNICAL = "technical"
    BULK = "bulk"


LANES: dict[MessageClass, Lane] = {
    MessageClass.RECEIPT: Lane.ANSWER,
    MessageClass.QUESTION: Lane.ANSWER,
    MessageClass.TEACHING: Lane.ANSWER,
    MessageClass.APPROVAL_REQUEST: Lane.ANSWER,
    MessageClass.ECHO: Lane.ANSWER,
    MessageClass.STRANGER: Lane.ANSWER,
    MessageClass.OUTCOME: Lane.NOTICE,
    MessageClass.QUEUE_NOTICE: Lane.NOTICE,
    MessageClass.DUTY_NOTICE: Lane.NOTICE,
    MessageClass.TECHNICAL: Lane.NOTICE,
    MessageClass.CORRECTION: Lane.NOTICE,
    MessageClass.CUTOFF_QUESTION: Lane.ALERT,
    MessageClass.MORNING_LIST: Lane.ALERT,
    MessageClass.ABSENCE_ALERT: Lane.ALERT,
    MessageClass.BULK: Lane.BULK,
}


class Doubt(StrEnum):
    """What happens to a message of which nobody knows whether it left (belum pasti terkirim)."""

    REPEAT = "repeat"  # no report came: once more, marked, because work waits for it
    REPORT = "report"  # a delivery report may settle it; until then, and without one, the panel
    PANEL = "panel"  # the panel shows it; who misses it asks again or is told otherwise


DOUBTS: dict[MessageClass, Doubt] = {
    # a leave stands still until its decider has read it, and the reply code makes two copies one
    MessageClass.APPROVAL_REQUEST: Doubt.REPEAT,
    MessageClass.ECHO: Doubt.REPORT,
    MessageClass.OUTCOME: Doubt.REPORT,
    MessageClass.CORRECTION: Doubt.REPORT,
    MessageClass.DUTY_NOTICE: Doubt.REPORT,
    MessageClass.ABSENCE_ALERT: Doubt.REPORT,
    MessageClass.RECEIPT: Doubt.PANEL,
    MessageClass.QUESTION: Doubt.PANEL,
    MessageClass.TEACHING: Doubt.PANEL,
    MessageClass.STRANGER: Doubt.PANEL,
    MessageClass.QUEUE_NOTICE: Doubt.PANEL,
    MessageClass.CUTOFF_QUESTION: Doubt.PANEL,
    MessageClass.MORNING_LIST: Doubt.PANEL,
    MessageClass.TECHNICAL: Doubt.PANEL,
    MessageClass.BULK: Doubt.PANEL,
}


def wants_report(message_class: MessageClass) -> bool:
    """Whether a delivery report is asked for; reports slow a modem down and often never come."""
    return DOUBTS[message_class] is not Doubt.PANEL


QUIET_FROM, QUIET_TO = time(20, 0), time(6, 0)
"""Nobody's phone rings between these local hours unless they just wrote to us themselves."""

ANSWERS_AT_ONCE = frozenset(
    {
        MessageClass.RECEIPT,
        MessageClass.QUESTION,
        MessageClass.TEACHING,
        MessageClass.ECHO,
        MessageClass.STRANGER,
    }
)

UNASKED_ALERTS = frozenset({MessageClass.CUTOFF_QUESTION, MessageClass.ABSENCE_ALERT})
"""What an employee may stop with BERHENTI."""


WAITS_FOR_WORK = frozenset(
    {MessageClass.APPROVAL_REQUEST, MessageClass.QUEUE_NOTICE, MessageClass.BULK}
)
"""Desk work: on a day off it waits for the recipient's next working day."""

LIVES: dict[MessageClass, timedelta] = {
    MessageClass.QUESTION: timedelta(hours=12),  # as long as the draft it asks about
    MessageClass.TEACHING: timedelta(hours=12),
    MessageClass.STRANGER: timedelta(hours=12),
    MessageClass.CUTOFF_QUESTION: timedelta(hours=6),
    MessageClass.MORNING_LIST: timedelta(hours=12),
    MessageClass.ABSENCE_ALERT: timedelta(hours=36),
    MessageClass.TECHNICAL: timedelta(hours=24),
}
"""After so long a message dies rather than arrives absurd; classes not named may arrive late."""

LONGEST_WAIT = 30  # days; nobody is off longer than that by the calendar alone


def every_day(_day: date) -> bool:
    return True


def may_leave_from(
    message_class: MessageClass,
    now: datetime,
    zone: tzinfo,
    works_on: Callable[[date], bool] = every_day,
) -> datetime:
    """The first moment at or after `now` at which the recipient's phone may ring.

    Answers to what somebody just sent leave at once; a request about a shift that runs or comes
    next does too, and its caller does not ask here. `works_on` tells the recipient's working days.
    """
    if message_class in ANSWERS_AT_ONCE:
        return now
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    if message_class in WAITS_FOR_WORK:
        day = next(
            (later for later in map(_days_after(day), range(LONGEST_WAIT)) if works_on(later)), day
        )
    if day == local.date() and local.time() >= QUIET_TO:
        return now
    morning = datetime.combine(day, QUIET_TO, tzinfo=zone)
    return morning.astimezone(now.tzinfo)


def _days_after(day: date) -> Callable[[int], date]:
    return lambda count: day + timedelta(days=count)
