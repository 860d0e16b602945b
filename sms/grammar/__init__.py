"""The SMS grammar (tata bahasa SMS): one text in, its meaning out; pure."""

from sms.grammar.lexicon import lexicon
from sms.grammar.meaning import (
    MONDAY_TO_FRIDAY,
    Decision,
    Intent,
    Meaning,
    OpenRequest,
    Question,
    Sender,
    Signal,
    Verdict,
    WorkingDays,
    project,
)
from sms.grammar.opinion import second_opinion
from sms.grammar.parse import read
from sms.grammar.stream import parse_stream
from sms.grammar.wordlists import LexiconError

__all__ = [
    "MONDAY_TO_FRIDAY",
    "Decision",
    "Intent",
    "LexiconError",
    "Meaning",
    "OpenRequest",
    "Question",
    "Sender",
    "Signal",
    "Verdict",
    "WorkingDays",
    "lexicon",
    "parse_stream",
    "project",
    "read",
    "second_opinion",
]
