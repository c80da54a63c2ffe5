"""The officer's choice among what the law of the day permits, and the supervisor's look at it (8 CFR 287.7).

The choice not to act is recorded like any other, with its reason. A choice outside the permitted ones, or one that
leaves a statutory duty undone, is an override: a supervisor other than the officer approves it by name before it is
made, and an approval is used once.
"""

from __future__ import annotations

from datetime import date

import msgspec

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.bars import check_apart, check_no_bar
from tenprint.cases.card.case import Case
from tenprint.cases.card.detainer import PROBABLE_CAUSE, issue
from tenprint.cases.card.events import DecisionRecorded, Event, ReviewRecorded
from tenprint.cases.card.evolve import evolve
from tenprint.cases.card.facts import CITIZENS, REMOVABLE
from tenprint.cases.card.grounds import withdraw_if_gone
from tenprint.cases.card.lawful import REQUESTS, Finding, find, forms_for, kind_of
from tenprint.cases.card.submission import accepted
from tenprint.cases.custody.moments import check_not_before_arrest
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal
from tenprint.cases.kernel.second import check_second

PD_REVIEW = "pd_review_required"
"""Flag of a discretion memo that asks to weigh its factors before a request."""


def review(case: Case, command: cmd.Review, act: Act) -> tuple[Event, ...]:
    """A supervisor's recorded look."""
    asked = f"review {command.what}"
    accepted(case, asked)
    if not command.reason.strip():
        raise Refusal(asked, "a review needs a reason", "review again with a reason")
    looked = ReviewRecorded(
        number=len(case.reviews) + 1,
        what=command.what,
        reviewer=act.actor,
        approved=command.approved,
        reason=command.reason,
    )
    if command.what == "status":
        return (_agreed(case, command, looked, act, asked),)
    if command.what == "citizenship":
        answer = case.determination
        if answer is None or not answer.citizenship_indicator:
            raise Refusal(asked, "the latest answer carries no citizenship indicator", "decide as permitted")
        return (msgspec.structs.replace(looked, determination=answer.version),)
    if command.choice is None:
        raise Refusal(asked, "it does not say which choice is reviewed", "review again and name the choice")
    return (msgspec.structs.replace(looked, choice=command.choice, decision=len(case.decisions) + 1),)


def _agreed(case: Case, command: cmd.Review, looked: ReviewRecorded, act: Act, asked: str) -> ReviewRecorded:
    """A supervisor and a reviewer give a written ground for a request despite an answer that does not say removable."""
    answer = case.determination
    if answer is None or answer.status in REMOVABLE or answer.status in CITIZENS:
        raise Refusal(asked, "the latest answer needs no such ground, or bars every request", "decide as permitted")
    check_second(act, command.second, ("supervisor", "rights"), asked)
    parts = {act.actor, command.second} & {d.by for d in case.determinations}
    if parts:
        raise Refusal(asked, f"{', '.join(sorted(parts))} answered the query", "ask somebody who had no part in it")
    return msgspec.structs.replace(looked, determination=answer.version, second=command.second)


def decide_choice(case: Case, command: cmd.Decide, act: Act) -> tuple[Event, ...]:
    """Record the choice; the form follows in the same act when it comes with it."""
    asked = f"decide {command.choice}"
    accepted(case, asked)
    if not command.reason.strip():
        raise Refusal(asked, "every decision needs a reason, the decision not to act too", "decide again with a reason")
    if command.detainer is not None and command.choice not in REQUESTS:
        raise Refusal(
            asked, "it comes with a form, and this choice sends none", f"decide {command.choice} without a form"
        )
    _check_order(case, act, asked)
    if command.choice in REQUESTS:
        check_no_bar(case, asked, act)
        check_apart(case, act, asked)
        _check_boxes(case, command, asked)
    form = command.detainer
    found = find(
        case,
        act,
        immigration_warrant=form.warrant if form else None,
        probable_cause_bases=list(form.probable_cause) if form else None,
    )
    _check_permitted(command, found, asked)
    wanting = lacking(command, found, act.today)
    if wanting:
        raise Refusal(asked, "; and ".join(why for why, _ in wanting), *(what for _, what in wanting))
    made = DecisionRecorded(
        version=len(case.decisions) + 1,
        choice=command.choice,
        permitted=found.permitted,
        duties=found.duties,
        regime=found.regime,
        overlays=found.overlays,
        regime_hash=found.regime_hash,
        standing=found.standing,
        missing=found.missing,
        facts=found.facts,
        trace=found.trace,
        reason=command.reason,
        basis=command.basis or found.bases.get(command.choice, ()),
        reviewer=_reviewer(case, command, act, found, asked),
        override=is_override(command.choice, found),
        decided_at=act.now,
        officer=act.actor,
        factors=command.factors,
        flags=found.flags,
        weaknesses=_weaknesses(case),
        determination=case.determination.version if case.determination else None,
    )
    if form is None:
        return (made, *withdraw_if_gone(evolve(case, made), act))
    return (made, *issue(evolve(case, made), form, act))


def _check_order(case: Case, act: Act, asked: str) -> None:
    """A choice cannot be dated before what it rests on, which would reach for the law of an earlier day."""
    moments = (
        case.determination.determined_at if case.determination else None,
        case.decision.decided_at if case.decision else None,
    )
    earlier = [m for m in moments if m is not None]
    if earlier and act.now < max(earlier):
        raise Refusal(
            asked, f"it is dated before what it rests on ({max(earlier).isoformat()})", "state when it was decided"
        )
    check_not_before_arrest(case, act.now, act, asked)


def _check_boxes(case: Case, command: cmd.Decide, asked: str) -> None:
    """A box of probable cause rests on a record: what the center's answer and its sources show, never on the tick."""
    if command.detainer is None:
        return
    shown = boxes_shown(case)
    wrong = [box for box in command.detainer.probable_cause if box in PROBABLE_CAUSE and box not in shown]
    if wrong:
        answer = case.determination
        raise Refusal(
            asked,
            f"{', '.join(wrong)} rests on no record: answer {answer.version if answer else 0} of the center says "
            f"{answer.status if answer else 'nothing'}",
            f"boxes that a record shows: {', '.join(shown) or 'none'}",
            "NO_ACTION, with a reason",
        )


def boxes_shown(case: Case) -> tuple[str, ...]:
    """Boxes of probable cause that the newest answer of the center carries."""
    answer = case.determination
    if answer is None or answer.status not in REMOVABLE:
        return ()
    found = [s for s in answer.sources if not s.absence and s.reliability in {"high", "medium"}]
    shown = {
        "final_order": answer.status == "REMOVABLE_FINAL_ORDER",
        "pending_proceedings": answer.status == "REMOVABLE_IN_PROCEEDINGS",
        "biometric_and_records": case.immigration is not None and case.immigration.hit and bool(found),
        "statements_or_evidence": bool(found),
    }
    return tuple(box for box, so in shown.items() if so)


def lacking(command: cmd.Decide, found: Finding, on: date) -> tuple[tuple[str, str], ...]:
    """Everything that a permitted choice still lacks, each with what to do: letters, factors, form.

    Args:
        command: The choice; a form that comes with it must be one of the day.
        found: What the law of the day says.
        on: Local date of the choice.

    Returns:
        Pairs of what stands in the way and what could be done; nothing when the choice is complete.
    """
    wanting: list[tuple[str, str]] = []
    codes = found.bases.get(command.choice, ())
    wrong = [code for code in command.basis if code not in codes]
    if wrong and not command.override:
        why = f"{', '.join(wrong)} of {found.regime} does not permit it on these facts"
        wanting.append((why, f"rest it on what holds (--basis): {', '.join(codes)}" if codes else "NO_ACTION"))
    if command.choice in REQUESTS and PD_REVIEW in found.flags and not command.factors:
        why = "the discretion memo of the day asks to weigh its factors, and none is recorded"
        wanting.append((why, "name the factors weighed, in your own words (--factor, once for each)"))
    if command.detainer is not None and kind_of(command.detainer.form) == command.choice:
        possible = forms_for(command.choice, on)
        if command.detainer.form not in possible:
            why = f"{command.detainer.form} could not be issued on {on.isoformat()}"
            none = "no form of this kind could be issued on that day; NO_ACTION or MONITOR"
            wanting.append((why, f"a form of that day (--form): {', '.join(possible)}" if possible else none))
    return tuple(wanting)


def is_override(choice: str, found: Finding) -> bool:
    """Whether a choice lies outside what is permitted, or leaves a duty undone."""
    leaves_duty = any(duty in REQUESTS for duty in found.duties) and choice not in found.duties
    return leaves_duty or not found.allows(choice)


def _check_permitted(command: cmd.Decide, found: Finding, asked: str) -> None:
    if not is_override(command.choice, found):
        return
    protected = "victim_witness_plaintiff" in found.flags and command.choice in REQUESTS
    if protected and not found.facts.get("adverse_factors"):
        raise Refusal(
            asked,
            "a victim, witness or plaintiff is left alone by default, and no adverse factor is stated (memo 10076.1)",
            "NO_ACTION, with a reason",
            "state an adverse factor (StateFact adverse_factors), then have a supervisor approve",
        )
    if command.override:
        return
    open_to = sorted({*found.permitted, *found.duties, "NO_ACTION"})
    missing = f"; nobody knows {', '.join(found.missing)}" if found.missing else ""
    raise Refusal(
        asked,
        f"{found.regime} permits {', '.join(found.permitted) or 'nothing'}"
        + (f" and requires {', '.join(found.duties)}" if found.duties else "")
        + missing,
        *open_to,
        "an override, approved by a supervisor first (Review decision)",
    )


def _reviewer(case: Case, command: cmd.Decide, act: Act, found: Finding, asked: str) -> str | None:
    """The supervisor who approved, where one is needed.

    Raises:
        Refusal: when one is needed and none other than the officer approved this very choice.
    """
    version = len(case.decisions) + 1
    looks = [r for r in case.reviews if r.what == "decision" and r.decision == version and r.choice == command.choice]
    last = looks[-1] if looks else None
    relies = found.needs_reviewer or bool(set(command.basis) & set(found.reviewed))
    needed = is_override(command.choice, found) or (command.choice in REQUESTS and relies)
    if not needed:
        return last.reviewer if last and last.approved else None
    if last is None or not last.approved or last.reviewer == act.actor:
        raise Refusal(
            asked,
            "it needs the approval of a supervisor other than the officer, recorded before the decision",
            f"ask a supervisor to review the choice {command.choice}",
            "NO_ACTION, with a reason" if command.choice in REQUESTS else "do what the duty requires",
        )
    return last.reviewer


def _weaknesses(case: Case) -> tuple[str, ...]:
    """What the record shows to be weak; shown beside the decision, so that it cannot be forgotten."""
    answer = case.determination
    if answer is None:
        return ("no-determination",)
    found = [s for s in answer.sources if not s.absence]
    checks = {
        "low-confidence": answer.confidence == "low",
        "no-reliable-source": not any(s.reliability in {"high", "medium"} for s in found),
        "rests-on-absence": any(s.absence for s in answer.sources) and not found,
        "close-call": case.immigration is not None and case.immigration.close_call,
        "no-match": case.immigration is None or not case.immigration.hit,
        "status-not-removable": answer.status not in REMOVABLE,
    }
    return tuple(name for name, applies in checks.items() if applies)
