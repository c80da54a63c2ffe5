"""Pages for one named person of the rights office, on their own machine: the register, conversations, paper, calls.

They have no login: whoever may open the database with ``tenprint --as`` may start them, and they answer only under a
secret path that is new at every start, so that no other page in the same browser can reach them. English.
"""

from __future__ import annotations

import secrets
from typing import Any, get_args

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from tenprint.cases import Refusal
from tenprint.cases.card.events import ClaimKind
from tenprint.cases.complaint import commands as cmd
from tenprint.desk import catalogue, forms
from tenprint.desk.app import failed, refuse_size, style
from tenprint.desk.headers import StrictHeaders
from tenprint.desk.limits import BodyLimit, Limits
from tenprint.desk.rendering import page
from tenprint.exchange import ExchangeError
from tenprint.exchange.rights import Filing, Rights
from tenprint.exchange.telling import tell

CLAIMS: tuple[ClaimKind, ...] = get_args(ClaimKind)


def staff_app(rights: Rights, name: str, secret: str | None = None) -> tuple[Starlette, str]:
    """The office's own pages, and the secret path under which they answer.

    Args:
        rights: The office.
        name: The registered principal who acts on them.
        secret: The path; a new one by default.

    Raises:
        NotAllowedError: when that principal is not of the rights office.
    """
    rights.act(name, cmd.Look)
    path = secret or secrets.token_urlsafe(16)
    desk = Staff(rights, name, f"/{path}")
    both = ["GET", "POST"]
    inner = [
        Route("/", desk.register, methods=["GET"]),
        Route("/style.css", style, methods=["GET"]),
        Route("/complaint/{number}", desk.complaint, methods=both),
        Route("/complaint/{number}/reply", desk.reply, methods=["POST"]),
        Route("/paper", desk.paper, methods=both),
        Route("/hotline", desk.hotline, methods=both),
    ]
    app = Starlette(
        routes=[Mount(f"/{path}", routes=inner)],
        middleware=[
            Middleware(StrictHeaders),
            Middleware(BodyLimit, seconds=Limits().seconds, most=Limits().body, refuse=refuse_size),
        ],
        exception_handlers={HTTPException: failed},
    )
    return app, path


class Staff:
    """The office's pages."""

    def __init__(self, rights: Rights, name: str, root: str) -> None:
        self._rights, self._name, self._root = rights, name, root

    def _page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        given = {"root": self._root, "me": self._name, "wrong": "", "done": ""} | values
        return page(template, catalogue.load(catalogue.SOURCE), status=status, **given)

    def register(self, _request: Request) -> Response:
        """Every complaint's open facts."""
        return self._page("staff_register.html", rows=self._rights.register())

    async def complaint(self, request: Request) -> Response:
        """Open facts; what is sealed only after saying what for."""
        number = request.path_params["number"]
        purpose = ""
        if request.method == "POST":
            purpose = (await forms.read(request, needs_text=False)).other["purpose"]
        return await run_in_threadpool(self._complaint, number, purpose, asked=request.method == "POST")

    def _complaint(self, number: str, purpose: str, *, asked: bool) -> Response:
        wrong, opened = "", None
        try:
            lines = self._rights.facts(number)
        except ExchangeError:
            raise HTTPException(404) from None
        if asked:
            try:
                opened = self._rights.read(number, self._name, purpose)
            except (Refusal, ExchangeError) as refusal:
                wrong = str(refusal)
        status = 422 if wrong else 200
        clocks = self._rights.clocks(number)
        now = self._rights.ledger.now()
        values = {"number": number, "lines": lines, "clocks": clocks, "now": now, "opened": opened, "wrong": wrong}
        return self._page("staff_complaint.html", status=status, **values)

    async def reply(self, request: Request) -> Response:
        """An answer to the filer."""
        number = request.path_params["number"]
        sent = await forms.read(request, needs_text=False)
        try:
            command = cmd.Write(writer="office", text=sent.text)
            await run_in_threadpool(self._rights.do, number, command, self._name)
        except (Refusal, ExchangeError) as refusal:
            return self._page("staff_done.html", status=422, wrong=str(refusal))
        return RedirectResponse(f"{self._root}/complaint/{number}", status_code=303)

    async def paper(self, request: Request) -> Response:
        """Paper forms, one after another: each saved form leaves a blank one for the next."""
        if request.method != "POST":
            return self._page("staff_paper.html", known=catalogue.LANGUAGES)
        sent = await forms.read(request, needs_text=True)
        code = sent.other["language"]
        filing = Filing(
            language=code if code in catalogue.LANGUAGES else catalogue.SOURCE,
            text=sent.text,
            channel="paper" if sent.other["code"].strip() else "letter",
            against=sent.against,
            topics=sent.topics,
            name=sent.name,
            contact=sent.contact,
            uploads=sent.uploads,
            paper=sent.other["code"].strip(),
        )
        known = catalogue.LANGUAGES
        if sent.problems:
            return self._page("staff_paper.html", status=422, known=known, sent=sent, problems=sent.problems)
        try:
            filed = await run_in_threadpool(self._rights.file, filing, name=self._name)
        except (Refusal, ExchangeError) as refusal:
            return self._page("staff_paper.html", status=422, known=known, sent=sent, wrong=str(refusal))
        return self._page("staff_paper.html", known=known, done=f"Saved as complaint {filed.number}. The next form:")

    async def hotline(self, request: Request) -> Response:
        """A call: the claim acts at once on the hold."""
        if request.method != "POST":
            return self._page("staff_hotline.html", claims=CLAIMS)
        sent = await forms.read(request, needs_text=False)
        claim = next((c for c in CLAIMS if c == sent.other["claim"]), None)
        if claim is None:
            wrong = "Choose what the caller claims."
            return self._page("staff_hotline.html", status=422, claims=CLAIMS, sent=sent, wrong=wrong)
        try:
            made = await run_in_threadpool(
                self._rights.hotline,
                sent.other["tcn"].strip(),
                claim,
                sent.text,
                self._name,
                ori=sent.other["ori"].strip() or None,
            )
        except (Refusal, ExchangeError) as refusal:
            return self._page("staff_hotline.html", status=422, claims=CLAIMS, sent=sent, wrong=str(refusal))
        said = " ".join(tell(event, None) for event in made)
        return self._page("staff_hotline.html", claims=CLAIMS, done=f"{sent.other['tcn'].strip()}: {said}")
