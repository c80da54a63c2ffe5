"""The laws of a case, on generated histories: whatever anybody tries, in whatever order, these hold.

A short run by default; ``TENPRINT_LONG=1`` runs 2,000 histories of 50 acts, ``TENPRINT_HISTORIES`` any number.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from typing import Union
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tenprint import law
from tenprint.cases import Case, Refusal, decide, facts_of, fold
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events as ev
from tenprint.cases.card.decide import ON_THE_ROAD
from tenprint.cases.card.lawful import REQUESTS, forms_for, kind_of
from tenprint.cases.card.roles import PERMITTED, ROLES
from tenprint.cases.custody.incidents import kind_of as incident_of
from tenprint.cases.custody.timelines import Stretch, common, union
from tenprint.cases.custody.view import Custody, custody_of
from tenprint.cases.kernel.act import Around
from tenprint.cases.kernel.value import Command

LONG = os.environ.get("TENPRINT_LONG") == "1"
STEPS = 50
HISTORIES = int(os.environ.get("TENPRINT_HISTORIES", "2000" if LONG else "25"))

ZONE = "America/Chicago"
STARTS = [
    datetime(y, m, d, 15, tzinfo=UTC)
    for y, m, d in (
        (2009, 5, 5),
        (2010, 9, 7),
        (2012, 5, 1),
        (2013, 1, 16),
        (2016, 3, 1),
        (2018, 3, 7),
        (2022, 5, 3),
        (2025, 2, 4),
    )
]
OFFICERS = ("office", "supervisor")
AROUND = Around(roles={"second": ("jail", "supervisor", "rights")})
PROTECTS = {"VICTIM": "victim", "WITNESS": "witness"}
CATEGORIES = ("minor_traffic", "burglary", "shoplifting", "dui", "assault")

STORED = msgspec.json.Decoder(type=list[Union[ev.event_types()]])  # noqa: UP007 - made from a tuple


def charges() -> st.SearchStrategy[tuple[ev.Charge, ...]]:
    one = st.builds(
        ev.Charge,
        number=st.just(1),
        literal=st.just("charge"),
        grade=st.sampled_from(["felony", "misdemeanor", None]),
        categories=st.one_of(st.none(), st.tuples(st.sampled_from(CATEGORIES))),
    )
    return st.one_of(st.just(()), st.tuples(one))


def convictions(latest: date) -> st.SearchStrategy[ev.Conviction]:
    return st.builds(
        ev.Conviction,
        id=st.sampled_from(["K1", "K2", "K3"]),
        convicted_on=st.dates(date(2000, 1, 1), latest),
        grade=st.sampled_from(["felony", "misdemeanor"]),
        categories=st.one_of(st.none(), st.tuples(st.sampled_from(CATEGORIES))),
    )


class Histories(RuleBasedStateMachine):
    """Everybody tries everything; refused or not, the laws hold."""

    def __init__(self) -> None:
        super().__init__()
        self.case = Case()
        self.history: list[tuple[ev.Event, str, str, datetime]] = []
        self.now = STARTS[0]

    def ask(self, command: Command, role: str, actor: str | None = None) -> tuple[ev.Event, ...]:
        actor = actor or f"{role}-1"
        try:
            made = decide(self.case, command, actor=actor, role=role, now=self.now, zone=ZONE, around=AROUND)
        except Refusal:
            return ()
        assert role in PERMITTED[type(command)]
        before = self.case
        self.case = fold(made, self.case)
        self.history += [(event, actor, role, self.now) for event in made]
        self.check_act(command, before, made, actor, role)
        if not isinstance(command, ON_THE_ROAD):
            self.check_nobody_is_held_in_silence()
        return made

    @property
    def whole(self) -> Custody:
        return custody_of((self.case,))

    # -- laws of one act ---------------------------------------------------------------------------------------------

    def check_act(self, command: Command, before: Case, made: tuple[ev.Event, ...], actor: str, role: str) -> None:
        for event in made:
            if isinstance(event, ev.DecisionRecorded):
                self.check_decision(event, actor, role)
            if isinstance(event, ev.DetainerIssued):
                self.check_issue(event, before, role)
        if isinstance(command, cmd.MakeClaim):
            assert self.case.detainer is None, "a claim withdraws the request at once"
            hold = self.whole.hold_at(self.now)
            assert hold is None or not hold.is_running(self.now), "a claim ends the hold at once"

    def check_decision(self, event: ev.DecisionRecorded, actor: str, role: str) -> None:
        assert role in OFFICERS
        assert event.officer == actor
        assert event.reason.strip()
        if event.choice in REQUESTS:
            allowed = event.choice in event.permitted or event.choice in event.duties
            assert allowed or (event.override and event.reviewer not in {None, actor})
        if event.override:
            assert event.reviewer not in {None, actor}

    def check_issue(self, event: ev.DetainerIssued, before: Case, role: str) -> None:
        assert role in OFFICERS
        decisions = [e for e, *_ in self.history if isinstance(e, ev.DecisionRecorded) and e.version == event.decision]
        assert len(decisions) == 1, "no form without a recorded decision"
        assert decisions[0].choice == kind_of(event.form)
        assert not before.open_claims
        assert event.form in law.forms(self.now.astimezone(ZoneInfo(ZONE)).date())

    # -- laws of every state -----------------------------------------------------------------------------------------

    @invariant()
    def no_request_stands_beside_an_open_claim(self) -> None:
        assert not (self.case.open_claims and self.case.detainer is not None)

    @invariant()
    def at_most_one_request_stands(self) -> None:
        assert sum(d.is_open for d in self.case.detainers) <= 1

    @invariant()
    def nobody_is_kept_longer_than_the_shared_allowance(self) -> None:
        """Counted from the calendar alone: the days on which a hold ran, without those that a form leaves out."""
        whole = self.whole
        holds = [a for a in whole.authority if a.ground == "hold"]
        kept = union(part for a in holds for span in whole.clock if (part := common(span, a)) is not None)
        forms = {d.number: law.form(d.form) for d in self.case.detainers}
        for form in (forms[a.request] for a in holds):
            counted = sum((counted_time(s, bool(form.excludes)) for s in kept), timedelta())
            assert counted <= timedelta(hours=form.hold_hours), (form, kept)

    @invariant()
    def no_upheld_protection_is_lost(self) -> None:
        upheld = [c.made.claim for c in self.case.claims if c.resolved is not None and c.resolved.upheld]
        facts = facts_of(self.case, self.now.date())
        assert all(facts[PROTECTS[kind]] is True for kind in upheld if kind in PROTECTS)
        if set(upheld) & {"CITIZEN", "WRONG_PERSON"}:
            assert self.case.detainer is None

    @invariant()
    def one_incident_for_one_thing(self) -> None:
        about = [(i.opened.what, i.opened.about) for i in self.case.incidents]
        assert len(about) == len(set(about))
        assert [i.opened.number for i in self.case.incidents] == list(range(1, len(about) + 1))

    def teardown(self) -> None:
        """What the ledger would give back is the same history and the same case."""
        events = [event for event, *_ in self.history]
        again = STORED.decode(msgspec.json.encode(events))
        assert again == events
        assert fold(again) == self.case

    # -- what people try ---------------------------------------------------------------------------------------------

    @initialize(start=st.sampled_from(STARTS), charges=charges(), age=st.sampled_from([30, 30, 30, 17, None]))
    def book(self, start: datetime, charges: tuple[ev.Charge, ...], age: int | None) -> None:
        self.now = start
        card = ev.SubmissionAccepted(
            tcn="T1", submitting_ori="S", controlling_ori="C", tot="CAR", card="0", retain=True,
            date_of_arrest=start.date(), age_at_arrest=age, charges=charges,
        )  # fmt: skip
        self.ask(cmd.AcceptSubmission(submission=card), "booking")
        searched = {"score": 0.9, "threshold": 0.5, "fingers": 10, "gallery": 1, "calibration": "x"}
        self.ask(cmd.RecordCriminalSearch(result=ev.CriminalSearched(hit=False, identity=None, **searched)), "system")
        place = cmd.Registration(ori="C", county="17031", active_since=date(2009, 1, 1))
        self.ask(cmd.DecideGate(agency=place, on=start.date()), "system")
        self.ask(
            cmd.RecordImmigrationSearch(result=ev.ImmigrationSearched(hit=True, identity="F", **searched)), "system"
        )
        self.ask(cmd.SendQuery(origin="BIOMETRIC"), "system")
        self.ask(cmd.SendQuery(origin="CAP_INTERVIEW", basis="interview"), "office")
        self.center_answers_with("REMOVABLE_SUSPECTED")
        self.request_goes_out(served=True)

    @rule(served=st.booleans())
    def request_goes_out(self, served: bool) -> None:
        """An officer with a supervisor's approval, so that histories get as far as a hold."""
        form = self.form("DETAINER", supersede=True)
        self.ask(
            cmd.Review(what="decision", choice="DETAINER", approved=True, reason="r"), "supervisor", "supervisor-2"
        )
        self.ask(cmd.Decide(choice="DETAINER", reason="r", factors=("f",), override=True, detainer=form), "office")
        if served and self.case.detainer is not None:
            self.ask(cmd.Serve(language="Spanish", served_at=self.now), "jail")
            self.ask(cmd.HonorRequest(under="county order 12"), "jail")

    @rule(hours=st.sampled_from([0.1, 1, 5, 24, 49, 120]))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    def center_answers_with(self, status: str, *, indicator: bool = False) -> None:
        sources = (ev.Source(name="index", reliability="high"),)
        self.ask(
            cmd.DetermineStatus(status=status, confidence="high", sources=sources, citizenship_indicator=indicator),
            "center",
        )

    @rule(
        status=st.sampled_from([*["REMOVABLE_SUSPECTED"] * 6, "REMOVABLE_FINAL_ORDER", "UNDETERMINED", "NATURALIZED"]),
        indicator=st.sampled_from([*[False] * 5, True]),
    )
    def center_answers(self, status: str, indicator: bool) -> None:
        self.center_answers_with(status, indicator=indicator)

    @rule(
        choice=st.sampled_from(["DETAINER", "DETAINER", "NOTIFY_REQUEST", "TRANSFER_REQUEST", "NO_ACTION", "MONITOR"]),
        role=st.sampled_from(["office", "office", "supervisor", "administrator", "center"]),
        override=st.booleans(),
        approved=st.sampled_from([None, True, False]),
        issue=st.booleans(),
        supersede=st.booleans(),
    )
    def somebody_decides(
        self, choice: str, role: str, override: bool, approved: bool | None, issue: bool, supersede: bool
    ) -> None:
        if approved is not None:
            self.ask(
                cmd.Review(what="decision", choice=choice, approved=approved, reason="looked"),
                "supervisor",
                "supervisor-2",
            )
        form = self.form(choice, supersede) if issue and choice in REQUESTS else None
        self.ask(cmd.Decide(choice=choice, reason="r", factors=("f",), override=override, detainer=form), role)

    def form(self, choice: str, supersede: bool) -> cmd.IssueDetainer | None:
        names = forms_for(choice, self.now.date())
        if not names:
            return None
        standing = self.case.detainer.number if self.case.detainer and supersede else None
        return cmd.IssueDetainer(
            form=names[-1], zone=ZONE, probable_cause=("statements_or_evidence",), warrant="I-200", supersedes=standing
        )

    @rule(role=st.sampled_from(ROLES), supersede=st.booleans(), choice=st.sampled_from(REQUESTS))
    def somebody_issues(self, role: str, supersede: bool, choice: str) -> None:
        form = self.form(choice, supersede)
        if form is not None:
            self.ask(form, role)

    @precondition(lambda self: self.case.detainer is not None)
    @rule(what=st.sampled_from(["serve", "acknowledge", "honor", "honor", "cancel", "decline"]))
    def request_goes_on(self, what: str) -> None:
        commands = {
            "serve": (cmd.Serve(language="Spanish", served_at=self.now), "jail"),
            "acknowledge": (cmd.Acknowledge(), "jail"),
            "honor": (cmd.HonorRequest(under="county order 12"), "jail"),
            "cancel": (cmd.Cancel(reason="r"), "office"),
            "decline": (cmd.Decline(reason="r"), "jail"),
        }
        self.ask(*commands[what])

    @rule(back=st.sampled_from([0, 0, 1, 30]), corrects=st.booleans())
    def release_moment(self, back: int, corrects: bool) -> None:
        at = self.now - timedelta(hours=back)
        self.ask(cmd.RecordReleaseEligible(at=at, reason="bond_posted", document="d", corrects=corrects), "jail")

    @rule(
        how=st.sampled_from(
            [*[""] * 6, "NEW_CRIMINAL_HOLD", "custody", "stays", "RELEASED", "COURT_ORDER", "TEMPORARY", "ESCAPED"]
        ),
        back=st.sampled_from([0, 0, 3]),
    )
    def person_goes(self, how: str, back: int) -> None:
        at = self.now - timedelta(hours=back)
        if how in {"custody", "stays"}:
            self.ask(cmd.AssumeCustody(at=at, stays=how == "stays"), "office")
        elif how:
            more = {"charge": "theft", "agency": "TXSYN4530", "second": "second"}
            self.ask(cmd.ReleasePerson(at=at, how=how, document="d", **more), "jail")

    @rule(facility=st.sampled_from(["", "D"]))
    def person_comes_back(self, facility: str) -> None:
        self.ask(cmd.ReturnPerson(at=self.now, document="d", facility=facility), "jail")

    @rule()
    def person_is_moved(self) -> None:
        self.ask(cmd.ReleasePerson(at=self.now, how="TRANSFERRED", document="d", to="D"), "jail")
        self.ask(cmd.ReceivePerson(at=self.now, facility="D"), "jail")

    @rule(
        kind=st.sampled_from(["CITIZEN", "VICTIM", "WITNESS", "WRONG_PERSON"]),
        role=st.sampled_from(["jail", "rights", "office"]),
    )
    def claim(self, kind: str, role: str) -> None:
        self.ask(cmd.MakeClaim(claim=kind, channel="in person"), role)

    @precondition(lambda self: self.case.claims)
    @rule(upheld=st.sampled_from([*[False] * 7, True]), reinstate=st.booleans())
    def claim_is_answered(self, upheld: bool, reinstate: bool) -> None:
        for claim in self.case.open_claims:
            self.ask(cmd.ResolveClaim(number=claim.made.number, upheld=upheld, reason="r"), "rights")
        if reinstate:
            self.ask(cmd.Reinstate(claim=self.case.claims[-1].made.number), "supervisor")

    @rule(approved=st.booleans(), reinstate=st.booleans())
    def indicator_is_reviewed(self, approved: bool, reinstate: bool) -> None:
        self.ask(cmd.Review(what="citizenship", approved=approved, reason="r"), "supervisor")
        if reinstate:
            self.ask(cmd.Reinstate(), "supervisor")

    @rule(
        data=st.data(),
        name=st.sampled_from(["victim", "final_order", "special_circumstances", "significant_risk", "inadmissible"]),
        role=st.sampled_from(["office", "office", "center", "supervisor", "rights"]),
    )
    def late_fact(self, data: st.DataObject, name: str, role: str) -> None:
        value = data.draw(st.sampled_from([True, False, None]))
        self.ask(cmd.StateFact(name=name, value=value, source="s", document="d", second="second"), role)

    @rule(data=st.data())
    def late_conviction(self, data: st.DataObject) -> None:
        if data.draw(st.booleans()):
            self.ask(cmd.RecordConviction(conviction=data.draw(convictions(self.now.date()))), "center")
        else:
            self.ask(cmd.StrikeConviction(id=data.draw(st.sampled_from(["K1", "K2"])), reason="r"), "center")

    @rule(disposition=st.sampled_from(["dismissed", "convicted", "dismissed_for_departure"]))
    def charge_is_disposed(self, disposition: str) -> None:
        self.ask(cmd.DisposeCharge(number=1, disposition=disposition, on=self.now.date()), "bureau")

    @precondition(lambda self: self.case.incidents)
    @rule()
    def incident_is_closed(self) -> None:
        for incident in self.case.open_incidents:
            self.ask(cmd.CloseIncident(number=incident.opened.number, reason="r"), "supervisor")

    @rule(times=st.sampled_from([1, 2]))
    def watch(self, times: int) -> None:
        for _ in range(times):
            self.ask(cmd.Tick(), "system")
        assert decide(self.case, cmd.Tick(), actor="w", role="system", now=self.now) == (), (
            "a second look finds nothing new"
        )

    def check_nobody_is_held_in_silence(self) -> None:
        """Whoever was there without authority has an incident of that kind, from the first minute."""
        for gap in self.whole.gaps:
            if gap.start < self.now:
                told = [i for i in self.case.incidents if i.opened.what == incident_of(gap)]
                assert any(i.opened.since == gap.start or gap.covers(i.opened.since) for i in told), gap


def counted_time(stretch: Stretch, without_weekends: bool) -> timedelta:
    """The part of a stretch that counts, day by day on the facility's calendar."""
    assert stretch.end is not None, "no hold runs for ever"
    zone, total = ZoneInfo(ZONE), timedelta()
    day = stretch.start.astimezone(zone).date()
    while day <= stretch.end.astimezone(zone).date():
        starts, ends = (datetime.combine(d, time(), zone) for d in (day, day + timedelta(days=1)))
        part = common(stretch, Stretch(start=starts.astimezone(UTC), end=ends.astimezone(UTC)))
        free = without_weekends and (day.weekday() >= 5 or day in law.federal_holidays(day.year))
        if part is not None and part.end is not None and not free:
            total += part.end.astimezone(UTC) - part.start.astimezone(UTC)
        day += timedelta(days=1)
    return total


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=HISTORIES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


# -- the order of late facts -----------------------------------------------------------------------------------------

LATE = st.one_of(
    st.builds(lambda c: cmd.RecordConviction(conviction=c), convictions(date(2012, 1, 1))),
    st.builds(
        lambda i: cmd.StrikeConviction(id=i, reason="r", batch="b", reviewer="q"), st.sampled_from(["K1", "K2", "K3"])
    ),
    st.builds(
        lambda n, v: cmd.StateFact(name=n, value=v, source="s", corrects=True),
        st.sampled_from(["pending_charge", "national_security", "felony_conviction", "convicted"]),
        st.sampled_from([True, False, None]),
    ),
    st.builds(
        lambda d: cmd.DisposeCharge(number=1, disposition=d, on=date(2012, 5, 1)),
        st.sampled_from(["dismissed", "convicted", "acquitted"]),
    ),
    st.builds(lambda c: cmd.StateCharge(charge=c, source="s"), charges().filter(bool).map(lambda c: c[0])),
    st.builds(
        lambda o: cmd.RecordOutcome(outcome=o, on=date(2012, 5, 1), basis="b"),
        st.just("RELIEF"),
    ),
)
ROLE_OF = {
    cmd.RecordConviction: "center",
    cmd.StrikeConviction: "center",
    cmd.StateFact: "center",
    cmd.DisposeCharge: "center",
    cmd.StateCharge: "center",
    cmd.RecordOutcome: "office",
}


def decided() -> Case:
    """A person with a standing request, so that every late fact makes the law look again."""
    machine = Histories()
    machine.now = datetime(2012, 5, 1, 15, tzinfo=UTC)
    robbery = ev.Charge(number=1, literal="robbery", grade="felony", categories=("robbery",))
    card = ev.SubmissionAccepted(
        tcn="T1", submitting_ori="S", controlling_ori="C", tot="CAR", card="0", retain=True,
        date_of_arrest=date(2012, 5, 1), age_at_arrest=30, charges=(robbery,),
    )  # fmt: skip
    machine.ask(cmd.AcceptSubmission(submission=card), "booking")
    machine.ask(cmd.SendQuery(origin="CAP_INTERVIEW", basis="interview"), "office")
    machine.center_answers_with("REMOVABLE_SUSPECTED")
    machine.ask(
        cmd.Decide(choice="DETAINER", reason="r", factors=("f",), detainer=machine.form("DETAINER", supersede=False)),
        "office",
    )
    return machine.case


@settings(max_examples=300 if LONG else 60, deadline=None)
@given(data=st.data(), late=st.lists(LATE, min_size=2, max_size=7))
def test_corrections_and_late_facts_reach_the_same_state_in_any_order(data: st.DataObject, late: list[Command]) -> None:
    start = datetime(2012, 6, 1, 12, tzinfo=UTC)
    told = [(command, start + timedelta(hours=i)) for i, command in enumerate(late)]
    mixed = data.draw(st.permutations(told))
    results = []
    for order in (told, mixed):
        case = decided()
        assert case.detainer is not None
        for command, at in order:
            role = ROLE_OF[type(command)]
            case = fold(decide(case, command, actor="a", role=role, now=at), case)
        results.append(case)
    straight, other = results
    day = date(2012, 7, 1)
    assert facts_of(straight, day) == facts_of(other, day)
    assert law.evaluate("level", facts_of(straight, day), on=day) == law.evaluate("level", facts_of(other, day), on=day)
    assert (straight.charges, straight.convictions, straight.facts) == (other.charges, other.convictions, other.facts)
    assert straight.outcomes == other.outcomes
