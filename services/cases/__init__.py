"""The life of a case (permohonan): submit, decide, pass on, record, and the ways back.

Each move is one function and one transaction: guards, the move of `domain.cases`, a row in the
log, the messages to people, the days to derive again. Functions that take `tx` are parts of a
larger story (an SMS being answered); those that take `db` are what a panel button does.
"""

from services.cases.deciding import add_reason, answer_change, decide, propose_change, undo
from services.cases.desks import file_for, give_back, pass_on, record, withdraw
from services.cases.parts import (
    CaseError,
    Request,
    as_json,
    asked,
    asked_for,
    from_json,
    local_today,
    request_of,
)
from services.cases.submitting import (
    Submitted,
    ask_decider,
    hand_over,
    remind_decider,
    replace,
    submit,
    withdraw_in,
)

__all__ = [
    "CaseError",
    "Request",
    "Submitted",
    "add_reason",
    "answer_change",
    "as_json",
    "ask_decider",
    "asked",
    "asked_for",
    "decide",
    "file_for",
    "from_json",
    "give_back",
    "hand_over",
    "local_today",
    "pass_on",
    "propose_change",
    "record",
    "remind_decider",
    "replace",
    "request_of",
    "submit",
    "undo",
    "withdraw",
    "withdraw_in",
]
