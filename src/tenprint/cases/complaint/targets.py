"""How long each step may take. No statute sets a time for the rights office, so these are choices that may be changed.

Every event that starts a clock carries its due moment: changing a target changes no clock that already runs.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tenprint.cases.kernel.value import Value


class Targets(Value, frozen=True):
    """Days for each step."""

    acknowledge: int = 5
    triage: int = 15
    referral: int = 30
    """Until another office says that it has what was forwarded."""
    finding: int = 180
    response: int = 60
    """Until a component answers a recommendation."""
    reply: int = 10
    """Until the filer's message is answered."""

    def due(self, step: str, since: datetime) -> datetime:
        """When a step that starts now is due."""
        return since + timedelta(days=getattr(self, step))
