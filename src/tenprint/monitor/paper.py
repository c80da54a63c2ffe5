"""The report on paper: PDF set by Typst from the same words.

Tagged for screen readers (PDF/UA-1), our own layout, no seal, SYNTHETIC on every page of what is.
"""

from __future__ import annotations

from importlib import resources

import msgspec
import typst

from tenprint.monitor.wording import Report


def pdf(report: Report) -> bytes:
    """The report as PDF; its time is the as-of, its letters are those that come with Typst, so bytes stay the same."""
    template = resources.files("tenprint.monitor").joinpath("templates", "report.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"report": msgspec.json.encode(report).decode()},
        timestamp=report.as_of.replace(microsecond=0),  # Typst takes whole seconds; a quarter ends a microsecond before
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file
    return made
