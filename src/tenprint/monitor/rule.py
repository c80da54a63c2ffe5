"""The rule of a review, in one file that is registered before it is run: metrics, comparison, thresholds, version.

The id of a rule is ``name@`` and the first 16 digits of the SHA-256 of the file's bytes: a changed rule is another one.
"""

from __future__ import annotations

import hashlib
import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated

import msgspec

from tenprint.monitor import quarters
from tenprint.monitor.errors import MonitorError
from tenprint.monitor.review import Test

Fraction = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Number = Annotated[int, msgspec.Meta(ge=1)]
Weight = Annotated[float, msgspec.Meta(ge=0)]


class MetricRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one metric is looked at."""

    name: str
    definition: str
    """``name@hash``: the file of the definition is part of the rule."""
    tests: tuple[Test, ...]
    agencies: bool = True
    """Whether single booking agencies are tested beside counties."""
    quarters: Number = 1
    """Quarters that the funnel adds up: the one reviewed and those before it. More for what is rare."""
    smoothing: Weight = 20.0
    """A stratum's share elsewhere is moved to the overall share as if so many cases more had gone like all cases."""


class Sequence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the level is spread over quarters: equal shares of a span that is fixed beforehand."""

    first: str
    quarters: Number

    def holds(self, quarter: int) -> bool:
        """Whether a quarter (its number) belongs to the span."""
        first = quarters.number(self.first)
        return first <= quarter < first + self.quarters


class FunnelRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place against its peers."""

    minimum: Number
    """Cases below which a unit is not tested."""
    peers: Annotated[int, msgspec.Meta(ge=2)]
    """Units with cases below which nothing is tested."""


class ChangeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A county after activation against before, and against counties not active yet."""

    before: Number
    """Quarters that are looked back at; the quarter of activation belongs to neither side."""
    after: Number
    """Quarters after activation in which the question is asked."""
    minimum: Number
    """Cases on each side below which a county is not tested."""
    peers: Annotated[int, msgspec.Meta(ge=2)]
    """Counties not active in all these quarters below which nothing is tested."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as its file says it."""

    name: str
    version: Number
    title: str
    why: str
    """Why these choices; whoever reads a review reads this."""
    level: Fraction
    """False discovery rate over all units, metrics, tests and quarters of the sequence."""
    power: Fraction
    """With which the smallest effect would have been seen."""
    wait: Annotated[int, msgspec.Meta(ge=0)]
    """Quarters after the end of the one reviewed at which it is computed, unless another as-of is given."""
    sequence: Sequence
    funnel: FunnelRule
    change: ChangeRule
    metric: tuple[MetricRule, ...]
    content: bytes
    """The bytes of the file."""

    @property
    def id(self) -> str:
        """``name@`` and the first 16 digits of the hash."""
        return f"{self.name}@{hashlib.sha256(self.content).hexdigest()[:16]}"

    @property
    def text(self) -> str:
        """The whole file."""
        return self.content.decode()

    def level_of(self, quarter: int) -> float:
        """The share of the level that a quarter (its number) may use.

        Raises:
            MonitorError: when the quarter lies outside of the registered sequence.
        """
        if not self.sequence.holds(quarter):
            last = quarters.written(quarters.number(self.sequence.first) + self.sequence.quarters - 1)
            raise MonitorError(
                f"rule {self.id}: its level is spread over {self.sequence.first} to {last}, nothing is left for "
                f"{quarters.written(quarter)}. Register a new version with a sequence of its own."
            )
        return self.level / self.sequence.quarters


def parse(name: str, content: bytes) -> Rule:
    """A rule from the bytes of its file.

    Raises:
        MonitorError: when something is missing, unknown, out of range, or named twice.
    """
    try:
        fields = tomllib.loads(content.decode())
        found = msgspec.convert(fields | {"content": content}, Rule)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as wrong:
        raise MonitorError(f"rule {name}: {wrong}") from None
    names = [m.name for m in found.metric]
    if not names or len(set(names)) < len(names):
        raise MonitorError(f"rule {name}: expected at least one metric, each once, got {', '.join(names) or 'none'}")
    quarters.number(found.sequence.first)
    return found


def find_rule(name: str = "quarterly-review") -> Rule:
    """A rule by its name, by its id (``name@hash``), or by the path of a file of one's own.

    Raises:
        MonitorError: when there is none, or the hash is another one.
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise MonitorError(f"rule {name}: no such file")
        return parse(path.stem, path.read_bytes())
    short, _, wanted = name.partition("@")
    file = resources.files("tenprint.monitor") / "rules" / f"{short}.toml"
    if not file.is_file():
        raise MonitorError(f"no rule {short!r}; there are {', '.join(shipped())}, or give the path of a .toml file")
    found = parse(short, file.read_bytes())
    if wanted and not found.id.partition("@")[2].startswith(wanted):
        raise MonitorError(f"rule {short}: expected the file with hash {wanted}, this program has {found.id}")
    return found


def rule_for(quarter: str) -> Rule:
    """The shipped rule whose sequence holds a quarter; where none does, the first, which says for which it would."""
    which = quarters.number(quarter)
    rules = [find_rule(), *map(find_rule, shipped())]
    return next((r for r in rules if r.sequence.holds(which)), rules[0])


def shipped() -> tuple[str, ...]:
    """Names of the rules that come with the program."""
    folder = resources.files("tenprint.monitor") / "rules"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))
