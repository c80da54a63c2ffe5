"""Who may ask what of a complaint. ``complainant`` is whoever holds the receipt, and has no name here.

``system`` is the road, which links a new card of somebody who is watched over. Nobody of the bureau, the center, the
field office or a jail appears: to them a complaint is a number and open facts.
"""

from __future__ import annotations

from tenprint.cases.complaint import commands as cmd
from tenprint.cases.kernel.value import Command

COMPLAINANT = "complainant"

PERMITTED: dict[type[Command], tuple[str, ...]] = {
    cmd.FileComplaint: (COMPLAINANT, "rights"),
    cmd.Write: (COMPLAINANT, "rights"),
    cmd.Acknowledge: ("rights",),
    cmd.Triage: ("rights",),
    cmd.AcknowledgeReferral: ("rights",),
    cmd.Investigate: ("rights",),
    cmd.Find: ("rights",),
    cmd.Recommend: ("rights",),
    cmd.Respond: ("rights", "supervisor"),
    cmd.RecordConsequence: ("rights", "supervisor"),
    cmd.LinkCase: ("rights", "system"),
    cmd.Look: ("rights",),
    cmd.Close: ("rights",),
    cmd.Reopen: ("rights",),
}
