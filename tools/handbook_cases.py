"""Write the pages of the handbook on cases from their spec tests; ``--check`` says whether they are up to date.

Every test of ``tests/spec/cases`` is run; what it says as given, when and then becomes its section. So a page cannot
say what the program does not do.

    python tools/handbook_cases.py [--check]
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SPECS = ROOT / "tests" / "spec" / "cases"
PAGES = ROOT / "docs" / "handbook" / "cases"
NOTE = "<!-- Written by tools/handbook_cases.py from tests/spec/cases/{name}; do not edit. -->"


def load(path: Path) -> ModuleType:
    """A spec module by its file."""
    if str(SPECS) not in sys.path:
        sys.path.insert(0, str(SPECS))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"cannot read {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tests_of(module: ModuleType) -> Iterator[Callable[..., None]]:
    """The tests of a module in the order of the file."""
    found = [f for n, f in vars(module).items() if n.startswith("test_") and inspect.isfunction(f)]
    return iter(sorted(found, key=lambda f: f.__code__.co_firstlineno))


def variants(test: Callable[..., None]) -> list[dict[str, Any]]:
    """The arguments of a parametrized test; one empty set for another."""
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names, rows = mark.args
            keys = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names)
            return [dict(zip(keys, row if len(keys) > 1 else (row,), strict=True)) for row in rows]
    return [{}]


def told(test: Callable[..., None], arguments: dict[str, Any]) -> list[tuple[str, str]]:
    """The steps of one run."""
    from story import PlaceStory, Story  # type: ignore[import-not-found]  # found through load()

    name, kind = ("place", PlaceStory) if "place" in inspect.signature(test).parameters else ("story", Story)
    teller = kind()
    test(**{name: teller}, **arguments)
    return list(teller.lines)


def section(test: Callable[..., None]) -> str:
    """One test as a section."""
    title = test.__name__.removeprefix("test_").replace("_", " ").capitalize()
    parts = [f"## {title}", "", inspect.cleandoc(test.__doc__ or ""), ""]
    runs = [(arguments, told(test, arguments)) for arguments in variants(test)]
    before = ""
    for kind, text in runs[0][1]:
        word = {"given": "Given", "when": "When", "then": "Then"}[kind] if kind != before else "and"
        parts.append(f"- **{word}** {text}")
        before = kind
    if len(runs) > 1:
        parts += ["", "| With | Then |", "|---|---|"]
        for arguments, lines in runs:
            shown = ", ".join(f"{k} {_shown(v)}" for k, v in arguments.items())
            end = next((text for kind, text in reversed(lines) if kind == "then"), "as above")
            parts.append(f"| {shown} | {end} |".replace("\n", " "))
    return "\n".join(parts) + "\n"


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items()) or "as usual"
    if hasattr(value, "__struct_fields__"):
        given = {f: getattr(value, f) for f in value.__struct_fields__}
        return ", ".join(f"{k} {v}" for k, v in given.items() if v is not None)
    return str(value)


def pages() -> dict[Path, str]:
    """Every page with its text."""
    made: dict[Path, str] = {}
    index = [
        "# Cases",
        "",
        "What the program does with a case, told by tests that run. Every person and every name is synthetic.",
        "",
    ]
    for path in sorted(SPECS.glob("test_*.py")):
        module = load(path)
        doc = inspect.cleandoc(module.__doc__ or "")
        title = doc.split(":")[0].split(".")[0]
        name = path.stem.removeprefix("test_").split("_", 1)[1].replace("_", "-")
        body = [NOTE.format(name=path.name), f"# {title}", "", doc, ""]
        body += [section(test) for test in tests_of(module)]
        made[PAGES / f"{name}.md"] = "\n".join(body).rstrip() + "\n"
        index.append(f"- [{title}]({name}.md)")
    made[PAGES / "README.md"] = "\n".join([NOTE.format(name=""), *index]) + "\n"
    return made


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    made = pages()
    stale = [p for p, text in made.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the spec tests say: run python tools/handbook_cases.py")
        return 1 if stale else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in PAGES.glob("*.md"):
        if path not in made:
            path.unlink()
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(made)} pages in {PAGES.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
