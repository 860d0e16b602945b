"""Whose words these are (siapa): the owner of a phone, or which of those who share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.messages import MessageClass
from services import days, outbox
from services.conversation.names import named_in, without_names
from services.conversation.talk import DRAFT_LIVES, Asking
from sms import texts
from sms.grammar import Sender, read
from store import case_queries
from store.cases import Draft
from store.db import Transaction
from store.messages import InboundSms
from store.people import Employee

NAMING_WORDS = 4  # words beside the name in an answer that only names: 'ini saya', 'untuk bu'


@dataclass(frozen=True)
class Said:
    """Who said what, and when: a name that was asked for brings back the SMS asked about."""

    person: Employee
    text: str
    sent_at: datetime


def sender_of(
    tx: Transaction, now: datetime, sms: InboundSms, owners: Sequence[Employee]
) -> Said | None:
    """Who of the owners writes; None when that had to be asked.

    A shared phone is always asked who is meant, unless the text says it or it answers a question
    that only one of the owners had been asked.
    """
    if len(owners) == 1:
        return Said(owners[0], sms.text, sms.sent_at)
    waiting = case_queries.drafts_of_number(tx, sms.number or "", now)
    asked_who = [
        draft for draft in waiting if draft.question == Asking.WHO and "sent_at" in draft.fields
    ]
    named = named_in(sms.text, owners, sms.sent_at)
    if len(named) == 1:
        for draft in asked_who:
            draft.closed_at, draft.outcome = now, "completed"
            days.mark_words(tx, now, draft.employee_id, [_about(draft)])
        return _named(sms, named[0], asked_who)
    others = {draft.employee_id for draft in waiting if draft not in asked_who}
    if len(others) == 1 and not named:
        person = next(owner for owner in owners if owner.id in others)
        return Said(person, sms.text, sms.sent_at)
    _ask_who(tx, now, sms, owners, asked_who)
    return None


def _named(sms: InboundSms, person: Employee, asked_who: Sequence[Draft]) -> Said:
    """The SMS itself, or the one before it when this one only names somebody."""
    only_names = len(without_names(sms.text, person).split()) <= NAMING_WORDS
    if asked_who and only_names:
        fields = asked_who[-1].fields
        return Said(person, str(fields["text"]), datetime.fromisoformat(str(fields["sent_at"])))
    return Said(person, sms.text, sms.sent_at)


def _ask_who(
    tx: Transaction,
    now: datetime,
    sms: InboundSms,
    owners: Sequence[Employee],
    before: Sequence[Draft],
) -> None:
    """Keep the text, as word given by whichever owner it was, and ask for the name."""
    spans = [_spoken_of(sms), *(_about(draft) for draft in before)]
    first, last = min(first for first, _ in spans), max(last for _, last in spans)
    for draft in before:
        draft.closed_at, draft.outcome = now, "replaced"
    for owner in owners:
        tx.add(
            Draft(
                employee_id=owner.id,
                number=sms.number or "",
                question=Asking.WHO.value,
                fields={"text": sms.text, "sent_at": sms.sent_at.isoformat()},
                about_from=first,
                about_to=last,
                inbound_id=sms.id,
                asked_at=now,
                expires_at=now + DRAFT_LIVES,
            )
        )
        days.mark_words(tx, now, owner.id, [(first, last)])
    outbox.queue(
        tx,
        now,
        MessageClass.QUESTION,
        texts.ask_which_owner([owner.name for owner in owners]),
        number=sms.number,
        route=sms.route,
        inbound_id=sms.id,
        wants_answer=True,
    )


def _spoken_of(sms: InboundSms) -> tuple[date, date]:
    """The dates that a text names; without any it may be about today or tomorrow."""
    sent_at = sms.sent_at.astimezone(outbox.HOME_ZONE)
    meaning = read(sms.text, sent_at, Sender.EMPLOYEE, ())
    if meaning.start is not None:
        return meaning.start, max(meaning.start, meaning.end or meaning.start)
    return sent_at.date(), sent_at.date() + timedelta(days=1)


def _about(draft: Draft) -> tuple[date, date]:
    asked = draft.asked_at.astimezone(outbox.HOME_ZONE).date()
    return draft.about_from or asked, draft.about_to or asked
