"""Codes of paper forms: eight letters and digits and a check sign (Crockford's Base 32), which anybody may see."""

from __future__ import annotations

import secrets

from tenprint.exchange.errors import UnknownError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK = ALPHABET + "*~$=U"
"""Signs of the remainder modulo 37."""
LENGTH = 8


def draw() -> str:
    """A new code, such as ``7K2M-9QX4-B``."""
    return _shown("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def tidy(code: str) -> str:
    """A code as typed, in its one form.

    Raises:
        UnknownError: when a sign was misread; the check sign tells.
    """
    signs = code.upper().replace("-", "").replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
    body = signs[:LENGTH]
    if len(signs) != LENGTH + 1 or any(c not in ALPHABET for c in body) or _shown(body)[-1] != signs[-1]:
        raise UnknownError(f"expected the code of a form such as {_shown('7K2M9QX4')}; got {code!r}. Read it again")
    return _shown(body)


def _shown(body: str) -> str:
    value = 0
    for sign in body:
        value = value * 32 + ALPHABET.index(sign)
    return f"{body[:4]}-{body[4:]}-{CHECK[value % 37]}"
