"""The document of the HTTPS interface: OpenAPI 3.1, made here and served as ``openapi.json``."""

from __future__ import annotations

from typing import Any

from tenprint import __version__

_TEXT = {"type": "string"}
_BYTES = {"type": "string", "format": "binary"}
_ORI = {
    "name": "ori", "in": "path", "required": True, "description": "the bureau that sent the card (1.008)",
    "schema": {"type": "string", "pattern": "^[A-Z0-9]{9}$"},
}  # fmt: skip
_TCN = {
    "name": "tcn", "in": "path", "required": True, "description": "control number (1.009)",
    "schema": {"type": "string", "minLength": 1, "maxLength": 40},
}  # fmt: skip
_DIGEST = {
    "name": "digest", "in": "path", "required": True, "description": "SHA-256 of the answer, hex",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}  # fmt: skip
_CARD = {
    "type": "object",
    "required": ["tcn", "ori", "accepted", "resubmitted", "pending", "messages", "status", "answers"],
    "properties": {
        "tcn": _TEXT,
        "ori": _TEXT,
        "accepted": {"type": "boolean", "description": "false: rejected, and an ERRT says why"},
        "resubmitted": {"type": "boolean", "description": "this very card had been taken in before"},
        "pending": {"type": "boolean", "description": "the second search has not finished; ask again"},
        "messages": {"type": "array", "items": _TEXT},
        "status": {"type": "string", "description": "where to ask again"},
        "answers": {"type": "array", "items": {"$ref": "#/components/schemas/Answer"}},
    },
}
_ANSWER = {
    "type": "object",
    "required": ["kind", "tcn", "sha256", "address"],
    "properties": {
        "kind": {"type": "string", "description": "SRE, ERRT, IDR or IAR"},
        "tcn": _TEXT,
        "sha256": _TEXT,
        "address": _TEXT,
    },
}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
}


def openapi(root: str) -> dict[str, Any]:
    """The document.

    Args:
        root: Path under which the interface answers.
    """
    card = _answered("a card", "application/json", {"$ref": "#/components/schemas/Card"})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tenprint: cards in, answers out",
            "version": __version__,
            "description": "Everyone in this exchange is synthetic. A machine sees the cards of its own place.",
        },
        "security": [{"key": []}],
        "paths": {
            f"{root}/cards": {
                "post": {
                    "operationId": "handIn",
                    "summary": "Hand a card in; the same card again changes nothing",
                    "requestBody": {
                        "required": True,
                        "content": {"application/octet-stream": {"schema": _BYTES}},
                    },
                    "responses": {
                        "201": card, "200": card, "422": card,
                        **_problems("400", "401", "403", "408", "413", "503"),
                    },
                }
            },
            f"{root}/cards/{{ori}}/{{tcn}}": {
                "get": {
                    "operationId": "status", "summary": "Where a card stands", "parameters": [_ORI, _TCN],
                    "responses": {"200": card, **_problems("401", "404", "503")},
                }
            },
            f"{root}/cards/{{ori}}/{{tcn}}/answers/{{digest}}": {
                "get": {
                    "operationId": "answer", "summary": "An answer, as an ANSI/NIST transaction",
                    "parameters": [_ORI, _TCN, _DIGEST],
                    "responses": {
                        "200": _answered("its bytes", "application/octet-stream", _BYTES),
                        **_problems("401", "404", "503"),
                    },
                }
            },
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Card": _CARD, "Answer": _ANSWER, "Problem": _PROBLEM},
        },
    }  # fmt: skip


def _answered(what: str, kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": what, "content": {kind: {"schema": schema}}}


_WORDS = {
    "400": "no card that an answer could be sent to; nothing was taken in", "401": "no key that counts",
    "403": "a card of another place; nothing was taken in", "404": "no such card or answer here",
    "408": "the card did not arrive in time; nothing was taken in",
    "413": "larger than a card may be", "503": "come back (Retry-After); nothing was taken in",
}  # fmt: skip


def _problems(*codes: str) -> dict[str, Any]:
    problem = {"$ref": "#/components/schemas/Problem"}
    return {code: _answered(_WORDS[code], "application/problem+json", problem) for code in codes}
