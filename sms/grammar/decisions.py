"""What a supervisor's reply decides (putusan), about which open request."""

from __future__ import annotations

from sms.grammar.courtesy import ADDRESSES
from sms.grammar.doubts import ask, doubt_of
from sms.grammar.meaning import Decision, Intent, Meaning, Question, Verdict
from sms.grammar.parted import parted_decisions
from sms.grammar.reply import Event, Reply, Segment, understood
from sms.grammar.targets import by_days, code_of, days_of, find_targets
from sms.grammar.verdicts import final_polarity


def decide(reply: Reply) -> Meaning:
    """What the reply means for the open requests."""
    _reading, requests = reply.reading, reply.requests
    events = reply.events
    if not requests:
        return ask(reply, Question.NOTHING_OPEN if events else Question.INTENT, "nothing open")
    doubt = doubt_of(reply)
    if doubt is not None:
        return doubt
    parted = parted_decisions(reply)
    if parted is not None:
        return parted
    polarity = final_polarity(reply)
    if polarity is None:
        return ask(reply, Question.DECISION, "no clear decision")
    return _on_targets(reply, polarity)


def _on_targets(reply: Reply, final: Event) -> Meaning:
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


def _reason_of(reply: Reply, final: Event) -> str | None:
    reading = reply.reading
    text = reading.slice(final.end, len(reading.tokens))
    words = [
        t
        for t in reading.tokens[final.end :]
        if t.kind == "w" and t.word not in ADDRESSES and t.word not in ("ya", "dulu")
    ]
    return text[:120] if len(words) >= 2 else None


def _resolve_targets(reply: Reply) -> tuple[tuple[str, ...], str]:
    """Codes decided about, or why that is in doubt."""
    deciding = [s for s in reply.segments if s.events] or reply.segments
    aside = [
        s for s in reply.segments if not s.events and s.targets.codes and _says_later(reply, s)
    ]
    segments = [s for s in reply.segments if s not in aside]
    decided = {code for s in deciding if s.events for code in s.targets.codes}
    if len(reply.requests) > 1 and any(
        not s.events and set(s.targets.codes) - decided and not _only_lists(reply, s)
        for s in segments
    ):
        return (), "what is said of another request is unknown"
    everything = any(s.targets.everything for s in segments)
    if any(s.targets.unknown for s in deciding) or (
        any(s.targets.unknown not in ("", "kind") for s in segments)
        and not deciding[0].targets.codes
    ):
        return (), "names something not open"
    if any(s.targets.several for s in segments):
        return (), "fits several"
    if any(_names_one_more(reply, s) for s in deciding if s.targets.by == "kind"):
        return (), "what else is named is unknown"
    all_codes = [code_of(r.code) for r in reply.requests]
    excluded = _excluded(reply)
    if reply.reading.has("except") and not excluded:
        return (), "who is excepted is unknown"
    named = {c for s in segments for c in s.targets.codes} - excluded
    if everything and not excluded and named and named != set(all_codes):
        return (), "all or only the one that is named"
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


def _names_one_more(reply: Reply, segment: Segment) -> bool:
    """'yang sakit dan [dinas] ok': one more stands behind 'dan', and is not understood."""
    named = segment.targets.tokens
    return any(
        reply.reading.word(i + 1) == "dan" and i + 2 not in named
        for i in named
        if i + 2 < segment.last
    )


def _only_lists(reply: Reply, segment: Segment) -> bool:
    """'27 dan 28' before 'setuju': nothing besides what is named."""
    known = understood(reply)
    kind_words = any(
        segment.first <= m.start < segment.last
        for concept in ("wish", "thanks", "greeting")
        for m in reply.reading.marks(concept)
    )
    return kind_words or all(i in known for i in range(segment.first, segment.last))


def _says_later(reply: Reply, segment: Segment) -> bool:
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
