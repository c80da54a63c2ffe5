"""Faults put into the program, one at a time: a world that has the story for it fails.

M1 and M3 are faults that once no test saw; the others are of the same rooms.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.custody.county import founded
from tests.world.person import Person
from tests.world.stories import people
from tests.world.test_worlds import live

Has = Callable[[Person], bool]


def lives(story: str) -> Has:
    return lambda person: story in person.faults


def types(word: str) -> Has:
    return lambda person: any(isinstance(line, str) and word in line for _, line, _ in person.steps)


FAULTS: dict[str, tuple[str, str, str, Has]] = {
    "m1-upheld-wrong-person-bars-nothing": (
        "tenprint.cases.card.bars", '{"CITIZEN", "WRONG_PERSON"}', '{"CITIZEN"}', types("--kind WRONG_PERSON"),
    ),
    "m3-upheld-claims-and-custody": (
        "tenprint.cases.custody.federal", "if claim.is_open or upheld:", "if claim.is_open:",
        lambda p: "custody-despite-claim" in p.expects,
    ),
    "authority-without-limit": (
        "tenprint.cases.custody.view", "(limit, request.ended_at)", "(request.ended_at,)", lives("late-release"),
    ),
    "a-cancelled-request-still-holds": (
        "tenprint.cases.custody.view", "(limit, request.ended_at)", "(limit,)", lives("cancelled"),
    ),
    "a-transfer-ends-the-senders-presence": (
        "tenprint.cases.custody.whereabouts", 'how in _STAYS or', 'how == "NEW_CRIMINAL_HOLD" or', lives("transferred"),
    ),
    "a-further-matter-is-none": (
        "tenprint.cases.custody.whereabouts", "for matter in case.matters]", "for matter in ()]",
        lives("further-matter"),
    ),
    "told-late-counts-from-its-word": (
        "tenprint.cases.custody.moments", "return act.known_at if is_told_late(at, act) else at", "return at",
        lambda p: p.form == "I-247A" and "served-back" in p.faults,
    ),
    "booked-again-is-new": (
        "tenprint.cases.custody.joins", 'return "" if _offense_after(card, left) else "booked-again"', 'return ""',
        lives("booked-again"),
    ),
    "dismissed-is-not-free": (
        "tenprint.cases.custody.whereabouts", "if all(disposed):", "if False:", lives("dismissed"),
    ),
}  # fmt: skip
"""Module, what stands there, what is put there, and who has to live in the world."""


@contextmanager
def planted(module_name: str, old: str, new: str) -> Iterator[None]:
    """The program with another text in one of its functions or constants."""
    module = importlib.import_module(module_name)
    source = inspect.getsource(module)
    assert source.count(old) == 1, f"{module_name} has {source.count(old)} times {old!r}"
    line = source[: source.index(old)].count("\n") + 1
    node = next(n for n in ast.parse(source).body if n.lineno <= line <= (n.end_lineno or n.lineno))
    changed = ast.get_source_segment(source, node).replace(old, new)
    before = dict(vars(module))
    exec(compile(f"from __future__ import annotations\n{changed}", module_name, "exec"), vars(module))
    stale = {id(before[name]): vars(module)[name] for name in before if before[name] is not vars(module)[name]}
    moved = [
        (other, name, value)
        for other in _program()
        for name, value in list(vars(other).items())
        if other is not module and id(value) in stale and callable(value)
    ]
    for other, name, value in moved:
        setattr(other, name, stale[id(value)])
    try:
        yield
    finally:
        vars(module).update(before)
        for other, name, value in moved:
            setattr(other, name, value)


def _program() -> list[object]:
    return [m for name, m in list(sys.modules.items()) if name.startswith("tenprint.") and m is not None]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    with pytest.MonkeyPatch.context() as patch:
        founded(folder, patch)
    return folder


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_makes_a_world_fail(
    name: str, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, old, new, has = FAULTS[name]
    seed = next(seed for seed in itertools.count() if any(has(p) for p in people(seed)))
    with planted(module, old, new), pytest.raises(AssertionError):
        live(seed, base, tmp_path, monkeypatch)
