"""Accounts: people who act are who they say they are, by a password and a one-time code, for a limited time.

An administrator invites, the invited person accepts; each is an event. Passwords (Argon2id), secrets and sessions
are tables beside the ledger: a credential counts only while it is the one that the newest event names by its hash.
"""

from tenprint.accounts.accounts import Accounts, Fresh, audit, opened
from tenprint.accounts.errors import AccountError, TooManyError, WrongCredentialsError
from tenprint.accounts.sessions import ABSOLUTE, IDLE, Session

__all__ = [
    "ABSOLUTE",
    "IDLE",
    "AccountError",
    "Accounts",
    "Fresh",
    "Session",
    "TooManyError",
    "WrongCredentialsError",
    "audit",
    "opened",
]
