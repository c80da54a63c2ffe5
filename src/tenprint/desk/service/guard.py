"""Who is at the desk: a cookie's token, a session with limits, a token in every form, the person of a request."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import Response

from tenprint.accounts import ABSOLUTE, IDLE, Accounts, WrongCredentialsError, requests
from tenprint.exchange import NotAllowedError
from tenprint.exchange.core import Core
from tenprint.exchange.presence import held

COOKIE = "tenprint-desk"


class Guard:
    """Sessions of the desks. Where names are checked they are accounts'; elsewhere whoever is named is believed.

    Args:
        exchange: Whose; from now on only the person of a request acts in it.
    """

    def __init__(self, exchange: Core) -> None:
        self._exchange = exchange
        self.checked = exchange.ledger.names == "checked"
        self._accounts = Accounts(exchange) if self.checked else None
        self._believed: dict[str, tuple[str, float, float]] = {}
        exchange.present = requests.is_here

    def sign_in(self, name: str, password: str, code: str) -> str:
        """A new session's token.

        Raises:
            ExchangeError: when the three do not belong together; where names are believed, when nobody is called so.
        """
        if self._accounts is not None:
            return self._accounts.sign_in(name, password, code)
        if held(self._exchange.ledger.stream(f"principal/{name}")) is None:
            raise WrongCredentialsError("nobody of that name is registered here")
        now, token = time.time(), secrets.token_urlsafe(32)
        live = {t: s for t, s in self._believed.items() if now - s[1] < ABSOLUTE and now - s[2] < IDLE}
        self._believed = live | {token: (name, now, now)}
        return token

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._believed.pop(token, None)
        if self._accounts is not None:
            self._accounts.sign_out(token)

    def who(self, request: Request) -> str | None:
        """The name of whoever is signed in; nothing when nobody is."""
        token = request.cookies.get(COOKIE, "")
        if not token:
            return None
        if self._accounts is not None:
            found = self._accounts.session(token)
            return found.name if found else None
        name, since, seen = self._believed.get(token, ("", 0.0, 0.0))
        now = time.time()
        if not name or now - since > ABSOLUTE or now - seen > IDLE:
            return None
        if held(self._exchange.ledger.stream(f"principal/{name}")) is None:
            return None
        self._believed[token] = (name, since, now)
        return name

    @contextmanager
    def acting(self, name: str, second: tuple[str, str, str] = ("", "", "")) -> Iterator[None]:
        """Within, this person is here to act, and a second one who has just shown that they are.

        Args:
            name: Who is signed in.
            second: Name, password and code of the person beside them; empty when there is none.

        Raises:
            NotAllowedError: when the second person is the first.
            AccountError: when the second person's words do not belong together.
        """
        people = {name}
        if second[0] and self._accounts is not None:
            if second[0] == name:
                raise NotAllowedError("the second person is somebody else")
            self._accounts.sign_out(self._accounts.sign_in(*second))
            people.add(second[0])
        with requests.of(*people):
            yield


def give(response: Response, token: str, *, secure: bool) -> None:
    """Put a token into the browser: out of reach of scripts and of other sites."""
    response.set_cookie(COOKIE, token, max_age=int(ABSOLUTE), httponly=True, samesite="strict", secure=secure, path="/")


def take_back(response: Response) -> None:
    """Take the token out of the browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def form_token(request: Request) -> str:
    """What every form of a session carries; it follows from the session's token and tells nothing about it."""
    return hashlib.blake2b(b"form", key=request.cookies.get(COOKIE, "").encode()[:64], digest_size=20).hexdigest()


def is_ours(request: Request, sent: str) -> bool:
    """Whether a form came from a page of this session."""
    return bool(request.cookies.get(COOKIE)) and hmac.compare_digest(form_token(request).encode(), sent.encode())
