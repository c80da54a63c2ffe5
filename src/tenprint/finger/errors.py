"""Refusals of this room: what was expected, what came, what to do."""

from __future__ import annotations


class FingerError(ValueError):
    """Something given to this room cannot be used."""


class ImageUnusable(FingerError):  # noqa: N818 - reads as what is wrong with the input
    """The picture is not one finger in 8-bit gray at a plausible resolution."""


class TemplateUnusable(FingerError):  # noqa: N818
    """The bytes are not a template, or were damaged."""


class GalleryUnusable(FingerError):  # noqa: N818
    """A gallery was asked for something it cannot hold or does not have."""
