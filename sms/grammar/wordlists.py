"""The word lists (daftar kata): read from words/*.toml and checked.

A file may hold
    [spelling]   canonical = "variant variant ..."        one word each way; dialects, typos, chat
    [phrases]    concept   = ["word word", "word .. word"] `..` skips up to three words
    [ordinary]   words     = "word word ..."               known words that mean nothing here
    [fuzzy]      words     = "word word ..."               canonical words that bear a near miss
    [careful]    words     = "word word ..."               words whose slips make a yes doubtful
    [telling]    words     = "word word ..."               words whose slips make a request doubtful
    [names]      words     = "word word ..."               names that look like slips; unknown words
    [skip]       words     = "word word ..."               words that may stand inside any phrase
BKD extends the files without touching code. Whatever is written twice or means two things is named
in one error when the lists are loaded.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).parent / "words"
_OPPOSITES = (("yes", "no"), ("yes", "objection"), ("postpone", "yes"), ("wish", "no"))
_Tables = Mapping[str, Mapping[str, Mapping[str, object]]]
"""Parsed files by name."""


class LexiconError(RuntimeError):
    """The word lists contradict themselves; the message names every fault."""


@dataclass(frozen=True)
class WordLists:
    """Everything the files hold: variants and phrases already in canonical words."""

    spelling: dict[str, tuple[str, ...]]
    phrases: dict[str, list[tuple[str, ...]]]
    ordinary: frozenset[str]
    fuzzy: frozenset[str]
    careful: frozenset[str]
    telling: frozenset[str]
    names: frozenset[str]
    skip: frozenset[str]


def load_lists(folder: Path | None = None) -> WordLists:
    """Read and check all word lists of a folder, else ours; LexiconError names every fault."""
    tables = {}
    for path in sorted((folder or WORDS).glob("*.toml")):
        try:
            tables[path.name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as fault:
            raise LexiconError(f"{path.name}: {fault}") from fault
    faults: list[str] = []
    spelling = _spelling(tables, faults)
    phrases = _phrases(tables, spelling, faults)
    for where, word in _words(tables, "ordinary"):
        if word in spelling and spelling[word] != (word,):
            faults.append(f"{where}: '{word}' is ordinary and also means '{spelling[word][0]}'")
    if faults:
        raise LexiconError("word lists: " + "; ".join(faults))

    def section(name: str) -> frozenset[str]:
        return frozenset(word for _, word in _words(tables, name))

    return WordLists(
        spelling,
        phrases,
        section("ordinary"),
        section("fuzzy"),
        section("careful"),
        section("telling"),
        section("names"),
        section("skip"),
    )


def _words(tables: _Tables, section: str) -> list[tuple[str, str]]:
    return [
        (name, word)
        for name, table in tables.items()
        for value in table.get(section, {}).values()
        for word in _split(value)
    ]


def _split(value: object) -> list[str]:
    """The words of an entry, each the one string of its spelling: equal words are found faster."""
    return [sys.intern(word) for word in str(value).split()]


def _spelling(tables: _Tables, faults: list[str]) -> dict[str, tuple[str, ...]]:
    spelling: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    for name, table in tables.items():
        for canonical, variants in table.get("spelling", {}).items():
            target = tuple(_split(canonical))
            for variant in _split(variants):
                if variant in spelling:
                    same = spelling[variant] == target
                    kind = "twice" if same else f"as '{' '.join(spelling[variant])}' too"
                    faults.append(
                        f"{name}: '{variant}' = '{canonical}' stands {kind} ({seen[variant]})"
                    )
                spelling[variant] = target
                seen[variant] = name
            if len(target) == 1:
                clash = spelling.get(canonical, target)
                if clash != target:
                    faults.append(f"{name}: '{canonical}' is a word and a variant of '{clash[0]}'")
                spelling[target[0]] = target
                seen.setdefault(canonical, name)
    return spelling


def _phrases(
    tables: _Tables,
    spelling: Mapping[str, tuple[str, ...]],
    faults: list[str],
) -> dict[str, list[tuple[str, ...]]]:
    phrases: dict[str, list[tuple[str, ...]]] = {}
    home: dict[tuple[str, tuple[str, ...]], str] = {}
    for name, table in tables.items():
        for concept, entries in table.get("phrases", {}).items():
            if not isinstance(entries, Iterable) or isinstance(entries, str):
                faults.append(f"{name}: phrases of '{concept}' must be a list")
                continue
            for entry in entries:
                pattern = tuple(
                    word for part in _split(entry) for word in spelling.get(part, (part,))
                )
                if (concept, pattern) in home:
                    faults.append(f"{name}: '{entry}' stands twice under '{concept}'")
                home[concept, pattern] = name
                phrases.setdefault(sys.intern(concept), []).append(pattern)
    for one, other in _OPPOSITES:
        for pattern in set(phrases.get(one, ())) & set(phrases.get(other, ())):
            faults.append(f"'{' '.join(pattern)}' is both '{one}' and '{other}'")
    return phrases
