"""The gate: whether the prints of a booking go on to the immigration system.

Only criminal bookings (types of transaction of EBTS 9.1) of adults, from a registered agency in a county that is active
on the day, go on. By default only CAR goes on and every other type counts as civil. An unknown age is missing, not
adult: the prints stay, with the reason ``juvenile`` and the missing fact named, and the gate can be decided again when
somebody states the age.
"""

from __future__ import annotations

import functools
import tomllib
from datetime import date
from importlib import resources
from typing import Literal

import msgspec

from tenprint.cases.card.commands import Registration
from tenprint.cases.card.events import GateDecided, GateReason, Value

CRIMINAL_TYPES = frozenset({"CAR"})
"""Types of transaction that go on. Whether CNA did is an open question of history; by default it does not."""

AGREEMENTS_ENDED = date(2011, 8, 5)
"""Letter of the agency's director to the governors: no agreement is needed, and those that existed end."""

ADULT = 18


def decide_gate(
    *,
    tot: str,
    submitting_ori: str,
    age_at_arrest: int | None,
    treat_as_adult: bool,
    agency: Registration | None,
    on: date,
    criminal_types: frozenset[str] = CRIMINAL_TYPES,
) -> GateDecided:
    """Say whether prints go on, and why not.

    Args:
        tot: Type of transaction (EBTS 1.004).
        submitting_ori: The bureau that sent the card (1.008); the prints are its own.
        age_at_arrest: Full years; nothing when the date of birth or of arrest is unknown.
        treat_as_adult: TAA is Y (2.087).
        agency: What the registry knows of the controlling agency (2.073); nothing when it does not know it.
        on: Local date of the forward.
        criminal_types: Types that count as bookings.
    """
    unknown_age = age_at_arrest is None and not treat_as_adult
    is_adult = treat_as_adult or (age_at_arrest is not None and age_at_arrest >= ADULT)
    checks: tuple[tuple[GateReason, bool], ...] = (
        ("civil", tot in criminal_types),
        ("unknown-agency", agency is not None and not _is_before(on, agency.registered_from)),
        ("closed", agency is None or agency.registered_to is None or on < agency.registered_to),
        ("inactive", agency is None or is_active(agency, on)),
        ("juvenile", is_adult),
    )
    reason = next((name for name, passed in checks if not passed), None)
    forward = period_of_forward(on)
    return GateDecided(
        forwarded=reason is None,
        reason=reason,
        county=agency.county if agency else None,
        active_since=agency.active_since if agency else None,
        on=on,
        missing=("age_at_arrest",) if reason == "juvenile" and unknown_age else (),
        print_owner=submitting_ori,
        authority=forward.authority if reason is None else "",
        authority_source=", ".join(forward.source) if reason is None else "",
        authority_standing=forward.standing if reason is None else "",
        agreement=agency.agreement if agency and reason is None else "",
        activation=agency.activation if agency else "",
        policy=forward.policy,
        investigations=agency.investigations if agency and reason is None else (),
    )


def _is_before(on: date, start: date | None) -> bool:
    return start is not None and on < start


def is_active(agency: Registration, on: date) -> bool:
    """Whether the agency's county was active on that day."""
    if agency.active_since is None or on < agency.active_since:
        return False
    return agency.inactive_from is None or on < agency.inactive_from


class Period(Value, frozen=True):
    """One row of `forwards.toml`."""

    authority: str
    policy: str
    source: tuple[str, ...]
    standing: Literal["primary", "secondary", "unverified"]
    until: date | None = None


@functools.cache
def _periods() -> tuple[Period, ...]:
    text = resources.files("tenprint.cases.card").joinpath("forwards.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["period"], tuple[Period, ...])


def period_of_forward(on: date) -> Period:
    """Authority and policy of a forward on that day, with source and standing."""
    return next(p for p in _periods() if p.until is None or on < p.until)


def authority_of_forward(on: date) -> str:
    """Under which authority prints moved from the criminal to the immigration system on that day."""
    return period_of_forward(on).authority


def policy_on_choice(on: date) -> str:
    """What the program said on that day about a jurisdiction that does not want to take part."""
    return period_of_forward(on).policy
