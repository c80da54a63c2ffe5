"""The laws of a flag, on generated histories: whoever tries what, in whatever order and however late, these hold."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any, Union

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tenprint.cases import Refusal
from tenprint.cases.finding import OutlierReview, Targets, clocks, decide, fold, words
from tenprint.cases.finding import commands as cmd
from tenprint.cases.finding import events as ev
from tenprint.cases.finding.roles import PERMITTED
from tenprint.cases.kernel.roles import ROLES

LONG = os.environ.get("TENPRINT_LONG") == "1"
START = datetime(2011, 7, 20, 12, tzinfo=UTC)
STORED = msgspec.json.Decoder(type=list[Union[ev.event_types()]])  # noqa: UP007 - made from a tuple
NUMBER = st.integers(1, 3)
TEXT = st.sampled_from(["as the sheets show", " ", "no staff"])

FLAG = ev.Flag(
    id="2011Q2/low-level-bookings/funnel/48453", quarter="2011Q2", metric="low-level-bookings", definition="d@1",
    rule="r@1", review="sha256:1", test="funnel", jurisdiction="48453", direction="high", observed=0.4, expected=0.3,
    q=0.01, statement="41 %; 29 % were expected.",
)  # fmt: skip

COMMANDS: st.SearchStrategy[Any] = st.one_of(
    st.builds(cmd.Open, number=st.just("2011Q2-001"), flag=st.just(FLAG), owner=st.just("rita")),
    st.builds(cmd.Assign, owner=st.sampled_from(["rita", "rob"]), reason=TEXT),
    st.builds(cmd.StateHypothesis, text=TEXT, against=TEXT),
    st.builds(cmd.AddEvidence, text=TEXT, source=TEXT, hypothesis=st.one_of(st.none(), NUMBER)),
    st.builds(cmd.WithdrawEvidence, number=NUMBER, reason=TEXT),
    st.builds(cmd.BeginReview, plan=TEXT),
    st.builds(cmd.WriteFinding, result=st.sampled_from(["UNEXPLAINED", "PRACTICE_FOUND"]), text=TEXT,
              evidence=st.lists(NUMBER, max_size=2).map(tuple), correction=TEXT),
    st.builds(cmd.Decide, choice=st.sampled_from(["NO_ACTION", "RETAINED", "REFERRED"]), reason=TEXT, correction=TEXT),
    st.builds(cmd.Refer, office=st.sampled_from(["JUSTICE", "COMPONENT"]), why=TEXT, to=TEXT),
    st.builds(cmd.AcknowledgeReferral, number=NUMBER, document=TEXT),
    st.builds(cmd.Summarize, text=TEXT, correction=TEXT),
    st.builds(cmd.Close, reason=TEXT),
    st.builds(cmd.CloseWithoutFinding, reason=TEXT),
    st.builds(cmd.Reopen, reason=TEXT),
)  # fmt: skip


class Histories(RuleBasedStateMachine):
    """Everybody tries everything at any time; the watch comes when it comes."""

    def __init__(self) -> None:
        super().__init__()
        self.case = OutlierReview()
        self.history: list[tuple[datetime, ev.FindingEvent, str]] = []
        self.now = START
        self.watched = False
        self.unhelpful = 0

    def ask(self, command: Any, role: str) -> None:
        before = self.case
        try:
            made = decide(before, command, actor=f"{role}-1", role=role, now=self.now)
        except Refusal as refusal:
            self.unhelpful += not refusal.permitted
            return
        assert role in PERMITTED[type(command)]
        self.case = fold(made, before)
        self.history += [(self.now, event, role) for event in made]
        for event in made:
            assert words.say(event)
        if not isinstance(command, cmd.Open):
            late = {(e.step, e.due) for e in made if isinstance(e, ev.DeadlinePassed)}
            assert late == set(before.silent(self.now)), "whatever is done notes what has passed"

    @initialize()
    def opened(self) -> None:
        self.ask(cmd.Open(number="2011Q2-001", flag=FLAG, owner="rita"), "rights")

    @rule(command=COMMANDS, role=st.sampled_from(["rights", "supervisor", "auditor", *ROLES]))
    def somebody_tries(self, command: Any, role: str) -> None:
        self.watched = False
        self.ask(command, role)

    @rule()
    def somebody_works(self) -> None:
        """The next thing that is owed, so that histories get further than refusals."""
        self.watched = False
        steps: list[Any] = [
            cmd.StateHypothesis(text="h", against="a"),
            cmd.BeginReview(plan="p"),
            cmd.AddEvidence(text="e", source="s"),
        ]
        for command in steps[len(self.case.hypotheses[:1]) :]:
            self.ask(command, "rights")
        if self.case.standing and self.case.finding_owed:
            newest = self.case.standing[-1]
            found = cmd.WriteFinding(result="UNEXPLAINED", text="t", evidence=(newest,), correction="c")
            self.ask(found, "rights")
            self.ask(cmd.Decide(choice="RETAINED", reason="r", correction="c"), "rights")
            self.ask(cmd.Summarize(text="s", correction="c"), "rights")

    @rule(days=st.sampled_from([1, 10, 31, 91, 400]))
    def time_passes(self, days: int) -> None:
        self.watched = False
        self.now += timedelta(days=days)

    @rule(role=st.sampled_from(ROLES))
    def the_watch_looks(self, role: str) -> None:
        self.ask(cmd.LookAtClock(), role)
        self.watched = True

    @invariant()
    def a_refusal_says_what_could_be_done(self) -> None:
        assert self.unhelpful == 0

    @invariant()
    def no_flag_is_past_due_in_silence(self) -> None:
        if self.watched:
            assert self.case.silent(self.now) == ()

    @invariant()
    def what_is_open_owes_something_and_what_is_closed_does_not(self) -> None:
        owed = self.case.finding_owed or self.case.decision_owed or self.case.summary_owed
        if self.case.is_open and owed:
            assert self.case.running, "an open flag always has a clock that runs"
        assert self.case.is_open or not self.case.running

    @invariant()
    def without_a_finding_only_a_supervisor_ended_it(self) -> None:
        for _, event, role in self.history:
            if isinstance(event, ev.ClosedWithoutFinding):
                assert role == "supervisor"
        if isinstance(self.case.closed, ev.Closed):
            assert self.case.finding
            assert self.case.decision
            assert self.case.summaries
            assert all(r.acknowledged for r in self.case.referrals)
            assert not any((self.case.finding_owed, self.case.decision_owed, self.case.summary_owed))

    @invariant()
    def the_clocks_of_the_history_are_those_of_the_state(self) -> None:
        running = {(c.step, c.due) for c in clocks([(when, e) for when, e, _ in self.history]) if c.done is None}
        assert running == set(self.case.running)

    @invariant()
    def stored_and_read_again_it_is_the_same(self) -> None:
        events = [event for _, event, _ in self.history]
        assert fold(STORED.decode(msgspec.json.encode(events))) == self.case

    @invariant()
    def what_was_noted_stays_noted(self) -> None:
        assert len(self.case.passed) == sum(isinstance(e, ev.DeadlinePassed) for _, e, _ in self.history)


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=200 if LONG else 25, stateful_step_count=40, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


@given(days=st.integers(1, 1000), after=st.integers(1, 10**6))
def test_a_deadline_is_passed_one_moment_after_it_and_not_at_it(days: int, after: int) -> None:
    opening = cmd.Open(number="2011Q2-001", flag=FLAG, owner="rita")
    made = decide(OutlierReview(), opening, actor="r", role="rights", now=START, targets=Targets(finding=days))
    case, due = fold(made), START + timedelta(days=days)
    assert decide(case, cmd.LookAtClock(), actor="w", role="system", now=due) == ()
    late = decide(case, cmd.LookAtClock(), actor="w", role="system", now=due + timedelta(microseconds=after))
    assert late == (ev.DeadlinePassed(step="finding 1", due=due),)
