"""The one way in which a case says no: typed, and with what would be permitted instead."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """An act that may not happen.

    Attributes:
        asked: What was asked for, in a few words.
        why: Why not, naming the rule or the fact that stands in the way.
        permitted: What could be done instead; never empty.
    """

    def __init__(self, asked: str, why: str, *permitted: str) -> None:
        self.asked = asked
        self.why = why
        self.permitted = permitted
        instead = "; ".join(permitted) or "nothing for this role at this moment"
        super().__init__(f"{asked}: refused, because {why}. What could be done: {instead}.")
