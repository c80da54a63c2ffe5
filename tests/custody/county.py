"""A small county for the findings of custody: lines of commands on the real application, and what somebody then reads.

Only the fingers are stand-ins (the gray of a tiny image names the finger); everything else is the product.
"""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.exchange.people import card, extract

from tenprint import finger
from tenprint.cli import app

PEOPLE = (
    "ben booking TXSYN4530", "jane jail TXSYN4530", "jim jail TXSYN4530", "cal jail CASYN0730",
    "caz booking CASYN0730", "lea center LESC", "oscar office ERO", "olga office ERO", "sue supervisor ERO",
    "sid supervisor ERO", "rita rights CRCL", "rob rights CRCL", "bob bureau TXSIB0000", "aud auditor OIG",
)  # fmt: skip
"""Name, role and agency of everybody in the county; ada is its administrator."""

LATER = "2030-01-01"
"""A day on which everything of these stories is known."""


class County:
    """An open county in its own folder.

    Attributes:
        folder: Where its ledger and cards are.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.patch = patch
        patch.setattr(finger, "extract", extract)
        patch.setenv("TENPRINT_DB", str(folder / "county.db"))
        patch.setenv("TENPRINT_AS", "ada")
        patch.setenv("COLUMNS", "200")
        patch.chdir(folder)

    def run(self, line: str, code: int | None = 0) -> str:
        """One line as somebody types it, without the name of the program; another exit code than expected fails."""
        self.patch.setattr(sys, "argv", ["tenprint", *shlex.split(line)])
        said, ended = io.StringIO(), 0
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                app.main()
            except SystemExit as stop:
                ended = int(stop.code or 0)
        text = said.getvalue()
        assert code is None or ended == code, f"{line}: exit code {ended}: {text}"
        return text

    def lines(self, text: str) -> None:
        """Several lines that are all taken."""
        for line in text.strip().splitlines():
            self.run(line.strip())

    def refused(self, line: str, *words: str) -> str:
        """A line that is refused, for a reason in which these words stand."""
        said = " ".join(self.run(line, code=2).split())
        for word in words:
            assert word in said, said
        return said

    def read(self, line: str, code: int | None = None) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.run(f"{line} --json", code=code))

    def figure(self, name: str) -> list[dict[str, Any]]:
        """The rows of a figure, with everything known."""
        rows = self.read(f"figures compute {name} --facts county.db --as-of {LATER}", 0)["rows"]
        assert isinstance(rows, list)
        return rows

    def total(self, name: str, **only: str) -> float:
        """The values of a figure added up, over the rows that these columns name."""
        rows = self.figure(name)
        return float(sum(r["value"] for r in rows if all(str(r[k]) == v for k, v in only.items())))

    def incidents(self, tcn: str) -> list[str]:
        """Kinds of the incidents ever opened in a case, in order."""
        said = self.read(f"case show {tcn}", 0)
        return [r["what"].partition("(")[2].partition(")")[0] for r in said if "INCIDENT" in r["what"]]

    def without(self, tcn: str, at: str = "") -> dict[str, int]:
        """Minutes without authority by their cause, looked at from a moment."""
        shown = self.read(f"custody show {tcn}" + (f" --at {at}" if at else ""), 0)
        found: dict[str, int] = {}
        for gap in shown["without_authority"]:
            found[gap["cause"]] = found.get(gap["cause"], 0) + gap["minutes"]
        return found

    # -- what many stories begin with ----------------------------------------------------------------------------------

    def card(self, person: int, tcn: str, day: str, **changes: Any) -> str:
        """The file of a card."""
        content = card(person, tcn, **{"DOA": day.replace("-", ""), **changes})
        (self.folder / f"{tcn}.eft").write_bytes(content)
        return f"{tcn}.eft"

    def person(self, person: int, tcn: str, day: str, status: str = "REMOVABLE_FINAL_ORDER", **changes: Any) -> None:
        """A card that is submitted at 10:00 and answered at 11:00."""
        file = self.card(person, tcn, day, **changes)
        self.run(f"submit {file} --as ben --at {day}T10:00")
        self.answer(tcn, status, f"{day}T11:00")

    def answer(self, tcn: str, status: str, at: str) -> str:
        """The center answers."""
        return self.run(
            f"center answer {tcn} --status {status} --confidence high --source 'court file:high' --as lea --at {at}"
        )

    def decide(self, tcn: str, at: str, name: str = "oscar") -> str:
        """A detainer on a final order, form I-247 (12/12)."""
        return self.run(f"{self.decision(tcn)} --as {name} --at {at}")

    @staticmethod
    def decision(tcn: str) -> str:
        """The line of that decision, without who and when."""
        return (
            f"office decide {tcn} --choice DETAINER --reason 'final order' --form 'I-247 (12/12)' --basis f "
            "--factor 'ties none'"
        )

    def detainer(self, tcn: str, day: str, *, honored: bool = True) -> None:
        """That request at 12:00, acknowledged, served, and honored unless said otherwise."""
        self.decide(tcn, f"{day}T12:00")
        self.run(f"jail acknowledge {tcn} --as jane --at {day}T13:00")
        self.run(f"jail serve {tcn} --language Spanish --as jane --at {day}T13:10")
        if honored:
            self.run(f"jail honor {tcn} --under 'county order 12' --as jane --at {day}T13:20")

    def bond(self, tcn: str, at: str, code: int = 0, paper: str = "r1") -> str:
        """The release moment: bond was posted."""
        return self.run(
            f"jail release-eligible {tcn} --reason bond_posted --document {paper} --as jane --at {at}", code
        )


def founded(folder: Path, patch: pytest.MonkeyPatch, first: str = "--simulated-from 2008-01-01") -> County:
    """A new county with its people and nine earlier immigration encounters."""
    county = County(folder, patch)
    county.run(f"init {first} --db {folder / 'county.db'} --as ada")
    for name, role, agency in (p.split() for p in PEOPLE):
        county.run(f"principal add --name {name} --role {role} --agency {agency}")
    files = " ".join(county.card(n, f"OLD{n:07d}", "2008-01-10") for n in range(1, 10))
    county.run(f"enrol --system immigration {files}" + (" --at 2008-02-01" if "simulated" in first else ""))
    return county


def copied(base: Path, folder: Path, patch: pytest.MonkeyPatch) -> County:
    """The same county in another folder."""
    shutil.copytree(base, folder, dirs_exist_ok=True)
    return County(folder, patch)
