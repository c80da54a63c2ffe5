"""What a synthetic country is to be like: how many counties, over which quarters, and what is wrong in which of them.

Sizes and shares are choices of ours, of the order that public reports show; nothing here describes a real place.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import msgspec

Kind = Literal["pretext", "victims", "agency", "change"]
"""``pretext``: people are arrested for traffic to be looked up: more low-level bookings, more releases without charge.
``victims``: who calls for help is booked too: more releases without charge. ``agency``: pretext arrests by one booking
agency inside an otherwise good county. ``change``: more low-level bookings from the activation of the county on."""


class NationError(Exception):
    """A nation cannot be made as asked; the message says what was expected."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong, planted in some counties."""

    kind: Kind
    sizes: tuple[float, ...] = (0.10,)
    """By how much the share of low-level bookings (``victims``: of releases without charge) rises, as a fraction of
    one; planted counties take turns. Pretext arrests raise releases without charge by half as much."""
    share: float = 0.1
    """Share of the counties in which it is planted."""
    begins: int = 8
    """Number of the quarter, from 0, in which it begins; ``change`` begins the quarter after activation instead."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A synthetic country."""

    seed: int
    counties: int = 120
    first: str = "2009Q1"
    """First calendar quarter."""
    quarters: int = 16
    rollout: tuple[int, int] | None = None
    """Numbers of the quarters between which counties are activated, those beyond the last quarter never; nothing: from
    the second quarter of the span to a while after its end."""
    effects: tuple[Effect, ...] = ()
    median: float = 150.0
    """Bookings of the median county in a quarter."""
    spread: float = 1.3
    """Standard deviation of the logarithm of that: a few counties book most of the people."""
    largest: int = 8_000
    """Bookings in a quarter that no county exceeds on average."""
    low_level: float = 0.30
    """Share of bookings whose charges are all traffic or public order."""
    released: float = 0.08
    """Share released without charge."""
    matched: float = 0.12
    """Share matched by the immigration system, where prints are forwarded."""
    detained: float = 0.55
    """Share of matches on which a detainer is issued."""
    incomplete: float = 0.06
    """Share of records that lack what they should hold."""
    between: float = 0.20
    """Standard deviation between counties of the logit of a share, without anybody doing wrong."""
    within: float = 0.10
    """The same between agencies of a county."""
    noise: float = 0.03
    """The same between quarters of one agency."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{4}Q[1-4]", self.first):
            raise NationError(f"first quarter: expected a calendar quarter such as 2009Q1, got {self.first!r}")
        if not 1 <= self.counties <= 999 or self.quarters < 1:
            raise NationError(
                f"expected 1 to 999 counties and at least one quarter, got {self.counties} and {self.quarters}"
            )
        planted = sum(round(e.share * self.counties) for e in self.effects)
        if planted > self.counties:
            raise NationError(f"effects are planted in {planted} counties, but there are {self.counties}")

    @property
    def names(self) -> tuple[str, ...]:
        """The calendar quarters."""
        start = self._start
        return tuple(f"{n // 4}Q{n % 4 + 1}" for n in range(start, start + self.quarters))

    def first_day(self, quarter: int) -> date:
        """The first day of a quarter (its number from 0; the number of quarters gives the day after the last)."""
        year, part = divmod(self._start + quarter, 4)
        return date(year, part * 3 + 1, 1)

    @property
    def _start(self) -> int:
        return int(self.first[:4]) * 4 + int(self.first[5]) - 1


class Agency(msgspec.Struct, frozen=True, order=True):
    """One booking agency of a synthetic county."""

    jurisdiction: str
    """Five digits that no county has: 99 stands before no state."""
    state: str
    county: str
    ori: str


STATE = "SY"
"""No state: what is synthetic shows it in its name."""

_FIRST = (
    "Alder", "Amber", "Birch", "Bramble", "Cedar", "Clover", "Copper", "Elder", "Fallow", "Fern", "Flint", "Gorse",
    "Granite", "Hazel", "Heather", "Heron", "Juniper", "Kestrel", "Larch", "Lark", "Linden", "Maple", "Marsh", "Meadow",
    "Mill", "Otter", "Plover", "Quarry", "Raven", "Reed", "Rowan", "Rush", "Sable", "Sedge", "Slate", "Sorrel",
    "Teal", "Thistle", "Willow", "Wren",
)  # fmt: skip
_SECOND = (
    "Bluff", "Brook", "Creek", "Dale", "Falls", "Ford", "Gap", "Grove", "Harbor", "Heath", "Hills", "Hollow", "Lake",
    "Mesa", "Plain", "Point", "Ridge", "Shore", "Spring", "Stone", "Valley", "View", "Water", "Wood", "Field",
)  # fmt: skip


def county_name(number: int) -> str:
    """A made-up name for each of the first thousand counties."""
    return f"{_FIRST[number % len(_FIRST)]} {_SECOND[(number // len(_FIRST) + number * 7) % len(_SECOND)]} County"
