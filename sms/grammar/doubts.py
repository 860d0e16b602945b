"""Why a reply is no decision yet (ragu): a question, a condition, both at once, no word yet."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from sms.grammar.changes import change_of
from sms.grammar.lookalikes import (
    counts_things,
    denies_twice,
    i_will_or_not,
    is_anothers,
    is_unreal,
    one_names_another,
    sends_elsewhere,
)
from sms.grammar.meaning import Decision, Intent, Meaning, Question
from sms.grammar.others import others_say
from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading
from sms.grammar.reply import NEGATIONS, PURE_NO, WEAK_YES, Event, Reply, segment_of

_CONTRARY = frozenset(
    {"tolak", "ditolak", "reject", "tunda", "pending", "keberatan", "menolak", "tangguhkan"}
)


def ask(reply: Reply, question: Question, why: str, decision: Decision | None = None) -> Meaning:
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


def doubt_of(reply: Reply) -> Meaning | None:
    """Questions, conditions, other days, delegation, thinking it over: never a decision."""
    doubt = _first_of(_BEFORE_AN_INVITATION, reply)
    if doubt is not None:
        return doubt
    if _is_refusal_with_invitation(reply):
        reply.why.append("no, with another day offered")
        reply.invites = True
        return None
    doubt = _first_of(_BEFORE_A_CHANGE, reply)
    if doubt is not None:
        return doubt
    change = change_of(reply)
    if change is not None:
        return ask(reply, Question.CONFIRM_PROPOSAL, "condition or change", change)
    return _first_of(_AFTER_A_CHANGE, reply)


def _first_of(rules: Sequence[_Rule], reply: Reply) -> Meaning | None:
    for doubted, question, why in rules:
        if doubted(reply):
            return ask(reply, question, why)
    return None


def _only_acknowledges(reply: Reply) -> bool:
    """'oke noted', 'ok sudah saya terima': taken note of, not agreed to."""
    targets = {i for segment in reply.segments for i in segment.targets.tokens}  # code 86 is one
    marks = [m for m in reply.reading.marks("ack.only") if m.start not in targets]
    return bool(marks and reply.events) and all(
        e.words in WEAK_YES or any(m.start <= e.start and e.end <= m.end for m in marks)
        for e in reply.events
    )


def _says_not_all(reply: Reply) -> bool:
    """'tidak semua' leaves open which."""
    starts = {m.start for m in reply.reading.marks("all")}
    return any(e.words in PURE_NO and e.end in starts for e in reply.events)


def _is_question(reply: Reply) -> bool:
    reading = reply.reading
    if reading.has_word("?", "kah"):
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
    objects_if = reply.reading.has("condition") and any("keberatan" in e.words for e in events)
    if reply.reading.has("change.kind") or objects_if:
        return False
    lead = next((n for n, e in enumerate(events) if e.polarity in ("no", "later")), None)
    if lead is None or not (
        lead == 0
        or (lead == 1 and events[0].words in WEAK_YES)
        or _turns_to_a_no(reply, events[lead - 1], events[lead])
    ):
        return False
    later = events[lead + 1 :]
    if any(e.polarity in ("no", "later") and e.words in PURE_NO for e in later):
        return False
    for event in later:
        if event.polarity == "yes" and not _invites(reply.reading, event):
            if event.words == "ya":
                continue
            return False
    return bool(later) or reply.reading.has("condition", "change") or bool(reply.spans)


def _turns_to_a_no(reply: Reply, yes: Event, no: Event) -> bool:
    """'saya tidak melarang cuti, tetapi .. tidak dapat saya setujui'."""
    return no.words not in PURE_NO and "tapi" in reply.reading.words[yes.end : no.start]


def _invites(reading: Reading, event: Event) -> bool:
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


_IMPOSSIBLE = ("tidak mungkin", "mustahil", "tidak bisa", "tidak dapat", "tidak boleh")


def _yes_no_side_by_side(reply: Reply) -> bool:
    """'ya / tidak', 'setuju tidak setuju', a denied refusal ('jangan ditolak')."""
    events = reply.events
    if any(e.polarity == "both" for e in events):
        return True
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
        same = segment_of(reply, one) is segment_of(reply, two)
        if same and close and one.words in PURE_NO and two.words.split()[0] in _CONTRARY:
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
            and two.words in PURE_NO
        ):
            return True
        between = reply.reading.words[one.end : two.start]
        joined = "/" in between or (len(between) == 1 and between[0] in ("dan", "atau"))
        if joined and (one.polarity == "yes") != (two.polarity == "yes"):
            return True
    if _needs_no_leave(reply):
        return True
    first = events[0] if events else None
    return bool(first and reply.reading.word(first.start - 1) == "bukan")


def _needs_no_leave(reply: Reply) -> bool:
    """'tidak usah izin segala, berangkat saja' lets go instead of refusing."""
    mine = ("tidak usah izin", "tidak perlu izin")
    if any(e.words in mine and reply.reading.word(e.end) == "saya" for e in reply.events):
        return True
    waived = any(e.words.startswith(("tidak usah", "tidak perlu")) for e in reply.events)
    pairs = set(itertools.pairwise(reply.reading.words))
    return waived and any(
        (w, "saja") in pairs for w in ("berangkat", "pergi", "langsung", "pulang")
    )


def _denies_a_refusal(reply: Reply) -> bool:
    """'mana mungkin saya tolak', 'jangan ditunda', 'bukan tidak setuju' is no refusal."""
    if any("bukan" in reply.reading.before(event.start, 3) for event in reply.events):
        return True
    for one, two in itertools.pairwise(reply.events):
        if one.words in _IMPOSSIBLE and one.end == two.start and two.words.startswith("tidak"):
            return True  # 'tidak mungkin tidak saya izinkan'
    return any(
        word in NEGATIONS
        or word in ("mana", "masa", "masak", "mustahil", "berat", "sulit", "susah", "enggan")
        for event in reply.events
        if event.words.split()[0] in _CONTRARY
        for word in reply.reading.before(event.start, 5, across_commas=True)
    )


def _delegates(reply: Reply) -> bool:
    """'langsung ke pak Sekdis saja'; a firm yes may still ask to inform somebody."""
    marks = reply.reading.marks("delegate")
    if not marks:
        return False
    for mark in marks:
        if _hands_over(reply.reading, mark):
            continue
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
            segment_of(reply, e).first <= mark.start < segment_of(reply, e).last for e in earlier
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


def _hands_over(reading: Reading, mark: Mark) -> bool:
    """'kerjaan didelegasikan ke bu Siti': the work is handed over, not the decision."""
    return mark.words.startswith(("ke ", "kepada ")) and bool(
        {"didelegasikan", "delegasikan", "serahkan", "titip", "titipkan", "kerjaan", "tugas"}
        & set(reading.before(mark.start, 5))
    )


_AWAITED_WORD = frozenset(
    ["", "ya", "saya", "kabar", "jawaban", "keputusan", "acc", "persetujuan", "izin"]
)


def _put_off_till_over(reply: Reply, mark: Mark) -> bool:
    """'nanti dulu ya, tunggu audit selesai' is put off, not thought over."""
    later = any(e.polarity == "later" and e.end <= mark.start for e in reply.events)
    return later and reply.reading.word(mark.end) not in _AWAITED_WORD


_NEARLY = ("hampir", "belum tentu", "harusnya", "seharusnya", "mestinya")


def _is_undecided(reply: Reply) -> bool:
    """Thinking it over, unless a firm decision follows or the pieces name different requests."""
    marks = [
        m
        for m in reply.reading.marks("undecided")
        if not _covered_by_event(reply, m) and not _says_what_follows(reply, m)
    ]
    if not marks:
        return False
    firm = [e for e in reply.events if e.firm]
    for mark in marks:
        own = next((s for s in reply.segments if s.first <= mark.start < s.last), None)
        aside = own is not None and (own.targets.codes or own.targets.others) and not own.events
        if aside and any(s is not own and s.events and s.targets.codes for s in reply.segments):
            continue
        if mark.words == "tunggu" and _put_off_till_over(reply, mark):
            continue
        if mark.words in _NEARLY and any(0 <= e.start - mark.end <= 2 for e in reply.events):
            return True
        awaited = "tunggu" in mark.words and any(0 <= e.start - mark.end <= 2 for e in firm)
        decided = (e for e in firm if e.start > mark.start and not awaited)
        if any(e.words not in ("bisa", "boleh saja") for e in decided):
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


_STILL_TO_THINK = frozenset(
    [
        "cek", "lihat", "pikir", "pikirkan", "jawab", "kabari", "bertanya", "pertimbangkan",
        "konfirmasi", "pelajari", "hubungi", "bahas", "rapat", "diskusi", "koordinasi",
        "tunggu", "putuskan", "kasih", "beri", "bicarakan", "bicara", "rundingkan",
    ]
)  # fmt: skip


def _says_what_follows(reply: Reply, mark: Mark) -> bool:
    """'setuju, nanti saya tanda tangan': what comes after the yes; 'tidak usah dipikirkan'."""
    reading = reply.reading
    errand = any(
        (m.start <= mark.start and mark.end <= m.end and m.end - m.start > mark.end - mark.start)
        or mark.start < m.start < mark.end < m.end  # 'ok nanti bawakan amplang'
        for m in reading.marks("instruct")
    )
    said = any(e.firm and e.polarity == "yes" and e.end <= mark.start for e in reply.events)
    later = mark.words.startswith("nanti") and mark.words.endswith(("saya", "kita"))
    return errand or (said and later and reading.word(mark.end) not in _STILL_TO_THINK)


def _covered_by_event(reply: Reply, mark: Mark) -> bool:
    return any(
        e.start < mark.end and mark.start < e.end
        if e.polarity == "later"
        else e.start <= mark.start and mark.end <= e.end
        for e in reply.events
    )


def _reports_another(reply: Reply) -> bool:
    """'katanya sudah disetujui', 'kata pak Kadis ditolak': somebody else's decision."""
    said = [i for i, word in enumerate(reply.reading.words) if word == "menurut"]
    return others_say(reply.reading) or any(reply.reading.word(i + 1) != "saya" for i in said)


_Rule = tuple[Callable[[Reply], bool], Question, str]
_BEFORE_AN_INVITATION: tuple[_Rule, ...] = (
    (_is_question, Question.SUPERVISOR_ASKS, "a question"),
    (_denies_a_refusal, Question.DECISION, "a refusal denied"),
    (_reports_another, Question.DECISION, "somebody else's words"),
    (i_will_or_not, Question.DECISION, "tak"),
    (counts_things, Question.DECISION, "a number of something"),
    (is_unreal, Question.DECISION, "not decided in earnest"),
    (is_anothers, Question.DECISION, "somebody else's decision"),
    (one_names_another, Question.DECISION, "one names another"),
    (sends_elsewhere, Question.DECISION, "something else is allowed or put off"),
    (denies_twice, Question.DECISION, "a refusal denied or on a condition"),
)
_BEFORE_A_CHANGE: tuple[_Rule, ...] = (
    (_says_not_all, Question.WHICH_REQUEST, "not all"),
    (_yes_no_side_by_side, Question.DECISION, "yes and no side by side"),
)
_AFTER_A_CHANGE: tuple[_Rule, ...] = (
    (_only_acknowledges, Question.DECISION, "acknowledged"),
    (_delegates, Question.DECISION, "delegated"),
    (_is_undecided, Question.DECISION, "not decided yet"),
)
