"""The waist: a small set of de-identified, bitemporal tables from which everything published is computed.

Filled from a ledger (``extract``), from released files (``importers``) or by a synthetic nation.
"""

from __future__ import annotations

from tenprint.facts.errors import FactsError
from tenprint.facts.extract import entries_to_tables, extract
from tenprint.facts.folder import Folder
from tenprint.facts.schema import CODES, TABLES

__all__ = ["CODES", "TABLES", "FactsError", "Folder", "entries_to_tables", "extract"]
