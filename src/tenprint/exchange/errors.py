"""What the exchange says when it cannot do as asked. Every message names what was expected and what to do next."""

from __future__ import annotations

TRIES = 8
"""How often an act is decided again when somebody else changed the case in between."""


class ExchangeError(Exception):
    """The exchange cannot do as asked."""


class NotAllowedError(ExchangeError):
    """This principal may not do this act."""


class UnknownError(ExchangeError):
    """Nobody and nothing of that name is known here: principal, agency, county, case."""


class UnreadableCardError(ExchangeError):
    """A file is not an ANSI/NIST transaction that an answer could be sent to."""
