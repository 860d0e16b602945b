"""Meanings without an act: a question back, or silence (tanya balik, diam)."""

from __future__ import annotations

from sms.grammar.meaning import Intent, Meaning, Question, Signal


def unclear(
    question: Question, *why: str, signal: Signal | None = None, codes: tuple[str, ...] = ()
) -> Meaning:
    """Nothing that may be acted on: ask back."""
    return Meaning(
        Intent.UNCLEAR, codes=codes, must_ask=True, question=question, signal=signal, why=why
    )


def silent(*why: str) -> Meaning:
    """No answer at all."""
    return Meaning(Intent.UNCLEAR, why=why)
