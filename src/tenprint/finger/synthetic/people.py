"""People with ten fingers each, all out of sixty masters.

A finger is a master turned, stretched and cut in many places by fields that belong to the person alone; the cuts then
heal along the flow, so ridges end and fork elsewhere and two people with the same master do not match (measured in
``docs/explanation/synthetic-fingers.md``).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tenprint.finger.synthetic import growth, impressions, noise
from tenprint.finger.synthetic.impressions import ROLLED, Condition, Finger
from tenprint.finger.synthetic.masters import FLOW_STEP, SHAPE, master, patterns

MIRRORED_LOOPS = {2: 0.25, 7: 0.25}
"""Share of loops that open to the thumb: a quarter on index fingers, few elsewhere (standard textbook figures)."""

SIZE = {1: 1.0, 2: 0.9, 3: 0.93, 4: 0.89, 5: 0.8}
"""Size of the finger pad, thumb to little finger, relative to the thumb."""

PLAIN = {11: 1, 12: 6}
SLAPS = {13: (2, 3, 4, 5), 14: (10, 9, 8, 7), 15: (6, 1)}

WANDER = 10.0
"""How far skin of a person lies from where the master has it: pixels at 500 ppi, standard deviation."""
FLOW = 0.18
"""How much the person's ridges turn from the master's: radians."""
PERIOD = 0.45
"""How much wider or narrower they lie: pixels at 500 ppi."""
CUT = -0.7
"""Level of the person's own field above which the ridges of the master are cut: about three quarters of them."""
HEALING = 20
"""Steps of growth after the cuts."""


class SyntheticPerson:
    """Ten fingers that exist only here; equal seeds are the same person."""

    def __init__(self, seed: int, masters: Sequence[int] | None = None) -> None:
        """Ten masters are drawn by the seed, unless they are given (numbers 0 to 59)."""
        if seed < 0:
            raise ValueError(f"person(seed): expected a number of 0 or more, got {seed}")
        self.seed = seed
        drawn = noise.generator(1, seed).permutation(len(patterns()))[:10]
        self.masters = tuple(int(n) for n in (drawn if masters is None else masters))

    def __repr__(self) -> str:
        return f"person({self.seed})"

    @property
    def patterns(self) -> dict[int, str]:
        """Pattern class of each finger, by position 1 (right thumb) to 10 (left little finger)."""
        return {position: patterns()[self.masters[position - 1]] for position in range(1, 11)}

    def impression(self, position: int, encounter: int, condition: Condition = ROLLED) -> npt.NDArray[np.uint8]:
        """A new picture of a finger: the same one every time for the same arguments.

        Args:
            position: 1 to 10 (EBTS finger position), 11 and 12 plain thumbs, 13 and 14 four plain fingers of the right
                and left hand, 15 both thumbs.
            encounter: number of the meeting, 0 or more; another number, another impression.
            condition: how finger and desk were that day.

        Returns:
            uint8 at 500 ppi, dark ridges on light ground: (416, 320) for one finger, wider for several.

        Raises:
            ValueError: when the position is not one of these or the encounter is negative.
        """
        if encounter < 0:
            raise ValueError(f"impression: expected an encounter of 0 or more, got {encounter}")
        if position in SLAPS:
            return impressions.side_by_side(
                [self.impression(p, encounter + 1_000_000 * position, condition.plain()) for p in SLAPS[position]]
            )
        if position in PLAIN:
            return self.impression(PLAIN[position], encounter + 1_000_000 * position, condition.plain())
        if position not in range(1, 11):
            raise ValueError(f"impression: expected a finger position of 1 to 15, got {position}")
        rng = noise.generator(3, self.seed, position, encounter)
        return impressions.press(self.finger(position), condition, rng)

    def finger(self, position: int) -> Finger:
        """The finger itself, before it touches anything."""
        number = self.masters[position - 1]
        return Finger(ridges=_ridges(self.seed, position, number), size=SIZE[(position - 1) % 5 + 1])


def person(seed: int) -> SyntheticPerson:
    """The person of that number. Cheap: fingers are made when they are first asked for."""
    return SyntheticPerson(seed)


@functools.lru_cache(maxsize=400)
def _ridges(seed: int, position: int, number: int) -> growth.Ridges:
    """(208, 160) int8 at 250 ppi: the person's own version of a master."""
    origin = master(number)
    rng = noise.generator(2, seed, position)
    shape = SHAPE[0] // 2, SHAPE[1] // 2
    from_y, from_x = _place(rng, shape, mirrored=is_mirrored(origin.pattern, position, rng))
    flow_y, flow_x = from_y / FLOW_STEP - 0.5, from_x / FLOW_STEP - 0.5
    cosine, sine = (noise.sample(part, flow_y, flow_x) for part in origin.direction)
    turned = _carried(cosine, sine, from_y, from_x, FLOW * noise.smooth(rng, shape, 30))
    period = noise.sample(origin.period, flow_y, flow_x)
    period += PERIOD * (rng.standard_normal() + noise.smooth(rng, shape, 35))
    ridges = noise.sample(noise.soften(np.where(origin.ridges, 100.0, -100.0)), from_y, from_x)
    cut = noise.smooth(rng, shape, 9) > CUT
    ridges = np.where(cut, 60.0 * rng.standard_normal(shape), ridges)
    start = np.round(np.clip(ridges, -127, 127)).astype(np.int8)
    return growth.grow(start, growth.orientations(*turned), growth.periods(period), steps=HEALING, scale=2)


def _place(rng: np.random.Generator, shape: tuple[int, int], *, mirrored: bool) -> tuple[noise.Field, noise.Field]:
    """Where in the master each pixel of the finger comes from: rows and columns at 500 ppi."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float64) * 2
    middle_y, middle_x = SHAPE[0] / 2, SHAPE[1] / 2
    stretch_y, stretch_x = rng.uniform(0.92, 1.06, 2)
    from_y = (y - middle_y) * stretch_y + middle_y + rng.normal(0, 8) + WANDER * noise.smooth(rng, shape, 45)
    from_x = (x - middle_x) * stretch_x + middle_x + rng.normal(0, 8) + WANDER * noise.smooth(rng, shape, 45)
    return from_y, (SHAPE[1] - 1 - from_x if mirrored else from_x)


def is_mirrored(pattern: str, position: int, rng: np.random.Generator) -> bool:
    """Loops of the masters open to the left, as most of the left hand do (toward the little finger)."""
    if pattern != "loop":
        return bool(rng.random() < 0.5)
    toward_thumb = rng.random() < MIRRORED_LOOPS.get(position, 0.03)
    return bool((position <= 5) != toward_thumb)


def _carried(
    cosine: noise.Field, sine: noise.Field, from_y: noise.Field, from_x: noise.Field, turn: noise.Field
) -> tuple[noise.Field, noise.Field]:
    """Directions of the master as they lie after the person's own stretching, turned a little more."""
    angle = np.arctan2(sine, cosine) / 2
    along_x, along_y = np.cos(angle), -np.sin(angle)  # y points down
    x_by_y, x_by_x = np.gradient(from_x)
    y_by_y, y_by_x = np.gradient(from_y)
    flip = np.sign(x_by_x * y_by_y - x_by_y * y_by_x)
    out_x = flip * (y_by_y * along_x - x_by_y * along_y)
    out_y = flip * (x_by_x * along_y - y_by_x * along_x)
    turned = np.arctan2(-out_y, out_x) + turn
    return np.cos(2 * turned), np.sin(2 * turned)
