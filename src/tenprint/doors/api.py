"""The HTTPS interface: POST a card, GET where it stands, GET an answer. A key in ``Authorization: Bearer``.

The same card again (TCN and ORI) gives the same answer and changes nothing. Who has to wait is told for how long, and
nothing of theirs was taken in: a 503 is never a lost card. The document of the interface: ``openapi.json``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from tenprint.accounts import machines, requests
from tenprint.cases import Refusal
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.doors import places
from tenprint.doors.document import openapi
from tenprint.exchange import ExchangeError, NotAllowedError, UnknownError, reads
from tenprint.exchange.cards import read_card
from tenprint.exchange.directory import Principal
from tenprint.exchange.exchange import Exchange
from tenprint.exchange.results import SubmissionResult, result_of
from tenprint.itl import ItlError
from tenprint.ledger import Act, LedgerError

MOST = 20_000_000
"""Bytes of a card."""
ARRIVES = 120.0
"""Seconds within which a card has to arrive."""
AT_ONCE, WAITING = 2, 6
"""Cards that are looked at at once, and that may wait for it; more are told to come back."""
COME_BACK = 5
"""Seconds after which."""
PROBLEM = "application/problem+json"


def door_app(exchange: Exchange, root: str = "/api/v1") -> Starlette:
    """The interface as an application.

    Args:
        exchange: Open; in it act the machines of requests.
        root: Path under which it answers.
    """
    door = Door(exchange, root)
    return Starlette(
        routes=[
            Route(f"{root}/openapi.json", door.document, methods=["GET"]),
            Route(f"{root}/cards", door.hand_in, methods=["POST"]),
            Route(f"{root}/cards/{{ori}}/{{tcn}}", door.status, methods=["GET"]),
            Route(f"{root}/cards/{{ori}}/{{tcn}}/answers/{{digest}}", door.answer, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _failed},
    )


class Door:
    """The interface over an open exchange."""

    def __init__(self, exchange: Exchange, root: str) -> None:
        self._exchange, self._root = exchange, root
        self._places = threading.BoundedSemaphore(AT_ONCE + WAITING)
        self._work = threading.BoundedSemaphore(AT_ONCE)
        exchange.present = requests.is_here

    def document(self, _request: Request) -> Response:
        """The document of the interface."""
        return _json(openapi(self._root))

    def _machine(self, request: Request) -> Principal:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        found = machines.holder(self._exchange.ledger, key.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise HTTPException(401, "expected a key that counts: Authorization: Bearer KEY")
        return found

    async def hand_in(self, request: Request) -> Response:
        """Take a card in."""
        who = await run_in_threadpool(self._machine, request)
        content = bytearray()
        try:
            with anyio.fail_after(ARRIVES):
                async for part in request.stream():
                    content += part
                    if len(content) > MOST:
                        raise HTTPException(413, f"expected a card of at most {MOST} bytes")
        except TimeoutError:
            raise HTTPException(408, "the card did not arrive in time; nothing was taken in: send it again") from None
        except ClientDisconnect:
            raise HTTPException(400, "the card did not arrive whole; nothing was taken in") from None
        return await run_in_threadpool(self._hand_in, who, bytes(content))

    def _hand_in(self, who: Principal, content: bytes) -> Response:
        if not self._places.acquire(blocking=False):
            raise HTTPException(503, "many cards are on their way: this one was not taken in; send it again")
        try:
            with self._work, requests.of(who.name), _problems():
                places.check_card(self._exchange, who, read_card(content))
                result = self._exchange.submit(content, self._exchange.act(who.name, AcceptSubmission))
        finally:
            self._places.release()
        status = 200 if result.resubmitted else 201
        return _json(self._told(result), status if result.accepted else 422)

    def status(self, request: Request) -> Response:
        """Where a card stands, and which answers there are."""
        who, ori, tcn = self._machine(request), request.path_params["ori"], request.path_params["tcn"]
        with requests.of(who.name), _problems():
            result = self._own(who, ori, tcn)
            self._saw(who, "person", ori, tcn)
        return _json(self._told(result))

    def answer(self, request: Request) -> Response:
        """An answer as it was made: an ANSI/NIST transaction."""
        who, ori, tcn = self._machine(request), request.path_params["ori"], request.path_params["tcn"]
        digest = request.path_params["digest"]
        with requests.of(who.name), _problems():
            if digest not in {a.digest for a in self._own(who, ori, tcn).answers}:
                raise UnknownError("no such answer")
            self._saw(who, "person", ori, tcn)
            content = self._exchange.answer(digest)
        headers = {"Content-Disposition": f'attachment; filename="{digest[:16]}.eft"'}
        return Response(content, media_type="application/octet-stream", headers=headers)

    def _own(self, who: Principal, ori: str, tcn: str) -> SubmissionResult:
        """A card that is the machine's to ask for.

        Raises:
            UnknownError: when there is none; whether another place has it is not said.
        """
        case = self._exchange.load(self._exchange.stream_of(tcn, ori)).case
        taken = case.submission or case.rejection
        booked_by = taken.controlling_ori if taken else ""
        if not places.is_own(self._exchange, who, ori, booked_by):
            raise UnknownError("no such card")
        return result_of(case)

    def _saw(self, who: Principal, what: reads.What, ori: str, tcn: str) -> None:
        role = next(role for role in machines.ROLES if role in who.roles)
        act = Act(who.name, role, places.PURPOSE, "key of a machine", self._exchange.ledger.now())
        reads.record(self._exchange, reads.Look(page="api", what=what, streams=(f"case/{ori}/{tcn}",)), act)

    def _told(self, result: SubmissionResult) -> dict[str, Any]:
        there = f"{self._root}/cards/{result.submitting_ori}/{result.tcn}"
        immigration = result.immigration
        return {
            "tcn": result.tcn,
            "ori": result.submitting_ori,
            "accepted": result.accepted,
            "resubmitted": result.resubmitted,
            "pending": immigration is not None and immigration.pending,
            "messages": result.messages,
            "status": there,
            "answers": [
                {"kind": a.kind, "tcn": a.tcn, "sha256": a.digest, "address": f"{there}/answers/{a.digest}"}
                for a in result.answers
            ],
        }


@contextmanager
def _problems() -> Iterator[None]:
    """What the rooms refuse, as statuses."""
    try:
        yield
    except UnknownError:
        raise HTTPException(404, "no such card or answer here") from None
    except NotAllowedError as wrong:
        raise HTTPException(403, str(wrong)) from None
    except (ExchangeError, Refusal, ItlError) as wrong:
        raise HTTPException(400, str(wrong)) from None
    except LedgerError as wrong:
        raise HTTPException(503, f"nothing can be recorded now, so nothing was done: {wrong}") from None


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json", headers=_STRICT)


_STRICT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_NAMES = {400: "unusable", 401: "no key", 403: "not yours", 404: "unknown", 405: "no such act", 408: "too slow",
          413: "too large", 503: "come back"}  # fmt: skip


def _failed(_request: Request, wrong: Exception) -> Response:
    status, detail = (wrong.status_code, wrong.detail) if isinstance(wrong, HTTPException) else (500, "")
    said = {"type": "about:blank", "title": _NAMES.get(status, "refused"), "status": status, "detail": detail}
    headers = dict(_STRICT)
    if status == 503:
        headers["Retry-After"] = str(COME_BACK)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 405 and isinstance(wrong, HTTPException) and wrong.headers:
        headers |= dict(wrong.headers)
    return Response(msgspec.json.encode(said), status, media_type=PROBLEM, headers=headers)
