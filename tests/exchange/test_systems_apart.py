from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tenprint.exchange

SYSTEMS = ("bureau", "criminal", "immigration", "center", "office", "jail", "rights")
FOLDER = Path(tenprint.exchange.__file__).parent


def imported(module: str) -> set[str]:
    """Modules of the exchange that this one imports when it runs."""
    tree = ast.parse((FOLDER / f"{module}.py").read_text())
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "tenprint.exchange":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tenprint.exchange."):
            names.add((node.module or "").split(".")[2])
    return names


@pytest.mark.parametrize("system", SYSTEMS)
def test_systems_do_not_import_each_other(system: str) -> None:
    assert not imported(system) & set(SYSTEMS)
