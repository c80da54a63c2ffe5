"""``tenprint receipt``: what the agency that handed a card in keeps, a proof that it was taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import Db, err, fail, to_json, write_private
from tenprint.cli.opening import Ori, Tcn, opened

if TYPE_CHECKING:
    from tenprint.exchange import Exchange, SubmissionResult

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.command()
def receipt(
    tcn: Tcn,
    db: Db,
    ori: Ori = None,
    out_file: Annotated[Path | None, typer.Option("--out", help="File; default: standard output.")] = None,
) -> None:
    """What the agency that handed a card in keeps: a proof that it was taken in, under a signed checkpoint.

    `python verify.py FILE --key KEY` checks it without this exchange and prints the SHA-256 of the card's bytes.

    Example: tenprint receipt TXSYN4530-20121109-0001 --db county.db --out card.receipt.json
    """
    with opened(db) as exchange:
        content = _content(exchange, exchange.stream_of(tcn, ori))
    if out_file is None:
        typer.echo(content, nl=False)
        return
    try:
        write_private(out_file, content)
    except OSError as error:
        fail(f"{out_file}: cannot be written ({error.strerror}). Choose another place.")


def keep(exchange: Exchange, row: SubmissionResult, folder: Path) -> None:
    """Write the receipt of a card that was just taken in; one that cannot be written is told, and asked for again."""
    from tenprint.exchange import outbox

    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / f"{outbox.stem(row.tcn)}.receipt.json", _content(exchange, row.stream))
    except OSError as error:
        said = f"receipt not written ({error.strerror}); `tenprint receipt {row.tcn}` gives it again"
        err.print(f"tenprint: {row.file}: {said}", markup=False)


def _content(exchange: Exchange, stream: str) -> bytes:
    from tenprint.exchange import receipt as made

    return f"{to_json(made.receipt(exchange, stream))}\n".encode()
