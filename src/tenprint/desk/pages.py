"""The public pages, one method each: start, file, keep the receipt, come back, reply, prove, print."""

from __future__ import annotations

import math

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tenprint.cases import Refusal
from tenprint.desk import catalogue, forms
from tenprint.desk.catalogue import Catalogue
from tenprint.desk.forms import Problem, Sent
from tenprint.desk.limits import Gate
from tenprint.desk.rendering import page
from tenprint.desk.tokens import DAY, HALF_AN_HOUR, Tokens
from tenprint.exchange.rights import Filed, Filing, Rights, receipts

BAD = 422
"""Status of a page that asks to put something right."""
CLOSED = 403
"""Status when words or a page's token open nothing."""


class Pages:
    """The pages over one office."""

    def __init__(self, rights: Rights, gate: Gate, tokens: Tokens) -> None:
        self._rights, self._gate, self._tokens = rights, gate, tokens

    # -- without a receipt ---------------------------------------------------------------------------------------------

    def languages(self, _request: Request) -> Response:
        """Every language in itself."""
        return page("languages.html", catalogue.load(catalogue.SOURCE))

    def start(self, request: Request) -> Response:
        """What this is, and the three ways on."""
        return page("start.html", _language(request))

    def key(self, _request: Request) -> Response:
        """The key that checks proofs."""
        return PlainTextResponse(f"{self._rights.ledger.verifier}\n")

    async def file(self, request: Request) -> Response:
        """The form of a complaint; when it is sent, the receipt."""
        language = _language(request)
        if request.method != "POST":
            return await run_in_threadpool(self._filing, language, Sent())
        self._let_in(request, "filings")
        sent = await forms.read(request, needs_text=True, files=True)
        if sent.problems:
            return await run_in_threadpool(self._filing, language, sent)
        self._gate.count("filings", _place(request))
        return await run_in_threadpool(self._file, language, sent)

    def _filing(self, language: Catalogue, sent: Sent) -> Response:
        token = sent.token or self._tokens.seal("filing", words=receipts.draw(language.code))
        return page(
            "file.html",
            language,
            status=BAD if sent.problems else 200,
            here="file",
            sent=sent,
            problems=sent.problems,
            token=token,
            takes_names=self._rights.public_key is not None,
        )

    def _file(self, language: Catalogue, sent: Sent) -> Response:
        """File it under the words that the form carries, so that sending it twice files it once."""
        carried = self._tokens.open("filing", sent.token, DAY)
        words = carried["words"] if carried else receipts.draw(language.code)
        filed = self._take_in(language, sent, words)
        if not filed.is_new and self._is_other(filed.number, sent):
            words = receipts.draw(language.code)
            filed = self._take_in(language, sent, words)
        return self._receipt(language, words, filed.number)

    def _take_in(self, language: Catalogue, sent: Sent, words: str) -> Filed:
        takes_names = self._rights.public_key is not None
        filing = Filing(
            language=language.code,
            text=sent.text,
            against=sent.against,
            topics=sent.topics,
            place=sent.place,
            name=sent.name if takes_names else "",
            contact=sent.contact if takes_names else "",
            uploads=sent.uploads,
        )
        return self._rights.file(filing, words)

    def _is_other(self, number: str, sent: Sent) -> bool:
        received = self._rights.conversation(number)[0].received
        return received is not None and received.text != sent.text.strip()

    def _receipt(self, language: Catalogue, words: str, number: str, problem: str = "") -> Response:
        return page(
            "receipt.html",
            language,
            status=BAD if problem else 200,
            stay=True,
            number=number,
            words=words,
            token=self._tokens.seal("receipt", words=words, number=number),
            problems=(Problem("words", problem),) if problem else (),
        )

    async def kept(self, request: Request) -> Response:
        """The receipt typed back."""
        language, sent = _language(request), await forms.read(request, needs_text=False)
        carried = self._tokens.open("receipt", sent.token, DAY)
        if carried is None:
            return self._ask_again(language, "expired")
        words, number = carried["words"], carried["number"]
        if receipts.normalize(sent.words) != receipts.normalize(words):
            return self._receipt(language, words, number, "error_words_differ")
        token = self._tokens.seal("talk", number=number)
        return page("done.html", language, here="file", token=token, verifier=str(self._rights.ledger.verifier))

    # -- with the receipt ----------------------------------------------------------------------------------------------

    async def open(self, request: Request) -> Response:
        """Come back: the words, then the conversation."""
        language = _language(request)
        if request.method != "POST":
            return self._ask(language, ())
        sent = await forms.read(request, needs_text=False)
        if not sent.words.strip():
            return self._ask_again(language, "error_unknown")
        self._let_in(request, "guesses")
        number = await run_in_threadpool(self._rights.number_of, sent.words)
        if number is None:
            self._gate.count("guesses", _place(request))
            return self._ask_again(language, "error_unknown")
        return await run_in_threadpool(self._talk, language, number, Sent(), replied=False)

    def _ask(self, language: Catalogue, problems: tuple[Problem, ...]) -> Response:
        return page("open.html", language, here="open", status=CLOSED if problems else 200, problems=problems)

    def _ask_again(self, language: Catalogue, key: str) -> Response:
        return self._ask(language, (Problem("words", key),))

    def _talk(self, language: Catalogue, number: str, sent: Sent, *, replied: bool) -> Response:
        case, clocks, written = self._rights.conversation(number)
        return page(
            "talk.html",
            language,
            status=BAD if sent.problems else 200,
            stay=True,
            case=case,
            clocks=clocks,
            written=written,
            number=number,
            sent=sent,
            problems=sent.problems,
            replied=replied,
            token=self._tokens.seal("talk", number=number),
            verifier=str(self._rights.ledger.verifier),
        )

    async def reply(self, request: Request) -> Response:
        """A message to the office, and the conversation with it."""
        self._let_in(request, "filings")
        language, sent = _language(request), await forms.read(request, needs_text=True, files=True)
        carried = self._tokens.open("talk", sent.token, HALF_AN_HOUR)
        if carried is None:
            return self._ask_again(language, "expired")
        number = carried["number"]
        if not sent.problems:
            self._gate.count("filings", _place(request))
            try:
                await run_in_threadpool(self._rights.reply, number, sent.text, sent.uploads)
            except Refusal:
                sent = msgspec.structs.replace(sent, problems=(Problem("files", "error_file_many"),))
        shown = sent if sent.problems else Sent()
        return await run_in_threadpool(self._talk, language, number, shown, replied=not sent.problems)

    async def proof(self, request: Request) -> Response:
        """The proof of filing as a file."""
        language, sent = _language(request), await forms.read(request, needs_text=False)
        carried = self._tokens.open("talk", sent.token, HALF_AN_HOUR)
        if carried is None:
            return self._ask_again(language, "expired")
        number = carried["number"]
        document = await run_in_threadpool(self._rights.proof, number)
        name = f'attachment; filename="complaint-{number}.proof.json"'
        text = msgspec.json.format(msgspec.json.encode(document), indent=2)
        return Response(text, media_type="application/json", headers={"Content-Disposition": name})

    # -- on paper ------------------------------------------------------------------------------------------------------

    async def paper(self, request: Request) -> Response:
        """A form to print, with its code and its words."""
        language = _language(request)
        if request.method != "POST":
            return page("paper.html", language, here="paper")
        self._let_in(request, "filings")
        self._gate.count("filings", _place(request))
        form = await run_in_threadpool(self._rights.print_form, language.code)
        return page("form.html", language, stay=True, forms=(form,))

    def _let_in(self, request: Request, kind: str) -> None:
        """Let a costly request in.

        Raises:
            HTTPException: status 429, when there were too many; it says for how long.
        """
        if (seconds := self._gate.wait(kind, _place(request))) > 0:
            raise HTTPException(429, headers={"Retry-After": str(math.ceil(seconds))})


def _place(request: Request) -> str:
    return request.client.host if request.client else ""


def _language(request: Request) -> Catalogue:
    code = request.path_params["language"]
    if code not in catalogue.LANGUAGES:
        raise HTTPException(404)
    return catalogue.load(code)
