"""Close calls: scores below the threshold that are too rare among different people to be put aside unseen.

A close call is no match. An examiner compares the prints and concludes; an identification needs a second examiner who
verifies it (the V of ACE-V, the method of examiners). Nothing follows by itself: what was concluded stands beside the
case, and the center may ask by a query of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import CriminalSearched, Event, Examined, ImmigrationSearched, PrintExamined
from tenprint.cases.card.submission import accepted
from tenprint.cases.card.values import Standing, System
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal

SYSTEMS: tuple[System, ...] = ("criminal", "immigration")
WAITING: tuple[Standing, ...] = ("OPEN", "PENDING_VERIFICATION")
"""An examiner is waited for."""


class CloseCall(msgspec.Struct, frozen=True, kw_only=True):
    """A close call and what examiners concluded."""

    system: System
    search: CriminalSearched | ImmigrationSearched
    conclusions: tuple[PrintExamined, ...]

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return standing_of([(e.examiner, e.conclusion) for e in self.conclusions])

    @property
    def is_open(self) -> bool:
        """Whether an examiner is waited for."""
        return self.standing in WAITING


def close_calls(case: Case) -> tuple[CloseCall, ...]:
    """The close calls of a case, the criminal search first. A score that reached the threshold is none."""
    searches = {"criminal": case.criminal, "immigration": case.immigration}
    return tuple(
        CloseCall(system=system, search=search, conclusions=tuple(e for e in case.examinations if e.system == system))
        for system in SYSTEMS
        if (search := searches[system]) is not None and search.close_call and not search.hit
    )


def standing_of(conclusions: Iterable[tuple[str, Examined]]) -> Standing:
    """Where a close call stands after these conclusions, each with the examiner who made it.

    An identification stands only while two examiners or more concluded it and nobody else concluded otherwise.
    """
    made = dict(conclusions)
    kinds = set(made.values())
    if not kinds:
        return "OPEN"
    if kinds == {"IDENTIFICATION"}:
        return "IDENTIFICATION" if len(made) > 1 else "PENDING_VERIFICATION"
    if "IDENTIFICATION" in kinds:
        return "DISAGREEMENT"
    return "INCONCLUSIVE" if "INCONCLUSIVE" in kinds else "EXCLUSION"


def examine(case: Case, command: cmd.Examine, act: Act) -> tuple[Event, ...]:
    """Record what an examiner concluded; the first identification waits for a second examiner."""
    asked = f"conclude {command.conclusion}"
    accepted(case, asked)
    if not command.reason.strip():
        raise Refusal(asked, "a conclusion needs its reason in writing", "conclude again with a reason")
    calls = {call.system: call for call in close_calls(case)}
    call = calls.get(command.system)
    if call is None:
        others = tuple(f"examine the {system} search" for system in calls)
        why = f"the {command.system} search of this card was no close call"
        raise Refusal(asked, why, *(others or ("take one from the list of close calls",)))
    if act.actor in {e.examiner for e in call.conclusions}:
        what = "verified by a second examiner" if call.standing == "PENDING_VERIFICATION" else "examined by another"
        raise Refusal(
            asked, f"{act.actor} has examined it already; it can only be {what}", "ask another examiner to compare them"
        )
    made = [(e.examiner, e.conclusion) for e in call.conclusions]
    standing = standing_of([*made, (act.actor, command.conclusion)])
    return (
        PrintExamined(
            system=command.system,
            conclusion=command.conclusion,
            reason=command.reason,
            examiner=act.actor,
            candidate=call.search.candidate,
            standing=standing,
            settles=call.is_open and standing not in WAITING,
        ),
    )
