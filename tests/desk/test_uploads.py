"""Files that come with a complaint: cleaned, bounded, refused with a way out."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tenprint.exchange.rights import UnusableFileError, clean, uploads

SECRET = "MARIA PEREZ 30.2672N 97.7431W"


def jpeg(size: tuple[int, int] = (60, 40)) -> bytes:
    image = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[0x010E], exif[0x0112], exif[0x9286] = SECRET, 6, SECRET
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=SECRET.encode())
    return out.getvalue()


def png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET)
    out = io.BytesIO()
    Image.new("RGBA", (30, 30)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.parametrize("content", [jpeg(), png()], ids=["jpeg", "png"])
def test_metadata_does_not_survive(content: bytes) -> None:
    assert SECRET.encode() in content
    upload = clean("Maria.jpg", content)
    assert SECRET.encode() not in upload.content
    assert b"Exif" not in upload.content
    assert upload.name == "picture.jpg"
    assert not Image.open(io.BytesIO(upload.content)).getexif()


def test_a_picture_stays_upright() -> None:
    assert Image.open(io.BytesIO(clean("x", jpeg()).content)).size == (40, 60)


def test_text_is_taken() -> None:
    assert clean("notes", "línea uno\nline two".encode()).media == "text/plain"


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bytes(uploads.MOST_BYTES + 1), "too-large"),
        (bomb(), "too-large"),
        (b"%PDF-1.7 " + bytes(20), "not-a-picture"),
        (b"MZ\x90\x00", "not-a-picture"),
        (jpeg()[:200], "not-a-picture"),
        (b"\xff\xd8\xff" + bytes(50), "not-a-picture"),
        (b"GIF89a" + bytes(30), "not-a-picture"),
        (b"", "not-a-picture"),
    ],
)
def test_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnusableFileError) as refused:
        clean("x", content)
    assert refused.value.reason == reason


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 500), st.binary(max_size=40))
def test_damage_never_breaks_it(at: int, damage: bytes) -> None:
    content = jpeg()
    changed = content[:at] + damage + content[at + len(damage) :]
    try:
        media = clean("x", changed).media
    except UnusableFileError as refused:
        media = refused.reason
    assert media in {"image/jpeg", "text/plain", "too-large", "not-a-picture"}


def test_stored_bytes_are_encrypted() -> None:
    upload = clean("x", b"my name is Maria Perez")
    file, body = uploads.encrypt(upload)
    assert b"Maria" not in body
    assert uploads.decrypt(file.secret, body) == upload.content
