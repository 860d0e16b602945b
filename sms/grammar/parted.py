"""Different decisions in one reply (putusan terpisah): the sender is asked for one SMS each."""

from __future__ import annotations

from sms.grammar.doubts import ask
from sms.grammar.meaning import Meaning, Question
from sms.grammar.reply import Reply, Segment


def parted_decisions(reply: Reply) -> Meaning | None:
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
    if _mixes_codes_and_polarities(reply) or (
        len(set(by_target.values())) > 1 and len(by_target) > 1
    ):
        reply.why.append("different decisions")
        return ask(reply, Question.ONE_AT_A_TIME, "one SMS each")._replace(codes=())
    if _decides_otherwise_about_the_rest(reply):
        return ask(reply, Question.ONE_AT_A_TIME, "one SMS each")._replace(codes=())
    return None


def _mixes_codes_and_polarities(reply: Reply) -> bool:
    """'ok 12, 305 tidak': two codes and both decisions, whatever belongs to which."""
    codes = {c for s in reply.segments if s.targets.by == "code" for c in s.targets.codes}
    yes = any(e.polarity == "yes" and e.words != "ya" for e in reply.events)
    return len(codes) > 1 and yes and any(e.polarity in ("no", "later") for e in reply.events)


def _decides_otherwise_about_the_rest(reply: Reply) -> bool:
    """'dinas luar silakan, cuti jangan dulu': the second decision is about what is not named."""
    if reply.invites or len(reply.requests) < 2:
        return False
    firm = [s for s in reply.segments if any(e.firm for e in s.events)]
    named = {_segment_polarity(s) for s in firm if s.targets.codes}
    unnamed = {_segment_polarity(s) for s in firm if not s.targets.codes}
    return bool(named and unnamed) and len(named | unnamed) > 1


def _segment_polarity(segment: Segment) -> str | None:
    events = [e for e in segment.events if e.polarity]
    if not events:
        return None
    nos = [e for e in events if e.polarity in ("no", "later")]
    return "no" if nos else "yes"
