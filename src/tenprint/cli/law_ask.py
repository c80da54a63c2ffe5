"""``tenprint law ask``: the facts of one person asked one by one, in words, until the law of the day can answer."""

from __future__ import annotations

import json as text_json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec
import typer
from rich.markup import escape

from tenprint.cli.common import Json, emit, fail, out

if TYPE_CHECKING:
    from tenprint.law import Evaluation, Vocabulary
    from tenprint.law.vocabulary import Fact

T = TypeVar("T")

FIRST = ("in_custody", "arrested_by_lea", "reason_to_believe", "charges", "convictions")
"""What is asked before anything else; the rest as the law of the day needs it."""


def ask(
    on: Annotated[str, typer.Option("--on", help="The day of the decision.", show_default=False)],
    question: Annotated[str, typer.Option("--question", help="detainer, level or priority.")] = "detainer",
    save: Annotated[Path | None, typer.Option("--save", help="Write the facts to this file.")] = None,
    json: Json = False,
) -> None:
    """Ask the facts of one person one by one, in words, and answer as soon as the law of the day can.

    An empty line means that nobody knows; a question is asked once. No internal name has to be known.

    Example: tenprint law ask --on 2013-02-01
    """
    from tenprint import law

    try:
        day = date.fromisoformat(on)
    except ValueError:
        fail(f"--on: expected a date such as 2012-12-21, got {on!r}")
    words, facts, asked = law.vocabulary(), dict[str, object](), set[str]()
    try:
        for name in FIRST:
            _take(words.facts[name], facts, asked, words)
        answer = law.evaluate(question, facts, on=day)
        while (wanted := _next(answer, asked)) is not None:
            _take(words.facts[wanted], facts, asked, words)
            answer = law.evaluate(question, facts, on=day)
    except law.LawError as wrong:
        fail(str(wrong))
    if save is not None:
        save.write_text(text_json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    if json:
        emit({"facts": facts, "answer": msgspec.to_builtins(answer)})
        return
    _say(answer, words)


def _next(answer: Evaluation, asked: set[str]) -> str | None:
    """The next fact that the answer hangs on and that was not asked yet; fields of records are asked with them."""
    return next((name for name in answer.missing if name not in asked and "." not in name), None)


def _take(fact: Fact, facts: dict[str, object], asked: set[str], words: Vocabulary) -> None:
    asked.add(fact.name)
    value = _records(fact, words) if fact.type == "records" else _one(fact.means, fact)
    if value is not None:
        facts[fact.name] = value


def _records(fact: Fact, words: Vocabulary) -> list[dict[str, object]] | None:
    """Records one by one; none is an answer, an empty line is not."""
    count = _one(f"{fact.means} How many?", fact, kind="number")
    if count is None:
        return None
    rows: list[dict[str, object]] = []
    for number in range(1, int(str(count)) + 1):
        out.print(f"{fact.of.capitalize()} {number}:")
        row: dict[str, object] = {}
        for field in words.records[fact.of].fields.values():
            if field.rule is None and field.name not in {"number", "id", "source", "charge", "incident"}:
                value = _one(f"  {field.means}", field)
                if value is not None:
                    row[field.name] = value
        rows.append(row)
    return rows


def _one(means: str, fact: Fact, kind: str = "") -> object | None:
    """One question, until its answer can be read; None for an empty line."""
    kind = kind or fact.type
    hint = {"boolean": "yes or no", "number": "a number", "date": "a day such as 2012-12-21"}.get(kind, "words")
    if kind in {"choice", "set"}:
        hint = ("one of: " if kind == "choice" else "any of, with commas; none: ") + ", ".join(
            _label(v) for v in fact.values
        )
    while True:
        text = typer.prompt(f"{means} ({hint}; empty: nobody knows)", default="", show_default=False).strip()
        if not text:
            return None
        try:
            return _read(text, kind, fact)
        except ValueError:
            out.print(f"  expected {escape(hint)}, got {escape(repr(text))}")


def _read(text: str, kind: str, fact: Fact) -> object:
    match kind:
        case "boolean":
            return _value(text, {"yes": True, "y": True, "no": False, "n": False})
        case "number":
            return int(text)
        case "date":
            return date.fromisoformat(text).isoformat()
        case "choice":
            return _value(text, {v.lower(): v for v in fact.values})
        case "set":
            named = {v.lower(): v for v in fact.values}
            return [] if text.lower() == "none" else [_value(part, named) for part in text.split(",")]
    return text


def _label(value: str) -> str:
    return value.replace("_", " ")


def _value(text: str, known: dict[str, T]) -> T:
    """The value that somebody means: by its own name or by its label."""
    wanted = text.strip().lower().replace(" ", "_")
    if wanted not in known:
        raise ValueError(text)
    return known[wanted]


def _say(answer: Evaluation, words: Vocabulary) -> None:
    out.print(f"[bold]{answer.regime}[/bold]  {escape(answer.says)}")
    told = answer.result or ", ".join(_label(act.lower()) for act in answer.permitted)
    out.print(f"The answer: {told or 'no rule'}.")
    if answer.duties:
        out.print(f"Required by statute: {', '.join(_label(act.lower()) for act in answer.duties)}.")
    for name in answer.missing:
        fact = words.facts.get(name) or words.records[words.facts[name.split(".")[0]].of].fields[name.split(".")[1]]
        out.print(f"Still unknown: {escape(fact.means)}")
    for doubt in answer.doubts:
        out.print(f"[yellow]doubt on this day[/yellow]  {escape(doubt)}")
    out.print(f"standing: {answer.standing}")
