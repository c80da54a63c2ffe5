"""Write the generated pages, or check that they are current and that every link and command in the docs exists.

    python tools/docs.py            write the generated pages
    python tools/docs.py --check    exit 1 when a page is stale, a link is dead or an example names an unknown command

A generator is a module of this folder with a function ``pages() -> dict[str, str]``: path from the root of the
repository to the text that must stand there.
"""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```(?:sh|console|bash)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def generated() -> dict[str, str]:
    """Every page that a generator of this folder makes."""
    made: dict[str, str] = {}
    for file in sorted((ROOT / "tools").glob("*.py")):
        if "def pages(" in file.read_text() and file.stem != "docs":
            made |= importlib.import_module(f"tools.{file.stem}").pages()
    return made


def stale(pages: dict[str, str]) -> list[str]:
    """Pages that do not say what their generator says now."""
    return [
        f"{path}: stale; run `python tools/docs.py`"
        for path, text in pages.items()
        if not (ROOT / path).exists() or (ROOT / path).read_text() != text
    ]


def documents() -> list[Path]:
    """README, changelog and everything under docs."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def dead_links() -> list[str]:
    """Relative links that lead nowhere."""
    links = [(page, target) for page in documents() for target in LINK.findall(page.read_text())]
    return [
        f"{page.relative_to(ROOT)}: dead link {target}"
        for page, target in links
        if not target.startswith(("http:", "https:", "mailto:")) and not (page.parent / target).exists()
    ]


def unknown_commands() -> list[str]:
    """Examples in the docs that name a command or an option that does not exist."""
    import typer.main

    from tenprint.cli.app import app

    root = typer.main.get_command(app)
    problems = []
    for page in documents():
        for block in FENCE.findall(page.read_text()):
            for line in re.sub(r"\\\n\s*", " ", block).splitlines():
                words = line.strip().removeprefix("$ ")
                if words.startswith(("tenprint ", ".venv/bin/tenprint ")):
                    wrong = _wrong(root, shlex.split(words, comments=True)[1:])
                    if wrong:
                        problems.append(f"{page.relative_to(ROOT)}: `{words}`: {wrong}")
    return problems


def _wrong(command: Any, words: list[str]) -> str | None:
    """What is wrong with an example, or nothing."""
    rest = list(words)
    while hasattr(command, "get_command") and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        inner = command.get_command(None, name)
        if inner is None:
            return f"no command {name!r}"
        command = inner
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for word in rest:
        if word in {"|", ">", "&&", ";", "||"}:
            break
        if word.startswith("--") and word.split("=")[0] not in known | {"--help"}:
            return f"no option {word}"
    return None


def main() -> int:
    """Write or check; the exit code says whether anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something is wrong")
    pages = generated()
    if not parser.parse_args().check:
        for path, text in pages.items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text)
        print(f"{len(pages)} pages written")
        return 0
    problems = stale(pages) + dead_links() + unknown_commands()
    for problem in problems:
        print(problem)
    print(f"{len(pages)} generated pages, {len(documents())} documents, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
