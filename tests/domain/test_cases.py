"""The moves of a case (design section 4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases import (
    CONFIRMED,
    CaseStatus,
    IllegalMove,
    Move,
    Standing,
    WaitingFor,
    after,
    waiting,
)

ASKED = waiting(WaitingFor.SUPERVISOR)


def walk(*moves: Move) -> Standing:
    standing = ASKED
    for move in moves:
        standing = after(standing, move)
    return standing


def test_a_leave_goes_from_the_supervisor_over_kasubag_and_operator_into_the_record() -> None:
    assert walk(Move.AGREE) == waiting(WaitingFor.KASUBAG)
    assert walk(Move.AGREE, Move.PASS_ON) == waiting(WaitingFor.OPERATOR)
    assert walk(Move.AGREE, Move.PASS_ON, Move.RECORD) == CONFIRMED


def test_a_changed_approval_waits_for_the_employee() -> None:
    assert walk(Move.CHANGE) == waiting(WaitingFor.EMPLOYEE)
    assert walk(Move.CHANGE, Move.ACCEPT_CHANGE) == waiting(WaitingFor.KASUBAG)


@pytest.mark.parametrize("move", [Move.AGREE, Move.REFUSE, Move.POSTPONE, Move.CHANGE])
def test_every_decision_can_be_undone_back_to_the_supervisor(move: Move) -> None:
    assert walk(move, Move.UNDO) == ASKED


def test_what_is_recorded_cannot_be_decided_again() -> None:
    with pytest.raises(IllegalMove):
        after(CONFIRMED, Move.AGREE)
    with pytest.raises(IllegalMove):
        after(CONFIRMED, Move.UNDO)


def test_kasubag_gives_back_only_to_earlier_desks() -> None:
    at_kasubag = waiting(WaitingFor.KASUBAG)
    assert after(at_kasubag, Move.GIVE_BACK, WaitingFor.SUPERVISOR) == ASKED
    with pytest.raises(IllegalMove):
        after(at_kasubag, Move.GIVE_BACK, WaitingFor.OPERATOR)


@given(st.lists(st.sampled_from(Move), max_size=12))
def test_no_row_of_moves_leaves_a_case_open_without_waiting_for_somebody(
    moves: list[Move],
) -> None:
    standing = ASKED
    for move in moves:
        try:
            standing = after(standing, move, WaitingFor.SUPERVISOR)
        except IllegalMove:
            continue
        assert (standing.status is CaseStatus.OPEN) == (standing.waiting_for is not None)
