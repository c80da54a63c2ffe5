"""The gate: whether the prints of a booking go on to the immigration system.

Only criminal bookings (types of transaction of EBTS 9.1) of adults, from a registered agency in a county that is active
on the day, go on. By default only CAR goes on and every other type counts as civil. An unknown age is missing, not
adult: the prints stay, with the reason ``juvenile`` and the missing fact named, and the gate can be decided again when
somebody states the age.
"""

from __future__ import annotations

from datetime import date

from tenprint.cases.commands import Registration
from tenprint.cases.events import GateDecided, GateReason

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
    return GateDecided(
        forwarded=reason is None,
        reason=reason,
        county=agency.county if agency else None,
        active_since=agency.active_since if agency else None,
        on=on,
        missing=("age_at_arrest",) if reason == "juvenile" and unknown_age else (),
        print_owner=submitting_ori,
        authority=authority_of_forward(on) if reason is None else "",
        policy=policy_on_choice(on),
    )


def _is_before(on: date, start: date | None) -> bool:
    return start is not None and on < start


def is_active(agency: Registration, on: date) -> bool:
    """Whether the agency's county was active on that day."""
    if agency.active_since is None or on < agency.active_since:
        return False
    return agency.inactive_from is None or on < agency.inactive_from


def authority_of_forward(on: date) -> str:
    """Under which authority prints moved from the criminal to the immigration system on that day."""
    sharing = "sharing between federal systems: 8 U.S.C. 1722 (2002)"
    if on < AGREEMENTS_ENDED:
        return f"agreement of the agency with the state bureau; {sharing}"
    return f"{sharing}; no state agreement (letter of 5 August 2011)"


def policy_on_choice(on: date) -> str:
    """What the program said on that day about a jurisdiction that does not want to take part."""
    if on < AGREEMENTS_ENDED:
        return "written request not to activate, meeting, date changed or removed from the plan (August 2010 procedure)"
    return "request recorded and answered; no power to stay out (5 August 2011)"
