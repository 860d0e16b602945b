"""Segments of an SMS: GSM-7 or UCS-2, how many parts, and what the carriers would filter.

GSM 03.38: 160 septets in one SMS, 153 in each of several; a character of the extension table is
two septets and never straddles parts. UCS-2: 70 and 67 code units; a surrogate pair stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
ONE_GSM, MANY_GSM = 160, 153
ONE_UCS2, MANY_UCS2 = 70, 67

PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2026": "...", "\u00a0": " ", "\u2009": " ",
    "\u2022": "-", "\u00d7": "x", "\u00b7": ".", "`": "'", "\t": " ", "\u200b": "", "\ufeff": "",
}  # fmt: skip


class Coding(StrEnum):
    """How a text travels."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True)
class Segments:
    """A text cut for the air: its coding and its parts in order."""

    coding: Coding
    parts: tuple[str, ...]


def plan(text: str) -> Segments:
    """Cut `text` into as few parts as its characters allow. An empty text is one empty part."""
    if all(character in BASIC or character in EXTENSION for character in text):
        return Segments(Coding.GSM7, _cut(text, _septets, ONE_GSM, MANY_GSM))
    return Segments(Coding.UCS2, _cut(text, _units, ONE_UCS2, MANY_UCS2))


def _septets(character: str) -> int:
    return 2 if character in EXTENSION else 1


def _units(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


def _cut(text: str, cost_of, one: int, many: int) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    if sum(map(cost_of, text)) <= one:
        return (text,)
    parts: list[str] = []
    part, used = "", 0
    for character in text:
        cost = cost_of(character)
        if used + cost > many:
            parts.append(part)
            part, used = "", 0
        part += character
        used += cost
    return (*parts, part)


def transliterate(text: str) -> tuple[str, tuple[str, ...]]:
    """A GSM-7 twin of `text`, and the characters that had none.

    A letter of another script becomes '?', a picture (emoji) is left out.
    """
    lost: list[str] = []
    letters: list[str] = []
    for character in text:
        if character in BASIC or character in EXTENSION:
            letters.append(character)
            continue
        plain = PLAIN.get(character)
        if plain is None:
            plain = "".join(
                base
                for base in unicodedata.normalize("NFKD", character)
                if base in BASIC or base in EXTENSION
            )
        if not plain and character not in PLAIN and not unicodedata.combining(character):
            lost.append(character)
            plain = "?" if unicodedata.category(character)[0] in "LN" else ""
        letters.append(plain)
    return "".join(letters), tuple(dict.fromkeys(lost))


# --- what Indonesian carriers filter on long-number routes -----------------------------------

FILTERED_WORDS = (
    "pin", "akun", "username", "password", "token", "dana", "selamat", "nomor", "juta",
)  # fmt: skip
_WORD = re.compile(rf"\b(?:{'|'.join(FILTERED_WORDS)})\b", re.IGNORECASE)
_URL = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|id|net|org|go)\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d{4,}")
_DATE = re.compile(r"\b\d{1,2}([-/.])\d{1,2}\1\d{2,4}\b")


def lint(text: str) -> tuple[str, ...]:
    """What the carriers would filter in an outgoing text, each named; empty when clean."""
    findings = [f"filtered word: {word.lower()}" for word in _WORD.findall(text)]
    findings += [f"address: {url}" for url in _URL.findall(text)]
    findings += [
        f"more than three digits read as a one-time code: {n}" for n in _DIGITS.findall(text)
    ]
    findings += [f"date with a year: {day.group()}" for day in _DATE.finditer(text)]
    return tuple(findings)
