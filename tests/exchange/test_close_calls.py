"""Close calls end to end: below the threshold, for an examiner, never a match."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import delete
from tests.exchange import people
from tests.exchange.people import NOON, address, card, gray

from tenprint import finger
from tenprint.cases import Refusal
from tenprint.cases.card.commands import AcceptSubmission, Decide, Examine, SendQuery
from tenprint.exchange import Exchange, NotAllowedError, center, examiner, views
from tenprint.exchange.cards import probe, read_card
from tenprint.exchange.office import consider
from tenprint.exchange.schema import CLOSE_CALL

TCN = "NEW-0000001"
WORN = 250
"""The gray of a print of the right index finger of person 1, a third of whose minutiae are left."""


def extract(pixels: NDArray[np.uint8], ppi: float) -> finger.Template:
    """As in `people`, and one worn print."""
    if round(float(pixels.mean())) != WORN:
        return people.extract(pixels, ppi)
    whole = people.extract(np.full((4, 4), gray(1, 2), np.uint8), ppi).minutiae.astype(np.float64)
    random = np.random.default_rng(1)
    left = whole[random.permutation(len(whole))[:15]]
    left[:, :2] += random.normal(0, 2, (15, 2))
    other = random.uniform((20, 20, 0, 0.5), (380, 480, 6.28, 1), (30, 4))
    return finger.Template.make(np.vstack([left, other]), width=400, height=500, quality=0.4)


@pytest.fixture
def close(exchange: Exchange) -> Exchange:
    """Person 1 is known to the immigration system; a worn print of their finger came in on a card."""
    exchange.extract = extract
    for name in ("eve", "max"):
        exchange.add_principal(name, "examiner", "LAB", exchange.act("ada", "register"))
    exchange.enrol("immigration", card(1, "OLD-0000001", fingers=(2,)), exchange.act("ada", "enrol"))
    return exchange


def submit(exchange: Exchange, **more: object):
    content = card(1, TCN, fingers=(2,), grays={2: WORN}, **more)
    return exchange.submit(content, exchange.act("ben", AcceptSubmission, NOON))


def conclude(exchange: Exchange, name: str, conclusion: str, hours: int = 1):
    act = exchange.act(name, Examine, NOON + timedelta(hours=hours))
    command = Examine(system="immigration", conclusion=conclusion, reason="compared side by side")
    return examiner.conclude(exchange, TCN, command, act)


def test_a_close_call_is_for_an_examiner_and_never_a_match(close: Exchange) -> None:
    found = submit(close).immigration
    assert finger.examine_from(1) <= found.score < found.threshold
    assert (found.hit, found.identity, found.close_call) == (False, None, True)
    assert found.meaning == finger.meaning(found.score, 1).text
    case = close.case(TCN)
    assert (case.immigration.identity, case.immigration.candidate) == (None, "N00000001")
    assert not case.queries
    (waiting,) = examiner.queue(close)
    assert (waiting.tcn, waiting.system, waiting.candidate) == (TCN, "immigration", "N00000001")
    assert (waiting.compared, waiting.standing, waiting.images) == (1, "OPEN", True)
    assert waiting.meaning == found.meaning
    said = "\n".join(views.status(close, TCN).sentences)
    assert "Immigration search: no digitized record found." in said
    assert f"Best score of the immigration search {found.score:.3f} with 1 finger: {found.meaning}." in said
    assert "The close call of the immigration search is no match: no examiner has looked yet." in said
    assert any("a close call with N00000001, no match" in line for line in consider(close, TCN, NOON).scores)


def test_a_match_is_no_close_call_and_says_what_its_score_means(close: Exchange) -> None:
    result = close.submit(card(1, TCN, fingers=(2,)), close.act("ben", AcceptSubmission, NOON)).immigration
    assert (result.hit, result.close_call) == (True, False)
    assert "fewer than one in" in result.meaning
    assert close.case(TCN).immigration.candidate is None
    assert examiner.queue(close) == []
    (asked,) = center.queue(close)
    assert any(result.meaning in line for line in asked.scores)


def scoring(monkeypatch: pytest.MonkeyPatch, score: float) -> None:
    """Let every search give its candidates this score."""
    real = finger.Gallery.search

    def search(gallery: finger.Gallery, *args: object) -> list[finger.Candidate]:
        return [finger.Candidate(c.person, score, c.fingers) for c in real(gallery, *args)]

    monkeypatch.setattr(finger.Gallery, "search", search)


@pytest.mark.parametrize(("share", "hit", "is_close"), [(0.86, False, True), (0.999, False, True), (1, True, False)])
def test_only_a_score_below_the_threshold_is_close(
    close: Exchange, monkeypatch: pytest.MonkeyPatch, share: float, hit: bool, is_close: bool
) -> None:
    scoring(monkeypatch, finger.threshold(1) * share)
    found = submit(close).immigration
    assert (found.hit, found.close_call) == (hit, is_close)


def test_many_people_compared_make_a_chance_score_likelier(close: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    scoring(monkeypatch, finger.examine_from(1))
    for person in (1, 2, 3):  # of person 1 a second card: still one person
        close.enrol("immigration", card(person, f"OLD-1{person:06d}", fingers=(2,)), close.act("ada", "enrol"))
    worn = probe(read_card(card(1, "X", fingers=(2,), grays={2: WORN})), extract)
    with close.reading() as connection:
        many = close.immigration.search(connection, worn)
        alone = close.criminal.search(connection, worn)
    assert (alone.compared, alone.close_call, alone.meaning) == (0, False, "")
    assert many.compared > 1
    assert (many.close_call, many.candidate) == (False, None)
    assert submit(close).immigration.meaning.startswith("fewer than one in 1,000 comparisons of different")


def test_two_examiners_identify_and_it_becomes_no_match(close: Exchange) -> None:
    submit(close)
    conclude(close, "eve", "IDENTIFICATION")
    (waiting,) = examiner.queue(close)
    assert (waiting.standing, waiting.examiners) == ("PENDING_VERIFICATION", ("eve",))
    with pytest.raises(Refusal, match="second examiner"):
        conclude(close, "eve", "IDENTIFICATION")
    conclude(close, "max", "IDENTIFICATION", 2)
    assert examiner.queue(close) == []
    case = close.case(TCN)
    assert not case.immigration.hit
    assert not case.queries
    assert "two examiners identified; no match follows from it" in "\n".join(views.status(close, TCN).sentences)
    asked = SendQuery(origin="BIOGRAPHIC", basis="two examiners identified N00000001")
    close.do(TCN, asked, close.act("lea", SendQuery, NOON + timedelta(hours=3)))
    (query,) = center.queue(close)
    assert any("two examiners identified" in line for line in query.scores)
    with pytest.raises(Refusal):
        close.do(TCN, Decide(choice="DETAINER", reason="identified"), close.act("oscar", Decide, NOON))


def test_only_a_registered_examiner_concludes(close: Exchange) -> None:
    submit(close)
    with pytest.raises(NotAllowedError, match="Examine is for examiner"):
        close.act("lea", Examine)


def test_a_card_that_may_not_be_kept_stays_until_the_examiner_is_done(close: Exchange) -> None:
    submit(close, RET="N")
    assert examiner.queue(close)[0].images
    conclude(close, "eve", "IDENTIFICATION")
    assert examiner.queue(close)[0].images
    conclude(close, "max", "EXCLUSION", 2)
    stands = views.status(close, TCN).sentences
    assert any("the examiners do not agree" in line for line in stands)
    taken = close.case(TCN).submission
    with close.reading() as connection:
        assert not examiner.archive.has_card(connection, taken.card)


def test_the_queue_follows_from_the_ledger(close: Exchange) -> None:
    submit(close)
    before = examiner.queue(close)
    with close.ledger.transaction() as tx:
        tx.connection.execute(delete(CLOSE_CALL))
    close.ledger.rebuild()
    assert examiner.queue(close) == before != []
    with Exchange.open(address(close), extract=extract) as again:
        assert examiner.queue(again) == before


@pytest.mark.parametrize(("rolled", "plain", "taken"), [(0.3, 0.8, 11), (0.8, 0.3, 1), (0.5, 0.5, 1)])
def test_of_two_impressions_of_a_thumb_the_better_is_taken(rolled: float, plain: float, taken: int) -> None:
    quality = {101: rolled, 111: plain}

    def graded(pixels: NDArray[np.uint8], ppi: float) -> finger.Template:
        shade = round(float(pixels.mean()))
        made = people.extract(pixels, ppi)
        return finger.Template.make(made.minutiae, width=400, height=500, quality=quality.get(shade, 0.9))

    content = card(1, TCN, fingers=(1, 2, 11), grays={1: 101, 11: 111})
    found = probe(read_card(content), graded)
    expected = people.extract(np.full((4, 4), {1: 101, 11: 111}[taken], np.uint8), 500)
    assert np.array_equal(found.templates[1].minutiae, expected.minutiae)
    assert sorted(found.templates) == [1, 2]
    assert found.unusable == ()


def test_an_unusable_plain_thumb_beside_a_good_rolled_one_is_listed() -> None:
    found = probe(read_card(card(1, TCN, fingers=(1, 11), grays={11: people.BROKEN})), people.extract)
    assert sorted(found.templates) == [1]
    assert found.unusable == ("finger 11: a white image",)
