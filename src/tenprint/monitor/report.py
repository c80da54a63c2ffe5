"""The quarterly report: a review as a page, as paper and as data, for readers who are lawyers and journalists.

Places stand in alphabetical order in all of it: nothing here ranks them. The same review gives the same bytes. Needs
the extras ``pictures`` and ``paper``.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenprint.monitor import paper, pictures
from tenprint.monitor.review import Review
from tenprint.monitor.wording import Report, told

_ENVIRONMENT = Environment(
    loader=PackageLoader("tenprint.monitor"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write(review: Review, folder: Path) -> list[Path]:
    """Write ``report.html``, ``report.pdf`` and ``review.json``; what stood there under these names is replaced.

    Args:
        review: What to report.
        folder: Made where it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = told(review)
    made = {"report.html": page(report).encode(), "report.pdf": paper.pdf(report), "review.json": data(review)}
    for name, content in made.items():
        hidden = folder / f"{name}.new"
        hidden.write_bytes(content)
        hidden.replace(folder / name)
    return [folder / name for name in made]


def page(report: Report) -> str:
    """The report as one HTML file that asks for nothing else: no script, no address, pictures and style inside."""
    style = resources.files("tenprint.monitor").joinpath("templates", "report.css").read_text("utf-8")
    drawn = pictures.distinct([picture.svg for metric in report.metrics for _, picture in metric.pictures])
    return _ENVIRONMENT.get_template("report.html").render(
        report=report,
        style=Markup(style),  # noqa: S704 - our own file
        drawn=[Markup(_hidden(svg)) for svg in drawn],  # noqa: S704 - texts in it are escaped by the drawing library
        slug=_slug,
    )


def data(review: Review) -> bytes:
    """The review as JSON, keys in order."""
    return (
        msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(review), order="deterministic"), indent=1) + b"\n"
    )


def _hidden(svg: str) -> str:
    """A picture that screen readers pass over (its words stand beside it) and that shrinks with the page."""
    return re.sub(
        r'<svg ([^>]*?)width="\d+" height="\d+"', r'<svg aria-hidden="true" focusable="false" \1', svg, count=1
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
