"""What a case asks of the law: the evaluation of a day, the forms of a day, the deadline of a hold.

The law lists; a named person acts. Facts and traces are turned into plain JSON values, because they are kept in events.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_args

import msgspec

from tenprint import law as rules
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Choice
from tenprint.cases.card.facts import facts_of
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

REQUESTS: tuple[Choice, ...] = ("DETAINER", "NOTIFY_REQUEST", "TRANSFER_REQUEST")
"""Choices that reach into a person's liberty. The others refrain from it and are always open, each with a reason."""

CHOICES: tuple[str, ...] = get_args(Choice)

KIND_OF_FORM: dict[str, Choice] = {
    "I-247N": "NOTIFY_REQUEST",
    "I-247G": "NOTIFY_REQUEST",
    "I-247B": "NOTIFY_REQUEST",
    "I-247X": "TRANSFER_REQUEST",
}
"""What a form asks for; every other form of the family is a detainer."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation in plain values."""

    regime: str
    overlays: tuple[str, ...]
    regime_hash: str
    permitted: tuple[str, ...]
    duties: tuple[str, ...]
    missing: tuple[str, ...]
    flags: tuple[str, ...]
    standing: str
    trace: tuple[dict[str, object], ...]
    bases: dict[str, tuple[str, ...]]
    """For each permitted choice, the codes of the rules that permit it."""
    needs_reason: tuple[str, ...]
    needs_reviewer: bool
    reviewed: tuple[str, ...]
    """Codes of rules that need a supervisor's sign-off when they are relied on."""
    facts: dict[str, object]

    def allows(self, choice: str) -> bool:
        """Whether the choice is permitted or a duty; refraining always is."""
        return choice not in REQUESTS or choice in self.permitted or choice in self.duties


def plain(value: object) -> Any:
    """The value as JSON would give it back."""
    return msgspec.json.decode(msgspec.json.encode(value))


def find(case: Case, act: Act, **more: object) -> Finding:
    """What the law says about the facts of the case, with ``more`` facts from the act itself.

    Asked is the law in force on the day of the act, as it could be known on that day: a later ruling changes no answer.
    The program's own controls are added whatever the day is, because the act is done in the program.
    """
    facts = facts_of(case, act.today, (*act.around.custody, *act.around.elsewhere)) | {
        k: v for k, v in more.items() if v
    }
    try:
        found = rules.evaluate("detainer", facts, on=act.today, known_on=act.today, law=act.law, controls=True)
    except rules.FactsError as wrong:
        raise Refusal("ask the law", f"the facts of the case cannot be used: {wrong}", "correct the fact") from wrong
    except rules.LawError as none:
        raise Refusal("ask the law", f"it has no answer for that day: {none}", "state the day of the act") from none
    return Finding(
        regime=found.regime,
        overlays=(*found.overlays, *found.controls),
        regime_hash=found.regime_hash,
        permitted=tuple(found.permitted),
        duties=tuple(plain(found.duties)),
        missing=tuple(found.missing),
        flags=tuple(plain(found.flags)),
        standing=found.standing,
        trace=tuple(plain(found.trace)),
        bases={choice: tuple(codes) for choice, codes in found.bases.items()},
        needs_reason=tuple(found.needs_reason),
        needs_reviewer=found.needs_reviewer,
        reviewed=found.reviewed,
        facts=plain(facts),
    )


def kind_of(form: str) -> Choice:
    """The choice that a form carries out."""
    return KIND_OF_FORM.get(form, "DETAINER")


def forms_for(choice: str, on: date) -> tuple[str, ...]:
    """Forms that carry out this choice and could be issued on that day, oldest first."""
    return tuple(name for name in rules.forms(on) if kind_of(name) == choice)


def deadline(form: str, released: datetime, zone: str) -> rules.Deadline:
    """When a hold under the form ends at the latest."""
    return rules.hold_deadline(form, released, zone)


def asks_for_hold(form: str) -> bool:
    """Whether the form asks the jail to hold past release."""
    return rules.form(form).hold_hours is not None
