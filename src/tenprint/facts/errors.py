"""What can be wrong with facts: said with what was expected, what came, where, and what to do."""

from __future__ import annotations


class FactsError(Exception):
    """Facts cannot be read, written or imported; the message is for the user."""
