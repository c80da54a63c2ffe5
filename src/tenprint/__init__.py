"""Tenprint: an arrest-to-decision fingerprint exchange that answers for itself."""

__version__ = "0.1.0"
