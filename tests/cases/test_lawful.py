"""What cases ask of the law: the law of the day, as it could be known on that day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from tenprint import law
from tenprint.cases import Case, decide, fold
from tenprint.cases.card import commands as cmd
from tenprint.cases.card import events
from tenprint.cases.card.lawful import forms_for, kind_of, plain


def booked() -> Case:
    card = events.SubmissionAccepted(
        tcn="T1",
        submitting_ori="S",
        controlling_ori="C",
        tot="CAR",
        card="0",
        retain=True,
        date_of_arrest=date(2013, 2, 1),
    )
    return fold((card,))


def decided_under(tables: law.Law) -> str:
    at = datetime(2013, 2, 1, 15, tzinfo=UTC)
    command = cmd.Decide(choice="NO_ACTION", reason="r")
    (made,) = decide(booked(), command, actor="o", role="office", now=at, law=tables)
    return made.regime


def test_a_regime_that_nobody_could_know_that_day_is_not_applied() -> None:
    tables = law.load()
    assert decided_under(tables) == "DET-2012"
    later = tuple(
        msgspec.structs.replace(r, known_on=date(2013, 6, 1)) if r.id == "DET-2012" else r for r in tables.regimes
    )
    assert decided_under(msgspec.structs.replace(tables, regimes=later)) == "DET-2010"


def test_forms_carry_out_choices() -> None:
    assert [kind_of(f) for f in ("I-247 (4/97)", "I-247D", "I-247A", "I-247N", "I-247X")] == [
        "DETAINER",
        "DETAINER",
        "DETAINER",
        "NOTIFY_REQUEST",
        "TRANSFER_REQUEST",
    ]
    assert forms_for("NOTIFY_REQUEST", date(2015, 1, 5)) == ()
    assert forms_for("NOTIFY_REQUEST", date(2015, 7, 2)) == ("I-247N",)


def test_plain_values_are_what_json_gives_back() -> None:
    assert plain({"a": (date(2013, 2, 1), frozenset({"x"}))}) == {"a": ["2013-02-01", ["x"]]}
