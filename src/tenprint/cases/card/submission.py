"""The card on the road: accepted or rejected, searched, answered, forwarded or not (EBTS 9.1: CAR, SRE, ERRT)."""

from __future__ import annotations

import msgspec

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import Event, SubmissionAccepted, SubmissionClosed
from tenprint.cases.card.gate import decide_gate
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def accepted(case: Case, asked: str) -> SubmissionAccepted:
    """The card of the case.

    Raises:
        Refusal: when no card was accepted under this number.
    """
    if case.submission is None:
        raise Refusal(asked, "no card was accepted in this case", "submit the card first")
    return case.submission


def accept(case: Case, command: cmd.AcceptSubmission, act: Act) -> tuple[Event, ...]:
    """Take a card in once; the same bytes again change nothing."""
    given = command.submission
    taken = case.submission or case.rejection
    if taken is None:
        return (msgspec.structs.replace(given, taken_at=act.now),)
    if taken.card == given.card:
        return ()
    raise Refusal(
        f"accept card {given.tcn}",
        f"{given.submitting_ori} already used this control number for another card",
        "send the card under a new control number (TCN)",
    )


def reject(case: Case, command: cmd.RejectSubmission, _act: Act) -> tuple[Event, ...]:
    """Refuse a card whose fields breach the rules of its type."""
    given = command.rejection
    taken = case.submission or case.rejection
    if taken is None:
        return (given,)
    if case.rejection is not None and taken.card == given.card:
        return ()
    raise Refusal(
        f"reject card {given.tcn}", "it was already answered", "send the corrected card under a new control number"
    )


def criminal_search(case: Case, command: cmd.RecordCriminalSearch, _act: Act) -> tuple[Event, ...]:
    """Keep the criminal system's answer; a repeated answer changes nothing."""
    accepted(case, "record the criminal search")
    return () if case.criminal is not None else (command.result,)


def respond(case: Case, command: cmd.RecordResponse, _act: Act) -> tuple[Event, ...]:
    """Keep that an answer was offered; the first never waits for the second, and neither overwrites the other."""
    if case.submission is None and case.rejection is None:
        raise Refusal("record a response", "there is no card to answer", "submit the card first")
    return () if command.response in case.responses else (command.response,)


def gate(case: Case, command: cmd.DecideGate, _act: Act) -> tuple[Event, ...]:
    """Decide the gate once; again only where a missing fact has been stated since."""
    card = accepted(case, "decide the gate")
    if case.gate is not None and not (case.gate.missing and "age" in case.facts):
        return ()
    age = case.facts["age"].value if "age" in case.facts else card.age_at_arrest
    return (
        decide_gate(
            tot=card.tot,
            submitting_ori=card.submitting_ori,
            age_at_arrest=age if isinstance(age, int) else None,
            treat_as_adult=card.treat_as_adult,
            agency=command.agency,
            on=command.on,
        ),
    )


def immigration_search(case: Case, command: cmd.RecordImmigrationSearch, _act: Act) -> tuple[Event, ...]:
    """Keep the immigration system's answer, if the gate let the prints through."""
    if case.gate is None or not case.gate.forwarded:
        why = case.gate.reason if case.gate else "undecided"
        raise Refusal(
            "record an immigration search",
            f"the prints may not be searched there ({why})",
            "answer the criminal search only",
        )
    return () if case.immigration is not None else (command.result,)


def close(case: Case, command: cmd.CloseSubmission, _act: Act) -> tuple[Event, ...]:
    """Say that nothing more is owed on the road."""
    return () if case.closed is not None else (SubmissionClosed(why=command.why),)
