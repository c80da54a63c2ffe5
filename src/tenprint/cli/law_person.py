"""Whose facts a question of the law is about: a file, or a person of an exchange by control number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tenprint.cli.common import fail

Whose = Annotated[
    str,
    typer.Argument(
        metavar="FACTS.json|TCN",
        help="Facts of one person in a file, an object by fact name; or a control number of the exchange of --db.",
    ),
]
PersonDb = Annotated[
    str | None,
    typer.Option(
        "--db",
        envvar="TENPRINT_DB",
        help="The exchange that knows the person or has rows of its own.",
        show_default=False,
    ),
]


def facts_of_person(whose: str, db: str | None, ori: str | None) -> dict[str, object]:
    """The facts of a file; or of a person of the exchange, as they are known now, on their last day in custody.

    So one person can be run through the law of any day: the person stays who they were, and the law changes.

    Args:
        whose: A path, or a control number.
        db: The exchange, when it is a control number.
        ori: The submitting agency, when two use the same number.
    """
    path = Path(whose)
    if path.exists() or path.suffix == ".json":
        return facts_of_file(path)
    if db is None:
        fail(f"{whose}: no such file; for a control number of an exchange say which: --db county.db")
    return _of_exchange(whose, db, ori)


def facts_of_file(path: Path) -> dict[str, object]:
    """The facts of one person in a JSON file."""
    try:
        data = msgspec.json.decode(path.read_bytes())
    except OSError as wrong:
        fail(f"{path}: cannot be read ({wrong.strerror}); give a JSON file with the facts of one person")
    except msgspec.DecodeError as wrong:
        fail(f"{path}: not JSON: {wrong}")
    if not isinstance(data, dict):
        fail(f"{path}: expected an object of facts by name, got a {type(data).__name__}; see `tenprint law facts`")
    return data


def _of_exchange(tcn: str, db: str, ori: str | None) -> dict[str, object]:
    from tenprint.cases.card.facts import facts_of
    from tenprint.cli.opening import opened
    from tenprint.exchange.custodies import Surroundings

    with opened(db) as exchange:
        stream = exchange.stream_of(tcn, ori)
        with exchange.reading() as connection:
            known = Surroundings(exchange.ledger, connection, stream)
    case, others = known.case, (*known.around.custody, *known.around.elsewhere)
    newest = known.around.known_at or datetime.now(UTC)
    day = newest.date() if case.left_at is None else case.left_at.date() - timedelta(days=1)
    return facts_of(case, day, others)
