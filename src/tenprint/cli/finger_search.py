"""Slaps and searches at the command line: ``tenprint finger segment`` and ``search``."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenprint.cli.common import Json, emit, existing, fail, out, progress, write_private
from tenprint.cli.finger_inputs import CARDS, RECORDS, finger_of, noted

if TYPE_CHECKING:
    from tenprint.finger import Template

PICTURES = (".png", ".tif", ".tiff", ".bmp", ".jpg", ".jpeg", ".wsq", ".jp2")
Row = tuple[str, int | None, "Template"]


def segment(
    picture: Annotated[Path, typer.Argument(help="A slap: four fingers or two thumbs, tips up.", show_default=False)],
    into: Annotated[
        Path, typer.Option("--out", help="Folder for one PNG a finger; made when it is not there.", show_default=False)
    ],
    slap: Annotated[
        int | None,
        typer.Option(help="13 right four, 14 left four, 15 thumbs; default: told by the lengths of the outer fingers."),
    ] = None,
    missing: Annotated[list[int] | None, typer.Option(help="A position that the slap cannot show (amputated).")] = None,
    ppi: Annotated[float | None, typer.Option(help="Pixels per inch; default: the file's own, else 500.")] = None,
    json: Json = False,
) -> None:
    """Cut a slap into fingers, each a PNG named by its position (02.png); unnamed ones where a finger is missing.

    Example: tenprint finger segment slap.png --out fingers --slap 13
    """
    from PIL import Image

    from tenprint.finger import FingerError, read_image, ridges, segmentation

    try:
        pixels, own = read_image(existing(picture))
        told = ridges.resolution(pixels, own) if ppi is None else ppi
        found = segmentation.segment(pixels, told, slap, missing or ())
    except FingerError as error:
        fail(str(error) if str(picture) in str(error) else f"{picture}: {error}")
    if not found:
        fail(f"{picture}: no finger is seen in this picture")
    try:
        into.mkdir(parents=True, exist_ok=True)
        for number, one in enumerate(found, start=1):
            left, top, right, bottom = one.box
            name = f"{one.position:02d}.png" if one.position else f"unknown-{number}.png"
            held = io.BytesIO()
            Image.fromarray(pixels[top:bottom, left:right]).save(held, "PNG", dpi=(told, told))
            write_private(into / name, held.getvalue())
    except OSError as error:
        fail(f"{into}: cannot be written ({error.strerror}). Choose another place.")
    if json:
        emit([{"position": one.position, "box": list(one.box)} for one in found])
        return
    for number, one in enumerate(found, start=1):
        name = f"finger {one.position}" if one.position else f"finger {number} from the left, position unknown"
        out.print(f"{name}: left {one.box[0]}, top {one.box[1]}, right {one.box[2]}, bottom {one.box[3]}", markup=False)
    if any(one.position is None for one in found):
        out.print("The place does not tell which fingers these are: say it with --slap, and --missing", markup=False)


def search(
    print_: Annotated[
        Path, typer.Argument(metavar="IMG", help="A picture, a minutiae record, or CARD#FINGER.", show_default=False)
    ],
    db: Annotated[
        str | None, typer.Option("--db", envvar="TENPRINT_DB", help="Search both systems of this exchange.")
    ] = None,
    gallery: Annotated[Path | None, typer.Option(help="Search this folder of pictures, records and cards.")] = None,
    position: Annotated[
        int | None, typer.Option(help="Friction ridge position of the print, 1 to 10; default: all.", min=1, max=10)
    ] = None,
    ppi: Annotated[
        float | None, typer.Option(help="Pixels per inch of IMG; default: the file's own, else 500.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Most candidates.", min=1)] = 10,
    json: Json = False,
) -> None:
    """Search one print among an exchange's enrolled fingers, or a folder of them; the most alike first.

    Nothing is recorded and nobody is identified by this: a match may be claimed from the threshold on, which grows with
    the number of fingers searched.

    Example: tenprint finger search latent.png --gallery prints
    """
    from tenprint import finger
    from tenprint.finger import matching

    if (db is None) == (gallery is None):
        fail("say where to search: either --db URL or --gallery FOLDER")
    probe = finger_of(print_, ppi)
    if len(probe.template) < matching.LEAST_MINUTIAE:
        fail(f"{print_}: no finger is seen in it")
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for name, place, template in _of_exchange(db) if db is not None else _of_folder(gallery, problems):  # type: ignore[arg-type]
        if position is None or place is None or place == position:
            rows.append({"name": name, "position": place, "score": finger.compare(probe.template, template)})
    least = finger.threshold(1, max(1, len(rows)))
    asked = finger.examine_from(1, max(1, len(rows)))
    best = sorted(rows, key=lambda row: (-row["score"], row["name"]))[:limit]
    for row in best:
        row["verdict"] = "match" if row["score"] >= least else "examiner" if row["score"] >= asked else "no match"
        row["meaning"] = finger.meaning(row["score"]).text
    if json:
        emit(
            {
                "searched": len(rows),
                "threshold": least,
                "notes": list(probe.notes),
                "left_out": problems,
                "candidates": best,
            }
        )
        return
    noted(probe)
    out.print(f"{len(rows)} fingers searched; a match may be claimed from {least:.2f} on", markup=False)
    for row in best:
        where = f" finger {row['position']}" if row["position"] else ""
        out.print(f"{row['score']:7.2f}  {row['verdict']:9s} {row['name']}{where}", markup=False)
    if best:
        out.print(f"best: {best[0]['meaning']}", markup=False)
    for problem in problems:
        out.print(f"left out: {problem}", markup=False)


def _of_exchange(db: str) -> Iterator[Row]:
    """Every enrolled finger of both systems."""
    from tenprint.cli.opening import opened

    with opened(db) as exchange, exchange.reading() as connection:
        for system in (exchange.criminal, exchange.immigration):
            for identity, encounter, place, template in system.everybody(connection):
                yield f"{identity}, encounter {encounter}", place, template


def _of_folder(folder: Path, problems: list[str]) -> Iterator[Row]:
    """Every finger of the files of a folder and those below; what cannot be used is told."""
    from tenprint.cli.common import Refused

    files = [
        path for path in sorted(existing(folder).rglob("*")) if path.suffix.lower() in (*PICTURES, *RECORDS, *CARDS)
    ]
    if not files:
        fail(f"{folder}: expected pictures, minutiae records or cards in this folder, found none")
    with progress("looking at fingers", len(files)) as advance:
        for path in files:
            boxes = range(1, 11) if path.suffix.lower() in CARDS else (None,)
            for box in boxes:
                try:
                    given = finger_of(path if box is None else Path(f"{path}#{box}"))
                    yield str(path if box is None else f"{path}#{box}"), box, given.template
                except Refused as refused:
                    if box is None:
                        problems.append(str(refused))
            advance()
