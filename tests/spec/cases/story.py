"""Given, when, then: a case told in steps, which runs as a test and prints as a page of the handbook."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tenprint.cases import Case, Refusal, decide, fold, jurisdiction
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev
from tenprint.cases.card.words import say, say_command
from tenprint.cases.custody.view import Custody, custody_of
from tenprint.cases.jurisdiction import words as place_words
from tenprint.cases.kernel.act import Around
from tenprint.cases.kernel.value import Command

ORI, CRI, COUNTY = "IL0160000", "IL0169900", "17031"
DESKS = {
    "system": "the road",
    "booking": "the booking desk",
    "bureau": "the bureau",
    "examiner": "the examiner",
    "center": "the support center",
    "office": "the officer",
    "supervisor": "the supervisor",
    "jail": "the jail",
    "rights": "the rights office",
    "auditor": "the auditor",
    "administrator": "the administrator",
}


class Story:
    """One case, step by step."""

    def __init__(self, zone: str = "America/Chicago") -> None:
        self.zone = zone
        self.case = Case()
        self.last: tuple[ev.Event, ...] = ()
        self.refusal: Refusal | None = None
        self.lines: list[tuple[str, str]] = []
        self.now = self.at("2010-07-01 10:00")
        self.newest: datetime | None = None
        self.recorded_by: set[str] = set()
        self.say: Any = say
        self.say_command: Any = say_command

    def at(self, text: str | datetime) -> datetime:
        """A local moment."""
        if isinstance(text, datetime):
            return text
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone))

    # -- given ---------------------------------------------------------------------------------------------------------

    def _do(self, command: Command, by: str, at: str | datetime | None = None, actor: str = "") -> tuple[ev.Event, ...]:
        self.now = self.at(at) if at is not None else self.now
        made = decide(
            self.case, command, actor=actor or f"{by}-1", role=by, now=self.now, zone=self.zone, around=self.around()
        )
        self.recorded_by |= {actor or f"{by}-1"} if by == "jail" else set()
        self.newest = max(self.newest or self.now, self.now)
        self.case = fold(made, self.case)
        return made

    def around(self) -> Around:
        """What an act knows beside its case: everybody is registered in the role that their name says."""
        roles = {f"{role}-{n}": (role,) for role in DESKS for n in (1, 2, 3)}
        return Around(known_at=self.newest, roles=roles, recorded_by=frozenset(self.recorded_by))

    @property
    def whole(self) -> Custody:
        """The custody as it then stands."""
        return custody_of((self.case,))

    def without(self, at: str) -> list[tuple[str, int]]:
        """Stretches without authority up to a local moment: cause and minutes."""
        return [(g.cause, g.minutes(self.at(at))) for g in self.whole.gaps if g.start < self.at(at)]

    def _given(self, text: str) -> None:
        self.lines.append(("given", text))

    def card(self, at: str = "2010-07-01 10:00", *, charges: tuple[ev.Charge, ...] | None = None, **more: Any) -> Story:
        """A booking: card accepted and searched in the criminal system."""
        self.now = self.at(at)
        if charges is None:
            charges = (
                ev.Charge(
                    number=1, literal="burglary of a dwelling", ncic="2202", grade="felony", categories=("burglary",)
                ),
            )
        given: dict[str, Any] = {
            "tcn": "T1", "submitting_ori": ORI, "controlling_ori": CRI, "tot": "CAR", "card": "0" * 64, "retain": True,
            "date_of_arrest": self.now.date(), "age_at_arrest": 30, "charges": charges, "fingers": tuple(range(1, 11)),
        } | more  # fmt: skip
        self._do(cmd.AcceptSubmission(submission=ev.SubmissionAccepted(**given)), "booking")
        self._do(cmd.RecordCriminalSearch(result=criminal(hit=False)), "system")
        said = "; ".join(f"{c.literal} ({c.grade or 'grade not known'})" for c in charges) or "no charge"
        self._given(
            f"A card of a person arrested on {self.now.date()} for {said} was accepted. "
            "The criminal search found no record."
        )
        return self

    def match(self) -> Story:
        """The prints went on, matched an earlier encounter, and the center was asked."""
        self._do(cmd.DecideGate(agency=registration(), on=self.now.date()), "system")
        self._do(cmd.RecordImmigrationSearch(result=immigration(hit=True)), "system")
        self._do(cmd.SendQuery(origin="BIOMETRIC"), "system")
        self._given(
            "The prints matched an earlier encounter in the immigration system, and the support center was asked."
        )
        return self

    def answer(self, status: str = "REMOVABLE_SUSPECTED", *, indicator: bool = False, at: str | None = None) -> Story:
        """The center answered."""
        made = self._do(determined(status, indicator=indicator), "center", at)
        self._given(say(made[0]))
        return self

    def convictions(self, *known: ev.Conviction) -> Story:
        """Convictions on record."""
        for conviction in known:
            self._do(cmd.RecordConviction(conviction=conviction), "center")
            involves = ", ".join(conviction.categories or ()) or "no category"
            self._given(f"A conviction of {conviction.convicted_on} is on record ({conviction.grade}, {involves}).")
        return self

    def detainer(self, form: str, at: str, **more: Any) -> Story:
        """An officer decided, and the form went out."""
        form_given = {"form": form, "zone": self.zone} | more
        decision = cmd.Decide(
            choice="DETAINER",
            reason="as permitted",
            factors=("length of presence",),
            detainer=cmd.IssueDetainer(**form_given),
        )
        made = self._do(decision, "office", at)
        self._given(f"{say(made[0])} {say(made[1])}")
        return self

    def served(self, at: str) -> Story:
        """The jail acknowledged and gave the person a copy."""
        self._do(cmd.Acknowledge(), "jail", at)
        self._do(cmd.Serve(language="Spanish", served_at=self.at(at)), "jail", at)
        self._given(f"The jail acknowledged the request and gave the person a copy at {at}.")
        return self

    def honored(self, at: str, under: str = "county policy 4") -> Story:
        """The jail honors the request."""
        made = self._do(cmd.HonorRequest(under=under), "jail", at)
        self._given(" ".join(say(e) for e in made))
        return self

    def held_until(self, end: str) -> Story:
        """A hold runs, and this is when its authority ends."""
        hold = self.whole.hold_at(self.now)
        assert hold is not None, f"no hold at {self.now}; {self.whole.gaps}"
        assert hold.deadline == self.at(end), f"expected {self.at(end)}, got {hold.deadline}"
        return self.so(f"The hold ends by itself at {end}.", holds=True)

    def free_to_leave(self, cause: str) -> Story:
        """Nothing allows to keep the person, and why."""
        gap = self.whole.gap_at(self.now)
        assert gap is not None, "something allows to keep the person"
        assert gap.cause == cause, gap.cause
        return self.so(f"The person is free to leave: {cause}.", holds=True)

    def release_moment(self, at: str, reason: str = "bond_posted", document: str = "bond receipt 1") -> Story:
        """The person would have left."""
        made = self._do(cmd.RecordReleaseEligible(at=self.at(at), reason=reason, document=document), "jail", at)
        self._given(" ".join(say(e) for e in made))
        return self

    def happened(self, command: Command, by: str, at: str | None = None, actor: str = "") -> Story:
        """Any other step before the one that matters."""
        made = self._do(command, by, at, actor)
        self._given(" ".join(self.say(e) for e in made) or f"{DESKS[by].capitalize()} {self.say_command(command)}.")
        return self

    # -- when, then ----------------------------------------------------------------------------------------------------

    def when(self, command: Command, by: str, at: str | None = None, actor: str = "") -> Story:
        """The step that matters; a refusal is kept for ``refused``."""
        self.refusal, self.last = None, ()
        clock = "" if at is None else f"At {at}, "
        text = f"{clock}{DESKS[by]} {self.say_command(command)}."
        self.lines.append(("when", text[0].upper() + text[1:]))
        try:
            self.last = self._do(command, by, at, actor)
        except Refusal as refusal:
            self.refusal = refusal
        return self

    def then(self, *expected: Expected | type[ev.Event]) -> Story:
        """Exactly these events happened, in this order."""
        assert self.refusal is None, f"refused: {self.refusal}"
        kinds = [e.kind if isinstance(e, Expected) else e for e in expected]
        assert [type(e) for e in self.last] == kinds, [self.say(e) for e in self.last]
        for event, wanted in zip(self.last, expected, strict=True):
            if isinstance(wanted, Expected):
                wanted.check(event, self)
        self.lines += [("then", self.say(e)) for e in self.last] or [("then", "Nothing happens.")]
        return self

    def refused(self, *parts: str) -> Story:
        """The step was refused, in words that contain these."""
        assert self.refusal is not None, f"expected a refusal, got {[self.say(e) for e in self.last]}"
        for part in parts:
            assert part in str(self.refusal), str(self.refusal)
        assert self.refusal.permitted, "a refusal says what could be done"
        self.lines.append(("then", f"Refused: {self.refusal}"))
        return self

    def so(self, text: str, *, holds: bool) -> Story:
        """Something that holds after the step."""
        assert holds, text
        self.lines.append(("then", text))
        return self


class PlaceStory(Story):
    """One jurisdiction, step by step."""

    def __init__(self) -> None:
        super().__init__()
        self.place = jurisdiction.Place()
        self.say, self.say_command = place_words.say, place_words.say_command

    def _do(self, command: Command, by: str, at: str | datetime | None = None, actor: str = "") -> tuple[Any, ...]:
        self.now = self.at(at) if at is not None else self.now
        made = jurisdiction.decide(self.place, command, actor=actor or f"{by}-1", role=by, now=self.now, zone=self.zone)
        self.place = jurisdiction.fold(made, self.place)
        return made


class Expected(msgspec.Struct, frozen=True):
    """An event of a kind with some of its fields."""

    kind: type[ev.Event]
    fields: dict[str, Any]

    def check(self, event: ev.Event, story: Story) -> None:
        """Compare the fields that are named; local times may be given as text."""
        for name, wanted in self.fields.items():
            came = getattr(event, name)
            value = story.at(wanted) if isinstance(came, datetime) and isinstance(wanted, str) else wanted
            assert came == value, f"{name}: expected {value}, got {came}"


def like(kind: type[ev.Event], **fields: Any) -> Expected:
    """An event of this kind, with these fields."""
    return Expected(kind, fields)


# -- usual values ------------------------------------------------------------------------------------------------------


def registration(**more: Any) -> cmd.Registration:
    """An agency in a county that has been active since 2009."""
    given: dict[str, Any] = {"ori": CRI, "county": COUNTY, "active_since": date(2009, 11, 1)} | more
    return cmd.Registration(**given)


def criminal(*, hit: bool) -> ev.CriminalSearched:
    """The criminal system's answer."""
    return ev.CriminalSearched(
        hit=hit,
        identity="C1" if hit else None,
        score=0.9 if hit else 0.1,
        threshold=0.5,
        fingers=10,
        gallery=1,
        calibration="x",
    )


def immigration(*, hit: bool) -> ev.ImmigrationSearched:
    """The immigration system's answer."""
    return ev.ImmigrationSearched(
        hit=hit,
        identity="FIN-1" if hit else None,
        score=0.9 if hit else 0.1,
        threshold=0.5,
        fingers=10,
        gallery=1,
        calibration="x",
    )


def close_call(kind: type[Any] = ev.ImmigrationSearched) -> Any:
    """An answer below the threshold that is for an examiner."""
    return kind(
        hit=False,
        identity=None,
        score=0.45,
        threshold=0.5,
        fingers=10,
        gallery=1,
        calibration="x",
        close_call=True,
        candidate="FIN-1",
        meaning="about one in 5,000 comparisons of 10 fingers of different people scores this high",
        compared=3,
    )


def determined(status: str, *, indicator: bool = False) -> cmd.DetermineStatus:
    """An answer of the center with one good source."""
    sources = (ev.Source(name="central index", reliability="high"),)
    return cmd.DetermineStatus(status=status, confidence="high", sources=sources, citizenship_indicator=indicator)


def conviction(key: str, on: str, grade: str, *categories: str, **more: Any) -> ev.Conviction:
    """A conviction."""
    return ev.Conviction(
        id=key, convicted_on=date.fromisoformat(on), grade=grade, categories=categories, source="court record", **more
    )


def charge(number: int, literal: str, grade: str | None, *categories: str) -> ev.Charge:
    """An arrest charge."""
    return ev.Charge(number=number, literal=literal, grade=grade, categories=categories)
