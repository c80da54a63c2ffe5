"""Complaints and flags reach the facts: by their open facts alone, in versions, whether read at once or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.facts.histories import TRAVIS, YAVAPAI, History, at, write
from tests.facts.test_continuing import SALT, Kept, files

from tenprint.cases.complaint.events import event_types as complaint_events
from tenprint.cases.finding.events import event_types as finding_events
from tenprint.facts import CODES, Folder, extract
from tenprint.facts.completeness import validate
from tenprint.figures import compute

DUE = "2011-10-01T00:00:00+00:00"


def complaint(made: History, number: str, day: str, topics: tuple[str, ...] = ("profiling",), **more: Any) -> str:
    """A complaint that came in; its texts are sealed, so a reader of entries has none."""
    stream = f"complaint/{number}"
    given: dict[str, Any] = {
        "number": number, "channel": "web", "language": "es", "against": "local_officer", "topics": list(topics),
        "receipt": "ab" * 32, "has_identity": True, "received_at": at(day).isoformat(), "acknowledge_due": DUE,
        "triage_due": DUE, "paper": "",
    } | more  # fmt: skip
    made.add(stream, "complaint.received", day, **given)
    return stream


def triaged(made: History, stream: str, day: str, county: str = TRAVIS, route: str = "RETAINED") -> None:
    due = DUE if route == "RETAINED" else None
    made.add(stream, "complaint.triaged", day, route=route, county=county, happened_on=None, duplicate_of="",
             finding_due=due)  # fmt: skip


def flag(made: History, number: str, day: str, county: str = TRAVIS, due: str = DUE) -> str:
    """A flag that became a case."""
    stream = f"finding/{number}"
    made.add(stream, "finding.opened", day, number=number, owner="rita", opened_at=at(day).isoformat(), due=due, flag={
        "id": f"{number[:6]}/low-level-bookings/funnel/{county}", "quarter": number[:6],
        "metric": "low-level-bookings", "definition": "d@1", "rule": "quarterly-review@1", "review": "sha256:1",
        "test": "funnel", "jurisdiction": county, "state": "TX", "county": "Travis", "ori": "", "direction": "high",
        "observed": 0.41, "expected": 0.29, "q": 0.003, "statement": "41 %; 29 % were expected."})  # fmt: skip
    return stream


def written(
    made: History, stream: str, day: str, result: str = "UNEXPLAINED", correction: str = "", due: str = DUE
) -> None:
    made.add(stream, "finding.written", day, number=1, result=result, text="t", evidence=[1], due=due,
             correction=correction)  # fmt: skip


def rows(folder: Folder, table: str) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return [row for p in folder.parts(table) for row in pq.read_table(folder.path / p.file).to_pylist()]


def living(folder: Folder, table: str) -> list[dict[str, Any]]:
    return [row for row in rows(folder, table) if row["superseded_at"] is None]


def counted(folder: Folder, name: str, as_of: str, *cells: str, valid: str | None = None) -> dict[Any, int]:
    figure = compute(name, folder.path, as_of, valid)
    return {tuple(row[c] for c in cells): row["value"] for row in figure.rows}


def test_a_complaint_has_its_county_from_triage_and_is_found_as_of_any_day(tmp_path: Path) -> None:
    made = History()
    first = complaint(made, "2011-00001", "2011-04-05", ("profiling", "not_told"))
    complaint(made, "2011-00002", "2011-05-06", ())
    triaged(made, first, "2011-04-20")
    made.add(first, "complaint.investigating", "2011-05-01", investigator="rita")
    made.add(first, "complaint.finding", "2011-07-01", number=1, result="SUBSTANTIATED")
    made.add(first, "complaint.closed", "2011-08-01", reason="answered", summary="s", days=118)
    folder = write(made, tmp_path / "facts")
    cells = ("quarter", "county", "route")
    assert counted(folder, "complaints", "2011-04-10", *cells) == {("2011Q2", None, "not triaged yet"): 1}
    assert counted(folder, "complaints", "2011-12-31", *cells) == {
        ("2011Q2", "Travis County", "RETAINED"): 1, ("2011Q2", None, "not triaged yet"): 1,
    }  # fmt: skip
    assert counted(folder, "complaints-by-topic", "2011-12-31", "topic") == {
        ("profiling",): 1, ("not_told",): 1, ("none chosen",): 1,
    }  # fmt: skip
    row = next(r for r in living(folder, "complaint") if r["jurisdiction"] == TRAVIS)
    assert (row["state_of_complaint"], row["result"], row["resolved_at"]) == (
        "closed",
        "SUBSTANTIATED",
        at("2011-08-01"),
    )
    assert row["valid_to"] == at("2011-08-01")
    assert validate(folder) == []


def test_nothing_of_a_complaint_says_who_filed_it(tmp_path: Path) -> None:
    made = History()
    stream = complaint(made, "2011-00001", "2011-04-05")
    made.add(stream, "complainant.named", "2011-04-05", key="k1")
    made.add(stream, "complaint.linked", "2011-04-06", tcn="TCN-0815", ori="TXSIB0000", is_subject=True)
    folder = write(made, tmp_path / "facts")
    told = " ".join(str(v) for row in rows(folder, "complaint") for v in row.values())
    assert "web" in told
    assert not [word for word in ("2011-00001", "abab", "TCN-0815", "k1") if word in told]


def test_another_county_at_a_second_triage_is_a_correction(tmp_path: Path) -> None:
    made = History()
    stream = complaint(made, "2011-00001", "2011-04-05")
    triaged(made, stream, "2011-04-20", YAVAPAI)
    triaged(made, stream, "2011-05-20", TRAVIS, "JUSTICE")
    found = rows(write(made, tmp_path / "facts"), "complaint")
    assert [(r["jurisdiction"], r["change"], r["route"]) for r in found] == [
        (None, "late", None), (YAVAPAI, "late", "RETAINED"), (TRAVIS, "correction", "JUSTICE"),
    ]  # fmt: skip


def test_a_reopened_complaint_owes_again(tmp_path: Path) -> None:
    made = History()
    stream = complaint(made, "2011-00001", "2011-04-05")
    made.add(stream, "complaint.closed", "2011-08-01", reason="r", summary="s", days=118)
    made.add(stream, "complaint.reopened", "2011-09-01", reason="r", asked_by="complainant", finding_due=DUE)
    (row,) = living(write(made, tmp_path / "facts"), "complaint")
    assert (row["state_of_complaint"], row["resolved_at"], row["valid_to"]) == ("reopened", None, None)
    assert row["due_at"] == at(DUE[:10] + "T00:00")


def test_flags_by_quarter_and_ending(tmp_path: Path) -> None:
    made = History()
    for number in range(1, 6):
        flag(made, f"2011Q2-00{number}", "2011-07-20")
    for number in (1, 4):
        written(made, f"finding/2011Q2-00{number}", "2011-08-20")
    made.add("finding/2011Q2-001", "finding.decided", "2011-08-20", number=1, choice="RETAINED", reason="r",
             correction="")  # fmt: skip
    made.add("finding/2011Q2-001", "finding.closed", "2011-08-21", reason="r", days=32)
    made.add("finding/2011Q2-002", "finding.closed_without_finding", "2011-08-22", reason="no staff", days=33)
    made.add("finding/2011Q2-003", "finding.deadline_passed", "2011-10-02", step="finding 1", due=DUE)
    flag(made, "2011Q3-001", "2011-10-20", due="2012-01-20T00:00:00+00:00")
    folder = write(made, tmp_path / "facts")
    cells = ("quarter", "ending")
    assert counted(folder, "findings", "2011-09-30", *cells) == {
        ("2011Q2", "closed: unexplained"): 1, ("2011Q2", "closed without finding"): 1, ("2011Q2", "open"): 3,
    }  # fmt: skip
    assert counted(folder, "findings", "2011-12-31", *cells) == {
        ("2011Q2", "closed: unexplained"): 1, ("2011Q2", "closed without finding"): 1, ("2011Q2", "overdue"): 3,
        ("2011Q3", "open"): 1,
    }  # fmt: skip
    late = {r["key"]: r["deadlines_missed"] for r in living(folder, "finding")}
    assert late["2011Q2-003"] == 1
    assert validate(folder) == []


def test_a_corrected_finding_supersedes_the_one_before(tmp_path: Path) -> None:
    made = History()
    stream = flag(made, "2011Q2-001", "2011-07-20")
    written(made, stream, "2011-08-20", "PRACTICE_FOUND")
    later = "2011-12-24T00:00:00+00:00"
    written(made, stream, "2011-09-20", "UNEXPLAINED", correction="wrong year", due=later)
    folder = write(made, tmp_path / "facts")
    results = [(r["result"], r["change"], r["change_end"]) for r in rows(folder, "finding")]
    assert results == [
        (None, "late", "late"),
        ("PRACTICE_FOUND", "late", "correction"),
        ("UNEXPLAINED", "correction", None),
    ]


def test_a_correction_moves_no_deadline_and_a_reopened_flag_owes_again(tmp_path: Path) -> None:
    made, later = History(), "2011-12-24T00:00:00+00:00"
    stream = flag(made, "2011Q2-001", "2011-07-20")
    written(made, stream, "2011-08-20", due="2011-09-19T00:00:00+00:00")
    written(made, stream, "2011-08-21", correction="wrong year", due=later)
    made.add(stream, "finding.closed", "2011-09-01", reason="r", days=43)
    made.add(stream, "finding.reopened", "2011-09-25", reason="r", due=later)
    found = rows(write(made, tmp_path / "facts"), "finding")
    assert [str(r["due_at"])[:10] for r in found] == [
        "2011-10-01", "2011-09-19", "2011-09-19", "2011-09-19", "2011-12-24",
    ]  # fmt: skip
    assert [r["valid_to"] for r in found] == [None, None, None, at("2011-09-01"), None]
    last = found[-1]
    assert (last["state_of_finding"], last["closed_at"], last["found_at"]) == ("reopened", None, None)


def test_claims_by_kind_and_answer(tmp_path: Path) -> None:
    made = History()
    for number, (kind, upheld) in enumerate([("VICTIM", True), ("VICTIM", None), ("WITNESS", False)], start=1):
        card = made.card(f"T{number}", "2011-04-05")
        made.add(card, "claim.made", "2011-04-06", number=1, claim=kind, channel="hotline", due=DUE)
        if upheld is not None:
            made.add(card, "claim.resolved", "2011-04-07", number=1, upheld=upheld)
    folder = write(made, tmp_path / "facts")
    assert counted(folder, "claims", "2011-06-30", "quarter", "county", "claim", "answer") == {
        ("2011Q2", "Travis County", "VICTIM", "upheld"): 1, ("2011Q2", "Travis County", "VICTIM", "none yet"): 1,
        ("2011Q2", "Travis County", "WITNESS", "not upheld"): 1,
    }  # fmt: skip


def test_a_complaint_filed_at_an_exchange_reaches_the_facts(tmp_path: Path) -> None:
    """The words of real events, not of hand-made ones."""
    from tests.desk.conftest import QUICK, START
    from tests.exchange.people import extract as fingers

    from tenprint.cases.complaint import commands as cmd
    from tenprint.exchange import Exchange
    from tenprint.exchange.rights import Filing, Rights

    with Exchange.create(tmp_path / "x.db", "ada", simulated_from=START, extract=fingers) as exchange:
        exchange.add_principal("rita", "rights", "CRCL", exchange.act("ada", "register"))
        rights = Rights(exchange, cost=QUICK)
        filing = Filing(language="en", text="I was held.", against="jail", topics=("unlawful_hold",))
        number = rights.file(filing, "words").number
        rights.do(number, cmd.Triage(route="RETAINED", reason="within scope", county=TRAVIS), "rita")
        rights.do(number, cmd.Investigate(), "rita")
        folder = extract(exchange.ledger, tmp_path / "facts")
    (row,) = living(folder, "complaint")
    wanted = {
        "jurisdiction": TRAVIS, "county": "Travis County", "subject": ["unlawful_hold"], "about": "jail",
        "channel": "web", "route": "RETAINED", "state_of_complaint": "investigating", "result": None,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert row["valid_from"] == START
    assert row["due_at"] > row["valid_from"]
    assert validate(folder) == []


@pytest.mark.parametrize("cut", [1, 3, 6, 9, 11])
def test_going_on_gives_the_bytes_of_a_fresh_extraction(tmp_path: Path, cut: int) -> None:
    made = History()
    stream = complaint(made, "2011-00001", "2011-04-05")
    other = flag(made, "2011Q2-001", "2011-07-20", YAVAPAI)
    triaged(made, stream, "2011-07-21")
    made.add(stream, "complaint.acknowledged", "2011-07-22")
    made.add(other, "finding.in_depth_review", "2011-07-23", reviewer="rita", plan="p")
    written(made, other, "2011-08-20")
    written(made, other, "2011-08-21", correction="c")
    made.add(other, "finding.deadline_passed", "2011-10-02", step="closing 1", due=DUE)
    made.add(stream, "complaint.closed", "2011-10-03", reason="r", summary="s", days=118)
    made.add(other, "finding.closed", "2011-10-04", reason="r", days=32)
    made.add(other, "finding.reopened", "2011-11-04", reason="r", due=DUE)
    extract(Kept(made.entries[:cut]), tmp_path / "on", salt=SALT)
    on = extract(Kept(made.entries), tmp_path / "on", salt=SALT)
    fresh = extract(Kept(made.entries), tmp_path / "fresh", salt=SALT)
    assert files(on) == files(fresh)


def test_the_codes_are_the_words_of_the_cases() -> None:
    """A word that the cases learn is missing here until somebody adds it."""
    from typing import get_args

    from tenprint.cases.complaint import events as c
    from tenprint.cases.finding import events as f

    words = {
        "complaint_channel": c.Channel, "complaint_about": c.Against, "complaint_route": c.Route,
        "complaint_result": c.Result, "test": f.Test, "direction": f.Direction, "finding_result": f.Result,
        "finding_decision": f.Choice,
    }  # fmt: skip
    assert {name: CODES[name] for name in words} == {name: get_args(kind) for name, kind in words.items()}


def test_every_kind_of_event_is_read_or_says_nothing_on_purpose() -> None:
    from tenprint.facts.rights import HANDLERS

    silent = {
        "complainant.named", "complaint.attached", "complaint.message", "complaint.referred",
        "complaint.referral_acknowledged", "complaint.consequence", "complaint.linked", "complaint.watch_set",
        "complaint.watch_ended", "complaint.accessed", "finding.raised_again", "finding.assigned",
        "finding.hypothesis", "finding.evidence", "finding.evidence_withdrawn", "finding.referred",
        "finding.referral_acknowledged",
    }  # fmt: skip
    kinds = {str(t.__struct_config__.tag) for t in (*complaint_events(), *finding_events())}
    assert set(HANDLERS) | silent == kinds
    assert not set(HANDLERS) & silent
