"""Words given about days (kabar): open questions and SMS that nobody has read yet.

A word is about its sender's day; a supervisor's may be about a subordinate's. Each is a reason to
wait, so what may be about a day counts as being about it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from store.calendar_queries import Person
from store.cases import Draft
from store.messages import InboundSms
from store.people import Assignment, Phone, PostHolder
from store.sets import one_of

ONE_DAY = timedelta(days=1)
FAILED = "failed"
UNREAD = ("taught", FAILED)
STAND_IN = "confirm_stand_in"
"""A question that names somebody who is there: every other one speaks of whom it names."""
Word = tuple[int, date, date]  # its id, the first and last date it may be about
A_NAME = re.compile(r"[^\W\d_]{3,}")


class WordBook:
    """What was said and is not decided about some people in a span of dates."""

    def __init__(
        self,
        session: Session,
        people: Mapping[int, Person],
        zones: Mapping[int, ZoneInfo],
        first: date,
        last: date,
    ):
        self._session, self._people, self._zones = session, people, zones
        self._first, self._last = first, last
        self._drafts: dict[int, list[Word]] = defaultdict(list)
        self._messages: dict[int, list[Word]] = defaultdict(list)
        self._reports: list[tuple[int, str, dict[int, list[Word]], Word]] = []
        self._load_drafts()
        self._load_messages(sorted(people))
        self._load_reports()

    def drafts(self, employee_id: int, day: date) -> tuple[int, ...]:
        """Ids of the questions that are or may be about this date."""
        words = self._drafts.get(employee_id)
        return _touching(words, day) if words else ()

    def messages(self, employee_id: int, day: date) -> tuple[int, ...]:
        """Ids of the unread SMS that are or may be about this date."""
        words = self._messages.get(employee_id)
        return _touching(words, day) if words else ()

    # --- loading -----------------------------------------------------------------------------

    def _load_drafts(self) -> None:
        """Questions still open; one that expired unanswered still was a word about that day."""
        for draft, text in self._session.execute(
            select(Draft, InboundSms.text)
            .outerjoin(InboundSms, InboundSms.id == Draft.inbound_id)
            .where(
                or_(Draft.closed_at.is_(None), Draft.outcome == "expired"),
                Draft.about_from <= self._last,
                Draft.about_to >= self._first,
            )
        ):
            word = (draft.id, draft.about_from or date.min, draft.about_to or date.max)
            for employee_id in _whom(draft):
                self._drafts[employee_id].append(word)
            self._reports.append((draft.employee_id, text or "", self._drafts, word))

    def _load_messages(self, people: Sequence[int]) -> None:
        read_in_vain = select(InboundSms, InboundSms.employee_id).where(
            one_of(self._session, InboundSms.employee_id, people),
            self._is_unread(),
            self._may_touch(),
        )
        not_read_yet = (  # whoever owns the number may have written it
            select(InboundSms, Phone.employee_id)
            .join(Phone, Phone.number == InboundSms.number)
            .where(
                one_of(self._session, Phone.employee_id, people),
                or_(
                    InboundSms.processed_at.is_(None),
                    and_(InboundSms.outcome == FAILED, InboundSms.handled_at.is_(None)),
                ),
                self._may_touch(),
            )
        )
        for query in (read_in_vain, not_read_yet):
            for message, owner_id in self._session.execute(query):
                word = self._word(message, owner_id or 0)
                if word not in self._messages[owner_id or 0]:
                    self._messages[owner_id or 0].append(word)

    def _load_reports(self) -> None:
        """What supervisors said that names one of their people: unread SMS and open questions."""
        for sms in self._session.scalars(
            select(InboundSms).where(self._is_unread(), self._may_touch())
        ):
            word = self._word(sms, sms.employee_id or 0)
            self._reports.append((sms.employee_id or 0, sms.text, self._messages, word))
        senders = sorted({sender_id for sender_id, *_ in self._reports})
        if not senders:
            return
        team: dict[int, set[int]] = defaultdict(set)
        for supervisor_id, employee_id in self._session.execute(
            select(PostHolder.employee_id, Assignment.employee_id)
            .join(Assignment, Assignment.reports_to_id == PostHolder.post_id)
            .where(PostHolder.employee_id.in_(senders))
        ):
            team[supervisor_id].add(employee_id)
        for sender_id, text, words, word in self._reports:
            said = set(A_NAME.findall(text.lower()))
            for employee_id in team.get(sender_id, set()) & self._people.keys():
                names = A_NAME.findall(self._people[employee_id].name.lower())
                if said & set(names) and word not in words[employee_id]:
                    words[employee_id].append(word)

    @staticmethod
    def _is_unread() -> ColumnElement[bool]:
        return and_(InboundSms.outcome.in_(UNREAD), InboundSms.handled_at.is_(None))

    def _may_touch(self) -> ColumnElement[bool]:
        """Sent around the span, or read as being about it."""
        since = datetime.combine(self._first - ONE_DAY, time(), tzinfo=UTC)
        until = datetime.combine(self._last + 2 * ONE_DAY, time(), tzinfo=UTC)
        return or_(
            and_(InboundSms.sent_at >= since, InboundSms.sent_at < until),
            and_(InboundSms.about_from <= self._last, InboundSms.about_to >= self._first),
        )

    def _word(self, message: InboundSms, employee_id: int) -> Word:
        """A message is about the dates it names, else about the day on which it was sent."""
        zone = self._zones.get(employee_id, ZoneInfo("Asia/Makassar"))
        sent = message.sent_at.astimezone(zone).date()
        first = message.about_from or sent
        return message.id, first, message.about_to or max(first, sent)


def _whom(draft: Draft) -> list[int]:
    """Of whom a question speaks: whom it names, all whom it may mean, else who was asked."""
    if draft.question == STAND_IN:
        return [draft.employee_id]
    if "employee_id" in draft.fields:
        return [int(draft.fields["employee_id"])]
    return [int(each) for each in draft.fields.get("may_be", ())] or [draft.employee_id]


def _touching(words: Sequence[Word], day: date) -> tuple[int, ...]:
    return tuple(word for word, first, last in words if first <= day <= last)
