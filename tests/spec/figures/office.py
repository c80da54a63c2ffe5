"""What the rights office does in the stories of hand-made people: complaints come in, flags become cases."""

from __future__ import annotations

from typing import Any

from tests.facts.histories import History, at


def happen(made: History, who: str, what: str, words: list[str], counties: dict[str, str]) -> bool:
    """Write one line; false when it is not about the office."""
    day, rest = words[0], words[1:]
    complaint, flag = f"complaint/{who}", f"finding/{who}"
    due = f"{rest[rest.index('due') + 1]}T12:00:00+00:00" if "due" in rest else f"{day}T12:00:00+00:00"
    acts: dict[str, tuple[str, str, dict[str, Any]]] = {
        "complained": (complaint, "received", {
            "topics": [word for word in rest if word != "anonymously"], "channel": "web", "against": "jail",
            "received_at": at(day).isoformat(), "triage_due": due}),
        "triaged": (complaint, "triaged", {
            "route": next((w for w in rest if w.isupper()), ""), "finding_due": None,
            "county": next((counties[w] for w in rest if w in counties), "")}),
        "flagged": (flag, "opened", {
            "number": who, "opened_at": at(day).isoformat(), "due": due, "flag": {
                "quarter": (rest or [""])[0], "jurisdiction": next((counties[w] for w in rest if w in counties), ""),
                "metric": "low-level-bookings", "test": "funnel", "direction": "high", "rule": "r@1", "observed": 0.4,
                "expected": 0.3, "statement": "40 %; 30 % were expected."}}),
        "written": (flag, "written", {"result": (rest or [""])[0], "due": due, "correction": ""}),
        "closed": (flag, "closed", {"reason": "all is said", "days": 1}),
        "abandoned": (flag, "closed_without_finding", {"reason": "no staff", "days": 1}),
        "reopened": (flag, "reopened", {"reason": "new evidence", "due": due}),
    }  # fmt: skip
    if what not in acts:
        return False
    stream, kind, data = acts[what]
    made.add(stream, f"{stream.partition('/')[0]}.{kind}", day, **data)
    return True
