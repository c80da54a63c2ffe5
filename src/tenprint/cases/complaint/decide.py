"""What may happen to a complaint.

Nothing is dropped: what is not for this office is sent on with a reason, and a duplicate names the complaint that it
repeats. Of acts of state and local officers the Department of Justice is told, because this office has no power over
them. A finding is written and has evidence; a substantiated one is not closed before somebody has said what followed,
even if it is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tenprint.cases.complaint import commands as cmd
from tenprint.cases.complaint import events as ev
from tenprint.cases.complaint.complaint import Complaint
from tenprint.cases.complaint.events import ComplaintEvent, Route
from tenprint.cases.complaint.roles import PERMITTED
from tenprint.cases.complaint.targets import Targets
from tenprint.cases.kernel.act import Act, begin
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.value import Command

Events = tuple[ComplaintEvent, ...]

LONGEST = 20_000
"""Characters of one text: about eight pages."""
MOST_MESSAGES = 200
MOST_FILES = 20
JUSTICE = "Department of Justice, Civil Rights Division"
OFFICES: dict[Route, str] = {
    "INSPECTOR_GENERAL": "Department of Homeland Security, Office of Inspector General",
    "JUSTICE": JUSTICE,
}
LOCAL = ("state_officer", "local_officer", "jail")


def decide(
    complaint: Complaint,
    command: Command,
    *,
    actor: str,
    role: str,
    now: datetime,
    targets: Targets | None = None,
) -> Events:
    """What happens when this is asked of a complaint.

    Args:
        complaint: As it stands.
        command: What is asked.
        actor: Who asks; for whoever holds the receipt, ``complainant``.
        role: In which role.
        now: When, with an offset.
        targets: How long each step may take.

    Raises:
        Refusal: when it may not happen; says why and what could be done.
    """
    act = begin(command, PERMITTED, actor=actor, role=role, now=now)
    if complaint.received is None and not isinstance(command, cmd.FileComplaint):
        raise Refusal(type(command).__name__, "there is no such complaint", "file one")
    return DECIDERS[type(command)](complaint, command, act, targets or Targets())


def _said(text: str, what: str, asked: str) -> str:
    said = text.strip()
    if not said:
        raise Refusal(asked, f"{what} is empty", f"write {what}")
    if len(said) > LONGEST:
        raise Refusal(
            asked, f"{what} has {len(said)} characters, and {LONGEST} is the most", "write the rest in a reply"
        )
    return said


def _open(complaint: Complaint, asked: str) -> None:
    if not complaint.is_open:
        raise Refusal(asked, "it is closed", "reopen it with a reason")


def file(complaint: Complaint, command: cmd.FileComplaint, act: Act, targets: Targets) -> Events:
    """Take it in."""
    asked = "file a complaint"
    if complaint.received is not None:
        raise Refusal(asked, f"{complaint.received.number} is already a complaint", "write a message to it")
    received = ev.ComplaintReceived(
        number=command.number,
        channel=command.channel,
        language=command.language,
        against=command.against,
        topics=command.topics,
        receipt=command.receipt,
        has_identity=command.identity is not None,
        received_at=act.now,
        acknowledge_due=targets.due("acknowledge", act.now),
        triage_due=targets.due("triage", act.now),
        paper=command.paper,
        text=_said(command.text, "the complaint", asked),
        place=command.place.strip()[:500],
    )
    named = command.identity
    identity = () if named is None else (ev.ComplainantNamed(key=named.key, box=named.box),)
    return (received, *identity, *_attached(complaint, command.files, asked))


def _attached(complaint: Complaint, files: tuple[cmd.File, ...], asked: str) -> Events:
    first = len(complaint.files) + 1
    if len(complaint.files) + len(files) > MOST_FILES:
        raise Refusal(asked, f"a complaint has at most {MOST_FILES} files", "say in words what else there is")
    return tuple(
        ev.Attached(number=n, digest=f.digest, media=f.media, size=f.size, name=f.name, secret=f.secret)
        for n, f in enumerate(files, start=first)
    )


def write(complaint: Complaint, command: cmd.Write, act: Act, targets: Targets) -> Events:
    """A message; the filer's starts the clock of an answer. Also a closed complaint can be written to."""
    asked = "write a message"
    if (command.writer == "complainant") != (act.role == "complainant"):
        raise Refusal(asked, f"{act.role} cannot write as {command.writer}", "write in your own name")
    if len(complaint.messages) >= MOST_MESSAGES:
        raise Refusal(asked, f"a complaint has at most {MOST_MESSAGES} messages", "file another complaint")
    due = targets.due("reply", act.now) if command.writer == "complainant" else None
    said = ev.Written(
        number=len(complaint.messages) + 1,
        writer=command.writer,
        due=due,
        text=_said(command.text, "the message", asked),
    )
    return (said, *_attached(complaint, command.files, asked))


def acknowledge(complaint: Complaint, _command: cmd.Acknowledge, _act: Act, _targets: Targets) -> Events:
    """Once."""
    return () if complaint.is_acknowledged else (ev.Acknowledged(),)


def triage(complaint: Complaint, command: cmd.Triage, act: Act, targets: Targets) -> Events:
    """Where it goes; whoever triages has read it."""
    asked = f"triage as {command.route}"
    _open(complaint, asked)
    if complaint.investigation is not None:
        raise Refusal(asked, f"{complaint.investigation.investigator} is looking into it", "state a finding")
    reason = _said(command.reason, "the reason", asked)
    if command.county and not re.fullmatch(r"\d{5}", command.county):
        raise Refusal(asked, f"{command.county!r} is no county", "five digits, such as 48453")
    _check_destination(complaint, command, asked)
    retained = command.route == "RETAINED"
    triaged = ev.Triaged(
        route=command.route,
        reason=reason,
        county=command.county,
        happened_on=command.happened_on,
        duplicate_of=command.duplicate_of,
        finding_due=targets.due("finding", act.now) if retained else None,
    )
    return (
        *acknowledge(complaint, cmd.Acknowledge(), act, targets),
        triaged,
        *_referrals(complaint, command, reason, act, targets),
    )


def _check_destination(complaint: Complaint, command: cmd.Triage, asked: str) -> None:
    if command.route in {"COMPONENT", "OUT_OF_SCOPE"} and not command.to.strip():
        raise Refusal(asked, "nothing is dropped, and no office is named that gets it", "name the office it is sent to")
    if command.route == "DUPLICATE" and not command.duplicate_of.strip():
        raise Refusal(asked, "it does not say which complaint it repeats", "name that complaint's number")
    own = complaint.received.number if complaint.received else ""
    if command.route == "DUPLICATE" and command.duplicate_of == own:
        raise Refusal(asked, "a complaint cannot repeat itself", "name the other complaint's number")


def _referrals(complaint: Complaint, command: cmd.Triage, reason: str, act: Act, targets: Targets) -> Events:
    """Who gets it, and who is told."""
    against = complaint.received.against if complaint.received else "unknown"
    wanted: list[tuple[str, str, bool]] = []
    if command.route in OFFICES or command.to.strip():
        wanted.append((command.to.strip() or OFFICES[command.route], reason, True))
    is_local = against in LOCAL and command.route != "DUPLICATE"
    if is_local and JUSTICE not in {to for to, _, _ in wanted}:
        why = "an act of state or local officers, over whom the Department of Justice has jurisdiction"
        wanted.append((JUSTICE, why, True))
    elif command.route == "RETAINED" and not is_local:
        wanted.append((JUSTICE, "notice of an investigation undertaken", False))
    known = {r.sent.to for r in complaint.referrals}
    first = len(complaint.referrals) + 1
    return tuple(
        ev.Referred(number=n, to=to, why=why, for_action=for_action, due=targets.due("referral", act.now))
        for n, (to, why, for_action) in enumerate((w for w in wanted if w[0] not in known), start=first)
    )


def acknowledge_referral(
    complaint: Complaint, command: cmd.AcknowledgeReferral, _act: Act, _targets: Targets
) -> Events:
    """The other office has it."""
    asked = f"record the answer to referral {command.number}"
    found = next((r for r in complaint.referrals if r.sent.number == command.number), None)
    if found is None:
        known = ", ".join(str(r.sent.number) for r in complaint.referrals) or "none"
        raise Refusal(asked, "there is no such referral", f"referrals: {known}")
    if found.acknowledged is not None:
        return ()
    return (ev.ReferralAcknowledged(number=command.number, document=_said(command.document, "the document", asked)),)


def investigate(complaint: Complaint, _command: cmd.Investigate, act: Act, _targets: Targets) -> Events:
    """Begin, once it was retained or reopened."""
    asked = "investigate"
    _open(complaint, asked)
    if complaint.investigation is not None:
        return ()
    if complaint.stage != "REOPENED" and (complaint.triage is None or complaint.triage.route != "RETAINED"):
        where = complaint.triage.route.lower().replace("_", " ") if complaint.triage else "not triaged"
        raise Refusal(asked, f"it is {where}", "triage it as RETAINED")
    return (ev.InvestigationOpened(investigator=act.actor),)


def find(complaint: Complaint, command: cmd.Find, _act: Act, _targets: Targets) -> Events:
    """In writing, on named evidence."""
    asked = f"find {command.result}"
    _open(complaint, asked)
    if complaint.investigation is None:
        raise Refusal(asked, "nobody has looked into it", "investigate first")
    if not any(e.strip() for e in command.evidence):
        raise Refusal(asked, "a finding names what it rests on, and nothing is named", "name the evidence")
    return (
        ev.Found(
            number=len(complaint.findings) + 1,
            result=command.result,
            finding=_said(command.finding, "the finding", asked),
            evidence=command.evidence,
        ),
    )


def recommend(complaint: Complaint, command: cmd.Recommend, act: Act, targets: Targets) -> Events:
    """After a finding, whatever it is."""
    asked = "recommend"
    _open(complaint, asked)
    if not complaint.findings:
        raise Refusal(asked, "nothing was found yet", "state a finding first")
    return (
        ev.Recommended(
            number=len(complaint.recommendations) + 1,
            to=_said(command.to, "the component", asked),
            text=_said(command.text, "the recommendation", asked),
            due=targets.due("response", act.now),
        ),
    )


def respond(complaint: Complaint, command: cmd.Respond, _act: Act, _targets: Targets) -> Events:
    """Concur, concur in part, or not."""
    asked = f"answer recommendation {command.number}"
    found = next((r for r in complaint.recommendations if r.made.number == command.number), None)
    if found is None:
        known = ", ".join(str(r.made.number) for r in complaint.recommendations) or "none"
        raise Refusal(asked, "there is no such recommendation", f"recommendations: {known}")
    if found.response is not None:
        raise Refusal(asked, f"{found.response.by} answered it: {found.response.answer}", "a new recommendation")
    if command.answer != "CONCUR":
        _said(command.reason, "the reason", asked)
    by = _said(command.by, "the component's signer", asked)
    return (ev.Responded(number=command.number, answer=command.answer, reason=command.reason, by=by),)


def consequence(complaint: Complaint, command: cmd.RecordConsequence, _act: Act, _targets: Targets) -> Events:
    """What followed for whoever was responsible."""
    asked = f"record a consequence of finding {command.finding}"
    found = next((f for f in complaint.findings if f.number == command.finding), None)
    if found is None:
        known = ", ".join(str(f.number) for f in complaint.findings) or "none"
        raise Refusal(asked, "there is no such finding", f"findings: {known}")
    what = _said(command.what, "the consequence", asked)
    return (
        ev.ConsequenceRecorded(finding=command.finding, what=what, reason=_said(command.reason, "the reason", asked)),
    )


def link(complaint: Complaint, command: cmd.LinkCase, _act: Act, _targets: Targets) -> Events:
    """Name the card's case, once."""
    _open(complaint, "link a case")
    if any(known.tcn == command.tcn and known.ori == command.ori for known in complaint.links):
        return ()
    linked = ev.CaseLinked(tcn=command.tcn, ori=command.ori, is_subject=command.is_subject)
    return (linked, *_watches((linked,)))


def _watches(links: tuple[ev.CaseLinked, ...]) -> Events:
    return tuple(ev.WatchSet(tcn=link.tcn, ori=link.ori) for link in links if link.is_subject)


def look(complaint: Complaint, command: cmd.Look, _act: Act, _targets: Targets) -> Events:
    """Every look leaves its mark, and says what for."""
    asked = f"look at the {command.what}"
    if command.what == "identity" and complaint.named is None:
        raise Refusal(asked, "the filer did not say who they are", "write a message to them")
    if command.what == "attachment" and command.attachment not in {f.number for f in complaint.files}:
        known = ", ".join(str(f.number) for f in complaint.files) or "none"
        raise Refusal(asked, "there is no such file", f"files: {known}")
    return (
        ev.Accessed(
            what=command.what, purpose=_said(command.purpose, "the purpose", asked), attachment=command.attachment
        ),
    )


def close(complaint: Complaint, command: cmd.Close, act: Act, _targets: Targets) -> Events:
    """End it, when nothing is left unsaid."""
    asked = "close"
    _open(complaint, asked)
    _check_done(complaint, asked)
    since = complaint.received.received_at if complaint.received else act.now
    closed = ev.Closed(
        reason=_said(command.reason, "the reason", asked),
        summary=_said(command.summary, "the summary", asked),
        days=max(0, (act.now - since).days),
    )
    told = ev.Written(number=len(complaint.messages) + 1, writer="office", text=_outcome(complaint, closed))
    return (told, closed, *(ev.WatchEnded(tcn=link.tcn, ori=link.ori) for link in complaint.watched))


def _outcome(complaint: Complaint, closed: ev.Closed) -> str:
    """What the filer is told before it is closed: every finding, what was recommended and answered, and the summary."""
    lines = [
        f"Finding {f.number}: {f.result.lower().replace('_', ' ')}. {f.finding}".rstrip() for f in complaint.findings
    ]
    for r in complaint.recommendations:
        lines.append(f"Recommended to {r.made.to}: {r.made.text}")
        if r.response is not None:
            answer = r.response.answer.lower().replace("_", "-")
            lines.append(f"{r.response.by} answered: {answer}. {r.response.reason}".rstrip())
    if complaint.triage is not None and not complaint.findings:
        lines.append(f"Where it went: {complaint.triage.route.lower().replace('_', ' ')}.")
    return "\n".join([*lines, f"Your complaint is closed: {closed.reason}. {closed.summary}"])


def _check_done(complaint: Complaint, asked: str) -> None:
    if complaint.triage is None:
        raise Refusal(asked, "nobody has said where it goes", "triage it")
    if complaint.triage.route == "RETAINED" and not complaint.findings:
        raise Refusal(asked, "it was retained and nothing was found", "state a finding, INCONCLUSIVE is one")
    if complaint.reopened and complaint.stage in {"REOPENED", "INVESTIGATING"}:
        raise Refusal(asked, "it was reopened and nothing was found since", "state a finding, INCONCLUSIVE is one")
    if complaint.without_consequence:
        number = complaint.without_consequence[0].number
        raise Refusal(
            asked, f"nobody has said what followed from finding {number}", "record the consequence, `none` is one"
        )
    waiting = [r.made.number for r in complaint.recommendations if r.response is None]
    if waiting:
        raise Refusal(asked, f"recommendation {waiting[0]} has no answer", "record the component's answer")
    if complaint.unanswered:
        raise Refusal(asked, "the filer wrote and nobody answered", "answer the message")


def reopen(complaint: Complaint, command: cmd.Reopen, act: Act, targets: Targets) -> Events:
    """Take it up again; whom it watched over is watched over again."""
    asked = "reopen"
    if complaint.is_open:
        raise Refusal(asked, "it is open", "go on with it")
    reopened = ev.Reopened(
        reason=_said(command.reason, "the reason", asked),
        asked_by=command.asked_by,
        finding_due=targets.due("finding", act.now),
    )
    return (reopened, *_watches(complaint.links))


DECIDERS: dict[type[Command], Callable[[Complaint, Any, Act, Targets], Events]] = {
    cmd.FileComplaint: file,
    cmd.Write: write,
    cmd.Acknowledge: acknowledge,
    cmd.Triage: triage,
    cmd.AcknowledgeReferral: acknowledge_referral,
    cmd.Investigate: investigate,
    cmd.Find: find,
    cmd.Recommend: recommend,
    cmd.Respond: respond,
    cmd.RecordConsequence: consequence,
    cmd.LinkCase: link,
    cmd.Look: look,
    cmd.Close: close,
    cmd.Reopen: reopen,
}
