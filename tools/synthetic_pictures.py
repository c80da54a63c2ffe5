"""Pictures of docs/explanation/synthetic-fingers.md: a sheet of synthetic fingers, and their scores beside real ones.

    python tools/synthetic_pictures.py docs/pictures     # several minutes; real scores only where TENPRINT_DATA is

Real fingers appear as scores alone, never as pictures.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from tenprint import finger
from tenprint.finger import synthetic
from tenprint.finger.synthetic.people import SyntheticPerson

PEOPLE, POSITIONS, IMPRESSIONS = 12, (2, 8), 4
SETS = ("fvc2002/DB1_B", "fvc2002/DB3_B", "fvc2004/DB1_B", "fvc2004/DB3_B")
TWINS = ("fvc2002/DB3_B/108", "fvc2004/DB3_B/102")
"""By score one finger; they lie in different sets and are never compared here."""

Scores = tuple[list[float], list[float]]
"""Genuine and impostor."""


def main(out: Path) -> None:
    """Draw both pictures, and write down the scores that the second one shows."""
    out.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet()).quantize(16).save(out / "synthetic-fingers.png", optimize=True)
    found: dict[str, Scores] = {
        "synthetic, a usual booking": scores(people(synthetic.ROLLED)),
        "synthetic, a hard day": scores(people(synthetic.HARD)),
        "synthetic, everybody from the same two masters": scores(people(synthetic.ROLLED, masters=range(10))),
    }
    data = Path(os.environ.get("TENPRINT_DATA", "../shared/data")) / "fvc"
    if data.is_dir():
        parts = [scores(real(data, name)) for name in SETS]
        found[f"real, {len(parts)} sets of 10 fingers"] = (
            [s for genuine, _ in parts for s in genuine],
            [s for _, impostor in parts for s in impostor],
        )
    (out / "synthetic-scores.json").write_text(json.dumps({k: summary(*v) for k, v in found.items()}, indent=1) + "\n")
    (out / "synthetic-scores.svg").write_text(histograms(found), encoding="utf-8")


def sheet() -> np.ndarray:
    """Five fingers of one hand on three days: a trained hand, a usual booking, a hard day."""
    person = synthetic.person(7)
    days = ((0, synthetic.CLEAN), (1, synthetic.ROLLED), (2, synthetic.HARD))
    rows = [np.hstack([person.impression(p, e, condition) for p in range(1, 6)]) for e, condition in days]
    return np.vstack(rows)[::2, ::2]


def people(condition: synthetic.Condition, masters: Iterable[int] | None = None) -> dict[str, list[finger.Template]]:
    """Templates of every finger: impressions of the same one in a list."""
    made = [SyntheticPerson(4000 + n, None if masters is None else tuple(masters)) for n in range(PEOPLE)]
    return {
        f"{position}/{person.seed}": [
            finger.extract(person.impression(position, encounter, condition)) for encounter in range(IMPRESSIONS)
        ]
        for person in made
        for position in POSITIONS
    }


def real(data: Path, name: str) -> dict[str, list[finger.Template]]:
    """Templates of a set of real fingers."""
    templates = {}
    for number in range(101, 111):
        files = [next((data / name).glob(f"{number}_{k}.*")) for k in range(1, IMPRESSIONS + 1)]
        templates[f"{name}/{number}"] = [finger.extract(*finger.read_image(file)) for file in files]
    return templates


def scores(templates: dict[str, list[finger.Template]]) -> Scores:
    """Genuine scores, and impostor scores of different fingers; synthetic ones at the same position only."""
    genuine = [finger.compare(a, b) for views in templates.values() for a, b in itertools.combinations(views, 2)]
    impostor = [
        finger.compare(a, b)
        for one, other in itertools.combinations(templates, 2)
        if one.rpartition("/")[0] == other.rpartition("/")[0]
        for a in templates[one]
        for b in templates[other]
    ]
    return genuine, impostor


def summary(genuine: list[float], impostor: list[float]) -> dict[str, object]:
    """What the documentation quotes."""
    points = np.unique([*genuine, *impostor])
    misses = np.array([np.mean(np.asarray(genuine) < t) for t in points])
    false = np.array([np.mean(np.asarray(impostor) >= t) for t in points])
    at = int(np.argmin(np.abs(misses - false)))
    return {
        "genuine": len(genuine),
        "impostor": len(impostor),
        "genuine_quantiles_0_5_50": np.quantile(genuine, [0, 0.05, 0.5]).round(2).tolist(),
        "impostor_quantiles_50_99_100": np.quantile(impostor, [0.5, 0.99, 1]).round(2).tolist(),
        "equal_error_percent": round(50 * float(misses[at] + false[at]), 2),
        "genuine_above_threshold_percent": round(100 * float(np.mean(np.asarray(genuine) >= finger.threshold(1))), 1),
    }


# -- drawing -----------------------------------------------------------------------------------------------------------

WIDTH, ROW, LEFT, BINS = 720, 120, 20, 60
TICKS = (0.1, 0.3, 1, 3, 10, 30, 100)


def histograms(found: dict[str, Scores]) -> str:
    """Genuine (filled) and impostor (hatched gray) scores, one row each, on one axis."""
    low, high = 0.03, max(max(g) for g, _ in found.values()) * 1.2
    edges = np.geomspace(low, high, BINS + 1)

    def place(score: float) -> float:
        return LEFT + (WIDTH - 2 * LEFT) * float(np.log(max(score, low) / low) / np.log(high / low))

    body = []
    for n, (name, (genuine, impostor)) in enumerate(found.items()):
        base = ROW * (n + 1) - 18
        for values, style in ((impostor, "fill:#9a9a94"), (genuine, "fill:#006880;fill-opacity:.8")):
            counts = np.histogram(np.clip(values, low, high * 0.999), edges)[0] / len(values)
            top = max(counts.max(), 1e-9)
            for k in np.flatnonzero(counts):
                x, tall = place(edges[k]), 70 * counts[k] / top
                size = f'width="{place(edges[k + 1]) - x:.1f}" height="{tall:.1f}"'
                body.append(f'<rect x="{x:.1f}" y="{base - tall:.1f}" {size} style="{style}"/>')
        body.append(f'<text x="{LEFT}" y="{base - 80}" font-weight="bold">{name}</text>')
        body.append(f'<line x1="{LEFT}" x2="{WIDTH - LEFT}" y1="{base}" y2="{base}" stroke="#444"/>')
    bottom = ROW * len(found) - 18
    mark = place(finger.threshold(1))
    body.append(
        f'<line x1="{mark:.1f}" x2="{mark:.1f}" y1="20" y2="{bottom}" stroke="#b07000" stroke-dasharray="4 3"/>'
    )
    body.append(f'<text x="{mark + 4:.1f}" y="14" fill="#b07000">threshold, one finger</text>')
    body += [
        f'<text x="{place(t):.1f}" y="{bottom + 16}" text-anchor="middle">{t:g}</text>' for t in TICKS if low < t < high
    ]
    body.append(
        f'<text x="{WIDTH - LEFT}" y="{bottom + 32}" text-anchor="end">score (0 is drawn at the left edge)</text>'
    )
    tall = bottom + 42
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" width="{WIDTH}" height="{tall}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#262626" role="img" '
        'aria-label="Genuine and impostor scores of synthetic and real fingers">'
        f'<rect width="{WIDTH}" height="{tall}" fill="#fcfcfa"/>' + "".join(body) + "</svg>\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
