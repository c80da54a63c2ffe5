"""The law of a day as tables that a lawyer can read, and the clock of a hold.

`load` reads and checks the tables, `evaluate` answers a question on a date with its trace, `hold_deadline` computes
when a hold ends (8 CFR 287.7(d)). The program lists what was permitted and what a statute required; a named person
acts.
"""

from __future__ import annotations

from tenprint.law.allowance import Span, allowance_end
from tenprint.law.clock import Deadline, hold_deadline
from tenprint.law.errors import ConditionError, FactsError, LawError, TablesError
from tenprint.law.evaluate import Evaluation, evaluate
from tenprint.law.forms import Form, form, forms
from tenprint.law.history import Row, history
from tenprint.law.holidays import federal_holidays
from tenprint.law.load import load
from tenprint.law.regimes import Law, Regime
from tenprint.law.vocabulary import Vocabulary, vocabulary

__all__ = [
    "ConditionError",
    "Deadline",
    "Evaluation",
    "FactsError",
    "Form",
    "Law",
    "LawError",
    "Regime",
    "Row",
    "Span",
    "TablesError",
    "Vocabulary",
    "allowance_end",
    "evaluate",
    "federal_holidays",
    "form",
    "forms",
    "history",
    "hold_deadline",
    "load",
    "vocabulary",
]
