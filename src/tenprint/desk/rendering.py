"""Pages from templates: every page gets the words of its language and nothing that names anybody."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from tenprint.desk import catalogue
from tenprint.desk.catalogue import LANGUAGES, Catalogue
from tenprint.desk.forms import AGAINST, TOPICS, Sent

_ENVIRONMENT = Environment(
    loader=PackageLoader("tenprint.desk"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, language: Catalogue, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page.

    Args:
        template: Its file.
        language: Its words.
        status: Of the answer.
        values: What the template shows; ``here`` is its path, ``stay`` hides the ways out of it.
    """
    given: dict[str, Any] = {
        "t": language,
        "say": language.say,
        "languages": [catalogue.load(code) for code in LANGUAGES],
        "against": AGAINST,
        "topics": TOPICS,
        "sent": Sent(),
        "problems": (),
        "here": "",
        "root": "",
        "stay": False,
    }
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(given | values), status_code=status)
