"""The front door of the desks: signing in and out, who is here, and what every page has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tenprint.accounts import TooManyError
from tenprint.cases import Refusal
from tenprint.desk.service import guard as guards
from tenprint.desk.service.guard import Guard
from tenprint.desk.service.pages import TITLES
from tenprint.desk.service.policy import row_for
from tenprint.exchange import ExchangeError, directory
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


class FrontDoor:
    """Signing in and out, and what every page has."""

    def __init__(self, exchange: Exchange, *, secure: bool) -> None:
        self._exchange, self._guard, self._secure = exchange, Guard(exchange), secure

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
                people = [p for p in directory.principals(connection) if desks_of(p)]
        made = self.page("service_sign_in.html", None, status=status, people=people, wrong=wrong)
        if seconds:
            made.headers["Retry-After"] = str(int(seconds))
        return made

    async def sign_in(self, request: Request) -> Response:
        """A new session, whatever cookie came with the request."""
        values, _ = await form_of(request)
        name, password, code = (next(iter(values.get(k, ())), "") for k in ("name", "password", "code"))
        try:
            token = await run_in_threadpool(self._guard.sign_in, name.strip(), password, code)
        except TooManyError as wrong:
            return self._sign_in_form(wrong=sentence(wrong), status=429, seconds=wrong.seconds)
        except REFUSALS as wrong:
            return self._sign_in_form(wrong=sentence(wrong), status=401)
        answer = RedirectResponse("/", status_code=303)
        guards.give(answer, token, secure=self._secure or request.url.scheme == "https")
        return answer

    async def sign_out(self, request: Request) -> Response:
        """The session ends on this side too."""
        values, _ = await form_of(request)
        if guards.is_ours(request, next(iter(values.get("token", ())), "")):
            await run_in_threadpool(self._guard.sign_out, request.cookies.get(guards.COOKIE, ""))
        answer = RedirectResponse("/sign-in", status_code=303)
        guards.take_back(answer)
        return answer

    # -- what goes wrong -----------------------------------------------------------------------------------------------

    async def _ours(self, request: Request) -> Mapping[str, Sequence[str]]:
        values, _ = await form_of(request)
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
        if status == 503 and isinstance(wrong, HTTPException):
            said[503] = wrong.detail
        return self.page("service_refused.html", None, status=status, said=said.get(status, "That cannot be used."))


async def form_of(request: Request) -> tuple[dict[str, list[str]], dict[str, bytes]]:
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


def desks_of(who: Principal) -> list[str]:
    """The desks that somebody may open."""
    return [page for page in TITLES if row_for(who, page, "open") is not None]


def sentence(wrong: Exception) -> str:
    """What a refusal says, as a sentence."""
    said = str(wrong)
    return said[:1].upper() + said[1:]
