"""Who may ask what of a flag's case.

The rights office does the work. A supervisor may decide, and alone may close without a written finding. An auditor
changes nothing that others wrote, and may oblige them to answer: open a case from a review, and take a closed one up
again. The watch (``system``) and everybody else may note that a deadline has passed.
"""

from __future__ import annotations

from tenprint.cases.finding import commands as cmd
from tenprint.cases.kernel.roles import ROLES
from tenprint.cases.kernel.value import Command

PERMITTED: dict[type[Command], tuple[str, ...]] = {
    cmd.Open: ("rights", "auditor"),
    cmd.Assign: ("rights", "supervisor"),
    cmd.StateHypothesis: ("rights",),
    cmd.AddEvidence: ("rights",),
    cmd.WithdrawEvidence: ("rights",),
    cmd.BeginReview: ("rights",),
    cmd.WriteFinding: ("rights",),
    cmd.Decide: ("rights", "supervisor"),
    cmd.Refer: ("rights", "supervisor"),
    cmd.AcknowledgeReferral: ("rights",),
    cmd.Summarize: ("rights",),
    cmd.Close: ("rights", "supervisor"),
    cmd.CloseWithoutFinding: ("supervisor",),
    cmd.Reopen: ("rights", "supervisor", "auditor"),
    cmd.LookAtClock: ROLES,
}
