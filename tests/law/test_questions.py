"""A lawyer's twenty questions: the program answers as the texts do, and the handbook page says the same.

The page is written anew with TENPRINT_WRITE_DOCS=1.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tenprint.cli.law import app

ASKED: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_name("questions.toml").read_text("utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "handbook" / "questions.md"
HEAD = """# A lawyer's twenty questions

Each answer is what the program says, checked on every run against an answer taken from the text. The row names its
pinpoint and source; what was not read stands `unverified`. Nothing here is legal advice. More places:
[the law of places](law/places/README.md).
"""


def told(*words: str) -> dict[str, Any]:
    ended = CliRunner().invoke(app, [*words, "--json"])
    assert ended.exit_code == 0, ended.output
    data = json.loads(ended.output)
    assert isinstance(data, dict)
    return data


def hold(asked: dict[str, Any]) -> Iterator[str]:
    line = ["may-hold", "--county", asked["county"], "--form", asked["form"], "--on", str(asked["on"])]
    answer = told(*line)
    assert answer["answer"] == asked["answer"], asked["asks"]
    assert answer["rests_on"] == asked["rests"], asked["asks"]
    rows = [row for row in answer["rows"] if row["id"] in asked["rests"]]
    assert any(asked["pinpoint"] in row["pinpoint"] for row in rows) or not asked["rests"], asked["asks"]
    yield f"**{answer['answer']}**; notice of release: {answer['notify']}. {answer['why']}"
    yield from (f"Condition: {condition}." for condition in answer["conditions"])
    for row in rows:
        yield f"`{row['id']}` ({row['level']}, {row['standing']}): {row['says']}"
        yield f"Pinpoint: {row['pinpoint']}. Source: {row['source']}."
    yield f"`tenprint law {' '.join(_quoted(line))}`"


def clock(asked: dict[str, Any]) -> Iterator[str]:
    line = ["deadline", "--form", asked["form"], "--released", asked["released"], "--zone", asked["zone"]]
    line += ["--served", asked["served"]] if "served" in asked else []
    answer = told(*line)
    assert (answer["deadline"] or "") == asked["deadline"], asked["asks"]
    says = (
        f"At most until {answer['deadline']}." if answer["deadline"] else "Not at all: there is no hold and no limit."
    )
    if "in_force" in asked:
        assert answer["in_force"] == asked["in_force"], asked["asks"]
        says = f"In force: **{asked['in_force']}**. {answer['why']} The arithmetic alone gives {answer['deadline']}."
    yield says
    yield f"Pinpoint: {asked['pinpoint']}."
    yield f"`tenprint law {' '.join(_quoted(line))}`"


def issuable(asked: dict[str, Any]) -> Iterator[str]:
    assert told("on", str(asked["on"]))["forms"] == asked["forms"], asked["asks"]
    yield f"{', '.join(asked['forms'])}, and no other."
    yield f"Pinpoint: {asked['pinpoint']}."
    yield f"`tenprint law on {asked['on']}`"


def _quoted(line: list[str]) -> Iterator[str]:
    return (f'"{word}"' if " " in word else word for word in line)


def page() -> str:
    text, number = HEAD, 0
    for kind, answer in (("hold", hold), ("clock", clock), ("form", issuable)):
        for asked in ASKED[kind]:
            number += 1
            text += f"\n## {number}. {asked['asks']}\n\n" + "\n\n".join(answer(asked)) + "\n"
    return text


def test_l30_twenty_questions_are_answered_as_the_texts_do_and_the_handbook_says_so() -> None:
    assert sum(map(len, ASKED.values())) == 20
    text = page()
    if os.environ.get("TENPRINT_WRITE_DOCS"):
        PAGE.write_text(text, "utf-8")
    assert PAGE.read_text("utf-8") == text
