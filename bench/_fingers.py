"""Real fingers for the scripts of this folder: where they are, how many are used, and their templates.

Pictures lie in ``$TENPRINT_DATA/fvc`` (default ``../shared/data/fvc``); templates are kept in ``build/templates``.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tenprint.finger import FingerError, evaluation
from tenprint.finger.evaluation import Impression
from tenprint.finger.template import Template

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TENPRINT_DATA", ROOT / ".." / "shared" / "data")).resolve()
EVERY = 8
"""Impressions of a finger in the FVC sets."""


def parser(about: str | None) -> argparse.ArgumentParser:
    """Options that all have: pictures, kept templates, how many impressions of a finger."""
    made = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--data", type=Path, default=DATA / "fvc", help="sets of <finger>_<impression>.png")
    made.add_argument("--templates", type=Path, default=ROOT / "build" / "templates", help="kept between runs")
    made.add_argument("--impressions", type=int, default=3, help="of each finger, 2 to 8; RESULTS.md: 8")
    return made


def sets(options: argparse.Namespace) -> dict[str, list[Impression]]:
    """The first impressions of every finger, by set; ends the run with a word where there are none."""
    try:
        found = evaluation.find_sets(options.data)
    except FingerError:
        print(f"not run: no fingers at {options.data}. Set TENPRINT_DATA, or give --data FOLDER")
        sys.exit(0)
    if options.impressions < EVERY:
        print(f"{options.impressions} of {EVERY} impressions a finger: quick, not the figures of RESULTS.md")
    return {name: [one for one in each if one.impression <= options.impressions] for name, each in found.items()}


def templates(options: argparse.Namespace) -> list[tuple[str, str, Template]]:
    """Set, finger (set and number) and template of every impression."""
    made = []
    for name, each in sets(options).items():
        own = [template for template, _ in evaluation.templates_of(each, store=options.templates)]
        flat = name.replace("/", "__")
        made += [(flat, f"{flat}__{one.finger}", template) for one, template in zip(each, own, strict=True)]
    return made


def may_write(options: argparse.Namespace) -> None:
    """End the run when a table of the project would be written from a part of the data."""
    if options.write and options.impressions < EVERY:
        sys.exit(f"--write: expected --impressions {EVERY}, got {options.impressions}; a part of the data is no basis")
