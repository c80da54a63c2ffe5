"""T5: one card from booking to release through the desks, each by its own signed-in person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.exchange.people import card
from tests.service.conftest import ORI, TCN, Reader

from tenprint.exchange import Exchange, views, watch


def test_t5_one_card_from_booking_to_release_through_the_desks(app: Any, exchange: Exchange) -> None:
    ben, lea, oscar, jane = (Reader(app, name) for name in ("ben", "lea", "oscar", "jane"))
    told = ben.act("/booking/submit", 200, when="2012-11-05T10:00", files={"card": ("c.eft", card(1, TCN))})
    assert f"{TCN}: taken in" in told
    assert "an earlier encounter" in ben.get(f"/booking/{ORI}/{TCN}")

    assert TCN in lea.get("/center")
    there = f"{ORI}/{TCN}"
    lea.act(f"/center/{there}/answer", 422, when="2012-11-05T12:00", status="REMOVABLE_FINAL_ORDER", confidence="high")
    told = lea.act(
        f"/center/{there}/answer", when="2012-11-05T12:00", status="REMOVABLE_FINAL_ORDER", confidence="high",
        source="court file", reliability="high",
    )  # fmt: skip
    assert "The center answered: removable final order" in told
    assert TCN not in lea.get("/center")

    assert f"{TCN}: answer 1" in oscar.get("/office")
    shown = oscar.get(f"/office/{there}")
    assert "DET-2010" in shown
    assert "detainer (DET-2010" in shown
    choose = {
        "when": "2012-11-05T14:00",
        "choice": "DETAINER",
        "reason": "final order",
        "factors": "length of presence",
    }
    assert "carried out by a form" in oscar.act(f"/office/{there}/decide", 422, **choose)
    assert "a request, not an order" in oscar.act(f"/office/{there}/decide", **choose, form="I-247 (12/11)")

    board = jane.get("/jail")
    assert "SAMPLE,PAT" in board.split("Asked for")[1]
    jane.act(f"/jail/{there}/book", when="2012-11-05T14:30", booking="12-0471")
    jane.act(f"/jail/{there}/acknowledge", when="2012-11-05T15:00", note="arrived")
    jane.act(f"/jail/{there}/serve", when="2012-11-05T15:10", language="Spanish")
    assert "county policy 4" in jane.act(f"/jail/{there}/honor", when="2012-11-05T15:20", under="county policy 4")
    eligible = {"when": "2012-11-09T15:00", "why": "bond_posted", "document": "receipt 4711"}
    assert "Wed 2012-11-14 15:00 CST" in jane.act(f"/jail/{there}/release-eligible", **eligible)
    board = jane.get("/jail").split("Asked for")[0].split("Held, until")[1]
    assert "until Wed 2012-11-14 15:00 CST" in board
    assert "12-0471" in board

    cal = Reader(app, "cal")
    assert "SAMPLE" not in cal.get("/jail")
    jane.act(f"/jail/{there}/release", when="2012-11-14T14:00", how="RELEASED")
    assert "SAMPLE,PAT" not in jane.get("/jail")
    lines = [(line.actor, line.kind) for line in views.history(exchange, TCN)]
    acted = {"ben": "submission.accepted", "lea": "status.determined", "oscar": "detainer.issued"}
    assert {*acted.items(), ("jane", "custody.released")} <= set(lines)
    assert "race" not in " ".join(r.last.text.lower() for r in (ben, lea, oscar, jane))


def test_t5_who_is_free_to_go_stands_first_and_green(app: Any, exchange: Exchange) -> None:
    ben, jane = Reader(app, "ben"), Reader(app, "jane")
    ben.act("/booking/submit", 200, when="2012-11-05T10:00", files={"card": ("c.eft", card(1, TCN))})
    told = jane.act(f"/jail/{ORI}/{TCN}/release-eligible", when="2012-11-06T15:00", why="bond_posted", document="r 1")
    assert "FREE TO GO NOW" in told
    page = jane.client.get("/jail").text
    first = page.index("SAMPLE,PAT")
    assert page.index("Free to go now") < first < page.index("Held, until")
    assert "board__person--free" in page[page.rindex("<li", 0, first) : first]
    jane.act("/jail/find", by="tcn", text=TCN)
    jane.act("/jail/find", 404, by="tcn", text="NONE")


def test_t5_a_card_of_another_county_is_refused_at_the_booking_desk_and_rejected_ones_say_why(app: Any) -> None:
    ben = Reader(app, "ben")
    elsewhere = card(2, "NEW-0000002", CRI="CASYN0730")
    told = ben.act("/booking/submit", 422, when="2012-11-05T10:00", files={"card": ("c.eft", elsewhere)})
    assert "not of your county" in told
    told = ben.act("/booking/submit", 422, when="2012-11-05T10:00", files={"card": ("c.eft", b"junk")})
    assert "not a readable" in told.casefold()
    bad = card(3, "NEW-0000003", NAM=None)
    assert "rejected (ERRT)" in ben.act("/booking/submit", 422, when="2012-11-05T10:00", files={"card": ("c", bad)})
    ben.act("/booking/submit", 422, when="yesterday", files={"card": ("c", card(4, "NEW-0000004"))})


def test_t5_a_supervisor_closes_an_incident_that_somebody_else_caused(app: Any, exchange: Exchange) -> None:
    ben, jane, sue = Reader(app, "ben"), Reader(app, "jane"), Reader(app, "sue")
    ben.act("/booking/submit", 200, when="2012-11-05T10:00", files={"card": ("c.eft", card(1, TCN))})
    eligible = {"when": "2012-11-06T15:00", "why": "bond_posted", "document": "r 1"}
    jane.act(f"/jail/{ORI}/{TCN}/release-eligible", **eligible)
    watch.look(exchange, datetime(2012, 11, 8, 12, tzinfo=UTC))
    assert "incident 1" in sue.get("/supervisor")
    there = f"/supervisor/{ORI}/{TCN}"
    assert "held" in sue.get(there)
    sue.act(f"{there}/close-incident", 422, number="1", when="2012-11-08T13:00", reason="")
    told = sue.act(f"{there}/close-incident", 422, number="1", when="2012-11-08T13:00", reason="clerk instructed")
    assert "record the release, then close it" in told
    jane.act(f"/jail/{ORI}/{TCN}/release", when="2012-11-08T12:30", how="RELEASED")
    told = sue.act(f"{there}/close-incident", number="1", when="2012-11-08T13:00", reason="clerk instructed")
    assert "Recorded:" in told
    assert "clerk instructed" in told
