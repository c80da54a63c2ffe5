"""Acts of the administrator's desk: people registered, roles ended, invitations, accounts suspended."""

from __future__ import annotations

from tenprint.accounts import Accounts
from tenprint.desk.service.acts import Given
from tenprint.exchange import ExchangeError
from tenprint.exchange.core import Core
from tenprint.exchange.directory import Principal

ACTS = ("register", "end-role", "invite", "suspend")


def do(exchange: Core, who: Principal, act: str, given: Given) -> str:
    """Do one of `ACTS`.

    Returns:
        What happened, in a sentence; of an invitation, its code, which is nowhere else.

    Raises:
        ExchangeError: when it lacks something, or the exchange refuses.
    """
    name, circumstances = given.one("name"), exchange.act(who.name, "register")
    if not name:
        raise ExchangeError("say whom, by their name here")
    if act == "register":
        exchange.add_principal(name, given.one("role"), given.one("agency"), circumstances)
        return f"{name} is registered as {given.one('role')}."
    if act == "end-role":
        exchange.end_role(name, given.one("role"), given.one("reason"), circumstances)
        return f"{name} is no longer {given.one('role')}."
    if exchange.ledger.names != "checked":
        raise ExchangeError("this ledger believes names: nobody needs an account here")
    accounts = Accounts(exchange)
    if act == "invite":
        code = accounts.invite(name, circumstances)
        return f"Invitation of {name}, shown once: {code}. Hand it over in person; it counts for seven days."
    accounts.suspend(name, given.one("reason"), circumstances)
    return f"{name} can no longer sign in."
