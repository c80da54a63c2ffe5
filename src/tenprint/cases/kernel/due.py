"""A thing that somebody owes: an act, an owner, a moment, and what follows when it does not come."""

from __future__ import annotations

from datetime import datetime

from tenprint.cases.kernel.value import Value


class Due(Value, frozen=True):
    """One thing owed."""

    tcn: str
    about: str
    """Names the thing within its case: ``request 1``, ``claim 2``, ``release``."""
    act: str
    """What would discharge it, as a command."""
    owner: str
    """Role that owes it."""
    since: datetime
    due: datetime
    what: str
    """What is owed, in words."""
    consequence: str
    incident: str | None = None
    """The incident that it becomes when it does not come; nothing where another rule opens one."""
