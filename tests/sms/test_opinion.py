"""The second opinion: it doubts a kind that the words do not go with, and leaves the rest alone."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from domain.cases import CaseKind
from sms.grammar import LexiconError, Question, Sender, read, second_opinion
from sms.grammar.opinion import Opinion, learn_from, words_of
from sms.grammar.reading import read_text
from tests.servers import PYTHON
from tests.sms.labelled import WITA, all_cases, lessons

NOW = datetime(2026, 12, 1, 9, tzinfo=WITA)


def is_clear_request(gold: dict[str, object]) -> bool:
    return gold["intent"] == "request" and gold["type"] is not None and not gold["must_ask"]


def taught_by(files: str, *, but: bool = False) -> Opinion:
    """Learned from the cases of files whose names begin so, or of all others."""
    cases = [case for case in all_cases() if case.where.startswith(files) is not but]
    return learn_from(json.loads(line) for line in lessons(cases))


def test_the_shipped_opinion_is_what_the_labelled_messages_teach() -> None:
    """After a change of word lists or cases: make opinion."""
    shipped, taught = (
        second_opinion(),
        learn_from(json.loads(line) for line in lessons(all_cases())),
    )
    assert shipped.kinds == taught.kinds
    assert shipped.weights.keys() == taught.weights.keys()
    for word, row in taught.weights.items():
        assert shipped.weights[word] == pytest.approx(row, abs=1), word


def test_it_rarely_doubts_what_it_has_not_seen_and_mostly_doubts_another_kind() -> None:
    """Learned without the sets that were written blind, asked about their clear requests."""
    taught = taught_by("blind", but=True)
    clear = [
        case
        for case in all_cases()
        if case.where.startswith("blind")
        and case.sender is Sender.EMPLOYEE
        and is_clear_request(case.gold)
    ]
    doubted = wrong = missed = 0
    for case in clear:
        said, own = words_of(read_text(case.text, case.now)), CaseKind(case.gold["type"])
        doubted += bool(taught.expected_instead(said, own))
        for kind in taught.kinds:
            if kind is not own:
                wrong += 1
                missed += not taught.expected_instead(said, kind)
    assert len(clear) > 400
    assert doubted / len(clear) < 0.02
    assert missed / wrong < 0.15


def test_words_it_never_saw_say_nothing() -> None:
    said = words_of(read_text("cuti tahunan besok", NOW))
    for kind in CaseKind:
        own = second_opinion().expected_instead(said, kind)
        assert second_opinion().expected_instead(said | {"zzqx", "wpfk"}, kind) == own


def lesson(text: str, kind: str) -> dict[str, str]:
    return {"text": text, "type": kind}


def test_a_request_whose_words_go_with_another_kind_is_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the lessons say that 'mancing' goes with maternity, a plain leave for it is doubted."""
    text = "cuti mancing tgl 7 desember"
    monkeypatch.setattr("sms.grammar.opinion.second_opinion", lambda: opinion_of("maternity"))
    meaning = read(text, NOW, Sender.EMPLOYEE, ())
    assert (meaning.must_ask, meaning.question, meaning.kind) == (True, Question.KIND, None)
    assert meaning.start == meaning.end == NOW.date().replace(day=7)


def opinion_of(kind: str) -> Opinion:
    own = [lesson("cuti tgl 7 desember", "annual"), lesson("cuti besok", "annual")]
    return learn_from([*own, *[lesson("cuti mancing tgl 7 desember", kind)] * 9] * 9)


def test_the_command_learns_and_names_a_bad_line() -> None:
    good = [lesson("cuti besok", "annual"), lesson("sakit hari ini", "sick")] * 2
    done = learned("\n".join(json.dumps(each) for each in good))
    assert json.loads(done.stdout)["kinds"] == ["annual", "sick"]
    for text in ('{"text": "cuti"}\n', '{"text": "cuti", "type": "tidur"}\n', ""):
        bad = learned(text)
        assert bad.returncode == 1 and "no labelled request" in bad.stderr


def test_a_damaged_opinion_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "opinion.json").write_text('{"kinds": ["annual"]')
    monkeypatch.setattr("sms.grammar.opinion.LEARNED", tmp_path / "opinion.json")
    with pytest.raises(LexiconError, match=r"opinion\.json.*make opinion"):
        second_opinion.__wrapped__()


def learned(text: str) -> subprocess.CompletedProcess[str]:
    command = [PYTHON, "-m", "flask", "sms", "learn"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)
