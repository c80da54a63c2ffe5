"""The command ``tenprint``: finds the module of a command group, runs it, turns refusals into messages.

Groups are imported only when asked for, so ``tenprint --help`` answers at once.
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from tenprint import __version__
from tenprint.cli.common import CRASH, Refused, err

GROUPS: dict[str, str] = {
    # name: one line of help. The module is tenprint.cli.<name>, its typer application is called `app`.
    "agency": "booking agencies: county, clock, activation",
    "jurisdiction": "a county's way into the program and its request to stay out; what it can do today",
    "account": "people sign in: invited, accepted, suspended",
    "door": "machines that hand cards in: keys, watched folders",
    "principal": "the named people who may act, and their roles",
    "examine": "the examiner's queue: close calls below the threshold, and what people conclude from the prints",
    "center": "the support center: status queries and their answers",
    "office": "the field office: what is permitted, what is chosen, what is sent",
    "jail": "the jail: a request acknowledged, served or declined; a hold started and ended",
    "custody": "presence, authority and their difference; one person's cards",
    "paper": "forms, notices and letters as PDF; the service record of a scanned code",
    "case": "late facts, charges, convictions, proceedings, outcome; the history of a case",
    "card": "ANSI/NIST transactions: show, check, images, roundtrip, make, diff, redact",
    "finger": "minutiae, comparison of two fingers, accuracy on a data set",
    "law": "the law of a day, evaluations with their trace, deadlines of holds",
    "ledger": "checkpoints, proofs, verification, backups",
    "facts": "de-identified tables of facts, from a ledger or from released files",
    "monitor": "the quarterly review of counties and agencies; every flag a case that somebody answers",
    "complaint": "complaints to the rights office: taken in, answered, proved; the pages for them",
    "figures": "figures with definitions, vintages, differences and receipts",
}
"""Command groups: ``tenprint card show F``."""

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module, one line of help). The module holds a typer application `app` with a command of that name.
    "demo": ("demo", "a synthetic county, end to end: what happened to each person, and what is checked"),
    "init": ("exchange", "a new exchange, whose first administrator you are"),
    "serve": ("serve", "the desks of an exchange, in a browser: people sign in and act as themselves"),
    "login": ("login", "sign in on a ledger that believes no name"),
    "logout": ("login", "end your session"),
    "enrol": ("exchange", "prints of an earlier encounter into one identification system"),
    "submit": ("exchange", "cards down the road: searches, gate, answers"),
    "status": ("exchange", "where a card stands, in words"),
    "expunge": ("exchange", "what is known of one person is destroyed, on an order; that it was stays on record"),
    "resume": ("exchange", "finish what a crash left over"),
    "receipt": ("receipt", "a signed proof, for the agency, that its card was taken in"),
    "outbox": ("exchange", "answers on their way"),
    "claim": ("desks", "citizen, victim, witness, wrong person: a request to hold is withdrawn at once"),
    "correct": ("desks", "corrections, one or a batch"),
    "holds": ("desks", "everybody past a release moment, with the end of authority"),
    "owed": ("desks", "what is owed, by whom, until when: one docket for every role"),
    "reads": ("reads", "who looked at whom at the desks, why and when; glasses broken in an emergency"),
    "watch": ("desks", "proof that nobody is present without authority in silence"),
    "completion": ("completion", "the Tab key completes commands and options in your shell"),
}
"""Commands without a group: ``tenprint submit F``."""


class Rooms(TyperGroup):
    """Looks a command up in the tables above and imports its module only then."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Names in the order of the tables."""
        return [*COMMANDS, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command itself, imported now."""
        if cmd_name in GROUPS:
            return _plain(typer.main.get_command(_module(cmd_name).app))
        if cmd_name in COMMANDS:
            module = typer.main.get_command(_module(COMMANDS[cmd_name][0]).app)
            return _plain(module.commands[cmd_name] if isinstance(module, TyperGroup) else module)
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of the first word; a word that is none is told with what was probably meant."""
        word = args[0]
        if not word.startswith("-") and word not in COMMANDS and word not in GROUPS:
            meant = meant_by(word)
            said = f" Did you mean: {', '.join(f'tenprint {name}' for name in meant)}?" if meant else ""
            ctx.fail(f"No such command {word!r}.{said} All: tenprint --help")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """One line a command, from the tables: nothing is imported."""
        rows = [(name, text) for name, (_, text) in COMMANDS.items()] + list(GROUPS.items())
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def meant_by(word: str) -> list[str]:
    """Commands that somebody probably meant: those of groups that are called so, then names that are alike."""
    typed = word.lower()
    inner: dict[str, str] = {}
    for group in GROUPS:
        names = [c.name or getattr(c.callback, "__name__", "") for c in _module(group).app.registered_commands]
        inner |= {f"{group} {name}": name for name in names}
    same = [whole for whole, name in inner.items() if name == typed]
    near = difflib.get_close_matches(typed, [*COMMANDS, *GROUPS], n=2, cutoff=0.7)
    alike = difflib.get_close_matches(typed, set(inner.values()), n=1, cutoff=0.8)
    return [*same, *near, *(whole for whole, name in inner.items() if name in alike and whole not in same)][:4]


def _plain(command: Any) -> Any:
    """The command with help in plain text: it reads the same in a terminal, a pipe and the reference."""
    command.rich_markup_mode = None
    command.params = [p for p in command.params if p.name not in {"install_completion", "show_completion"}]
    for inner in getattr(command, "commands", {}).values():
        _plain(inner)
    return command


def _module(name: str) -> Any:
    return importlib.import_module(f"tenprint.cli.{name}")


app = typer.Typer(
    cls=Rooms,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"tenprint {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """An arrest-to-decision fingerprint exchange that answers for itself. Everyone in it is synthetic.

    Example: tenprint demo --dir demo
    """


def main() -> None:
    """Run the command line; every ending has its exit code."""
    try:
        app()
    except Refused as refusal:
        err.print(f"tenprint: {refusal}", markup=False)
        sys.exit(refusal.code)
    except BrokenPipeError:
        os._exit(0)
    except Exception:  # noqa: BLE001 - the outermost frame: whatever is left is ours, and is shown
        traceback.print_exc()
        err.print("tenprint: this is our fault, not yours. Please report the lines above.", markup=False)
        sys.exit(CRASH)
