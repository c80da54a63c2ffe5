"""The reference page of a definition: what its file says, and its people."""

from __future__ import annotations

from tests.spec.figures.story import Story

from tenprint.figures import Definition
from tenprint.figures.definitions import versions

KINDS = {"count": "a count", "share": "a share", "mean": "a mean"}


def page(definition: Definition, story: Story | None, changed: Story | None = None) -> str:
    """The page as Markdown."""
    lines = [
        f"# {definition.title}", "", f"`{definition.id}`: {KINDS[definition.kind]} in {definition.unit}, by {', '.join(definition.cells)}.",  # noqa: E501
        "", definition.population.strip(), "", f"Used in the debate: {definition.source}.", "",
    ]  # fmt: skip
    if definition.supersedes:
        lines += [
            f"In force since {definition.in_force}; supersedes `{definition.supersedes}`. {definition.changed}",
            "",
        ]
    if definition.published_series:
        lines += [
            f"Where others published it, the numbers are the series `{definition.published_series}` of published cells.",  # noqa: E501
            "",
        ]
    if story is not None:
        lines += _people("## People", story)
    if changed is not None:
        lines += _people("## Forward-only and restated", changed)
    lines += ["## Definition", "", "```sql", definition.sql, "```", ""]
    for earlier in reversed(versions(definition)[:-1]):
        lines += [f"## Superseded: `{earlier.id}`", "", earlier.population.strip(), ""]
        lines += [f"In force since {earlier.in_force}. Used in the debate: {earlier.source}.", ""]
        lines += ["```sql", earlier.sql, "```", ""]
    return "\n".join(lines)


def _people(heading: str, story: Story) -> list[str]:
    lines = [heading, "", story.about, "", "```", *story.lines, "```", ""]
    for expected in story.expected:
        lines += [
            f"As of {expected.as_of}:",
            "",
            f"| {' | '.join(expected.columns)} |",
            "|" + "---|" * len(expected.columns),
        ]
        lines += [f"| {' | '.join(row)} |" for row in expected.rows]
        lines.append("")
    return lines
