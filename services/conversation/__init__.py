"""Answering incoming SMS (percakapan): who wrote, what they mean, what follows from it."""

from services.conversation.answering import answer_waiting, expire
from services.conversation.silence import remind
from services.conversation.talk import UNREAD, Outcome

__all__ = ["UNREAD", "Outcome", "answer_waiting", "expire", "remind"]
