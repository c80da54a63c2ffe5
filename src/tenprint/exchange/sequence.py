"""Is every finger in its box: hands and fingers exchanged on a card, one finger twice, two people on one card.

A finger is searched among fingers of the same position, so that a wrong order makes a known person unknown. Whatever is
found here is said in the answer, and such a card is not kept: it is handed in again with each finger in its box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations

import msgspec

from tenprint import finger
from tenprint.finger import Candidate, Gallery, Template
from tenprint.finger.turning import mirrored, turned

Templates = Mapping[int, Template]

DISAGREES, AGREES = 0.3, 3.0
"""A finger at or below the first, where those that fit score above the second, is another finger or a bad print."""
FAIR_QUALITY, FAIR_MINUTIAE = 0.6, 20
"""Below this a print that fits nothing is a bad print."""
EVERY_POSITION = 5_000
"""In galleries of at most so many people a card that nobody fits is searched at all positions of one finger."""
NAMES = {1: "right thumb", 2: "right index", 3: "right middle", 4: "right ring", 5: "right little",
         6: "left thumb", 7: "left index", 8: "left middle", 9: "left ring", 10: "left little"}  # fmt: skip
PASSES: tuple[tuple[str, Callable[[Templates], dict[int, Template]]], ...] = (
    ("the hands are exchanged: the right one is in the boxes of the left, the left one in those of the right",
     lambda card: {_other(p): t for p, t in card.items()}),
    ("the prints are upside down", lambda card: {p: turned(t) for p, t in card.items()}),
    ("the prints are mirrored", lambda card: {p: mirrored(t) for p, t in card.items()}),
    ("the prints are mirrored, and the hands are exchanged",
     lambda card: {_other(p): mirrored(t) for p, t in card.items()}),
)  # fmt: skip
"""What is tried when nobody fits a card as it is."""


class Reading(msgspec.Struct, frozen=True):
    """Who it is when a card is read as it should have been filled.

    Attributes:
        best: the most alike, after whatever order fits; nothing when there is nobody.
        hit: whether a match may be claimed.
        findings: what is wrong with the order, a sentence each.
    """

    best: Candidate | None
    hit: bool
    findings: tuple[str, ...] = ()


def within(card: Templates, plain: Templates | None = None) -> tuple[str, ...]:
    """What the fingers of a card say of each other, without any gallery.

    Args:
        card: rolled impressions, by position 1 to 10.
        plain: plain impressions of the same fingers, where the card has some.
    """
    least = finger.threshold(1, 45)
    found: list[str] = []
    same: dict[int, set[int]] = {}
    for a, b in combinations(sorted(card), 2):
        if finger.compare(card[a], card[b]) >= least:
            group = same.setdefault(a, {a}) | same.setdefault(b, {b})
            for position in group:
                same[position] = group
    groups = {tuple(sorted(each)) for each in same.values()}
    found += [f"one finger is in several boxes: {_listed(each)}" for each in groups]
    for p, print_ in sorted((plain or {}).items()):
        own = finger.compare(card[p], print_) if p in card else 0.0
        if p not in card or own > DISAGREES:
            continue
        boxes = [q for q in sorted(set(card) - {p}) if finger.compare(card[q], print_) >= least]
        found += [
            f"the plain impression of the {NAMES[p]} shows the finger in the box of the {NAMES[q]}" for q in boxes
        ]
    return tuple(sorted(found))


def read(gallery: Gallery, card: Templates, people: int) -> Reading:
    """Search a card in the order it has; where nobody fits, or some fingers do not, in the orders it may have.

    Args:
        gallery: whom to search among.
        card: templates by position, at least one.
        people: how many people the gallery has.
    """
    candidates = gallery.search(card, 5)
    if not candidates:
        return Reading(None, hit=False)
    best = candidates[0]
    if _matches(best, people):
        return _looked_at(gallery, card, best, people)
    for words, order in PASSES:
        other = gallery.search(order(card), 1)
        if other and _matches(other[0], people * (len(PASSES) + 1)) and other[0].score > 2 * best.score:
            return Reading(other[0], hit=True, findings=(words,))
    if people <= EVERY_POSITION:
        return _anywhere(gallery, card, best, people)
    return Reading(best, hit=False)


def _matches(one: Candidate, people: int) -> bool:
    return one.score >= finger.threshold(len(one.fingers), max(1, people))


def _looked_at(gallery: Gallery, card: Templates, best: Candidate, people: int) -> Reading:
    """A match, and whether every finger of the card belongs to it."""
    own = [score for score in best.fingers.values() if score > AGREES]
    left = [p for p, score in best.fingers.items() if score <= DISAGREES and _fair(card[p])]
    if not own or not left:
        return Reading(best, hit=True)
    identity, findings, strange = best.person, [], []
    for p in sorted(left):
        fits = [q for q in range(1, 11) if q != p and gallery.fit(identity, q, card[p]) >= finger.threshold(1, 90)]
        if fits:
            findings.append(f"the box of the {NAMES[p]} holds the {NAMES[fits[0]]}")
        else:
            strange.append(p)
    others = gallery.search({p: card[p] for p in strange}, 2) if strange else []
    second = next((one for one in others if _name(one) != _name(best) and _matches(one, people)), None)
    if second is not None:
        second_fits = tuple(sorted(p for p, score in second.fingers.items() if score > AGREES))
        rest = tuple(sorted(p for p, score in best.fingers.items() if score > AGREES))
        each = f"{_listed(rest)} fit {_name(best)}, {_listed(second_fits)} fit {_name(second)}"
        findings.append(f"two people are on this card: {each}; no match is claimed")
        return Reading(best, hit=False, findings=tuple(findings))
    if len(strange) >= 2:
        many = 2 * len(strange) >= len(best.fingers)
        end = "perhaps of somebody else; no match is claimed" if many else "perhaps of somebody else"
        findings.append(
            f"fingers that do not fit {_name(best)} although they are clear: {_listed(tuple(strange))}; {end}"
        )
        return Reading(best, hit=not many, findings=tuple(findings))
    return Reading(best, hit=True, findings=tuple(findings))


def _anywhere(gallery: Gallery, card: Templates, best: Candidate, people: int) -> Reading:
    """Nobody fits the order of the card: its clearest fingers are searched at every position."""
    clearest = sorted(card, key=lambda p: -card[p].quality)[:3]
    for p in clearest:
        for q in (each for each in range(1, 11) if each != p):
            for one in gallery.search({q: card[p]}, 1):
                if one.score < finger.threshold(1, 27 * people):
                    continue
                where = {a: b for a in card for b in range(1, 11) if a != b
                         and gallery.fit(one.person, b, card[a]) >= finger.threshold(1, 90)}  # fmt: skip
                scores = {b: min(gallery.fit(one.person, b, card[a]), 6.0) for a, b in where.items()}
                if 2 * len(scores) >= len(card) or len(scores) >= 3:
                    words = "; ".join(
                        f"the box of the {NAMES[a]} holds the {NAMES[b]}" for a, b in sorted(where.items())
                    )
                    mean = sum(scores.values()) / len(scores)
                    return Reading(Candidate(one.person, mean, scores), hit=True, findings=(words,))
    return Reading(best, hit=False)


def _other(position: int) -> int:
    return position + 5 if position <= 5 else position - 5


def _name(one: Candidate) -> str:
    return one.person.partition("/")[0]


def _fair(template: Template) -> bool:
    return template.quality >= FAIR_QUALITY and len(template) >= FAIR_MINUTIAE


def _listed(positions: tuple[int, ...]) -> str:
    return ", ".join(NAMES[p] for p in positions)
