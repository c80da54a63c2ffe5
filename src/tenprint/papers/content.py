"""What a paper says, before it is set: blocks of words, and the hash by which copies of the same words are known."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec


class PaperError(ValueError):
    """A paper that cannot be made; the message says what is missing."""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a paper: a heading, then sentences, pairs of name and value, or boxes."""

    heading: str
    language: str = ""
    """Of its words, where they are not in the paper's language."""
    sentences: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    boxes: tuple[tuple[bool, str], ...] = ()
    """Whether it is ticked, and what it says."""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One paper in one language."""

    kind: str
    tcn: str
    language: str
    """BCP 47 code, such as ``es``."""
    direction: str
    title: str
    lead: str
    title_language: str = ""
    """Of title and lead, where they are not in the paper's language."""
    blocks: tuple[Block, ...]
    at: datetime
    """The moment that it tells of; also the time in the file, so that its bytes stay the same."""
    warning: str = ""
    """That a translation was not reviewed yet; empty when it was."""
    request: int | None = None
    """Number of the request that it is about."""


def content_hash(paper: Paper) -> str:
    """SHA-256 of everything that a paper says, hex."""
    return hashlib.sha256(msgspec.json.encode(paper, order="deterministic")).hexdigest()
