"""Papers that somebody is handed: forms, notices and letters as PDF, made from a case and the law of its day.

A paper is words first (`content`), then a page (`printing`). Every page says SYNTHETIC, carries no seal, can be read
aloud by a screen reader (PDF/UA-1), and has a square with its code by which its service record is found.
"""

from __future__ import annotations

from tenprint.papers.content import Block, Paper, PaperError, content_hash
from tenprint.papers.kinds import KINDS, compose
from tenprint.papers.notice import LANGUAGES, language_of
from tenprint.papers.printing import code_line, pdf

__all__ = [
    "KINDS",
    "LANGUAGES",
    "Block",
    "Paper",
    "PaperError",
    "code_line",
    "compose",
    "content_hash",
    "language_of",
    "pdf",
]
