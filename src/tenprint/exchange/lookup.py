"""Finding a card by what people have in hand: name, birth date, booking number, UCN, FIN, TCN.

Names and birth dates are sealed in the events. Beside them stand keyed hashes of them, so that a table finds a card and
tells nobody's name; they go when the card is expunged. The key follows from the ledger's own.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import unicodedata
from typing import Literal, get_args

from sqlalchemy import Connection, Table, delete, insert, select

from tenprint.exchange.core import Core
from tenprint.exchange.errors import ExchangeError
from tenprint.exchange.schema import IDENTITY, SUBMISSION, WORD
from tenprint.ledger import Entry, Ledger
from tenprint.ledger.values import EXPUNGED

By = Literal["tcn", "name", "birth", "booking", "ucn", "fin"]
BY: tuple[By, ...] = get_args(By)
_IDENTITY = {"ucn": "criminal/{}", "fin": "immigration/{}"}


def key_of(ledger: Ledger) -> bytes:
    """The key of the hashes of a ledger, 32 bytes."""
    return hmac.new(ledger.signer.seed, b"tenprint/words/1", hashlib.sha256).digest()


class Words:
    """Projection of names and birth dates.

    Args:
        key: Of the hashes.
    """

    name = "exchange-words"
    tables: tuple[Table, ...] = (WORD,)
    revision = 1

    def __init__(self, key: bytes) -> None:
        self._key = key

    def apply(self, connection: Connection, entry: Entry) -> None:
        """Take one event into the table."""
        if entry.kind == "submission.accepted" and entry.sealed and (told := entry.sealed.get("personal")):
            words = {*names_of(told["name"]), f"birth {told['date_of_birth']}"}
            rows = [{"token": token(self._key, word), "stream": entry.stream} for word in sorted(words)]
            connection.execute(insert(WORD), rows)
        elif entry.kind in {"card.expunged", EXPUNGED}:
            connection.execute(delete(WORD).where(WORD.c.stream == entry.data["subject"]))


def names_of(name: str) -> set[str]:
    """Words under which a name is found: all of it, and the family name alone.

    >>> sorted(names_of("Sample-Núñez, Pat"))
    ['name SAMPLENUNEZ', 'name SAMPLENUNEZ,PAT']
    """
    family, _, given = name.partition(",")
    whole = f"{_letters(family)},{_letters(given)}" if _letters(given) else _letters(family)
    return {f"name {part}" for part in (_letters(family), whole) if part}


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).upper()
    return "".join(c for c in plain if c.isalnum())


@functools.lru_cache(4096)
def token(key: bytes, word: str) -> str:
    """What stands in the table for a word."""
    return hmac.new(key, word.encode(), hashlib.sha256).hexdigest()


def find(exchange: Core, by: str, text: str) -> tuple[str, ...]:
    """Streams of the cards that something names, in order.

    Args:
        exchange: Where.
        by: What it is: ``tcn``, ``name`` (``FAMILY`` or ``FAMILY,GIVEN``), ``birth`` (a date), ``booking``, ``ucn``,
            ``fin``.
        text: As typed.

    Raises:
        ExchangeError: when it is none of these, empty, or no date.
    """
    asked = text.strip()
    if by not in BY or not asked:
        raise ExchangeError(f"say what to look for, and which it is: {', '.join(BY)}")
    with exchange.reading() as connection:
        if by == "tcn":
            whole = SUBMISSION.c.stream == "case/" + SUBMISSION.c.submitting_ori + "/" + SUBMISSION.c.tcn
            query = select(SUBMISSION.c.stream).where(SUBMISSION.c.tcn == asked, whole)
        elif by in {"name", "birth"}:
            word = f"birth {_birth(asked)}" if by == "birth" else max(names_of(asked), key=len, default="")
            query = select(WORD.c.stream).where(WORD.c.token == token(key_of(exchange.ledger), word))
        elif by == "booking":
            ending = re.sub(r"([%_\\])", r"\\\1", asked)
            query = select(IDENTITY.c.stream).where(IDENTITY.c.identity.like(f"booking/%/{ending}", escape="\\"))
        else:
            query = select(IDENTITY.c.stream).where(IDENTITY.c.identity == _IDENTITY[by].format(asked))
        return tuple(sorted(set(connection.execute(query).scalars())))


def _birth(text: str) -> str:
    """A date as cards have it: CCYYMMDD.

    Raises:
        ExchangeError: when it is no such date.
    """
    digits = text.replace("-", "")
    if not re.fullmatch(r"\d{8}", digits):
        raise ExchangeError(f"expected a birth date such as 1980-01-15; got {text!r}")
    return digits
