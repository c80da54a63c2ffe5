"""Who may state what: one table of facts, roles, papers and second persons (``statements.toml``)."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Any

import msgspec

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.second import check_second
from tenprint.cases.kernel.value import Value

CLAIMED = {"victim": "VICTIM", "witness": "WITNESS", "citizenship_indicator": "CITIZEN"}
"""Facts that a claim states too: an upheld one is changed by the office that upheld it alone."""


class Group(Value, frozen=True):
    """One row of the table."""

    title: str = ""
    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] | None = None
    roles_no: tuple[str, ...] | None = None
    seconds: tuple[str, ...] = ()
    document: bool = False
    document_no: bool = False
    second: bool = False
    second_no: bool = False
    decides: bool = True
    instead: str = ""


class _Table(msgspec.Struct, frozen=True):
    default: Group
    group: tuple[Group, ...]


@functools.cache
def table() -> tuple[Group, ...]:
    """The rows as shipped, each complete."""
    text = resources.files("tenprint.cases.card").joinpath("statements.toml").read_text("utf-8")
    read = msgspec.convert(tomllib.loads(text), _Table)
    default = read.default
    return tuple(
        msgspec.structs.replace(
            g, roles=default.roles if g.roles is None else g.roles, seconds=g.seconds or default.seconds
        )
        for g in (*read.group, msgspec.structs.replace(default, title="Every other fact"))
    )


@functools.cache
def rule_of(fact: str) -> Group:
    """The row that a fact falls under; the last one holds for every fact that no row names."""
    rows = table()
    return next((g for g in rows if fact in g.facts), rows[-1])


def check_stated(case: Case, command: cmd.StateFact, act: Act, asked: str) -> None:
    """Refuse a statement by somebody whose fact it is not, without its paper, or without its second person.

    Raises:
        Refusal: saying whose it is.
    """
    rule = rule_of(command.name)
    takes_away = command.value is False or command.value is None
    roles = rule.roles_no if takes_away and rule.roles_no is not None else rule.roles or ()
    if act.role not in roles:
        whose = f"this fact is stated by {' or '.join(roles)}" if roles else "nobody states it"
        raise Refusal(
            asked, f"{act.actor} acts as {act.role}, and {whose}", rule.instead or f"ask {' or '.join(roles)}"
        )
    if act.role == "system":
        return
    if (rule.document or (takes_away and rule.document_no)) and not command.document.strip():
        raise Refusal(asked, "it takes a document, by number", "state it again with --document")
    if rule.second or (takes_away and rule.second_no):
        check_second(act, command.second, rule.seconds, asked)
    _check_protection(case, command, act, asked)


def _check_protection(case: Case, command: cmd.StateFact, act: Act, asked: str) -> None:
    """An upheld claim is changed by a correction of the office that upheld it, with a second person."""
    kind = CLAIMED.get(command.name)
    if kind is None or command.value is True:
        return
    upheld = [c.resolved for c in case.claims if c.made.claim == kind and c.resolved is not None and c.resolved.upheld]
    if not upheld:
        return
    owner = upheld[-1].role or "rights"
    if act.role != owner or not command.corrects:
        raise Refusal(
            asked,
            f"a claim ({kind}) was upheld by {upheld[-1].by}, and one sentence takes no protection away",
            f"a correction by somebody who is {owner}, with a second person (tenprint correct --fact ... --second)",
        )
    check_second(act, command.second, rule_of(command.name).seconds, asked)


def may_not_decide(case: Case, name: str) -> tuple[str, ...]:
    """Facts stated by somebody who therefore does not decide a request in this case."""
    return tuple(
        dict.fromkeys(
            s.name for s in case.statements if s.by == name and not rule_of(s.name).decides and _counts(s.value)
        )
    )


def _counts(value: Any) -> bool:
    return value not in (None, False, ())
