"""Keys of machines: a live-scan vendor's, a bureau's. A machine is a registered name with a role; its key proves it.

Streams ``machine/<name>``. A key is shown once; events name it by its SHA-256. An administrator issues and ends it; a
new one ends the one before.
"""

from __future__ import annotations

import secrets

from tenprint.accounts.errors import AccountError
from tenprint.accounts.sessions import digest
from tenprint.exchange.core import Core
from tenprint.exchange.directory import Principal
from tenprint.exchange.presence import held
from tenprint.ledger import Act, Entry, Ledger, NewEvent

ISSUED, ENDED = "machine.key_issued", "machine.key_ended"
ROLES = ("booking", "bureau")
"""Roles that a machine may act in: it hands cards in, and decides nothing."""


def issue(exchange: Core, name: str, act: Act) -> str:
    """A new key of a registered machine; the one before counts no more.

    Returns:
        The key, which is nowhere else.

    Raises:
        AccountError: when nobody of that name is registered, or in another role than those of a machine.
    """
    exchange.vouch(act)
    who = held(exchange.ledger.stream(f"principal/{name}"))
    if who is None:
        raise AccountError(f"{name} is not registered: tenprint principal add --name {name} --role booking --agency O")
    if not set(who.roles) <= set(ROLES):
        raise AccountError(f"{name} is registered as {', '.join(who.roles)}: a machine is {' or '.join(ROLES)} alone")
    key = f"{name}.{secrets.token_urlsafe(32)}"
    _say(exchange.ledger, name, NewEvent(ISSUED, {"name": name, "key": digest(key)}), act)
    return key


def end(exchange: Core, name: str, reason: str, act: Act) -> None:
    """End a machine's key.

    Raises:
        AccountError: without a reason, or when it has none.
    """
    exchange.vouch(act)
    if not reason.strip():
        raise AccountError("say why: --reason")
    last = _last(exchange.ledger, name)
    if last is None or last.kind != ISSUED:
        raise AccountError(f"{name} has no key")
    _say(exchange.ledger, name, NewEvent(ENDED, {"name": name, "reason": reason}), act)


def holder(ledger: Ledger, key: str) -> Principal | None:
    """The machine whose key this is, with its roles; nothing when there is none, or its key or roles have ended."""
    name = key.rpartition(".")[0]
    last = _last(ledger, name) if name else None
    who = held(ledger.stream(f"principal/{name}")) if name else None
    if last is None or last.kind != ISSUED or last.data["key"] != digest(key) or who is None:
        return None
    return who if set(who.roles) <= set(ROLES) else None


def machines(ledger: Ledger) -> list[tuple[str, bool]]:
    """Names of machines, and whether their key counts."""
    rows = [stream.removeprefix("machine/") for stream in ledger.streams("machine/")]
    return [(name, (last := _last(ledger, name)) is not None and last.kind == ISSUED) for name in rows]


def _last(ledger: Ledger, name: str) -> Entry | None:
    entries = ledger.stream(f"machine/{name}")
    return entries[-1] if entries else None


def _say(ledger: Ledger, name: str, event: NewEvent, act: Act) -> None:
    stream = f"machine/{name}"
    with ledger.transaction() as tx:
        tx.append(stream, [event], act, expected_version=tx.version(stream))
