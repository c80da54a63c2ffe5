"""The rights office's other desk: rules registered before they are run, and every flag of a quarterly review as a case.

`Findings` is that desk over an open exchange; `publication` says of every flag ever raised what became of it.
"""

from tenprint.exchange.findings.desk import Findings, ReviewRecord
from tenprint.exchange.findings.dispositions import Disposition, Publication, publication
from tenprint.exchange.findings.rules import RegisteredRule, register_rule, registered
from tenprint.exchange.findings.watch import Late, look

__all__ = [
    "Disposition", "Findings", "Late", "Publication", "RegisteredRule", "ReviewRecord", "look", "publication",
    "register_rule", "registered",
]  # fmt: skip
