"""The reference of every command, from the commands' own help."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import typer.main


def pages() -> dict[str, str]:
    """One page a group under ``docs/reference/commands``, and their list."""
    os.environ["COLUMNS"] = "100"
    from tenprint.cli.app import COMMANDS, GROUPS, app

    root = typer.main.get_command(app)
    rows = [f"| [`{name}`]({name}.md) | {text} |" for name, text in GROUPS.items()]
    rows += [f"| [`{name}`](exchange.md#tenprint-{name}) | {text} |" for name, (_, text) in COMMANDS.items()]
    made = {
        "docs/reference/commands/README.md": "# Commands\n\nExit codes: 0 good, 1 findings, 2 unusable input or "
        "arguments, 70 our own crash. `--json` prints data.\n\n| command | does |\n|---|---|\n" + "\n".join(rows) + "\n"
    }
    for name in GROUPS:
        made[f"docs/reference/commands/{name}.md"] = _page(name, root.get_command(None, name))  # type: ignore[attr-defined]
    single = [_section(name, root.get_command(None, name)) for name in COMMANDS]  # type: ignore[attr-defined]
    made["docs/reference/commands/exchange.md"] = "# Commands on an exchange, and the demo\n\n" + "\n".join(single)
    return made


def _page(name: str, command: Any) -> str:
    return f"# `tenprint {name}`\n\n" + "\n".join(_section(path, inner) for path, inner in _leaves(name, command))


def _leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _leaves(f"{path} {name}", inner)
    else:
        yield path, command


def _section(path: str, command: Any) -> str:
    """The command's own words and its options, as a table."""
    text = "\n\n".join(
        " ".join(p.split()) if not p.lstrip().startswith("Example") else _example(p)
        for p in (command.help or "").strip().split("\n\n")
    )
    rows = []
    for parameter in command.params:
        names = ", ".join(f"`{n}`" for n in (*parameter.opts, *parameter.secondary_opts))
        if parameter.param_type_name == "argument":
            names = f"`{parameter.name.upper()}`"
        says = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
        rows.append(f"| {names} | {'required' if parameter.required else ''} | {says} |")
    table = "\n| argument or option | | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
    return f"## tenprint {path}\n\n{text}\n{table}"


def _example(text: str) -> str:
    head, _, rest = text.strip().partition(":")
    return f"{head}:\n\n```sh\n" + "\n".join(line.strip() for line in rest.strip().splitlines()) + "\n```"
