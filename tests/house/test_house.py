"""Rules of the house that a machine can hold."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src" / "tenprint").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
WHOLE = {"src/tenprint/proof/verify.py"}
"""Longer on purpose: a stranger takes this one file away and needs nothing else."""
ROOMS = (
    *("wsq", "itl", "finger", "law", "proof", "ledger", "cases", "exchange"),
    *("facts", "figures", "nation", "monitor", "desk", "cli"),
)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_file_has_one_subject_and_stays_readable(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "a module opens by saying what it is for"
    assert relative(path) in WHOLE or len(path.read_text().splitlines()) <= 450, "split it: a file has one subject"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    assert ast.get_docstring(ast.parse((ROOT / "src" / "tenprint" / room / "__init__.py").read_text()))


SAYS_WHAT_HOLDS = {"raises", "fail", "then", "refused", "so"}
"""Calls that fail a test: pytest's own, and the last words of a given / when / then."""


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions of a test file, and those it imports from other files of the tests."""
    found = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tests."):
            source = ROOT / (node.module.replace(".", "/") + ".py")
            if source.exists():
                theirs = functions_of(ast.parse(source.read_text()))
                found |= {alias.name: theirs[alias.name] for alias in node.names if alias.name in theirs}
    return found


def can_fail(function: ast.FunctionDef, known: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()) -> bool:
    """Whether something in a function, or in a function it calls, asserts."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAYS_WHAT_HOLDS or name.startswith(("assert_", "check_", "expect_")):
                return True
            if name in known and name not in seen and can_fail(known[name], known, seen | {name}):
                return True
    return False


@pytest.mark.parametrize("path", TESTS, ids=relative)
def test_every_test_can_fail(path: Path) -> None:
    known = functions_of(ast.parse(path.read_text()))
    empty = [name for name, node in known.items() if name.startswith("test_") and not can_fail(node, known)]
    assert not empty, f"these tests assert nothing: {empty}"


def test_the_lock_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|--index-url|--find-links", lock)


def test_the_lock_has_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    wanted += [d for extra in project["project"]["optional-dependencies"].values() for d in extra]
    names = {re.split(r"[\[>=<~! ]", d)[0].lower().replace("_", "-") for d in wanted}
    locked = {
        line.split("==")[0].lower() for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line
    }
    assert names <= locked


def test_race_has_no_field_where_decisions_are_made() -> None:
    """No event, no case and no fact has a field for race or ethnicity: EBTS 2.025 stays in the card."""
    from tenprint.cases.card import events

    fields = {f for kind in events.event_types() for f in kind.__struct_fields__}
    fields |= set(events.Personal.__struct_fields__) | set(events.Charge.__struct_fields__)
    assert "tcn" in fields
    assert not [f for f in fields if re.search(r"(^|_)race|ethnic|^rac$", f)]
