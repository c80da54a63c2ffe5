"""A flag of the quarterly review told in steps, on the lines of a story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from story import Story

from tenprint.cases.finding import OutlierReview, clocks, decide, fold, words
from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding import events as ev

EVIDENCE = cmd.AddEvidence(text="41 of 60 bookings read were for driving without a licence.", source="booking sheets")
REVIEW = cmd.BeginReview(plan="Read a random sample of booking sheets with the agency.")
UNEXPLAINED = cmd.WriteFinding(result="UNEXPLAINED", text="No reason was found in the sheets.", evidence=(1,))
SUMMARY = cmd.Summarize(text="Low-level bookings rose after activation. We found no reason and keep looking.")


class OutlierStory(Story):
    """One flag, step by step."""

    def __init__(self, story: Story) -> None:
        super().__init__(zone="UTC")
        self.lines = story.lines
        self.now = self.at("2011-10-20 10:00")
        self.review = OutlierReview()
        self.history: list[tuple[datetime, Any]] = []
        self.say, self.say_command = words.say, words.say_command

    def _do(self, command: Any, by: str, at: str | datetime | None = None, actor: str = "") -> tuple[Any, ...]:
        self.now = self.at(at) if at is not None else self.now
        made = decide(self.review, command, actor=actor or f"{by}-1", role=by, now=self.now)
        self.review = fold(made, self.review)
        self.history += [(self.now, event) for event in made]
        return made

    def flagged(self, at: str = "2011-10-20 10:00") -> OutlierStory:
        """A flag became a case."""
        self.happened(opening(), "rights", at)
        return self

    def looked_into(self) -> OutlierStory:
        """A hypothesis, evidence, and a look beyond the numbers."""
        self.flagged()
        self.happened(hypothesis(), "rights", "2011-10-21 10:00")
        self.happened(REVIEW, "rights", "2011-10-24 10:00")
        self.happened(EVIDENCE, "rights", "2011-11-10 10:00")
        return self

    def found(self, result: Any = "UNEXPLAINED") -> OutlierStory:
        """Somebody wrote what was found."""
        self.looked_into()
        finding = cmd.WriteFinding(result=result, text="As the sheets show.", evidence=(1,))
        self.happened(finding, "rights", "2011-11-20 10:00")
        return self

    def clock(self, step: str) -> Any:
        """One clock."""
        return next(c for c in clocks(self.history) if c.step == step)


def hypothesis(text: str = "Deputies stop for traffic in order to book.") -> cmd.StateHypothesis:
    """Something that could lie behind it, and could be wrong."""
    return cmd.StateHypothesis(text=text, against="As many traffic bookings in counties that are not active.")


def flag(**more: Any) -> ev.Flag:
    """A flag as usual."""
    given: dict[str, Any] = {
        "id": "2011Q2/low-level-bookings/change/48453", "quarter": "2011Q2", "metric": "low-level-bookings",
        "definition": "low-level-booking-share@0123456789abcdef", "rule": "quarterly-review@0123456789abcdef",
        "review": "sha256:" + "ab" * 32, "test": "change", "jurisdiction": "48453", "state": "TX", "county": "Travis",
        "direction": "high", "observed": 0.41, "expected": 0.29, "q": 0.003,
        "statement": "Low-level bookings in Travis, TX, were 41 % after activation; 29 % were expected.",
    } | more  # fmt: skip
    return ev.Flag(**given)


def opening(**more: Any) -> cmd.Open:
    """The flag as a case of rita's."""
    return cmd.Open(number="2011Q2-001", flag=flag(**more), owner="rita")
