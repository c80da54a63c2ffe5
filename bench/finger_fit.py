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


def measured(fingers: list[matching.Finger], pairs: np.ndarray) -> np.ndarray:
    """(2, pairs, 5) evidence of edges and of cylinders."""
    out = np.zeros((2, len(pairs), matching.EVIDENCE))
    for n, (i, j) in enumerate(pairs.tolist()):
        a, b = fingers[i], fingers[j]
        mate = np.empty(len(a), np.int64)
        if min(len(a), len(b)) >= matching.LEAST_MINUTIAE:
            near = matching.edge_similarities(a, b)
            out[0, n] = matching.evidence(a.points, a.quality, b.points, b.quality, near, mate)
            near = matching.cylinders.similarities(a.points, a.bits, a.valid, b.points, b.bits, b.valid)
            out[1, n] = matching.evidence(a.points, a.quality, b.points, b.quality, near, mate)
    return out


def fitted(evidence: np.ndarray, genuine: np.ndarray, penalty: float = 1e-5) -> np.ndarray:
    """(6,) weights of a logistic regression in which both classes weigh the same (reweighted least squares)."""
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


def main() -> None:
    """Fit, report, write."""
    parser = _fingers.parser(__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {OUTPUT.name}")
    options = parser.parse_args()
    _fingers.may_write(options)
    every = _fingers.templates(options)
    templates = [template for _, _, template in every]
    sets = [name for name, _, _ in every]
    names = sorted(set(sets))
    which = np.array([names.index(one) for one in sets])
    owner = np.array([finger for _, finger, _ in every])
    first, second = np.triu_indices(len(every), 1)
    genuine = owner[first] == owner[second]
    same = which[first] == which[second]
    generator = np.random.default_rng(7)
    wanted = genuine | (same & (generator.random(len(first)) < 0.5))
    pairs, genuine = np.column_stack([first, second])[wanted], genuine[wanted]
    where = which[pairs[:, 0]]
    evidence = {}
    for name, how in HARDER.items():
        worse = [one if how is None else hardened(one, k, *how) for k, one in enumerate(templates)]
        evidence[name] = measured([matching.DEFAULT.describe(one) for one in worse], pairs)
        print(f"measured: {name}", flush=True)
    truth = np.tile(genuine, len(HARDER))

    def weights(chosen: np.ndarray) -> np.ndarray:
        rows = np.tile(chosen, len(HARDER))
        joined = np.concatenate(list(evidence.values()), axis=1)
        return np.array([fitted(joined[k][rows], truth[rows]) for k in range(2)])

    scores = {name: np.zeros((3, len(pairs))) for name in HARDER}
    for k in range(len(names)):
        left_out = where == k
        w = weights(~left_out)
        for name, seen in evidence.items():
            each = np.array([seen[d][left_out] @ w[d, :-1] + w[d, -1] for d in range(2)])
            scores[name][:, left_out] = [each[0], each[1], each.mean(0)]
    for name, rows in scores.items():
        for label, row in zip(("edges", "cylinders", "fused"), rows, strict=True):
            by_set = [
                metrics.rates(row[genuine & (where == k)], row[~genuine & (where == k)]) for k in range(len(names))
            ]
            eers = " ".join(f"{one.eer:5.2f}" for one in by_set)
            mean, fmr1000 = np.mean([one.eer for one in by_set]), np.mean([one.fmr1000 for one in by_set])
            print(f"{name:18} {label:10} sets left out in turn: EER {eers}  mean {mean:.2f} %  FMR1000 {fmr1000:.2f} %")
    final = weights(np.ones(len(pairs), bool))
    print(final.round(4))
    if options.write:
        OUTPUT.write_text(
            json.dumps({"edges": final[0].round(5).tolist(), "cylinders": final[1].round(5).tolist()}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()
