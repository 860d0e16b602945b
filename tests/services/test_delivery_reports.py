"""Delivery reports of modems: matched by road, reference, number and time: a bonus."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain.cases import CaseKind
from domain.messages import MessageClass, OutState
from services import cases, delivery_reports, uncertain
from sms.gateway import PartReport
from store import vitals
from store.cases import Case
from store.db import Database
from store.messages import DeliveryReport, OutboundPart, OutboundSms
from tests.cast import Cast, build_cast
from tests.modem_room import a_message

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BUDI, SRI = "+628110000001", "+628110000002"
ROAD = "sim:510100000000001"


class Outbox:
    def __init__(self, db: Database):
        self.db = db

    def sent(self, *references: int, at: datetime = NOON, number: str = BUDI) -> int:
        with self.db.begin() as tx:
            message = a_message(
                number, text="kabar", state=OutState.SENT, route=ROAD, submitted_at=at, sent_at=at,
                parts=len(references), parts_left=len(references),
            )  # fmt: skip
            tx.add(message)
            tx.flush()
            for place, reference in enumerate(references, 1):
                tx.add(
                    OutboundPart(
                        outbound_id=message.id, place=place, route=ROAD, reference=reference,
                        sent_at=at,
                    )
                )  # fmt: skip
            return message.id

    def lost(self, at: datetime = NOON, number: str = BUDI, **columns: object) -> int:
        with self.db.begin() as tx:
            values = {"message_class": MessageClass.OUTCOME, **columns}
            message = a_message(
                number, text="kabar", state=OutState.UNKNOWN, route=ROAD, submitted_at=at, **values
            )
            tx.add(message)
            tx.flush()
            return message.id

    def hear(
        self, reference: int, status: int = 0, at: datetime = NOON, number: str = BUDI
    ) -> None:
        report = PartReport(ROAD, reference, number, status, at, at + timedelta(seconds=3))
        delivery_reports.take_in(self.db, at + timedelta(seconds=5), report)

    def row(self, outbound_id: int) -> OutboundSms:
        with self.db.read() as session:
            return session.get_one(OutboundSms, outbound_id)


@pytest.fixture
def outbox(db: Database) -> Outbox:
    return Outbox(db)


def test_a_message_is_delivered_once_all_its_parts_are(outbox: Outbox) -> None:
    message = outbox.sent(17, 18)
    outbox.hear(18)
    assert outbox.row(message).receipt is None
    outbox.hear(17)
    assert outbox.row(message).receipt == "delivered"


def test_a_reference_that_came_round_again_means_the_message_near_in_time(outbox: Outbox) -> None:
    old = outbox.sent(17, at=NOON - timedelta(hours=9))
    new = outbox.sent(17)
    outbox.hear(17, at=NOON + timedelta(seconds=40))
    assert (outbox.row(old).receipt, outbox.row(new).receipt) == (None, "delivered")


def test_a_report_for_another_number_is_no_report_for_this_one(outbox: Outbox) -> None:
    message = outbox.sent(17)
    outbox.hear(17, number=SRI)
    assert outbox.row(message).receipt is None


def test_what_could_not_be_delivered_has_failed_and_pending_changes_nothing(
    outbox: Outbox,
) -> None:
    message = outbox.sent(17)
    outbox.hear(17, status=48)
    assert (outbox.row(message).state, outbox.row(message).receipt) == (OutState.SENT, "pending")
    outbox.hear(17, status=70)
    assert (outbox.row(message).state, outbox.row(message).receipt) == (OutState.FAILED, "failed")


def test_a_report_ends_the_doubt_about_the_only_message_it_can_mean(outbox: Outbox) -> None:
    message = outbox.lost()
    outbox.hear(201, at=NOON + timedelta(seconds=30))
    row = outbox.row(message)
    assert (row.state, row.receipt, row.reference) == (OutState.SENT, "delivered", "201")
    with outbox.db.read() as session:
        assert vitals.uncertain_count(session) == 0


def test_where_two_messages_fit_nobody_guesses(outbox: Outbox) -> None:
    two = [outbox.lost(), outbox.lost(at=NOON + timedelta(seconds=50))]
    outbox.hear(201, at=NOON + timedelta(seconds=30))
    assert [outbox.row(each).state for each in two] == [OutState.UNKNOWN, OutState.UNKNOWN]


def test_a_report_that_comes_twice_is_kept_once(outbox: Outbox) -> None:
    outbox.sent(17)
    for _ in range(2):
        outbox.hear(17)
    with outbox.db.read() as session:
        assert session.scalar(select(func.count()).select_from(DeliveryReport)) == 1


# --- and where none comes ------------------------------------------------------------------------


@pytest.fixture
def cast(db: Database) -> Cast:
    return build_cast(db)


def asked(outbox: Outbox, cast: Cast) -> tuple[int, int]:
    """Budi's request for leave, and the lost message in which Sri was asked about it."""
    day = (NOON + timedelta(days=9)).date()
    with outbox.db.begin() as tx:
        filed = cases.submit(
            tx, NOON, cast.viewer("dewi").actor, cast.budi,
            cases.Request(CaseKind.ANNUAL, day, day), source="operator", told_by="telepon",
        )  # fmt: skip
        message = tx.scalars(
            select(OutboundSms).where(OutboundSms.message_class == MessageClass.APPROVAL_REQUEST)
        ).one()
        message.state, message.route, message.submitted_at = OutState.UNKNOWN, ROAD, NOON
        return filed.case.id, message.id


def copies_of(outbox: Outbox, outbound_id: int) -> list[str]:
    with outbox.db.read() as session:
        return list(
            session.scalars(select(OutboundSms.text).where(OutboundSms.repeat_of == outbound_id))
        )


def test_a_request_that_work_waits_for_is_repeated_once_and_marked(
    outbox: Outbox, cast: Cast
) -> None:
    _, message = asked(outbox, cast)
    assert uncertain.repeat_due(outbox.db, NOON + timedelta(minutes=9)) == 0
    assert uncertain.repeat_due(outbox.db, NOON + timedelta(minutes=11)) == 1
    assert uncertain.repeat_due(outbox.db, NOON + timedelta(minutes=12)) == 0
    (copy,) = copies_of(outbox, message)
    assert copy == f"(ulang) {outbox.row(message).text}"


def test_a_request_that_was_taken_back_meanwhile_is_not_repeated(
    outbox: Outbox, cast: Cast
) -> None:
    case_id, message = asked(outbox, cast)
    with outbox.db.begin() as tx:
        case = tx.get_one(Case, case_id)
        cases.withdraw_in(tx, NOON, cast.viewer("dewi").actor, case, "batal")
    assert uncertain.repeat_due(outbox.db, NOON + timedelta(minutes=11)) == 1
    assert copies_of(outbox, message) == []


def test_news_is_not_repeated_by_itself(outbox: Outbox, cast: Cast) -> None:
    message = outbox.lost()
    assert uncertain.repeat_due(outbox.db, NOON + timedelta(hours=3)) == 0
    assert outbox.row(message).state is OutState.UNKNOWN
