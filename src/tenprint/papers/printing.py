"""A paper as PDF, set by Typst: tagged for screen readers (PDF/UA-1), the same bytes for the same words and copy.

The square is a QR code (ISO/IEC 18004) of the paper's code. Letters are those that come with Typst, and Noto Sans CJK
from the package ``manimgx-fonts-cjk`` for Chinese.
"""

from __future__ import annotations

from importlib import resources, util

import cv2
import msgspec
import typst

from tenprint.papers.content import Paper, PaperError, content_hash

NEEDS_FONT = {"zh": "manimgx_fonts_cjk"}
"""Languages whose letters do not come with Typst, and the package that has them."""


def code_line(tcn: str, code: str) -> str:
    """What the square says: the program, the control number and the code of the copy."""
    return f"TENPRINT PAPER {tcn} {code}"


def pdf(paper: Paper, *, number: int, copy: int) -> bytes:
    """One copy of a paper.

    Args:
        paper: Its words.
        number: Of the paper in its case.
        copy: Number of the copy, from 1.

    Raises:
        PaperError: when this machine has no letters for the language.
    """
    code = f"{number}.{copy}.{paper.language}.{content_hash(paper)[:16]}"
    line = code_line(paper.tcn, code)
    template = resources.files("tenprint.papers").joinpath("paper.typ").read_bytes()
    inputs = {"paper": msgspec.json.encode(paper).decode(), "square": square(line), "line": line, "copy": str(copy)}
    made = typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(paper.language),
        sys_inputs=inputs,
        timestamp=paper.at,
        pdf_standards=["ua-1"],
    )
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file
    return made


def _fonts(language: str) -> typst.Fonts:
    package = NEEDS_FONT.get(language)
    if package is None:
        return typst.Fonts(include_system_fonts=False)
    found = util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise PaperError(
            f"no letters for {language!r} on this machine; install them: pip install {package.replace('_', '-')}"
        )
    return typst.Fonts(include_system_fonts=False, font_paths=list(found.submodule_search_locations))


def square(text: str) -> str:
    """A QR code as SVG: one dark unit square a module, with the quiet zone that the standard asks for."""
    modules = cv2.QRCodeEncoder.create().encode(text)
    rows, columns = modules.shape
    dark = "".join(f"M{x + 2} {y + 2}h1v1h-1z" for y in range(rows) for x in range(columns) if not modules[y, x])
    size = f"0 0 {columns + 4} {rows + 4}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" shape-rendering="crispEdges">'
        f'<rect width="100%" height="100%" fill="white"/><path d="{dark}" fill="black"/></svg>'
    )
