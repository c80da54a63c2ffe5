"""The public pages as an OpenAPI 3.1 document: what may be sent, and every status that comes back."""

from __future__ import annotations

from typing import Any

from tenprint import __version__
from tenprint.desk.catalogue import LANGUAGES
from tenprint.desk.forms import AGAINST, TOPICS

_PAGE = {"text/html": {"schema": {"type": "string"}}}
_TEXT = {"type": "string"}
_SAID = {"type": "string", "pattern": r"[^\u0000-\u0020\u007f]", "maxLength": 20000}
_TOKEN = {"type": "string", "description": "Carried from the page before."}
_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 3}


def describe() -> dict[str, Any]:
    """The document."""
    paths: dict[str, Any] = {
        "/": {"get": _answers("Languages", 200)},
        "/style.css": {"get": _other("Stylesheet", "text/css")},
        "/verify.py": {"get": _other("The program that checks proofs", "text/plain")},
        "/key": {"get": _other("The key that checks proofs", "text/plain")},
        "/openapi.json": {"get": _other("This document", "application/json")},
        "/{language}": {"get": {"summary": "On to the first page", "responses": {"307": {"description": "Its path"}}}},
        "/{language}/": {"get": _answers("First page", 200)},
        "/{language}/file": {
            "get": _answers("Form of a complaint", 200),
            "post": _answers("File a complaint", 200, 400, 403, 413, 422, 429)
            | _body("multipart/form-data", required=["text"], text=_SAID, place=_TEXT, against={"enum": list(AGAINST)},
                    topics={"type": "array", "items": {"enum": list(TOPICS)}}, name=_TEXT, contact=_TEXT, files=_FILES,
                    token=_TOKEN),
        },
        "/{language}/kept": {
            "post": _answers("The receipt typed back", 200, 400, 403, 413, 422) | _form(words=_TEXT, token=_TOKEN)
        },
        "/{language}/open": {
            "get": _answers("Ask for the receipt", 200),
            "post": _answers("The conversation", 200, 400, 403, 413, 429) | _form(words=_TEXT),
        },
        "/{language}/reply": {
            "post": _answers("A message to the office", 200, 400, 403, 413, 422, 429)
            | _body("multipart/form-data", required=["text", "token"], text=_SAID, files=_FILES, token=_TOKEN)
        },
        "/{language}/proof": {"post": _proof() | _form(token=_TOKEN)},
        "/{language}/paper": {
            "get": _answers("About paper forms", 200),
            "post": _answers("A form to print", 200, 403, 429),
        },
    }  # fmt: skip
    language = {"name": "language", "in": "path", "required": True, "schema": {"enum": list(LANGUAGES)}}
    for path, methods in paths.items():
        if "{language}" in path:
            for operation in methods.values():
                operation["parameters"] = [language]
                operation["responses"].setdefault("404", {"description": "No such language", "content": _PAGE})
    info = {"title": "Tenprint desk: complaints", "version": __version__}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


_WORDS = {
    200: "The page",
    400: "The request could not be taken apart",
    403: "These words, or this page's token, open nothing",
    413: "Too large",
    422: "Something is to be put right; the page says what",
    429: "Too many requests",
}


def _answers(summary: str, *statuses: int) -> dict[str, Any]:
    responses = {str(s): {"description": _WORDS[s], "content": _PAGE} for s in statuses}
    return {"summary": summary, "responses": responses}


def _other(summary: str, media: str) -> dict[str, Any]:
    return {"summary": summary, "responses": {"200": {"description": summary, "content": {media: {}}}}}


def _proof() -> dict[str, Any]:
    made = _answers("The proof of filing", 200, 400, 403, 413)
    made["responses"]["200"]["content"] = {"application/json": {"schema": {"type": "object"}}}
    return made


def _form(**fields: Any) -> dict[str, Any]:
    return _body("application/x-www-form-urlencoded", required=list(fields), **fields)


def _body(media: str, *, required: list[str], **fields: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": fields, "required": required}
    return {"requestBody": {"required": True, "content": {media: {"schema": schema}}}}
