"""Pictures of docs/explanation/fingers.md: minutiae, correspondences, error rates, quality, scores.

    python -m tools.finger_pictures docs/pictures [--beside PYTHON]      # minutes; curves need TENPRINT_DATA

Fingers that are shown are synthetic. Real fingers (and nbis-py, where ``--beside`` names a Python that has it) appear
as curves alone. Templates are kept in ``build/templates``.
"""

from __future__ import annotations

import argparse
import os
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import altair as alt
import cv2
import numpy as np
import vl_convert
from bench._crowd import composed
from PIL import Image

from tenprint import finger
from tenprint.finger import beside, evaluation, images, matching, pictures, synthetic
from tenprint.finger.metrics import curve
from tenprint.finger.template import Template

ROOT = Path(__file__).resolve().parent.parent
PEOPLE, POSITIONS, IMPRESSIONS = 8, (2, 8), 4
LOWEST = 1e-4
INK = ["#006880", "#b07000", "#8a3ffc", "#555550"]
DASHES = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3]]


def main() -> None:
    """Draw all; curves only where there are real fingers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--beside", help="a Python that has nbis-py")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    fingers(options.out)
    data = Path(os.environ.get("TENPRINT_DATA", ROOT / ".." / "shared" / "data")) / "fvc"
    if not data.is_dir():
        sys.exit(f"curves were not drawn: no fingers at {data}")
    found = evaluation.find_sets(data)
    store = ROOT / "build" / "templates"
    templates = {name: list(evaluation.templates_of(each, store=store)) for name, each in found.items()}
    outcomes = {
        label: [evaluation.run(each, templates[name], matcher) for name, each in found.items()]
        for label, matcher in matching.MATCHERS.items()
    }
    lines = {"both descriptors": outcomes["fused"], "edges": outcomes["edges"], "cylinders": outcomes["cylinders"]}
    if options.beside:
        python = beside.interpreter(options.beside)
        lines["nbis-py"] = [beside.run(each, python)[1] for each in found.values()]
    save(options.out / "finger-det.svg", det(lines))
    save(options.out / "finger-reject.svg", rejected(outcomes["fused"]))
    save(options.out / "finger-scores.svg", distributions(scores(outcomes["fused"], templates)))


def fingers(out: Path) -> None:
    """Minutiae of a synthetic finger, and what corresponds in two of the same finger and in two of different ones."""
    person, other = synthetic.person(7), synthetic.person(23)
    one, two = person.impression(2, 0), person.impression(2, 1, synthetic.HARD)
    three = other.impression(2, 0)
    template = finger.extract(one)
    write(out / "finger-minutiae.png", pictures.overlay(one, images.PPI, template), 1.0)
    for name, pixels in (("finger-genuine.png", two), ("finger-impostor.png", three)):
        against = finger.extract(pixels)
        score = finger.compare(template, against)
        drawn = pictures.side_by_side(
            pictures.overlay(one, images.PPI, template),
            pictures.overlay(pixels, images.PPI, against),
            matching.correspondences(template, against),
            template,
            against,
            f"score {score:.2f}: {finger.meaning(score).text}",
            match=score >= finger.threshold(1),
        )
        write(out / name, drawn, 0.75)


def write(path: Path, picture: pictures.Color, scale: float) -> None:
    """A small PNG file: grays for ridges, and the colors of minutiae and lines with their edges."""
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale != 1 else picture
    drawn = np.array([*pictures.COLORS.values(), pictures.LINE])[:, None, ::-1]
    grays = np.linspace(0, 255, 24)
    mixed = [(1 - part) * drawn + part * under for part in (0.0, 0.35, 0.65) for under in (110, 255)]
    colors = np.concatenate([np.repeat(grays[:, None], 3, 1), *(one[:, 0] for one in mixed)]).round().astype(np.uint8)
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.unique(colors, axis=0).tobytes())
    shown = Image.fromarray(np.ascontiguousarray(small[:, :, ::-1])).quantize(palette=palette, dither=Image.Dither.NONE)
    shown.save(path, optimize=True)


def save(path: Path, chart: Any) -> None:
    """An SVG file drawn without a browser, coordinates to a tenth of a pixel."""
    path.write_text(vl_convert.vegalite_to_svg(chart.to_json()) + "\n", encoding="utf-8")


def det(lines: dict[str, list[evaluation.Outcome]]) -> Any:
    """False non-match rate against false match rate, sets pooled, both logarithmic."""
    rows = []
    for label, outcomes in lines.items():
        genuine = np.concatenate([one.trial.genuine for one in outcomes])
        impostor = np.concatenate([one.trial.impostor for one in outcomes])
        known = curve(genuine, impostor)
        for most in np.geomspace(LOWEST, 1, 121).tolist():
            least = float(known.fnmr[known.fmr <= most].min())
            rows.append({"line": label, "fmr": round(most, 6), "fnmr": round(max(least, LOWEST), 6)})
    scale = alt.Scale(type="log", domain=[LOWEST, 1], clamp=True)
    axis = alt.Axis(format="~%", values=[10.0**-k for k in range(5)])
    named = alt.Scale(domain=list(lines), range=INK[: len(lines)])
    dashes = alt.Scale(domain=list(lines), range=DASHES[: len(lines)])
    drawn = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(interpolate="step-before", strokeWidth=2)
        .encode(
            x=alt.X("fmr:Q", scale=scale, axis=axis, title="false match rate"),
            y=alt.Y("fnmr:Q", scale=scale, axis=axis, title="false non-match rate"),
            color=alt.Color("line:N", scale=named, title=None),
            strokeDash=alt.StrokeDash("line:N", scale=dashes, title=None),
        )
    )
    equal = alt.Chart(alt.Data(values=[{"v": LOWEST}, {"v": 1}])).mark_line(color="#c8c8c2", strokeWidth=1)
    both = equal.encode(x=alt.X("v:Q", scale=scale), y=alt.Y("v:Q", scale=scale))
    return styled((both + drawn).properties(width=430, height=430))


def rejected(outcomes: list[evaluation.Outcome]) -> Any:
    """False non-match rate when the comparisons of lowest quality are left out."""
    known = evaluation.rejection_of(outcomes)
    names = ["by quality", "knew it every error", "knew it nothing"]
    rows = []
    for point in known.points:
        for name, rate in zip(names, (point.fnmr, point.best_possible, known.points[0].fnmr), strict=True):
            rows.append({"line": name, "out": point.left_out, "fnmr": rate / 100})
    drawn = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("out:Q", axis=alt.Axis(format="~%"), title="genuine comparisons of lowest quality left out"),
            y=alt.Y("fnmr:Q", axis=alt.Axis(format=".1%"), title="false non-match rate at FMR 0.1 %"),
            color=alt.Color("line:N", scale=alt.Scale(domain=names, range=INK[:1] + INK[3:] + ["#9a9a94"]), title=None),
            strokeDash=alt.StrokeDash("line:N", scale=alt.Scale(domain=names, range=DASHES[:3]), title=None),
        )
    )
    return styled(drawn.properties(width=430, height=260))


def scores(outcomes: list[evaluation.Outcome], templates: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Genuine and impostor scores of real fingers, of synthetic ones, and of the crowd of synthetic templates."""
    found: dict[str, tuple[Any, Any]] = {
        "real fingers (4 sets)": (
            np.concatenate([one.trial.genuine for one in outcomes]),
            np.concatenate([one.trial.impostor for one in outcomes]),
        )
    }
    for label, condition in (("usual booking", synthetic.ROLLED), ("hard day", synthetic.HARD)):
        people = [synthetic.person(4000 + n) for n in range(PEOPLE)]
        made = {
            (position, person.seed): [
                finger.extract(person.impression(position, k, condition)) for k in range(IMPRESSIONS)
            ]
            for person in people
            for position in POSITIONS
        }
        genuine = [finger.compare(a, b) for each in made.values() for a, b in combinations(each, 2)]
        impostor = [
            finger.compare(a, b)
            for one, other in combinations(made, 2)
            if one[0] == other[0]
            for a in made[one]
            for b in made[other]
        ]
        found[f"synthetic fingers, {label}"] = np.array(genuine), np.array(impostor)
    generator = np.random.default_rng(1)
    crowd = [composed(generator) for _ in range(200)]
    firsts: list[Template] = [template for each in templates.values() for template, _ in each[::8]]
    against = np.array([finger.compare(a, b) for a in firsts for b in crowd])
    found["real against the crowd of galleries"] = np.zeros(0), against
    return found


def distributions(found: dict[str, tuple[Any, Any]]) -> Any:
    """Histograms of scores on one logarithmic axis, one row a kind of finger, each scaled to its own height."""
    low, high = 0.002, 120.0
    edges = np.geomspace(low, high, 70)
    rows = []
    for label, both in found.items():
        for kind, values in zip(("same finger", "different fingers"), both, strict=True):
            counts = np.histogram(np.clip(values, low, high * 0.99), edges)[0] / max(1, len(values))
            for k in np.flatnonzero(counts).tolist():
                share = round(float(counts[k] / counts.max()), 4)
                rows.append({"of": label, "kind": kind, "from": edges[k], "to": edges[k + 1], "share": share})
    scale = alt.Scale(type="log", domain=[low, high])
    ticks = alt.Axis(values=[0.01, 0.1, 1, 10, 100])
    named = alt.Scale(domain=["same finger", "different fingers"], range=[INK[0], "#9a9a94"])
    bars = (
        alt.Chart()
        .mark_rect(opacity=0.75)
        .encode(
            x=alt.X("from:Q", scale=scale, title="score (dashed: threshold of one finger)", axis=ticks),
            x2="to:Q",
            y=alt.Y("share:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
            y2=alt.datum(0),
            color=alt.Color("kind:N", scale=named, title=None),
        )
    )
    mark = alt.Chart().mark_rule(strokeDash=[4, 3], color=INK[1]).encode(x=alt.datum(finger.threshold(1)))
    whole = alt.layer(bars, mark, data=alt.Data(values=rows)).properties(width=520, height=70)
    heading = alt.Header(labelAngle=0, labelAnchor="start", labelOrient="top", labelFontWeight="bold")
    return styled(whole.facet(row=alt.Row("of:N", sort=list(found), title=None, header=heading)))


def styled(chart: Any) -> Any:
    """One look for all curves."""
    return (
        chart.configure(background="#fcfcfa", font="sans-serif")
        .configure_legend(orient="bottom", labelLimit=300, columnPadding=40, symbolStrokeWidth=2, symbolSize=250)
        .configure_axis(gridColor="#e4e4de")
    )


if __name__ == "__main__":
    main()
