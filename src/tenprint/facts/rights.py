"""What the rights office's events add to the facts: complaints by their open facts, and flags with what became of them.

Nothing sealed is read: no text, no name, no place in the filer's words. A complaint is in a county because somebody of
the office said so when it was triaged; until then its county is not known.
"""

from __future__ import annotations

from tenprint.facts.entries import Data, exact, moment
from tenprint.facts.places import Place
from tenprint.facts.steps import Handler, Reader, Step

# -- complaints --------------------------------------------------------------------------------------------------------


def _received(_reader: Reader, step: Step, data: Data) -> None:
    step.put(
        "complaint", step.case.key, at=moment(data.get("received_at")), subject=list(data.get("topics") or ()),
        about=data.get("against"), channel=data["channel"], state_of_complaint="received",
        due_at=moment(data.get("triage_due")),
    )  # fmt: skip


def _acknowledged(reader: Reader, step: Step, _data: Data) -> None:
    if reader.versions.living("complaint", step.case.key, "state_of_complaint") == "received":
        step.revise("complaint", step.case.key, state_of_complaint="acknowledged")


def _triaged(reader: Reader, step: Step, data: Data) -> None:
    """Another county than before corrects the one before."""
    before = reader.versions.living("complaint", step.case.key, "jurisdiction")
    place = reader.places.county(str(data["county"])) if data.get("county") else Place()
    changed = before is not None and before != place.jurisdiction
    step.revise(
        "complaint", step.case.key, change="correction" if changed else "late", **place.columns(), route=data["route"],
        state_of_complaint="triaged", due_at=moment(data.get("finding_due")),
    )  # fmt: skip


def _found(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("complaint", step.case.key, state_of_complaint="finding", result=data["result"])


def _stands(state: str) -> Handler:
    def handler(_reader: Reader, step: Step, _data: Data) -> None:
        step.revise("complaint", step.case.key, state_of_complaint=state)

    return handler


def _closed(_reader: Reader, step: Step, _data: Data) -> None:
    at = step.entry.occurred_at
    step.revise("complaint", step.case.key, until=at, state_of_complaint="closed", resolved_at=at)


def _reopened(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("complaint", step.case.key, reopen=True, state_of_complaint="reopened", resolved_at=None,
                due_at=moment(data.get("finding_due")))  # fmt: skip


# -- flags of the quarterly review -------------------------------------------------------------------------------------


def _key(step: Step) -> str:
    """The number of a flag's case: it is published as it stands."""
    return step.entry.stream.removeprefix("finding/")


def _flagged(_reader: Reader, step: Step, data: Data) -> None:
    """The county in the words of the review: it may be of a synthetic country that no registry has."""
    flag = data["flag"]
    place = Place(flag["jurisdiction"], flag.get("state") or None, flag.get("county") or None)
    step.put(
        "finding", _key(step), at=moment(data["opened_at"]),
        **place.columns(), ori=flag.get("ori") or None,
        quarter=flag["quarter"], metric=flag["metric"], test=flag["test"], direction=flag["direction"],
        rule=flag["rule"], observed=exact(flag["observed"]), expected=exact(flag["expected"]),
        statement=flag["statement"], state_of_finding="open", due_at=moment(data["due"]),
    )  # fmt: skip


def _at_stage(stage: str) -> Handler:
    def handler(_reader: Reader, step: Step, _data: Data) -> None:
        step.revise("finding", _key(step), state_of_finding=stage)

    return handler


def _written(reader: Reader, step: Step, data: Data) -> None:
    """A finding that corrects another does not move the day on which decision and summary are owed."""
    key = _key(step)
    again = reader.versions.living("finding", key, "found_at") is not None
    due = reader.versions.living("finding", key, "due_at") if again else moment(data["due"])
    step.revise(
        "finding", key, change="correction" if data.get("correction") else "late", state_of_finding="finding",
        result=data["result"], found_at=step.entry.occurred_at, due_at=due,
    )  # fmt: skip


def _decided(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("finding", _key(step), change="correction" if data.get("correction") else "late",
                state_of_finding="decided", decision=data["choice"])  # fmt: skip


def _missed(reader: Reader, step: Step, _data: Data) -> None:
    key = _key(step)
    missed = reader.versions.living("finding", key, "deadlines_missed") or 0
    step.revise("finding", key, deadlines_missed=missed + 1)


def _over(state: str) -> Handler:
    def handler(_reader: Reader, step: Step, _data: Data) -> None:
        at = step.entry.occurred_at
        step.revise("finding", _key(step), until=at, state_of_finding=state, closed_at=at)

    return handler


def _taken_up(_reader: Reader, step: Step, data: Data) -> None:
    step.revise("finding", _key(step), reopen=True, state_of_finding="reopened", found_at=None, closed_at=None,
                due_at=moment(data["due"]))  # fmt: skip


HANDLERS: dict[str, Handler] = {
    "complaint.received": _received,
    "complaint.acknowledged": _acknowledged,
    "complaint.triaged": _triaged,
    "complaint.investigating": _stands("investigating"),
    "complaint.finding": _found,
    "complaint.recommendation": _stands("recommendation"),
    "complaint.response": _stands("response"),
    "complaint.closed": _closed,
    "complaint.reopened": _reopened,
    "finding.opened": _flagged,
    "finding.in_depth_review": _at_stage("in_depth_review"),
    "finding.written": _written,
    "finding.decided": _decided,
    "finding.summarized": _at_stage("summarized"),
    "finding.deadline_passed": _missed,
    "finding.closed": _over("closed"),
    "finding.closed_without_finding": _over("closed_without_finding"),
    "finding.reopened": _taken_up,
}
"""Handlers by kind of event."""
