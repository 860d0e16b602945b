"""What an employee's SMS asks (pegawai): request, cancel, status, balance, help, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.cases import CaseKind
from sms.grammar import family
from sms.grammar.dates import find_atoms
from sms.grammar.hours import choose_times
from sms.grammar.kinds import KindReading, hour_kinds, leave_kind, permits, read_kind
from sms.grammar.lengths import Length, find_lengths
from sms.grammar.lexicon import Mark
from sms.grammar.meaning import Intent, Meaning, Question, Signal, WorkingDays
from sms.grammar.noise import is_chain_letter, is_courtesy
from sms.grammar.numbers import other_numbers
from sms.grammar.reading import Reading
from sms.grammar.reasons import reason_of
from sms.grammar.spans import Span, find_spans
from sms.grammar.stretch import choose
from sms.grammar.structured import read_form
from sms.grammar.times import Clock, find_clocks


@dataclass
class Slots:
    """Days, lengths and clock times found in a message."""

    spans: list[Span]
    lengths: list[Length]
    clocks: list[Clock]

    @property
    def stretches(self) -> int:
        """Number of different stretches of days that are settled."""
        return len({(s.start, s.end) for s in self.spans if s.state == "ok" and not s.negated})


def find_slots(reading: Reading) -> Slots:
    """Find days, lengths and clock times, each token used once."""
    other = other_numbers(reading.tokens)
    by_the_clock = reading.has("late", "early", "out") and not reading.has("leave", "duty")
    clocks = find_clocks(reading.tokens, by_the_clock=by_the_clock, other=other)
    taken = other | {i for c in clocks for i in range(c.start, c.end)}
    lengths = find_lengths(reading, taken)
    counted = {i for n in lengths for i in range(n.i, n.j)}
    atoms = find_atoms(reading, taken | counted)
    return Slots(find_spans(reading, atoms, reading.now.date()), lengths, clocks)


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


def read_employee(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning:
    """Read an employee's message; the order is that of how sure each reading is."""
    for step in (
        _service_word,
        _form,
        _noise,
        _asks,
        _other_people,
        _courtesy,
        _cancels,
        _amends,
        _other_matters,
    ):
        found = step(text, reading, slots, calendar)
        if found is not None:
            return found
    return read_request(reading, slots, calendar)


def _service_word(
    text: str, reading: Reading, slots: Slots, calendar: WorkingDays
) -> Meaning | None:
    if not any(t.kind in ("w", "n", "a") for t in reading.tokens):
        return unclear(Question.INTENT, "no words")
    words = reading.count_words()
    if reading.has("not_me") and words <= 5:
        return unclear(Question.INTENT, "bukan saya", signal=Signal.NOT_ME)
    if reading.has("stop") and words <= 3:
        return unclear(Question.INTENT, "stop", signal=Signal.STOP)
    if reading.has("retract") and not (reading.has("absence", "leave", "cancel") and words > 8):
        return unclear(Question.INTENT, "taken back", signal=Signal.RETRACT)
    return None


def _form(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    return read_form(text, reading, calendar) if "#" in text else None


def _noise(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    return silent("chain letter or machine text") if is_chain_letter(reading, text) else None


# --- questions about the service and about own requests -------------------------------------------


def _asks(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    if reading.has("other.permit"):
        return None
    if _is_help(reading, slots):
        return Meaning(Intent.HELP, why=("help",))
    if _is_balance(reading, slots):
        return Meaning(Intent.BALANCE, why=("balance",))
    if _is_status(reading, slots):
        return Meaning(Intent.STATUS, codes=named_codes(reading, slots), why=("status",))
    return None


def _questioning(reading: Reading) -> bool:
    return (
        "?" in reading.words
        or reading.has_word(
            "apa", "apakah", "bagaimana", "berapa", "kapan", "mana", "bertanya", "info", "dapatkah"
        )
        or any(t.suffix == "kah" for t in reading.tokens)
    )


def _is_help(reading: Reading, slots: Slots) -> bool:
    marks = reading.true_marks("help")
    if not marks:
        return False
    strong = reading.has("help.strong")
    words = reading.count_words()
    if words <= 3 and any(
        m.words
        in (
            "bantuan",
            "info",
            "menu",
            "format",
            "panduan",
            "petunjuk",
            "manual",
            "perintah",
            "tutorial",
            "template",
            "prosedur",
            "how",
        )
        for m in marks
    ):
        return not reading.has("balance")
    dated = slots.stretches > 0
    if (
        reading.has("other_topic")
        and not reading.has(
            "leave", "permit", "sick", "duty", "absence", "late", "early", "leavetalk"
        )
        and words > 3
    ):
        return False
    if strong and (not dated or _questioning(reading)) and words <= 40:
        return True
    if dated or reading.has("balance"):
        return False
    about = reading.has(
        "leave", "permit", "sick", "duty", "maternity", "late", "early", "leavetalk", "absence"
    )
    return _questioning(reading) and about and not _wants(reading)


def _wants(reading: Reading) -> bool:
    return family.is_own_illness(reading) and reading.has("absence")


def _is_balance(reading: Reading, slots: Slots) -> bool:
    marks = reading.true_marks("balance")
    if not marks:
        return False
    if (
        any(m.words == "sisa berapa" for m in marks)
        and len(marks) == 1
        and not reading.has("leave")
    ):
        return False
    asking = "?" in reading.words or reading.has_word(
        "berapa",
        "cek",
        "info",
        "bertanya",
        "minta",
        "lihat",
        "apakah",
        "masih",
        "mohon",
        "tolong",
        "apa",
        "ada",
    )
    if slots.stretches and not (reading.has_word("berapa") or "?" in reading.words):
        return False
    if slots.stretches and reading.has("permit") and not reading.has_word("berapa"):
        return False
    if reading.has_word("kapan") and not reading.has_word("sisa", "tinggal"):
        return False
    if any(m.words in ("cuti masih", "cuti saya masih", "hak cuti") for m in marks) and not asking:
        return False
    return asking or reading.count_words() <= 6


_STATUS_FIRM = frozenset(
    {
        "status",
        "bagaimana kabar",
        "progres",
        "progress",
        "sudah sampai mana",
        "kelanjutan",
        "perkembangan",
        "approved yet",
        "update",
        "any update",
    }
)


def _is_status(reading: Reading, slots: Slots) -> bool:
    marks = reading.true_marks("status")
    if not marks:
        return False
    own = reading.has("own_request") or bool(named_codes(reading, slots))
    alone = reading.count_words() <= 6
    if reading.has("other_topic") and not reading.has(
        "leave", "permit", "duty", "sick", "own_request"
    ):
        return False
    asking = (
        _questioning(reading)
        or reading.has_word("belum", "kah", "mohon", "kok")
        or any(m.words in _STATUS_FIRM for m in marks)
    )
    if (
        reading.has("thanks")
        and "?" not in reading.words
        and not reading.has_word("belum", "status", "bagaimana", "kapan")
    ):
        return False
    if family.is_own_illness(reading) and not reading.has("own_request"):
        return False
    weak = all(
        m.words in ("bagaimana dengan", "ada kabar", "update", "belum diizinkan", "kenapa belum")
        for m in marks
    )
    if weak and (slots.stretches or not own):
        return False
    if reading.has("absence") and not reading.has_word(
        "pengajuan", "permohonan", "disetujui", "acc", "status"
    ):
        return False
    only_done = all(
        m.words
        in (
            "sudah keluar",
            "sudah terbit",
            "sudah diterima",
            "sudah masuk belum",
            "sudah belum",
            "sudah ok",
            "sudah lihat",
            "perkembangan",
            "tindak lanjut",
        )
        for m in marks
    )
    if only_done and not own:
        return False
    if reading.has_word("surat", "sk", "form", "sertifikat", "gaji", "uang") and not own:
        return False
    return (own or alone) and asking


def named_codes(reading: Reading, slots: Slots) -> tuple[str, ...]:
    """Codes an employee names in a cancellation or a question about a request."""
    days = {i for s in slots.spans for i in range(s.i, s.j)} | {
        i for n in slots.lengths for i in range(n.i, n.j)
    }
    days |= {i for c in slots.clocks for i in range(c.start, c.end)}
    found: list[str] = []
    tokens = reading.tokens
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "a" and 2 <= len(token.raw) <= 6 and any(c.isdigit() for c in token.raw):
            raw = token.raw
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is not None and following.word == "-" and i + 2 < len(tokens):
                following = tokens[i + 2]
            if (
                following is not None
                and following.kind in ("a", "n")
                and len(raw) + len(following.raw) == 4
                and len(raw) in (2, 3)
            ):
                raw, i = raw + following.raw, tokens.index(following)
            found.append(raw.upper())
        elif (
            token.kind == "n"
            and i not in days
            and 1 <= len(token.raw) <= 4
            and not _counted(reading, i)
        ):
            found.append(token.raw)
        i += 1
    return tuple(dict.fromkeys(found))


def _counted(reading: Reading, i: int) -> bool:
    before = reading.word(i - 1) if reading.word(i - 1) not in (".", ":") else reading.word(i - 2)
    year = len(reading.tokens[i].raw) == 4 and reading.tokens[i].raw.startswith("20")
    return (
        before in ("tanggal", "jam", "rp", "/", "-", "bulan", "tahun")
        or year
        or reading.word(i + 1)
        in (
            "hari",
            "minggu",
            "bulan",
            "tahun",
            "jam",
            "orang",
            "menit",
            "kali",
            "x",
        )
    )


# --- others, courtesies, cancelling ----------------------------------------------------------


def _other_people(
    text: str, reading: Reading, slots: Slots, calendar: WorkingDays
) -> Meaning | None:
    if reading.has("news") and not _leave_besides_news(reading):
        return unclear(Question.INTENT, "cuti bersama")
    asks_who = reading.has_word("siapa") and ("?" in reading.words or reading.has("other_people"))
    if asks_who and not reading.has_word("saya"):
        return unclear(Question.INTENT, "asks about others")
    if _third_person(reading):
        return unclear(Question.INTENT, "somebody else's leave")
    return None


def _leave_besides_news(reading: Reading) -> bool:
    return bool(reading.true_marks("leave")) or bool(permits(reading)) or reading.has("absence")


def _third_person(reading: Reading) -> bool:
    """'Pak Kabid cuti sampai kapan', 'Bu Rina hari ini masuk?': a named other as the subject."""
    words = reading.words
    for i, word in enumerate(words):
        if word not in ("pak", "bu", "bapak", "ibu", "mas", "mbak") or not _named(reading, i + 1):
            continue
        j = i + 2
        while j < len(words) and (
            words[j]
            in ("hari", "ini", "besok", "sedang", "lagi", "masih", "sudah", "itu", "minggu")
            or not reading.tokens[j].known
        ):
            j += 1
        predicate = reading.word(j) in (
            "cuti",
            "sakit",
            "tidak",
            "masuk",
            "dinas",
            "ada",
            "libur",
            "hadir",
            "telat",
            "izin",
            "kembali",
            "turun",
            "opname",
        )
        asked = "?" in words or reading.has_word("kapan", "apakah", "berapa", "siapa")
        if predicate and asked and not reading.has_word("saya", "mohon", "minta", "boleh", "bisa"):
            return True
    return False


def _named(reading: Reading, i: int) -> bool:
    if i >= len(reading.tokens):
        return False
    title = any(m.start <= i < m.end for m in reading.marks("title"))
    token = reading.tokens[i]
    return title or (token.kind == "w" and not token.known)


def _courtesy(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    return silent("thanks or wishes") if is_courtesy(reading) else None


def _cancels(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    marks = _cancel_marks(reading)
    if not marks:
        return None
    if _replaces(reading, slots, marks):
        return _amended(reading, slots, calendar, "replaced")
    own = reading.has(
        "leave",
        "permit",
        "duty",
        "sick",
        "late",
        "early",
        "out",
        "absence",
        "own_request",
        "halfday",
        "annual",
    )
    other = any(
        reading.word(m.start - 1) in _OTHER_SUBJECTS or reading.word(m.end) in _OTHER_SUBJECTS
        for m in marks
    )
    codes = named_codes(reading, slots)
    if other and not own:
        return unclear(Question.INTENT, "something else is cancelled")
    if not own and not codes and reading.count_words() > 5 and not reading.has("still_present"):
        return unclear(Question.INTENT, "what is cancelled")
    if (
        "?" in reading.words
        and reading.has_word("bisa", "apakah", "bagaimana", "boleh")
        and not codes
        and not reading.has_word("saya", "tolong", "mohon")
    ):
        return Meaning(Intent.HELP, why=("how to cancel",))
    open_condition = reading.has_word(
        "kalau", "jika", "asal", "seandainya", "mungkin", "kemungkinan", "rencana"
    ) or (reading.has_word("belum") and reading.has_word("kalau"))
    part = reading.has_word("sisanya", "sebagian", "separuh", "terakhir", "pertama") or _keeps_some(
        reading, slots
    )
    why = f"cancel: {marks[0].words}"
    if open_condition or part:
        return Meaning(
            Intent.CANCEL,
            codes=codes,
            must_ask=True,
            question=Question.CONFIRM_CANCEL,
            why=(why, "in part or on a condition"),
        )
    return Meaning(Intent.CANCEL, codes=codes, reason=reason_of(reading), why=(why,))


_OTHER_SUBJECTS = frozenset(
    [
        "rapat",
        "acara",
        "pesawat",
        "penerbangan",
        "undangan",
        "apel",
        "senam",
        "kegiatan",
        "pesanan",
        "order",
        "upacara",
        "nikahan",
        "resepsi",
        "wisuda",
        "sidang",
        "bimtek",
        "operasi",
    ]
)


def _cancel_marks(reading: Reading) -> list[Mark]:
    return [
        m
        for m in reading.true_marks("cancel")
        if not (m.words == "dicabut" and reading.has_word("gigi"))
        and not (
            m.words.startswith("tidak jadi")
            and reading.word(m.end) in ("masuk", "turun", "hadir", "masalah")
        )
        and not (
            m.words == "tidak jadi"
            and reading.word(m.end) in ("saya",)
            and reading.word(m.end + 1) in ("masuk",)
        )
    ]


def _replaces(reading: Reading, slots: Slots, marks: list[Mark]) -> bool:
    """'tidak jadi besok, tapi lusa': something else is put in its place."""
    last = marks[-1].end
    tail = reading.words[last:]
    turn = next(
        (
            last + n
            for n, w in enumerate(tail)
            if w in ("tapi", "ganti", "jadinya", "melainkan", "pindah", "geser", "undur", "menjadi")
            or (w == "jadi" and n > 1)
        ),
        None,
    )
    if turn is None:
        return False
    new_day = any(s.i >= turn and not s.negated for s in slots.spans)
    new_kind = any(
        m.start >= turn
        for c in ("leave", "late", "early", "out", "duty", "sickleave", "halfday", "sick", "permit")
        for m in reading.true_marks(c)
    )
    stays = any(m.start >= turn for m in reading.marks("still_present"))
    return (new_day or new_kind or any(n.i >= turn for n in slots.lengths)) and not stays


def _keeps_some(reading: Reading, slots: Slots) -> bool:
    for i, word in enumerate(reading.words):
        if word == "tetap" and reading.word(i + 1) not in (
            "masuk",
            "turun",
            "hadir",
            "kerja",
            "ke",
            "ngantor",
            "di",
        ):
            return True
        if (
            word == "yang"
            and any(s.i <= i + 2 < s.j or i + 1 == s.i for s in slots.spans)
            and len(slots.spans) >= 1
        ):
            return (
                reading.has_word("saja", "tetap", "lain")
                or reading.word(i + 1) in ("hari", "tanggal")
                or True
            )
        if word == "saja" and any(s.j == i for s in slots.spans):
            return True
    return any(reading.word(n.j) == "saja" for n in slots.lengths)


# --- amendments ------------------------------------------------------------------------------


def _amends(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    named = reading.has_word(
        "ralat",
        "geser",
        "majukan",
        "perpanjang",
        "memperpanjang",
        "diperpanjang",
        "perpanjangan",
        "diubah",
        "ubah",
        "mengubah",
        "dirubah",
        "rubah",
    ) or _moved(reading)
    denied = _denies_for_another(reading)
    if (not named and not denied) or reading.has("other.permit", "favour"):
        return None
    if denied and not named and _complete_after_bukan(reading):
        return None
    return _amended(reading, slots, calendar, "amendment")


def _moved(reading: Reading) -> bool:
    pairs = set(zip(reading.words, reading.words[1:], strict=False))
    if (
        ("ganti", "tanggal") in pairs
        or ("ganti", "hari") in pairs
        or ("ganti", "jadi") in pairs
        or ("pindah", "tanggal") in pairs
        or ("pindah", "hari") in pairs
        or (
            ("pindah", "ke") in pairs
            and reading.has("leave", "permit")
            and reading.has("day.after", "tomorrow")
        )
        or ("tambah", "hari") in pairs
    ):
        return True
    own = reading.has("leave", "own_request")
    return (
        own
        and reading.has_word(
            "undur", "majukan", "geser", "dipindah", "memajukan", "memundurkan", "salah"
        )
        and (
            not reading.has_word("salah")
            or reading.has_word("seharusnya", "harusnya", "yang", "tanggal")
        )
        and _change_of_own(reading)
    )


def _change_of_own(reading: Reading) -> bool:
    """The move is of the leave, not of the feast that is its reason."""
    for i, word in enumerate(reading.words):
        if word in ("undur", "majukan", "geser", "dipindah", "memajukan", "memundurkan"):
            before = list(reading.before(i, 4))
            return not any(
                w
                in (
                    "acara",
                    "rapat",
                    "pernikahan",
                    "jadwal",
                    "operasi",
                    "sidang",
                    "wisuda",
                    "kegiatan",
                )
                for w in before
            )
        if word == "salah" and reading.word(i + 1) in (
            "tanggal",
            "hari",
            "tulis",
            "ketik",
            "kirim",
        ):
            return reading.has_word("seharusnya", "harusnya", "benar", "yang")
    return False


def _denies_for_another(reading: Reading) -> bool:
    if "bukan" not in reading.words:
        return False
    place = reading.words.index("bukan")
    tail = reading.words[place + 1 : place + 14]
    return any(
        w in ("tapi", "cuma", "hanya", "melainkan", "seharusnya", "harusnya") for w in tail
    ) or (
        "," in tail
        and place <= 6
        and not _question_tag(reading, place)
        and _something_before_is_own(reading, place)
    )


def _question_tag(reading: Reading, place: int) -> bool:
    return reading.word(place + 1) in ("pak", "bu", "?", "ya", "")


def _something_before_is_own(reading: Reading, place: int) -> bool:
    """In 'cuti Jumat depan, bukan besok' the wish comes first and is complete."""
    return not any(reading.words[i] in (",", "\n") for i in range(place)) and not any(
        m.end <= place for c in ("tomorrow", "today", "week.next") for m in reading.marks(c)
    )


def _complete_after_bukan(reading: Reading) -> bool:
    """'bukan cuti pak, saya sakit hari ini': what follows is a request of its own."""
    place = reading.words.index("bukan")
    clause = reading.clauses[place]
    turn = next(
        (
            i
            for i in range(place + 1, len(reading.words))
            if reading.words[i] in ("tapi", "cuma", "hanya", "melainkan")
            or reading.clauses[i] != clause
        ),
        len(reading.words),
    )
    kinds = ("sick", "absence", "late", "early", "out", "duty", "leave", "permit", "sickleave")
    for concept in kinds:
        for mark in reading.true_marks(concept):
            if mark.start >= turn:
                return True
    return False


def _amended(reading: Reading, slots: Slots, calendar: WorkingDays, why: str) -> Meaning:
    """New values for an earlier request: never filed without asking."""
    kind = read_kind(reading, has_days=bool(slots.spans), has_clock=bool(slots.clocks), stretches=1)
    named = kind.asked or reading.has("leave", "permit", "duty", "sick", "annual")
    if not named:
        return unclear(Question.CONFIRM_CHANGE, "fragment of a change")
    kept = _new_values(reading, slots)
    denied = reading.words.index("bukan") if "bukan" in reading.words else -1
    lengths = [n for n in kept.lengths if not (0 <= denied < n.i <= denied + 2)]
    days = choose(reading, kept.spans, lengths, kind.kind, death=False, calendar=calendar)
    time_from, time_to = choose_times(reading, kept.clocks, kind.kind)
    settled = bool(kept.spans)
    hourly = kind.kind in (
        CaseKind.LATE,
        CaseKind.EARLY,
        CaseKind.OUT,
        CaseKind.SICK,
        CaseKind.PERMISSION,
    )
    return Meaning(
        Intent.REQUEST,
        kind=kind.kind,
        start=days.start if settled or hourly else None,
        end=days.end if settled or hourly else None,
        time_from=time_from,
        time_to=time_to,
        must_ask=True,
        question=Question.CONFIRM_CHANGE,
        amends=True,
        reason=reason_of(reading),
        why=(why, *kind.why, *days.why),
    )


def _new_values(reading: Reading, slots: Slots) -> Slots:
    """Of the days named, those after 'jadi', 'ke', 'tapi' or, failing that, the last."""
    spans = [s for s in slots.spans if not s.negated]
    turns = [
        i
        for i, w in enumerate(reading.words)
        if w
        in (
            "jadi",
            "menjadi",
            "ke",
            "tapi",
            "cuma",
            "hanya",
            "seharusnya",
            "harusnya",
            "maksud",
            "melainkan",
        )
    ]
    after = [s for s in spans if turns and s.i > turns[0]]
    if len(spans) > 1:
        spans = after[-1:] or spans[-1:]
    return Slots(spans, slots.lengths, slots.clocks[-1:])


# --- other matters ---------------------------------------------------------------------------


def _other_matters(
    text: str, reading: Reading, slots: Slots, calendar: WorkingDays
) -> Meaning | None:
    """Other permits and favours, attendance trouble, business, others' illness: ask."""
    absent = reading.has("absence") or leave_kind(reading) is not None
    hours = hour_kinds(reading, has_clock=bool(slots.clocks))
    if reading.has("other.permit", "favour") and not absent and not hours:
        return unclear(Question.INTENT, "another permit or favour")
    if (
        reading.has("clockin")
        and not absent
        and not _real_hours(reading)
        and not family.is_own_illness(reading)
        and not reading.has("duty")
    ):
        return unclear(Question.INTENT, "attendance trouble", signal=_clock_signal(reading))
    if (
        reading.has("late.false", "help.false")
        and not absent
        and not hours
        and not permits(reading)
        and not family.is_own_illness(reading)
    ):
        return unclear(Question.INTENT, "something else")
    if reading.has("cure") and not reading.has("permit", "leave"):
        return unclear(Question.INTENT, "recovered", signal=Signal.PRESENT)
    money = reading.has_word(
        "uang",
        "gaji",
        "tpp",
        "honor",
        "tunjangan",
        "cair",
        "spj",
        "dipotong",
        "potongan",
        "anggaran",
        "rapel",
    )
    if money and not absent and not permits(reading) and not _own_plan(reading):
        return unclear(Question.INTENT, "money matters")
    business = (
        reading.has("other_topic")
        and not absent
        and not hours
        and not reading.has("duty")
        and not family.is_own_illness(reading)
    )
    if business and not _personal_reason(reading):
        return unclear(Question.INTENT, "other business")
    if _address_to_many(reading):
        return unclear(Question.INTENT, "a notice to others")
    return None


def _real_hours(reading: Reading) -> bool:
    return any(
        m.words not in ("telat",) or reading.has("permit")
        for c in ("late", "early", "out")
        for m in reading.true_marks(c)
    ) and not reading.has("clockin.trouble")


def _clock_signal(reading: Reading) -> Signal | None:
    if reading.has("clockin.trouble"):
        return Signal.TERMINAL_TROUBLE
    return Signal.FORGOT_TO_CLOCK if reading.has("clockin.forgot") else None


def _own_plan(reading: Reading) -> bool:
    return (
        reading.has_word("saya")
        and reading.has("duty", "early", "out", "late")
        and reading.has("tomorrow", "today", "week.next", "day.after")
    )


def _personal_reason(reading: Reading) -> bool:
    """'izin, urus BPKB anak' is a reason; 'izin, berkas sudah di meja' is business."""
    return (
        bool(permits(reading))
        and reading.has("core", "distant", "event", "care", "sick")
        and not reading.has("polite.izin")
    )


def _address_to_many(reading: Reading) -> bool:
    return (
        reading.has_word("teman-teman", "rekan-rekan", "bapak-bapak", "semuanya")
        and reading.has_word("jangan", "diharap", "mohon", "harap")
        and not reading.has_word("saya")
    )


def read_request(reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning:
    """The request itself: kind, days, hours, and whether one thing is missing."""
    settled = [s for s in slots.spans if not s.negated]
    kind = read_kind(
        reading,
        has_days=bool(settled or slots.lengths),
        has_clock=bool(slots.clocks),
        stretches=slots.stretches,
    )
    if not kind.asked:
        return _not_asked(reading, slots)
    if not _is_meant(reading, kind, slots):
        return unclear(Question.INTENT, "no wish in it", *kind.why)
    days = choose(
        reading, slots.spans, slots.lengths, kind.kind, death=kind.death, calendar=calendar
    )
    time_from, time_to = choose_times(reading, slots.clocks, kind.kind)
    if kind.half.value != "full":
        time_from, time_to = _half_times(kind, time_from, time_to)
    start, end, question = days.start, days.end, days.question
    if kind.several:
        start = end = None
        question = Question.ONE_AT_A_TIME
    elif kind.must_ask:
        question = Question.HALF_DAY if reading.has("halfday") else Question.KIND
        if kind.bare or days.question is not None:
            start = start if days.question is Question.END else None
            end = None
    meaning = Meaning(
        Intent.REQUEST,
        kind=kind.kind,
        start=start,
        end=end,
        time_from=time_from,
        time_to=time_to,
        half=kind.half,
        reason=reason_of(reading),
        must_ask=question is not None,
        question=question,
        why=(*kind.why, *days.why),
    )
    if _for_somebody_else(reading):
        return replace(
            meaning, must_ask=True, question=Question.WHO, why=(*meaning.why, "for whom")
        )
    return replace(meaning, stand_in=stand_in_of(reading))


def _half_times(kind: KindReading, time_from: object, time_to: object):  # type: ignore[no-untyped-def]
    from datetime import time

    return (None, time(12)) if kind.kind is CaseKind.LATE else (time(12), None)


def _not_asked(reading: Reading, slots: Slots) -> Meaning:
    if reading.has("sick") and family.is_own_illness(reading):
        return unclear(Question.INTENT, "fragment: sick", signal=Signal.SICK)
    if reading.has("present") and reading.count_words() <= 6:
        return unclear(Question.INTENT, "fragment: present", signal=Signal.PRESENT)
    if reading.has("yes") and reading.count_words() <= 5:
        return unclear(Question.INTENT, "a bare yes", signal=Signal.YES)
    if reading.has("no") and reading.count_words() <= 5:
        return unclear(Question.INTENT, "a bare no", signal=Signal.NO)
    if reading.has_word("salah") and reading.count_words() <= 5:
        return unclear(Question.INTENT, "objection", signal=Signal.WRONG)
    return unclear(Question.INTENT, "nothing asked for")


def _is_meant(reading: Reading, kind: KindReading, slots: Slots) -> bool:
    """A wish or statement of one's own, not a remark about the thing ('surat cuti di mana?')."""
    if kind.kind is CaseKind.DUTY and not slots.stretches:
        wish = bool(permits(reading)) or reading.has_word(
            "saya",
            "mau",
            "mohon",
            "melapor",
            "besok",
            "akan",
            "ada",
            "dapat",
            "berangkat",
            "ditugaskan",
        )
        return wish and not (reading.has("yesterday") and reading.has("other_topic"))
    return not (
        reading.has_word("jangan")
        and kind.kind in (CaseKind.LATE, CaseKind.EARLY)
        and not reading.has_word("saya", "izin")
    )


def _for_somebody_else(reading: Reading) -> bool:
    """A colleague's leave, or a colleague's phone."""
    if reading.has("relative_writes"):
        return False
    if reading.has("borrowed"):
        return True
    if reading.has("colleague") and not _colleague_is_reason(reading):
        return True
    return any(
        reading.words[i] == "si" and i + 1 < len(reading.words) and not reading.tokens[i + 1].known
        for i in range(len(reading.words))
    )


def _colleague_is_reason(reading: Reading) -> bool:
    """'jenguk teman saya', 'pernikahan teman kantor': the colleague is only the reason."""
    for mark in reading.marks("colleague"):
        if mark.words.split()[0] in (
            "titip",
            "mewakili",
            "atasnama",
            "atas",
            "menyampaikan",
            "izinkan",
            "nitip",
            "dititipi",
            "titipan",
        ):
            return False
        if mark.words in ("beliau", "izin dari", "izin untuk teman"):
            continue
        before = list(reading.before(mark.start, 4))
        first = mark.start <= 3 or (before and before[0] in ("izin", "untuk"))
        if first and not any(
            w
            in (
                "jenguk",
                "antar",
                "pernikahan",
                "melayat",
                "menghadiri",
                "jemput",
                "nikahan",
                "jaga",
                "resepsi",
                "acara",
                "ke",
            )
            for w in before
        ):
            return False
    return True


def stand_in_of(reading: Reading) -> str | None:
    """The person named after Plh ('Plh Rina Wulandari')."""
    mark = reading.first("plh")
    if mark is None:
        return None
    last = mark.end
    while (
        last < len(reading.tokens)
        and last < mark.end + 4
        and reading.tokens[last].kind == "w"
        and (
            not reading.tokens[last].known
            or reading.words[last] in ("pak", "bu")
            or reading.tokens[last].raw[:1].isupper()
        )
    ):
        last += 1
    return reading.slice(mark.end, last) or None
