"""`completion`: commands, their commands and their options completed by the Tab key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

SCRIPTS = {
    "bash": """_tenprint() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <("$1" completion bash --words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _tenprint tenprint
""",
    "zsh": """#compdef tenprint
_tenprint() {
    local -a found
    found=(${(f)"$("$words[1]" completion zsh --words -- "${(@)words[2,$CURRENT]}" 2>/dev/null)"})
    if (( $#found )); then compadd -a found; else _files; fi
}
compdef _tenprint tenprint
""",
    "fish": """function __tenprint
    tenprint completion fish --words -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null
end
complete -c tenprint -a '(__tenprint)'
""",
}  # fmt: skip


@app.command()
def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="Your shell.", show_default=False)],
    typed: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    words: Annotated[bool, typer.Option("--words", hidden=True)] = False,
) -> None:
    """Print what makes the Tab key complete commands and options in your shell. Files are completed as ever.

    bash: tenprint completion bash > ~/.local/share/bash-completion/completions/tenprint
    zsh: tenprint completion zsh > a file named _tenprint in a folder of $fpath
    fish: tenprint completion fish > ~/.config/fish/completions/tenprint.fish

    Example: tenprint completion bash
    """
    if words:
        typer.echo("\n".join(candidates(typed or [""])))
    else:
        typer.echo(SCRIPTS[shell], nl=False)


def candidates(typed: Sequence[str]) -> list[str]:
    """What may stand where the last word is.

    Args:
        typed: Words after ``tenprint``; the last one is begun, and may be empty.
    """
    from tenprint.cli.app import app as root

    *before, begun = typed
    command: Any = typer.main.get_command(root)
    for word in before:
        found = command.get_command(None, word) if hasattr(command, "get_command") else None
        command = found or command
    if begun.startswith("-"):
        names = [o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("--")]
        names = [*dict.fromkeys(names), "--help"]
    else:
        names = command.list_commands(None) if hasattr(command, "list_commands") else []
    return [name for name in dict.fromkeys(names) if name.startswith(begun)]
