"""Everything that was ever seen to go wrong on the wire: no wrong record, and no hanging."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.errors import TerminalError, Trouble
from devices.zk_attlog import AttlogRead, read_terminal
from devices.zk_session import Session
from devices.zk_wire import Packet, Wire
from simulators import zk_protocol as zk
from simulators.zk_faults import Faults
from simulators.zk_terminal import ZkTerminal, fill
from tests.devices.conftest import NewTerminal, address_of, records_of, truth
from tests.servers import wait_for

LAYOUTS = ("8a", "16", "40")
PATIENT = {"deadline_s": 20.0, "silence_s": 10.0}


def read(terminal: ZkTerminal, limits: dict[str, float] = PATIENT) -> AttlogRead:
    return read_terminal(address_of(terminal), **limits)


HARMFUL = {
    "hangs up in mid-chunk": (Faults(cut="fin"), {Trouble.CLOSED}),
    "reboots in mid-chunk": (Faults(cut="rst"), {Trouble.CLOSED}),
    "falls silent in mid-chunk": (Faults(cut="stall"), {Trouble.SILENT}),
    "loses bytes in mid-chunk": (
        Faults(cut="drop", cut_after=999),
        {Trouble.CHECKSUM, Trouble.NOT_ZK, Trouble.SILENT},
    ),
    "sends a byte now and then for ever": (Faults(trickle=0.05), {Trouble.DEADLINE}),
    "gives a shorter chunk than asked for": (Faults(short_chunk=40), {Trouble.SHORT_READ}),
    "gives a shorter chunk without announcing it": (
        Faults(unannounced=True, short_chunk=1),
        {Trouble.SHORT_READ},
    ),
    "gives less than its prefix says": (Faults(missing_bytes=40), {Trouble.SHORT_READ}),
    "gives half a record less": (Faults(missing_bytes=3), {Trouble.SHORT_READ}),
    "computes wrong checksums": (Faults(wrong_checksum=True), {Trouble.CHECKSUM}),
    "has a bit flipped on the way": (Faults(altered=True), {Trouble.CHECKSUM}),
    "answers a chunk twice": (Faults(doubled={zk.READ_BUFFER}), {Trouble.SHIFTED_ANSWER}),
    "answers an option twice": (Faults(doubled={zk.OPTIONS_RRQ}), {Trouble.SHIFTED_ANSWER}),
    "numbers its answers wrongly": (
        Faults(wrong_reply_number={zk.READ_BUFFER}),
        {Trouble.SHIFTED_ANSWER},
    ),
    "answers in another's session": (
        Faults(wrong_session={zk.FREE_SIZES}),
        {Trouble.SHIFTED_ANSWER},
    ),
    "answers too late": (Faults(late={zk.OPTIONS_RRQ: 0.4}), {Trouble.SILENT}),
    "says nothing at all": (Faults(silent=True), {Trouble.SILENT}),
    "is something else": (Faults(babble=True), {Trouble.NOT_ZK}),
}

HARMLESS = {
    "cuts a chunk into several packets": Faults(packet_size=1008),
    "sends the first seven bytes alone": Faults(first_piece=7),
    "sends the first byte alone": Faults(first_piece=1),
    "sends in small pieces": Faults(piece=333),
    "glues frames together": Faults(glued=True),
    "glues many packets together": Faults(glued=True, packet_size=1000),
    "reports live events in between": Faults(live_between=True, packet_size=5000),
    "does not announce its chunks": Faults(unannounced=True),
    "answers slowly": Faults(late={zk.READ_BUFFER: 0.1}),
}


# Faults that only waiting can find, and how long to wait for each. A wait is not put to every
# layout: the wire knows none.
WAITS = {
    "falls silent in mid-chunk": {"deadline_s": 5.0, "silence_s": 0.3},
    "loses bytes in mid-chunk": {"deadline_s": 5.0, "silence_s": 0.3},
    "answers too late": {"deadline_s": 5.0, "silence_s": 0.3},
    "says nothing at all": {"deadline_s": 5.0, "silence_s": 0.3},
    "sends a byte now and then for ever": {"deadline_s": 1.0, "silence_s": 10.0},
}


@pytest.mark.parametrize(
    ("name", "layout"),
    [(name, layout) for name in HARMFUL for layout in (LAYOUTS if name not in WAITS else ["40"])],
)
def test_a_terminal_that(new_terminal: NewTerminal, name: str, layout: str) -> None:
    """A harmful fault is a named error within the deadline; the next good read has it all."""
    faults, codes = HARMFUL[name]
    limits = WAITS.get(name, PATIENT)
    terminal = new_terminal(layout, 9000)
    terminal.faults = Faults(**vars(faults) | {"late": dict(faults.late)})
    started = time.monotonic()
    with pytest.raises(TerminalError) as caught:
        read(terminal, limits)
    assert caught.value.code in codes
    # generous, but far from for ever: a busy machine may be slow to notice
    assert time.monotonic() - started < limits["deadline_s"] + 10
    terminal.faults = Faults()
    assert records_of(read(terminal)) == truth(terminal)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", HARMLESS)
def test_nothing_is_lost_when_a_terminal(new_terminal: NewTerminal, layout: str, name: str) -> None:
    terminal = new_terminal(layout, 9000)
    terminal.faults = Faults(**vars(HARMLESS[name]) | {"late": dict(HARMLESS[name].late)})
    assert records_of(read(terminal)) == truth(terminal)


def test_a_tail_whose_dataset_is_shorter_than_its_prefix_is_refused(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("40", 3000)
    held = read(terminal).held_tail()
    terminal.punch("7")
    terminal.punch("8")
    terminal.faults.missing_bytes = 40
    with pytest.raises(TerminalError) as caught:
        read_terminal(address_of(terminal), held=held, deadline_s=20)
    assert caught.value.code is Trouble.SHORT_READ


def test_the_deadline_holds_however_patient_the_reader(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 10)
    terminal.faults.silent = True
    started = time.monotonic()
    with pytest.raises(TerminalError) as caught:
        read_terminal(address_of(terminal), deadline_s=0.3, silence_s=60)
    assert caught.value.code is Trouble.DEADLINE
    assert time.monotonic() - started < 10


def test_a_dataset_shrunken_with_its_prefix_is_read_with_a_doubt(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("40", 3000)
    terminal.faults.shrunken = 500
    found = read(terminal)
    assert records_of(found) == truth(terminal)[:2500]
    assert found.doubt is not None


def test_nothing_where_five_thousand_were_counted_is_an_error(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 5000)
    terminal.faults.shrunken = 5000
    with pytest.raises(TerminalError, match="counts 5000 records and gave none") as caught:
        read(terminal)
    assert caught.value.code is Trouble.SHORT_READ


def test_what_had_arrived_before_the_line_broke_is_kept_for_people(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("40", 9000)
    terminal.faults = Faults(cut="fin", cut_after=100)
    with pytest.raises(TerminalError) as caught:
        read(terminal)
    assert caught.value.raw == b""


def test_a_late_answer_is_never_taken_for_the_next(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 10)
    terminal.faults.late = {zk.GET_VERSION: 0.3}
    with Session(address_of(terminal), deadline_s=5, silence_s=0.2) as session:
        with pytest.raises(TerminalError) as late:
            session.info()
        assert late.value.code is Trouble.SILENT
        time.sleep(0.2)
        with pytest.raises(TerminalError) as after:
            session.sizes()
        assert after.value.code is Trouble.BROKEN_SESSION


SIMPLE_ACTS: dict[str, Callable[[Session], object]] = {
    "info": Session.info,
    "sizes": Session.sizes,
    "clock": Session.clock,
    "set_clock": Session.set_clock,
    "users": Session.users,
}


@pytest.mark.parametrize("act", SIMPLE_ACTS)
@pytest.mark.parametrize("fault", ["silent", "wrong_checksum"])
def test_no_question_hangs_or_believes_a_damaged_answer(
    new_terminal: NewTerminal, act: str, fault: str
) -> None:
    terminal = new_terminal("40", 10)
    with Session(address_of(terminal), deadline_s=5, silence_s=0.2) as session:
        setattr(terminal.faults, fault, True)
        with pytest.raises(TerminalError) as caught:
            SIMPLE_ACTS[act](session)
        assert caught.value.code in (Trouble.SILENT, Trouble.CHECKSUM)


def test_a_clearing_whose_answer_was_lost_is_unknown_and_not_failed(
    new_terminal: NewTerminal,
) -> None:
    terminal = new_terminal("40", 10)
    terminal.faults.clear_reply_lost = True
    with (
        Session(address_of(terminal), deadline_s=5) as session,
        pytest.raises(TerminalError, match="may be cleared") as caught,
    ):
        session.clear_attlog()
    assert caught.value.code is Trouble.CLEAR_UNKNOWN
    assert terminal.records == []


def test_a_clearing_is_seen_in_the_count(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 10)
    with Session(address_of(terminal), deadline_s=5) as session:
        session.clear_attlog()
        assert session.sizes().records == 0


def test_a_job_that_is_stopped_in_mid_read_leaves_no_connection_behind(
    new_terminal: NewTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(BaseException):
        """As a worker's alarm comes: anywhere."""

    packets = iter(range(12))
    real = Wire.receive

    def interrupted(wire: Wire) -> Packet:
        if next(packets, None) is None:
            raise Stopped
        return real(wire)

    monkeypatch.setattr(Wire, "receive", interrupted)
    terminal = new_terminal("40", 9000)
    with pytest.raises(Stopped):
        read(terminal)
    wait_for(lambda: terminal.callers == 0)
    assert terminal.goodbyes == 0


def test_every_visit_ends_with_a_goodbye(new_terminal: NewTerminal) -> None:
    terminal = new_terminal("40", 10)
    for _ in range(20):
        read(terminal)
    with pytest.raises(TerminalError):
        read_terminal(address_of(terminal, serial="OTHER"), deadline_s=20)
    wait_for(lambda: terminal.callers == 0)
    assert terminal.goodbyes == 21


ASKED_IN_A_READ = (
    zk.CONNECT,
    zk.OPTIONS_RRQ,
    zk.GET_VERSION,
    zk.GET_TIME,
    zk.FREE_SIZES,
    zk.PREPARE_BUFFER,
    zk.READ_BUFFER,
    zk.FREE_DATA,
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    asked=st.sampled_from(ASKED_IN_A_READ),
    answer=st.sampled_from((zk.ACK_OK, zk.ACK_ERROR, zk.ACK_UNAUTH, zk.DATA, zk.PREPARE_DATA, 7)),
    data=st.binary(max_size=100),
)
def test_whatever_a_terminal_answers_the_read_is_true_or_an_error_with_a_sentence(
    terminal_of_the_module: ZkTerminal, asked: int, answer: int, data: bytes
) -> None:
    terminal = terminal_of_the_module
    terminal.faults = Faults(garbled={asked: (answer, data)})
    try:
        found = read(terminal, {"deadline_s": 5.0, "silence_s": 0.2})
    except TerminalError as error:
        assert error.sentence
    else:
        assert records_of(found) == truth(terminal)


@pytest.fixture(scope="module")
def terminal_of_the_module() -> Iterator[ZkTerminal]:
    terminal = ZkTerminal(layout="40")
    fill(terminal, 100, 20)
    terminal.start()
    yield terminal
    terminal.stop()
