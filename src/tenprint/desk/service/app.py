"""The desks as one application: sign in, lists, persons, acts; each request is checked against the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tenprint.accounts import TooManyError
from tenprint.cases import Refusal
from tenprint.desk.app import style
from tenprint.desk.headers import OwnPagesOnly, StrictHeaders
from tenprint.desk.limits import BodyLimit
from tenprint.desk.service import guard as guards
from tenprint.desk.service.acts import FORMS
from tenprint.desk.service.guard import Guard
from tenprint.desk.service.pages import TITLES, Desks
from tenprint.desk.service.policy import Row, row_for
from tenprint.exchange import ExchangeError, UnknownError, directory
from tenprint.exchange.directory import Principal
from tenprint.exchange.exchange import Exchange
from tenprint.exchange.presence import held
from tenprint.itl import ItlError
from tenprint.ledger import LedgerError

_ENVIRONMENT = Environment(
    loader=PackageLoader("tenprint.desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
REFUSALS = (Refusal, ExchangeError, LedgerError, ItlError)


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
            Route("/{page}/find", service.find, methods=post),
            Route("/{page}/{ori}/{tcn}", service.person, methods=get),
            Route("/{page}/{ori}/{tcn}/{act}", service.act, methods=post),
        ],
        middleware=[
            Middleware(StrictHeaders),
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


class Service:
    """The pages of the desks."""

    def __init__(self, exchange: Exchange, *, secure: bool) -> None:
        self._exchange, self._desks, self._guard = exchange, Desks(exchange), Guard(exchange)
        self._secure = secure

    def page(self, template: str, request: Request | None, *, status: int = 200, **values: Any) -> Response:
        """A page; every one says on what kind of ledger it stands."""
        given: dict[str, Any] = {
            "names": self._exchange.ledger.names, "origin": self._exchange.ledger.origin, "me": None, "desks": [],
            "token": guards.form_token(request) if request and request.cookies.get(guards.COOKIE) else "",
            "wrong": "", "here": "", "titles": TITLES,
        }  # fmt: skip
        return HTMLResponse(_ENVIRONMENT.get_template(template).render(given | values), status_code=status)

    # -- who is here ---------------------------------------------------------------------------------------------------

    def _who(self, request: Request) -> Principal | None:
        name = self._guard.who(request)
        return held(self._exchange.ledger.stream(f"principal/{name}")) if name else None

    def sign_in_page(self, _request: Request) -> Response:
        """The form to sign in; where names are believed, a list of them."""
        return self._sign_in_form()

    def _sign_in_form(self, *, wrong: str = "", status: int = 200, seconds: float = 0) -> Response:
        people: list[Principal] = []
        if not self._guard.checked:
            with self._exchange.reading() as connection:
                people = [p for p in directory.principals(connection) if _desks_of(p)]
        made = self.page("service_sign_in.html", None, status=status, people=people, wrong=wrong)
        if seconds:
            made.headers["Retry-After"] = str(int(seconds))
        return made

    async def sign_in(self, request: Request) -> Response:
        """A new session, whatever cookie came with the request."""
        values, _ = await _form(request)
        name, password, code = (next(iter(values.get(k, ())), "") for k in ("name", "password", "code"))
        try:
            token = await run_in_threadpool(self._guard.sign_in, name.strip(), password, code)
        except TooManyError as wrong:
            return self._sign_in_form(wrong=_sentence(wrong), status=429, seconds=wrong.seconds)
        except REFUSALS as wrong:
            return self._sign_in_form(wrong=_sentence(wrong), status=401)
        answer = RedirectResponse("/", status_code=303)
        guards.give(answer, token, secure=self._secure or request.url.scheme == "https")
        return answer

    async def sign_out(self, request: Request) -> Response:
        """The session ends on this side too."""
        values, _ = await _form(request)
        if guards.is_ours(request, next(iter(values.get("token", ())), "")):
            await run_in_threadpool(self._guard.sign_out, request.cookies.get(guards.COOKIE, ""))
        answer = RedirectResponse("/sign-in", status_code=303)
        guards.take_back(answer)
        return answer

    # -- pages ---------------------------------------------------------------------------------------------------------

    def home(self, request: Request) -> Response:
        """The desks that the reader may open; with one alone, that desk."""
        who = self._who(request)
        if who is None:
            return RedirectResponse("/sign-in", status_code=303)
        desks = _desks_of(who)
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
        values = {"me": who, "desks": _desks_of(who), "here": row.page, "row": row, "result": None}
        values |= {"now": self._exchange.ledger.now()} | self._desks.listed(who, row) | more
        return self.page(f"service_{row.page}.html", request, status=status, **values)

    async def find(self, request: Request) -> Response:
        """A card by its control number."""
        who, row = await run_in_threadpool(self._allowed, request, request.path_params["page"], "person")
        values = await self._ours(request)
        return await run_in_threadpool(self._find, request, who, row, next(iter(values.get("tcn", ())), "").strip())

    def _find(self, request: Request, who: Principal, row: Row, tcn: str) -> Response:
        try:
            ori = self._exchange.stream_of(tcn).split("/")[1]
            self._desks.person(who, row, (ori, tcn))
        except (UnknownError, IndexError):
            return self._listing(request, who, row, status=404, wrong="No card of that number is known at this desk.")
        return RedirectResponse(f"/{row.page}/{ori}/{tcn}", status_code=303)

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
        try:
            shown = self._desks.person(who, row, (ori, tcn), after)
        except UnknownError:
            raise HTTPException(404) from None
        values = {"me": who, "desks": _desks_of(who), "here": row.page, "row": row, "sent": sent or {}, "wrong": wrong}
        acted = request.path_params.get("act", "")
        return self.page("service_person.html", request, status=status, p=shown, acted=acted, **values)

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
            return self._person(request, who, row, status=422, wrong=_sentence(wrong), sent=values)
        return RedirectResponse(f"/{row.page}/{ori}/{tcn}?after={before}", status_code=303)

    async def submit(self, request: Request) -> Response:
        """A card is handed in."""
        who, row = await run_in_threadpool(self._allowed, request, "booking", "submit")
        values, files = await _form(request)
        self._check_ours(request, values)
        return await run_in_threadpool(self._submit, request, who, row, values, files.get("card", b""))

    def _submit(
        self, request: Request, who: Principal, row: Row, values: Mapping[str, Sequence[str]], content: bytes
    ) -> Response:
        try:
            with self._guard.acting(who.name):
                result = self._desks.submit(who, content, values)
        except REFUSALS as wrong:
            return self._listing(request, who, row, status=422, wrong=_sentence(wrong))
        return self._listing(request, who, row, status=200 if result.accepted else 422, result=result)

    # -- what goes wrong -----------------------------------------------------------------------------------------------

    async def _ours(self, request: Request) -> Mapping[str, Sequence[str]]:
        values, _ = await _form(request)
        self._check_ours(request, values)
        return values

    @staticmethod
    def _check_ours(request: Request, values: Mapping[str, Sequence[str]]) -> None:
        if not guards.is_ours(request, next(iter(values.get("token", ())), "")):
            raise HTTPException(403)

    async def failed(self, request: Request, wrong: Exception) -> Response:
        """The page of a refusal by status."""
        status = wrong.status_code if isinstance(wrong, HTTPException) else 500
        if status == 401 and request.method == "GET":
            return RedirectResponse("/sign-in", status_code=303)
        said = {401: "Your session has ended: sign in again.", 403: "That is not for you, or the form was not yours.",
                404: "Nothing of that name is known at this desk."}  # fmt: skip
        return self.page("service_refused.html", None, status=status, said=said.get(status, "That cannot be used."))


async def _form(request: Request) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """Texts and files of a form, bounded.

    Raises:
        HTTPException: 400, when it cannot be taken apart.
    """
    values: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    async with request.form(max_files=1, max_fields=60, max_part_size=100_000) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:
                clean = "".join(c for c in value.replace("\r\n", "\n") if c in "\n\t" or c.isprintable())
                values.setdefault(name, []).append(clean[:5000])
    return values, files


def _desks_of(who: Principal) -> list[str]:
    return [page for page in TITLES if row_for(who, page, "open") is not None]


def _sentence(wrong: Exception) -> str:
    said = str(wrong)
    return said[:1].upper() + said[1:]


def _refused(service: Service, status: int, said: str) -> Any:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        made = service.page("service_refused.html", None, status=status, said=said)
        made.headers["Connection"] = "close"
        await made(scope, receive, send)

    return answer
