"""On whose word, as the field found it: who may state, decide and send what; from a command to a refusal or figure."""

from __future__ import annotations

from tests.custody.county import County

FORM_A = "--choice DETAINER --reason r --form I-247A --probable-cause {box} --warrant I-205 --as oscar --at {day}T12:00"


def test_c10_a_status_that_is_not_removable_bars_a_request(county: County) -> None:
    for n, status in ((3, "LAWFULLY_PRESENT"), (4, "NO_RECORD")):
        tcn, day = f"TICKED000{n}", f"2018-02-0{n}"
        county.person(n, tcn, day, status)
        county.run(f"case charge {tcn} 1 --literal X --grade misdemeanor --source docket --as ben --at {day}T11:10")
        for box in ("statements_or_evidence", "final_order"):
            county.refused(f"office decide {tcn} " + FORM_A.format(box=box, day=day), f"says {status}", "not removable")
    assert county.total("detainers") == 0


def test_c10_a_supervisor_and_a_reviewer_give_a_written_ground_and_neither_decides(county: County) -> None:
    county.person(3, "TICKED0003", "2018-02-01", "LAWFULLY_PRESENT")
    review = "office review TICKED0003 --of status --approve --reason 'order of 2016 found' --as sue"
    county.refused(f"{review} --at 2018-02-01T11:30", "it takes a second person")
    county.refused(f"{review} --second sue --at 2018-02-01T11:30", "cannot be the second person")
    county.run(f"{review} --second sid --at 2018-02-01T11:30")
    line = "office decide TICKED0003 " + FORM_A.format(box="statements_or_evidence", day="2018-02-01")
    county.refused(line.replace("oscar", "sue"), "nobody decides on their own word")


def test_c11_findings_are_nobodys_statement_and_other_counties_state_nothing(county: County) -> None:
    county.person(3, "ACCENT0001", "2012-02-06", "LAWFULLY_PRESENT")
    at = "--at 2012-02-06T12:00"
    county.refused(f"case fact ACCENT0001 reason_to_believe yes --source accent --as caz {at}", "CASYN0730")
    county.refused(f"case fact ACCENT0001 reason_to_believe yes --source accent --as ben {at}", "a finding cites")
    county.refused(f"case fact ACCENT0001 significant_risk yes --source gossip --as ben {at}", "office")
    line = "case conviction ACCENT0001 --id X1 --on 2009-05-04 --grade felony --source gossip"
    county.refused(f"{line} --as caz {at}", "CASYN0730")
    line = "office decide ACCENT0001 --choice DETAINER --reason r --form 'I-247 (12/11)' --factor x --as oscar"
    county.refused(f"{line} --at 2012-02-06T13:00", "not removable")
    assert county.total("detainers") == 0


def test_c12_an_upheld_claim_falls_to_no_sentence(county: County) -> None:
    for n, kind, fact in ((5, "VICTIM", "victim"), (6, "WITNESS", "witness")):
        tcn = f"CLAIMED00{n}"
        county.person(n, tcn, "2013-02-01")
        county.detainer(tcn, "2013-02-01")
        county.run(f"claim {tcn} --kind {kind} --channel counsel --as rita --at 2013-02-02T09:00")
        county.run(f"claim {tcn} --resolve 1 --upheld --reason 'police report' --as sue --at 2013-02-03T09:00")
        county.refused(f"office reinstate {tcn} --claim 1 --as sid --at 2013-02-03T10:00", "permits NO_ACTION")
        for who in ("oscar", "jane", "ben", "sid"):
            county.refused(f"case fact {tcn} {fact} no --source opinion --as {who} --at 2013-02-03T11:00", "rights")
        county.refused(
            f"case fact {tcn} {fact} no --source opinion --document d --second rob --as rita --at 2013-02-03T11:00",
            "one sentence takes no protection away",
        )
        county.refused(f"office reinstate {tcn} --claim 1 --as sid --at 2013-02-03T12:00", "permits NO_ACTION")
        county.refused(f"{county.decision(tcn)} --as oscar --at 2013-02-03T13:00", "victim, witness or plaintiff")
    assert county.total("detainers") == 2, "no further request"


def test_c13_the_watch_of_the_rights_office_is_its_own(county: County) -> None:
    county.person(5, "WATCHED001", "2013-02-01")
    county.run("case fact WATCHED001 retaliation_watch yes --source 'complaint 7' --as rita --at 2013-02-02T09:00")
    for who in ("oscar", "sue", "jane", "lea"):
        line = f"case fact WATCHED001 retaliation_watch no --source looked --as {who} --at 2013-02-03T11:00"
        county.refused(line, "rights")
    line = "case fact WATCHED001 retaliation_watch no --source 'complaint 7 closed' --as rita --at 2013-02-03T11:00"
    county.refused(line, "it takes a second person")
    county.refused(f"{county.decision('WATCHED001')} --as oscar --at 2013-02-03T12:00", "approval of a supervisor")
    assert county.total("detainers") == 0


def test_c14_a_minor_becomes_no_adult_by_a_word(county: County) -> None:
    file = county.card(6, "MINOR00001", "2012-05-01", DOB="19950601")
    county.run(f"submit {file} --as ben --at 2012-05-01T10:00")
    ask = "office query MINOR00001 --origin BIOGRAPHIC --as jane --at 2012-05-01T10:20 --basis"
    county.refused(f"{ask} accent", "'accent' came")
    county.refused(f"{ask} 'his own statement'", "nobody asks about a minor")
    county.refused(f"{ask.replace('BIOGRAPHIC', 'CAP_INTERVIEW')} interview", "nobody asks about a minor")
    for fact in ("treat_as_adult yes", "age 18"):
        line = f"case fact MINOR00001 {fact} --source 'looks 18' --at 2012-05-01T11:01"
        county.refused(f"{line} --as oscar", "stated by booking or bureau")
        county.refused(f"{line} --as jane", "it takes a document")
        county.refused(f"{line} --as jane --document 'school record 8'", "it takes a second person")
    assert county.total("referrals-by-origin") == 0


def test_c14_an_unknown_age_opens_the_gate_on_paper_and_two_people_alone(county: County) -> None:
    file = county.card(6, "AGELESS001", "2012-05-01", DOB="00000000")
    county.run(f"submit {file} --as ben --at 2012-05-01T10:00")
    line = "case fact AGELESS001 age 30 --source 'birth certificate' --as ben --at 2012-05-01T11:00"
    county.refused(line, "it takes a document")
    county.refused(f"{line} --document 'certificate 9'", "it takes a second person")
    county.refused(f"{line} --document 'certificate 9' --second ben", "cannot be the second person")
    assert "not searched" not in county.run(f"{line} --document 'certificate 9' --second jane")
    assert county.total("matches") == 1


def test_c15_nobody_decides_on_their_own_answer_or_in_another_area(county: County) -> None:
    for role in ("center", "office", "supervisor", "rights"):
        county.run(f"principal add --name max --role {role} --agency ERO")
    county.card(1, "ALONE00001", "2013-02-01")
    county.run("submit ALONE00001.eft --as ben --at 2013-02-01T10:00")
    county.run(
        "center answer ALONE00001 --status REMOVABLE_FINAL_ORDER --confidence high --source 'file:high' --as max "
        "--at 2013-02-01T11:00"
    )
    county.refused(f"{county.decision('ALONE00001')} --as max --at 2013-02-01T12:00", "answered the query themselves")
    county.run("principal add --name hal --role office --agency HON")
    line = f"{county.decision('ALONE00001')} --as hal --at 2013-02-01T12:00"
    county.refused(line, "whose area nobody has registered")
    county.run("agency office HON --covers HI --as ada --at 2013-02-01T12:00")
    county.refused(line, "which covers HI")
    county.decide("ALONE00001", "2013-02-01T12:10")
    assert county.total("detainers") == 1


def test_c15_who_clears_a_citizenship_indicator_does_not_decide(county: County) -> None:
    county.person(1, "CLEARED001", "2013-02-01")
    county.run(
        "center answer CLEARED001 --status REMOVABLE_FINAL_ORDER --confidence high --source 'file:high' "
        "--citizenship-indicator --as lea --at 2013-02-01T11:30"
    )
    county.run(
        "office review CLEARED001 --of citizenship --approve --reason 'other person of the name' --as sue "
        "--at 2013-02-01T11:40"
    )
    county.refused(f"{county.decision('CLEARED001')} --as sue --at 2013-02-01T12:00", "nobody decides on their own")


def test_c16_a_request_goes_to_where_the_person_is(county: County) -> None:
    county.person(1, "RECIP00001", "2013-02-01")
    line = f"{county.decision('RECIP00001')} --as oscar --at 2013-02-01T12:00"
    for wrong in ("HISYN0030", "CASYN0730"):
        county.refused(f"{line} --recipient {wrong}", "the person is at TXSYN4530")
    county.run(line)
    county.run("jail acknowledge RECIP00001 --as jane --at 2013-02-01T13:00")
    county.run("jail release RECIP00001 --as jane --at 2013-02-10T22:00")
    assert county.total("detained-without-authority") == 0
