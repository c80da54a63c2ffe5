"""The history that the criminal system answers with: earlier arrests, dispositions, convictions, names used.

What is not known is said so: a charge without a disposition has none on record, which is not a dismissal.
"""

from __future__ import annotations

from collections.abc import Sequence

from tenprint.cases import Case


def history(cases: Sequence[Case]) -> tuple[str, ...]:
    """One line each, the oldest arrest first; nothing when the person has no earlier card here."""
    known = sorted((c for c in cases if c.submission is not None), key=lambda c: str(_arrested(c)))
    names = list(dict.fromkeys(n for c in known if (n := _name(c))))
    lines = [f"NAMES USED: {'; '.join(names) or 'not known'}"] if known else []
    for case in known:
        card = case.submission
        assert card is not None  # noqa: S101 - left out above
        lines.append(f"ARREST {_arrested(case) or 'on a day not known'} BY {card.controlling_ori}")
        for charge in case.charges:
            on = f" {charge.disposed_on}" if charge.disposed_on else ""
            known_so = charge.disposition if charge.disposition != "pending" else "no disposition on record"
            lines.append(f"  CHARGE {charge.number} {charge.literal} ({charge.ncic}): {known_so.replace('_', ' ')}{on}")
        if not case.charges:
            lines.append("  CHARGES: none on record")
        for c in case.convictions:
            grade = c.grade or "grade not known"
            sentence = f"{c.sentence_days} days" if c.sentence_days is not None else "sentence not known"
            kind = "ADJUDICATION OF A MINOR" if c.juvenile else "CONVICTION"
            lines.append(f"  {kind} {c.convicted_on} {grade} ({c.ncic}), {sentence}")
    return tuple(lines)


def _arrested(case: Case) -> str:
    day = case.submission.date_of_arrest if case.submission else None
    return day.isoformat() if day else ""


def _name(case: Case) -> str:
    personal = case.submission.personal if case.submission else None
    return personal.name if personal else ""
