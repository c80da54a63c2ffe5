"""WSQ pictures of fingers (CJIS-RS-0010), decoded and encoded in a process that may die alone.

Knows pixels only; transactions and fingers both stand on it.
"""

from tenprint.wsq.process import WsqError, run

__all__ = ["WsqError", "run"]
