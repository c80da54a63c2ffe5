"""`paper`: forms, notices and letters of a case as PDF, and the service record that a scanned code finds."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import As, At, Db, Json, emit, fail, out, write_private
from tenprint.cli.opening import Ori, Tcn, opened, stated

if TYPE_CHECKING:
    from tenprint.cases import Case
    from tenprint.cases.card.events import PaperMade

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Papers that somebody is handed: forms, notices, letters; and the service of a scanned code.",
)


@app.callback()
def group() -> None:
    """Papers that somebody is handed: forms, notices, letters; and the service of a scanned code."""


@app.command()
def make(
    tcn: Tcn,
    kind: Annotated[str, typer.Option("--kind", help="Such as i-247, notice, release-notice; or a form version.")],
    file: Annotated[Path, typer.Option("--out", help="The PDF to write.", show_default=False)],
    db: Db,
    name: As,
    language: Annotated[str, typer.Option("--language", help="Code or English name, such as es.")] = "en",
    request: Annotated[
        int | None, typer.Option("--request", help="Number of the request; default: the latest.")
    ] = None,
    at: At = None,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """Print a paper: SYNTHETIC on every page, readable by a screen reader, with the code of this copy to scan.

    Each copy is recorded: `jail serve --paper CODE` says that it was handed over.

    Example: tenprint paper make TCN --kind notice --language es --out notice.pdf --db county.db --as jane
    """
    from tenprint.cases.card.commands import MakePaper
    from tenprint.cases.card.paper import next_copy
    from tenprint.papers import PaperError, code_line, compose, content_hash, language_of, pdf

    with opened(db) as exchange:
        case = exchange.case(tcn, ori)
        act = exchange.act(name, MakePaper, stated(exchange, at, tcn=tcn, ori=ori))
        try:
            made = compose(case, kind, language_of(language), exchange.zone(case) or "UTC", request)
            words = content_hash(made)
            copy = next_copy(case, words)
            content = pdf(made, number=len(case.papers) + 1, copy=copy)
        except PaperError as wrong:
            fail(str(wrong))
        command = MakePaper(
            what=made.kind, language=made.language, copy=copy, content=words,
            file=hashlib.sha256(content).hexdigest(), request=made.request,
        )  # fmt: skip
        write_private(file, content)
        exchange.do(tcn, command, act, ori=ori)
        code = exchange.case(tcn, ori).papers[-1].code
    told = {"file": str(file), "kind": made.kind, "language": made.language, "copy": copy, "code": code,
            "scans_as": code_line(tcn, code), "content_sha256": words, "sha256": command.file}  # fmt: skip
    if json:
        emit(told)
    else:
        out.print(f"{file}: {made.title} ({made.language}), copy {copy}. Its code: {code}", markup=False)


@app.command("list")
def listed(tcn: Tcn, db: Db, ori: Ori = None, json: Json = False) -> None:
    """The papers printed in a case, and which of them were handed over.

    Example: tenprint paper list TCN --db county.db
    """
    with opened(db) as exchange:
        case = exchange.case(tcn, ori)
        rows = [record_of(case, p) for p in case.papers]
    if json:
        emit(rows)
        return
    for row in rows:
        out.print(_line(row), markup=False)
    if not rows:
        out.print(f"{tcn}: no paper was printed.")


@app.command()
def find(
    code: Annotated[str, typer.Argument(help="What the square of a paper says, as scanned.", show_default=False)],
    db: Db,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """The service record of a scanned code: which paper it is, and when it was handed over.

    Example: tenprint paper find "TENPRINT PAPER TCN 1.1.es.0123456789abcdef" --db county.db
    """
    from tenprint.cases.card.paper import find as found_by

    words = code.split()
    if len(words) != 4 or words[:2] != ["TENPRINT", "PAPER"]:
        fail(f"expected what the square of a paper says (TENPRINT PAPER, control number, code), got {code!r}")
    with opened(db) as exchange:
        case = exchange.case(words[2], ori)
        found = found_by(case, code)
        if found is None:
            fail(f"no paper of case {words[2]} has the code {words[3]}: it was not printed here")
        row = record_of(case, found)
    if json:
        emit(row)
    else:
        out.print(_line(row), markup=False)


def record_of(case: Case, paper: PaperMade) -> dict[str, object]:
    """A printed paper, and who handed it over when."""
    served = next((d for d in case.detainers if d.paper == paper.number), None)
    return {
        "number": paper.number,
        "kind": paper.what,
        "language": paper.language,
        "copy": paper.copy,
        "code": paper.code,
        "request": paper.request,
        "made_at": paper.made_at,
        "content_sha256": paper.content,
        "sha256": paper.file,
        "served_at": served.served_at if served else None,
        "handed_by": served.handed_by if served else None,
    }


def _line(row: dict[str, object]) -> str:
    served = (
        f"handed over {row['served_at']} by {row['handed_by']}" if row["served_at"] else "not recorded as handed over"
    )
    return f"{row['number']}  {row['kind']} ({row['language']}), copy {row['copy']}  {row['code']}  {served}"
