"""Strangers, machines and courtesies (derau): what gets no answer, and who is told to register."""

from __future__ import annotations

import re

from sms.grammar.meaning import Intent, Meaning, Question
from sms.grammar.reading import Reading

_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]{2,}\.(?:com|id|net|ly|me|xyz|co|site|online|top)\b|wa\.me",
    re.IGNORECASE,
)
_GLUED_DOT = re.compile(r"\.\w")
_DIAL = re.compile(r"\*\d{2,4}(?:\*\d+)*#")
_MONEY = re.compile(r"\brp\s?\.?\s?\d|\b\d+\s?(?:rb|ribu|jt|juta)\b", re.IGNORECASE)
_HEADING = re.compile(r"^\s*[\[(<]?[A-Z][A-Z0-9 .&-]{1,24}[\])>]?\s*[:>-]\s*\S")
_MACHINE = frozenset(["noise.machine", "noise.strong"])
_HASH_FORM = re.compile(
    r"^\s*(?:cuti|izin|ijin|sakit|dl|dinas|status|batal|setuju|tolak|ya|telat|pulang|keluar|acc)\s*#",
    re.IGNORECASE,
)


def stranger(reading: Reading, text: str) -> Meaning:
    """A number nobody registered: told so when it is about this service, else left alone."""
    if about_service(reading, text):
        return Meaning(
            Intent.UNCLEAR, must_ask=True, question=Question.NOT_REGISTERED, why=("stranger",)
        )
    return Meaning(Intent.UNCLEAR, why=("stranger, not about leave",))


def about_service(reading: Reading, text: str) -> bool:
    """Leave, attendance, or an order to this service, and no advertising."""
    if _HASH_FORM.match(text):
        return True
    personal = "?" in reading.words or reading.has_word("saya", "pak", "bu", "apa")
    elsewhere = reading.has("noise.strong", "other.permit")
    in_passing = reading.has("leavetalk.weak") and personal and not elsewhere
    if not reading.has("leavetalk") and not in_passing:
        return _bare_decision_with_code(reading)
    if is_machine_text(reading, text):
        return False
    return not _is_blast(reading, text)


def _bare_decision_with_code(reading: Reading) -> bool:
    words = [t for t in reading.tokens if t.kind in ("w", "n", "a")]
    coded = any(t.kind in ("n", "a") for t in words)
    ordered = reading.has_word("kode") and not reading.has("noise.machine")
    short = len(words) <= 4 or (len(words) <= 10 and ordered)
    return short and coded and reading.has("yes", "no")


def is_machine_text(reading: Reading, text: str) -> bool:
    """Advertising, carriers, codes, bills: two signs of it, or one that people never write."""
    link = _may_hold_a_link(text) and _LINK.search(text)
    dial = "*" in text and _DIAL.search(text)
    if not link and not dial and reading.concepts.isdisjoint(_MACHINE):
        return False  # money and a heading alone are no advertisement
    score = 2 * bool(link) + 2 * bool(dial) + bool(_MONEY.search(text))
    machine = {m.words for m in reading.marks("noise.machine")}
    strong = {m.words for m in reading.marks("noise.strong")}
    score += 2 * bool(machine) + bool(strong) + (len(strong) >= 3)
    score += bool(_HEADING.match(text))
    return score >= 3 or (bool(machine) and not _personal(reading))


def _may_hold_a_link(text: str) -> bool:
    """Most texts have no dot that joins two words; looking for a link in them takes far longer."""
    if "." in text and (_GLUED_DOT.search(text) or "www." in text.lower()):
        return True
    return ":" in text and "http" in text.lower()


def _personal(reading: Reading) -> bool:
    return reading.has_word("saya", "pak", "bu") and reading.has(
        "permit", "leave", "absence", "sick", "leavetalk"
    )


def _is_blast(reading: Reading, text: str) -> bool:
    """'PEMPROV KALTIM: ...' to everybody, without a person in it."""
    if reading.has("news") and not reading.has_word("saya", "pak", "bu", "?"):
        return True
    order = reading.has("yes.strong", "cancel") or reading.has_word("tolak", "setujui")
    return bool(_HEADING.match(text)) and not reading.has_word("saya", "pak", "bu") and not order


def is_chain_letter(reading: Reading, text: str) -> bool:
    """A forwarded chain letter or advertisement, also from a registered phone."""
    if "noise.chain" in reading.concepts and len(reading.words) > 8:
        return not (reading.has("permit", "absence") and reading.has_word("saya"))
    if not is_machine_text(reading, text):
        return False
    personal = reading.has("permit", "absence", "leave", "sick", "late", "early", "out", "duty")
    own_words = reading.has_word("saya") and reading.count_words() < 8
    if reading.has("balance") and not _LINK.search(text):
        return False  # 'berapa kuota cuti'
    return not own_words and not (personal and reading.has_word("saya", "pak", "bu", "izin"))


def is_courtesy(reading: Reading) -> bool:
    """Thanks, wishes and seasonal greetings, with nothing else to answer."""
    if "?" in reading.words or not reading.has("thanks", "wish", "season"):
        return False
    if reading.has_word("meninggal") and not reading.has("condolence"):
        return False  # news of a death is no wish
    if reading.has("cure"):
        return False  # 'alhamdulillah sudah sembuh, hari ini masuk' is news
    if any(t.kind in ("n", "a") and len(t.raw) < 4 for t in reading.tokens) and not reading.has(
        "season", "wish"
    ):
        return False
    known: set[int] = set()
    for concept in (
        "thanks",
        "thanked",
        "wish",
        "season",
        "greeting",
        "ack",
        "harmless",
        "yes",
        "instruct",
        "today",
        "core",
        "distant",
        "title",
        "dead",
    ):
        known |= {i for m in reading.marks(concept) for i in range(m.start, m.end)}
    words = [i for i, t in enumerate(reading.tokens) if t.kind in ("w", "a")]
    unknown = [i for i in words if i not in known]
    if reading.has("absence", "late", "early", "halfday", "cancel") and not reading.has("season"):
        return False
    if reading.has("tomorrow", "day.after") and not reading.has("season", "wish"):
        return False
    asks = reading.has("permit") and not _thanked_for_leave(reading)
    if asks and not reading.has("season"):
        return False
    if reading.has("leave") and reading.has_word("mohon", "minta", "mengajukan", "ambil"):
        return False
    if reading.has("leave", "duty", "sick") and not (
        reading.has("thanked") or _thanked_for_leave(reading) or reading.has("wish")
    ):
        return False
    if reading.has("season"):
        return not reading.has("leave") or len(unknown) <= 8
    if reading.has("wish"):
        return len(unknown) <= max(4, len(words) // 2) and not reading.has("permit")
    return len(unknown) <= max(3, len(words) // 3)


def _thanked_for_leave(reading: Reading) -> bool:
    return any(
        reading.words[i] in ("izin", "cuti")
        and (
            reading.tokens[i].suffix == "nya"
            or reading.word(i - 1) in ("atas", "untuk", "kasih", "terimakasih", "sudah", "di")
        )
        for i in range(len(reading.words))
    ) or reading.has("thanked")
