"""Words of the pages: one catalogue a language, each saying whether a person has reviewed it.

English is the source. A catalogue has exactly the source's keys and placeholders, which loading checks.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date

SOURCE = "en"
LANGUAGES = ("en", "es", "fr", "pt", "zh", "vi", "ar", "ru", "ht", "so")
"""In the order of the language list."""
_TAGS = {"zh": "zh-Hans"}
_LOCALES = {"ht": "fr", "zh": "zh_Hans"}
"""CLDR has no Haitian dates; Haitian writes them as French does."""


class CatalogueError(Exception):
    """A catalogue does not fit its source."""


class Catalogue(msgspec.Struct, frozen=True):
    """One language."""

    code: str
    name: str
    """Its name in itself."""
    direction: str
    """``ltr`` or ``rtl``."""
    reviewed: bool
    """Whether a person who speaks it has reviewed it; until then every page says so."""
    words: Mapping[str, str]

    @property
    def tag(self) -> str:
        """BCP 47 tag for ``lang``."""
        return _TAGS.get(self.code, self.code)

    def say(self, key: str, **values: object) -> str:
        """A sentence with its placeholders filled in."""
        return self.words[key].format(**values)

    def date(self, when: datetime) -> str:
        """A day as the language writes it."""
        try:
            locale = Locale.parse(_LOCALES.get(self.code, self.code))
        except UnknownLocaleError:
            return when.date().isoformat()
        return format_date(when.date(), "long", locale=locale)


@functools.cache
def load(code: str) -> Catalogue:
    """The catalogue of a language.

    Raises:
        CatalogueError: when its keys or placeholders are not those of the source.
    """
    text = resources.files("tenprint.desk").joinpath("catalogues", f"{code}.toml").read_text("utf-8")
    raw = tomllib.loads(text)
    made = Catalogue(code, raw["name"], raw["direction"], raw["reviewed"], raw["words"])
    if code != SOURCE:
        _check(made, load(SOURCE))
    return made


def _check(made: Catalogue, source: Catalogue) -> None:
    differ = set(made.words) ^ set(source.words)
    if differ:
        raise CatalogueError(f"catalogue {made.code}: expected the keys of {SOURCE}; differs in {sorted(differ)}")
    for key, text in source.words.items():
        if _slots(text) != _slots(made.words[key]):
            raise CatalogueError(f"catalogue {made.code}: {key}: expected the placeholders {sorted(_slots(text))}")


def _slots(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
