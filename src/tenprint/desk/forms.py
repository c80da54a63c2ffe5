"""What a form sent, as plain values: bounded, without control characters, files read and cleaned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from tenprint.cases.complaint.decide import LONGEST
from tenprint.cases.complaint.events import Against, Topic
from tenprint.desk.workers import cleaned
from tenprint.exchange.rights import Upload
from tenprint.exchange.rights.uploads import MOST_BYTES, MOST_FILES

AGAINST: tuple[Against, ...] = get_args(Against)
TOPICS: tuple[Topic, ...] = get_args(Topic)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Problem(msgspec.Struct, frozen=True):
    """Something to put right: the field, and the sentence of the catalogue that says how."""

    field: str
    key: str


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it came, with what is wrong in it."""

    text: str = ""
    place: str = ""
    against: Against = "unknown"
    topics: tuple[Topic, ...] = ()
    name: str = ""
    contact: str = ""
    words: str = ""
    token: str = ""
    uploads: tuple[Upload, ...] = ()
    problems: tuple[Problem, ...] = ()
    other: dict[str, str] = {}
    """Fields of the office's own pages."""


async def read(request: Request, *, needs_text: bool, files: bool = False) -> Sent:
    """The form of a request.

    Args:
        request: Any; what is no form counts as an empty one.
        needs_text: An empty text is a problem.
        files: Whether the page asks for files; where it does not, none is looked at.

    Raises:
        HTTPException: status 400, when the form cannot be taken apart, or chooses what no form offers.
    """
    async with request.form(max_files=20, max_fields=60, max_part_size=400_000) as form:
        uploads, problems = await _files(form) if files else ([], [])
        text = _plain(form, "text", LONGEST + 1)
        if needs_text and not text.strip():
            problems.insert(0, Problem("text", "error_empty"))
        if len(text.strip()) > LONGEST:
            problems.insert(0, Problem("text", "error_long"))
        against = _plain(form, "against", 40) or "unknown"
        chosen = set(form.getlist("topics"))
        no_file = any(isinstance(f, str) for f in form.getlist("files"))
        if against not in AGAINST or not chosen <= set(TOPICS) or no_file:
            raise HTTPException(400)  # no form of ours sends that
        return Sent(
            text=text,
            place=_plain(form, "place", 500),
            against=next((a for a in AGAINST if a == against), "unknown"),
            topics=tuple(t for t in TOPICS if t in chosen),
            name=_plain(form, "name", 200),
            contact=_plain(form, "contact", 500),
            words=_plain(form, "words", 500),
            token=_plain(form, "token", 4000),
            uploads=tuple(uploads),
            problems=tuple(problems),
            other={k: _plain(form, k, 500) for k in ("code", "tcn", "ori", "claim", "purpose", "language", "handled")},
        )


def _plain(form: FormData, name: str, most: int) -> str:
    value = form.get(name)
    return _CONTROL.sub("", value.replace("\r\n", "\n"))[:most] if isinstance(value, str) else ""


async def _files(form: FormData) -> tuple[list[Upload], list[Problem]]:
    came = [f for f in form.getlist("files") if isinstance(f, UploadFile) and (f.filename or f.size)]
    if len(came) > MOST_FILES:
        return [], [Problem("files", "error_file_many")]
    uploads, reasons = [], []
    for file in came:
        found = await cleaned(await file.read(MOST_BYTES + 1))
        if isinstance(found, Upload):
            uploads.append(found)
        else:
            reasons.append("error_file_large" if found == "too-large" else "error_file_kind")
    return uploads, _once(reasons)


def _once(reasons: Sequence[str]) -> list[Problem]:
    return [Problem("files", key) for key in dict.fromkeys(reasons)]
