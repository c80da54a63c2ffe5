"""The notice to the person: what a request asks for, in the languages of the program, and what can be said to it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

from tenprint.law import Form
from tenprint.papers.content import Block, PaperError

HOTLINE = ("(855) 448-6903", date(2011, 12, 29))
"""Number of the hotline for citizens and victims, and the first day on which it was printed on the form."""
COMPLAINTS = ("1-866-644-8360", date(2011, 6, 17))
"""Number of the civil-rights office; the form carries a number for complaints since June 2011."""


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The words by code of the language."""
    text = resources.files("tenprint.papers").joinpath("notice.toml").read_text("utf-8")
    read: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return read


LANGUAGES: tuple[str, ...] = tuple(words())
"""Codes of the languages, English first."""


def language_of(text: str) -> str:
    """The code of a language by its code or its English name.

    Raises:
        PaperError: when there are no words in it.
    """
    asked = text.strip().lower()
    for code, known in words().items():
        if asked in {code, known["name"].lower()}:
            return code
    names = ", ".join(f"{code} ({known['name']})" for code, known in words().items())
    raise PaperError(f"no paper can be made in {text!r}; languages are {names}")


def blocks(form: Form, language: str, on: date) -> tuple[Block, ...]:
    """What a form asks for, what to say to it, and whom to call on the day.

    Args:
        form: The version.
        language: Code, such as `es`.
        on: Day of the request; numbers that were not printed yet are left out.
    """
    say = words()[language]
    if form.hold_hours is None:
        asks = [say["nohold"]]
    else:
        asks = [say["hold"], say["days"] if form.excludes else say["all_days"], say["release"]]
    if form.effective_when_served:
        asks.append(say["served"])
    numbers = [
        (say[label], number) for label, (number, since) in (("hotline", HOTLINE), ("rights", COMPLAINTS)) if on >= since
    ]
    made = [
        Block(heading=say["what"], sentences=tuple(asks)),
        Block(
            heading=say["say"],
            boxes=tuple((False, say[name]) for name in ("citizen", "victim", "wrong")),
            sentences=(say["then"],),
        ),
    ]
    if numbers:
        made.append(Block(heading=say["call"], pairs=tuple(numbers), sentences=(say["lawyer"],)))
    else:
        made.append(Block(heading=say["title"], sentences=(say["lawyer"],)))
    return tuple(made)
