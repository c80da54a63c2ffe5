"""T5: a real ledger believes no name, unless it was made to, and then it says so for ever."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tenprint.ledger import Ledger

Run = Callable[..., str]


def test_t5_a_trial_ledger_says_so_on_checkpoints_in_its_first_entry_and_when_it_is_verified(
    run: Run, db: Path
) -> None:
    assert "NAMES UNCHECKED" in run("init", "--names-unchecked", "--origin", "county.example")
    run("principal", "add", "--name", "ben", "--role", "booking", "--agency", "TXSYN4530")
    note = run("ledger", "checkpoint")
    assert note.splitlines()[0] == "county.example/names-unchecked"
    (first,) = json.loads(run("ledger", "show", "1", "--json"))["entries"]
    assert first["data"]["names"] == "unchecked"
    told = json.loads(run("ledger", "verify", "--json"))
    assert not told["problems"]
    assert any("names are unchecked" in line for line in told["not_bound"])
    run("init", "--db", str(db) + "2", "--origin", "county.example/names-unchecked", code=2)
    run("init", "--db", str(db) + "2", "--names-unchecked", "--simulated-from", "2012-01-01", code=2)


def test_t5_a_trial_cannot_be_renamed_into_a_real_ledger(run: Run, db: Path) -> None:
    run("init", "--names-unchecked")
    with sqlite3.connect(db) as connection:
        connection.execute("update ledger_about set value = 'tenprint.example' where name = 'origin'")
    told = json.loads(run("ledger", "verify", "--json", code=1))
    assert "identity" in {p["what"] for p in told["problems"]}


def test_t5_a_real_ledger_believes_no_name_from_the_first_account_on_and_says_what_to_do(
    run: Run, db: Path, tmp_path: Path
) -> None:
    told = run("init")
    assert "From the first account on it believes no name; until then it believes every name." in " ".join(told.split())
    run("principal", "add", "--name", "ben", "--role", "booking", "--agency", "TXSYN4530")
    assert "nobody has accepted an account yet" in " ".join(run("ledger", "verify").split())
    (tmp_path / "word").write_text("a long enough password 7")
    invitation = told.split("--invitation ")[1].split()[0]
    run("account", "accept", "--as", "ada", "--password-file", tmp_path / "word", "--invitation", invitation)
    run("principal", "add", "--name", "zoe", "--role", "booking", "--agency", "TXSYN4530", code=2)
    assert "tenprint login --as ada" in " ".join(run.err.split())
    assert "nobody has accepted" not in run("ledger", "verify")
    with sqlite3.connect(db) as connection:
        connection.execute("delete from accounts_credential")
    run("principal", "add", "--name", "zoe", "--role", "booking", "--agency", "TXSYN4530", code=2)
    assert "not signed in" in run.err, "events say that there was an account, whatever the table says"


def test_t5_a_ledger_of_an_earlier_release_is_read_as_names_unchecked(
    db: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenprint.ledger import transaction

    kept = transaction.Transaction.append

    def earlier(self, stream, events, act, **words):
        for event in events:
            event.data.pop("names", None) if stream == "ledger" else None
        return kept(self, stream, events, act, **words)

    with monkeypatch.context() as patched:
        patched.setattr(transaction.Transaction, "append", earlier)
        run("init")
    with Ledger.open(db) as ledger:
        assert "names" not in ledger.stream("ledger")[0].data
        assert ledger.names == "unchecked"
    run("principal", "add", "--name", "ben", "--role", "booking", "--agency", "TXSYN4530")
    told = json.loads(run("ledger", "verify", "--json"))
    assert not told["problems"]
    assert any("names are unchecked" in line for line in told["not_bound"])


def test_t5_an_administrator_whom_no_event_knows_can_do_nothing(run: Run, db: Path) -> None:
    run("init", "--simulated-from", "2012-01-01")
    with sqlite3.connect(db) as connection:
        connection.execute("insert into exchange_principal values ('Mallory', 'administrator', '', 99)")
    ghost = ("principal", "add", "--name", "Ghost", "--role", "supervisor", "--agency", "X", "--as", "Mallory")
    run(*ghost, code=2)
    assert "'Mallory' is not registered here" in run.err
    run("principal", "list")


def test_t5_an_act_in_a_role_that_no_event_gave_is_found(run: Run, db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tenprint.exchange import presence
    from tenprint.exchange.directory import Principal

    run("init", "--simulated-from", "2012-01-01")
    with monkeypatch.context() as patched:
        patched.setattr(presence, "held", lambda _entries: Principal("Mallory", ("administrator",), ""))
        run("principal", "add", "--name", "Ghost", "--role", "supervisor", "--agency", "X", "--as", "Mallory")
    told = json.loads(run("ledger", "verify", "--json", code=1))
    assert [(p["what"], "Mallory acted as administrator" in p["message"]) for p in told["problems"]] == [
        ("actor", True)
    ]


def test_t5_a_role_ends_and_what_was_done_in_it_stays(run: Run) -> None:
    run("init", "--simulated-from", "2012-01-01")
    run("principal", "add", "--name", "bob", "--role", "administrator")
    run("principal", "end", "--name", "bob", "--role", "administrator", "--reason", "left", "--at", "2012-01-03")
    run("principal", "add", "--name", "x", "--role", "auditor", "--as", "bob", code=2)
    assert "bob" not in run("principal", "list")
    run("principal", "end", "--name", "ada", "--role", "administrator", "--reason", "left", code=2)
    assert "only administrator" in run.err
    assert not json.loads(run("ledger", "verify", "--json"))["problems"]
