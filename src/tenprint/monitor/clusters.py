"""Errors from influence functions whose clusters are independent: sums, standard errors, bands by random signs."""

from __future__ import annotations

import numpy as np


def clustered(influence: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Sums over the places of a cluster, divided by the number of places: ``(clusters, k)``."""
    sums = np.zeros((int(cluster.max()) + 1, influence.shape[1]))
    np.add.at(sums, cluster, influence)
    return sums / len(influence)


def error_of(influence: np.ndarray, cluster: np.ndarray) -> float:
    """Standard error of a mean with this influence function ``(units,)``."""
    sums = clustered(influence[:, None], cluster)
    return float(np.sqrt((sums**2).sum()))


def critical(sums: np.ndarray, rng: np.random.Generator, draws: int) -> float:
    """How many standard errors hold for all columns together, 95 %, by random signs of clusters."""
    error = np.sqrt((sums**2).sum(axis=0))
    sums, error = sums[:, error > 0], error[error > 0]
    if not len(error):
        return 1.959964
    largest = [np.abs(rng.choice((-1.0, 1.0), len(sums)) @ sums / error).max() for _ in range(draws)]
    return max(1.959964, float(np.quantile(largest, 0.95)))
