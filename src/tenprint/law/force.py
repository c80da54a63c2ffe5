"""Whether a form is in force at all, which comes before the question until when a hold under it may last.

A deadline is arithmetic: it says when a hold would have to end, never that there may be one. Form I-247A takes effect
only when the person is served, and a warrant on Form I-200 or I-205 goes with it; every version is a request (8 CFR
287.7; Galarza v. Szalczyk, 745 F.3d 634).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from tenprint.law.clock import Deadline
from tenprint.law.forms import form

Answer = Literal["yes", "no", "unknown"]
REQUEST = "It is a request: nobody is held on it unless the jail honors it."


class Force(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a form works, and why."""

    in_force: Answer
    why: str


def in_force(deadline: Deadline, served: datetime | Literal["no"] | None = None, warrant: str | None = None) -> Force:
    """Whether a form works for a hold with this deadline.

    Args:
        deadline: the arithmetic.
        served: when the person was handed a copy; `no` when they were not; None when nobody knows.
        warrant: `I-200`, `I-205`, `none`, or None when nobody knows.
    """
    version = form(deadline.form)
    if version.hold_hours is None:
        return Force(in_force="no", why=f"{version.name} asks for no hold: at release the person walks out.")
    missing, contrary = [], []
    if version.effective_when_served:
        if served is None:
            missing.append("whether and when the person was served: this form takes effect only then (--served)")
        elif served == "no":
            contrary.append("the person was not served: this form takes effect only then")
        elif deadline.deadline is not None and _aware(served, deadline) >= deadline.deadline:
            contrary.append("the person was served after the limit had passed")
    if version.warrant:
        if warrant is None:
            missing.append("which warrant goes with it: a Form I-200 or I-205 has to (--warrant)")
        elif warrant == "none":
            contrary.append("no warrant on Form I-200 or I-205 goes with it")
    if contrary:
        return Force(in_force="no", why=f"{_sentence(contrary)}. {REQUEST}")
    if missing:
        return Force(in_force="unknown", why=f"Nobody has said {'; nor '.join(missing)}. {REQUEST}")
    how = "It was served and its warrant goes with it." if version.effective_when_served else (
        "This version takes effect without service; a copy to the person was only asked for, if at all."
    )  # fmt: skip
    return Force(in_force="yes", why=f"{how} {REQUEST}")


def _sentence(parts: list[str]) -> str:
    text = "; ".join(parts)
    return text[0].upper() + text[1:]


def _aware(moment: datetime, deadline: Deadline) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=deadline.released.tzinfo)
