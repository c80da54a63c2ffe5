"""What can be wrong with a review: said with what was expected, what came, and what to do."""

from __future__ import annotations


class MonitorError(Exception):
    """A review cannot be made; the message is for the user."""
