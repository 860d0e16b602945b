"""Every sentence that leaves: one segment, GSM-7, nothing the carriers filter, whoever is named.

Every public function of sms.texts is called with long names, units and whatever people write.
A new parameter needs a line in ARGUMENTS; the test says which.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cases import CaseKind, CaseStatus, HalfDay, Move, WaitingFor
from sms import texts
from sms.segments import Coding, lint, plan, transliterate
from sms.texts import words
from sms.texts.to_office import FAULT_WORDS

# fmt: off
GIVEN = (
    "Muhammad", "Siti", "Andi", "I Gusti Ngurah", "Nur’aini", "Bambang", "Abdurrahman", "Ratna",
    "Fitriani", "Christoforus", "Ni Luh Putu", "Aji Pangeran", "Yohanes", "Dewi",
)
FAMILY = (
    "Kusumawardhani", "Hadiningrat", "Situmorang", "Prawiranegara", "Rahmawati", "Wijayakusuma",
    "Nugraha", "Tjokroaminoto", "Simanjuntak", "Oktaviani", "Surya Negara", "Mahakam",
)
TITLES = ("", "Dr. H. ", "Ir. ", "drg. Hj. ", "Prof. Dr. ")
DEGREES = ("", ", S.Sos., M.Si.", ", S.Kep., Ns.", ", S.E., M.M.", ", A.Md.")
# fmt: on
LONGEST_NAME = 45

names = st.builds(
    lambda title, words, degree: title + " ".join(words)[:LONGEST_NAME].strip() + degree,
    st.sampled_from(TITLES),
    st.lists(st.sampled_from(GIVEN + FAMILY), min_size=1, max_size=5),
    st.sampled_from(DEGREES),
)
units = st.sampled_from(
    (
        "RSUD Abdul Wahab Sjahranie",
        "UPTD Pengelolaan Sumber Daya Air Wilayah Sungai Mahakam Dinas Pekerjaan Umum, Penataan "
        "Ruang dan Perumahan Rakyat Provinsi Kalimantan Timur",
        "SMKN 7",
    )
)
free_text = st.one_of(
    st.sampled_from(
        (
            "",
            "acara keluarga",
            "nomor surat 800/1234/2026, lihat https://bkd.kaltimprov.go.id",
            "Selamat pagi, PIN saya 123456",
            "anak sakit 🙏🙏 mohon doa",
            "rapat di Balikpapan dengan pak Kadis dan rombongan dari Jakarta sampai sore, " * 3,
            "{kurung} [siku] ~tilde~ €100",
        )
    ),
    st.text(max_size=200),
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
halves = st.sampled_from(HalfDay)
clocks = st.one_of(st.none(), st.times().map(lambda t: time(t.hour, t.minute)))


@st.composite
def requests(draw: st.DrawFn) -> texts.Asked:
    start = draw(days)
    end = draw(st.one_of(st.none(), st.dates(start, date(2028, 3, 31))))
    return texts.Asked(
        draw(st.sampled_from(CaseKind)), start, end, draw(clocks), draw(clocks), draw(free_text),
        draw(halves), draw(halves),
    )  # fmt: skip


codes = st.integers(10, 999).map(str)

ARGUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "name": names, "decider": names, "by": names,
    "names": st.lists(names, min_size=1, max_size=12),
    "unit": units, "place": free_text, "road": st.just("Twilio"),
    "reason": free_text, "why": free_text, "question": free_text,
    "what": st.sampled_from(("hadir", "lupa absen", "keliru")),
    "places": st.lists(
        st.tuples(units, st.sampled_from(sorted(FAULT_WORDS))), min_size=1, max_size=12
    ),
    "last_digits": st.integers(100, 999).map(str),
    "oddity": st.sampled_from(("HP yang lama diam", "jalur yang tidak biasa")),
    "asked": requests(), "changed": requests(), "before": requests(), "after": requests(),
    "move": st.sampled_from((Move.AGREE, Move.REFUSE, Move.POSTPONE)),
    "half_days": st.integers(0, 60),
    "code": codes,
    "choices": st.one_of(
        st.lists(st.tuples(codes, names), min_size=2, max_size=9),
    ),
    "lines": st.lists(st.tuples(requests(), st.sampled_from([
        texts.standing_words(CaseStatus.OPEN, waiting) for waiting in WaitingFor
    ])), max_size=5),
    "kind": st.one_of(st.none(), st.sampled_from(CaseKind)),
    "day": days, "start": days, "end": st.one_of(st.none(), days),
    "until": st.times(), "days": st.one_of(st.none(), st.integers(1, 90)),
    "status_now": st.sampled_from(sorted(texts.DAY_WORDS)),
    "absent": st.lists(days, min_size=1, max_size=23), "short": st.lists(days, max_size=23),
    "deadline": days, "to_bkd": st.booleans(),
    "people": st.integers(1, 999), "to_operator": st.booleans(),
    "bereaved": st.booleans(), "accepted": st.booleans(), "has_reason": st.booleans(),
}  # fmt: skip
PARTICULAR: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "which_to_cancel": {"choices": st.lists(requests(), min_size=2, max_size=6)},
    "which_to_change": {"choices": st.lists(requests(), min_size=2, max_size=6)},
}
MADE_OF_OTHERS = {"again", "from_another_card"}
"""They mark a text that is whole already; the mark may cost a second segment."""


def sentences() -> dict[str, Callable[..., str | list[str]]]:
    """Every public function of the package that makes a sentence."""
    found = {}
    for module in pkgutil.iter_modules(texts.__path__, "sms.texts."):
        if module.name == "sms.texts.words":
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(thing) and thing.__module__ == module.name:
                found[name] = thing
    return {
        name: function
        for name, function in found.items()
        if not name.startswith("_") and name not in MADE_OF_OTHERS
    }


def arguments_of(name: str) -> dict[str, st.SearchStrategy[Any]]:
    strategies = ARGUMENTS | PARTICULAR.get(name, {})
    wanted = inspect.signature(sentences()[name]).parameters
    unknown = [each for each in wanted if each not in strategies]
    assert not unknown, f"texts.{name}: add {unknown} to ARGUMENTS in this file"
    return {each: strategies[each] for each in wanted}


@pytest.fixture
def never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str) -> str:
        raise AssertionError(f"does not fit one segment: {text}")

    monkeypatch.setattr(words, "_cut", fail)


@pytest.mark.usefixtures("never_cut")
@pytest.mark.parametrize("name", sorted(sentences()))
def test_it_leaves_as_one_segment_of_gsm7_and_no_carrier_filters_it(name: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(st.fixed_dictionaries(arguments_of(name)))
    def holds(arguments: dict[str, Any]) -> None:
        made = sentences()[name](**arguments)
        for text in made if isinstance(made, list) else [made]:
            cut = plan(text)
            assert (cut.coding, len(cut.parts)) == (Coding.GSM7, 1), text
            assert lint(text) == (), text
            assert text.strip() == text
            assert text

    holds()


@given(names, requests(), codes)
@settings(max_examples=200, deadline=None)
def test_a_request_always_says_who_what_when_and_how_to_answer(
    name: str, asked: texts.Asked, code: str
) -> None:
    text = texts.approval_request(name, asked, code)
    assert texts.short_name(name) in text
    assert texts.asked_words(asked) in text
    assert f"YA {code}" in text
    assert f"TIDAK {code}" in text


@given(names, requests(), codes)
@settings(max_examples=200, deadline=None)
def test_an_echo_always_says_how_to_undo_it(name: str, asked: texts.Asked, code: str) -> None:
    for text in (
        texts.echo_agreed(name, asked, code),
        texts.echo_refused(name, asked, code, has_reason=False),
        texts.echo_postponed(name, asked, code),
    ):
        assert f"BATAL {code}" in text
        assert texts.short_name(name) in text


@given(names, requests(), codes, st.integers(0, 200))
@settings(max_examples=100, deadline=None)
def test_the_reason_is_the_first_to_go_and_goes_whole(
    name: str, asked: texts.Asked, code: str, length: int
) -> None:
    reason = "x" * length
    longer = texts.Asked(
        CaseKind.ANNUAL, asked.start, asked.end, asked.time_from, asked.time_to, reason
    )
    text = texts.approval_request(name, longer, code)
    assert length == 0 or reason in text or "x" not in text.replace(texts.short_name(name), "")


def test_an_illness_is_only_ever_called_sakit() -> None:
    asked = texts.Asked(CaseKind.SICK, date(2026, 12, 7), date(2026, 12, 7), reason="diare")
    assert "diare" not in texts.approval_request("Budi", asked, "27")


def test_a_name_that_carriers_filter_drops_no_field_for_it() -> None:
    asked = texts.Asked(CaseKind.ANNUAL, date(2026, 12, 7), None, reason="acara keluarga")
    text = texts.approval_request("Selamat Riyadi", asked, "27")
    assert "acara keluarga" in text
    assert "Selamat Riyadi" in text


def test_what_a_carrier_would_filter_in_a_reason_is_left_out() -> None:
    asked = texts.Asked(CaseKind.ANNUAL, date(2026, 12, 7), None, reason="nomor surat 800123")
    assert texts.approval_request("Budi", asked, "27") == (
        "Budi mohon cuti tahunan mulai 7 Des. Balas YA 27 atau TIDAK 27 + alasan."
    )


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Nur’aini – “cuti”…", 'Nur\'aini - "cuti"...'),
        ("café", "café"),
        ("naïve çedilla Ÿ", "naive cedilla Y"),
        ("baik 🙏 terima kasih", "baik  terima kasih"),
        ("東京", "??"),
    ],
)
def test_letters_outside_gsm7_are_written_plainly(written: str, sent: str) -> None:
    assert transliterate(written)[0] == sent
