"""What ``tenprint figures`` prints: a figure, both series of a definition, a difference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tenprint.cli.common import out

if TYPE_CHECKING:
    from rich.table import Table

    from tenprint.figures import Figure, Series
    from tenprint.figures.panel import Panel


def print_series(both: Series) -> None:
    """Print both series, with a letter beside each number for the version it was counted under."""
    from rich.table import Table

    letters = {v["definition"]: chr(ord("a") + i) for i, v in enumerate(both.versions)}
    table = Table(title=f"{both.title} ({both.unit})", title_justify="left")
    sides = ("forward", "restated")
    names = [n for n in (both.rows[0] if both.rows else {}) if n not in {*sides, "in_force"}]
    for column in (*names, *sides):
        table.add_column(column, min_width=len(column), overflow="fold", justify="right" if column in sides else "left")
    for row in both.rows:
        numbers = (f"{text(row[s]['value'])} {letters[row[s]['definition']]}" for s in sides)
        table.add_row(*(text(row[n]) for n in names), *numbers)
    print_table(table)
    for v in both.versions:
        since = f"in force since {v['in_force']}" if v["in_force"] else "in force since ever"
        replaced = f", supersedes {v['supersedes']}" if v["supersedes"] else ""
        out.print(f"{letters[v['definition']]} {v['definition']} {since}{replaced}", markup=False)
    known, happened = f"{both.as_of:%Y-%m-%d %H:%M}", f"{both.valid:%Y-%m-%d %H:%M}"
    out.print(f"origin {both.origin} · known as of {known} UTC · what had happened by {happened} UTC")
    out.print(f"receipt {both.receipt['hash']}")


def print_figure(figure: Figure) -> None:
    """Print a figure as a table with what has to stand beside every number."""
    from rich.table import Table

    table = Table(title=f"{figure.title} ({figure.unit})", title_justify="left")
    names = [n for n in (figure.rows[0] if figure.rows else {}) if n != "value"]
    for name in names:
        table.add_column(name, min_width=len(name), overflow="fold")
    table.add_column("value", justify="right", min_width=len("value"))
    for row in figure.rows:
        table.add_row(*(text(row[n]) for n in names), text(row["value"]))
    print_table(table)
    if figure.rows:
        out.print(f"n = {_counted(figure)}")
    known, happened = f"{figure.as_of:%Y-%m-%d %H:%M}", f"{figure.valid:%Y-%m-%d %H:%M}"
    out.print(f"origin {figure.origin} · known as of {known} UTC · what had happened by {happened} UTC")
    whose = ", which does not come with this program" if figure.own_definition else ""
    out.print(f"definition {figure.definition}{whose}\nreceipt {figure.receipt['hash']}")
    for source in figure.sources:
        out.print(f"source {source}", markup=False, soft_wrap=True)


def print_difference(found: dict[str, Any]) -> None:
    """Print a difference: cells that changed, their parts, and the total."""
    from rich.table import Table

    table = Table(title=f"{found['title']} ({found['unit']})", title_justify="left")
    total = found["total"]
    rows = [r for r in found["rows"] if r["parts"]]
    shown = [*rows, *([total] if total else [])]
    names = [
        n for n in (found["rows"][0] if found["rows"] else {}) if n not in {"from", "to", "parts", "exact", "counts"}
    ]
    parts = list(dict.fromkeys(p for r in shown for p in r["parts"]))
    for column in [*names, "from", "to", *parts]:
        table.add_column(column, justify="left" if column in names else "right")
    for row in shown:
        cells = [text(row.get(n, "all" if n == names[0] else "")) for n in names]
        signed = [f"{row['parts'][p]:+,.6g}" if p in row["parts"] else "" for p in parts]
        table.add_row(*cells, text(row["from"]), text(row["to"]), *signed)
    print_changes(found)
    if shown:
        out.print(table)
    ends = f"{found['from_as_of']:%Y-%m-%d} to {found['to_as_of']:%Y-%m-%d}"
    out.print(f"as of {ends} · {found['definition']} to {found['to_definition']}")


def _counted(figure: Figure) -> str:
    """How many things stand behind a table: of a count its sum, of shares and means their denominators."""
    cells = f"{len(figure.rows):,} cells"
    values = [r.get("denominator", r["value"]) for r in figure.rows]
    if any(v is None for v in values):
        return cells
    if "denominator" in figure.rows[0]:
        return f"{sum(values):,.6g} in {cells}: the column denominator says how many stand behind a value"
    return f"{sum(values):,.12g} {figure.unit} in {cells}" if figure.kind == "count" else cells


MOST_LABELS = 8


def print_changes(found: dict[str, Any]) -> None:
    """Print what changed between two dates in one screen: in all, in periods that were over, by label, why."""
    changed = [r for r in found["rows"] if r["parts"]]
    since, until = f"{found['from_as_of']:%Y-%m-%d}", f"{found['to_as_of']:%Y-%m-%d}"
    out.print(f"[bold]{found['title']} ({found['unit']})[/bold]: what changed from {since} to {until}")
    averages = "average" in found["unit"] or (found["closed"] is not None and found["unit"] == "days")
    if (total := found["total"]) and not averages:  # averages of several months add up to nothing
        whole = f"In all {text(total['from'])} to {text(total['to'])}{_against(total['from'], total['to'])}"
        why = ", ".join(f"{part} {change:+,.6g}" for part, change in total["parts"].items())
        out.print(f"{whole}; {why or 'nothing moved'}.", markup=False)
    out.print(f"{len(changed)} of {len(found['rows'])} cells changed · origin {found['origin']}")
    if closed := found["closed"]:
        moved = f", {text(closed['from'])} to {text(closed['to'])}{_against(closed['from'], closed['to'])}"
        out.print(f"Periods that were over by {since}: {closed['changed']} of {closed['cells']} cells changed"
                  f"{'' if averages else moved}")  # fmt: skip
        for name, labels in closed["moved"].items():
            out.print(f"  by {name}: {_labels(labels)}", markup=False)


def _against(before: Any, after: Any) -> str:
    if before is None or after is None or before == after:
        return ""
    share = f", {100 * (after - before) / before:+.1f} %" if before else ""
    return f" ({after - before:+,.6g}{share})"


def _labels(labels: dict[str, Any]) -> str:
    """What moved between labels: months in their order, others by size; those left out are counted."""
    timed = all(re.fullmatch(r"(FY)?\d{4}(-\d{2}|Q\d)?", label) for label in labels)
    ordered = sorted(labels.items(), key=lambda row: row[0] if timed else (-abs(row[1]), row[0]))
    kept = ordered if timed else ordered[:MOST_LABELS]
    more = f", and {len(ordered) - len(kept)} others" if len(kept) < len(ordered) else ""
    return ", ".join(f"{label} {change:+,}" for label, change in kept) + more


def print_panel(found: Panel) -> None:
    """Print a panel as a table; what is not known is a dash."""
    from rich.table import Table

    table = Table(title=f"panel of {', '.join(found.definitions)}", title_justify="left")
    for column in found.columns:
        table.add_column(column, min_width=len(column), overflow="fold")
    for row in found.rows:
        table.add_row(*(text(row[c]) for c in found.columns))
    print_table(table)
    out.print(f"origin {found.origin} · known as of {found.as_of:%Y-%m-%d %H:%M} UTC")


def print_table(table: Table) -> None:
    """Print a table as narrow as the terminal allows, and no narrower than its headings; say when it is empty."""
    if not table.row_count:
        out.print(
            f"[bold]{table.title}[/bold]\nNo rows: nothing of this kind was known then; see `tenprint facts show`."
        )
        return
    least = sum((column.min_width or 1) + 3 for column in table.columns) + 1
    out.print(table, width=max(out.width, least))


def text(value: Any) -> str:
    """A value in a table for people."""
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
