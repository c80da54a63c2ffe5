"""What can be wrong with a figure: said with what was expected, what came, where, and what to do."""

from __future__ import annotations


class FiguresError(Exception):
    """A figure cannot be computed, compared, published or checked; the message is for the user."""


class TwoOriginsError(FiguresError):
    """The facts of a figure come from more than one origin: they are never added up."""
