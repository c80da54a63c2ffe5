"""The desks as one application: sign in, lists, persons, acts; each request is checked against the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tenprint.desk.app import style
from tenprint.desk.headers import PICTURES, OwnPagesOnly, StrictHeaders
from tenprint.desk.limits import BodyLimit
from tenprint.desk.service import administration
from tenprint.desk.service.acts import FORMS, Given
from tenprint.desk.service.door import REFUSALS, FrontDoor, desks_of, form_of, sentence
from tenprint.desk.service.examination import ZOOMS, examination, picture
from tenprint.desk.service.looking import Looking
from tenprint.desk.service.pages import Desks
from tenprint.desk.service.policy import Row, row_for
from tenprint.exchange import UnknownError, reads
from tenprint.exchange.directory import Principal
from tenprint.exchange.exchange import Exchange
from tenprint.exchange.reads import Glass, What
from tenprint.ledger import LedgerError


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What may be set."""

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]", "testserver")
    """Names under which these pages answer; others are refused."""
    body: int = 20_000_000
    """Bytes of one request: a card."""
    seconds: float = 120.0
    secure: bool = False
    """Whether a proxy in front speaks TLS: the cookie then travels over nothing else."""


def service_app(exchange: Exchange, settings: ServiceSettings | None = None) -> Starlette:
    """The desks of an exchange.

    Args:
        exchange: Open; the people of requests act in it, and nobody else.
        settings: Limits.
    """
    chosen = settings or ServiceSettings()
    service = Service(exchange, secure=chosen.secure)
    get, post = ["GET"], ["POST"]
    app = Starlette(
        routes=[
            Route("/style.css", style, methods=get),
            Route("/", service.home, methods=get),
            Route("/sign-in", service.sign_in_page, methods=get),
            Route("/sign-in", service.sign_in, methods=post),
            Route("/sign-out", service.sign_out, methods=post),
            Route("/{page}", service.listing, methods=get),
            Route("/booking/submit", service.submit, methods=post),
            Route("/{page}/{act}", service.of_page, methods=post),
            Route("/{page}/{ori}/{tcn}", service.person, methods=get),
            Route("/examiner/{ori}/{tcn}/{system}/{side}/{position:int}", service.picture, methods=get),
            Route("/{page}/{ori}/{tcn}/{act}", service.act, methods=post),
        ],
        middleware=[
            Middleware(StrictHeaders, policy=PICTURES),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(chosen.hosts), www_redirect=False),
            Middleware(OwnPagesOnly, refuse=_refused(service, 403, "This came from another site's page.")),
            Middleware(
                BodyLimit, most=chosen.body, seconds=chosen.seconds,
                refuse=_refused(service, 413, "That is larger than a card may be."),
            ),
        ],
        exception_handlers={HTTPException: service.failed},
    )  # fmt: skip
    app.router.redirect_slashes = False
    return app


class Service(FrontDoor):
    """The pages of the desks."""

    def __init__(self, exchange: Exchange, *, secure: bool) -> None:
        super().__init__(exchange, secure=secure)
        self._desks, self._looking = Desks(exchange), Looking(exchange)

    # -- pages ---------------------------------------------------------------------------------------------------------

    def home(self, request: Request) -> Response:
        """The desks that the reader may open; with one alone, that desk."""
        who = self._who(request)
        if who is None:
            return RedirectResponse("/sign-in", status_code=303)
        desks = desks_of(who)
        if len(desks) == 1:
            return RedirectResponse(f"/{desks[0]}", status_code=303)
        return self.page("service_home.html", request, me=who, desks=desks)

    def _allowed(self, request: Request, page: str, act: str) -> tuple[Principal, Row]:
        """The reader and the row that lets them.

        Raises:
            HTTPException: 401 when nobody is signed in, 403 when no row lets them.
        """
        who = self._who(request)
        if who is None:
            raise HTTPException(401)
        row = row_for(who, page, act)
        if row is None:
            raise HTTPException(403)
        return who, row

    def listing(self, request: Request) -> Response:
        """The list of a desk."""
        who, row = self._allowed(request, request.path_params["page"], "open")
        return self._listing(request, who, row)

    def _listing(self, request: Request, who: Principal, row: Row, *, status: int = 200, **more: Any) -> Response:
        listed = self._desks.listed(who, row)
        self._saw(who, row, "list", listed.streams)
        values = {"me": who, "desks": desks_of(who), "here": row.page, "row": row, "result": None, "sent": {}}
        values |= {"now": self._exchange.ledger.now(), "found": None, "told": "", "glasses": self._owed(who, row)}
        values |= {"may": lambda act: self._may(who, row, act)} | listed.values | more
        return self.page(f"service_{row.page}.html", request, status=status, **values)

    def _saw(self, who: Principal, row: Row, what: What, streams: tuple[str, ...], glass: int | None = None) -> None:
        """Record a look before it is shown; what cannot be recorded is not shown."""
        try:
            with self._guard.acting(who.name):
                self._looking.saw(who, row, what, streams, glass)
        except (LedgerError, DBAPIError) as wrong:
            said = wrong if isinstance(wrong, LedgerError) else "the database cannot be written"
            raise HTTPException(503, f"No look can be recorded now, so nothing is shown: {said}") from None

    @staticmethod
    def _may(who: Principal, row: Row, act: str) -> bool:
        return row_for(who, row.page, act) is not None

    def _owed(self, who: Principal, row: Row) -> list[Glass]:
        """Broken glasses that the reader has to explain."""
        if not self._may(who, row, "explain"):
            return []
        return [g for g in reads.glasses(self._exchange, who.name) if g.explained is None]

    async def of_page(self, request: Request) -> Response:
        """An act that is upon no card: a search, a glass, an explanation, the administrator's."""
        page, act = request.path_params["page"], request.path_params["act"]
        if act not in {"find", "glass", "explain", *administration.ACTS}:
            raise HTTPException(404)
        who, row = await run_in_threadpool(self._allowed, request, page, act)
        values = await self._ours(request)
        return await run_in_threadpool(self._of_page, request, who, row, act, values)

    def _of_page(
        self, request: Request, who: Principal, row: Row, act: str, values: Mapping[str, Sequence[str]]
    ) -> Response:
        given = Given(values=values, when=self._exchange.ledger.now(), zone="UTC")
        told, found = "", None
        try:
            with self._guard.acting(who.name):
                if act == "find":
                    found = self._looking.find(who, row, given)
                elif act == "glass":
                    found = [self._looking.break_glass(who, row, given)]
                elif act == "explain":
                    self._looking.explain(who, row, given)
                    told = "Your explanation is recorded."
                else:
                    told = administration.do(self._exchange, who, act, given)
        except UnknownError:
            return self._listing(request, who, row, status=404, wrong="No card of that number is known.", sent=values)
        except REFUSALS as wrong:
            return self._listing(request, who, row, status=422, wrong=sentence(wrong), sent=values)
        if found is not None and len(found) == 1:
            return RedirectResponse(f"/{row.page}/{quote(found[0].ori)}/{quote(found[0].tcn)}", status_code=303)
        status = 404 if found == [] else 200
        nothing = "No card of that is known at this desk." if found == [] else ""
        return self._listing(request, who, row, status=status, wrong=nothing, found=found, told=told, sent=values)

    def person(self, request: Request) -> Response:
        """One person's page."""
        who, row = self._allowed(request, request.path_params["page"], "person")
        after = request.query_params.get("after", "")
        return self._person(request, who, row, after=int(after) if after.isdigit() and len(after) < 16 else None)

    def _person(
        self, request: Request, who: Principal, row: Row, *, after: int | None = None, status: int = 200,
        wrong: str = "", sent: Mapping[str, Sequence[str]] | None = None,
    ) -> Response:  # fmt: skip
        ori, tcn = request.path_params["ori"], request.path_params["tcn"]
        if row.page == "examiner":
            return self._examination(request, who, row, wrong=wrong, status=status, sent=sent or {})
        try:
            shown = self._desks.person(who, row, (ori, tcn), after)
        except UnknownError:
            raise HTTPException(404) from None
        glass = shown.glass.seq if shown.glass else None
        self._saw(who, row, "person", (f"case/{ori}/{tcn}",), glass)
        values = {"me": who, "desks": desks_of(who), "here": row.page, "row": row, "sent": sent or {}, "wrong": wrong}
        acted = request.path_params.get("act", "")
        return self.page("service_person.html", request, status=status, p=shown, acted=acted, **values)

    def _examination(self, request: Request, who: Principal, row: Row, *, status: int, **values: Any) -> Response:
        """Two prints side by side."""
        ori, tcn = request.path_params["ori"], request.path_params["tcn"]
        asked = request.query_params.get("zoom", "1")
        zoom = int(asked) if asked in {str(z) for z in ZOOMS} else 1
        try:
            shown = examination(self._exchange, who.name, ori, tcn)
        except UnknownError:
            raise HTTPException(404) from None
        self._saw(who, row, "print", (f"case/{ori}/{tcn}",))
        values |= {"me": who, "desks": desks_of(who), "here": row.page, "row": row, "zoom": zoom, "zooms": ZOOMS}
        values |= {"shown": shown, "form": FORMS["conclude"]}
        return self.page("service_examination.html", request, status=status, **values)

    def picture(self, request: Request) -> Response:
        """One finger of a close call, as PNG."""
        who, row = self._allowed(request, "examiner", "person")
        ori, tcn, system, side, position = (
            request.path_params[k] for k in ("ori", "tcn", "system", "side", "position")
        )
        try:
            content = picture(self._exchange, who.name, (ori, tcn), (system, side, position))
        except UnknownError:
            raise HTTPException(404) from None
        self._saw(who, row, "print", (f"case/{ori}/{tcn}",))
        return Response(content, media_type="image/png")

    async def act(self, request: Request) -> Response:
        """One act, in the name of whoever is signed in."""
        page, act = request.path_params["page"], request.path_params["act"]
        if act not in FORMS:
            raise HTTPException(404)
        who, row = await run_in_threadpool(self._allowed, request, page, act)
        values = await self._ours(request)
        return await run_in_threadpool(self._act, request, who, row, act, values)

    def _act(
        self, request: Request, who: Principal, row: Row, act: str, values: Mapping[str, Sequence[str]]
    ) -> Response:
        ori, tcn = request.path_params["ori"], request.path_params["tcn"]
        second = tuple(next(iter(values.get(k, ())), "") for k in ("second", "second_password", "second_code"))
        try:
            with self._guard.acting(who.name, (second[0].strip(), second[1], second[2])):
                before = self._desks.do(who, row, (ori, tcn), act, values)
        except UnknownError:
            raise HTTPException(404) from None
        except REFUSALS as wrong:
            return self._person(request, who, row, status=422, wrong=sentence(wrong), sent=values)
        if row.page == "examiner":
            return RedirectResponse("/examiner", status_code=303)
        return RedirectResponse(f"/{row.page}/{quote(ori)}/{quote(tcn)}?after={before}", status_code=303)

    async def submit(self, request: Request) -> Response:
        """A card is handed in."""
        who, row = await run_in_threadpool(self._allowed, request, "booking", "submit")
        values, files = await form_of(request)
        self._check_ours(request, values)
        return await run_in_threadpool(self._submit, request, who, row, values, files.get("card", b""))

    def _submit(
        self, request: Request, who: Principal, row: Row, values: Mapping[str, Sequence[str]], content: bytes
    ) -> Response:
        try:
            with self._guard.acting(who.name):
                result = self._desks.submit(who, content, values)
        except REFUSALS as wrong:
            return self._listing(request, who, row, status=422, wrong=sentence(wrong))
        return self._listing(request, who, row, status=200 if result.accepted else 422, result=result)


def _refused(service: Service, status: int, said: str) -> Any:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        made = service.page("service_refused.html", None, status=status, said=said)
        made.headers["Connection"] = "close"
        await made(scope, receive, send)

    return answer
