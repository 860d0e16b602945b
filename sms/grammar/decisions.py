"""A supervisor's reply (putusan): yes, no, later, something else, or not yet decided.

Deciding words are a closed list; anything unknown beside them is asked back. 'Ya' decides only
where nothing in the message doubts it: no question, no condition, no other days, no other business.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.cases import CaseKind, HalfDay
from sms.grammar.lengths import Length, find_lengths
from sms.grammar.lexicon import Mark
from sms.grammar.meaning import Decision, Intent, Meaning, OpenRequest, Question, Signal, Verdict
from sms.grammar.numbers import number_at, other_numbers
from sms.grammar.reading import Reading
from sms.grammar.spans import Span
from sms.grammar.targets import Targets, by_days, code_of, days_of, find_targets, is_address

_PURE_NO = frozenset({"tidak", "no", "jangan", "belum", "bukan", "x"})
_CONTRARY = frozenset(
    {"tolak", "ditolak", "reject", "tunda", "pending", "keberatan", "menolak", "tangguhkan"}
)
_WEAK_YES = frozenset({"ya", "ok", "yes", "baik", "siap", "sip"})
_TURNS = frozenset(
    {
        "tapi",
        "ternyata",
        "akhirnya",
        "eh",
        "awalnya",
        "tadinya",
        "maaf",
        "setelah",
        "namun",
        "jadinya",
        "ralat",
        "maksud",
    }
)
_REASON_STARTS = frozenset(
    [
        "karena",
        "ada",
        "masih",
        "banyak",
        "sedang",
        "lagi",
        "kita",
        "minggu",
        "bulan",
        "hari",
        "tanggal",
        "sudah",
        "nanti",
        "saat",
        "mohon",
        "maaf",
        "pak",
        "bu",
        "dulu",
        "ya",
        "saja",
        "untuk",
        "cuti",
        "izin",
        "semua",
        "pada",
        "di",
        "besok",
        "sekarang",
        "senin",
        "selasa",
        "rabu",
        "kamis",
        "jumat",
        "mengingat",
        "berhubung",
        "supaya",
        "agar",
        "kalau",
        "sebelum",
        "saya",
        "kami",
        "yang",
    ]
)
_HARMLESS_IF = (
    ("ada", "apa-apa"),
    ("ada", "perkembangan"),
    ("sudah", "sampai"),
    ("butuh", "apa-apa"),
    ("perlu", "apa-apa"),
)


@dataclass
class _Event:
    """One deciding phrase: polarity 'yes', 'no' or 'later', and how firm it is."""

    polarity: str
    start: int
    end: int
    words: str
    firm: bool


@dataclass
class _Segment:
    """A piece between signs, with what it decides and names."""

    first: int
    last: int
    events: list[_Event] = field(default_factory=list)
    targets: Targets = field(default_factory=Targets)


@dataclass
class Reply:
    """A reply taken apart; `meaning()` says what follows."""

    reading: Reading
    requests: Sequence[OpenRequest]
    spans: list[Span]
    segments: list[_Segment] = field(default_factory=list)
    lengths: list[Length] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    invites: bool = False  # a no that offers another day

    @property
    def events(self) -> list[_Event]:
        """All deciding phrases in order."""
        return [e for s in self.segments for e in s.events]


def read_reply(reading: Reading, requests: Sequence[OpenRequest], spans: list[Span]) -> Reply:
    """Take a reply apart: segments, deciding words, targets."""
    reply = Reply(reading, requests, spans)
    reply.lengths = find_lengths(reading, other_numbers(reading.tokens) - _small(reading))
    for first, last in _cuts(reading):
        segment = _Segment(first, last)
        segment.targets = find_targets(reading, requests, first, last)
        segment.events = _events(reading, segment)
        reply.segments.append(segment)
    return reply


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


def _events(reading: Reading, segment: _Segment) -> list[_Event]:
    """Deciding phrases of a segment; the longest wins, a negation before the word it negates."""
    found: list[tuple[Mark, str]] = []
    for concept, polarity in (
        ("both.sides", "both"),
        ("yes.negated", "yes"),
        ("yes.rest", "yes"),
        ("postpone", "later"),
        ("no", "no"),
        ("exclaim", ""),
        ("yes", "yes"),
        ("undecided", ""),
        ("question", ""),
        ("delegate", ""),
        ("instruct", ""),
    ):
        for mark in reading.marks(concept):
            if segment.first <= mark.start < segment.last and mark.end <= segment.last:
                found.append((mark, polarity))
    found.sort(key=lambda f: (f[0].start, f[0].start - f[0].end))
    events: list[_Event] = []
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
            events.append(_Event("no", denial, mark.end, words, True))
            end = mark.end
            continue
        firm = polarity != "yes" or (mark.start, mark.end) in strong or mark.end - mark.start >= 2
        events.append(_Event(polarity, mark.start, mark.end, mark.words, firm))
        end = mark.end
    return events


_BEFORE_A_PLAIN_YA = frozenset(
    ["ok", "oh", "baik", "siap", "sip", "maaf", "terimakasih", "selamat"]
)
_NEGATIONS = frozenset(["tidak", "belum", "bukan", "jangan", "kurang"])
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


def _softens(reading: Reading, segment: _Segment, i: int) -> bool:
    """'semoga lekas sembuh ya': at the end of other words 'ya' only softens."""
    return not all(
        j in segment.targets.tokens
        or is_address(reading.words[j])
        or reading.words[j] in _BEFORE_A_PLAIN_YA
        or reading.tokens[j].kind in ("p", "l", "n")
        or any(m.start <= j < m.end for c in ("greeting", "yes", "no") for m in reading.marks(c))
        for j in range(segment.first, i)
    )


def _denied_at(reading: Reading, mark: Mark, end: int) -> int | None:
    """Place of the 'tidak' in 'tidak dapat saya setujui', None when the yes is not denied."""
    i = mark.start - 1
    while i >= 0 and mark.start - i <= 4 and reading.clauses[i] == reading.clauses[mark.start]:
        if reading.words[i] in _NEGATIONS:
            return i
        if reading.words[i] not in _BETWEEN_NO_AND_YES:
            return None
        i -= 1
    return None


def _is_label(reading: Reading, segment: _Segment, i: int) -> bool:
    """'no' before a code is 'nomor'."""
    j = i + 1
    while reading.word(j) in (".", ":"):
        j += 1
    return j in segment.targets.tokens


def decide(reply: Reply) -> Meaning:
    """What the reply means for the open requests."""
    _reading, requests = reply.reading, reply.requests
    events = reply.events
    if not requests:
        return _ask(reply, Question.NOTHING_OPEN if events else Question.INTENT, "nothing open")
    doubt = _doubt(reply)
    if doubt is not None:
        return doubt
    parted = _parted(reply)
    if parted is not None:
        return parted
    polarity = _final_polarity(reply)
    if polarity is None:
        return _ask(reply, Question.DECISION, "no clear decision")
    return _on_targets(reply, polarity)


def _ask(reply: Reply, question: Question, why: str, decision: Decision | None = None) -> Meaning:
    codes = {c for s in reply.segments for c in s.targets.codes}
    by_code = [c for s in reply.segments if s.targets.by == "code" for c in s.targets.codes]
    named = tuple(sorted(codes)) if len(codes) == 1 and by_code else ()
    return Meaning(
        Intent.UNCLEAR,
        codes=named,
        must_ask=True,
        question=question,
        decision=decision,
        why=(*reply.why, why),
    )


def _doubt(reply: Reply) -> Meaning | None:
    """Questions, conditions, other days, delegation, thinking it over: never a decision."""
    reading = reply.reading
    invited = _is_refusal_with_invitation(reply)
    if _is_question(reading):
        return _ask(reply, Question.SUPERVISOR_ASKS, "a question")
    if invited:
        reply.why.append("no, with another day offered")
        reply.invites = True
        return None
    if _says_not_all(reply):
        return _ask(reply, Question.WHICH_REQUEST, "not all")
    if any(e.polarity == "both" for e in reply.events) or _yes_no_side_by_side(reply):
        return _ask(reply, Question.DECISION, "yes and no side by side")
    change = _change(reply)
    if change is not None:
        return _ask(reply, Question.CONFIRM_PROPOSAL, "condition or change", change)
    if _delegates(reply):
        return _ask(reply, Question.DECISION, "delegated")
    if _is_undecided(reply):
        return _ask(reply, Question.DECISION, "not decided yet")
    return None


def _says_not_all(reply: Reply) -> bool:
    """'tidak semua' leaves open which."""
    starts = {m.start for m in reply.reading.marks("all")}
    return any(e.words in _PURE_NO and e.end in starts for e in reply.events)


def _is_question(reading: Reading) -> bool:
    if "?" in reading.words:
        return True
    if any(t.suffix == "kah" for t in reading.tokens):
        return True
    return any(
        not (m.words in ("apa", "siapa") and reading.word(m.end) == "tahu")
        for m in reading.marks("question")
        if not _part_of_yes(reading, m)
    )


def _part_of_yes(reading: Reading, mark: Mark) -> bool:
    return any(
        m.start <= mark.start and mark.end <= m.end and (m.start, m.end) != (mark.start, mark.end)
        for c in ("yes.negated", "postpone")
        for m in reading.marks(c)
    )


def _is_refusal_with_invitation(reply: Reply) -> bool:
    """'jangan dulu, silakan hari lain': a no that offers another day stays a no."""
    events = reply.events
    if reply.reading.has("change.kind"):
        return False
    if (not events or events[0].polarity not in ("no", "later")) and not (
        len(events) > 1 and events[0].words in _WEAK_YES and events[1].polarity in ("no", "later")
    ):
        return False
    lead = next(n for n, e in enumerate(events) if e.polarity in ("no", "later"))
    later = events[lead + 1 :]
    if any(e.polarity in ("no", "later") and e.words in _PURE_NO for e in later):
        return False
    for event in later:
        if event.polarity == "yes" and not _invites(reply.reading, event):
            if event.words == "ya":
                continue
            return False
    return bool(later) or reply.reading.has("condition", "change") or bool(reply.spans)


def _invites(reading: Reading, event: _Event) -> bool:
    tail = reading.words[event.end : event.end + 6]
    return any(
        w in tail
        for w in (
            "lain",
            "minggu",
            "bulan",
            "tanggal",
            "besok",
            "lusa",
            "setelah",
            "senin",
            "selasa",
            "rabu",
            "kamis",
            "jumat",
            "depan",
            "nanti",
            "ulang",
            "ajukan",
            "lagi",
        )
    )


def _yes_no_side_by_side(reply: Reply) -> bool:
    """'ya / tidak', 'setuju tidak setuju', a denied refusal ('jangan ditolak')."""
    events = reply.events
    words = [w for w in reply.reading.words if w not in (",", "/", ".", "atau", "pak", "bu")]
    if (
        len(words) == 2
        and {"tidak"} & set(words)
        and words[0] in ("ya", "yes", "ok")
        and words[1] == "tidak"
    ):
        return True
    for one, two in itertools.pairwise(events):
        close = two.start - one.end <= 1 and not {",", "."} & set(
            reply.reading.words[one.end : two.start]
        )
        same = _segment_of(reply, one) is _segment_of(reply, two)
        if same and close and one.words in _PURE_NO and two.words.split()[0] in _CONTRARY:
            return True
        if (
            same
            and close
            and one.polarity == "no"
            and two.polarity in ("no", "later")
            and one.words != two.words
        ) and (one.words not in ("tidak", "no", "keberatan", "maaf") or two.words in ("tidak",)):
            return two.words in ("tidak",) or two.words.split()[0] in _CONTRARY
        if (
            same
            and close
            and one.firm
            and one.polarity == "yes"
            and two.polarity == "no"
            and two.words in _PURE_NO
        ):
            return True
        if "/" in reply.reading.words[one.end : two.start] and one.polarity != two.polarity:
            return True
    first = events[0] if events else None
    return bool(first and reply.reading.word(first.start - 1) == "bukan")


def _segment_of(reply: Reply, event: _Event) -> _Segment:
    return next(s for s in reply.segments if s.first <= event.start < s.last)


def _change(reply: Reply) -> Decision | None:
    """A condition, or days, length, part of day or kind other than asked for."""
    reading = reply.reading
    refused_first = bool(reply.events) and reply.events[0].polarity in ("no", "later")
    refused_first = refused_first and not reading.has("change.kind")
    conditions = [m for m in reading.marks("condition") if not _harmless_condition(reading, m)]
    if conditions and not (refused_first and _only_refusals(reply)):
        first = conditions[0]
        return Decision(Verdict.CHANGE, condition=reading.slice(first.start, len(reading.tokens)))
    if refused_first and _only_refusals(reply):
        return None
    return _other_values(reply)


def _only_refusals(reply: Reply) -> bool:
    return all(e.polarity in ("no", "later") or e.words == "ya" for e in reply.events)


def _harmless_condition(reading: Reading, mark: Mark) -> bool:
    """'kabari kalau ada apa-apa', 'jangan masuk kalau masih demam' is care, no condition."""
    if mark.words not in ("kalau", "jika"):
        return False
    if reading.has("yes.rest") and any(
        0 <= m.start - mark.end <= 2 for c in ("sick", "cure.not") for m in reading.marks(c)
    ):
        return True
    tail = tuple(reading.words[mark.end : mark.end + 2])
    return tail in _HARMLESS_IF


def _other_values(reply: Reply) -> Decision | None:
    reading = reply.reading
    requests = _addressed(reply)
    clocks = [m for m in reading.marks("change") if m.words in ("jam", "pulang jam")]
    halves = reading.has("halfday")
    words = [m.words for m in reading.marks("change") if m.words not in ("jam", "pulang jam")]
    words = [w for w in words if not _only_names(reply, w)]
    day = next((s for s in reply.spans if not s.negated), None)
    length = next(iter(reply.lengths), None)
    if halves and not words:
        words = ["setengah hari"]
    if _same_days(reply, day, requests) and _same_length(length, requests) and not halves:
        words = [
            w
            for w in words
            if w
            not in (
                "cuma",
                "hanya",
                "cukup",
                "sampai tanggal",
                "mulai tanggal",
                "sehari saja",
                "only",
                "besok saja",
                "lusa saja",
                "maksimal",
                "jadi tanggal",
            )
        ]
        if (day is not None or length is not None) and not words:
            return None
    elif day is not None or length is not None:
        words = words or ["other days"]
    kind = _other_kind(reply, requests)
    if not words and kind is None and not (clocks and _clock_differs(reading)):
        return None
    ok = day is not None and day.state == "ok"
    return Decision(
        Verdict.CHANGE,
        new_start=day.start if day and ok else None,
        new_end=day.end if day and ok else None,
        new_days=length.count if length and length.unit == "day" else None,
        new_half=HalfDay.AM
        if halves and reading.has_word("pagi")
        else HalfDay.PM
        if halves and reading.has_word("siang")
        else None,
        new_kind=kind,
        condition=reading.text.strip()[:160],
    )


def _clock_differs(reading: Reading) -> bool:
    return any(
        number_at(reading.tokens, m.end) is not None
        for m in reading.marks("change")
        if m.words.endswith("jam")
    )


def _only_names(reply: Reply, words: str) -> bool:
    """'yang tahunan saja', 'Rina saja' limit the target, not the days."""
    return words in ("izin saja", "jadikan") and any(
        s.targets.codes and reply.reading.word(s.last - 1) == "saja" for s in reply.segments
    )


def _addressed(reply: Reply) -> list[OpenRequest]:
    codes = {c for s in reply.segments for c in s.targets.codes}
    named = [r for r in reply.requests if code_of(r.code) in codes]
    return named or list(reply.requests)


def _same_days(reply: Reply, day: Span | None, requests: list[OpenRequest]) -> bool:
    """The reply repeats the request's own days, or uses a day only to say which request."""
    if day is None:
        return True
    if day.state != "ok" or day.start is None or day.end is None:
        return False
    start, end = day.start, day.end
    limits = any(
        w in reply.reading.words for w in ("saja", "cuma", "hanya", "cukup", "sampai", "mulai")
    )
    for request in requests:
        if (request.start, request.end) == (start, end):
            return True
        if day.only_until and request.end == end:
            return True
        if request.start == start and start == end and not limits:
            return True
    return len(reply.requests) > 1 and bool(by_days(reply.requests, start, end)) and not limits


def _same_length(length: Length | None, requests: list[OpenRequest]) -> bool:
    if length is None:
        return True
    unit = {"day": 1, "week": 5, "month": 30, "year": 365}[length.unit]
    counts = {length.count * unit} | ({length.count * 7} if length.unit == "week" else set())
    if length.unit in ("month", "year"):
        return any(
            abs(days - length.count * unit) <= 3 * length.count
            for r in requests
            for days in days_of(r)
        )
    return any(counts & days_of(request) for request in requests)


def _other_kind(reply: Reply, requests: list[OpenRequest]) -> CaseKind | None:
    """'izin saja', 'pakai cuti tahunan saja': agreed to as another kind."""
    reading = reply.reading
    kinds = {r.kind for r in requests}
    if (
        reading.has_word("pakai", "jadikan", "ganti")
        and reading.has("annual")
        and CaseKind.ANNUAL not in kinds
    ):
        return CaseKind.ANNUAL
    return None


def _delegates(reply: Reply) -> bool:
    """'langsung ke pak Sekdis saja'; a firm yes may still ask to inform somebody."""
    marks = reply.reading.marks("delegate")
    if not marks:
        return False
    for mark in marks:
        named = any(
            i in s.targets.tokens
            for s in reply.segments
            for i in range(mark.start, mark.end + 2)
            if s.targets.codes
        )
        if named and mark.words.startswith("ke "):
            continue
        earlier = [
            e
            for e in reply.events
            if e.end <= mark.start and e.firm and e.words not in ("silakan", "boleh", "lanjut")
        ]
        same = any(
            _segment_of(reply, e).first <= mark.start < _segment_of(reply, e).last for e in earlier
        )
        if (
            earlier
            and not same
            and earlier[-1].polarity == "yes"
            and not mark.words.startswith(("langsung", "terserah"))
        ):
            continue
        if (
            earlier
            and earlier[-1].polarity != "yes"
            and mark.words not in ("bukan saya",)
            and not same
        ):
            continue
        return True
    return False


def _is_undecided(reply: Reply) -> bool:
    """Thinking it over, unless a firm decision follows or the pieces name different requests."""
    marks = [m for m in reply.reading.marks("undecided") if not _covered_by_event(reply, m)]
    if not marks:
        return False
    firm = [e for e in reply.events if e.firm]
    for mark in marks:
        own = next((s for s in reply.segments if s.first <= mark.start < s.last), None)
        aside = own is not None and (own.targets.codes or own.targets.others) and not own.events
        if aside and any(s is not own and s.events and s.targets.codes for s in reply.segments):
            continue
        if any(e.start > mark.start and e.words not in ("bisa", "boleh saja") for e in firm):
            continue
        if (
            firm
            and mark.words
            in (
                "sabar",
                "sebentar",
                "nanti saya",
                "insya allah",
                "tunggu",
                "mungkin",
                "pertimbangan",
            )
            and firm[-1].polarity == "no"
        ):
            continue
        if firm and mark.words in ("sabar", "sabar ya", "insya allah", "insyaallah"):
            continue
        return True
    return False


def _covered_by_event(reply: Reply, mark: Mark) -> bool:
    return any(e.start <= mark.start and mark.end <= e.end for e in reply.events)


def _parted(reply: Reply) -> Meaning | None:
    """Different decisions for different requests ask for one SMS each."""
    by_target: dict[str, str] = {}
    for segment in reply.segments:
        polarity = _segment_polarity(segment)
        if polarity is None:
            continue
        for code in segment.targets.codes:
            by_target[code] = polarity
        if segment.targets.others:
            by_target["others"] = polarity
    if len(set(by_target.values())) > 1 and len(by_target) > 1:
        reply.why.append("different decisions")
        return replace(_ask(reply, Question.ONE_AT_A_TIME, "one SMS each"), codes=())
    within = [
        s
        for s in reply.segments
        if len(s.targets.codes) > 1
        and {"yes", "no"} <= {e.polarity for e in s.events if e.words != "ya" or e is s.events[0]}
    ]
    if (
        within
        and not within[0].targets.several
        and {e.polarity for e in within[0].events} >= {"yes", "no"}
        and _interleaved(within[0])
    ):
        return replace(_ask(reply, Question.ONE_AT_A_TIME, "one SMS each"), codes=())
    return None


def _interleaved(segment: _Segment) -> bool:
    """'27 ya 28 tidak' without a sign between."""
    first, last = segment.events[0], segment.events[-1]
    return any(first.end <= t < last.start for t in segment.targets.tokens)


def _segment_polarity(segment: _Segment) -> str | None:
    events = [e for e in segment.events if e.polarity]
    if not events:
        return None
    nos = [e for e in events if e.polarity in ("no", "later")]
    return "no" if nos else "yes"


def _final_polarity(reply: Reply) -> _Event | None:
    """The last clear decision; softeners fall away, unknown words beside it make it unclear."""
    events = list(reply.events)
    clean: list[_Event] = []
    for number, event in enumerate(events):
        if event.words == "ya" and any(e.polarity != "yes" for e in events[:number]):
            continue
        clean.append(event)
    if reply.invites:
        clean = [e for e in clean if e.polarity in ("no", "later")]
    if not clean:
        return None
    final = clean[-1]
    earlier = [e for e in clean[:-1] if (e.polarity == "yes") != (final.polarity == "yes")]
    if earlier and not _turns_over(reply, earlier[-1], final):
        return None
    if not _is_clean(reply, final):
        return None
    reply.why.append(f"{final.polarity}: {final.words}")
    return final


def _turns_over(reply: Reply, before: _Event, final: _Event) -> bool:
    """'oke ditolak', 'tadinya saya tolak, tapi sekarang setuju': the last one counts."""
    if final.polarity != "yes" and before.words in _WEAK_YES | {
        "ya sudah",
        "terima",
        "bisa",
        "jempol",
    }:
        return True
    between = reply.reading.words[: final.start]
    if any(w in _TURNS for w in between):
        return final.firm
    if final.polarity in ("no", "later") and final.firm and before.words != final.words:
        return final.words not in _PURE_NO or len(reply.reading.words) > 10
    return final.firm and len(reply.reading.words) > 12


def _known(reply: Reply) -> set[int]:
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


def _is_clean(reply: Reply, final: _Event) -> bool:
    """No unknown business beside the decision; a refusal may give its reason, a yes its errands."""
    known = _known(reply)
    segment = _segment_of(reply, final)
    if final.polarity == "yes":
        if not _yes_segment_is_clean(reply, segment, known):
            return False
        return all(
            _is_tail(reply, other, known, firm=any(e.firm for e in segment.events))
            for other in reply.segments
            if other is not segment and not other.events
        )
    return _refusal_is_clear(reply, segment, final, known)


def _yes_segment_is_clean(reply: Reply, segment: _Segment, known: set[int]) -> bool:
    reading = reply.reading
    for i in range(segment.first, segment.last):
        if i in known:
            continue
        if _unknown_name(reply, i):
            segment.targets.unknown = segment.targets.unknown or reading.tokens[i].raw
            continue
        past_event = any(e.end <= i for e in segment.events)
        instructed = past_event and any(
            e.end <= m.start <= i
            for e in segment.events
            for m in reading.marks("instruct")
            if m.start < segment.last and m.start >= segment.first
        )
        reasoned = past_event and "karena" in reading.words[segment.first : i]
        if not (instructed or reasoned):
            reply.why.append(f"unknown beside yes: {reading.words[i]}")
            return False
    return True


def _unknown_name(reply: Reply, i: int) -> bool:
    """A capitalised or addressed word that is no word of ours is somebody's name."""
    reading = reply.reading
    token = reading.tokens[i]
    if token.kind != "w" or len(token.raw) < 3:
        return False
    addressed = is_address(reading.word(i - 1))
    name_before = (
        i > 0 and reading.tokens[i - 1].raw[:1].isupper() and not reading.tokens[i - 1].known
    )
    lone = not token.known and token.raw[:1].isupper() and not _shouting(reading)
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


def _is_tail(reply: Reply, segment: _Segment, known: set[int], *, firm: bool) -> bool:
    """Errands, wishes and thanks may follow a yes; other business may not."""
    reading = reply.reading
    unknown = [i for i in range(segment.first, segment.last) if i not in known]
    if not unknown:
        return True
    for concept in ("instruct", "wish", "thanks", "greeting", "season"):
        if any(segment.first <= m.start < segment.last for m in reading.marks(concept)):
            return True
    if all(_unknown_name(reply, i) for i in unknown) and len(unknown) <= 3:
        return True
    if firm:
        return True
    reply.why.append(f"other business: {reading.words[unknown[0]]}")
    return False


def _refusal_is_clear(reply: Reply, segment: _Segment, final: _Event, known: set[int]) -> bool:
    """'tidak' decides alone or before a reason; 'tidak tahu' and 'tidak ada sinyal' do not."""
    reading = reply.reading
    before = [i for i in range(segment.first, final.start) if i not in known]
    for i in before:
        if _unknown_name(reply, i):
            segment.targets.unknown = segment.targets.unknown or reading.tokens[i].raw
        elif not (
            reading.tokens[i].known
            and final.firm
            and final.words not in _PURE_NO | {"tidak bisa", "tidak dapat"}
        ):
            reply.why.append(f"unknown before no: {reading.words[i]}")
            return False
    after = list(range(final.end, segment.last))
    unknown = [i for i in after if i not in known]
    if not unknown:
        return True
    following = reading.words[after[0]] if after else ""
    bare = final.words in _PURE_NO
    open_ended = final.words in ("tidak bisa", "tidak dapat", "belum bisa", "belum dapat")
    if _unknown_name(reply, unknown[0]) and len(unknown) <= 2 and not bare:
        segment.targets.unknown = segment.targets.unknown or reading.tokens[unknown[0]].raw
        return True
    if bare and _names_an_open_code(segment, final, reading):
        clear = True  # "TIDAK 41 ada rapat", the very form our requests ask for
    elif bare:
        clear = following == "karena" or (
            unknown[0] > after[0]
            and following in _REASON_STARTS - {"ada", "saya", "sedang", "lagi"}
        )
        if not clear and _unknown_name(reply, unknown[0]) and len(unknown) <= 2:
            segment.targets.unknown = segment.targets.unknown or reading.tokens[unknown[0]].raw
            return True
    elif open_ended:
        clear = following in _REASON_STARTS
    else:
        clear = True
    if not clear:
        reply.why.append(f"unknown after no: {reading.words[unknown[0]]}")
    return clear


def _names_an_open_code(segment: _Segment, final: _Event, reading: Reading) -> bool:
    """Whether the word right after the no is a code that is open."""
    if final.end >= segment.last:
        return False
    return code_of(reading.tokens[final.end].raw) in segment.targets.codes


def _on_targets(reply: Reply, final: _Event) -> Meaning:
    intent = Intent.APPROVE if final.polarity == "yes" else Intent.REJECT
    verdict = {"yes": Verdict.APPROVE, "no": Verdict.REFUSE, "later": Verdict.POSTPONE}[
        final.polarity
    ]
    reason = None if final.polarity == "yes" else _reason_of(reply, final)
    decision = Decision(verdict, reason=reason)
    codes, doubt = _resolve_targets(reply)
    if doubt:
        return Meaning(
            intent,
            must_ask=True,
            question=Question.WHICH_REQUEST,
            decision=decision,
            why=(*reply.why, doubt),
        )
    return Meaning(intent, codes=codes, decision=decision, why=tuple(reply.why))


def _reason_of(reply: Reply, final: _Event) -> str | None:
    reading = reply.reading
    text = reading.slice(final.end, len(reading.tokens))
    words = [
        t
        for t in reading.tokens[final.end :]
        if t.kind == "w" and not is_address(t.word) and t.word not in ("ya", "dulu")
    ]
    return text[:120] if len(words) >= 2 else None


def _resolve_targets(reply: Reply) -> tuple[tuple[str, ...], str]:
    """Codes decided about, or why that is in doubt."""
    deciding = [s for s in reply.segments if s.events] or reply.segments
    aside = [
        s for s in reply.segments if not s.events and s.targets.codes and _says_later(reply, s)
    ]
    segments = [s for s in reply.segments if s not in aside]
    everything = any(s.targets.everything for s in segments)
    if any(s.targets.unknown for s in deciding) or (
        any(s.targets.unknown for s in segments) and not deciding[0].targets.codes
    ):
        return (), "names something not open"
    if any(s.targets.several for s in segments):
        return (), "fits several"
    all_codes = [code_of(r.code) for r in reply.requests]
    excluded = _excluded(reply)
    if everything or (
        excluded and not any(c not in excluded for s in deciding for c in s.targets.codes)
    ):
        left = tuple(c for c in all_codes if c not in excluded)
        return (left, "") if left else ((), "nothing left")
    codes = [c for s in segments for c in s.targets.codes if c not in excluded]
    if codes:
        return tuple(dict.fromkeys(codes)), ""
    if len(reply.requests) == 1:
        return (), ""
    by_day = _codes_by_day_or_length(reply)
    if len(by_day) == 1:
        return tuple(by_day), ""
    return (), "several open, none named"


def _says_later(reply: Reply, segment: _Segment) -> bool:
    return any(
        segment.first <= m.start < segment.last
        for c in ("later", "undecided")
        for m in reply.reading.marks(c)
    )


def _excluded(reply: Reply) -> set[str]:
    """Codes named after 'kecuali'."""
    out: set[str] = set()
    for mark in reply.reading.marks("except"):
        last = next((s.last for s in reply.segments if s.first <= mark.start < s.last), mark.end)
        out.update(find_targets(reply.reading, reply.requests, mark.end, last).codes)
    return out


def _codes_by_day_or_length(reply: Reply) -> list[str]:
    for span in reply.spans:
        if span.state == "ok" and span.start and span.end and not span.negated:
            return by_days(reply.requests, span.start, span.end)
    for length in reply.lengths:
        counts = {length.count * {"day": 1, "week": 5, "month": 30, "year": 365}[length.unit]}
        if length.unit == "month":
            counts = set(range(length.count * 28, length.count * 31 + 1))
        return [code_of(r.code) for r in reply.requests if counts & days_of(r)]
    return []


def courtesy_signal(reading: Reading) -> Signal | None:
    """A bare yes or no, kept for the conversation that has asked something."""
    words = list(reading.marks("yes"))
    nos = list(reading.marks("no"))
    if nos:
        return Signal.NO
    return Signal.YES if words else None
