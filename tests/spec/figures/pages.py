"""The reference page of a definition: what its file says, and its people."""

from __future__ import annotations

from tests.spec.figures.story import Story

from tenprint.figures import Definition

KINDS = {"count": "a count", "share": "a share", "mean": "a mean"}


def page(definition: Definition, story: Story | None) -> str:
    """The page as Markdown."""
    lines = [
        f"# {definition.title}", "", f"`{definition.id}`: {KINDS[definition.kind]} in {definition.unit}, by {', '.join(definition.cells)}.",  # noqa: E501
        "", definition.population.strip(), "", f"Used in the debate: {definition.source}.", "",
    ]  # fmt: skip
    if definition.supersedes:
        lines += [f"Supersedes {definition.supersedes}.", ""]
    if definition.published_series:
        lines += [
            f"Where others published it, the numbers are the series `{definition.published_series}` of published cells.",  # noqa: E501
            "",
        ]
    if story is not None:
        lines += ["## People", "", story.about, "", "```", *story.lines, "```", ""]
        for expected in story.expected:
            lines += [
                f"As of {expected.as_of}:",
                "",
                f"| {' | '.join(expected.columns)} |",
                "|" + "---|" * len(expected.columns),
            ]
            lines += [f"| {' | '.join(row)} |" for row in expected.rows]
            lines.append("")
    lines += ["## Definition", "", "```sql", definition.sql, "```", ""]
    return "\n".join(lines)
