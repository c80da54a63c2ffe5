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
from tenprint.law.force import Force, in_force
from tenprint.law.forms import Form, all_forms, form, forms
from tenprint.law.history import Row, history
from tenprint.law.hold import NOBODY_LOOKED, MayHold, may_hold
from tenprint.law.holidays import federal_holidays
from tenprint.law.load import load
from tenprint.law.places import HoldRow, Place, place_of, place_rows, rows_of
from tenprint.law.regimes import Law, Regime
from tenprint.law.vocabulary import Vocabulary, vocabulary

__all__ = [
    "NOBODY_LOOKED",
    "ConditionError",
    "Deadline",
    "Evaluation",
    "FactsError",
    "Force",
    "Form",
    "HoldRow",
    "Law",
    "LawError",
    "MayHold",
    "Place",
    "Regime",
    "Row",
    "Span",
    "TablesError",
    "Vocabulary",
    "all_forms",
    "allowance_end",
    "evaluate",
    "federal_holidays",
    "form",
    "forms",
    "history",
    "hold_deadline",
    "in_force",
    "load",
    "may_hold",
    "place_of",
    "place_rows",
    "rows_of",
    "vocabulary",
]
