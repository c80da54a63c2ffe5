"""The second person: some acts are done by two, and the one who acts is not the other."""

from __future__ import annotations

from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def check_second(act: Act, second: str | None, roles: tuple[str, ...], asked: str) -> None:
    """Refuse an act of two that has no second person, or one who is the first, or has no role for it.

    Args:
        act: The act; it knows the roles of the people named in it.
        second: Name of the second person.
        roles: Roles that can stand second.
        asked: What is asked, for the message.

    Raises:
        Refusal: naming the roles.
    """
    names = " or ".join(roles)
    if not (second or "").strip():
        raise Refusal(asked, "it takes a second person", f"name one who is registered as {names}: --second NAME")
    if second == act.actor:
        raise Refusal(asked, f"{act.actor} cannot be the second person of their own act", f"ask another {names}")
    if not set(act.roles_of(second or "")) & set(roles):
        raise Refusal(asked, f"{second} is not registered as {names}", f"name one who is registered as {names}")
