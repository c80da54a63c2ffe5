"""Flags of the quarterly review over a real ledger, on both databases: opened once, owned, watched, published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from tests.exchange.conftest import PEOPLE
from tests.exchange.people import extract
from tests.ledger.conftest import db

from tenprint.cases import Refusal
from tenprint.cases.finding import Targets
from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding import events as ev
from tenprint.exchange import Exchange, ExchangeError, NotAllowedError, UnknownError, findings, watch
from tenprint.exchange.findings import Findings, ReviewRecord, publication, register_rule, registered
from tenprint.exchange.findings.dispositions import Ended
from tenprint.exchange.findings.page import page

__all__ = ["db"]

START = datetime(2011, 7, 1, 8, tzinfo=UTC)
REVIEW = "sha256:" + "ab" * 32
TEXT = 'name = "quarterly-review"\n'
RULE = f"quarterly-review@{hashlib.sha256(TEXT.encode()).hexdigest()[:16]}"


@pytest.fixture
def exchange(db: str) -> Iterator[Exchange]:
    """A simulated exchange with one person in every role, reopened once, on each database."""
    with Exchange.create(db, "ada", simulated_from=START, extract=extract) as made:
        for name, (role, agency) in PEOPLE.items():
            made.add_principal(name, role, agency, made.act("ada", "register"))
    with Exchange.open(db, extract=extract) as again:
        yield again


def flag(county: str = "48453", review: str = REVIEW, **more: Any) -> ev.Flag:
    given: dict[str, Any] = {
        "id": f"2011Q2/low-level-bookings/funnel/{county}", "quarter": "2011Q2", "metric": "low-level-bookings",
        "definition": "low-level-booking-share@0123456789abcdef", "rule": RULE, "review": review, "test": "funnel",
        "jurisdiction": county, "state": "TX", "county": "Travis", "direction": "high", "observed": 0.41,
        "expected": 0.29, "q": 0.003, "statement": "41 % of bookings were low-level; 29 % were expected.",
    } | more  # fmt: skip
    return ev.Flag(**given)


def record(flags: int, review: str = REVIEW) -> ReviewRecord:
    return ReviewRecord(
        review=review, quarter="2011Q2", as_of=START + timedelta(days=90), origin="synthetic-nation", rule=RULE,
        rule_registered_at=None, tests=100, flags=flags, expected_false=0.1, false_discovery_rate=0.1,
    )  # fmt: skip


@pytest.fixture
def desk(exchange: Exchange) -> Findings:
    """The desk, with two flags opened."""
    made = Findings(exchange)
    made.open(record(2), [flag(), flag("48029")], "rita", "rita", START)
    return made


def answer(desk: Findings, number: str, at: datetime, choice: Any = "RETAINED") -> None:
    """Everything from the hypothesis to the public summary."""
    for command in (
        cmd.StateHypothesis(text="Traffic stops.", against="The same elsewhere."),
        cmd.BeginReview(plan="Read sheets."),
        cmd.AddEvidence(text="41 of 60.", source="sheets"),
        cmd.WriteFinding(result="UNEXPLAINED", text="No reason was found.", evidence=(1,)),
        cmd.Decide(choice=choice, reason="We look again."),
        cmd.Summarize(text="We found no reason."),
    ):
        desk.do(number, command, "rita", at)


def test_the_same_review_twice_opens_each_case_once(desk: Findings) -> None:
    size = desk.ledger.size()
    again = desk.open(record(2), [flag(), flag("48029")], "rita", "rita", START)
    assert [h.events for h in again] == [(), ()]
    assert desk.ledger.size() == size
    assert desk.numbers() == ["2011Q2-001", "2011Q2-002"]


def test_another_review_of_the_same_quarter_is_noted_in_the_same_case(desk: Findings) -> None:
    other = "sha256:" + "cd" * 32
    done = desk.open(record(2, other), [flag(review=other), flag("04025", other)], "rita", "rita", START)
    assert [(h.number, [type(e) for e in h.events]) for h in done] == [
        ("2011Q2-001", [ev.RaisedAgain]), ("2011Q2-003", [ev.Opened]),
    ]  # fmt: skip
    assert [r.review for r in desk.reviews()] == [REVIEW, other]


def test_a_quiet_quarter_is_told_from_no_review(exchange: Exchange) -> None:
    desk = Findings(exchange)
    assert desk.open(record(0), [], "rita", "rita", START) == []
    assert [(r.quarter, r.flags) for r in publication(exchange).reviews] == [("2011Q2", 0)]


def test_no_flag_of_a_review_is_left_out(exchange: Exchange) -> None:
    desk = Findings(exchange)
    with pytest.raises(ExchangeError, match="expected all its 2 flags, each once, got 1"):
        desk.open(record(2), [flag()], "rita", "rita", START)
    with pytest.raises(ExchangeError, match="expected all its 2 flags"):
        desk.open(record(2), [flag(), flag()], "rita", "rita", START)
    assert desk.numbers() == []
    assert desk.reviews() == []


def test_when_one_flag_cannot_be_opened_none_is(exchange: Exchange) -> None:
    desk = Findings(exchange)
    with pytest.raises(Refusal, match="statement is empty"):
        desk.open(record(2), [flag(), flag("48029", statement=" ")], "rita", "rita", START)
    assert (desk.numbers(), desk.reviews()) == ([], [])


@pytest.mark.parametrize("name", ["ben", "lea", "oscar", "sue", "jane", "ada"])
def test_only_the_rights_office_and_auditors_open(exchange: Exchange, name: str) -> None:
    with pytest.raises(NotAllowedError, match="Open is for rights or auditor"):
        Findings(exchange).open(record(1), [flag()], "rita", name, START)


def test_an_owner_is_somebody_who_may_answer(exchange: Exchange) -> None:
    desk = Findings(exchange)
    with pytest.raises(ExchangeError, match="owned by rights or supervisor"):
        desk.open(record(1), [flag()], "jane", "audrey", START)
    with pytest.raises(NotAllowedError, match="is not registered here"):
        desk.open(record(1), [flag()], "nobody", "audrey", START)
    desk.open(record(1), [flag()], "rita", "audrey", START)
    with pytest.raises(ExchangeError, match="owned by rights or supervisor"):
        desk.do("2011Q2-001", cmd.Assign(owner="jane", reason="she knows the jail"), "rita")


def test_nobody_judges_their_own_numbers(exchange: Exchange) -> None:
    exchange.add_principal("tom", "supervisor", "TXSYN4530", exchange.act("ada", "register"))
    exchange.add_principal("tom", "rights", "TXSYN4530", exchange.act("ada", "register"))
    desk = Findings(exchange)
    with exchange.reading() as connection:
        from tenprint.exchange import directory

        assert directory.agency(connection, "TXSYN4530").county == "48453"
    with pytest.raises(NotAllowedError, match="nobody judges their own numbers"):
        desk.open(record(1), [flag()], "tom", "rita", START)
    desk.open(record(2), [flag(), flag("48029")], "rita", "rita", START)
    with pytest.raises(NotAllowedError, match="nobody judges their own numbers"):
        desk.do("2011Q2-001", cmd.CloseWithoutFinding(reason="It is nothing."), "tom")
    assert desk.do("2011Q2-002", cmd.CloseWithoutFinding(reason="no staff"), "tom")


def test_an_unknown_case_says_where_to_look(desk: Findings) -> None:
    with pytest.raises(UnknownError, match="tenprint monitor case list"):
        desk.do("2011Q2-099", cmd.Close(reason="x"), "rita")


# -- the watch ---------------------------------------------------------------------------------------------------------


def test_the_watch_notes_what_is_past_due(desk: Findings) -> None:
    late = START + timedelta(days=90, minutes=1)
    before = watch.look(desk.exchange, late - timedelta(minutes=2))
    assert (before.flags, before.flags_late) == (2, ())
    seen = watch.look(desk.exchange, late)
    assert len(seen.flags_noted) == len(seen.flags_late) == 2
    assert seen.flags_silent == ()
    again = watch.look(desk.exchange, late + timedelta(days=1))
    assert (len(again.flags_noted), len(again.flags_late)) == (0, 2)
    assert desk.exchange.ledger.verify() == []


def test_a_time_stated_too_early_hides_nothing(desk: Findings) -> None:
    """Nobody looked for a hundred days; then somebody says that the finding was written in time."""
    desk.exchange.add_principal("rob", "rights", "CRCL", desk.exchange.act("ada", "register", START + timedelta(100)))
    answer(desk, "2011Q2-001", START + timedelta(days=10))
    assert [p.step for p in desk.load("2011Q2-001").passed] == ["finding 1", "closing 1"]
    assert publication(desk.exchange).late == ("2011Q2-001", "2011Q2-002")


def test_a_target_moves_no_clock_that_runs(desk: Findings) -> None:
    with pytest.raises(NotAllowedError):
        desk.set_targets(Targets(finding=1), "sue")
    desk.set_targets(Targets(finding=30), "rita")
    assert desk.clocks("2011Q2-001")[0].due == START + timedelta(days=90)
    other = "sha256:" + "cd" * 32
    desk.open(record(1, other), [flag("04025", other)], "rita", "rita", START)
    assert desk.clocks("2011Q2-003")[0].due == START + timedelta(days=30)


# -- what the public reads ---------------------------------------------------------------------------------------------


def test_every_flag_ever_raised_is_published_with_what_became_of_it(desk: Findings) -> None:
    other = "sha256:" + "cd" * 32
    desk.open(record(2, other), [flag("04025", other), flag("48113", other)], "rita", "rita", START)
    answer(desk, "2011Q2-001", START + timedelta(days=20))
    desk.do("2011Q2-001", cmd.Close(reason="All is said."), "rita", START + timedelta(days=25))
    desk.do("2011Q2-002", cmd.CloseWithoutFinding(reason="no staff"), "sue", START + timedelta(days=30))
    refer = cmd.Refer(office="JUSTICE", why="A sheriff.")
    desk.do("2011Q2-003", refer, "rita", START + timedelta(days=80))
    public = publication(desk.exchange, START + timedelta(days=95))
    assert [f.ending for f in public.flags] == ["closed", "closed_without_finding", "overdue", "overdue"]
    assert (public.closed_without_finding, public.overdue) == (("2011Q2-002",), ("2011Q2-003", "2011Q2-004"))
    assert public.endings == {"closed": 1, "closed_without_finding": 1, "overdue": 2}
    first, second, third, _ = public.flags
    assert (first.result, first.decision, first.summary) == ("UNEXPLAINED", "RETAINED", "We found no reason.")
    assert [(s.step, s.days, s.late) for s in first.steps] == [("finding 1", 20.0, False), ("closing 1", 5.0, False)]
    assert [(w.number, w.role, w.result, w.text) for w in first.findings] == [
        (1, "rights", "UNEXPLAINED", "No reason was found.")
    ]
    assert (second.closing_reason, second.result, second.findings) == ("no staff", "", ())
    step = second.steps[0]
    assert (step.done, step.given_up, step.waived) == (None, START + timedelta(days=30), True)
    assert (first.steps[0].done, first.steps[0].given_up) == (START + timedelta(days=20), None)
    assert [(s.to[:21], s.acknowledged) for s in third.referrals] == [("Department of Justice", "")]
    assert {t.step: (t.done, t.waiting, t.waived) for t in public.times}["finding"] == (1, 2, 1)
    assert public.checkpoint.startswith(desk.ledger.origin)


def test_a_closing_without_finding_stays_published_after_a_reopening(desk: Findings) -> None:
    desk.do("2011Q2-002", cmd.CloseWithoutFinding(reason="no staff"), "sue", START + timedelta(days=30))
    desk.do("2011Q2-002", cmd.Reopen(reason="That is no answer."), "audrey", START + timedelta(days=44))
    answer(desk, "2011Q2-002", START + timedelta(days=50))
    correction = cmd.WriteFinding(
        result="DATA_FAULT", text="A file came twice.", evidence=(1,), correction="Too early."
    )
    desk.do("2011Q2-002", correction, "rita", START + timedelta(days=51))
    public = publication(desk.exchange, START + timedelta(days=60))
    assert public.closed_without_finding == ("2011Q2-002",)
    assert public.endings == {"open": 2}
    found = public.flags[1]
    assert (found.ending, found.closed_at, found.closing_reason, found.reopened) == ("open", None, "", 1)
    assert found.closings == (
        Ended(
            at=START + timedelta(days=30), role="supervisor", without_finding=True, reason="no staff",
            reopened_at=START + timedelta(days=44), reopened_by="auditor", reopening_reason="That is no answer.",
        ),
    )  # fmt: skip
    assert [(s.step, s.done is not None, s.waived) for s in found.steps[:2]] == [
        ("finding 1", False, True), ("finding 2", True, False),
    ]  # fmt: skip
    assert [(w.result, w.text, w.correction) for w in found.findings] == [
        ("UNEXPLAINED", "No reason was found.", ""), ("DATA_FAULT", "A file came twice.", "Too early."),
    ]  # fmt: skip
    shown = page(public)
    loud = shown[: shown.index("<h2>Endings")]
    assert "closed without a written finding on 2011-07-31 in the role supervisor: no staff" in loud
    assert "taken up again on 2011-08-14 in the role auditor: That is no answer." in loud
    assert "A file came twice. It corrects the one before: Too early." in shown
    assert "None" not in shown


def test_reviews_that_cease_are_published_too(desk: Findings) -> None:
    """A quarter can be reviewed one quarter after its end; from then on its absence shows."""
    assert publication(desk.exchange, datetime(2011, 12, 31, tzinfo=UTC)).not_reviewed == ()
    assert publication(desk.exchange, datetime(2012, 1, 1, tzinfo=UTC)).not_reviewed == ("2011Q3",)
    later = record(0, "sha256:" + "cd" * 32)
    desk.open(msgspec.structs.replace(later, quarter="2011Q4"), [], "rita", "rita", START)
    assert publication(desk.exchange, datetime(2012, 7, 1, tzinfo=UTC)).not_reviewed == ("2011Q3", "2012Q1")


def test_the_publication_names_nobody(desk: Findings) -> None:
    answer(desk, "2011Q2-001", START + timedelta(days=20))
    text = msgspec.json.encode(publication(desk.exchange)).decode()
    assert "2011Q2-001" in text
    assert not [name for name in PEOPLE if f'"{name}"' in text or f" {name} " in text]


# -- rules -------------------------------------------------------------------------------------------------------------


def test_a_rule_is_registered_once_at_the_ledgers_own_clock(exchange: Exchange) -> None:
    later = exchange.act("ada", "register", START + timedelta(days=50))
    exchange.add_principal("rob", "rights", "CRCL", later)
    found, new = register_rule(exchange, RULE, TEXT, "rita", START - timedelta(days=300))
    assert new
    assert found.registered_at >= START + timedelta(days=50), "a stated time does not make it older"
    again, new = register_rule(exchange, RULE, TEXT, "audrey")
    assert (again, new) == (found, False)
    assert registered(exchange, RULE) == found
    assert registered(exchange, "quarterly-review@0000000000000000") is None
    assert [r["rule"] for r in publication(exchange).rules] == [RULE]


def test_a_rule_is_what_its_id_says(exchange: Exchange) -> None:
    with pytest.raises(ExchangeError, match="hash of its text"):
        register_rule(exchange, RULE, TEXT + "# another", "rita")
    with pytest.raises(NotAllowedError, match="for rights or auditor"):
        register_rule(exchange, RULE, TEXT, "oscar")


def test_the_tables_follow_from_the_ledger(desk: Findings) -> None:
    register_rule(desk.exchange, RULE, TEXT, "rita")
    desk.do("2011Q2-002", cmd.CloseWithoutFinding(reason="no staff"), "sue")
    assert desk.numbers(only_open=True) == ["2011Q2-001"]
    assert desk.exchange.ledger.verify() == []
    desk.exchange.ledger.rebuild()
    assert desk.numbers(only_open=True) == ["2011Q2-001"]
    desk.do("2011Q2-002", cmd.Reopen(reason="That is no answer."), "audrey")
    assert desk.numbers(only_open=True) == ["2011Q2-001", "2011Q2-002"]
    assert findings.look(desk.exchange, START).cases == 2


def test_no_two_rooms_use_one_name_for_two_things() -> None:
    """Tables follow the ledger by kinds of events: a kind belongs to one room."""
    from tenprint.exchange.codec import CASES
    from tenprint.exchange.findings.desk import FLAGS
    from tenprint.exchange.places import PLACES
    from tenprint.exchange.rights.office import COMPLAINTS

    own = FLAGS.kinds | {"quarter.reviewed", "rule.registered", "finding.targets_set"}
    assert len(own) == len(FLAGS.kinds) + 3
    assert not own & (CASES.kinds | COMPLAINTS.kinds | PLACES.kinds)
