"""Case mix: what a unit's share would be if each kind of its cases went as it goes elsewhere.

This is indirect standardisation. Three things keep the standard honest. A unit's own cases are left out of it. A
county that differs from others by more than chance counts for what it can tell, not for all its cases, so that the
largest does not set the standard of all (``spread``, see ``dispersion``). The share of a thin stratum is moved to the
overall share.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from tenprint.monitor.counts import Window

Real = NDArray[np.float64]


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected of each unit."""

    share: Real
    """(units,): expected share of the unit's cases, 0..1; 0 where it has none."""
    rests_on: Real
    """(units,): cases elsewhere that this rests on, discounted for differences between units; 0: nothing to compare."""


def standard(window: Window, smoothing: float, spread: float, peers: NDArray[np.bool_] | None = None) -> Standard:
    """The expected share of each unit of a window.

    Args:
        window: Counts by unit and stratum.
        smoothing: A stratum's share is moved to the overall share as if so many cases more had gone like all.
        spread: Intraclass correlation between units, 0..1.
        peers: (units,) which units the standard is made of; all when left out. A unit never sets its own.
    """
    cases = window.cases.astype(float)
    weight = 1 / (1 + np.maximum(cases - 1, 0) * spread)
    if peers is not None:
        weight = weight * peers
    found, seen = window.numerator * weight[:, None], window.denominator * weight[:, None]
    found_elsewhere = np.maximum(found.sum(axis=0) - found, 0)
    elsewhere = np.maximum(seen.sum(axis=0) - seen, 0)
    total = elsewhere.sum(axis=1)
    # Half a case among one more keeps an event that was never seen elsewhere possible.
    more = np.divide(elsewhere, total[:, None], out=np.zeros_like(elsewhere), where=total[:, None] > 0)
    found_elsewhere, elsewhere = found_elsewhere + 0.5 * more, elsewhere + more
    overall = np.divide(found_elsewhere.sum(axis=1), total + 1)
    held = elsewhere + smoothing
    share = np.divide(found_elsewhere + smoothing * overall[:, None], held, out=np.zeros_like(held), where=held > 0)
    part = np.divide(window.denominator, cases[:, None], out=np.zeros_like(held), where=cases[:, None] > 0)
    unsure = np.divide(part**2, held, out=np.zeros_like(held), where=held > 0).sum(axis=1)
    rests_on = np.divide(1.0, unsure, out=np.zeros_like(unsure), where=(unsure > 0) & (total > 0))
    return Standard(share=(part * share).sum(axis=1), rests_on=rests_on)
