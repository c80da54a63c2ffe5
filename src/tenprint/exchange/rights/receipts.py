"""Receipts in ordinary words: at least 60 bits, in the filer's language; the database holds a slow hash of them alone.

Words are drawn evenly from a list of the language (our own lists, one file each). The hash is scrypt (RFC 7914) under a
salt of the exchange, so that words lead to their complaint without anybody keeping them. Accents, case, spaces and
commas do not matter when they are typed back.
"""

from __future__ import annotations

import functools
import hashlib
import math
import re
import secrets
import threading
import unicodedata
from importlib import resources

import msgspec

from tenprint.exchange.errors import UnknownError

_AT_ONCE = threading.BoundedSemaphore(4)
"""Slow hashes at the same time: each takes 32 MB, and many requests must not take all of a machine."""
BITS = 60
"""Least entropy of a receipt."""
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي", "ء": None})
_LETTERS = _ARABIC | str.maketrans({"đ": "d"})


class Receipts(msgspec.Struct, frozen=True):
    """How words become what the ledger holds."""

    salt: str
    """16 bytes, hexadecimal."""
    n: int = 2**15
    r: int = 8
    p: int = 1

    @classmethod
    def make(cls, **cost: int) -> Receipts:
        """A new salt; ``cost`` is for tests."""
        return cls(secrets.token_hex(16), **cost)

    def handle(self, words: str) -> str:
        """The slow hash of words as typed: 32 bytes, hexadecimal."""
        salt, most = bytes.fromhex(self.salt), 256 * self.n * self.r
        with _AT_ONCE:
            key = hashlib.scrypt(
                normalize(words).encode(), salt=salt, n=self.n, r=self.r, p=self.p, maxmem=most, dklen=32
            )
        return key.hex()


@functools.cache
def word_list(language: str) -> tuple[str, ...]:
    """The words of a language.

    Raises:
        UnknownError: when there is no list for it.
    """
    file = resources.files("tenprint.exchange.rights").joinpath("words", f"{language}.txt")
    if not re.fullmatch(r"[a-z]{2,3}", language) or not file.is_file():
        raise UnknownError(f"expected one of the languages {', '.join(languages())}; got {language!r}")
    return tuple(file.read_text("utf-8").split())


@functools.cache
def languages() -> tuple[str, ...]:
    """Languages that have a list, English first."""
    folder = resources.files("tenprint.exchange.rights").joinpath("words")
    names = sorted(f.name.removesuffix(".txt") for f in folder.iterdir() if f.name.endswith(".txt"))
    return ("en", *(n for n in names if n != "en"))


def length(language: str) -> int:
    """How many words a receipt has."""
    return math.ceil(BITS / math.log2(len(word_list(language))))


def draw(language: str) -> str:
    """A new receipt: words with spaces between them."""
    words = word_list(language)
    return " ".join(secrets.choice(words) for _ in range(length(language)))


def normalize(words: str) -> str:
    """Words as they are compared: no accents, no case, no marks between them. Chinese needs no spaces.

    Letters that only look different (\u2120 is SM) are taken apart before the case is folded, and again after it, until
    nothing changes.
    """
    text = words
    while (folded := unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())) != text:
        text = folded
    plain = "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)
    pieces = re.findall(r"[^\W_]+", plain)
    if pieces and all("\u4e00" <= c <= "\u9fff" for piece in pieces for c in piece):
        joined = "".join(pieces)
        pieces = [joined[i : i + 2] for i in range(0, len(joined), 2)]
    return " ".join(pieces)
