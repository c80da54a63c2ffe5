"""T5: on a real ledger every act of a person needs that person's session."""

from __future__ import annotations

import json
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tenprint.accounts import accounts, codes, here, sessions
from tenprint.ledger import Ledger

Run = Callable[..., str]
PASSWORD = "seven gray herons walk"


class Person:
    """Somebody with a password and an authenticator, at a command line."""

    def __init__(self, run: Run, folder: Path, name: str, invitation: str) -> None:
        self.run, self.name, self.file, self.db = run, name, folder / f"{name}.password", folder / "x.db"
        self.file.write_text(PASSWORD + "\n")
        words = ("--as", name, "--password-file", self.file)
        fresh = json.loads(run("account", "accept", *words, "--invitation", invitation, "--json"))
        self.secret = fresh["secret"]
        assert f"secret={self.secret}" in fresh["address"]

    def code(self) -> str:
        """The code of now, as if none had been used: half a minute has gone by."""
        with sqlite3.connect(self.db) as connection:
            connection.execute("update accounts_credential set used = 0 where name = ?", (self.name,))
        self.last = codes.code(self.secret, int(time.time()) // codes.STEP)
        return self.last

    def login(self, typed: str = "", **words: int) -> str:
        typed = typed or self.code()
        return self.run("login", "--as", self.name, "--password-file", self.file, "--code", typed, **words)


def invitation(told: str) -> str:
    return told.split("once: ")[1].split(maxsplit=1)[0]


@pytest.fixture
def ada(run: Run, tmp_path: Path) -> Person:
    """A real ledger, whose administrator has signed in."""
    made = Person(run, tmp_path, "ada", invitation(run("init")))
    made.login()
    return made


ADD = ("principal", "add", "--name", "ben", "--role", "booking", "--agency", "TXSYN4530")


def test_t5_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B (SHA-1)."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = {
        59: "94287082",
        1111111109: "07081804",
        1111111111: "14050471",
        1234567890: "89005924",
        20000000000: "65353130",
    }
    assert {t: codes.code(secret, t // 30, 8) for t in at} == at
    assert codes.step_of(secret, "287082", 59, 0) == 1
    assert codes.step_of(secret, "287082", 59, 1) is None
    assert codes.step_of(secret, "287082", 200, 0) is None
    assert codes.step_of(secret, "28708²", 59, 0) is None


def test_t5_nobody_acts_in_the_name_of_another(ada: Person, run: Run, tmp_path: Path) -> None:
    run(*ADD)
    run("principal", "add", "--name", "bob", "--role", "administrator")
    run(*ADD[:3], "zoe", *ADD[4:], "--as", "bob", code=2)
    assert "bob is not signed in here" in run.err
    told = json.loads(run("account", "invite", "ben", "--json"))
    ben = Person(run, tmp_path, "ben", told["invitation"])
    run("account", "accept", "--as", "ben", "--password-file", ben.file, "--invitation", told["invitation"], code=2)
    (tmp_path / "card.eft").write_bytes(b"no card")
    run("submit", tmp_path / "card.eft", "--as", "ben", code=2)
    assert "tenprint login --as ben" in " ".join(run.err.split())
    ben.login()
    run("submit", tmp_path / "card.eft", "--as", "ben", code=2)
    assert "not a readable" in run.err
    run(*ADD[:3], "zoe", *ADD[4:], "--as", "ben", code=2)
    assert "register is for administrator" in run.err
    assert not json.loads(run("ledger", "verify", "--json"))["problems"]
    rows = json.loads(run("account", "list", "--json"))["people"]
    assert [(r["name"], r["account"]) for r in rows] == [("ada", "active"), ("ben", "active"), ("bob", "none")]


def test_t5_two_persons_are_two_who_are_signed_in(ada: Person, run: Run, tmp_path: Path) -> None:
    run("principal", "add", "--name", "bob", "--role", "administrator")
    order = ("expunge", "I00000001", "--system", "immigration", "--reason", "order 2", "--second", "bob")
    run(*order, code=2)
    assert "bob is not signed in here" in run.err
    Person(run, tmp_path, "bob", invitation(run("account", "invite", "bob"))).login()
    run(*order, code=2)
    assert "is not signed in" not in run.err


def test_t5_a_session_ends_by_idleness_by_age_by_leaving_and_by_suspension(
    ada: Person, run: Run, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(db) as ledger:
        kept = here.file(ledger, "ada")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    run(*ADD)
    with sqlite3.connect(db) as connection:
        connection.execute("update accounts_session set seen = seen - ?", (sessions.IDLE + 1,))
    run(*ADD, code=2)
    ada.login()
    run(*ADD)
    with sqlite3.connect(db) as connection:
        connection.execute("update accounts_session set since = since - ?", (sessions.ABSOLUTE + 1,))
    run(*ADD, code=2)
    ada.login()
    copy = kept.read_text()
    run("logout")
    kept.write_text(copy)
    kept.chmod(0o600)
    run(*ADD, code=2)
    kept.chmod(0o644)
    run(*ADD, code=2)
    assert "others may read your session" in run.err


def test_t5_a_suspended_account_and_an_ended_role_open_nothing(ada: Person, run: Run, tmp_path: Path) -> None:
    run("principal", "add", "--name", "bob", "--role", "administrator")
    bob = Person(run, tmp_path, "bob", invitation(run("account", "invite", "bob")))
    bob.login()
    run("account", "suspend", "bob", "--reason", "", code=2)
    run("account", "suspend", "bob", "--reason", "lost badge")
    run(*ADD, "--as", "bob", code=2)
    bob.login(code=2)
    assert "do not belong together" in run.err
    again = Person(run, tmp_path, "bob", invitation(run("account", "invite", "bob")))
    again.login()
    run(*ADD, "--as", "bob")
    run("principal", "end", "--name", "bob", "--role", "administrator", "--reason", "left")
    run(*ADD[:3], "zoe", *ADD[4:], "--as", "bob", code=2)
    again.login(code=2)


def test_t5_wrong_attempts_are_counted_and_say_nothing_of_who_has_an_account(
    ada: Person, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("another password")
    said = []
    for name in ("ada", "nobody"):
        for _ in range(accounts.MOST):
            run("login", "--as", name, "--password-file", wrong, "--code", ada.code(), code=2)
            said.append(run.err.strip())
    assert len(set(said)) == 1
    ada.login(code=2)
    assert "too many wrong attempts: wait 15 minutes" in run.err
    run("login", "--as", "nobody", "--password-file", wrong, "--code", "000000", code=2)
    assert "too many wrong attempts" in run.err


def test_t5_a_code_counts_once_and_a_credential_that_somebody_wrote_in_counts_never(
    ada: Person, run: Run, db: Path
) -> None:
    ada.login(ada.last, code=2)
    with sqlite3.connect(db) as connection:
        connection.execute(
            "update accounts_credential set password = ?", (accounts.passwords.hashed("mallory's own words"),)
        )
    ada.file.write_text("mallory's own words")
    ada.login(code=2)
    run(*ADD, code=2)
    problems = json.loads(run("ledger", "verify", "--json", code=1))["problems"]
    assert ["accounts_credential ada" in p["message"] for p in problems] == [True]


def test_t5_weak_passwords_and_old_invitations_are_refused(run: Run, tmp_path: Path, db: Path) -> None:
    code = invitation(run("init"))
    file = tmp_path / "p"
    for weak in ("short", "aaaaaaaaaaaaaaaa", "my name is ada 12"):
        file.write_text(weak)
        run("account", "accept", "--invitation", code, "--password-file", file, code=2)
    file.write_text(PASSWORD)
    run("account", "accept", "--invitation", "0" * 20, "--password-file", file, code=2)
    run("login", code=2)
    assert "--password-file" in run.err
    run("account", "accept", "--invitation", code, "--password-file", file)
    run("account", "invite", "ada", code=2)
    assert "ada is not signed in here" in run.err


def test_t5_simulated_and_trial_ledgers_go_without_and_say_so(run: Run, db: Path) -> None:
    run("init", "--simulated-from", "2012-01-01")
    run(*ADD)
    assert "believes names" in run("login")
    assert "Names are simulated" in run("account", "list")
