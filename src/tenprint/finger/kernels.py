"""What all compiled kernels share: how they are compiled, population count, angle difference.

Kernels are compiled by Numba once and cached beside the package (or in the user's cache folder). Floating point follows
``error_model="numpy"``: a division by zero gives infinity instead of a branch on every division.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit, types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])

TURN = np.float32(2 * np.pi)
INVERSE_TURN = np.float32(1 / (2 * np.pi))
SAFE_FAST_MATH = {"contract", "reassoc", "nsz", "arcp"}
"""Lets the compiler reorder sums; infinities and not-a-number keep their meaning."""


def kernel(function: F) -> F:
    """Compile with what every kernel of this room needs; releases Python's lock."""
    return cast("F", njit(cache=True, nogil=True, fastmath=SAFE_FAST_MATH, error_model="numpy")(function))


def vector_kernel(function: F) -> F:
    """Compile a loop without infinities and not-a-number, so that maxima of many values are taken at once."""
    return cast("F", njit(cache=True, nogil=True, fastmath=True, error_model="numpy")(function))


def inline(function: F) -> F:
    """Compile a helper into the kernels that call it."""
    return cast("F", njit(inline="always", error_model="numpy")(function))


def _ones(_typing: Any, _word: Any) -> Any:
    def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), emit


ones: Callable[[Any], Any] = cast("Any", intrinsic)(_ones)
"""Number of ones in a 64-bit word, as one machine instruction that the compiler can vectorise; only for kernels."""


@kernel
def lowest(values: np.ndarray, count: int) -> np.ndarray:
    """(min(count, n),) int64: indexes of the lowest of (n,) float32, lowest first, equal values in their order."""
    found = np.empty(min(count, len(values)), np.int64)
    filled = 0
    for k in range(len(values)):
        value = values[k]
        if filled == len(found):
            if filled == 0 or value >= values[found[filled - 1]]:
                continue
            filled -= 1
        r = filled
        while r > 0 and values[found[r - 1]] > value:
            found[r] = found[r - 1]
            r -= 1
        found[r] = k
        filled += 1
    return found


@inline
def between(a: float | np.floating, b: float | np.floating) -> Any:
    """Angle a minus angle b, in -pi..pi (float32)."""
    d = np.float32(a - b)
    return d - TURN * np.floor(d * INVERSE_TURN + np.float32(0.5))
