"""The monitor's methods against published results: outcome test, threshold test, event study. Prints every figure.

Usage: python -m bench.monitor_oracles [outcome threshold events] [--states RI,CT] [--signal beta] [--draws 300]
Needs the reference data (TENPRINT_DATA). Tolerances were set before the first comparison: for each state and group, the
mean threshold over units, weighed by searches, within 0.03 of the published one; the groups in the same order wherever
published means differ by more than 0.03; thresholds of units correlated at 0.9 or more in states of 20 units or more.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(os.environ.get("TENPRINT_DATA", Path(__file__).parents[2] / "shared" / "data")) / "oracles"
STATES = ("RI", "CT", "IL", "WA", "SC", "NC", "WI", "CO", "TX")
MEAN, CORRELATION, UNITS = 0.03, 0.9, 20
FROM = "drivers as recorded by officers, Stanford Open Policing Project"


def outcome() -> bool:
    """Hit rates of every row, against the published column."""
    from tenprint.monitor.outcome import hit_rate, outcome_test, read

    with (DATA / "policing" / "fig4b_threshold_test.csv").open() as stream:
        published = list(csv.DictReader(stream))
    ours = [hit_rate("", int(r["num_searches"]), int(r["num_hits"])).rate or 0.0 for r in published]
    worst = max(abs(a - float(r["hit_rate"])) for a, r in zip(ours, published, strict=True))
    print(f"hit rates of {len(published)} rows: largest difference {worst:.1e}")
    columns = {"unit": "location", "group": "driver_race", "acted_on": "n_searches", "confirmed": "n_hits"}
    found = outcome_test(read(DATA / "policing" / "fig4a_hit_rate_county.csv", FROM, columns))
    for rate in found.rates:
        print(f"  {rate.group:17} {rate.confirmed:6} of {rate.acted_on:6}: {rate.rate:.4f}")
    for d in found.differences:
        assert d.pooled is not None
        assert d.pooled_95 is not None
        print(f"  {d.group} minus {d.against}: crude {d.crude:+.4f}, within {d.units} counties {d.pooled:+.4f} "
              f"({d.pooled_95.low:+.4f} to {d.pooled_95.high:+.4f}), lower in {d.lower_in}")  # fmt: skip
    return worst < 1e-12


def threshold(states: list[str], signal: str, draws: int) -> bool:
    """Thresholds of every unit and group, against the published ones, one state after the other."""
    from tenprint.monitor.outcome import Cell, Counts
    from tenprint.monitor.threshold import threshold_test

    with (DATA / "policing" / "fig4b_threshold_test.csv").open() as stream:
        table = list(csv.DictReader(stream))
    good = True
    every: list[tuple[float, float]] = []
    for state in states:
        rows = {(r["location_variable"], r["driver_race"]): r for r in table if r["state"] == state}
        counts = [[int(r[c]) for c in ("num_stops", "num_searches", "num_hits")] for r in rows.values()]
        cells = tuple(Cell(*key, *three) for key, three in zip(rows, counts, strict=True))
        start = time.perf_counter()
        found = threshold_test(Counts(FROM, cells), signal=signal, chains=2, warm_up=draws, draws=draws)
        seconds = time.perf_counter() - start
        ours = {(b.unit, b.group): b.threshold for b in found.bars}
        pair = np.array([(float(r["inferred_threshold"]), ours[key]) for key, r in rows.items()])
        every += [tuple(p) for p in pair]
        good &= compare(state, pair, [g for _, g in rows], np.array([c[1] for c in counts]))
        d = found.diagnostics
        print(f"     {signal}, {seconds:.0f} s, r-hat {d.largest_r_hat:.3f}, effective sample "
              f"{d.smallest_effective_sample:.0f}, divergent {d.divergent}; rates of search missed by "
              f"{d.acted_on_error:.5f} (p {d.acted_on_p:.3f}), hit rates by {d.confirmed_error:.4f} "
              f"(p {d.confirmed_p:.3f})", flush=True)  # fmt: skip
    both = np.array(every)
    apart = np.abs(both[:, 0] - both[:, 1]).max()
    print(f"all: correlation {np.corrcoef(both.T)[0, 1]:.4f}, largest difference {apart:.3f}")
    return good


def compare(state: str, pair: np.ndarray, groups: list[str], searches: np.ndarray) -> bool:
    """One state: means by group, order, correlation."""
    means = {}
    for group in dict.fromkeys(groups):
        mine = np.array([g == group for g in groups])
        means[group] = np.average(pair[mine], axis=0, weights=searches[mine])
    worst = max(abs(p - o) for p, o in means.values())
    order = all(
        (a[0] - b[0]) * (a[1] - b[1]) > 0 for a in means.values() for b in means.values() if abs(a[0] - b[0]) > MEAN
    )
    r = float(np.corrcoef(pair.T)[0, 1])
    told = "; ".join(f"{g.split()[0]} {p:.3f} {o:.3f}" for g, (p, o) in means.items())
    units = len(groups) / len(means)
    good = worst <= MEAN and order and (r >= CORRELATION or units < UNITS)
    print(f"{state}: published, ours: {told}; {len(groups)} rows, correlation {r:.4f}, largest difference "
          f"{np.abs(pair[:, 0] - pair[:, 1]).max():.3f}: {'within' if good else 'OUTSIDE'}", flush=True)  # fmt: skip
    return good


def events() -> bool:
    """Group-time effects of the mpdta panel, against csdid in the same run where it is installed, and as published."""
    from tenprint.monitor.events import Panel, event_study

    with (DATA / "did" / "mpdta.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    panel = Panel(
        unit=[r["countyreal"] for r in rows],
        time=[int(r["year"]) for r in rows],
        outcome=[float(r["lemp"]) for r in rows],
        start=[int(r["first_treat"]) or None for r in rows],
    )
    found = event_study(panel)
    known = {(2004, 2004): -0.0105, (2004, 2005): -0.0704, (2004, 2006): -0.1373, (2004, 2007): -0.1008,
             (2006, 2006): -0.0046, (2006, 2007): -0.0412, (2007, 2007): -0.0261}  # fmt: skip
    ours = {(e.start, e.time): e for e in found.effects}
    for key, value in known.items():
        print(f"  ATT{key}: {ours[key].effect:+.4f} (published {value:+.4f}), standard error {ours[key].error:.4f}")
    against_csdid(rows, ours)
    return max(abs(ours[k].effect - v) for k, v in known.items()) < 1e-4


def against_csdid(rows: list[dict[str, str]], ours: dict[tuple[int, int], Any]) -> None:
    """The same panel through csdid, where it is installed: effects and standard errors."""
    try:
        import pandas as pd
        from csdid.att_gt import ATTgt
    except ModuleNotFoundError as missing:
        print(f"  {missing.name} is not installed: not compared with csdid")
        return
    frame = pd.DataFrame(rows).astype({"year": int, "countyreal": int, "first_treat": int, "lemp": float})
    names = {"yname": "lemp", "gname": "first_treat", "idname": "countyreal", "tname": "year", "xformla": "lemp~1"}
    theirs = ATTgt(**names, data=frame, control_group=["nevertreated"]).fit(est_method="reg", bstrap=False).results
    pairs = list(zip(theirs["group"], theirs["year"], theirs["att"], theirs["se"], strict=True))
    effect = max(abs(ours[int(g), int(t)].effect - a) for g, t, a, _ in pairs)
    error = max(abs(ours[int(g), int(t)].error - s) for g, t, _, s in pairs)
    print(f"  against csdid, {len(pairs)} effects: largest difference {effect:.1e}, of standard errors {error:.1e}")


def main() -> int:
    """Run the parts named, or all; 1 when one is outside its tolerance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="*", default=["outcome", "threshold", "events"])
    parser.add_argument("--states", default=",".join(STATES))
    parser.add_argument("--signal", default="beta", choices=["beta", "discriminant"])
    parser.add_argument("--draws", type=int, default=300)
    args = parser.parse_args()
    if not DATA.is_dir():
        print(f"no reference data at {DATA}: set TENPRINT_DATA")
        return 0
    parts = {
        "outcome": outcome,
        "threshold": lambda: threshold(args.states.split(","), args.signal, args.draws),
        "events": events,
    }
    return 0 if sum(not parts[name]() for name in args.part) == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
