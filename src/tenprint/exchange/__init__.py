"""The exchange: cards come in, two identification systems search them, people answer and decide, a jail's clock runs.

A thin shell: it loads a case, asks its decider, appends what it says. Knows nothing of the web and of statistics.
"""

from tenprint.exchange.enrolment import Enrolment
from tenprint.exchange.errors import ExchangeError, NotAllowedError, UnknownError, UnreadableCardError
from tenprint.exchange.exchange import Exchange
from tenprint.exchange.registry import Agency
from tenprint.exchange.results import SubmissionResult

__all__ = [
    "Agency", "Enrolment", "Exchange", "ExchangeError", "NotAllowedError", "SubmissionResult", "UnknownError",
    "UnreadableCardError",
]  # fmt: skip
