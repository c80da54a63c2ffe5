"""Fit the weights of the evidence (``src/tenprint/finger/data/weights.json``) and say how they do on sets left out.

Genuine and impostor comparisons of the FVC sets, as they are and hardened: partial fingers (80 % and 60 % of the area),
lost and invented minutiae, smooth deformation. Each set is scored with weights fitted on the other sets only; the
shipped weights are fitted on all of them.

Usage: python -m bench.finger_fit [--impressions 8] [--write]
TEMPLATES: a folder that ``tenprint finger evaluate DIR --templates TEMPLATES`` filled. Three minutes on one core.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bench import _fingers
from tenprint.finger import matching, metrics
from tenprint.finger.template import Template

HARDER = {"as they are": None, "80 % of the area": (0.8, 0.08, 0.06, 5.0), "60 % of the area": (0.6, 0.12, 0.1, 7.0)}
OUTPUT = Path(__file__).parents[1] / "src/tenprint/finger/data/weights.json"


def hardened(  # noqa: PLR0917
    one: Template, seed: int, keep: float, lost: float, made: float, push: float
) -> Template:
    """A worse impression of the same finger."""
    generator = np.random.default_rng(seed)
    rows, kinds = one.minutiae.astype(float), one.kinds.copy()
    if len(rows) < 4:
        return one
    centre = rows[:, :2].mean(0) + generator.normal(0, 30, 2)
    far = np.hypot(*(rows[:, :2] - centre).T)
    kept = (far <= np.quantile(far, keep)) & (generator.random(len(rows)) > lost)
    rows, kinds = rows[kept], kinds[kept]
    place, move, tilt = rows[:, :2].copy(), np.zeros((len(rows), 2)), np.tile(np.eye(2), (len(rows), 1, 1))
    for _ in range(2):
        turn, side, phase = generator.uniform(0, 2 * np.pi, 3)
        wave = 2 * np.pi / generator.uniform(180, 320) * np.array([np.cos(turn), np.sin(turn)])
        push_to = push * np.array([np.cos(side), np.sin(side)])
        at = place @ wave + phase
        move += np.sin(at)[:, None] * push_to
        tilt += np.cos(at)[:, None, None] * np.outer(push_to, wave)
    ahead = np.einsum("nij,nj->ni", tilt, np.column_stack([np.cos(rows[:, 2]), -np.sin(rows[:, 2])]))
    rows[:, 2] = np.arctan2(-ahead[:, 1], ahead[:, 0]) % (2 * np.pi)
    rows[:, :2] = place + move
    count = int(made * len(rows))
    if count:
        low, high = place.min(0), place.max(0)
        other = [
            generator.uniform(low, high, (count, 2)),
            generator.uniform(0, 2 * np.pi, count),
            generator.uniform(0.4, 0.8, count),
        ]
        rows = np.vstack([rows, np.column_stack(other)])
        kinds = np.append(kinds, generator.integers(1, 3, count))
    rows[:, :2] = np.clip(rows[:, :2] + 40, 0, 8000)
    return Template.make(rows, kinds, width=one.width + 80, height=one.height + 80)


def measured(fingers: list[matching.Finger], pairs: np.ndarray, use: matching.Use) -> np.ndarray:
    """(pairs, 10) evidence, no pair given up early."""
    out = np.zeros((len(pairs), matching.EVIDENCE))
    for n, (i, j) in enumerate(pairs.tolist()):
        if min(len(fingers[i]), len(fingers[j])) >= matching.LEAST_MINUTIAE:
            out[n] = matching.examined(fingers[i], fingers[j], use, hopeless=-np.inf)[1]
    return out


def fitted(evidence: np.ndarray, genuine: np.ndarray, penalty: float = 1e-5) -> np.ndarray:
    """Weights of a logistic regression in which both classes weigh the same, and the constant."""
    middle, spread = evidence.mean(0), evidence.std(0) + 1e-9
    x = np.column_stack([(evidence - middle) / spread, np.ones(len(evidence))])
    share = np.where(genuine, 0.5 / genuine.sum(), 0.5 / (~genuine).sum())
    weights = np.zeros(x.shape[1])
    ridge = np.diag([2 * penalty] * (x.shape[1] - 1) + [0.0])
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -40, 40)))
        slope = x.T @ (share * (p - genuine)) + ridge @ weights
        step = np.linalg.solve((x * (share * p * (1 - p))[:, None]).T @ x + ridge + 1e-12 * np.eye(len(weights)), slope)
        weights -= step if np.abs(step).max() < 3 else step * 3 / np.abs(step).max()
        if np.abs(step).max() < 1e-7:
            break
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ middle)


def fit(evidence: np.ndarray, genuine: np.ndarray) -> list[np.ndarray]:
    """Weights of each stage, from this evidence (pairs, 10); what a stage does not know weighs nothing."""
    rows = []
    for known in matching.STAGES:
        row = np.zeros(matching.EVIDENCE + 1)
        *row[:known], row[-1] = fitted(evidence[:, :known], genuine)
        rows.append(row)
    return rows


def scored(evidence: np.ndarray, weights: list[np.ndarray], hopeless: float) -> tuple[np.ndarray, np.ndarray]:
    """(pairs,) log-odds as `tenprint.finger.matching.examined` has them; (pairs,) at which stage, 0..2, they ended."""
    first, second, last = (evidence @ row[:-1] + row[-1] for row in weights)
    stage = np.where(first < hopeless, 0, np.where(second < hopeless, 1, 2))
    return np.choose(stage, [first, second, last]), stage


def main() -> None:
    """Fit, report, write."""
    parser = _fingers.parser(__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {OUTPUT.name}")
    options = parser.parse_args()
    _fingers.may_write(options)
    every = _fingers.templates(options)
    sets = [name for name, _, _ in every]
    names = sorted(set(sets))
    which = np.array([names.index(one) for one in sets])
    owner = np.array([finger for _, finger, _ in every])
    first, second = np.triu_indices(len(every), 1)
    wanted = (owner[first] == owner[second]) | (which[first] == which[second])
    pairs = np.column_stack([first, second])[wanted]
    genuine, where = owner[pairs[:, 0]] == owner[pairs[:, 1]], which[pairs[:, 0]]
    worse = {
        label: [
            matching.DEFAULT.describe(one if how is None else hardened(one, k, *how))
            for k, (_, _, one) in enumerate(every)
        ]
        for label, how in HARDER.items()
    }
    truth, places = np.tile(genuine, len(HARDER)), np.tile(where, len(HARDER))
    table = {}
    for use in matching.Use:
        evidence = {label: measured(fingers, pairs, use) for label, fingers in worse.items()}
        joined = np.concatenate(list(evidence.values()))
        others = [fit(joined[places != k], truth[places != k]) for k in range(len(names))]
        for label, seen in evidence.items():
            each = [scored(seen[where == k], others[k], matching.HOPELESS[use]) for k in range(len(names))]
            report(f"{use.name.lower():10} {label:17}", each, [genuine[where == k] for k in range(len(names))])
        table[use.name.lower()] = [row.round(5).tolist() for row in fit(joined, truth)]
    if options.write:
        OUTPUT.write_text(json.dumps(table, indent=1) + "\n")


def report(label: str, scores: list[tuple[np.ndarray, np.ndarray]], genuine: list[np.ndarray]) -> None:
    """One line: error rates of each set, and at which stage comparisons ended."""
    rates = [metrics.rates(row[own], row[~own]) for (row, _), own in zip(scores, genuine, strict=True)]
    eers = " ".join(f"{one.eer:5.2f}" for one in rates)
    means = (
        f"mean {np.mean([one.eer for one in rates]):5.2f} % FMR1000 {np.mean([one.fmr1000 for one in rates]):5.2f} %"
    )
    stage, own = np.concatenate([row for _, row in scores]), np.concatenate(genuine)
    ended = f"impostors given up {100 * (stage[~own] == 0).mean():.0f} + {100 * (stage[~own] == 1).mean():.0f} %"
    lost = f"genuine {(stage[own] == 0).sum()} + {(stage[own] == 1).sum()} of {own.sum()}"
    print(f"{label} sets left out in turn: EER {eers}  {means}  {ended}, {lost}", flush=True)


if __name__ == "__main__":
    main()
