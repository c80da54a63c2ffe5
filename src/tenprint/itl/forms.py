"""Forms of field values: character classes, dates, heights. EBTS 9.1 appendix C, notes in ``tables/ebts.csv``."""

from __future__ import annotations

import re
from datetime import date

from tenprint.itl.profile import Row

_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_CLASSES = {"A": "A-Za-z", "N": "0-9"}
_HEIGHT = re.compile(r"[4-7](0\d|1[01])|000|N\d\d")


def wrong_characters(row: Row, text: str) -> str | None:
    """What characters were expected when ``text`` has others; text beyond ASCII is judged by the character set rule."""
    if not row.characters or not text.isascii():
        return None
    if "S" in row.characters and row.special in {"", "print"}:
        return None if _PRINTABLE.fullmatch(text) else "printable characters"
    wanted = "".join(_CLASSES.get(letter, "") for letter in row.characters) + re.escape(row.special)
    if re.fullmatch(f"[{wanted}]*", text):
        return None
    words = {"A": "letters", "N": "digits"}
    named = [words[letter] for letter in row.characters if letter in words]
    if row.special:
        named.append(f"the characters {row.special!r}")
    return " and ".join(named)


def wrong_form(row: Row, text: str) -> str | None:
    """What form was expected when ``text`` has another, else ``None``."""
    expected = {
        "date": "a date CCYYMMDD" if calendar_date(text) is None else None,
        "date-or-zeros": "a date CCYYMMDD or 00000000" if text != "00000000" and calendar_date(text) is None else None,
        "gmt": "a time YYYYMMDDhhmmssZ" if not _is_gmt(text) else None,
        "nn.nn": "two digits, a point, two digits" if not re.fullmatch(r"\d\d\.\d\d", text) else None,
        "no-leading-blank": "text that does not begin with a blank" if text.startswith(" ") else None,
        "oca": "no leading blank and no period" if text.startswith(" ") or "." in text else None,
        "height": "feet and inches from 400 to 711, 000, or N and two digits" if not _HEIGHT.fullmatch(text) else None,
        "weight": "050 to 499, or 000" if not _is_weight(text) else None,
    }
    return expected.get(row.form)


def calendar_date(text: str | None) -> date | None:
    """The day that CCYYMMDD names, or ``None``."""
    if text is None or not (len(text) == 8 and text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _is_gmt(text: str) -> bool:
    clock = re.fullmatch(r"(\d{8})([01]\d|2[0-3])[0-5]\d([0-5]\d|60)Z", text)
    return clock is not None and calendar_date(clock[1]) is not None


def _is_weight(text: str) -> bool:
    return text == "000" or (text.isascii() and text.isdigit() and 50 <= int(text) <= 499)
