"""Generated rows of released files: values of the registry's lists, missing as often as in the published releases."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tenprint.facts.importers.records import Registry, Release, norm

COLUMN_OF_MISSINGNESS = {"detainers": "missing_Detainers", "arrests": "missing_Admin Arrests"}
ALWAYS = {"Detainer Prepare Date", "Prepare Date", "Apprehension Date", "Arrest Date"}


def missingness(data: Path | None, kind: str) -> dict[str, float]:
    """Share of missing values by header, where the reference data are at hand."""
    if data is None:
        return {}
    with (data / "foia_schema" / "missingness_by_field.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    column = COLUMN_OF_MISSINGNESS[kind]
    # One share is printed in exponent form without its exponent and reads as more than one.
    return {
        norm(r["field"].split("...")[0]): min(float(r[column]), 1.0)
        for r in rows
        if r[column] and float(r[column]) <= 1
    }


def rows(kind: str, release: Release, count: int, data: Path | None = None, seed: int = 1) -> list[list[Any]]:
    """A header and generated rows of one generation."""
    dice = random.Random(seed)
    registry, missing = Registry.load(kind), missingness(data, kind)
    lists = {norm(n): v for n, v in registry.values.items()}
    header = [c[0] for c in release.columns]
    made: list[list[Any]] = [header]
    for n in range(count):
        row = [_value(dice, c, lists, missing, registry.redactions) for c in release.columns]
        if n > 10 and dice.random() < 0.02:  # the same person on the same day once more
            for i, column in enumerate(release.columns):
                if len(column) > 2 and column[2] in {"person", "date"}:
                    row[i] = made[n - 5][i]
        made.append(row)
    return made


def _value(
    dice: random.Random,
    column: tuple[str, ...],
    lists: dict[str, Any],
    missing: dict[str, float],
    redactions: Sequence[str],
) -> Any:
    name, kind = column[0], column[1]
    place = column[2] if len(column) > 2 else ""
    share = 0.0 if place == "date" else missing.get(norm(name), 0.13 if place == "person" else 0.3)
    if dice.random() < share:
        return None
    if place == "person":
        return f"{dice.getrandbits(160):040x}"
    if name in {"Birth Date", "Alien File Number", "EID Case ID", "EID Subject ID", "EID DTA ID"}:
        return dice.choice(redactions[:3])
    if kind == "day":
        return date(2023, 9, 1) + timedelta(days=dice.randrange(900))
    if kind == "whole":
        return dice.randrange(1, 100)
    return dice.choice(lists.get(norm(name), ("ALPHA", "BRAVO", "CHARLIE")))
