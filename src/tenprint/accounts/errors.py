"""What accounts refuse."""

from __future__ import annotations

from tenprint.exchange.errors import ExchangeError


class AccountError(ExchangeError):
    """An account cannot do that; the message says what to do."""


class WrongCredentialsError(AccountError):
    """Name, password and code do not belong together; which of them is wrong is not said."""


class TooManyError(AccountError):
    """Too many wrong attempts: wait."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds
