"""How a server fares: health, metrics in Prometheus' text format, a log line a request. None of it names anybody."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tenprint.doors.keeper import Keeper
from tenprint.exchange import outbox, owed
from tenprint.exchange.exchange import Exchange
from tenprint.exchange.reads import glasses
from tenprint.exchange.schema import READ, SUBMISSION

LOCAL = ("127.0.0.1", "::1", "testclient")
Log = Callable[[str], object]
Metric = tuple[str, str, Sequence[tuple[dict[str, str], float]]]
"""Name, help, and values by their labels."""


class Running:
    """An application with its health and metrics, and one line a request.

    Args:
        exchange: Whose.
        keeper: Its background work; nothing: none.
        parts: Applications by the beginning of the paths that they answer; the first that fits answers.
        log: Takes a line of JSON a request; nothing: none is made.
    """

    def __init__(
        self, exchange: Exchange, keeper: Keeper | None, parts: Mapping[str, ASGIApp], log: Log | None = None
    ) -> None:
        self._exchange, self._keeper, self._parts, self._log = exchange, keeper, parts, log
        self._answered: Counter[tuple[str, int]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await next(iter(self._parts.values()))(scope, receive, send)
            return
        begun, status = time.monotonic(), 500
        part = self._part(scope)

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._answer(part, scope, receive, seen)
        except Exception as wrong:  # noqa: BLE001 - the last frame before the server's own log, which would print its words
            status = 500
            self._say(part, scope, status, begun, type(wrong).__name__)
            await _plain("This is our fault, not yours.\n", 500)(scope, receive, send)
        else:
            self._say(part, scope, status, begun, "")
        self._answered[part, status] += 1

    def _part(self, scope: Scope) -> str:
        path = scope["path"]
        if path in {"/health", "/metrics"}:
            return str(path)
        return next(start for start in self._parts if path.startswith(start))

    async def _answer(self, part: str, scope: Scope, receive: Receive, send: Send) -> None:
        if part == "/health":
            await self.health()(scope, receive, send)
        elif part == "/metrics":
            made = self.metrics() if _is_local(scope) else _plain("Not here.\n", 404)
            await made(scope, receive, send)
        else:
            await self._parts[part](scope, receive, send)

    def _say(self, part: str, scope: Scope, status: int, begun: float, trouble: str) -> None:
        if self._log is None:
            return
        line = {
            "at": round(time.time(), 3), "part": part, "method": scope["method"], "status": status,
            "ms": round(1000 * (time.monotonic() - begun), 1),
        }  # fmt: skip
        self._log(msgspec.json.encode(line | ({"trouble": trouble} if trouble else {})).decode())

    def health(self) -> Response:
        """200 when the database answers and no background work is late; else 503 and what it is."""
        try:
            with self._exchange.reading() as connection:
                connection.execute(select(func.count()).select_from(SUBMISSION))
        except SQLAlchemyError:
            return _plain("the database does not answer\n", 503)
        late = self._keeper.late() if self._keeper else []
        return _plain(f"late: {', '.join(late)}\n", 503) if late else _plain("ok\n", 200)

    def metrics(self) -> Response:
        """Counts, for Prometheus; to this machine alone."""
        return PlainTextResponse("".join(self._lines()), media_type="text/plain; version=0.0.4")

    def _lines(self) -> Iterator[str]:
        for name, help_, rows in (*_of_exchange(self._exchange), *self._of_server()):
            kind = "counter" if name.endswith("_total") else "gauge"
            yield f"# HELP tenprint_{name} {help_}\n# TYPE tenprint_{name} {kind}\n"
            for labels, value in rows:
                inner = ",".join(f'{k}="{v}"' for k, v in labels.items())
                yield f"tenprint_{name}{{{inner}}} {value}\n" if inner else f"tenprint_{name} {value}\n"

    def _of_server(self) -> Iterator[Metric]:
        rows = [({"part": part, "status": str(status)}, n) for (part, status), n in sorted(self._answered.items())]
        yield "requests_total", "Requests answered by this server.", rows
        if self._keeper is not None:
            stands = self._keeper.standing.values()
            done = [({"work": s.name}, max(s.succeeded, s.elsewhere)) for s in stands]
            yield "work_done_seconds", "When background work was last done, here or elsewhere (Unix time).", done
            failed = [({"work": s.name}, s.failures) for s in stands]
            yield "work_failures_total", "Rounds of background work that failed here.", failed


def _of_exchange(exchange: Exchange) -> Iterator[Metric]:
    column = SUBMISSION.c
    with exchange.reading() as connection:
        cards = connection.execute(select(column.accepted, func.count()).group_by(column.accepted)).all()
        road = connection.execute(select(func.count()).where(column.road_open)).scalar() or 0
        incidents = connection.execute(select(func.coalesce(func.sum(column.incidents), 0))).scalar() or 0
        looks = connection.execute(select(func.count(func.distinct(READ.c.seq)))).scalar() or 0
    rows: list[tuple[dict[str, str], float]] = [({"accepted": str(bool(a)).lower()}, n) for a, n in cards]
    yield "cards_total", "Cards taken in.", rows
    yield "cards_on_the_road", "Cards whose road has not ended.", [({}, road)]
    yield "incidents_open", "Incidents that nobody has closed.", [({}, incidents)]
    yield "answers_waiting", "Answers that have an address and have not arrived.", [({}, len(outbox.due(exchange)))]
    due = owed.owed(exchange)
    late = Counter(d.owner for d in due if d.overdue)
    every = Counter(d.owner for d in due)
    yield "owed", "What is owed in open cases.", [({"by": k}, n) for k, n in sorted(every.items())]
    yield "owed_overdue", "What is owed and late.", [({"by": k}, n) for k, n in sorted(late.items())]
    yield "looks_total", "Looks at people or lists.", [({}, looks)]
    now = exchange.ledger.now()
    unexplained = sum(g.is_late(now) for g in glasses(exchange))
    yield "glass_unexplained", "Broken glasses whose explanation is late.", [({}, unexplained)]
    yield "ledger_entries_total", "Entries of the ledger.", [({}, exchange.ledger.size())]


def _is_local(scope: Scope) -> bool:
    """Whether this machine asks, and no proxy for somebody else."""
    names = {name for name, _ in scope["headers"]}
    client = scope.get("client") or ("", 0)
    return client[0] in LOCAL and not names & {b"x-forwarded-for", b"forwarded", b"x-real-ip"}


def _plain(text: str, status: int) -> Response:
    return PlainTextResponse(text, status, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})


def to_stderr(line: str) -> None:
    """Write a line of the log."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - the log of a server
