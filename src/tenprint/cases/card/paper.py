"""Papers of a case: each copy is recorded when it is printed, so that a service can name what was handed over."""

from __future__ import annotations

from tenprint.cases.card import commands as cmd
from tenprint.cases.card.case import Case
from tenprint.cases.card.events import PaperMade
from tenprint.cases.kernel.act import Act
from tenprint.cases.kernel.refusals import Refusal


def next_copy(case: Case, content: str) -> int:
    """Number of the next copy of these words, from 1.

    Args:
        case: The case so far.
        content: SHA-256 of the words, hex.
    """
    return 1 + sum(p.content == content for p in case.papers)


def make(case: Case, command: cmd.MakePaper, act: Act) -> tuple[PaperMade, ...]:
    """Record a printed copy."""
    expected = next_copy(case, command.content)
    if command.copy != expected:
        raise Refusal(f"record copy {command.copy}", f"the next copy of these words is {expected}", "print it again")
    made = PaperMade(
        number=len(case.papers) + 1, what=command.what, language=command.language, copy=command.copy,
        content=command.content, file=command.file, request=command.request, made_at=act.now,
    )  # fmt: skip
    return (made,)


def find(case: Case, code: str) -> PaperMade | None:
    """The paper with a code: the whole line of its square, or its last word."""
    words = code.split()
    return next((p for p in case.papers if words and words[-1] == p.code), None)


def named(case: Case, code: str, request: int, asked: str) -> PaperMade:
    """The paper that a service names, which must be about the request that is served.

    Raises:
        Refusal: when no such paper was printed, or it is about something else.
    """
    found = find(case, code)
    if found is None:
        known = ", ".join(p.code for p in case.papers) or "none"
        raise Refusal(asked, f"no paper of this case has the code {code!r}", f"papers printed: {known}")
    if found.request != request:
        raise Refusal(asked, f"paper {found.number} is not about request {request}", "print and hand over its own")
    return found
