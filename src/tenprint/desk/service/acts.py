"""The acts of the desks: what a form asks, and the command of the exchange that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.events import Choice, ClaimKind, EligibleReason, Examined, ImmigrationStatus, Source
from tenprint.cases.card.examination import SYSTEMS
from tenprint.cases.custody.events import Leaving
from tenprint.cases.kernel.value import Command
from tenprint.exchange import ExchangeError

REQUESTS = ("DETAINER", "NOTIFY_REQUEST", "TRANSFER_REQUEST")


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a form asks."""

    name: str
    label: str
    kind: str = "text"
    """text, area, choice (radio buttons), many (boxes), check."""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    hint: str = ""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What came with a form."""

    values: Mapping[str, Sequence[str]]
    when: datetime
    zone: str

    def one(self, name: str) -> str:
        """A value; empty when it was not given."""
        return next(iter(self.values.get(name, ())), "").strip()

    def many(self, name: str) -> tuple[str, ...]:
        """Every value."""
        return tuple(v.strip() for v in self.values.get(name, ()) if v.strip())

    def choice(self, name: str, options: Sequence[str], what: str) -> Any:
        """One of the options.

        Raises:
            ExchangeError: when it is none of them.
        """
        if self.one(name) not in options:
            raise ExchangeError(f"choose {what}")
        return self.one(name)


class ActForm(msgspec.Struct, frozen=True, kw_only=True):
    """An act as a page offers it."""

    act: str
    title: str
    command: type[Command]
    build: Callable[[Given], Command]
    fields: tuple[Field, ...] = ()
    second: bool = False
    """Whether a second person may be needed."""


def words(options: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Options with their names in words."""
    return tuple((o, o.replace("_", " ").lower()) for o in options)


_CONCLUSIONS, _CLAIMS = get_args(Examined), get_args(ClaimKind)
_ELIGIBLE, _LEAVING, _STATUS, _CHOICE = (
    get_args(EligibleReason), tuple(w for w in get_args(Leaving) if w not in {"TRANSFERRED", "NEW_CRIMINAL_HOLD"}),
    get_args(ImmigrationStatus), get_args(Choice),
)  # fmt: skip
_REASON = Field(name="reason", label="Why", kind="area", required=True)
_DOCUMENT = Field(name="document", label="The paper that shows it, by number", required=True)


def _decide(given: Given) -> Command:
    choice = given.choice("choice", _CHOICE, "what is decided")
    basis, detainer = given.many("basis"), None
    if choice in REQUESTS:
        if not given.one("form"):
            raise ExchangeError(f"{choice} is carried out by a form: choose one")
        detainer = cmd.IssueDetainer(form=given.one("form"), zone=given.zone, criteria=basis)
    factors = tuple(line.strip() for line in given.one("factors").splitlines() if line.strip())
    return cmd.Decide(choice=choice, reason=given.one("reason"), basis=basis, factors=factors, detainer=detainer)


def _answer(given: Given) -> Command:
    how = given.choice("reliability", ("high", "medium", "low", "unknown"), "how reliable the source is")
    name, note = given.one("source"), given.one("source_note")
    if not name:
        raise ExchangeError("name the record that was looked at")
    return cmd.DetermineStatus(
        status=given.choice("status", _STATUS, "what was found"),
        confidence=given.choice("confidence", ("high", "medium", "low"), "how sure the answer is"),
        sources=(Source(name=name, reliability=how, note=note, absence=bool(given.one("absence"))),),
        citizenship_indicator=bool(given.one("citizenship")),
        note=given.one("note"),
    )


def _number(given: Given) -> int:
    if not given.one("number").isdigit():
        raise ExchangeError("say which one, by its number")
    return int(given.one("number"))


_HONOR = Field(name="under", label="The authority that you rely on, by name or number", required=True)
_HOW = Field(name="how", label="How the person left", kind="choice", options=words(_LEAVING), required=True)
_WHAT = ("citizenship", "decision")

FORMS: dict[str, ActForm] = {
    form.act: form
    for form in (
        ActForm(
            act="release", title="The person has left", command=cmd.ReleasePerson, second=True,
            fields=(_HOW, Field(name="document", label="The paper that shows it, where one is needed")),
            build=lambda g: cmd.ReleasePerson(
                at=g.when, how=g.choice("how", _LEAVING, "how the person left"), document=g.one("document"),
                second=g.one("second"),
            ),
        ),
        ActForm(
            act="acknowledge", title="The form has arrived", command=cmd.Acknowledge,
            fields=(Field(name="note", label="Booking number, expected release"),),
            build=lambda g: cmd.Acknowledge(note=g.one("note")),
        ),
        ActForm(
            act="serve", title="The person was given a copy", command=cmd.Serve,
            fields=(Field(name="language", label="Language of the copy", required=True),),
            build=lambda g: cmd.Serve(language=g.one("language") or "not stated", served_at=g.when),
        ),
        ActForm(
            act="honor", title="Honor the request", command=cmd.HonorRequest, fields=(_HONOR,),
            build=lambda g: cmd.HonorRequest(under=g.one("under")),
        ),
        ActForm(
            act="decline", title="Decline the request", command=cmd.Decline, fields=(_REASON,),
            build=lambda g: cmd.Decline(reason=g.one("reason")),
        ),
        ActForm(
            act="release-eligible", title="The person would walk out now", command=cmd.RecordReleaseEligible,
            fields=(Field(name="why", label="Why", kind="choice", options=words(_ELIGIBLE), required=True), _DOCUMENT),
            build=lambda g: cmd.RecordReleaseEligible(
                at=g.when, reason=g.choice("why", _ELIGIBLE, "why the person would walk out"),
                document=g.one("document"),
            ),
        ),
        ActForm(
            act="book", title="The person was booked in", command=cmd.BookPerson,
            fields=(Field(name="booking", label="Booking number of the jail", required=True),),
            build=lambda g: cmd.BookPerson(at=g.when, booking_number=g.one("booking")),
        ),
        ActForm(
            act="answer", title="Answer the query", command=cmd.DetermineStatus, build=_answer,
            fields=(
                Field(name="status", label="What was found", kind="choice", options=words(_STATUS), required=True),
                Field(
                    name="confidence", label="How sure", kind="choice", options=words(("high", "medium", "low")),
                    required=True,
                ),
                Field(name="source", label="The record that was looked at", required=True),
                Field(
                    name="reliability", label="How reliable it is", kind="choice", required=True,
                    options=words(("high", "medium", "low", "unknown")),
                ),
                Field(name="absence", label="No record was found there", kind="check"),
                Field(name="source_note", label="What it says"),
                Field(name="citizenship", label="Something points to citizenship: stops any request", kind="check"),
                Field(name="note", label="Anything else", kind="area"),
            ),
        ),
        ActForm(act="decide", title="Decide", command=cmd.Decide, build=_decide),
        ActForm(
            act="cancel", title="Lift the request that stands", command=cmd.Cancel, fields=(_REASON,),
            build=lambda g: cmd.Cancel(reason=g.one("reason")),
        ),
        ActForm(
            act="close-incident", title="Close an incident", command=cmd.CloseIncident,
            fields=(Field(name="number", label="Number of the incident", required=True), _REASON),
            build=lambda g: cmd.CloseIncident(number=_number(g), reason=g.one("reason")),
        ),
        ActForm(
            act="review", title="Review", command=cmd.Review,
            fields=(
                Field(name="what", label="What is looked at", kind="choice", options=words(_WHAT), required=True),
                Field(
                    name="outcome", label="The outcome", kind="choice", required=True,
                    options=(("approve", "approved"), ("refuse", "refused")),
                ),
                Field(name="choice", label="The choice, of a decision", kind="choice", options=words(_CHOICE)),
                _REASON,
            ),
            build=lambda g: cmd.Review(
                what=g.choice("what", _WHAT, "what is looked at"), reason=g.one("reason"),
                approved=g.choice("outcome", ("approve", "refuse"), "the outcome") == "approve",
                choice=g.choice("choice", _CHOICE, "a choice") if g.one("choice") else None,
            ),
        ),
        ActForm(
            act="conclude", title="Conclude", command=cmd.Examine,
            fields=(
                Field(name="system", label="Of which search", kind="choice", options=words(SYSTEMS), required=True),
                Field(
                    name="conclusion", label="What the prints show", kind="choice", options=words(_CONCLUSIONS),
                    required=True,
                ),
                Field(name="reason", label="Why: what agrees, what differs", kind="area", required=True),
            ),
            build=lambda g: cmd.Examine(
                system=g.choice("system", SYSTEMS, "which search"), reason=g.one("reason"),
                conclusion=g.choice("conclusion", _CONCLUSIONS, "what the prints show"),
            ),
        ),
        ActForm(
            act="claim", title="Take a claim in: it withdraws a request at once", command=cmd.MakeClaim,
            fields=(
                Field(name="claim", label="What is claimed", kind="choice", options=words(_CLAIMS), required=True),
                Field(name="channel", label="How it came", required=True, hint="in person, hotline, letter, counsel"),
                Field(name="statement", label="In the person's words; kept sealed", kind="area"),
            ),
            build=lambda g: cmd.MakeClaim(
                claim=g.choice("claim", _CLAIMS, "what is claimed"), channel=g.one("channel"),
                statement=g.one("statement"),
            ),
        ),
        ActForm(
            act="resolve-claim", title="Answer a claim", command=cmd.ResolveClaim,
            fields=(
                Field(name="number", label="Number of the claim", required=True),
                Field(
                    name="outcome", label="The answer", kind="choice", required=True,
                    options=(("upheld", "upheld"), ("not-upheld", "not upheld")),
                ),
                _REASON,
            ),
            build=lambda g: cmd.ResolveClaim(
                number=_number(g), reason=g.one("reason"),
                upheld=g.choice("outcome", ("upheld", "not-upheld"), "the answer") == "upheld",
            ),
        ),
    )
}  # fmt: skip
"""By act, in the order in which a page offers them."""
