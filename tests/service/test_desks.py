"""I13: the examiner's, bureau's and rights office's desks: a day's work of each, and what each does not see."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.exchange.people import card, gray
from tests.service.conftest import ORI, TCN, WORN, WORN_TCN, Reader

from tenprint.cases.card.commands import AcceptSubmission
from tenprint.desk.service import service_app
from tenprint.exchange import Exchange, examiner, views

AT = datetime(2012, 11, 5, 18, tzinfo=UTC)
PAGE = f"/examiner/{ORI}/{WORN_TCN}"
PICTURE = f"{PAGE}/immigration/{{}}/2"
CONCLUDED = {"system": "immigration", "reason": "core and delta agree", "when": "2012-11-05T15:00"}


@pytest.fixture
def close(exchange: Exchange) -> Exchange:
    """A worn print of person 1, whom the immigration system knows, and no enrolled card to search in the other one."""
    worn = card(2, WORN_TCN, fingers=(2,), grays={2: WORN}, NAM="SECRET,NAME", RAC="W")
    exchange.submit(worn, exchange.act("ben", AcceptSubmission, AT))
    return exchange


@pytest.fixture
def app(close: Exchange) -> Any:
    return service_app(close)


def test_two_prints_side_by_side_with_minutiae_and_pairs_and_what_the_score_means(app: Any, close: Exchange) -> None:
    eve = Reader(app, "eve")
    assert WORN_TCN in eve.get("/examiner")
    told = eve.get(PAGE)
    page = eve.last.text
    case = close.case(WORN_TCN)
    assert f"Score {case.immigration.score:.3f}, threshold {case.immigration.threshold:.3f}" in told
    assert "does not say who this is" in told
    drawn = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(drawn) == 2
    numbers = [sorted(map(int, re.findall(r">(\d+)</text>", svg))) for svg in drawn]
    assert numbers[0] == numbers[1] == list(range(1, len(numbers[0]) + 1)), "each pair stands on both sides"
    assert len(numbers[0]) >= 10
    assert all(svg.count("<circle") == 45 for svg in drawn)
    for word in ("SECRET", "NAME", "race", "RAC", "N00000001"):
        assert word not in page
    assert 'print__drawn--4"' in (eve.get(f"{PAGE}?zoom=4") and eve.last.text)
    assert 'print__drawn--1"' in (eve.get(f"{PAGE}?zoom=<script>") and eve.last.text)


def test_pictures_are_those_of_the_two_cards_and_for_the_examiner_alone(app: Any, close: Exchange) -> None:
    eve = Reader(app, "eve")
    answer = eve.client.get(PICTURE.format("card"))
    assert answer.headers["content-type"] == "image/png"
    assert np.asarray(Image.open(io.BytesIO(answer.content))).mean() == pytest.approx(WORN, abs=1)
    assert eve.client.get(PICTURE.format("candidate")).status_code == 404, "`enrol` keeps templates alone"
    assert "its picture is not kept" in eve.get(PAGE)
    for path in (f"{PAGE}/criminal/card/2", f"{PAGE}/immigration/card/3", f"{PAGE}/immigration/other/2",
                 f"/examiner/{ORI}/{TCN}/immigration/card/2", f"{PAGE}/x/card/99999"):  # fmt: skip
        assert eve.client.get(path).status_code == 404, path
    for name in ("jane", "audrey", "ada", "lea"):
        assert Reader(app, name).client.get(PICTURE.format("card")).status_code == 403
    assert "img-src 'self'" in eve.client.get(PAGE).headers["content-security-policy"]


def test_where_the_candidates_card_is_kept_its_picture_stands_beside(exchange: Exchange) -> None:
    exchange.submit(card(1, TCN, fingers=(2,)), exchange.act("ben", AcceptSubmission, AT))
    exchange.submit(card(2, WORN_TCN, fingers=(2,), grays={2: WORN}), exchange.act("ben", AcceptSubmission, AT))
    eve = Reader(service_app(exchange), "eve")
    assert "criminal search" in eve.get(PAGE)
    for side, shade in (("card", WORN), ("candidate", gray(1, 2))):
        answer = eve.client.get(f"{PAGE}/criminal/{side}/2")
        assert np.asarray(Image.open(io.BytesIO(answer.content))).mean() == pytest.approx(shade, abs=1)


def test_the_second_examiner_is_blind_to_the_first(app: Any, close: Exchange) -> None:
    eve, emil = Reader(app, "eve"), Reader(app, "emil")
    lists, pages = emil.get("/examiner"), emil.get(PAGE)
    eve.act(f"{PAGE}/conclude", 422, **(CONCLUDED | {"conclusion": "MAYBE"}))
    eve.act(f"{PAGE}/conclude", **CONCLUDED, conclusion="IDENTIFICATION")
    assert emil.get("/examiner") == lists
    assert emil.get(PAGE) == pages
    assert WORN_TCN not in eve.get("/examiner")
    eve.get(PAGE, 404)
    assert eve.client.get(PICTURE.format("card")).status_code == 404
    assert eve.client.post(f"{PAGE}/conclude", data={"token": eve.token(), **CONCLUDED}).status_code == 404
    emil.act(f"{PAGE}/conclude", **CONCLUDED, conclusion="IDENTIFICATION")
    assert not examiner.queue(close)
    made = [(line.actor, line.role) for line in views.history(close, WORN_TCN) if line.kind == "print.examined"]
    assert made == [("eve", "examiner"), ("emil", "examiner")]
    emil.get(PAGE, 404)


def test_the_bureau_sees_its_own_cards_answers_and_rejections_by_agency(app: Any, close: Exchange) -> None:
    close.submit(card(3, "NEW-0000003", NAM=None), close.act("ben", AcceptSubmission, AT))
    bill, bob = Reader(app, "bill"), Reader(app, "bob")
    told = bill.get("/bureau")
    assert "TXSYN4530 2 1" in told
    assert "NEW-0000003 TXSYN4530: rejected" in told
    assert "2.018" in told
    assert "SRE" in told.split(WORN_TCN)[1]
    bill.get(f"/bureau/{ORI}/{WORN_TCN}")
    told = bob.get("/bureau")
    assert "NEW-" not in told
    bob.get(f"/bureau/{ORI}/{WORN_TCN}", 404)


def test_a_claim_at_the_rights_desk_withdraws_a_request_and_is_answered(app: Any, close: Exchange) -> None:
    rita = Reader(app, "rita")
    there = f"/rights/{ORI}/{WORN_TCN}"
    rita.act("/rights/find", by="name", text="SECRET", reason="she calls the hotline")
    rita.act(f"{there}/claim", 422, when="2012-11-05T14:00", channel="hotline")
    told = rita.act(
        f"{there}/claim", when="2012-11-05T14:00", claim="CITIZEN", channel="hotline", statement="born here"
    )
    assert "Recorded:" in told
    assert "born here" not in told
    assert f"{WORN_TCN}: citizen claim 1" in rita.get("/rights")
    rita.act(f"{there}/resolve-claim", 422, when="2012-11-05T16:00", number="1", outcome="upheld", reason="")
    told = rita.act(f"{there}/resolve-claim", when="2012-11-05T16:00", number="1", outcome="upheld", reason="passport")
    assert "passport" in told
    assert "No claim is open" in rita.get("/rights")
    assert [c.resolved.upheld for c in close.case(WORN_TCN).claims] == [True]


def test_no_page_of_any_desk_asks_for_or_shows_race(app: Any) -> None:
    folder = Path(__file__).parents[2] / "src" / "tenprint" / "desk" / "templates"
    for template in folder.glob("service*.html"):
        assert not re.search(r"\brace\b|ethnic", template.read_text("utf-8"), re.IGNORECASE), template.name
    for name, page in {"rita": "rights", "bill": "bureau", "lea": "center", "audrey": "audit"}.items():
        told = Reader(app, name).get(f"/{page}/{ORI}/{WORN_TCN}").lower()
        assert not re.search(r"\brace\b|ethnic", told)
