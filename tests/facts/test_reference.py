"""The reference page of the tables of facts is what ``tables.toml`` says."""

from __future__ import annotations

import os
from pathlib import Path

from tenprint.facts.schema import CODES, COMMON, TABLES, Column

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "facts-tables.md"
HEAD = """# Tables of facts

Generated from `src/tenprint/facts/tables.toml`; what the tables are for stands in [facts](facts.md).
Types: text, whole number, exact (decimal, 6 places), truth, day, moment (UTC, microseconds), list of text, labels (text
to text).
"""


def rows(columns: tuple[Column, ...]) -> list[str]:
    made = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    for c in columns:
        codes = f" Codes: {c.codes}." if c.codes else ""
        made.append(f"| `{c.name}` | {c.type} | {c.unit} | {c.about}.{codes} |")
    return made


def page() -> str:
    lines = [HEAD, "## In every table", "", *rows(COMMON), ""]
    for table in TABLES.values():
        kind = "" if table.counted else " Reference: describes rows of other tables, is never counted."
        lines += [f"## {table.name}", "", f"One row: a version of {table.row}.{kind}", "", *rows(table.columns), ""]
    lines += ["## Code lists", "", "| list | values |", "|---|---|"]
    lines += [f"| {name} | {', '.join(values)} |" for name, values in CODES.items()]
    return "\n".join(lines) + "\n"


def test_the_page_of_the_tables_is_what_the_schema_says() -> None:
    if os.environ.get("TENPRINT_WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "run with TENPRINT_WRITE_DOCS=1 to write the page anew"
