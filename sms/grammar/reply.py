"""A supervisor's reply taken apart (jawaban atasan): pieces, deciding words, what they name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sms.grammar.courtesy import ADDRESSES
from sms.grammar.lengths import Length, find_lengths
from sms.grammar.meaning import OpenRequest
from sms.grammar.numbers import other_numbers
from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading
from sms.grammar.spans import Span
from sms.grammar.targets import Targets, code_of, find_targets

PURE_NO = frozenset({"tidak", "no", "jangan", "belum", "bukan", "x"})


WEAK_YES = frozenset({"ya", "ok", "yes", "baik", "siap", "sip"})


@dataclass
class Event:
    """One deciding phrase: polarity 'yes', 'no' or 'later', and how firm it is."""

    polarity: str
    start: int
    end: int
    words: str
    firm: bool


@dataclass
class Segment:
    """A piece between signs, with what it decides and names."""

    first: int
    last: int
    events: list[Event] = field(default_factory=list)
    targets: Targets = field(default_factory=Targets)


@dataclass
class Reply:
    """A reply taken apart; `meaning()` says what follows."""

    reading: Reading
    requests: Sequence[OpenRequest]
    spans: list[Span]
    segments: list[Segment] = field(default_factory=list)
    lengths: list[Length] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    invites: bool = False  # a no that offers another day

    @property
    def events(self) -> list[Event]:
        """All deciding phrases in order."""
        return [e for s in self.segments for e in s.events]


def read_reply(reading: Reading, requests: Sequence[OpenRequest], spans: list[Span]) -> Reply:
    """Take a reply apart: segments, deciding words, targets."""
    reply = Reply(reading, requests, spans)
    reply.lengths = find_lengths(reading, other_numbers(reading.tokens) - _small(reading))
    for first, last in _cuts(reading):
        reply.segments += _segments(reading, requests, first, last)
    named = {i for s in reply.segments if s.targets.by == "code" for i in s.targets.tokens}
    people = {
        i for s in reply.segments if s.targets.by in ("name", "all") for i in s.targets.tokens
    }
    reply.spans = [
        s
        for s in spans
        if not _is_list_of_codes(reading, s, named) and not people.issuperset(range(s.i, s.j))
    ]
    counted = {i for s in reply.spans for i in range(s.i, s.j)}
    counted |= {i for n in reply.lengths for i in range(n.i, n.j)}
    for segment in reply.segments:
        if segment.targets.unknown_at in counted:
            segment.targets.unknown = ""  # a day or a length, no code
    return reply


def _segments(
    reading: Reading, requests: Sequence[OpenRequest], first: int, last: int
) -> list[Segment]:
    """One piece between signs, cut again where it turns to another request ('27 ya 28 tidak')."""
    whole = _segment(reading, requests, first, last)
    places = [first, *_turns(reading, whole), last]
    if len(places) == 2:
        return [whole]
    return [_segment(reading, requests, a, b) for a, b in pairwise(places)]


def _segment(reading: Reading, requests: Sequence[OpenRequest], first: int, last: int) -> Segment:
    segment = Segment(first, last)
    segment.targets = find_targets(reading, requests, first, last)
    segment.events = _events(reading, segment)
    return segment


def _turns(reading: Reading, segment: Segment) -> list[int]:
    """Where a second request begins whose decision differs from the first one's."""
    if len(segment.targets.codes) < 2 or segment.targets.several:
        return []
    decided = {e.start: e.polarity for e in segment.events}
    for mark in reading.marks("later"):
        if segment.first <= mark.start < segment.last:
            decided.setdefault(mark.start, "later")
    if len(set(decided.values())) < 2:
        return []
    named = [t for t in segment.targets.tokens if t - 1 not in segment.targets.tokens]
    leads = named if min(named) < min(decided) else list(decided)
    others = decided if leads is named else named
    return sorted(
        place
        for n, place in enumerate(sorted(leads))
        if n and any(sorted(leads)[n - 1] < other < place for other in others)
    )


def _is_list_of_codes(reading: Reading, span: Span, named: set[int]) -> bool:
    """'14&9 ok': the numbers are codes, no days."""
    numbers = {i for i in range(span.i, span.j) if reading.tokens[i].kind == "n"}
    return bool(numbers) and numbers <= named


def _small(reading: Reading) -> set[int]:
    return {i for i, t in enumerate(reading.tokens) if t.kind == "n" and len(t.raw) <= 2}


def _cuts(reading: Reading) -> list[tuple[int, int]]:
    """Cut at signs and at 'tapi'; a list of codes ('27, 28 ok') stays together."""
    cuts, first = [], 0
    for i, token in enumerate(reading.tokens):
        listed = token.word == "," and _codelike(reading, i - 1) and _codelike(reading, i + 1)
        abbreviated = token.word == "." and reading.word(i - 1) in ("no", "nomor")
        sign = token.word in ".!?;,\n#:" and not listed and not abbreviated
        if sign or token.word == "tapi":
            if i > first:
                cuts.append((first, i))
            first = i + 1 if sign else i
    if first < len(reading.tokens):
        cuts.append((first, len(reading.tokens)))
    return cuts


def _codelike(reading: Reading, i: int) -> bool:
    if not 0 <= i < len(reading.tokens) or reading.tokens[i].kind not in ("n", "a"):
        return False
    left, right = reading.word(i - 1), reading.word(i + 1)
    return left in ("", ",", "dan", "no", "nomor", "ok", "ya", "setuju", "acc", ".") or right in (
        "",
        ",",
        "dan",
        "ok",
        "setuju",
        "acc",
        "ya",
    )


def _events(reading: Reading, segment: Segment) -> list[Event]:
    """Deciding phrases of a segment; the longest wins, a negation before the word it negates."""
    found: list[tuple[Mark, str]] = []
    for concept, polarity in (
        ("both.sides", "both"),
        ("yes.negated", "yes"),
        ("yes.rest", "yes"),
        ("postpone", "later"),
        ("no", "no"),
        ("exclaim", ""),
        ("no.decision", ""),
        ("yes", "yes"),
        ("undecided", ""),
        ("question", ""),
        ("delegate", ""),
        ("instruct", ""),
    ):
        for mark in reading.marks(concept):
            if segment.first <= mark.start < segment.last and mark.end <= segment.last:
                found.append((mark, polarity))
    errands = {m.start for m in reading.marks("instruct") if m.end - m.start > 1}
    found = [
        (m, p)
        for m, p in found
        if not (m.words in ("ok nanti", "ya nanti") and m.end - 1 in errands)
    ]  # 'ok nanti laporannya ke meja saya'
    put_off = {i for m in reading.marks("postpone") for i in range(m.start, m.end)}
    found = [(m, p) for m, p in found if p or put_off.isdisjoint(range(m.start, m.end))]
    found.sort(key=lambda f: (f[0].start, f[0].start - f[0].end))
    events: list[Event] = []
    end = -1
    strong = {(m.start, m.end) for m in reading.marks("yes.strong")}
    for mark, polarity in found:
        if mark.start < end:
            continue
        if not polarity:
            if mark.end - mark.start >= 2:
                end = mark.end
            continue
        if mark.words == "no" and _is_label(reading, segment, mark.start):
            segment.targets.tokens.add(mark.start)
            continue
        if any(t in segment.targets.tokens for t in range(mark.start, mark.end)):
            continue
        if mark.words == "ya" and _softens(reading, segment, mark.start):
            continue
        denial = _denied_at(reading, mark, end) if polarity == "yes" else None
        if denial is not None:
            while events and events[-1].start >= denial:
                events.pop()
            words = " ".join(reading.words[denial : mark.end])
            doubtful = any(not t.known for t in reading.tokens[denial : mark.start])
            events.append(Event("both" if doubtful else "no", denial, mark.end, words, True))
            end = mark.end
            continue
        firm = polarity != "yes" or (mark.start, mark.end) in strong or mark.end - mark.start >= 2
        events.append(Event(polarity, mark.start, mark.end, mark.words, firm))
        end = mark.end
    return events


_BEFORE_A_PLAIN_YA = frozenset(
    ["ok", "oh", "baik", "siap", "sip", "maaf", "terimakasih", "selamat"]
)


_FAR = 12  # tokens; a ya further on in a piece only softens
NEGATIONS = frozenset(["tidak", "belum", "bukan", "jangan", "kurang"])


_BETWEEN_NO_AND_YES = frozenset(
    [
        "saya",
        "bisa",
        "dapat",
        "akan",
        "mau",
        "beri",
        "kasih",
        "dulu",
        "untuk",
        "di",
        "kami",
        "boleh",
        "mungkin",
        "perlu",
        "ingin",
        "sanggup",
        "berani",
        "bersedia",
        "bu",
        "pak",
    ]
)


def _softens(reading: Reading, segment: Segment, i: int) -> bool:
    """'semoga lekas sembuh ya': at the end of other words 'ya' only softens."""
    return i - segment.first > _FAR or not all(
        j in segment.targets.tokens
        or reading.words[j] in ADDRESSES
        or reading.words[j] in _BEFORE_A_PLAIN_YA
        or reading.tokens[j].kind in ("p", "l", "n")
        or any(m.start <= j < m.end for c in ("greeting", "yes", "no") for m in reading.marks(c))
        for j in range(segment.first, i)
    )


def _denied_at(reading: Reading, mark: Mark, end: int) -> int | None:
    """Place of the 'tidak' in 'tidak dapat saya setujui', None when the yes is not denied."""
    i = mark.start - 1
    while i >= 0 and mark.start - i <= 4 and reading.clauses[i] == reading.clauses[mark.start]:
        if reading.words[i] in NEGATIONS:
            return i
        if reading.words[i] not in _BETWEEN_NO_AND_YES and reading.tokens[i].known:
            return None
        i -= 1
    return None


def _is_label(reading: Reading, segment: Segment, i: int) -> bool:
    """'no' before a code is 'nomor'."""
    j = i + 1
    while reading.word(j) in (".", ":"):
        j += 1
    return j in segment.targets.tokens


def segment_of(reply: Reply, event: Event) -> Segment:
    return next(s for s in reply.segments if s.first <= event.start < s.last)


def only_refusals(reply: Reply) -> bool:
    return all(e.polarity in ("no", "later") or e.words == "ya" for e in reply.events)


def addressed(reply: Reply) -> list[OpenRequest]:
    codes = {c for s in reply.segments for c in s.targets.codes}
    named = [r for r in reply.requests if code_of(r.code) in codes]
    return named or list(reply.requests)


def understood(reply: Reply) -> set[int]:
    """Tokens that are understood: decisions, targets, courtesies, signs."""
    reading = reply.reading
    out = {i for s in reply.segments for i in s.targets.tokens}
    out |= {i for e in reply.events for i in range(e.start, e.end)}
    for concept in (
        "harmless",
        "ack",
        "greeting",
        "thanks",
        "wish",
        "exclaim",
        "title",
        "to_here",
        "from_here",
        "leave",
        "halfday",
        "duty",
        "later",
        "absence",
        "season",
        "except",
        "yes",
        "today",
        "open_end",
    ):
        out |= {i for m in reading.marks(concept) for i in range(m.start, m.end)}
    if reading.has("yes.rest"):  # 'jangan masuk kalau masih demam'
        for concept in ("sick", "cure.not", "condition"):
            out |= {i for m in reading.marks(concept) for i in range(m.start, m.end)}
        out |= {i for i, w in enumerate(reading.words) if w in ("masih", "badan")}
    out |= {i for s in reply.spans for i in range(s.i, s.j)}
    out |= {i for n in reply.lengths for i in range(n.i, n.j)}
    out |= {i for i, t in enumerate(reading.tokens) if t.kind in ("p", "l")}
    return out


def unknown_name(reply: Reply, i: int) -> bool:
    """A capitalised or addressed word that is no word of ours is somebody's name."""
    reading = reply.reading
    token = reading.tokens[i]
    if token.kind != "w" or len(token.raw) < 3:
        return False
    addressed = reading.word(i - 1) in ADDRESSES
    name_before = (
        i > 0 and reading.tokens[i - 1].raw[:1].isupper() and not reading.tokens[i - 1].known
    )
    abbreviated = token.capitals and len(token.raw) <= 5  # HUT, APBD
    lone = (
        not token.known and token.raw[:1].isupper() and not abbreviated and not _shouting(reading)
    )
    words = [t for t in reading.tokens if t.kind == "w"]
    short = not token.known and len(words) <= 3
    return (
        (not token.known and (addressed or name_before))
        or lone
        or short
        or (addressed and token.raw[:1].isupper() and not _shouting(reading))
    )


def _shouting(reading: Reading) -> bool:
    return all(t.capitals for t in reading.tokens if t.kind == "w" and len(t.raw) > 2)
