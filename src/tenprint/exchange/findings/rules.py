"""Rules of the quarterly review on the ledger, each before it is run: the whole text, by hash, with the ledger's clock.

What a rule says is the monitor's; here it is a text with a name. Registered means that nobody can have chosen it after
looking: the moment is the ledger's, never the caller's.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec

from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError, NotAllowedError
from tenprint.exchange.findings import register
from tenprint.ledger import Act, Entry, NewEvent

PURPOSE = "quarterly review of counties and agencies"
AUTHORITY = "6 U.S.C. 345; announcement of 17 June 2011 that data are tracked for improper use"
REGISTRARS = ("rights", "auditor")
"""Who may register a rule: those who will have to answer for its flags, or who oblige others to."""


class RegisteredRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule on the ledger."""

    rule: str
    """``name@`` and the first 16 digits of the SHA-256 of its text."""
    sha256: str
    text: str
    registered_at: datetime
    """The ledger's own clock."""
    by: str
    seq: int


def register_rule(
    exchange: Core, rule: str, text: str, name: str, at: datetime | None = None
) -> tuple[RegisteredRule, bool]:
    """Put a rule on the ledger; the same rule again changes nothing.

    Returns:
        The rule as registered, and whether that happened now.

    Raises:
        ExchangeError: when the id is not the hash of the text.
        NotAllowedError: when this principal may not.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    if rule.rpartition("@")[2] != digest[:16]:
        raise ExchangeError(f"expected the rule's id to end in @{digest[:16]}, the hash of its text; got {rule}")
    held = exchange.person(name).roles
    role = next((r for r in held if r in REGISTRARS), None)
    if role is None:
        raise NotAllowedError(
            f"{name} is registered as {', '.join(held)}; registering a rule is for {' or '.join(REGISTRARS)}"
        )
    act = Act(name, role, PURPOSE, AUTHORITY, at or exchange.ledger.now())
    event = NewEvent("rule.registered", {"rule": rule, "sha256": digest, "text": text})
    with exchange.ledger.transaction() as tx:
        known = tx.stream(f"rule/{rule}")
        entry = known[0] if known else tx.append(f"rule/{rule}", [event], act, expected_version=0)[0]
    return _of(entry), not known


def registered(exchange: Core, rule: str) -> RegisteredRule | None:
    """A rule on the ledger by its id; nothing when it was not registered."""
    entries = exchange.ledger.stream(f"rule/{rule}")
    return _of(entries[0]) if entries else None


def all_registered(exchange: Core) -> list[RegisteredRule]:
    """Every rule on the ledger, oldest first."""
    with exchange.reading() as connection:
        names = register.rules(connection)
    return [found for name in names if (found := registered(exchange, name)) is not None]


def _of(entry: Entry) -> RegisteredRule:
    data = entry.data
    return RegisteredRule(
        rule=data["rule"], sha256=data["sha256"], text=data["text"], registered_at=entry.recorded_at,
        by=entry.actor, seq=entry.seq,
    )  # fmt: skip
