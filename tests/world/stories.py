"""Stories of people in a county: what truly happens to them, and the lines that people at desks type about it.

Every story carries faults: a jail that releases late, forgets, misdates, holds without a request; an officer who ticks
boxes; a card taken twice; a watch whose clock jumps. A fault is what somebody does; whether it makes time unlawful is
for ``truth`` to say.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime

from tests.custody.county import County
from tests.world.person import Person
from tests.world.truth import Life, midnight

DAY = 24 * 60
END = 40 * DAY
STARTS = [date(2013, month, day) for month, day in ((1, 28), (4, 1), (5, 13), (6, 24), (8, 26), (9, 2))]
SERVED = [date(2018, 4, 2), date(2018, 7, 9), date(2018, 9, 3)]
"""First days of worlds whose form takes effect when the person is served."""


# -- stories -----------------------------------------------------------------------------------------------------------


def on_time(p: Person) -> None:
    """Nothing is wrong: held under a request that is honored, and let go within the limit or taken by officers."""
    booked, released = _honored(p)
    left = released + p.some(10, p.life.limit(released) - released)
    if p.rng.random() < 0.5:
        p.leaves(left, booked)
    else:
        p.life.present.append((booked, left))
        p.say(left, f"jail custody {p.tcn}", "jane")


def late_release(p: Person) -> None:
    """Let go after the limit."""
    booked, released = _honored(p)
    p.leaves(p.life.limit(released) + p.some(1, 3 * DAY), booked)


def never_recorded(p: Person) -> None:
    """Nobody ever says that the person left."""
    booked, _ = _honored(p)
    p.life.present.append((booked, None))


def recorded_late(p: Person) -> None:
    """The leaving is told days later."""
    booked, released = _honored(p)
    left = released + p.some(60, 6 * DAY)
    p.in_doubt = True
    p.leaves_unrecorded(left, booked, left + p.some(DAY, 4 * DAY))


def no_request(p: Person) -> None:
    """Kept after release, and nobody asked for it."""
    booked, released = _released(p)
    p.leaves(released + p.some(1, 9 * DAY), booked)


def not_honored(p: Person) -> None:
    """A request came, and the jail never honored it."""
    booked = _matched(p)
    p.takes(p.asked(booked + 120), booked + 180, None)
    released = _release_moment(p, booked)
    p.leaves(released + p.some(1, 3 * DAY), booked)


def honored_late(p: Person) -> None:
    """A request is honored hours after the release moment: no past hour becomes lawful."""
    booked = _matched(p)
    request = p.asked(booked + 120)
    released = _release_moment(p, booked)
    honored = released + p.some(5, 20 * 60)
    p.takes(request, booked + 180, honored)
    p.leaves(honored + p.some(5, 4 * DAY), booked)


def request_late(p: Person) -> None:
    """The request comes when the person should have been home."""
    booked, released = _released(p)
    issued = released + p.some(30, 20 * 60)
    p.takes(p.asked(issued), issued + 10, issued + 20)
    p.leaves(issued + p.some(30, 3 * DAY), booked)


def served_late(p: Person) -> None:
    """A copy is given late, or never: for some forms nothing is in force before."""
    booked = _matched(p)
    request = p.asked(booked + 120)
    released = _release_moment(p, booked)
    served = None if p.rng.random() < 0.4 else released + p.some(5, 20 * 60)
    p.takes(request, served, booked + 150)
    p.leaves((served or released) + p.some(30, 3 * DAY), booked)
    p.expects += ["not-served"] if served is None and not request.needs_service else []


def served_back(p: Person) -> None:
    """A service is told on a later day, with its paper and a second person: no past hour becomes lawful."""
    booked = _matched(p)
    request = p.asked(booked + 120)
    released = _release_moment(p, booked)
    p.takes(request, None, booked + 150)
    told = released + p.some(26 * 60, 40 * 60)
    request.served = told
    ago = p.life.when(released - 30)
    line = f"jail serve {p.tcn} --language Spanish --moment {ago} --document 'copy 7' --second jim"
    p.say(told, line, "jane")
    p.leaves(told + p.some(30, 2 * DAY), booked)
    p.in_doubt = p.in_doubt or not request.needs_service


def declined(p: Person) -> None:
    """Declined, and kept all the same."""
    booked = _matched(p)
    request = p.asked(booked + 120)
    p.life.requests.append(request)
    p.say(booked + 200, f"jail decline {p.tcn} --reason 'no order of a judge'", "jane")
    request.ended = booked + 200
    released = _release_moment(p, booked)
    p.leaves(released + p.some(1, 2 * DAY), booked)


def cancelled(p: Person) -> None:
    """The office lifts the request while the hold runs, and the person stays."""
    booked, released = _honored(p)
    gone = released + p.some(10, 20 * 60)
    p.life.requests[-1].ended = gone
    p.say(gone, f"office cancel {p.tcn} --reason 'relief granted'", "oscar")
    p.leaves(gone + p.some(1, 2 * DAY), booked)


def claimed(p: Person) -> None:
    """A claim withdraws the request; the jail opens the door when it opens it, told or not."""
    booked, released = _honored(p)
    made = released + p.some(10, 20 * 60)
    p.life.requests[-1].ended = made
    kind = p.rng.choice(["CITIZEN", "WRONG_PERSON", "VICTIM"])
    p.say(made, f"claim {p.tcn} --kind {kind} --channel hotline --statement x", "rita")
    if p.rng.random() < 0.5:
        p.say(made + 15, f"jail acknowledge {p.tcn}", "jane")
    if kind == "VICTIM":
        p.leaves(made + p.some(30, DAY), booked)
        return
    p.say(made + 20, f"claim {p.tcn} --resolve 1 --upheld --reason 'papers were seen'", "sue")
    p.asked(made + 25, "olga", 2)
    if p.rng.random() < 0.5:
        p.leaves(made + p.some(30, DAY), booked)
        return
    taken = made + p.some(30, DAY)
    p.life.present.append((booked, taken))
    p.say(taken, f"jail custody {p.tcn}", "jane")
    p.expects.append("custody-despite-claim")


def ticked(p: Person) -> None:
    """The officer ticks boxes upon somebody whom no answer calls removable."""
    booked = p.some(8 * 60, 20 * 60)
    p.booked(booked)
    p.answered(booked + 60, p.rng.choice(["LAWFUL_PERMANENT_RESIDENT", "NATURALIZED", "UNDETERMINED"]))
    p.asked(booked + 120, code=2)
    released = _release_moment(p, booked)
    p.leaves(released + p.some(1, DAY), booked)


def future(p: Person) -> None:
    """A release moment is stated before it has come."""
    booked, released = _honored(p)
    ahead = p.life.when(released + 30 * DAY)
    line = f"jail release-eligible {p.tcn} --reason bond_posted --document r0 --moment {ahead}"
    p.say(booked + 300, line, "jane", 2)
    p.leaves(p.life.limit(released) + p.some(1, DAY), booked)


def second_card(p: Person) -> None:
    """A second card of somebody in custody, with a request of its own: one allowance."""
    booked, released = _honored(p)
    again = released + p.some(60, 24 * 60)
    other = p.tcn.replace("A", "B")
    p.booked(again, other, day=booked)
    p.answered(again + 20, tcn=other)
    request = p.asked(again + 30, "olga", tcn=other)
    p.takes(request, again + 40, again + 50, other)
    p.leaves(p.life.limit(released) + p.some(1, 2 * DAY), booked)


def booked_again(p: Person) -> None:
    """Let go, and booked minutes later on the same offense: what was left of the limit, no more."""
    booked, released = _honored(p)
    left = released + p.some(60, 24 * 60)
    p.leaves(left, booked)
    again = left + p.some(3, 60)
    other = p.tcn.replace("A", "B")
    p.booked(again, other, day=booked)
    p.answered(again + 20, tcn=other)
    request = p.asked(again + 30, "olga", tcn=other)
    p.takes(request, again + 40, again + 50, other)
    free = again + p.some(60, 2 * DAY)
    p.free(free, other, again)
    p.leaves(free + p.some(1, 4 * DAY), again, other)


def further_matter(p: Person) -> None:
    """Another criminal matter in the middle of a hold: it resumes, and does not start again."""
    booked, released = _honored(p)
    opened = released + p.some(60, 20 * 60)
    closed = opened + p.some(60, 5 * DAY)
    p.life.matters.append((opened, closed))
    line = f"jail matter {p.tcn} --charge theft --agency 'court 3' --document 'warrant 13-99' --second jim"
    p.say(opened, line, "jane")
    p.say(closed, f"jail release-eligible {p.tcn} --matter 2 --reason bond_posted --document r2", "jane")
    p.leaves(closed + p.some(60, 4 * DAY), booked)


def transferred(p: Person) -> None:
    """Moved to another county before release; the sender answers until somebody receives."""
    booked = _matched(p)
    sent = booked + p.some(3 * 60, 20 * 60)
    p.say(sent, f"jail release {p.tcn} --how TRANSFERRED --document 'order 5' --to CASYN0730", "jane")
    p.say(sent + p.some(60, 600), f"jail receive {p.tcn} --document 'order 5'", "cal")
    released = sent + p.some(11 * 60, 3 * DAY)
    p.life.matters.append((booked, released))
    p.say(released, f"jail release-eligible {p.tcn} --reason bond_posted --document r1", "cal")
    p.leaves(released + p.some(1, 2 * DAY), booked, who="cal")


def furlough(p: Person) -> None:
    """A weekend out, in the middle of time without authority."""
    booked, released = _released(p)
    out = released + p.some(30, 600)
    back = out + p.some(60, 2 * DAY)
    p.life.present.append((booked, out))
    p.say(out, f"jail release {p.tcn} --how TEMPORARY --document 'pass 3'", "jane")
    p.say(back, f"jail return {p.tcn} --document 'pass 3'", "jane")
    p.leaves(back + p.some(1, DAY), back)


def dismissed(p: Person) -> None:
    """The only charge is dismissed, and nobody records that the person could go."""
    booked = _matched(p)
    gone = booked + p.some(3 * 60, 3 * DAY)
    p.life.matters.append((booked, gone))
    p.say(gone, f"case dispose {p.tcn} 1 dismissed --on {p.life.when(gone)[:10]}", "ben")
    p.leaves(gone + p.some(1, 5 * DAY), booked)


def misdated(p: Person) -> None:
    """The leaving is written down hours too early, and corrected by two."""
    booked, released = _honored(p)
    left = p.life.limit(released) + p.some(10, 6 * 60)
    p.in_doubt = True
    wrong = max(released, left - p.some(60, 300))
    line = f"jail release {p.tcn} --moment {p.life.when(wrong)} --document 'log 7' --second sue"
    p.say(left, line, "jane")

    def correct(county: County, person: Person) -> str:
        rows = county.read(f"case show {person.tcn}", 0)
        seq = next(r["seq"] for r in rows if "Left local custody" in r["what"])
        why = "--reason 'the clock of the desk was wrong'"
        return f"correct {person.tcn} --act {seq} --second sue {why} --as jim --at {person.life.when(left + 30)}"

    p.at(left + 30, correct)
    line = f"jail release {p.tcn} --moment {p.life.when(left)} --document 'log 7' --second sue"
    p.say(left + 40, line, "jim")
    p.life.present.append((booked, left))


def clock_jump(p: Person) -> None:
    """The watch is run with a clock that is weeks ahead, in the middle of a hold."""
    booked, released = _honored(p)
    p.in_doubt = True
    p.at(released + 30, f"watch --at {p.life.when(END + 20 * DAY)}", 1)
    p.leaves(released + p.some(60, 6 * DAY), booked)


def late_conviction(p: Person) -> None:
    """A conviction and a fact become known during the hold; they change no hour."""
    booked, released = _honored(p)
    line = f"case conviction {p.tcn} --id K1 --on 2009-05-04 --grade felony --source repository"
    p.say(released + 5, line, "ben")
    p.leaves(p.life.limit(released) + p.some(1, DAY), booked)


def asked_again(p: Person) -> None:
    """When the limit is used up, another request is tried: nothing starts anew."""
    booked, released = _honored(p)
    over = p.life.limit(released)
    p.say(over + 5, f"office cancel {p.tcn} --reason 'sent again'", "oscar")
    p.life.requests[-1].ended = over + 5
    p.asked(over + 10, "olga", 2)
    p.leaves(over + p.some(20, DAY), booked)


STORIES: dict[str, Callable[[Person], None]] = {
    story.__name__.replace("_", "-"): story
    for story in (
        on_time, late_release, never_recorded, recorded_late, no_request, not_honored, honored_late, request_late,
        served_late, served_back, declined, cancelled, claimed, ticked, future, second_card, booked_again,
        further_matter, transferred, furlough, dismissed, misdated, clock_jump, late_conviction, asked_again,
    )
}  # fmt: skip


def _matched(p: Person) -> int:
    booked = p.some(8 * 60, 20 * 60)
    p.booked(booked)
    p.answered(booked + 60)
    return booked


def _release_moment(p: Person, booked: int) -> int:
    released = booked + p.some(6 * 60, 4 * DAY)
    p.free(released, since=booked)
    return released


def _released(p: Person) -> tuple[int, int]:
    booked = _matched(p)
    return booked, _release_moment(p, booked)


def _honored(p: Person) -> tuple[int, int]:
    booked = _matched(p)
    p.takes(p.asked(booked + 120), booked + 180, booked + 190)
    return booked, _release_moment(p, booked)


def people(seed: int, number: int = 3) -> list[Person]:
    """The people of a world, each with a story of their own."""
    rng = random.Random(seed)
    served = rng.random() < 0.3
    first = midnight(rng.choice(SERVED if served else STARTS))
    around, place = divmod(seed * number, len(STORIES))
    every = random.Random(around).sample(list(STORIES), len(STORIES))
    names = [every[(place + n) % len(every)] for n in range(number)]
    found = []
    for n, name in enumerate(names, start=1):
        life = Life(first, without_days=not served)
        person = Person(n, f"WORLDA{n:04d}", life, "I-247A" if served else "I-247 (12/12)", rng)
        person.in_doubt = clock_jump.__name__.replace("_", "-") in names  # the watch looks at everybody
        person.faults.append(name)
        STORIES[name](person)
        found.append(person)
    return found


def moment(first: datetime, text: str) -> int:
    """The minute of a moment that the program wrote."""
    return int((datetime.fromisoformat(text) - first).total_seconds() // 60)
