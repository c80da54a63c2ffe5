"""Make `src/tenprint/exchange/registry/counties.csv`: one synthetic agency for every county that was ever activated.

    python tools/county_registry.py ../shared/data src/tenprint/exchange/registry/counties.csv

Needs `tzfpy` (time zone polygons of timezone-boundary-builder) beside the project's own packages; nothing else does.

Activation dates come from the activation table (real: ICE, "IDENT/IAFIS Interoperability", activated jurisdictions).
Time zones come from county outlines (us-atlas 3, US Census 2017): they are drawn in the d3 `geoAlbersUsa` projection of
975 x 610, so points inside each county are projected back to longitude and latitude and asked for their zone. A county
in two zones gets the zone of its seat, where the sheriff's office stands: `SEATS` below, each checked by hand.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from pathlib import Path

from PIL import Image, ImageDraw

WIDTH, HEIGHT, SCALE = 975, 610, 1300
RENAMED = {
    "02201": "02198", "02232": "02105", "02270": "02158", "02280": "02195", "46113": "46102",
    "51515": "51019", "51560": "51005", "51780": "51083",
}  # fmt: skip
"""Counties of the activation table that the 2017 outlines know by another code (renamed, or merged into the second)."""

SEATS = {
    # All sheriffs of Arizona keep Phoenix time; only the Navajo Nation moves its clocks.
    "04001": "America/Phoenix",  # Apache: St. Johns
    "04005": "America/Phoenix",  # Coconino: Flagstaff
    "04017": "America/Phoenix",  # Navajo: Holbrook
    "02016": "America/Nome",  # Aleutians West has no seat: Unalaska, where most people live, keeps Alaska time
    "12045": "America/New_York",  # Gulf: Port St. Joe
    "16049": "America/Los_Angeles",  # Idaho: Grangeville
    "31031": "America/Chicago",  # Cherry: Valentine
    "38053": "America/Chicago",  # McKenzie: Watford City
    "38085": "America/Chicago",  # Sioux: Fort Yates, east of the line along State Highway 31
    "41045": "America/Boise",  # Malheur: Vale
    "46117": "America/Chicago",  # Stanley: Fort Pierre keeps the clock of Pierre across the river
}


def albers(central, middle, parallels, scale, at):  # noqa: ANN001, ANN201
    """The inverse of d3's conicEqualArea with `rotate([-central, 0])`, `center(middle)` and two parallels, drawn `at`.

    Returns a function from pixels to (longitude, latitude) in degrees.
    """
    first, second = parallels
    dx, dy = at
    n = (sin(radians(first)) + sin(radians(second))) / 2
    c = 1 + sin(radians(first)) * (2 * n - sin(radians(first)))
    r0 = sqrt(c) / n

    def raw(lon: float, lat: float) -> tuple[float, float]:
        r = sqrt(c - 2 * n * sin(lat)) / n
        return r * sin(n * lon), r0 - r * cos(n * lon)

    cx, cy = raw(radians(middle[0]), radians(middle[1]))

    def back(px: float, py: float) -> tuple[float, float]:
        x = (px - dx) / scale + cx
        y = (dy - py) / scale + cy
        y0 = r0 - y
        lon = atan2(x, y0) / n
        lat = asin((c - (x * x + y0 * y0) * n * n) / (2 * n))
        return degrees(lon) + central, degrees(lat)

    return back


X, Y = WIDTH / 2, HEIGHT / 2
LOWER48 = albers(-96, (-0.6, 38.7), (29.5, 45.5), SCALE, (X, Y))
ALASKA = albers(-154, (-2, 58.5), (55, 65), SCALE * 0.35, (X - 0.307 * SCALE, Y + 0.201 * SCALE))
HAWAII = albers(-157, (-3, 19.9), (8, 18), SCALE, (X - 0.205 * SCALE, Y + 0.212 * SCALE))


def rings(topology: dict, geometry: dict) -> list[list[tuple[float, float]]]:
    """Outer rings of a topojson geometry, in pixels of the 975 x 610 drawing."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]

    def arc(index: int) -> list[tuple[float, float]]:
        x = y = 0
        points = []
        for ddx, ddy in topology["arcs"][index if index >= 0 else ~index]:
            x, y = x + ddx, y + ddy
            points.append((x * sx + tx, y * sy + ty))
        return points if index >= 0 else points[::-1]

    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    found = []
    for polygon in polygons:
        ring: list[tuple[float, float]] = []
        for index in polygon[0]:
            ring += arc(index)[1 if ring else 0 :]
        found.append(ring)
    return found


def inside(outlines: list[list[tuple[float, float]]], wanted: int = 300) -> list[tuple[float, float]]:
    """Points spread over the interior of a county (pixels): it is painted, and painted cells are sampled."""
    xs = [x for ring in outlines for x, _ in ring]
    ys = [y for ring in outlines for _, y in ring]
    span = max(max(xs) - min(xs), max(ys) - min(ys))
    if span == 0:  # a small city that the simplified drawing has shrunk to a point
        return [(xs[0], ys[0])]
    zoom = 40 / span
    canvas = Image.new("1", (46, 46))
    for ring in outlines:
        ImageDraw.Draw(canvas).polygon([((x - min(xs)) * zoom + 2, (y - min(ys)) * zoom + 2) for x, y in ring], fill=1)
    cells = [(x, y) for y in range(46) for x in range(46) if canvas.getpixel((x, y))]
    step = max(1, len(cells) // wanted)
    return [((x - 2) / zoom + min(xs), (y - 2) / zoom + min(ys)) for x, y in cells[::step]]


def main(data: Path, target: Path) -> None:
    """Write the table and say which counties lie in two zones."""
    from tzfpy import get_tz

    topology = json.loads((data / "geometry/counties-albers-10m.json").read_text())
    outlines = {g["id"]: rings(topology, g) for g in topology["objects"]["counties"]["geometries"]}
    with (data / "program/county_activation.csv").open(newline="") as source:
        counties = list(csv.DictReader(source))
    rows, split = [], []
    for county in counties:
        fips = county["fips"]
        back = {"02": ALASKA, "15": HAWAII}.get(fips[:2], LOWER48)
        votes = Counter(get_tz(*back(x, y)) for x, y in inside(outlines[RENAMED.get(fips, fips)]))
        zone, share = votes.most_common(1)[0]
        chosen = SEATS.get(fips, zone)
        if share < 0.9 * votes.total():
            split.append((fips, county["county"], county["state"], dict(votes), chosen))
        ori = f"{county['state']}SYN{fips[2:]}0"
        rows.append((fips, county["state"], county["county"], chosen, county["activation_date"], ori))
    with target.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("fips", "state", "county", "zone", "activation_date", "ori"))
        writer.writerows(sorted(rows))
    for line in split:
        print(*line)
    print(f"{len(rows)} counties, {len(split)} in two zones -> {target}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
