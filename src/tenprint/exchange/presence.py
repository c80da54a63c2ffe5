"""Who acts: the roles that events give a person, and whether that person is here.

On a ledger whose names are checked, an act of a person needs that person signed in; whoever opened the exchange says
who is (``Presence``), and as long as nobody has said so, nobody is. Roles come from the events of ``principal/<name>``,
never from the table that follows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tenprint.exchange.directory import Principal
from tenprint.exchange.errors import NotAllowedError
from tenprint.ledger import Entry, Ledger

Presence = Callable[[str], bool]
"""Whether a person of this name is signed in here, now."""

REGISTERED, ENDED = "principal.registered", "principal.ended"


def nobody(_name: str) -> bool:
    """Nobody is signed in."""
    return False


def held(entries: Iterable[Entry]) -> Principal | None:
    """A person as the events of their stream say; nothing when no role is left.

    Args:
        entries: The events of ``principal/<name>``, in order.
    """
    agency, name, roles = "", "", dict[str, None]()
    for entry in entries:
        if entry.kind == REGISTERED:
            name, agency = str(entry.data["name"]), agency if roles else str(entry.data["agency"])
            roles[str(entry.data["role"])] = None
        elif entry.kind == ENDED:
            roles.pop(str(entry.data["role"]), None)
    return Principal(name, tuple(roles), agency) if roles else None


def person(ledger: Ledger, name: str, presence: Presence) -> Principal:
    """The person of that name, with the roles that events gave them, who is here to act.

    Raises:
        NotAllowedError: when no event registered them, or names are checked and they are not signed in.
    """
    found = held(ledger.stream(f"principal/{name}"))
    if found is None:
        raise NotAllowedError(
            f"{name!r} is not registered here. An administrator can do it: "
            f"tenprint principal add --name {name} --role R --agency O --as ADMINISTRATOR"
        )
    check_present(ledger, name, presence)
    return found


def check_present(ledger: Ledger, name: str, presence: Presence) -> None:
    """Refuse somebody who is not signed in, where names are checked.

    Raises:
        NotAllowedError: then, saying how to sign in.
    """
    if ledger.names == "checked" and not presence(name):
        raise NotAllowedError(
            f"{name} is not signed in here, and this ledger believes no name. Sign in: tenprint login --as {name}. "
            f"Without an account: an administrator invites (tenprint account invite {name} --as ADMINISTRATOR)"
        )
