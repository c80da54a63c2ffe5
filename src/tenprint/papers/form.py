"""The page of a form of the I-247 family: its boxes, ticked as issued, and what the version says of itself."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from tenprint.cases.card.case import Detainer
from tenprint.law import Form
from tenprint.papers.content import Block


@cache
def _boxes() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("tenprint.papers").joinpath("boxes.toml").read_text("utf-8"))


def form_blocks(request: Detainer, form: Form, moment: Callable[[datetime], str]) -> tuple[Block, ...]:
    """The blocks of a form as it was issued.

    Args:
        request: The request, with what was ticked.
        form: Its version.
        moment: Says a moment on the facility's clock.
    """
    issued = request.issued
    rows = [("Number", str(request.number)), ("To the facility", issued.recipient_ori)]
    rows += [("Issued", moment(issued.issued_at))] if issued.issued_at else []
    rows += [("In place of", f"request {issued.supersedes}")] if issued.supersedes else []
    blocks = [
        Block(heading="The request", pairs=tuple(rows)),
        Block(heading="What this version says", sentences=(form.says,)),
    ]
    if form.criteria:
        blocks.append(Block(heading="Why the person is a priority", boxes=_criteria(request, form)))
    if early := _boxes()["early"].get(form.name):
        blocks.append(Block(heading="Boxes of this version", boxes=tuple((False, words) for words in early)))
    if form.probable_cause:
        known = _boxes()["probable_cause"]
        ticked = tuple((name in issued.probable_cause, words) for name, words in known.items())
        blocks.append(Block(heading="Probable cause", boxes=ticked))
    if form.warrant:
        warrants = tuple((issued.warrant == name, f"Form {name}") for name in ("I-200", "I-205"))
        blocks.append(Block(heading="The warrant that goes with it", boxes=warrants))
    return tuple(msgspec.structs.replace(block, language="en") for block in blocks)


def _criteria(request: Detainer, form: Form) -> tuple[tuple[bool, str], ...]:
    """Every box of the version; c3 ticks the box c."""
    ticked = {code for given in request.issued.criteria for code in (given, given.rstrip("0123456789"))}
    names = _boxes()["criteria"]
    return tuple((code in ticked, f"({code}) {names[code]}") for code in form.criteria)
