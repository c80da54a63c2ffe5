"""Reading the tables of the law: one TOML file a regime, checked as a whole before anybody relies on it."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from tenprint.law.conditions import Node, parse
from tenprint.law.errors import ConditionError, TablesError
from tenprint.law.lint import faults_of_law
from tenprint.law.regimes import Law, Question, Regime
from tenprint.law.vocabulary import TABLES, read_vocabulary, vocabulary


def load(folder: Path | None = None) -> Law:
    """Read and check the tables of the law.

    Args:
        folder: a folder with `regimes/*.toml` and, optionally, its own `vocabulary.toml`, `questions.toml`,
        `sources.toml`;
            default: the tables that ship with the program.

    Raises:
        TablesError: listing every fault in plain words.
    """
    return _shipped() if folder is None else _load(folder)


@cache
def _shipped() -> Law:
    return _load(TABLES)


def _load(folder: Path) -> Law:
    words = read_vocabulary(folder / "vocabulary.toml") if (folder / "vocabulary.toml").exists() else vocabulary()
    questions = {
        key: msgspec.convert(row, Question) for key, row in _table(folder, "questions.toml")["question"].items()
    }
    sources: dict[str, str] = _table(folder, "sources.toml")["source"]
    faults: list[str] = []
    regimes = []
    for path in sorted((folder / "regimes").glob("*.toml")):
        try:
            regimes.append(read_regime(path))
        except TablesError as wrong:
            faults += wrong.faults
    law = Law(
        vocabulary=words,
        questions=questions,
        sources=sources,
        regimes=tuple(
            sorted(
                regimes,
                key=lambda r: (
                    list(questions).index(r.question) if r.question in questions else 99,
                    r.in_force_from,
                    r.id,
                ),
            )
        ),
    )
    faults += faults_of_law(law, complete=not faults)
    if faults:
        raise TablesError(faults)
    return law


def _table(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name if (folder / name).exists() else TABLES / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


_NEEDED = {
    "id": "a name",
    "question": "the question that it answers",
    "kind": "'base', 'overlay' or 'control'",
    "title": "a title",
    "in_force_from": "the day from which it is in force",
    "authority": "the authority that it rests on",
    "source": "a source",
    "standing": "how well it is verified (primary, secondary or unverified)",
    "says": "what it says in plain words",
}


def read_regime(path: Path) -> Regime:
    """Read one file and parse its conditions.

    Raises:
        TablesError: when the file cannot be understood.
    """
    text = path.read_bytes()
    try:
        raw = tomllib.loads(text.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise TablesError([f"{path.name}: not a TOML file: {wrong}"]) from None
    faults = [
        f"{path.name}: {meaning} is missing; add the line '{key} = ...'"
        for key, meaning in _NEEDED.items()
        if not raw.get(key)
    ]
    if faults:
        raise TablesError(faults)
    raw["rules"] = raw.pop("rule", [])
    raw["doubts"] = raw.pop("open", [])
    raw["signatures"] = raw.pop("signature", [])
    try:
        regime = msgspec.convert(raw, Regime)
    except msgspec.ValidationError as wrong:
        raise TablesError([f"{path.name}: {str(wrong).replace('Object', 'the regime or a rule')}"]) from None

    def condition(text: str | None, where: str) -> Node | None:
        try:
            return None if text is None else parse(text)
        except ConditionError as wrong:
            faults.append(f"{path.name}: {where}: {wrong}")
            return None

    rules = tuple(
        msgspec.structs.replace(
            rule,
            condition=condition(rule.when, f"rule {rule.code!r}"),
            exception=condition(rule.unless, f"rule {rule.code!r}, unless"),
        )
        for rule in regime.rules
    )
    doubts = tuple(
        msgspec.structs.replace(d, condition=condition(d.when, f"the doubt from {d.starts}")) for d in regime.doubts
    )
    presupposed = condition(regime.standard, "the standard")
    if faults:
        raise TablesError(faults)
    return msgspec.structs.replace(
        regime, rules=rules, doubts=doubts, presupposed=presupposed, digest=hashlib.sha256(text).hexdigest()
    )
