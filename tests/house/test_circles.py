"""No two files of the house import each other, straight or round about, wherever in a file the import stands."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"


def imports_of(root: Path, package: str) -> dict[str, set[str]]:
    """Modules of a package with the modules of it that they import."""
    files: dict[str, Path] = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return {name: imported(path, name, set(files)) - {name} for name, path in files.items()}


def imported(path: Path, name: str, modules: set[str]) -> set[str]:
    """What a file imports; of ``from package import name``, the module of that name where there is one."""
    home = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = home[: len(home) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            inside = {f"{module}.{alias.name}" for alias in node.names}
            found |= inside & modules or {module}
            found |= {module} if inside - modules else set()
    return found & modules


def circle(imports: dict[str, set[str]]) -> list[str]:
    """The modules of one circle; nothing when there is none."""
    try:
        tuple(TopologicalSorter(imports).static_order())
    except CycleError as found:
        return list(found.args[1])
    return []


def test_no_circle_of_files_in_the_house() -> None:
    assert circle(imports_of(SRC, "tenprint")) == []


@pytest.mark.parametrize(
    "back",
    [
        "from pack.one import a",
        "def later():\n    from pack import one\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .one import a\n",
    ],
    ids=["at-the-top", "in-a-function", "for-typing-alone"],
)
def test_a_circle_is_found_wherever_the_import_stands(tmp_path: Path, back: str) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "__init__.py").write_text("from pack.one import a\n")
    (pack / "one.py").write_text("from pack import two\na = 1\n")
    (pack / "two.py").write_text("from pack.three import b\n")
    (pack / "three.py").write_text("b = 1\n")
    assert circle(imports_of(tmp_path, "pack")) == []
    (pack / "three.py").write_text(f"{back}\nb = 1\n")
    assert {"pack.one", "pack.two", "pack.three"} <= set(circle(imports_of(tmp_path, "pack")))
