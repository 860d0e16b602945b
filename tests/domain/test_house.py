"""House rule: the rules of Hadir stand on the standard library and on themselves."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import domain

FOLDER = Path(domain.__file__).parent


def _imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def test_the_rules_import_the_standard_library_and_themselves_only():
    allowed = sys.stdlib_module_names | {"domain"}
    strangers = {path.name: _imported_by(path) - allowed for path in FOLDER.rglob("*.py")}
    assert {name: found for name, found in strangers.items() if found} == {}


def test_the_rules_never_look_at_a_clock():
    for path in FOLDER.rglob("*.py"):
        source = path.read_text()
        assert ".now(" not in source and ".today(" not in source, path.name
