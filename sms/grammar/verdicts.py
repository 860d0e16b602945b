"""Which decision a reply comes to (putusan), and whether nothing beside it says otherwise."""

from __future__ import annotations

from sms.grammar.courtesy import ADDRESSES
from sms.grammar.days import MONTHS
from sms.grammar.lexicon import lexicon
from sms.grammar.reading import Reading
from sms.grammar.reply import (
    NEGATIONS,
    PURE_NO,
    WEAK_YES,
    Event,
    Reply,
    Segment,
    segment_of,
    understood,
    unknown_name,
)
from sms.grammar.targets import code_of

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


def final_polarity(reply: Reply) -> Event | None:
    """The last clear decision; softeners fall away, unknown words beside it make it unclear."""
    events = list(reply.events)
    clean: list[Event] = []
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
    if not _is_clean(reply, final) or _taken_back(reply, final):
        return None
    _note_unknown_names(reply, final)
    reply.why.append(f"{final.polarity}: {final.words}")
    return final


def _taken_back(reply: Reply, final: Event) -> bool:
    """'tolak eh maaf, [etuju]': a correction that is not understood."""
    return any(w in ("eh", "ralat", "maksud") for w in reply.reading.words[final.end :])


def _note_unknown_names(reply: Reply, final: Event) -> None:
    """'[udi] ok, dedi ok': every piece that decides may name somebody who is not open."""
    known = understood(reply)
    for segment in reply.segments:
        alike = any(e.polarity == final.polarity for e in segment.events)
        for i in range(segment.first, segment.last) if alike and not segment.targets.codes else ():
            leads = i == segment.first and not reply.reading.tokens[i].known
            if i not in known and (leads or unknown_name(reply, i)):
                segment.targets.unknown = segment.targets.unknown or reply.reading.tokens[i].raw
        if not segment.events and "juga" in reply.reading.words[segment.first : segment.last]:
            named = [i for i in range(segment.first, segment.last) if unknown_name(reply, i)]
            if named and not segment.targets.codes:  # 'pak Yusran acc, bu [Elda] juga'
                segment_of(reply, final).targets.unknown = reply.reading.tokens[named[0]].raw


def _turns_over(reply: Reply, before: Event, final: Event) -> bool:
    """'oke ditolak', 'tadinya saya tolak, tapi sekarang setuju': the last one counts."""
    if final.polarity != "yes" and before.words in WEAK_YES | {
        "ya sudah",
        "terima",
        "bisa",
        "jempol",
    }:
        return True
    between = reply.reading.words[before.end : final.start]
    if any(w in _TURNS for w in between):
        return final.firm
    if final.polarity in ("no", "later") and final.firm and before.words != final.words:
        return final.words not in PURE_NO or len(reply.reading.words) > 10
    apart = segment_of(reply, before) is not segment_of(reply, final)
    return final.firm and apart and len(reply.reading.words) > 12


def _is_clean(reply: Reply, final: Event) -> bool:
    """No unknown business beside the decision; a refusal may give its reason, a yes its errands."""
    known = understood(reply)
    segment = segment_of(reply, final)
    if any(not token.known for token in reply.reading.tokens[final.start : final.end]):
        reply.why.append("an unknown word inside the decision")
        return False
    if final.polarity == "yes":
        slip = _slip_of_a_careful_word(reply, known) or _stands_behind_a_no(reply, final)
        if slip:
            reply.why.append(slip)
            return False
        if not _yes_segment_is_clean(reply, segment, known):
            return False
        firm = any(e.firm for e in segment.events) or segment.targets.by == "code"
        return all(
            _is_tail(reply, other, known, firm=firm)
            for other in reply.segments
            if other is not segment and not other.events and not _leads_over(reply, other, segment)
        )
    return _refusal_is_clear(reply, segment, final, known)


def _leads_over(reply: Reply, other: Segment, segment: Segment) -> bool:
    """'saya keberatan, tetapi setelah dibicarakan, silakan': the 'but' belongs to the yes."""
    turned = any(e.polarity in ("no", "later") and e.end <= other.first for e in reply.events)
    follows = 0 <= segment.first - other.last <= 1
    return turned and follows and reply.reading.words[other.first] == "tapi"


def _speaks_of_elsewhere(reading: Reading, segment: Segment) -> bool:
    """'ya saya di kantor': of people and places, with no word of leave."""
    places = range(segment.events[-1].end, segment.last) if segment.events else range(0)
    return any(_begins(reading, "elsewhere", i) for i in places) and not any(
        _begins(reading, "of.leave", i) for i in places
    )


def _slip_of_a_careful_word(reply: Reply, known: set[int]) -> str:
    """'eblum bisa' must not be read past: the unknown word may be the one that denies."""
    for i, token in enumerate(reply.reading.tokens):
        if token.kind == "w" and not token.known and i not in known:
            near = lexicon().may_be_careful(token.raw.lower())
            if near:
                return f"'{token.raw}' may be '{near}'"
    return ""


def _stands_behind_a_no(reply: Reply, final: Event) -> str:
    """'belum [..] saya setujui': a denial that no phrase accounts for, just before the yes."""
    reading = reply.reading
    phrased = {i for e in reply.events for i in range(e.start, e.end)}
    phrased |= {i for m in reading.marks("instruct") for i in range(m.start, m.end)}
    for i in range(max(0, final.start - 5), final.start):
        near = not set(reading.words[i : final.start]) & {",", ".", "tapi", ";", "\n"}
        if near and reading.words[i] in NEGATIONS and i not in phrased:
            return f"'{reading.words[i]}' before {final.words}"
    return ""


def _yes_segment_is_clean(reply: Reply, segment: Segment, known: set[int]) -> bool:
    reading = reply.reading
    weak = all(e.words in WEAK_YES or e.words == "ya sudah" for e in segment.events)
    business = any(segment.first <= m.start < segment.last for m in reading.marks("other_topic"))
    anchored = segment.targets.codes and any(
        m.start == e.end and m.words.startswith("nanti")
        for m in reading.marks("instruct")
        for e in segment.events
    )  # 'Nurul ok nanti laporannya ke meja saya'
    if weak and not anchored and (business or _speaks_of_elsewhere(reading, segment)):
        reply.why.append("a mere ya beside other business")
        return False
    if weak and reply.events[0].words == "ya" and reading.has("get.well"):
        reply.why.append("a wish that begins with ya")
        return False
    if segment.events and _takes_something_else(reading, segment, segment.events[0].end):
        reply.why.append("something else is taken")
        return False
    turned = any(e.polarity in ("no", "later") for e in reply.events)
    for i in range(segment.first, segment.last):
        if i in known or (turned and i == segment.first and reading.words[i] == "tapi"):
            continue
        if unknown_name(reply, i):
            segment.targets.unknown = segment.targets.unknown or reading.tokens[i].raw
            continue
        past_event = any(e.end <= i for e in segment.events)
        instructed = past_event and any(
            e.end <= m.start <= i
            for e in segment.events
            for m in reading.marks("instruct")
            if m.start < segment.last and m.start >= segment.first
            if not (weak and m.words.startswith("terima"))
        )
        reasoned = past_event and "karena" in reading.words[segment.first : i + 1]
        if not (instructed or reasoned):
            reply.why.append(f"unknown beside yes: {reading.words[i]}")
            return False
    return True


_CANNOT = frozenset(["tidak bisa", "tidak dapat", "belum bisa", "belum dapat", "tidak boleh"])
_FORBIDDING = frozenset(["bisa", "boleh", "dapat", "setuju", "diizinkan", "disetujui", "izinkan"])
_OF_REQUESTS_ONLY = frozenset(
    ["disetujui", "menyetujui", "diizinkan", "mengizinkan", "izinkan", "acc", "approved"]
)


def _speaks_of_requests_only(reading: Reading, segment: Segment) -> bool:
    """'diizinkan' is said of requests; 'setuju' and 'boleh' of anything."""
    named = any(set(e.words.split()) & _OF_REQUESTS_ONLY for e in segment.events)
    business = any(segment.first <= m.start < segment.last for m in reading.marks("other_topic"))
    return named and not business


_TAKEN = frozenset(["cuti", "libur", "waktu", "hari", "hak", "jatah", "izin", "ya", "pak", "bu"])
_SOFT = frozenset(["saja", "dulu", "lah", "je", "ja"])


def _takes_something_else(reading: Reading, segment: Segment, first: int) -> bool:
    """'ambil berkas di meja saya'; 'ambil cutinya' and a bare 'ambil saja' take the leave."""
    for i in range(first, segment.last):
        if reading.words[i] == "ambil":
            taken = [w for w in reading.words[i + 1 : segment.last] if w not in _SOFT]
            return bool(taken) and taken[0] not in _TAKEN and i + 1 not in segment.targets.tokens
    return False


def _is_tail(reply: Reply, segment: Segment, known: set[int], *, firm: bool) -> bool:
    """Errands, wishes and thanks may follow a yes; other business may not."""
    reading = reply.reading
    but = reading.words[segment.first] == "tapi"
    if but and any(segment.first <= s.i < segment.last for s in reply.spans):
        reply.why.append("a yes, but on another day")
        return False
    if but and "dulu" in reading.words[segment.first : segment.last]:
        reply.why.append("a yes, but something first")
        return False
    nouns = reading.marks("instruct.noun")
    something = any(segment.first <= m.start < segment.last for m in nouns)
    said = reading.words[segment.first : segment.last]
    if _takes_something_else(reading, segment, segment.first):
        reply.why.append("something else is taken")
        return False  # 'boleh, ambil kursinya di gudang'
    if not {"harus", "wajib"}.isdisjoint(said):
        reply.why.append("a yes, but something must be")
        return False
    if something and "dulu" in said and {"tolong", "mohon"}.isdisjoint(said):
        reply.why.append("a yes, but something first")
        return False
    for concept in ("instruct", "wish", "thanks", "greeting", "season"):
        if any(segment.first <= m.start < segment.last for m in reading.marks(concept)):
            return True
    if but:
        reply.why.append("a yes, but")
        return False
    unknown = [i for i in range(segment.first, segment.last) if i not in known]
    if not unknown:
        return True
    if all(unknown_name(reply, i) for i in unknown) and len(unknown) <= 3:
        return True
    if firm or _is_errand(reply, segment):
        return True
    if something and not _only_weak(reply):
        return True
    reply.why.append(f"other business: {reading.words[unknown[0]]}")
    return False


def _is_errand(reply: Reply, segment: Segment) -> bool:
    """'Rina oke, nanti bawakan amplang ya': the yes names its request; the rest is for her."""
    named = any(s.targets.codes and s.events for s in reply.segments)
    return named and any(
        segment.first <= m.start < segment.last
        for concept in ("errand", "instruct.noun")
        for m in reply.reading.marks(concept)
    )


def _only_weak(reply: Reply) -> bool:
    """Nothing but 'ya' or 'ok'."""
    return all(e.words in WEAK_YES for e in reply.events)


def _refusal_is_clear(reply: Reply, segment: Segment, final: Event, known: set[int]) -> bool:
    """'tidak' decides alone or before a reason; 'tidak tahu' and 'tidak ada sinyal' do not."""
    reading = reply.reading
    if _tells_not_to_come(reading, final):
        reply.why.append("tells not to come")
        return False
    if any(s.targets.everything for s in reply.segments):
        slip = _slip_of_a_careful_word(reply, known)
        if slip:
            reply.why.append(slip)
            return False
    before = [
        i
        for i in range(segment.first, final.start)
        if i not in known and not (reading.words[i] == "tapi" and final.words not in PURE_NO)
    ]
    for i in before:
        if unknown_name(reply, i):
            segment.targets.unknown = segment.targets.unknown or reading.tokens[i].raw
        elif not (
            reading.tokens[i].known
            and final.firm
            and final.words not in PURE_NO | {"tidak bisa", "tidak dapat"}
            and _opens_with_a_reason(reply, segment, known)
        ):
            reply.why.append(f"unknown before no: {reading.words[i]}")
            return False
    after = list(range(final.end, segment.last))
    unknown = [i for i in after if i not in known]
    following = reading.words[after[0]] if after else ""
    bare = final.words in PURE_NO
    open_ended = final.words in _CANNOT
    if final.end - final.start == 1 and after and _begins(reading, "other_topic", after[0]):
        reply.why.append(f"{final.words} is said of {following}")
        return False
    if open_ended and following and not _goes_with_cannot(reading, segment, after[0]):
        reply.why.append(f"cannot do something else: {following}")
        return False
    if not unknown:
        return True
    if "karena" in reading.words[final.end : unknown[0]]:
        return True
    if unknown_name(reply, unknown[0]) and len(unknown) <= 2 and not bare:
        segment.targets.unknown = segment.targets.unknown or reading.tokens[unknown[0]].raw
        return True
    if bare and _names_an_open_code(segment, final, reading):
        clear = True  # "TIDAK 41 ada rapat", the very form our requests ask for
    elif bare:
        clear = following == "karena" or (
            unknown[0] > after[0]
            and _begins(reading, "reason", after[0])
            and following not in ("ada", "saya", "sedang", "lagi", "sudah")
        )
        if not clear and unknown_name(reply, unknown[0]) and len(unknown) <= 2:
            segment.targets.unknown = segment.targets.unknown or reading.tokens[unknown[0]].raw
            return True
    elif open_ended:
        clear = _begins(reading, "reason", after[0])
    else:
        clear = _gives_a_reason(reading, final.end, unknown[0])
    if not clear:
        reply.why.append(f"unknown after no: {reading.words[unknown[0]]}")
    return clear


_SINCE = frozenset(
    [
        "karena", "ada", "masih", "banyak", "sedang", "lagi", "kita", "minggu", "bulan", "hari",
        "tanggal", "saat", "mengingat", "berhubung", "sehubungan", "supaya", "agar", "sebelum",
        "sampai", "nanti", "biar", "kekurangan", "kurang", "padat", "sibuk", "tunggu", "akhir",
        "awal", "semua", "belum", "sudah", "tidak", "waktunya", "saatnya", "kalau", "demi",
        "ternyata", "habis", "setelah", "right",
    ]
)  # fmt: skip


def _opens_with_a_reason(reply: Reply, segment: Segment, known: set[int]) -> bool:
    """'karena ada akreditasi belum bisa'; not 'anggaran perjalanan ditolak'."""
    words = reply.reading.words
    unknown = (i for i in range(segment.first, segment.last) if i not in known)
    first = next((i for i in unknown if words[i] != "tapi"), segment.first)
    return any(words[i] in _SINCE for i in range(segment.first, first + 1))


def _gives_a_reason(reading: Reading, end: int, unknown: int) -> bool:
    """'ditolak, ada audit'; not 'tolak saja tamu yang tidak ada janji'."""
    return any(
        reading.words[i] in _SINCE or reading.words[i] in MONTHS for i in range(end, unknown + 1)
    )


def _begins(reading: Reading, concept: str, i: int) -> bool:
    """Whether a phrase of the concept begins at token i."""
    return any(mark.start == i for mark in reading.marks(concept))


def _goes_with_cannot(reading: Reading, segment: Segment, i: int) -> bool:
    """What may follow 'tidak bisa': nothing but the leave itself, a reason, an address, a code."""
    token = reading.tokens[i]
    return (
        _begins(reading, "reason", i)
        or _begins(reading, "after.cannot", i)
        or token.kind != "w"
        or not token.known
        or i in segment.targets.tokens
        or token.word in ADDRESSES
    )


def _tells_not_to_come(reading: Reading, final: Event) -> bool:
    """'tidak [erlu] masuk' is no refusal, whatever stands between."""
    denied = final.words.split()[0] == "tidak" and not set(final.words.split()) & _FORBIDDING
    ahead = reading.words[final.end : final.end + 2]
    return denied and any(w in ("masuk", "turun", "hadir", "kerja", "kantor") for w in ahead)


def _names_an_open_code(segment: Segment, final: Event, reading: Reading) -> bool:
    """Whether the word right after the no is a code that is open."""
    if final.end >= segment.last:
        return False
    return code_of(reading.tokens[final.end].raw) in segment.targets.codes
