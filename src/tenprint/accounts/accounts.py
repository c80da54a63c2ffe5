"""Accounts of an exchange: invited, accepted, suspended; signing in and out.

Streams ``account/<name>``. Events name invitations and credentials by hash. The clock is the machine's: what is
stated with ``--at`` moves no session.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
import time
from collections.abc import Callable

import msgspec
from sqlalchemy import Row, delete, func, insert, inspect, select, update

from tenprint.accounts import codes, passwords, sessions
from tenprint.accounts.errors import AccountError, TooManyError, WrongCredentialsError
from tenprint.accounts.schema import CREDENTIAL, FAILURE, METADATA
from tenprint.accounts.sessions import Session
from tenprint.exchange.core import Core
from tenprint.exchange.presence import held
from tenprint.ledger import Act, Entry, Ledger, NewEvent, Problem

INVITED, ACCEPTED, SUSPENDED = "account.invited", "account.accepted", "account.suspended"
INVITATION = 7 * 86400.0
"""Seconds within which an invitation is accepted."""
WINDOW, MOST = 900.0, 5
"""Seconds in which so many wrong attempts upon one name are let in; then that name waits."""
_WRONG = "name, password and code do not belong together"


class Fresh(msgspec.Struct, frozen=True):
    """What somebody who accepted an invitation puts into their authenticator; it is shown once."""

    name: str
    secret: str
    address: str


class Accounts:
    """The accounts of an open exchange.

    Args:
        exchange: Whose.
        clock: Seconds since 1970; the machine's.
    """

    def __init__(self, exchange: Core, clock: Callable[[], float] = time.time) -> None:
        self._exchange, self._ledger, self._clock = exchange, exchange.ledger, clock
        with self._ledger.engine.connect() as connection:
            known = set(inspect(connection).get_table_names())
        if self._ledger.names == "checked" and not known.issuperset(METADATA.tables):
            with self._ledger.transaction() as tx:
                METADATA.create_all(tx.connection, checkfirst=True)

    # -- who has one ---------------------------------------------------------------------------------------------------

    def invite(self, name: str, act: Act) -> str:
        """Invite a registered person; an earlier one no longer counts; what they have stays until they accept.

        Returns:
            The invitation's code, which is nowhere else: hand it over in person.

        Raises:
            AccountError: when nobody of that name is registered.
        """
        self._exchange.vouch(act)
        return self._invite(name, act)

    def found(self, name: str) -> str:
        """The invitation of the first administrator, right after the exchange was made, and at no other time.

        Raises:
            AccountError: when somebody has been invited already.
        """
        if self._ledger.streams("account/"):
            raise AccountError("this exchange has accounts: an administrator invites")
        registration = self._ledger.stream(f"principal/{name}")[0]
        act = Act(name, registration.role, registration.purpose, registration.authority, self._ledger.now())
        return self._invite(name, act)

    def _invite(self, name: str, act: Act) -> str:
        if held(self._ledger.stream(f"principal/{name}")) is None:
            raise AccountError(f"{name} is not registered: tenprint principal add --name {name} --role R --agency O")
        code = secrets.token_hex(10)
        until = self._clock() + INVITATION
        self._say(
            name, NewEvent(INVITED, {"name": name, "invitation": sessions.digest(code), "until": round(until)}), act
        )
        return code

    def accept(self, name: str, invitation: str, password: str) -> Fresh:
        """Accept an invitation: a password is chosen, a secret for codes is made. Earlier sessions end.

        Raises:
            AccountError: when the invitation is not of this person, was used, is too old, or the password is too weak.
            TooManyError: after too many wrong attempts.
        """
        self._wait(name)
        last = self._last(name, INVITED, ACCEPTED, SUSPENDED)
        now = self._clock()
        good = (
            last is not None and last.kind == INVITED and last.data["invitation"] == sessions.digest(invitation.strip())
        )
        if last is None or not good or now > float(last.data["until"]):
            self._failed(name)
            raise AccountError(
                "that is no invitation of this name that still counts: ask an administrator for a new one"
            )
        passwords.check(password, name)
        secret, stored = codes.new_secret(), passwords.hashed(password)
        who = held(self._ledger.stream(f"principal/{name}"))
        if who is None:
            raise AccountError(f"{name} no longer has a role here")
        act = Act(name, who.roles[0], "operation of the exchange", "invitation of an administrator", self._ledger.now())
        event = NewEvent(ACCEPTED, {"name": name, "credential": _digest(name, stored, secret)})
        with self._ledger.transaction() as tx:
            tx.connection.execute(delete(CREDENTIAL).where(CREDENTIAL.c.name == name))
            tx.connection.execute(insert(CREDENTIAL).values(name=name, password=stored, secret=secret, used=0))
            sessions.end_all(tx.connection, name)
            stream = f"account/{name}"
            tx.append(stream, [event], act, expected_version=tx.version(stream))
        return Fresh(name, secret, codes.address(secret, name, self._ledger.origin))

    def suspend(self, name: str, reason: str, act: Act) -> None:
        """End an account and its sessions; only a new invitation opens it again.

        Raises:
            AccountError: without a reason, or when there is no such account.
        """
        self._exchange.vouch(act)
        if not reason.strip():
            raise AccountError("say why: --reason")
        if self._last(name, INVITED, ACCEPTED) is None:
            raise AccountError(f"{name} has no account here")
        self._say(name, NewEvent(SUSPENDED, {"name": name, "reason": reason}), act)
        with self._ledger.transaction() as tx:
            sessions.end_all(tx.connection, name)

    def state(self, name: str) -> str:
        """``none``, ``invited``, ``active`` or ``suspended``."""
        last = self._last(name, INVITED, ACCEPTED, SUSPENDED)
        if last is None:
            return "none"
        return {INVITED: "invited", ACCEPTED: "active", SUSPENDED: "suspended"}[last.kind]

    # -- signing in ----------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, code: str) -> str:
        """Begin a session; returns its token.

        Raises:
            WrongCredentialsError: whatever of the three is wrong, and when there is no such account.
            TooManyError: after too many wrong attempts upon that name, known or not.
        """
        self._wait(name)
        row = self._credential(name)
        right = passwords.matches(password, row.password if row is not None else _nobodys())
        step = codes.step_of(row.secret, code, self._clock(), row.used) if row is not None else None
        if row is None or not right or step is None:
            self._failed(name)
            raise WrongCredentialsError(_WRONG)
        with self._ledger.transaction() as tx:
            mine = (CREDENTIAL.c.name == name) & (CREDENTIAL.c.used < step)
            if tx.connection.execute(update(CREDENTIAL).where(mine).values(used=step)).rowcount != 1:
                raise WrongCredentialsError(_WRONG)  # somebody else was quicker with the same code
            tx.connection.execute(delete(FAILURE).where(FAILURE.c.about == sessions.digest(name)))
            return sessions.begin(tx.connection, name, self._clock())

    def session(self, token: str) -> Session | None:
        """Who is signed in with this token; nothing when a limit has passed, or the account or its roles have ended."""
        now = self._clock()
        with self._ledger.engine.connect() as connection:
            found = sessions.find(connection, token, now)
        if found is None or self._credential(found.name) is None:
            return None
        if now - found.seen > sessions.TOUCH:
            with self._ledger.transaction() as tx:
                sessions.touch(tx.connection, token, now)
        return found

    def sign_out(self, token: str) -> None:
        """End a session, whoever holds a copy of its token."""
        with self._ledger.transaction() as tx:
            sessions.end(tx.connection, token)

    # -- within --------------------------------------------------------------------------------------------------------

    def _credential(self, name: str) -> Row[tuple[object, ...]] | None:
        """The credential of an active account of somebody with a role: the one that its newest event names."""
        last = self._last(name, ACCEPTED, SUSPENDED)
        if last is None or last.kind != ACCEPTED or held(self._ledger.stream(f"principal/{name}")) is None:
            return None
        with self._ledger.engine.connect() as connection:
            row = connection.execute(select(CREDENTIAL).where(CREDENTIAL.c.name == name)).one_or_none()
        return row if row is not None and _digest(name, row.password, row.secret) == last.data["credential"] else None

    def _last(self, name: str, *kinds: str) -> Entry | None:
        return next((e for e in reversed(self._ledger.stream(f"account/{name}")) if e.kind in kinds), None)

    def _say(self, name: str, event: NewEvent, act: Act) -> None:
        stream = f"account/{name}"
        with self._ledger.transaction() as tx:
            tx.append(stream, [event], act, expected_version=tx.version(stream))

    def _wait(self, name: str) -> None:
        now, about = self._clock(), sessions.digest(name)
        recent = (FAILURE.c.about == about) & (FAILURE.c.at > now - WINDOW)
        query = select(func.count(), func.min(FAILURE.c.at)).where(recent)
        with self._ledger.engine.connect() as connection:
            count, oldest = connection.execute(query).one()
        if count >= MOST:
            seconds = max(1.0, oldest + WINDOW - now)
            raise TooManyError(f"too many wrong attempts: wait {seconds / 60:.0f} minutes", seconds)

    def _failed(self, name: str) -> None:
        now = self._clock()
        with self._ledger.transaction() as tx:
            tx.connection.execute(delete(FAILURE).where(FAILURE.c.at < now - WINDOW))
            tx.connection.execute(insert(FAILURE).values(about=sessions.digest(name), at=now))


def opened(ledger: Ledger) -> bool:
    """Whether somebody has ever accepted an invitation, as events say: from then on no name is believed."""
    return any(entry.kind == ACCEPTED for stream in ledger.streams("account/") for entry in ledger.stream(stream))


def audit(ledger: Ledger) -> list[Problem]:
    """Credentials that are not those that somebody accepted."""
    problems: list[Problem] = []
    with ledger.engine.connect() as connection:
        if not inspect(connection).has_table(CREDENTIAL.name):
            return []
        rows = connection.execute(select(CREDENTIAL)).all()
    for row in rows:
        said = [e.data["credential"] for e in ledger.stream(f"account/{row.name}") if e.kind == ACCEPTED]
        if not said or said[-1] != _digest(row.name, row.password, row.secret):
            what = f"{CREDENTIAL.name} {row.name}: is not the credential that they accepted; nobody can sign in with it"
            problems.append(Problem(None, "store", what))
    return problems


@functools.cache
def _nobodys() -> str:
    """The hash of a password that nobody has, so that an unknown name takes as long as a known one."""
    return passwords.hashed(secrets.token_urlsafe(24))


def _digest(name: str, password: str, secret: str) -> str:
    return hashlib.sha256(f"{name}\0{password}\0{secret}".encode()).hexdigest()
