from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from tests.exchange.people import AGENCY, BROKEN, BUREAU, INACTIVE, NOON, address, card, extract

from tenprint import itl
from tenprint.cases.card.commands import AcceptSubmission
from tenprint.exchange import Agency, Exchange, SubmissionResult, UnreadableCardError
from tenprint.exchange.schema import METADATA, PROBE
from tenprint.finger import GalleryUnusable


def submit(exchange: Exchange, content: bytes, at: datetime = NOON) -> SubmissionResult:
    return exchange.submit(content, exchange.act("ben", AcceptSubmission, at))


def enrol(exchange: Exchange, system, content: bytes) -> str:
    return exchange.enrol(system, content, exchange.act("ada", "enrol")).identity


def immigration_rows(exchange: Exchange) -> dict[str, list]:
    """Everything that the immigration system holds."""
    with exchange.reading() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table))]
            for name, table in METADATA.tables.items()
            if name.startswith("immigration_")
        }


def kinds(exchange: Exchange, tcn: str) -> list[str]:
    return [e.kind for e in exchange.ledger.stream(exchange.stream_of(tcn))]


def answer(exchange: Exchange, result: SubmissionResult, kind: str) -> itl.Transaction:
    digest = next(a.digest for a in result.answers if a.kind == kind)
    return itl.read(exchange.answer(digest))


def test_a_stranger_is_answered_and_found_nowhere(exchange: Exchange) -> None:
    enrol(exchange, "criminal", card(2, "OLD-0000002"))
    enrol(exchange, "immigration", card(3, "OLD-0000003"))
    result = submit(exchange, card(1, "NEW-0000001"))
    assert result.accepted
    assert not result.criminal.hit
    assert result.immigration.searched
    assert (result.immigration.hit, result.immigration.reason) == (False, None)
    sre = answer(exchange, result, "SRE")
    assert (sre.tot, sre.get("1.010"), sre.get("2.059")) == ("SRE", "NEW-0000001", "N")
    words = str(answer(exchange, result, "IDR").of_type(2)[0].items("2.060"))
    assert "NO DIGITIZED RECORD FOUND" in words
    assert "says nothing about citizenship or status" in words
    assert "query.sent" not in kinds(exchange, "NEW-0000001")


def test_a_known_person_is_found_in_the_right_system_only(exchange: Exchange) -> None:
    criminal = enrol(exchange, "criminal", card(2, "OLD-0000002"))
    immigrant = enrol(exchange, "immigration", card(3, "OLD-0000003"))
    first = submit(exchange, card(2, "NEW-0000002"))
    second = submit(exchange, card(3, "NEW-0000003"))
    assert (first.criminal.identity, first.immigration.identity) == (criminal, None)
    assert (second.criminal.identity, second.immigration.identity) == (None, immigrant)
    sre = answer(exchange, first, "SRE")
    assert (sre.get("2.059"), sre.get("2.014")) == ("I", criminal)
    assert "query.sent" in kinds(exchange, "NEW-0000003")
    assert exchange.case("NEW-0000003").queries[0].origin == "BIOMETRIC"


def test_an_old_encounter_of_two_plain_thumbs_is_found_by_rolled_fingers(exchange: Exchange) -> None:
    identity = enrol(exchange, "immigration", card(4, "OLD-0000004", fingers=(11, 12)))
    result = submit(exchange, card(4, "NEW-0000004", fingers=tuple(range(1, 11)), form="type-4"))
    assert (result.immigration.identity, result.immigration.fingers) == (identity, 2)


def test_a_plain_thumb_stands_in_for_an_unusable_rolled_one(exchange: Exchange) -> None:
    identity = enrol(exchange, "criminal", card(5, "OLD-0000005", fingers=(1, 6)))
    result = submit(exchange, card(5, "NEW-0000005", fingers=(1, 2, 6, 11), grays={1: BROKEN}))
    assert (result.criminal.identity, result.criminal.fingers) == (identity, 2)


def test_the_same_card_again_changes_nothing(exchange: Exchange) -> None:
    first = submit(exchange, card(1, "NEW-0000001"))
    size = exchange.ledger.size()
    again = submit(exchange, card(1, "NEW-0000001"))
    assert again.resubmitted
    assert exchange.ledger.size() == size
    assert again.answers == first.answers


def test_another_card_under_a_used_number_is_refused_and_the_first_stands(exchange: Exchange) -> None:
    submit(exchange, card(1, "NEW-0000001"))
    before = exchange.case("NEW-0000001")
    other = submit(exchange, card(2, "NEW-0000001"))
    assert not other.accepted
    assert "used before" in other.messages[0]
    assert answer(exchange, other, "ERRT").get("1.010") == "NEW-0000001"
    assert exchange.case("NEW-0000001") == before
    assert submit(exchange, card(2, "NEW-0000001")).answers == other.answers


def test_two_bureaus_may_use_the_same_number(exchange: Exchange) -> None:
    submit(exchange, card(1, "NEW-0000001"))
    assert submit(exchange, card(2, "NEW-0000001", ori="CASIB0000")).accepted
    assert exchange.case("NEW-0000001", "CASIB0000").submission.submitting_ori == "CASIB0000"


def test_bad_fields_are_answered_with_an_errt_and_nothing_is_searched(exchange: Exchange) -> None:
    result = submit(exchange, card(1, "NEW-0000001", DOB=None, SEX=None))
    assert not result.accepted
    assert any("2.022" in m for m in result.messages)
    assert any("2.024" in m for m in result.messages)
    errt = answer(exchange, result, "ERRT")
    assert (errt.tot, errt.get("1.010")) == ("ERRT", "NEW-0000001")
    assert kinds(exchange, "NEW-0000001") == ["submission.rejected", "response.sent", "submission.closed"]


def test_a_card_without_one_usable_image_is_answered_with_an_errt(exchange: Exchange) -> None:
    result = submit(exchange, card(1, "NEW-0000001", fingers=(1, 2), grays={1: BROKEN, 2: BROKEN}))
    assert not result.accepted
    assert "finger 1" in str(answer(exchange, result, "ERRT").of_type(2)[0].items("2.060"))


@pytest.mark.parametrize("content", [b"", b"no card at all", card(1, "NEW-0000001")[:-40]])
def test_unreadable_bytes_leave_nothing_behind(exchange: Exchange, content: bytes) -> None:
    size = exchange.ledger.size()
    with pytest.raises(UnreadableCardError, match="ANSI/NIST"):
        submit(exchange, content)
    assert exchange.ledger.size() == size


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"CRI": "XXDOC0000"}, "unknown-agency"),
        ({"CRI": INACTIVE, "DOA": "20110425"}, "inactive"),
        ({"DOB": "19950101"}, "juvenile"),
        ({"DOB": "00000000"}, "juvenile"),
        ({"tot": "CNA"}, "civil"),
    ],
)
def test_the_gate_stops_a_card_with_a_reason_and_the_criminal_answer_goes_out(
    exchange: Exchange, changes: dict, reason: str
) -> None:
    enrol(exchange, "immigration", card(1, "OLD-0000001"))
    before = immigration_rows(exchange)
    at = datetime(2011, 4, 25, 18, tzinfo=UTC) if reason == "inactive" else NOON
    result = submit(exchange, card(1, "NEW-0000001", **changes), at)
    assert result.accepted
    assert [a.kind for a in result.answers] == ["SRE"]
    assert (result.immigration.searched, result.immigration.reason) == (False, reason)
    assert immigration_rows(exchange) == before
    assert exchange.case("NEW-0000001").gate.reason == reason


def test_the_county_is_active_from_its_day_on_its_own_clock(exchange: Exchange) -> None:
    last = datetime(2009, 6, 16, 4, 59, tzinfo=UTC)  # 23:59 of the day before in Texas
    first = datetime(2009, 6, 16, 5, 0, tzinfo=UTC)
    assert submit(exchange, card(1, "NEW-0000001"), last).immigration.reason == "inactive"
    assert submit(exchange, card(1, "NEW-0000002"), first).immigration.searched


def test_a_treated_as_adult_minor_goes_on(exchange: Exchange) -> None:
    assert submit(exchange, card(1, "NEW-0000001", DOB="19960101", TAA="Y")).immigration.searched


def test_the_youngest_of_several_birth_dates_counts(exchange: Exchange) -> None:
    result = submit(exchange, card(1, "NEW-0000001", DOB=["19800115", "19960101"]))
    assert result.immigration.reason == "juvenile"


def test_a_search_leaves_nothing_in_the_immigration_system_when_it_finds_nobody(exchange: Exchange) -> None:
    enrol(exchange, "immigration", card(2, "OLD-0000002"))
    before = immigration_rows(exchange)
    assert submit(exchange, card(1, "NEW-0000001")).immigration.searched
    assert immigration_rows(exchange) == before


def test_a_match_leaves_date_agency_and_number_and_never_prints(exchange: Exchange) -> None:
    identity = enrol(exchange, "immigration", card(1, "OLD-0000001"))
    before = immigration_rows(exchange)
    submit(exchange, card(1, "NEW-0000001"))
    after = immigration_rows(exchange)
    assert after.pop("immigration_encounter") == [(identity, AGENCY, "NEW-0000001", NOON.date())]
    before.pop("immigration_encounter")
    assert after == before


def test_a_match_of_a_card_that_may_not_be_kept_leaves_nothing(exchange: Exchange) -> None:
    enrol(exchange, "immigration", card(1, "OLD-0000001"))
    before = immigration_rows(exchange)
    result = submit(exchange, card(1, "NEW-0000001", RET="N"))
    assert result.immigration.hit
    assert immigration_rows(exchange) == before
    with exchange.reading() as connection:
        assert not connection.execute(select(PROBE)).all()


def test_a_search_enrols_nobody_and_a_booking_is_kept_where_its_agency_asked(exchange: Exchange) -> None:
    for tcn in ("NEW-0000001", "NEW-0000002"):
        result = submit(exchange, card(1, tcn, RET="N"))
        assert (result.criminal.hit, result.immigration.hit) == (False, False)
    submit(exchange, card(1, "NEW-0000003", RET="Y"))
    again = submit(exchange, card(1, "NEW-0000004", RET="Y"))
    assert (again.criminal.hit, again.immigration.hit) == (True, False)


def test_a_failed_immigration_branch_neither_delays_nor_loses_the_criminal_answer(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = enrol(exchange, "immigration", card(1, "OLD-0000001"))

    def broken(*_args: object) -> None:
        raise GalleryUnusable("the gallery is damaged")

    with monkeypatch.context() as patched:
        patched.setattr(exchange.immigration, "search", broken)
        result = submit(exchange, card(1, "NEW-0000001"))
        assert [a.kind for a in result.answers] == ["SRE"]
        assert result.immigration.pending
        assert "will be tried again" in exchange.troubles[0]
        assert exchange.resume() == []
    assert exchange.resume() == [f"case/{BUREAU}/NEW-0000001"]
    assert exchange.case("NEW-0000001").immigration.identity == identity
    assert exchange.resume() == []


def test_an_agency_that_cannot_receive_the_second_answer_is_recorded_so(exchange: Exchange) -> None:
    deaf = Agency(ori="TXJAIL001", county="48453", zone="America/Chicago", second_response=False)
    exchange.add_agency(deaf, exchange.act("ada", "register"))
    result = submit(exchange, card(1, "NEW-0000001", CRI="TXJAIL001"))
    told = {a.kind: (a.relayed, a.note) for a in result.answers}
    assert told["SRE"] == (True, "")
    assert told["IDR"][0] is False
    assert "cannot receive a second answer" in told["IDR"][1]


def test_race_is_nowhere_on_the_road(exchange: Exchange) -> None:
    enrol(exchange, "immigration", card(1, "OLD-0000001"))
    marked = card(1, "NEW-0000001", RAC="B")
    assert b"2.025:B" in marked
    result = submit(exchange, marked)
    told = b"".join(exchange.answer(a.digest) for a in result.answers)
    assert b"2.025" not in told
    for entry in exchange.ledger.read():
        assert "RAC" not in str(entry.data)
        assert "race" not in str({**entry.data, **(entry.sealed or {})}).lower()


def test_who_the_person_is_stands_sealed_on_the_ledger(exchange: Exchange) -> None:
    submit(exchange, card(1, "NEW-0000001"))
    entry = exchange.ledger.stream(exchange.stream_of("NEW-0000001"))[0]
    assert "SAMPLE" not in str(entry.data)
    assert entry.sealed["personal"]["name"] == "SAMPLE,PAT"
    exchange.ledger.expunge(entry.subject, exchange.act("ada", "expunge"))
    assert exchange.case("NEW-0000001").submission.personal is None


def test_a_reopened_exchange_finds_what_was_enrolled_before(exchange: Exchange) -> None:
    identity = enrol(exchange, "criminal", card(1, "OLD-0000001"))
    with Exchange.open(address(exchange), extract=extract) as again:
        found = again.submit(card(1, "NEW-0000001"), again.act("ben", AcceptSubmission, NOON)).criminal
        assert found.identity == identity
        enrol(exchange, "criminal", card(2, "OLD-0000002"))  # by another process, as far as `again` knows
        assert again.submit(card(2, "NEW-0000002"), again.act("ben", AcceptSubmission, NOON)).criminal.hit


def test_live_projections_equal_rebuilt_ones(exchange: Exchange) -> None:
    enrol(exchange, "immigration", card(1, "OLD-0000001"))
    submit(exchange, card(1, "NEW-0000001"))
    submit(exchange, card(2, "NEW-0000002", DOB=None))
    assert exchange.ledger.verify() == []
