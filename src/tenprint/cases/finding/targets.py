"""How long each step may take. No rule of the program's time set one, so these are choices that may be changed.

Every event that starts a clock carries its due moment: changing a target changes no clock that already runs.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tenprint.cases.kernel.value import Value


class Targets(Value, frozen=True):
    """Days for each step."""

    finding: int = 90
    """From the flag to the written finding: before the next quarter but one is reviewed."""
    closing: int = 30
    """From the finding to decision, public summary and close."""
    referral: int = 30
    """Until another office says that it has what was referred."""

    def due(self, step: str, since: datetime) -> datetime:
        """When a step that starts now is due."""
        return since + timedelta(days=getattr(self, step))
