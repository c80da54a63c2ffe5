"""The border class of the memo of 30 September 2021 speaks of unlawful entry (finding L9)."""

from __future__ import annotations

from datetime import date

import pytest

from tenprint import law

LAWFUL = {
    "entered_on": "2021-06-01", "entered_unlawfully": False, "apprehended_entering": False, "national_security": False,
    "serious_public_safety_risk": False, "border_security_threat": False,
}  # fmt: skip
CUSTODY = {
    "in_custody": True,
    "arrested_by_lea": True,
    "probable_cause": True,
    "charges": [{"grade": "misdemeanor"}],
    "convictions": [],
}


@pytest.mark.parametrize("on", [date(2022, 1, 5), date(2024, 1, 5)])
@pytest.mark.parametrize(
    ("change", "listed"),
    [
        ({}, False),
        ({"entered_unlawfully": True}, True),
        ({"entered_unlawfully": True, "entered_on": "2020-11-01"}, False),
        ({"apprehended_entering": True}, True),
    ],
)
def test_l09_the_border_class_asks_for_unlawful_entry(on: date, change: dict[str, object], *, listed: bool) -> None:
    facts = {**LAWFUL, **change}
    assert law.evaluate("priority", facts, on=on).result == ("BS" if listed else "NONE")
    permitted = law.evaluate("detainer", {**CUSTODY, **facts, "immigration_warrant": "I-200"}, on=on).permitted
    assert ("DETAINER" in permitted) is listed
