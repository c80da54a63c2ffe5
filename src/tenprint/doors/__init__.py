"""Doors for machines: cards in, answers out, status, over HTTPS with keys (`api`) and by watched folders (`folders`).

A machine acts in its own name and role, sees the cards of its own place alone, and every look of it is recorded. Beside
them stands what keeps a server running: background work by leases (`keeper`), health and metrics (`running`). `api`
and `running` need the extra ``web``.
"""

from tenprint.doors.folders import Taken, sweep
from tenprint.doors.leases import Leases

__all__ = ["Leases", "Taken", "sweep"]
