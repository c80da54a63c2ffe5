"""The maker of faults: what it changes, and that a changed file is whole."""

from __future__ import annotations

import ast

from tools.faults import ROOMS, SOURCE, faults_in, faults_of

TEXT = """class Limit(Base, frozen=True):
    hours = 48


def is_over(at, limit, done):
    if at >= limit and not done:
        return "ä" in done
    return min(at, limit) == at
"""


def test_every_kind_of_fault_is_found_and_leaves_a_text_that_can_be_read() -> None:
    found = list(faults_of(TEXT, "limit.py"))
    changes = {(f.old, f.new) for f in found}
    assert {
        ("48", "(49)"), ("at >= limit", "(at > limit)"), ("not done", "(done)"), ("min(at, limit)", "(max(at, limit))"),
        ("at >= limit and not done", "(at >= limit or not done)"), ("at >= limit and not done", "(False)"),
        ("min(at, limit) == at", "(min(at, limit) != at)"),
    } <= changes  # fmt: skip
    assert all("frozen" not in f.old and f.old != "True" for f in found)
    for fault in found:
        changed = fault.put(TEXT)
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(TEXT)), fault
        assert TEXT[fault.start :].startswith(fault.old)


def test_every_room_has_files_that_get_faults_and_tests_that_are_there() -> None:
    for room, (patterns, tests) in ROOMS.items():
        assert faults_in(room), room
        assert all(list(SOURCE.glob(pattern)) for pattern in patterns)
        assert all((SOURCE.parents[1] / test).exists() for test in tests), room
