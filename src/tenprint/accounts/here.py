"""Who is signed in at this machine's command line: a token a person and ledger, in files for their owner alone."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from tenprint.accounts.accounts import Accounts, opened
from tenprint.accounts.errors import AccountError
from tenprint.exchange.core import Core
from tenprint.exchange.presence import Presence
from tenprint.ledger import Ledger


def folder() -> Path:
    """The user's data folder of this program: ``XDG_DATA_HOME``, else what the system calls so."""
    if stated := os.environ.get("XDG_DATA_HOME"):
        return Path(stated) / "tenprint"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "tenprint"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "tenprint"
    return Path.home() / ".local" / "share" / "tenprint"


def file(ledger: Ledger, name: str) -> Path:
    """Where somebody's token for a ledger is kept."""
    which = hashlib.sha256(f"{ledger.verifier}\0{name}".encode()).hexdigest()[:32]
    return folder() / "sessions" / which


def keep(ledger: Ledger, name: str, token: str) -> Path:
    """Keep a token: mode 0600, in a folder of mode 0700."""
    target = file(ledger, name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hidden = target.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as written:
        written.write(token)
    hidden.replace(target)
    return target


def token(ledger: Ledger, name: str) -> str | None:
    """A kept token; nothing when there is none.

    Raises:
        AccountError: when others may read it.
    """
    kept = file(ledger, name)
    try:
        found = kept.stat()
    except FileNotFoundError:
        return None
    if os.name == "posix" and (found.st_mode & 0o077 or found.st_uid != os.getuid()):
        raise AccountError(f"{kept}: others may read your session: remove the file and sign in again")
    return kept.read_text(encoding="ascii").strip()


def forget(ledger: Ledger, name: str) -> None:
    """Drop a kept token."""
    file(ledger, name).unlink(missing_ok=True)


def presence(exchange: Core) -> Presence:
    """Whether somebody has a session here that has not ended; until the first account is accepted, anybody named."""
    if not opened(exchange.ledger):
        return lambda _: True

    def signed_in(name: str) -> bool:
        kept = token(exchange.ledger, name)
        found = Accounts(exchange).session(kept) if kept else None
        return found is not None and found.name == name

    return signed_in
