from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tenprint.exchange

SYSTEMS = ("bureau", "criminal", "immigration", "center", "office", "jail", "rights")
FOLDER = Path(tenprint.exchange.__file__).parent


def imported(system: str) -> set[str]:
    """Parts of the exchange that a system (a module or a folder of them) imports, itself left out."""
    files = [FOLDER / f"{system}.py"] if (FOLDER / f"{system}.py").exists() else sorted((FOLDER / system).glob("*.py"))
    assert files, f"the exchange has no {system}"
    names: set[str] = set()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.ImportFrom) and node.module == "tenprint.exchange":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tenprint.exchange."):
            names.add((node.module or "").split(".")[2])
    return names - {system}


@pytest.mark.parametrize("system", SYSTEMS)
def test_systems_do_not_import_each_other(system: str) -> None:
    assert not imported(system) & set(SYSTEMS)
