"""Files that commands on figures write: CSV, Parquet, charts and maps."""

from __future__ import annotations

import csv as csv_files
import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenprint.cli.common import existing, fail

if TYPE_CHECKING:
    from tenprint.figures import Figure
    from tenprint.figures.panel import Panel

Csv = Annotated[Path | None, typer.Option("--csv", help="Write it as CSV into this file.")]
Parquet = Annotated[Path | None, typer.Option("--parquet", help="Write it as Parquet into this file.")]
Outlines = Annotated[
    Path | None,
    typer.Option("--outlines", help="Map: folder with outlines of us-atlas. Default: geometry under TENPRINT_DATA."),
]


def write_figure(
    figure: Figure, *, csv: Path | None, parquet: Path | None, chart: Path | None, by: str | None, map_: Path | None,
    outlines: Path | None,
) -> list[Path]:  # fmt: skip
    """Write a figure in every shape that was asked for; which files were written."""
    from tenprint.figures import drawn, output
    from tenprint.figures.errors import FiguresError

    if (chart or map_) and importlib.util.find_spec("vl_convert") is None:
        fail("pictures need the packages of tenprint[pictures]: pip install 'tenprint[pictures]'")
    try:
        if csv is not None:
            csv.write_text(output.as_csv(figure), encoding="utf-8", newline="")
        if parquet is not None:
            output.to_parquet(figure, parquet)
        if chart is not None:
            chart.write_text(drawn.chart(figure, by), encoding="utf-8")
        if map_ is not None:
            from tenprint.law.places import geography

            states = {postal: code for code, postal in geography().states.items()}
            map_.write_text(drawn.map_of(figure, outlines or _outlines(), states), encoding="utf-8")
    except FiguresError as wrong:
        fail(str(wrong))
    except OSError as wrong:
        fail(f"{wrong.filename}: cannot be written: {wrong.strerror}")
    return [path for path in (csv, parquet, chart, map_) if path is not None]


def _outlines() -> Path:
    data = os.environ.get("TENPRINT_DATA")
    if not data:
        fail("--map needs outlines: a folder with counties-albers-10m.json and states-albers-10m.json (npm us-atlas) "
             "given with --outlines, or as geometry under TENPRINT_DATA")  # fmt: skip
    return Path(data) / "geometry"


def write_panel(found: Panel, *, csv: Path | None, parquet: Path | None) -> list[Path]:
    """Write a panel; which files were written."""
    from tenprint.figures import output

    try:
        if csv is not None:
            csv.write_text(output.panel_csv(found), encoding="utf-8", newline="")
        if parquet is not None:
            output.panel_parquet(found, parquet)
    except OSError as wrong:
        fail(f"{wrong.filename}: cannot be written: {wrong.strerror}")
    return [path for path in (csv, parquet) if path is not None]


def read_population(file: Path) -> dict[str, int]:
    """People by county from a CSV with a header line."""
    try:
        with existing(file).open(encoding="utf-8", newline="") as lines:
            return {
                row["jurisdiction"].zfill(5): int(row["population"].replace(",", ""))
                for row in csv_files.DictReader(lines)
            }
    except (KeyError, AttributeError, ValueError, UnicodeDecodeError, csv_files.Error) as wrong:
        fail(f"{file}: expected columns jurisdiction (county FIPS) and population (whole numbers): {wrong}")
