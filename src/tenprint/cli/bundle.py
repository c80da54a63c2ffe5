"""`case bundle`: what counsel is handed, in one folder that can be checked without the exchange or a network."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from tenprint.cli.common import Db, Json, emit, fail, out, to_json, write_private
from tenprint.cli.opening import Ori, Tcn, opened

if TYPE_CHECKING:
    from tenprint.cases import Case
    from tenprint.exchange import Exchange

README = """SYNTHETIC: every person, place and number in this folder is made up.

What this folder holds about case {tcn}
  history.json   everything that happened, in order, with who did it and when
  custody.json   where the person was, what allowed it, and the minutes that nothing allowed
  law.json       for each request: the law of the place that day, and whether the form was in force
  papers/        each paper that was printed, made again from what was known then, and papers.json with who handed what
  proofs/        one proof for each entry of the case: it is on the ledger, as recorded
  ledger.key     the key that the ledger signs with; compare it with one that you were given another way
  verify.py      a program of one file that needs Python and the package cryptography, and no network

To check it
  sha256sum --check SHA256SUMS
  python verify.py --key ledger.key proofs/*.json

What this does not show: that nothing was left out of the ledger, and who somebody truly is.
Nothing here is legal advice.
"""


def bundle(
    tcn: Tcn,
    target: Annotated[Path, typer.Option("--out", help="A folder that does not exist yet.", show_default=False)],
    db: Db,
    ori: Ori = None,
    json: Json = False,
) -> None:
    """What counsel is handed: timelines, papers, law and proofs in one folder that verifies offline.

    Names that are sealed stay sealed. The folder is readable by its owner only.

    Example: tenprint case bundle TCN --out bundle --db county.db
    """
    if target.exists():
        fail(f"{target}: there is something already; name a folder that does not exist yet")
    with opened(db) as exchange:
        files = _files(exchange, tcn, ori)
    files["SHA256SUMS"] = "".join(f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files)).encode()
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, content)
    target.chmod(0o700)
    if json:
        emit({"folder": str(target), "files": sorted(files)})
    else:
        out.print(f"{target}: {len(files)} files about {tcn}; README.txt says how to check them", markup=False)


def _files(exchange: Exchange, tcn: str, ori: str | None) -> dict[str, bytes]:
    """Content of every file but the sums, by its name in the folder."""
    from tenprint.cli.custody import as_data
    from tenprint.exchange import views
    from tenprint.proof import verify

    stream = exchange.stream_of(tcn, ori)
    around = exchange.surroundings(stream)
    zone = ZoneInfo(around.zone or "UTC")
    now = exchange.ledger.now()
    history = [msgspec.to_builtins(line) for line in views.history(exchange, tcn, ori)]
    papers, printed = _papers(exchange, stream, zone.key)
    files: dict[str, Any] = {
        "history.json": history,
        "custody.json": {"tcn": tcn, "at": now.astimezone(zone).isoformat(), **as_data(around.whole, now, zone)},
        "law.json": _law(exchange, around.case),
        "papers/papers.json": papers,
    }
    for entry in exchange.ledger.stream(stream):
        files[f"proofs/{entry.seq:08}.json"] = exchange.ledger.prove(entry.seq)
    plain = {name: f"{to_json(data)}\n".encode() for name, data in files.items()}
    return {
        **plain,
        **printed,
        "README.txt": README.format(tcn=tcn).encode(),
        "ledger.key": f"{exchange.ledger.verifier}\n".encode(),
        "verify.py": Path(verify.__file__).read_bytes(),
    }


def _law(exchange: Exchange, case: Case) -> list[dict[str, Any]]:
    """For each request: what the law of the place said on its day, and how far each row was read."""
    from tenprint import law
    from tenprint.exchange import directory, local_law

    rows = (*law.place_rows(), *local_law.rows(exchange))
    told = []
    for request in case.detainers:
        issued = request.issued
        with exchange.reading() as connection:
            agency = directory.find_agency(connection, issued.recipient_ori)
        form = msgspec.to_builtins(law.form(request.form))
        line: dict[str, Any] = {"request": request.number, "form": form, "state": request.state, "may_hold": None}
        if agency is not None and agency.county and issued.issued_at is not None:
            on = issued.issued_at.astimezone(ZoneInfo(issued.zone)).date()
            place = law.place_of(agency.county, ori=agency.ori)
            line["may_hold"] = msgspec.to_builtins(law.may_hold(place, request.form, on=on, rows=rows))
        told.append(line)
    decided = [msgspec.to_builtins(d) for d in case.decisions]
    return [*told, *({"decision": d["version"], "regime": d["regime"], "trace": d["trace"]} for d in decided)]


def _papers(exchange: Exchange, stream: str, zone: str) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """The record of every printed paper, and each paper made again from the case as it stood when it was printed."""
    from tenprint.cases.card.events import PaperMade
    from tenprint.cases.card.evolve import fold
    from tenprint.cli.paper import record_of
    from tenprint.exchange.codec import CASES
    from tenprint.papers import compose, pdf

    events = [CASES.from_ledger(e) for e in exchange.ledger.stream(stream) if e.kind in CASES.kinds]
    whole = fold(tuple(events))
    records: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    for place, event in enumerate(events):
        if not isinstance(event, PaperMade):
            continue
        words = compose(fold(tuple(events[:place])), event.what, event.language, zone, event.request)
        content = pdf(words, number=event.number, copy=event.copy)
        same = hashlib.sha256(content).hexdigest() == event.file
        name = f"papers/{event.number:03}-{event.what}-{event.language}-copy-{event.copy}.pdf"
        files[name] = content
        records.append({**record_of(whole, event), "file": name, "same_bytes_as_printed": same})
    return records, files
