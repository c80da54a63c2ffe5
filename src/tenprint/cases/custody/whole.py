"""The whole custody of a case: its own card together with the other cards of the same custody."""

from __future__ import annotations

from tenprint.cases.card.case import Case
from tenprint.cases.custody.view import Custody, custody_of
from tenprint.cases.kernel.act import Act


def custody_at(case: Case, act: Act) -> Custody:
    """The custody that a case belongs to, as far as the act knows its other cards."""
    return custody_of((case, *act.around.custody), norm_minutes=act.around.norm_minutes)
