"""The public pages as one application: routes, limits, headers, and a page for everything that goes wrong."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tenprint.desk import catalogue
from tenprint.desk.headers import OwnPagesOnly, StrictHeaders
from tenprint.desk.interface import describe
from tenprint.desk.limits import BodyLimit, Gate, Limits
from tenprint.desk.pages import Pages
from tenprint.desk.rendering import page
from tenprint.desk.tokens import Tokens
from tenprint.exchange.rights import Rights
from tenprint.proof import verify


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What may be set."""

    limits: Limits = Limits()
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]", "testserver")
    """Names under which these pages answer; others are refused."""


def public_app(rights: Rights, settings: Settings | None = None) -> Starlette:
    """The pages that anybody may open.

    Args:
        rights: The office that takes complaints in; the pages hold its public key alone.
        settings: Limits.
    """
    chosen = settings or Settings()
    pages = Pages(rights, Gate(chosen.limits), Tokens())
    both, get, post = ["GET", "POST"], ["GET"], ["POST"]
    routes = [
        Route("/", pages.languages, methods=get),
        Route("/style.css", style, methods=get),
        Route("/verify.py", verifier, methods=get),
        Route("/key", pages.key, methods=get),
        Route("/openapi.json", interface, methods=get),
        Route("/{language}", onward, methods=get),
        Route("/{language}/", pages.start, methods=get),
        Route("/{language}/file", pages.file, methods=both),
        Route("/{language}/kept", pages.kept, methods=post),
        Route("/{language}/open", pages.open, methods=both),
        Route("/{language}/reply", pages.reply, methods=post),
        Route("/{language}/proof", pages.proof, methods=post),
        Route("/{language}/paper", pages.paper, methods=both),
    ]
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(StrictHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(chosen.hosts), www_redirect=False),
            Middleware(OwnPagesOnly, refuse=refuse_foreign),
            Middleware(BodyLimit, most=chosen.limits.body, seconds=chosen.limits.seconds, refuse=refuse_size),
        ],
        exception_handlers={HTTPException: failed},
    )
    app.router.redirect_slashes = False
    return app


def onward(request: Request) -> Response:
    """A language without its slash; the way is relative, whatever name or scheme the request came under."""
    if request.path_params["language"] not in catalogue.LANGUAGES:
        raise HTTPException(404)
    return RedirectResponse(f"/{request.path_params['language']}/", status_code=307)


async def failed(request: Request, wrong: Exception) -> Response:
    """The page of a refusal by status."""
    status = wrong.status_code if isinstance(wrong, HTTPException) else 500
    key = {400: "broken", 404: "missing", 405: "missing", 429: "too_many"}.get(status, "broken")
    code = request.url.path.split("/")[1] if request.url.path.count("/") > 1 else ""
    language = catalogue.load(code if code in catalogue.LANGUAGES else catalogue.SOURCE)
    answer = page("plain.html", language, status=status, key=key)
    if isinstance(wrong, HTTPException) and wrong.headers:
        answer.headers.update(wrong.headers)
    return answer


async def refuse_size(scope: Scope, receive: Receive, send: Send) -> None:
    """The page for what is too large; the rest of the request is not read."""
    code = scope["path"].split("/")[1]
    language = catalogue.load(code if code in catalogue.LANGUAGES else catalogue.SOURCE)
    answer = page("plain.html", language, status=413, key="too_large")
    answer.headers["Connection"] = "close"
    await answer(scope, receive, send)


async def refuse_foreign(scope: Scope, receive: Receive, send: Send) -> None:
    """The page for what another site's page sent in somebody's name."""
    code = scope["path"].split("/")[1]
    language = catalogue.load(code if code in catalogue.LANGUAGES else catalogue.SOURCE)
    await page("plain.html", language, status=403, key="broken")(scope, receive, send)


def style(_request: Request) -> Response:
    """Our stylesheet."""
    text = resources.files("tenprint.desk").joinpath("static", "desk.css").read_text("utf-8")
    return Response(text, media_type="text/css", headers={"Cache-Control": "max-age=3600"})


def verifier(_request: Request) -> Response:
    """The program that checks proofs."""
    return PlainTextResponse(Path(verify.__file__).read_text("utf-8"))


def interface(_request: Request) -> Response:
    """What these pages take and give, as an OpenAPI document."""
    return JSONResponse(describe())
