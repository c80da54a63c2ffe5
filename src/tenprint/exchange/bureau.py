"""The state identification bureau: which cards it takes in, and which it answers with an error.

A card is checked against the profile of its transaction (EBTS record layouts and fields) before it is taken in; what
breaches it is answered with an ERRT (EBTS 9.1, 2.060 MSG: at most eleven messages of 300 characters).
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from tenprint.exchange.cards import Card
from tenprint.itl import check

MOST_MESSAGES = 11
LONGEST_MESSAGE = 300
DEFAULT_PROFILE = "ebts-9.1"
AGREED = ("mandatory", "form")
"""Rules on which EBTS 9.1, 10.0 and 11.2 agree."""


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    text = resources.files("tenprint.exchange").joinpath("transactions.toml").read_text("utf-8")
    return tomllib.loads(text)


def accepted_types() -> frozenset[str]:
    """Types of transaction that are taken in at this door."""
    return frozenset(tot for group in _table()["accepted"].values() for tot in group)


def faults(card: Card) -> tuple[str, ...]:
    """What stands against taking the card in; empty when nothing does."""
    if card.tot not in accepted_types():
        known = ", ".join(sorted(accepted_types()))
        return (f"1.004 TOT: expected one of {known}; got {card.tot!r}",)
    messages = [f"{f.field or f.record}: {f.message}" for f in _breaches(card)]
    if not card.fingers and not any(True for _ in card.slaps()):
        messages.append("no image of a finger (Type-4 or Type-14 record, FGP 1 to 15): nothing can be searched")
    return tuple(m[:LONGEST_MESSAGE] for m in messages[:MOST_MESSAGES])


def _breaches(card: Card) -> list[check.Finding]:
    """Certain breaches of the card's own version, and of EBTS 9.1 where the versions agree.

    The mandatory fields and the form of dates are the same in all versions; of the later ones less is known for sure,
    so that what they only doubt counts when 9.1 is certain of it.
    """
    own = check.alone(card.transaction, profile(card))
    known = [f for f in check.alone(card.transaction, DEFAULT_PROFILE) if f.severity == "error"]
    certain = {(f.record, f.field, f.rule) for f in known}
    found = [f for f in own if f.severity == "error" or (f.record, f.field, f.rule) in certain]
    seen = {(f.record, f.field) for f in found}
    return found + [f for f in known if f.rule in AGREED and (f.record, f.field) not in seen]


def profile(card: Card) -> str:
    """The profile that a card names in 1.013 DOM (``EBTS 11.2``); EBTS 9.1, that of the program's time, when none."""
    return check.named(card.transaction)
