"""Files that come with a complaint: bounded, rewritten without metadata, stored encrypted under a key of their own.

Pictures are decoded and encoded again: position, camera, dates, names and thumbnails do not survive. Text is kept as
text. Anything else is refused with what to do instead: a format that cannot be cleaned with certainty is not taken.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from PIL import Image, ImageOps, UnidentifiedImageError

from tenprint.cases.complaint.commands import File
from tenprint.exchange.errors import ExchangeError

MOST_BYTES = 4_000_000
MOST_FILES = 3
"""At once; a reply may bring more."""
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 3000
_OTHER_KINDS = (b"<", b"{\\rtf", b"%!", b"mz", b"#!", b"begin ", b"mime-version:", b"from ")
"""How kinds begin that look like text and are none: markup, rich text, PostScript, programs, mail."""
_NONCE = bytes(12)
"""Every key seals one file once."""


class UnusableFileError(ExchangeError):
    """A file that is not taken; ``reason`` is a word that pages translate: too-large, not-a-picture, too-many."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Upload(msgspec.Struct, frozen=True):
    """A cleaned file."""

    name: str
    media: str
    content: bytes


def clean(name: str, content: bytes) -> Upload:
    """A file without its metadata.

    Args:
        name: As the filer's machine called it; only its ending's kind is kept, the rest could name a person.
        content: Its bytes.

    Raises:
        UnusableFileError: when it is too large, or neither a JPEG or PNG picture nor plain text.
    """
    if len(content) > MOST_BYTES:
        raise UnusableFileError(
            "too-large", f"{name}: {len(content)} bytes; the most is {MOST_BYTES}. Send a smaller photo."
        )
    if content[:3] == b"\xff\xd8\xff" or content[:8] == b"\x89PNG\r\n\x1a\n":
        return _picture(name, content)
    if _is_text(content):
        return Upload("note.txt", "text/plain", content)
    raise UnusableFileError(
        "not-a-picture", f"{name}: expected a JPEG or PNG picture or plain text. Take a photo of each page."
    )


def _picture(name: str, content: bytes) -> Upload:
    too_large = UnusableFileError("too-large", f"{name}: more than {MOST_PIXELS // 1_000_000} million pixels")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged metadata is dropped anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            upright = _upright(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as wrong:
        raise UnusableFileError("not-a-picture", f"{name}: a damaged picture: {wrong}") from None
    if upright is None:
        raise too_large
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.frombytes("RGB", upright.size, upright.tobytes())  # a new image: nothing of the old one's info
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=88)
    return Upload("picture.jpg", "image/jpeg", out.getvalue())


def _upright(content: bytes) -> Image.Image | None:
    """The decoded picture, turned as it was seen; nothing when it has too many pixels to decode."""
    image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    if image.width * image.height > MOST_PIXELS:
        return None
    image.load()
    return ImageOps.exif_transpose(image).convert("RGB")


def _is_text(content: bytes) -> bool:
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1024].lower()
    if begins.startswith(_OTHER_KINDS) or b"%pdf" in begins:
        return False
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)


def encrypt(upload: Upload) -> tuple[File, bytes]:
    """A stored file and its encrypted bytes."""
    key = ChaCha20Poly1305.generate_key()
    body = ChaCha20Poly1305(key).encrypt(_NONCE, upload.content, None)
    digest = hashlib.sha256(body).hexdigest()
    return File(digest=digest, media=upload.media, size=len(upload.content), name=upload.name, secret=key.hex()), body


def decrypt(secret: str, body: bytes) -> bytes:
    """The bytes of a stored file."""
    return ChaCha20Poly1305(bytes.fromhex(secret)).decrypt(_NONCE, body, None)
