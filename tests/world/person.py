"""Somebody in a world: what people at desks type about them, in the order of time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.custody.county import County
from tests.world.truth import Life, Request

Step = tuple[int, str | Callable[[County, "Person"], str], int]
"""Minute, the line (or what makes it when its time has come), and the exit code."""


@dataclass
class Person:
    """Somebody in a world."""

    number: int
    tcn: str
    life: Life
    form: str
    rng: random.Random
    steps: list[Step] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    expects: list[str] = field(default_factory=list)
    """Incidents that have to be there beside those of time without authority."""
    in_doubt: bool = False
    """A look from the future, or a wrong word that was taken back, left incidents that were right when they opened."""

    def at(self, minute: int, line: str | Callable[[County, Person], str], code: int = 0) -> None:
        """A line at a minute."""
        self.steps.append((minute, line, code))

    def say(self, minute: int, line: str, who: str, code: int = 0) -> None:
        """A line of somebody at a minute."""
        self.at(minute, f"{line} --as {who} --at {self.life.when(minute)}", code)

    def some(self, least: int, most: int) -> int:
        """A number of minutes."""
        return self.rng.randint(least, most)

    # -- the way of everybody ------------------------------------------------------------------------------------------

    def booked(self, minute: int, tcn: str = "", *, day: int | None = None) -> None:
        """A card is taken and handed in."""
        tcn = tcn or self.tcn
        arrested = self.life.when(minute if day is None else day)[:10]

        def submit(county: County, person: Person) -> str:
            file = county.card(person.number, tcn, arrested, ASL=[[arrested.replace("-", ""), "LITTERING"]])
            return f"submit {file} --as ben --at {person.life.when(minute)}"

        self.at(minute, submit)

    def answered(self, minute: int, status: str = "REMOVABLE_FINAL_ORDER", tcn: str = "") -> None:
        """The center answers."""
        self.say(
            minute,
            f"center answer {tcn or self.tcn} --status {status} --confidence high --source 'court file:high'",
            "lea",
        )

    def asked(self, minute: int, who: str = "oscar", code: int = 0, tcn: str = "") -> Request:
        """An officer decides for a request and sends the form of the day."""
        tcn = tcn or self.tcn
        if self.form == "I-247A":
            charge = f"case charge {tcn} 1 --literal X --grade misdemeanor --source docket"
            self.say(minute, charge, "ben")
            line = (
                f"office decide {tcn} --choice DETAINER --reason 'final order' --form I-247A "
                "--probable-cause final_order --warrant I-205"
            )
        else:
            line = County.decision(tcn)
        self.say(minute, line, who, code)
        return Request(issued=minute, needs_service=self.form == "I-247A")

    def takes(self, request: Request, served: int | None, honored: int | None, tcn: str = "") -> None:
        """The jail serves and honors a request, each at its minute or never."""
        tcn = tcn or self.tcn
        self.life.requests.append(request)
        if served is not None:
            request.served = served
            self.say(served, f"jail serve {tcn} --language Spanish", "jane")
        if honored is not None:
            request.honored = honored
            self.say(honored, f"jail honor {tcn} --under 'county order 12'", "jane")

    def free(self, minute: int, tcn: str = "", since: int = 0) -> None:
        """The release moment of the booking."""
        tcn = tcn or self.tcn
        self.life.matters.append((since, minute))
        reason = self.rng.choice(["bond_posted", "sentence_served", "recognizance", "court_order"])
        self.say(minute, f"jail release-eligible {tcn} --reason {reason} --document r{minute}", "jane")

    def leaves(self, minute: int, since: int, tcn: str = "", who: str = "jane") -> None:
        """The door opens, and somebody says so at once; two sign where an earlier look may have seen it otherwise."""
        self.life.present.append((since, minute))
        paper = " --document 'log 7' --second sue" if self.in_doubt else ""
        self.say(minute, f"jail release {tcn or self.tcn}{paper}", who)

    def leaves_unrecorded(self, minute: int, since: int, told: int) -> None:
        """The door opens, and the jail says so days later."""
        self.life.present.append((since, minute))
        line = f"jail release {self.tcn} --moment {self.life.when(minute)} --document 'log 7' --second sue"
        self.say(told, line, "jane")
