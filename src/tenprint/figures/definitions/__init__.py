"""Definitions of figures: one SQL file each, with a front matter that says what it counts."""

from __future__ import annotations

from tenprint.figures.definitions.load import Definition, all_definitions, find, parse, shipped, superseded, versions

__all__ = ["Definition", "all_definitions", "find", "parse", "shipped", "superseded", "versions"]
