"""Paper forms to print and lay out in a jail: one file that needs nothing else."""

from __future__ import annotations

from importlib import resources

from tenprint.desk import catalogue
from tenprint.desk.rendering import page
from tenprint.exchange import UnknownError
from tenprint.exchange.rights import Rights


def sheets(rights: Rights, language: str, count: int) -> str:
    """Forms with their own codes and words, as one HTML page that prints one form after another.

    Raises:
        UnknownError: when the language has no catalogue.
    """
    if language not in catalogue.LANGUAGES:
        raise UnknownError(f"expected one of the languages {', '.join(catalogue.LANGUAGES)}; got {language!r}")
    forms = [rights.print_form(language) for _ in range(count)]
    made = page("form.html", catalogue.load(language), stay=True, forms=forms)
    style = resources.files("tenprint.desk").joinpath("static", "desk.css").read_text("utf-8")
    text = bytes(made.body).decode()
    return text.replace('<link rel="stylesheet" href="/style.css">', f"<style>{style}</style>")
