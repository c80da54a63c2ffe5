"""Fingers at the command line: ``tenprint finger minutiae``, ``compare``, ``evaluate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tenprint.cli.common import FINDINGS, Json, emit, existing, fail, out, progress

if TYPE_CHECKING:
    from tenprint.finger import Template

app = typer.Typer(no_args_is_help=True, help="Minutiae, comparison and evaluation of single fingers.")

Impostors = Literal["all", "first"]
Picture = Annotated[
    Path, typer.Argument(help="A picture of one finger: PNG, TIFF, JPEG, BMP, WSQ.", show_default=False)
]
Ppi = Annotated[float | None, typer.Option("--ppi", help="Pixels per inch; default: the file's own, else 500.")]


def _template(path: Path, ppi: float | None) -> Template:
    from tenprint.finger import FingerError, extract, read_image

    try:
        pixels, own = read_image(existing(path))
        return extract(pixels, own if ppi is None else ppi)
    except FingerError as error:
        text = str(error)
        fail(text if str(path) in text else f"{path}: {text}")


@app.command()
def minutiae(picture: Picture, ppi: Ppi = None, json: Json = False) -> None:
    """Find the minutiae of one finger.

    Example: tenprint finger minutiae thumb.png --json
    """
    template = _template(picture, ppi)
    rows = [
        {"x": x, "y": y, "angle": angle, "quality": quality, "kind": ("other", "ending", "bifurcation")[kind]}
        for (x, y, angle, quality), kind in zip(template.minutiae.tolist(), template.kinds.tolist(), strict=True)
    ]
    if json:
        emit(
            {
                "file": str(picture),
                "ppi": 500,
                "width": template.width,
                "height": template.height,
                "quality": template.quality,
                "minutiae": rows,
            }
        )
        return
    out.print(f"{picture}: {len(rows)} minutiae, {template.width} x {template.height} pixels at 500 ppi, "
              f"quality {template.quality:.2f}", markup=False)  # fmt: skip
    for row in rows:
        out.print(f"  x {row['x']:6.1f}  y {row['y']:6.1f}  angle {row['angle']:5.2f} rad  "
                  f"quality {row['quality']:.2f}  {row['kind']}", markup=False)  # fmt: skip


@app.command()
def compare(first: Picture, second: Picture, ppi: Ppi = None, json: Json = False) -> None:
    """Compare two fingers and say what the score means.

    Example: tenprint finger compare thumb.png other.png
    """
    from tenprint import finger

    one, two = _template(first, ppi), _template(second, ppi)
    value, least = finger.compare(one, two), finger.threshold(1)
    if json:
        emit(
            {
                "first": str(first),
                "second": str(second),
                "score": value,
                "threshold": least,
                "match": value >= least,
                "calibration": finger.CALIBRATION,
            }
        )
        return
    out.print(f"score {value:.4f}; a match of one finger may be claimed from {least:.4f} on "
              f"(calibration {finger.CALIBRATION})", markup=False)  # fmt: skip
    out.print("same finger" if value >= least else "no match claimed", markup=False)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="A set, or a folder of sets: <finger>_<impression>.png.")],
    protocol: Annotated[str, typer.Option(help="fvc: all genuine pairs; impostors as --impostors says.")] = "fvc",
    impostors: Annotated[
        Impostors, typer.Option(help="all: every pair of different fingers; first: first impressions.")
    ] = "all",
    templates: Annotated[Path | None, typer.Option(help="Folder that keeps templates between runs.")] = None,
    json: Json = False,
) -> None:
    """Measure error rates on sets of real fingers (FVC protocol, rates in percent).

    Example: tenprint finger evaluate data/fvc --json
    """
    from tenprint.finger import FingerError, evaluation

    if protocol != "fvc":
        fail(f"--protocol: expected fvc, got {protocol!r}")
    try:
        sets = evaluation.find_sets(existing(folder))
        with progress("extracting", sum(map(len, sets.values()))) as advance:
            found = {name: list(evaluation.templates_of(each, advance, templates)) for name, each in sets.items()}
        outcome = {name: evaluation.run(each, found[name], impostors=impostors) for name, each in sets.items()}
    except FingerError as error:
        fail(str(error))
    report = evaluation.report(outcome)
    if json:
        emit(report)
    else:
        _print(report)
    if any(row["failures"] for row in report["folders"].values()):
        raise typer.Exit(FINDINGS)


def _print(report: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table("set", "EER %", "FMR100 %", "FMR1000 %", "ZeroFMR %", "genuine", "impostor", "failed", "ms", "us")
    for name, row in report["folders"].items():
        rates = (f"{row[key]:.2f}" for key in ("eer", "fmr100", "fmr1000", "zero_fmr"))
        counts = (str(row[key]) for key in ("genuine", "impostor", "failures"))
        table.add_row(name, *rates, *counts, f"{row['extract_ms']:.0f}", f"{row['match_us']:.0f}")
    out.print(table)
    low, high = report["mean_eer_interval"]
    out.print(f"mean EER {report['mean_eer']:.2f} %, 90 % interval over fingers {low:.2f} to {high:.2f}", markup=False)
