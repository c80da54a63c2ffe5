"""Who may ask what of a jurisdiction; the roles are those of ``cases.roles``."""

from __future__ import annotations

from tenprint.cases.jurisdiction import commands as cmd
from tenprint.cases.kernel.value import Command

PERMITTED: dict[type[Command], tuple[str, ...]] = {
    cmd.Plan: ("administrator",),
    cmd.SignAgreement: ("administrator", "bureau"),
    cmd.EndAgreement: ("administrator", "bureau"),
    cmd.ReturnSurvey: ("administrator", "booking", "jail"),
    cmd.HoldBriefing: ("administrator", "bureau"),
    cmd.CompleteTraining: ("administrator", "booking", "jail", "rights"),
    cmd.AdoptProcedure: ("administrator", "booking", "jail"),
    cmd.Vet: ("rights",),
    cmd.AcceptInvestigations: ("rights",),
    cmd.Schedule: ("administrator",),
    cmd.Activate: ("administrator",),
    cmd.Deactivate: ("administrator",),
    cmd.RequestNonActivation: ("administrator", "bureau", "booking", "jail"),
    cmd.HoldMeeting: ("administrator", "bureau"),
    cmd.AnswerRequest: ("administrator", "supervisor"),
}
