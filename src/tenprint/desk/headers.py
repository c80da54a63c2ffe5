"""Strict headers on every answer: nothing is loaded from elsewhere, framed, stored, or told to the next page."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
PICTURES = f"{POLICY}; img-src 'self'"
"""For pages that show pictures of their own."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "X-Robots-Tag": "noindex",
}


class StrictHeaders:
    """Adds them; pages are not stored by browsers or by what stands between."""

    def __init__(self, app: ASGIApp, policy: str = POLICY) -> None:
        self._app, self._headers = app, {**HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
                if scope.get("scheme") == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self._app(scope, receive, with_headers)


class OwnPagesOnly:
    """Refuses what a page of another site sends: nobody files in a visitor's name. Programs name no origin."""

    def __init__(self, app: ASGIApp, refuse: ASGIApp) -> None:
        self._app, self._refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the page of what is refused."""
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD", "OPTIONS"} and self._is_foreign(scope):
            await self._refuse(scope, receive, send)
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _is_foreign(scope: Scope) -> bool:
        headers: dict[str, str] = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if "sec-fetch-site" in headers:
            return headers["sec-fetch-site"] not in {"same-origin", "none"}
        origin = headers.get("origin", "null")  # our pages send no referrer, so that their own origin is null
        return bool(origin != "null" and origin.partition("://")[2] != headers.get("host", ""))
