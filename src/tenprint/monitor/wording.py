"""A review in words and tables of words: what page and paper both show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from tenprint.facts.schema import SYNTHETIC_ORIGINS
from tenprint.monitor import pictures
from tenprint.monitor.pictures import Picture, alphabetical, name_of, percent
from tenprint.monitor.review import Change, Flag, Interval, Metric, Reading, Review, Unit

TESTS = {"funnel": "against its peers in the quarter", "change": "after activation against before"}
A_FLAG_IS = (
    "A question that somebody must answer in writing, by a deadline.",
    (
        "A sign that a place stands apart from places with the same kinds of cases, or from its own past, by more than "
        "chance and the usual differences between places explain."
    ),
    "Possibly false: some flags are expected to be chance, and the number is stated.",
)
A_FLAG_IS_NOT = (
    "Not a finding that anybody did wrong, and not proof of why a number is as it is.",
    (
        "Not a statement about who was stopped: only bookings are counted. Race and ethnicity are not in these data, "
        "and nothing here infers them."
    ),
    "Not a ranking: places stand in alphabetical order, and nothing here chooses places for enforcement.",
    (
        "Its absence is not a clean bill: each place's row says how small a rise could have been seen there, and where "
        "none could."
    ),
)


NOT_REGISTERED = (
    "Nothing shows that the rule of this review was registered before it was run.",
    (
        "Whoever chose it may then have seen the numbers first. Read its flags, and its lack of flags, as exploration: "
        "nothing in it was promised beforehand."
    ),
)
REGISTERED_LATE = (
    "The rule of this review was registered after these records were known.",
    (
        "Whoever registered it may have seen the numbers first. Read its flags, and its lack of flags, as exploration "
        "for this quarter."
    ),
)


class Column(msgspec.Struct, frozen=True):
    """A column of a table."""

    title: str
    width: float = 1.0
    """On paper, against the other columns."""


class Row(msgspec.Struct, frozen=True):
    """A row: the first cell names the place; a cell has one line or two."""

    cells: tuple[tuple[str, ...], ...]
    flagged: bool = False


class Table(msgspec.Struct, frozen=True):
    """A table of words."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A flag in words."""

    what: str
    statement: str
    numbers: tuple[tuple[str, str], ...]
    id: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A county and everything in it that was flagged."""

    name: str
    flags: tuple[Told, ...]
    beside: tuple[str, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One metric in words."""

    title: str
    population: str
    sentences: tuple[str, ...]
    pictures: tuple[tuple[str, Picture], ...]
    """With a heading each."""
    tables: tuple[Table, ...]
    receipt: tuple[tuple[str, str], ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A whole report in words."""

    title: str
    quarter: str
    as_of: datetime
    synthetic: bool
    facts: tuple[tuple[str, str], ...]
    warning: tuple[str, str] | None
    """What must be said first about the rule: that it was not registered, or too late."""
    flags: tuple[Place, ...]
    is_: tuple[str, ...] = A_FLAG_IS
    is_not: tuple[str, ...] = A_FLAG_IS_NOT
    metrics: tuple[Section, ...]
    populations: Table | None
    beside: Table | None
    notes: tuple[str, ...]
    rule: str
    rule_text: str


def told(review: Review) -> Report:
    """Put a review into words."""
    names = {r.unit.jurisdiction: name_of(r.unit) for m in review.metrics for r in m.readings}
    return Report(
        title=f"Quarterly review, {review.quarter}", quarter=review.quarter, as_of=review.as_of,
        synthetic=review.origin in SYNTHETIC_ORIGINS, facts=_facts(review),
        warning=_warning(review),
        flags=tuple(_places(review)),
        metrics=tuple(_section(m, review) for m in review.metrics), populations=_populations(review, names),
        beside=_beside(review, names), notes=review.notes, rule=review.rule, rule_text=review.rule_text,
    )  # fmt: skip


def _warning(review: Review) -> tuple[str, str] | None:
    if review.registered_at is None:
        return NOT_REGISTERED
    return REGISTERED_LATE if review.registered_at > review.as_of else None


def _facts(review: Review) -> tuple[tuple[str, str], ...]:
    places = {r.unit for m in review.metrics for r in m.readings}
    agencies = {r.unit for m in review.metrics for r in m.agencies}
    flagged = {f.unit.jurisdiction for f in review.flags}
    looked = f"{_many(len(places), 'county')} and {_many(len(agencies), 'booking agency')}"
    false = (
        f"on average, at most {review.level:.1%} of the flags of a quarter; one in "
        f"{1 / review.false_discovery_rate:.0f} over all quarters of the rule together"
    )
    registered = _moment(review.registered_at)
    return (
        ("Looked at", f"{_many(len(review.metrics), 'metric')} of {looked}"),
        ("Tests made", f"{review.tests:,}"),
        ("Flags", f"{_many(len(review.flags), 'flag')} in {_many(len(flagged), 'county')}" if review.flags else "none"),
        ("Expected to be false", false),
        ("Known as of", _moment(review.as_of)),
        ("Origin of the records", review.origin),
        ("Rule", review.rule),
        ("Rule registered", registered or "not registered"),
    )


def _places(review: Review) -> Iterable[Place]:
    titles = {m.name: m.title or m.name for m in review.metrics}
    found: dict[Unit, list[Flag]] = {}
    for flag in alphabetical(review.flags):
        found.setdefault(msgspec.structs.replace(flag.unit, ori=""), []).append(flag)
    for county, flags in found.items():
        own = [b for b in review.beside if b.jurisdiction == county.jurisdiction]
        yield Place(
            name=name_of(county),
            flags=tuple(_flag(f, titles.get(f.metric, f.metric)) for f in flags),
            beside=tuple(f"{b.what}: {_known(b.value)} ({b.source})" for b in own),
        )


def _flag(flag: Flag, title: str) -> Told:
    who = f"Booking agency {flag.unit.ori}" if flag.unit.ori else "The county"
    return Told(
        what=f"{who}, {TESTS[flag.test]}: {title}, {flag.direction}", statement=flag.statement, id=flag.id,
        numbers=(
            ("Observed", percent(flag.observed)), ("Expected", percent(flag.expected)), ("q", _small(flag.q)),
        ),
    )  # fmt: skip


def _section(metric: Metric, review: Review) -> Section:
    drawn = (
        ("Counties against each other", pictures.funnel(metric, metric.readings)),
        ("How sure each share is", pictures.intervals(metric)),
        ("Booking agencies against each other", pictures.funnel(metric, metric.agencies)),
        ("Before and after activation", pictures.before_and_after(metric)),
    )
    title = metric.title or metric.name
    several = f"{title}: every booking agency of a county that has several"
    tables = [
        _readings(f"{title}: every county", metric.readings, "County"),
        _readings(several, _several(metric.agencies), "Booking agency"),
        _changes(f"{title}: counties after activation against before", metric.changes),
    ]
    return Section(
        title=title, population=" ".join(metric.population.split()), sentences=_sentences(metric, review),
        pictures=tuple((heading, p) for heading, p in drawn if p is not None),
        tables=tuple(t for t in tables if t.rows),
        receipt=(("Definition", metric.definition), *_flat(metric.receipt)),
    )  # fmt: skip


def _flat(receipt: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """The lines of a receipt; parts inside of parts are lines of their own, what is empty is left out."""
    for key, value in receipt.items():
        if isinstance(value, dict):
            yield from _flat(value)
        elif value not in (None, [], "", ()):
            yield key.replace("_", " "), value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _several(agencies: Sequence[Reading]) -> list[Reading]:
    """Agencies of counties with more than one: the only agency of a county is in the county's row."""
    many = Counter(a.unit.jurisdiction for a in agencies)
    return [a for a in agencies if many[a.unit.jurisdiction] > 1]


def _sentences(metric: Metric, review: Review) -> tuple[str, ...]:
    tested = sum(r.p is not None for r in metric.readings)
    flagged = sum(f.metric == metric.name for f in review.flags)
    cases = sum(r.denominator for r in metric.readings)
    found = sum(r.numerator for r in metric.readings)
    effects = sorted(r.smallest_effect for r in metric.readings if r.smallest_effect is not None)
    overall = f"Over all counties {found:,} of {cases:,}, {percent(metric.share)}."
    flags = _many(flagged, "flag")
    enough = f"{tested:,} of {len(metric.readings):,} counties had enough cases to be tested; {flags}."
    differ = (
        "Counties differ more than chance alone would have it: the variance is "
        f"{metric.overdispersion:.1f} times that of chance, and shares of counties scatter by about "
        f"{100 * metric.between:.0f}% of the overall share. Tests allow for it."
    )
    words = [f"{overall} {enough}", differ]
    if effects:
        words.append(
            f"Against its peers a rise of {_points(effects[0])} would be flagged with a probability of "
            f"{review.power:.0%} in the county where most can be seen, and one of "
            f"{_points(effects[len(effects) // 2])} in the middle county; smaller ones are more easily missed."
        )
    return tuple(words)


def _readings(caption: str, readings: Iterable[Reading], first: str) -> Table:
    columns = (
        Column(first, 1.7), Column("Found of cases", 1.1), Column("Adjusted share", 0.7),
        Column("Limits by chance: 95%; 99.8%"), Column("Limits that allow for places to differ: 95%; 99.8%", 1.15),
        Column("Shrunken share; 90% interval"), Column("Rank, 90% interval", 0.75), Column("q", 0.55),
        Column("What could be seen", 2.2),
    )  # fmt: skip
    return Table(
        caption=caption, columns=columns,
        rows=tuple(Row(_reading(r), r.flagged) for r in alphabetical(list(readings))),
    )  # fmt: skip


def _reading(r: Reading) -> tuple[tuple[str, ...], ...]:
    untold = r.adjusted is None
    return (
        (name_of(r.unit),), (f"{r.numerator:,} of {r.denominator:,}",), (percent(r.adjusted),),
        ("–",) if untold else (_range(r.limits_95), _range(r.limits_998)),
        ("–",) if untold else (_range(r.wide_95), _range(r.wide_998)),
        (percent(r.shrunken),) if r.shrunken_90 is None else (percent(r.shrunken), _range(r.shrunken_90)),
        ("–" if r.rank_90 is None else f"{r.rank_90[0]} to {r.rank_90[1]}",), (_small(r.q),), (_seen(r),),
    )  # fmt: skip


def _changes(caption: str, changes: Iterable[Change]) -> Table:
    columns = (
        Column("County", 1.7), Column("Active since", 0.8), Column("Before", 1.2), Column("After", 1.2),
        Column("Counties not active: before; after"), Column("Difference; 90% interval", 1.2), Column("q", 0.55),
        Column("What could be seen", 2.2),
    )  # fmt: skip
    return Table(
        caption=caption, columns=columns,
        rows=tuple(Row(_change(c), c.flagged) for c in alphabetical(list(changes))),
    )  # fmt: skip


def _change(c: Change) -> tuple[tuple[str, ...], ...]:
    difference: tuple[str, ...] = ("–",) if c.difference is None else (_points(c.difference),)
    if c.difference_90 is not None and c.difference is not None:
        difference += (f"{_points(c.difference_90.low, unit='')} to {_points(c.difference_90.high, unit='')}",)
    return (
        (name_of(c.unit),), (c.active_on,), (_counted(c.before), _of(c.before)), (_counted(c.after), _of(c.after)),
        (_of(c.peers_before), _of(c.peers_after)), difference, (_small(c.q),), (_seen(c),),
    )  # fmt: skip


def _seen(r: Reading | Change) -> str:
    """Whether it was flagged; if not, what could have been; if not tested, why."""
    if r.why_not:
        return f"Not tested: {r.why_not}."
    least = "No rise is so large that we would probably have seen it" if r.smallest_effect is None else (
        f"A rise of less than {_points(r.smallest_effect)} is easily missed"
    )  # fmt: skip
    return f"FLAGGED. {least}." if r.flagged else f"{least}."


def _populations(review: Review, names: dict[str, str]) -> Table | None:
    rows = sorted(review.populations, key=lambda p: (names.get(p.jurisdiction, p.jurisdiction), p.what, p.year))
    return _optional(
        "Estimated populations, with their margins of error. They decide nothing here: shares are of cases.",
        ("County", "Population", "Year", "Estimate", "Margin (90%)"),
        [(names.get(p.jurisdiction, p.jurisdiction), p.what, str(p.year), f"{p.estimate:,}",
          "not stated" if p.margin is None else f"± {p.margin:,}") for p in rows],
    )  # fmt: skip


def _beside(review: Review, names: dict[str, str]) -> Table | None:
    rows = sorted(review.beside, key=lambda b: (names.get(b.jurisdiction, b.jurisdiction), b.what))
    return _optional(
        "Complaints, claims and calls. They flag nothing themselves; not known is not none.",
        ("County", "What", "Number", "Source"),
        [(names.get(b.jurisdiction, b.jurisdiction), b.what, _known(b.value), b.source) for b in rows],
    )  # fmt: skip


def _optional(caption: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> Table | None:
    made = tuple(Row(tuple((cell,) for cell in row)) for row in rows)
    return (
        Table(caption, tuple(Column(t, 2.0 if t in {"Population", "Source", "What"} else 1.0) for t in titles), made)
        if made
        else None
    )


def _many(number: int, what: str) -> str:
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{number:,} {what if number == 1 else plural}" if number else f"no {plural}"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%-d %B %Y, %H:%M} UTC"


def _range(interval: Interval) -> str:
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f}%"


def _points(share: float, unit: str = " points") -> str:
    """A difference of shares: ``+4.1 points``."""
    return f"{100 * share:+.1f}{unit}".replace("-", "−")


def _small(q: float | None) -> str:
    return "–" if q is None else "< 0.0001" if q < 0.0001 else f"{q:.4f}" if q < 0.01 else f"{q:.2f}"


def _known(value: int | None) -> str:
    return "not known" if value is None else f"{value:,}"


def _counted(counts: tuple[int, int]) -> str:
    return f"{counts[0]:,} of {counts[1]:,}"


def _of(counts: tuple[int, int]) -> str:
    return percent(counts[0] / counts[1]) if counts[1] else "–"
