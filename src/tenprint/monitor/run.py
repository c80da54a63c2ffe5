"""A quarterly review from facts: each metric is a figure with a receipt, its counts are tested, the rest is telling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from tenprint.facts import Folder
from tenprint.figures import FiguresError, compute, find
from tenprint.figures.compute import choose_origin
from tenprint.figures.vintage import Vintage, end_of_day, moment_of
from tenprint.monitor import quarters
from tenprint.monitor.counts import Counts, from_rows
from tenprint.monitor.errors import MonitorError
from tenprint.monitor.review import Beside, Population, Review
from tenprint.monitor.reviewed import Reviewed, reviewed
from tenprint.monitor.rule import Rule, rule_for

NOTES = tuple(
    " ".join(paragraph.split())
    for paragraph in """
The historical methodology, the program's "Overview of Quarterly Statistical Monitoring", was never found. Metrics,
comparison and thresholds are our own design and do not replicate it.

A flag is a question to somebody, not a finding: it says that a place is unlike its peers or changed, not why.

No flag is not a clean bill: the smallest effect that could have been seen stands beside every place.

Denominators are bookings, matches or records, never population. Populations, where given, stand beside and decide
nothing.

Nothing here uses race or ethnicity, and nothing infers it. Bookings cannot show who was stopped and let go.

What nobody knows is missing, never no: bookings without a stated end of every charge are in no share of releases.

The false discovery rate holds over all quarters of the rule's sequence together; the level of one quarter is its equal
share of that. That it holds where metrics of one county depend on each other is measured on planted data, not proven.
""".strip().split("\n\n")
)


def run(
    facts: Path, quarter: str, *, rule: Rule | None = None, as_of: str | date | datetime | None = None,
    origin: str | None = None, registered_at: datetime | None = None, populations: Sequence[Population] = (),
    beside: Sequence[Beside] = (),
) -> Review:  # fmt: skip
    """Review a quarter.

    Args:
        facts: A folder of facts.
        quarter: Calendar quarter, such as ``2011Q2``.
        rule: The rule; when left out, the one that comes with the program and holds the quarter.
        as_of: What was known, on both clocks; when left out, the end of the quarter as many quarters later as the rule
            waits.
        origin: Which origin to count, where the facts have several.
        registered_at: When the rule was registered on a ledger; nothing: it was not.
        populations: Estimates to stand beside.
        beside: Complaints, claims, calls to stand beside.

    Raises:
        MonitorError: when the quarter is none, lies outside of the rule's sequence, or had not ended at the as-of.
        FiguresError: when a definition is another one than the rule names, or there is nothing to count.
    """
    rule = rule_for(quarter) if rule is None else rule
    which = quarters.number(quarter)
    rule.level_of(which)
    known = waited(which, rule.wait) if as_of is None else moment_of(as_of)
    if known.date() < last_day(which):
        raise MonitorError(f"{quarter} had not ended on {known.date()}: give a later --as-of")
    folder = Folder.open(facts)
    source = one_origin(folder, rule, origin)
    counts, empty = count(facts, folder, rule, known, source)
    empty += unlooked(counts, which, rule)
    found = reviewed(counts, quarter, rule, activations(folder, source, known))
    return _told(found, rule, quarter, known, source, registered_at, tuple(populations), tuple(beside), tuple(empty))


def last_day(quarter: int) -> date:
    """The last day of a quarter (its number)."""
    return quarters.first_day(quarter + 1) - timedelta(days=1)


def waited(quarter: int, wait: int) -> datetime:
    """The last moment of a quarter (its number), some quarters later."""
    return end_of_day(last_day(quarter + wait))


def one_origin(folder: Folder, rule: Rule, wanted: str | None) -> str:
    """The one origin that all metrics are computed from.

    Raises:
        FiguresError: when there is none, more than one to choose from, or not the one that was asked for.
    """
    problems = []
    for metric in rule.metric:
        try:
            return choose_origin(folder, find(metric.definition), wanted)
        except FiguresError as wrong:
            problems.append(wrong)
    raise problems[0]


def count(facts: Path, folder: Folder, rule: Rule, known: datetime, origin: str) -> tuple[list[Counts], list[str]]:
    """Compute the rule's metrics; gives their counts, and a note for each that has nothing to count."""
    counts, empty = [], []
    for metric in rule.metric:
        definition = find(metric.definition)
        if origin not in folder.origins(definition.counted):
            empty.append(f"{metric.name}: these facts have nothing to count it from.")
            continue
        figure = compute(definition, facts, known, origin=origin)
        nowhere = sum(int(row["denominator"]) for row in figure.rows if not row.get("jurisdiction"))
        if nowhere:
            empty.append(f"{metric.name}: {nowhere:,} cases have no known county and are in no place's counts.")
        counts.append(
            from_rows(
                metric.name, figure.rows, definition=figure.definition, title=figure.title,
                population=definition.population, receipt=figure.receipt,
            )
        )  # fmt: skip
    return counts, empty


def unlooked(counts: Sequence[Counts], quarter: int, rule: Rule) -> list[str]:
    """A note for each metric without a case in the quarter (its number): it was not looked at, which is not quiet.

    Raises:
        MonitorError: when the facts hold no case of the quarter at all.
    """
    without = [c for c in counts if not c.window(quarter, quarter).cases.sum()]
    when = quarters.written(quarter)
    if len(without) == len(rule.metric):
        raise MonitorError(f"these facts hold no case of {when}: nothing to review, which is not a quiet quarter")
    return [f"{c.metric}: these facts hold no case of {when}. That is not a quiet quarter." for c in without]


def activations(folder: Folder, origin: str, known: datetime) -> Mapping[str, date]:
    """First active day of each county, as known at a moment."""
    with Vintage(folder, origin, ["activation"]) as vintage:
        vintage.at(known, known)
        try:
            rows = vintage.connection.execute(
                "SELECT jurisdiction, min(active_on) FROM activation "
                "WHERE jurisdiction IS NOT NULL AND active_on IS NOT NULL GROUP BY 1"
            ).fetchall()
        except duckdb.Error as wrong:
            raise MonitorError(f"{folder.path}: activations cannot be read: {wrong}") from None
    return dict(rows)


def _told(  # noqa: PLR0917 - what a review is made of
    found: Reviewed, rule: Rule, quarter: str, known: datetime, origin: str, registered_at: datetime | None,
    populations: tuple[Population, ...], beside: tuple[Beside, ...], more: tuple[str, ...],
) -> Review:  # fmt: skip
    return Review(
        quarter=quarter, as_of=known.astimezone(UTC), origin=origin, rule=rule.id, rule_text=rule.text,
        registered_at=registered_at, false_discovery_rate=rule.level, power=rule.power, tests=found.tests,
        level=found.level, cut=found.cut, expected_false=found.level * len(found.flags), metrics=found.metrics,
        flags=found.flags, populations=populations, beside=beside, notes=(*NOTES, *more),
    )  # fmt: skip
