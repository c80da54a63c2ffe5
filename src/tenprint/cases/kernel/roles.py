"""The roles in which people act, and the one question asked before every act: may this role ask this?"""

from __future__ import annotations

from collections.abc import Mapping

from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.value import Command

ROLES = (
    "system",
    "booking",
    "bureau",
    "examiner",
    "center",
    "office",
    "supervisor",
    "jail",
    "rights",
    "auditor",
    "administrator",
)


def check_role(command: Command, actor: str, role: str, table: Mapping[type[Command], tuple[str, ...]]) -> None:
    """Refuse an act that this role may not do, and any act without a named actor.

    Args:
        command: What is asked.
        actor: Name of who asks.
        role: The role in which they ask.
        table: Who may, of the family that the command belongs to.

    Raises:
        Refusal: naming the roles that may.
    """
    asked = type(command).__name__
    may = table[type(command)]
    if not actor.strip():
        raise Refusal(asked, "every act needs a named actor, and none came", "act again with a name")
    if role not in may:
        names = " or ".join(may)
        raise Refusal(asked, f"{actor} acts as {role}, and this is for {names}", f"ask somebody who is {names}")
