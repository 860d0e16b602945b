"""One message being answered: who wrote, when, what is open with this person, and what we say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.access import Actor, employee
from domain.messages import MessageClass
from services import outbox
from sms.grammar import Meaning, Question
from store.cases import Draft, ReplyCode
from store.db import Transaction
from store.messages import InboundSms
from store.people import Employee

DRAFT_LIVES = timedelta(hours=12)
CLOCK_TOLERANCE = timedelta(seconds=5)  # the network's clock tells whole seconds


class Outcome(StrEnum):
    """What became of an incoming message."""

    FILED = "filed"
    DECIDED = "decided"
    ASKED = "asked"
    ANSWERED = "answered"
    TAUGHT = "taught"
    SILENT = "silent"
    STRANGER = "stranger"
    MACHINE = "machine"
    LOOP = "loop"
    STOPPED = "stopped"
    FAILED = "failed"


UNREAD = (Outcome.TAUGHT, Outcome.FAILED)
"""Outcomes that a person should look at (belum terbaca)."""


class Asking(StrEnum):
    """What the conversation asks beside the questions of the grammar (pertanyaan kami)."""

    WHO = "who"
    CHANGE = "change"  # a correction that names no new value
    CONFIRM_CHANGE = "confirm_change"
    CONFIRM_CANCEL = "confirm_cancel"
    CONFIRM_REPORT = "confirm_report"
    CONFIRM_STAND_IN = "confirm_stand_in"
    CONFIRM_OTHER = "confirm_other"  # a request for a colleague, from the sender's phone


WANTS_YES = frozenset(
    {
        Asking.CONFIRM_CHANGE,
        Asking.CONFIRM_CANCEL,
        Asking.CONFIRM_REPORT,
        Asking.CONFIRM_STAND_IN,
        Asking.CONFIRM_OTHER,
    }
)
"""Questions that a YA answers."""


@dataclass
class Talk:
    """The whole situation of one message; every handler takes it and returns an Outcome."""

    tx: Transaction
    now: datetime
    sms: InboundSms
    person: Employee
    text: str  # what is answered: this SMS, or the one that it completes ("ini Rina")
    sent_at: datetime  # when that was sent, in the sender's zone
    today: date  # where the sender works, when the message was sent
    codes: Sequence[ReplyCode]  # what this person may answer
    draft: Draft | None
    meaning: Meaning

    @property
    def actor(self) -> Actor:
        return employee(self.person.id)

    def reply(
        self,
        text: str,
        *,
        message_class: MessageClass = MessageClass.RECEIPT,
        wants_answer: bool = False,
        case_id: int | None = None,
    ) -> None:
        """Answer the sender, on the road they wrote by."""
        outbox.queue(
            self.tx,
            self.now,
            message_class,
            text,
            employee_id=self.person.id,
            number=self.sms.number,
            route=self.sms.route,
            inbound_id=self.sms.id,
            case_id=case_id,
            wants_answer=wants_answer,
        )

    def ask(self, text: str) -> Outcome:
        """Ask the sender something back."""
        self.reply(text, message_class=MessageClass.QUESTION, wants_answer=True)
        return Outcome.ASKED

    def close_draft(self, outcome: str) -> None:
        """The open question is answered, replaced or dropped."""
        if self.draft is not None:
            self.draft.closed_at = self.now
            self.draft.outcome = outcome

    @property
    def wants_yes(self) -> bool:
        """Whether our open question is one that YA answers, asked before this SMS was sent."""
        draft = self.draft
        return (
            draft is not None
            and draft.question in WANTS_YES
            and draft.asked_at <= self.sent_at + CLOCK_TOLERANCE
        )

    def open_question(self, question: Question | Asking, fields: dict[str, object]) -> None:
        """Remember what was understood, until the next SMS completes it.

        An unanswered draft still counts as word given for the days it may be about.
        """
        self.close_draft("replaced")
        start = fields.get("start")
        about = date.fromisoformat(str(start)) if start else self.today
        end = fields.get("end")
        self.tx.add(
            Draft(
                employee_id=self.person.id,
                number=self.sms.number or "",
                question=question.value,
                fields=fields,
                about_from=about,
                about_to=date.fromisoformat(str(end)) if end else about,
                inbound_id=self.sms.id,
                asked_at=self.now,
                expires_at=self.now + DRAFT_LIVES,
            )
        )
