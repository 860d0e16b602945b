"""Which message leaves next, over which card, and what a claim and an outcome write down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import system
from domain.messages import Lane, MessageClass, OutState
from services import outbox, sending, sims
from sms.gateway import OutcomeUnknown, Outgoing, Sent, SmsError
from store import contacts, outbox_queries
from store.db import Database
from store.messages import OutboundSms, Sim
from store.outbox_queries import Reach
from tests.cast import Cast, build_cast
from tests.modem_room import a_message

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # a Tuesday, 12.00 WITA
MINUTE = timedelta(minutes=1)
MINE, OTHER = "510100000000001", "510100000000002"


class Desk:
    """One database, a clock, and the modem with the card MINE."""

    def __init__(self, db: Database):
        self.db, self.now = db, NOON
        with db.begin() as tx:
            contacts.see_sim(tx, MINE, "gammu", NOON)

    def clock(self) -> datetime:
        return self.now

    def put(self, message_class: MessageClass = MessageClass.RECEIPT, **columns: object) -> int:
        with self.db.begin() as tx:
            values = {"text": "kabar", "not_before": NOON, "created_at": NOON, **columns}
            message = a_message("+628119000001", message_class=message_class, **values)
            tx.add(message)
            tx.flush()
            return message.id

    def limits(self, imsi: str = MINE, **values: object) -> None:
        sims.set_limits(self.db, NOON, system("test"), imsi, sims.Limits(**values))  # type: ignore[arg-type]

    def reach(self, imsi: str = MINE) -> Reach:
        with self.db.read() as session:
            return sims.reach_of(session, self.now, imsi) or Reach(sims.route_of(imsi))

    def claim(self, imsi: str = MINE) -> OutboundSms | None:
        return sending.claim_next(self.db, self.clock, self.reach(imsi), f"modem {imsi}")

    def claimed(self, imsi: str = MINE) -> list[int]:
        """Everything that may leave now, in the order of leaving."""
        taken = []
        while (message := self.claim(imsi)) is not None:
            taken.append(message.id)
        return taken

    def row(self, outbound_id: int) -> OutboundSms:
        with self.db.read() as session:
            return session.get_one(OutboundSms, outbound_id)


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


class Road:
    """A road that does what it is told: a gateway at the edge of what is tested here."""

    def __init__(self, outcome: SmsError | str):
        self.outcome = outcome
        self.asked: list[Outgoing] = []

    def send(self, message: Outgoing) -> Sent:
        self.asked.append(message)
        if isinstance(self.outcome, SmsError):
            raise self.outcome
        return Sent(self.outcome)


def test_answers_leave_before_notices_before_alerts_and_the_oldest_first(desk: Desk) -> None:
    alert = desk.put(MessageClass.ABSENCE_ALERT)
    notice = desk.put(MessageClass.OUTCOME)
    young = desk.put(MessageClass.RECEIPT, not_before=NOON - MINUTE)
    old = desk.put(MessageClass.APPROVAL_REQUEST, not_before=NOON - 2 * MINUTE)
    assert desk.claimed() == [old, young, notice, alert]


def test_a_claim_is_written_down_before_the_message_leaves(desk: Desk) -> None:
    message = desk.put()
    desk.claim()
    row = desk.row(message)
    assert (row.state, row.submitted_at) == (OutState.SUBMITTING, NOON)
    assert row.claimed_until is not None and row.claimed_until > NOON
    assert desk.claim() is None, "nobody else takes it"


def test_what_is_past_its_deadline_dies_even_while_no_clockwork_runs(desk: Desk) -> None:
    desk.put(dies_at=NOON - MINUTE)
    assert desk.claim() is None


def test_a_card_keeps_its_pace_in_parts(desk: Desk) -> None:
    desk.limits(parts_per_minute=4, daily_quota=1000)
    for _ in range(4):
        desk.put(parts=2)
    assert len(desk.claimed()) == 2
    desk.now += 30 * timedelta(seconds=1)
    assert len(desk.claimed()) == 1


def test_alerts_leave_the_last_parts_of_the_day_to_answers(desk: Desk) -> None:
    desk.limits(parts_per_minute=1000, daily_quota=5, kept_for_answers=2)
    alerts = [desk.put(MessageClass.ABSENCE_ALERT) for _ in range(5)]
    assert desk.claimed() == alerts[:3]
    answers = [desk.put(MessageClass.RECEIPT) for _ in range(3)]
    assert desk.claimed() == answers[:2]
    desk.now = NOON + timedelta(hours=12, minutes=1)  # past the card's midnight
    assert desk.claimed() == [answers[2], *alerts[3:]]


def test_a_day_is_the_cards_own(desk: Desk) -> None:
    desk.limits(parts_per_minute=1000, daily_quota=1, kept_for_answers=0, time_zone="Asia/Jayapura")
    two = [desk.put() for _ in range(2)]
    assert desk.claimed() == two[:1]
    desk.now = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)  # 00.30 WIT, still 23.30 WITA
    assert desk.claimed() == two[1:]


def see_other(desk: Desk, at: datetime) -> None:
    with desk.db.begin() as tx:
        contacts.see_sim(tx, OTHER, "gammu1", at)


def test_a_person_keeps_their_number_while_its_card_is_there(desk: Desk) -> None:
    see_other(desk, NOON - MINUTE)
    theirs = desk.put(route=f"sim:{OTHER}", home_route=f"sim:{OTHER}")
    assert desk.claim() is None
    assert desk.claimed(OTHER) == [theirs]


def test_when_their_card_is_away_another_takes_over_and_says_who_writes(desk: Desk) -> None:
    see_other(desk, NOON - 10 * MINUTE)
    desk.put(route=f"sim:{OTHER}", home_route=f"sim:{OTHER}")
    message = desk.claim()
    assert message is not None
    road = Road("17")
    sending.settle(desk.db, f"modem {MINE}", sending.attempt(road, desk.clock, message))
    assert "".join(road.asked[0].text.parts) == "Hadir, kartu lain: kabar"
    assert desk.row(message.id).route == f"sim:{MINE}"


def test_a_card_that_is_used_up_hands_over_too(desk: Desk) -> None:
    see_other(desk, NOON)
    desk.limits(OTHER, daily_quota=0)
    handed = desk.put(route=f"sim:{OTHER}", home_route=f"sim:{OTHER}")
    assert desk.claimed() == [handed]


def test_of_a_message_that_has_left_in_part_the_rest_waits_for_its_card(desk: Desk) -> None:
    see_other(desk, NOON - 10 * MINUTE)
    desk.put(route=f"sim:{OTHER}", home_route=f"sim:{OTHER}", parts=3, parts_left=1)
    assert desk.claim() is None


def test_what_waits_for_twilio_never_leaves_over_a_card(desk: Desk) -> None:
    desk.put(route=outbox_queries.TWILIO)
    assert desk.claim() is None


def test_a_queue_that_lasts_into_the_night_stops_ringing(db: Database) -> None:
    cast: Cast = build_cast(db)
    desk = Desk(db)
    with db.begin() as tx:
        alert = outbox.queue(tx, NOON, MessageClass.OUTCOME, "Disetujui.", employee_id=cast.budi)
        assert alert is not None
    desk.now = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)  # 20.30
    assert desk.claim() is None
    assert desk.row(alert.id).not_before == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    desk.now = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    assert desk.claimed() == [alert.id]


def settled(desk: Desk, outcome: SmsError | str, **columns: object) -> OutboundSms:
    desk.put(**columns)  # type: ignore[arg-type]
    message = desk.claim()
    assert message is not None
    sending.settle(desk.db, f"modem {MINE}", sending.attempt(Road(outcome), desk.clock, message))
    return desk.row(message.id)


def test_the_roads_fault_costs_no_try_and_frees_the_message_for_other_cards(desk: Desk) -> None:
    row = settled(desk, SmsError("gone", code="modem_gone", roads_fault=True))
    assert (row.state, row.attempts, row.route) == (OutState.RETRY, 0, None)


def test_a_messages_own_trouble_is_tried_a_few_times_and_then_fails(desk: Desk) -> None:
    message = desk.put()
    for _ in range(4):
        claimed = desk.claim()
        assert claimed is not None and claimed.id == message
        trouble = Road(SmsError("off", code="cms_27"))
        sending.settle(desk.db, f"modem {MINE}", sending.attempt(trouble, desk.clock, claimed))
        desk.now += timedelta(minutes=16)
    assert desk.row(message).state is OutState.FAILED


def test_a_long_message_goes_on_where_it_stopped_and_on_the_same_card(desk: Desk) -> None:
    stopped = SmsError("no network", code="cms_331", roads_fault=True, left=("7",))
    row = settled(desk, stopped, text="x" * 400, parts=3)
    assert (row.state, row.parts_left, row.route) == (OutState.RETRY, 1, f"sim:{MINE}")
    desk.now += MINUTE
    message = desk.claim()
    assert message is not None
    rest = Road("8,9")
    sending.settle(desk.db, f"modem {MINE}", sending.attempt(rest, desk.clock, message))
    assert rest.asked[0].parts_left == 1
    assert (desk.row(row.id).state, desk.row(row.id).parts_left) == (OutState.SENT, 3)


def test_an_outcome_that_the_database_hears_late_still_counts(desk: Desk) -> None:
    desk.put()
    message = desk.claim()
    assert message is not None
    owed = sending.attempt(Road("5"), desk.clock, message)
    assert sending.settle_forgotten(desk.db, NOON + timedelta(hours=1)) == 1
    assert desk.row(message.id).state is OutState.UNKNOWN
    sending.settle(desk.db, f"modem {MINE}", owed)
    assert desk.row(message.id).state is OutState.SENT


def test_a_new_owner_of_a_card_leaves_behind_what_the_last_one_had_in_hand(desk: Desk) -> None:
    in_hand, waits = desk.put(), desk.put()
    desk.claim()
    assert sending.take_over(desk.db, MINE, "the next") == 1
    assert desk.row(in_hand).state is OutState.UNKNOWN
    assert desk.claimed() == [waits]


def test_an_unknown_outcome_says_which_part_is_in_doubt(desk: Desk) -> None:
    row = settled(desk, OutcomeUnknown("lost", left=("7",)), text="x" * 400, parts=3)
    assert (row.state, row.problem) == (OutState.UNKNOWN, "bagian 2 dari 3: lost")


def test_limits_may_be_set_for_a_card_before_it_is_seen(desk: Desk) -> None:
    desk.limits("510109999999999", number="+628115550009", daily_quota=80)
    with desk.db.read() as session:
        sim = session.get_one(Sim, "510109999999999")
        assert (sim.number, sim.daily_quota, sim.parts_per_minute) == ("+628115550009", 80, 10)
        assert sims.open_lane(session, sim, NOON) is Lane.BULK
