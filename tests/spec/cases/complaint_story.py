"""A complaint told in steps, on the lines of a story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from story import DESKS, Story

from tenprint.cases.complaint import Complaint, clocks, decide, fold, words
from tenprint.cases.complaint import commands as cmd

DESKS.setdefault("complainant", "the filer")


class ComplaintStory(Story):
    """One complaint, step by step."""

    def __init__(self, story: Story) -> None:
        super().__init__(zone="UTC")
        self.lines = story.lines
        self.now = self.at("2011-06-20 10:00")
        self.complaint = Complaint()
        self.history: list[tuple[datetime, Any]] = []
        self.say, self.say_command = words.say, words.say_command

    def _do(self, command: Any, by: str, at: str | datetime | None = None, actor: str = "") -> tuple[Any, ...]:
        self.now = self.at(at) if at is not None else self.now
        name = actor or ("complainant" if by == "complainant" else f"{by}-1")
        made = decide(self.complaint, command, actor=name, role=by, now=self.now)
        self.complaint = fold(made, self.complaint)
        self.history += [(self.now, event) for event in made]
        return made

    def filed(self, at: str = "2011-06-20 10:00", **more: Any) -> ComplaintStory:
        """Somebody files it on the web."""
        self.happened(filing(**more), "complainant", at)
        return self

    def retained(self, at: str = "2011-06-22 10:00") -> ComplaintStory:
        """Filed, kept and being looked into."""
        self.filed(against="federal_officer")
        self.happened(cmd.Triage(route="RETAINED", reason="within the office's scope"), "rights", at)
        self.happened(cmd.Investigate(), "rights")
        return self

    def clock(self, step: str) -> Any:
        """One clock."""
        return next(c for c in clocks(self.history) if c.step == step)


def filing(**more: Any) -> cmd.FileComplaint:
    """A complaint as usual."""
    given: dict[str, Any] = {
        "number": "2011-00001", "channel": "web", "language": "es", "text": "I was held for three days after my bond.",
        "against": "jail", "topics": ("unlawful_hold",), "receipt": "ab" * 32,
    } | more  # fmt: skip
    return cmd.FileComplaint(**given)
