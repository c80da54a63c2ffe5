"""What became of a card on the road, in the words of `tenprint submit --json`."""

from __future__ import annotations

import msgspec

from tenprint.cases import Case
from tenprint.cases.card.events import ResponseKind


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the criminal system."""

    hit: bool
    identity: str | None
    score: float | None
    threshold: float | None = None
    fingers: int = 0
    close_call: bool = False
    """No match: an examiner should look (`tenprint examine list`)."""
    meaning: str = ""
    """How rare the score is among different people, in words; empty when nothing was compared."""


class ImmigrationResult(SearchResult, frozen=True, kw_only=True):
    """The answer of the immigration system, or why it was not asked."""

    searched: bool
    reason: str | None
    """``inactive``, ``unknown-agency``, ``civil``, ``juvenile``, ``closed``; nothing when it was searched."""
    pending: bool = False
    """True while the immigration branch has not finished; it will be tried again."""


class AnswerRef(msgspec.Struct, frozen=True):
    """An answer that exists."""

    kind: ResponseKind
    tcn: str
    digest: str
    relayed: bool
    note: str


class SubmissionResult(msgspec.Struct, frozen=True, kw_only=True):
    """One card."""

    file: str
    tcn: str
    submitting_ori: str
    controlling_ori: str
    accepted: bool
    criminal: SearchResult | None
    immigration: ImmigrationResult | None
    messages: tuple[str, ...] = ()
    """Why it was rejected; else the images that could not be used, or were taken otherwise than stated."""
    answers: tuple[AnswerRef, ...] = ()
    sequence: tuple[str, ...] = ()
    """What is wrong with the order of the fingers on the card, a sentence each; empty for a card in order."""
    stream: str = ""
    """Of its case, on the ledger."""
    resubmitted: bool = False
    """True when this very card had been taken in before."""


def result_of(case: Case, file: str = "", *, stream: str = "", resubmitted: bool = False) -> SubmissionResult:
    """What became of a card."""
    taken = case.submission or case.rejection
    if taken is None:
        raise ValueError("no card was taken in")
    refused = any(r.response == "ERRT" for r in case.responses) or case.rejection is not None
    return SubmissionResult(
        file=file,
        stream=stream,
        tcn=taken.tcn,
        submitting_ori=taken.submitting_ori,
        controlling_ori=taken.controlling_ori,
        accepted=not refused,
        criminal=_criminal(case),
        immigration=None if refused else _immigration(case),
        messages=_messages(case, refused=refused),
        answers=tuple(AnswerRef(r.response, r.tcn, r.body, r.relayed, r.note) for r in case.responses),
        sequence=_sequence(case),
        resubmitted=resubmitted,
    )


def _sequence(case: Case) -> tuple[str, ...]:
    """What both searches said of the order of the fingers, each sentence once."""
    said = [
        *(case.criminal.sequence if case.criminal else ()),
        *(case.immigration.sequence if case.immigration else ()),
    ]
    return tuple(dict.fromkeys(said))


def _messages(case: Case, *, refused: bool) -> tuple[str, ...]:
    if case.rejection is not None:
        return case.rejection.messages
    if refused:
        return (case.closed.why,) if case.closed is not None else ()
    return case.criminal.images if case.criminal is not None else ()


def _criminal(case: Case) -> SearchResult | None:
    found = case.criminal
    if found is None:
        return None
    return SearchResult(
        hit=found.hit,
        identity=found.identity,
        score=found.score,
        threshold=found.threshold,
        fingers=found.fingers,
        close_call=found.close_call,
        meaning=found.meaning,
    )


def _immigration(case: Case) -> ImmigrationResult:
    found, gate = case.immigration, case.gate
    if found is None:
        reason = gate.reason if gate is not None else None
        pending = gate is None or gate.forwarded
        return ImmigrationResult(searched=False, hit=False, identity=None, score=None, reason=reason, pending=pending)
    return ImmigrationResult(
        searched=True,
        hit=found.hit,
        identity=found.identity,
        score=found.score,
        threshold=found.threshold,
        fingers=found.fingers,
        close_call=found.close_call,
        meaning=found.meaning,
        reason=None,
    )
