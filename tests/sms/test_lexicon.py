"""The word lists: BKD extends them without code, and a slip in them is named at the start."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sms.grammar.lexicon import load
from sms.grammar.normalise import tokens_of
from sms.grammar.wordlists import WORDS, LexiconError


def _lists_with(tmp_path: Path, extra: str) -> Path:
    folder = tmp_path / "words"
    shutil.copytree(WORDS, folder)
    (folder / "zz_extra.toml").write_text(extra, encoding="utf-8")
    return folder


def test_a_new_word_needs_no_code(tmp_path: Path) -> None:
    lists = load(_lists_with(tmp_path, '[spelling]\nbesok = "kaisukan"\n'))

    assert [t.word for t in lists.canonical(tokens_of("kaisukan"))] == ["besok"]


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ('[spelling]\nbesok = "bsk"', "'bsk' = 'besok' stands twice"),
        ('[spelling]\nlusa = "bsk"', "'bsk' = 'lusa' stands as 'besok' too"),
        ('[spelling]\nlusa = "setuju"', "setuju"),
        ('[phrases]\nyes = ["tolak"]', "'tolak' is both 'yes' and 'no'"),
        ('[phrases]\nno = ["silakan"]', "'silakan' is both 'yes' and 'no'"),
        ('[phrases]\nsick = ["demam"]', "'demam' stands twice under 'sick'"),
        ('[phrases]\nsick = "demam"', "phrases of 'sick' must be a list"),
        ('[ordinary]\nwords = "bsk"', "'bsk' is ordinary and also means 'besok'"),
        ("[spelling\n", "zz_extra.toml"),
    ],
)
def test_a_duplicate_or_contradiction_is_named(tmp_path: Path, extra: str, named: str) -> None:
    with pytest.raises(LexiconError) as fault:
        load(_lists_with(tmp_path, extra))

    assert named in str(fault.value)
    assert "zz_extra.toml" in str(fault.value) or "both" in str(fault.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    extra = '[spelling]\nlusa = "bsk"\n[phrases]\nyes = ["tolak"]\n'

    with pytest.raises(LexiconError) as fault:
        load(_lists_with(tmp_path, extra))

    assert "bsk" in str(fault.value) and "tolak" in str(fault.value)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("tahuunan", "tahunan"),  # doubled
        ("desembr", "desember"),  # dropped
        ("desmeber", "desember"),  # swapped
        ("februsri", "februari"),  # the neighbouring key
        ("okeeee", "ok"),
        ("cutinya", "cuti"),
    ],
)
def test_a_near_miss_of_one_word_is_that_word(typed: str, read: str) -> None:
    (token,) = load().canonical(tokens_of(typed))

    assert token.word == read


@pytest.mark.parametrize("typed", ["sulit", "saket2an", "selasih", "tunas", "solak", "bulih2"])
def test_a_word_as_near_to_another_one_stays_unread(typed: str) -> None:
    words = [t.word for t in load().canonical(tokens_of(typed))]

    assert not {"sakit", "selasa", "tunda", "tolak", "setuju"} & set(words)
